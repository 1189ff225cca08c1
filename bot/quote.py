"""The default answerer: the few sentences of the library that answer, word for word, each cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.answer import Citation, Sentence
from bot.evidence import Candidate, Evidence
from index.library import Library
from index.scope import Reader

MOST_SENTENCES = 4
_MOST_WITNESSES = 3  # documents that are cited for one sentence
_FEW_SENTENCES = 3  # a lone sentence is rarely enough to judge by
_WORTH_SAYING = 0.05  # the least confidence of a sentence; it costs nothing on SQuAD (docs/decisions.md)
_WITHIN = 2.5  # how far below the best a further sentence may score
_SAME = 0.6  # two sentences that share more of their terms than this say the same


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of an answer with the citations that appear with it for the first time."""

    sentence: Sentence
    new_citations: tuple[Citation, ...]


def quote(evidence: Sequence[Evidence], library: Library, reader: Reader) -> Iterator[Quoted]:
    """The answer to the parts of a question, in the order in which they were asked.

    A sentence that several documents say is given once, with a citation of each.
    """
    number = 0
    said: list[Candidate] = []
    share = max(1, MOST_SENTENCES // max(1, len(evidence)))
    for part in evidence:
        most = MOST_SENTENCES if len(evidence) == 1 else share
        for group in _in_reading_order(_chosen(part.candidates, said, most)):
            said.extend(group)
            citations = tuple(
                cite(candidate, number + index, library, reader)
                for index, candidate in enumerate(group, start=1)
            )
            number += len(citations)
            numbers = tuple(citation.number for citation in citations)
            yield Quoted(Sentence(citations[0].quote, numbers), citations)


def cite(candidate: Candidate, number: int, library: Library, reader: Reader) -> Citation:
    """The citation of one sentence: its words are copied from the stored version, never passed along."""
    passage = candidate.hit.passage
    _, version = library.read(passage.source_id, reader, passage.version)
    return Citation(
        number=number,
        source=candidate.hit.source,
        version=version.number,
        span=candidate.span,
        quote=version.quote(candidate.span),
        place=version.place(candidate.span),
        notes=version.places.notes_in(candidate.span),
    )


def _chosen(candidates: Sequence[Candidate], said: Sequence[Candidate], most: int) -> list[list[Candidate]]:
    """The sentences to say, best first, each with those of other documents that say the same."""
    groups: list[list[Candidate]] = []
    for best in candidates:
        if any(_says_the_same(best, other) for other in said):
            continue
        if any(_overlap(best, other) for other in chain(said, *groups)):
            continue  # an item of a list that is quoted whole, or the other way round
        same = next((group for group in groups if _says_the_same(group[0], best)), None)
        if same is not None:
            if all(one.hit.source.id != best.hit.source.id for one in same) and len(same) < _MOST_WITNESSES:
                same.append(best)
        elif len(groups) < most:
            close = best.score >= candidates[0].score - _WITHIN
            few = len(groups) < min(most, _FEW_SENTENCES)
            if best.confidence >= _WORTH_SAYING and (close or few):
                groups.append([best])
    return groups


def _in_reading_order(groups: Sequence[list[Candidate]]) -> Iterator[list[Candidate]]:
    """The best first; after each what stands right behind it, for that often explains it."""
    left = list(groups)
    last: list[Candidate] = []
    while left:
        last = next((group for group in left if last and _continues(last[0], group[0])), left[0])
        left.remove(last)
        yield last


def _continues(said: Candidate, candidate: Candidate) -> bool:
    """Whether ``candidate`` stands right behind ``said`` in the same passage."""
    same = said.hit.passage.id == candidate.hit.passage.id
    return same and 0 <= candidate.span.start - said.span.end <= 2


def _overlap(one: Candidate, other: Candidate) -> bool:
    same = one.hit.passage.id == other.hit.passage.id
    return same and one.span.start < other.span.end and other.span.start < one.span.end


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    shared, all_terms = one.terms & other.terms, one.terms | other.terms
    return bool(all_terms) and len(shared) / len(all_terms) > _SAME
