"""One question ranked over what a scope leaves: words and meaning searched and fused, the best reread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import NamedTuple

import numpy as np

from index.analysis import question_language, question_terms, terms
from index.asking import LIGHT, asks
from index.catalogue import Catalogue, Selection
from index.derived import Derived
from index.encoded import Encoded
from index.entries import Reading
from index.facets import filter_of
from index.fusion import Fused, apart, fuse, meaning_weight, trust
from index.glossary import Named, Phrase, glossary
from index.models import Embedder
from index.rereading import WEIGHTS, Neighbourhood, Weights, rerank, reread, token_importance
from index.rows import Rows, RowSet
from index.scope import Reader, Scope
from index.wording import Clause, Wording
from index.words import Synonyms
from ingest.domain import HEADING_MARK
from ingest.errors import UjuziError
from ingest.text import clean_line

CANDIDATES = 100  # of each half
REREAD = 30  # of the best by both halves are read again; more change nothing (docs/decisions.md)
OTHER_NAME = 0.8  # what a concept of the glossary counts under another name than the question's
MODES = ("hybrid", "words", "meaning")
_KEPT = 32  # answers of each kind
_BEGUN = 3  # words that begin as is asked are ranked by
_LONGEST_QUESTION = 2_000  # code points that are searched; the rest of a pasted page adds nothing


@dataclass(frozen=True, slots=True)
class Understood:
    """A question's words, each with its stems in the library's languages and its rarity in the library.

    ``passages`` says in how many at least each stands, by one name or another. ``concepts`` are the terms of
    the glossary among them, each with its other names.
    """

    language: str
    words: Mapping[str, tuple[str, ...]]
    rarity: Mapping[str, float]
    passages: Mapping[str, int]
    concepts: tuple[Named, ...] = ()

    @property
    def unheard(self) -> frozenset[str]:
        """The words that no passage holds."""
        return frozenset(word for word, passages in self.passages.items() if not passages)

    def heard_by(self, passages: Mapping[str, int], unheard: float) -> Understood:
        """The same to whom each word stands in so many ``passages``; ``unheard``: the rarity of none."""
        rarity = {word: rare if passages[word] else unheard for word, rare in self.rarity.items()}
        return replace(self, passages=passages, rarity=rarity)

    def heard_in(self, stems: Set[str]) -> frozenset[str]:
        """The words of the question that are among ``stems``, themselves or by another name."""
        heard = {word for word, forms in self.words.items() if not stems.isdisjoint(forms)}
        for concept in self.concepts:
            if any(stems >= set(phrase) for phrase in concept.phrases):
                heard |= concept.words & self.words.keys()
        return frozenset(heard)

    def phrases_of(self, word: str) -> list[Phrase]:
        """What stands for a word of the question: its stems, and the other names of what it names."""
        others = (concept.phrases for concept in self.concepts if word in concept.words)
        return [*((stem,) for stem in self.words[word]), *(phrase for own in others for phrase in own)]

    def is_subject_of(self, context: str) -> bool:
        """Whether a title with headings names all that is asked for, the last heading nothing else.

        So "PALM > Challenges" names "the challenges of PALM": a subject and a side of it.
        """
        named = frozenset(terms(context, self.language))
        if len(self.words) < 2 or any(named.isdisjoint(own) for own in self.words.values()):
            return False
        asked = {stem for own in self.words.values() for stem in own}
        return asked.issuperset(terms(context.rpartition(HEADING_MARK)[2], self.language))


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found: the scores by passage row, best first, and how the question was understood.

    ``stems`` are those of its words in all languages of the library, ``phrases`` other names of what it asks
    for; ``asked`` is the question as the model read it, None where the model had no say; ``best`` are the
    rows that were the best before any was read again.
    """

    fused: Mapping[int, Fused]
    understood: Understood
    stems: frozenset[str] = frozenset()
    phrases: frozenset[Phrase] = frozenset()
    asked: Encoded | None = None
    best: Sequence[int] = ()


class _Sought(NamedTuple):
    """What the word index is asked for: the stems of a question, and the other names of what it names."""

    stems: Mapping[str, float]
    synonyms: tuple[Synonyms, ...]

    @property
    def phrases(self) -> frozenset[Phrase]:
        return frozenset(phrase for one in self.synonyms for phrase in one.phrases)


class Search:
    """The search over one state of the library."""

    def __init__(
        self,
        derived: Derived,
        catalogue: Catalogue,
        embedder: Embedder,
        readings: Callable[[Sequence[int]], Mapping[int, Reading]],
    ) -> None:
        """``readings`` gives what is stored of some passages for a second look, by row."""
        self.derived = derived
        self.catalogue = catalogue
        self.embedder = embedder
        self._readings = readings
        # of one state of the library, so that what was found once holds
        self._understood = lru_cache(maxsize=_KEPT)(self._understand)
        self._begun = lru_cache(maxsize=_KEPT)(self._find_begun)
        self._holding = lru_cache(maxsize=_KEPT)(self._find_holding)

    def understand(self, question: str) -> Understood:
        """The words that carry a question's meaning, rarity being BM25's inverse document frequency."""
        return self._understood(_cleaned(question))

    def _understand(self, question: str) -> Understood:
        languages = self.catalogue.languages
        language = question_language(question, languages)
        words = question_terms(question, language, languages)
        if asks(question):
            words = {word: stems for word, stems in words.items() if word not in LIGHT} or words
        concepts = glossary().named_in(question, languages)
        frequency = self.derived.words.document_frequency
        found = {word: max(frequency(stem) for stem in stems) for word, stems in words.items()}
        for concept in concepts:
            elsewhere = max((self._frequency(phrase) for phrase in concept.phrases), default=0)
            found |= {word: max(found[word], elsewhere) for word in concept.words & found.keys()}
        rarity = {word: self.rarity(count) for word, count in found.items()}
        return Understood(language, words, rarity, found, concepts)

    def heard(self, understood: Understood, reader: Reader) -> Mapping[str, int]:
        """In how many of the passages that ``reader`` may see each word of a question stands, by any name."""
        if self.catalogue.select(Scope(), reader).everything:
            return understood.passages
        within = filter_of(Scope(), reader.audiences)
        holding = self.derived.words.passages_holding
        return {word: holding(understood.phrases_of(word), within) for word in understood.words}

    def rank(
        self,
        question: str,
        scope: Scope,
        reader: Reader,
        mode: str,
        only: Set[int] | None = None,
        weights: Weights = WEIGHTS,
        wording: Wording = Wording(),
        again: bool = True,
    ) -> Ranked:
        """Every candidate with its scores, among the passages that ``wording`` lets be found.

        The commonest words that begin as it says are ranked by too; ``again``: the best are read again.
        Raises UjuziError for an unknown mode.
        """
        if mode not in MODES:
            raise UjuziError(f"There is no search mode {mode}; there are {', '.join(MODES)}.")
        begun = [word for one in wording.beginnings for word in self._begun(one, reader.audiences)]
        question = " ".join([_cleaned(question), *begun]).strip()
        understood = self.understand(question)
        sought = _Sought(
            {stem: 1.0 for own in understood.words.values() for stem in own},
            tuple(self._synonyms(understood)),
        )
        selection = self.selected(scope, reader, only, wording)
        fused: Mapping[int, Fused] = {}
        asked = None
        if question and (selection.everything or len(selection.rows)):
            if mode == "words":
                fused = fuse(self._by_words(sought, selection), {}, 0.0)
            elif mode == "meaning":
                asked = self.embedder.encode_question(question)
                fused = fuse({}, self._by_meaning(asked, selection), 1.0)
            else:
                chosen = weights if again else None
                fused, asked = self._by_both(question, understood, sought, selection, chosen)
        best = list(fused)[:REREAD]  # to read them again changes only their order
        if all(map(self._is_spoken, fused)):
            fused = apart(fused, self.catalogue.neighbours)
        return Ranked(fused, understood, frozenset(sought.stems), sought.phrases, asked, best)

    def selected(self, scope: Scope, reader: Reader, only: Set[int] | None, wording: Wording) -> Selection:
        """What may be found: inside the scope, and where the wording's clauses hold."""
        selection = self.catalogue.select(scope, reader, only)
        if wording.is_plain:
            return selection
        rows = self.catalogue.rows_within(scope, reader) if selection.everything else selection.rows.rows
        for clause in wording.required:
            rows = np.intersect1d(rows, self._holding(clause), assume_unique=True)
        for clause in wording.excluded:
            rows = np.setdiff1d(rows, self._holding(clause), assume_unique=True)
        within = selection.filter or filter_of(scope, reader.audiences)
        within = replace(within, required=wording.required, excluded=wording.excluded)
        return Selection(RowSet(rows), within)

    def _find_begun(self, beginning: str, audiences: frozenset[str]) -> list[str]:
        return self.derived.words.beginning_with(beginning, filter_of(Scope(), audiences), _BEGUN)

    def _find_holding(self, clause: Clause) -> Rows:
        return self.derived.words.holding(clause)

    def _by_words(self, sought: _Sought, selection: Selection) -> dict[int, float]:
        return self.derived.words.search(sought.stems, CANDIDATES, selection.filter, sought.synonyms)

    def _by_meaning(self, asked: Encoded, selection: Selection) -> dict[int, float]:
        rows = None if selection.everything else selection.rows
        return self.derived.vectors.search(asked.whole, CANDIDATES, rows)

    def _by_both(
        self,
        question: str,
        understood: Understood,
        sought: _Sought,
        selection: Selection,
        weights: Weights | None,
    ) -> tuple[dict[int, Fused], Encoded | None]:
        """Both lists united, every member with both of its scores; the best read again if it is weighed.

        With them the question as the model read it; None where it does not know the language.
        """
        trusted = trust(understood.language, self.embedder.name)
        with ThreadPoolExecutor(1) as beside:  # what does not need each other does not wait for it
            worded = beside.submit(self._by_words, sought, selection)
            asked = self.embedder.encode_question(question)
            meaning = self._by_meaning(asked, selection) if trusted else {}
            words = worded.result()
            only_meant = [row for row in meaning if row not in words]
            only_worded = [row for row in words if row not in meaning]
            words |= self.derived.words.scores(sought.stems, only_meant, sought.synonyms)
            meaning |= self.derived.vectors.scores(asked.whole, only_worded)
            weight = meaning_weight(understood.language, self.embedder.name)
            fused = fuse(words, meaning, weight)
            if weights is None:
                return fused, asked if trusted else None
            best = list(fused)[:REREAD]
            stored = beside.submit(self._readings, best)
            neighbours = self._neighbours(asked, sought, best)
            readings = stored.result()
        seen = reread(
            asked,
            token_importance(question, asked.tokens, understood.rarity),
            readings,
            best,
            neighbours,
            [row for row, one in readings.items() if understood.is_subject_of(one.context)],
        )
        reranked = rerank(fused, seen, weight, trusted, weights, asks=asks(question))
        return reranked, asked if trusted else None

    def _neighbours(self, asked: Encoded, sought: _Sought, rows: Sequence[int]) -> dict[int, Neighbourhood]:
        """How well the passages right before and after each of ``rows`` in their document score."""
        beside = {row: self.catalogue.neighbours(row) for row in rows}
        there = sorted({other for others in beside.values() for other in others})
        words = self.derived.words.scores(sought.stems, there, sought.synonyms)
        meaning = self.derived.vectors.scores(asked.whole, there)
        return {
            row: Neighbourhood(
                max(words.get(other, 0.0) for other in others),
                max(meaning.get(other, 0.0) for other in others),
            )
            for row, others in beside.items()
            if others
        }

    def _is_spoken(self, row: int) -> bool:
        """Whether a passage is of a recording."""
        listing = self.catalogue.listing_of(row)
        return listing is not None and listing.source.kind == "transcript"

    def _synonyms(self, understood: Understood) -> Iterator[Synonyms]:
        """The other names of what is asked for, each weighed to count no more than the question's own.

        A name in a language of few documents is rare here, and would drown what the question says: all names
        of a concept are as rare as it is (Pirkola, "The effects of query structure and dictionary setups in
        dictionary-based cross-language information retrieval", SIGIR 1998).
        """
        for concept in understood.concepts:
            own = concept.words & understood.words.keys()
            stems = frozenset(stem for word in own for stem in understood.words[word])
            worth = sum(understood.rarity[word] for word in own)
            phrases = {
                phrase: OTHER_NAME * min(1.0, worth / self._rarity_of(phrase))
                for phrase in concept.phrases
                if self._frequency(phrase) and not stems.issuperset(phrase)
            }
            if own and phrases:
                yield Synonyms(stems, phrases)

    def _frequency(self, phrase: Phrase) -> int:
        """In how many passages a phrase can stand at most."""
        return min(map(self.derived.words.document_frequency, phrase))

    def _rarity_of(self, phrase: Phrase) -> float:
        return sum(self.rarity(self.derived.words.document_frequency(stem)) for stem in phrase)

    def rarity(self, count: int) -> float:
        """BM25's inverse document frequency of what stands in ``count`` passages."""
        total = len(self.derived.words)
        return log(1 + (total - count + 0.5) / (count + 0.5))


def _cleaned(question: str) -> str:
    """As documents are cleaned before they are stored, so that the words of both agree."""
    return clean_line(question[:_LONGEST_QUESTION])
