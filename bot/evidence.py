"""Which sentences of the passages found answer the question, and whether they are enough to answer at all.

Each sentence is compared with the question word by word through the model's token vectors (late interaction:
Khattab and Zaharia, "ColBERT", SIGIR 2020), alone and together with its neighbours, as a whole through the
mean of its tokens, and by the terms that both share. The weights are a linear model, fitted to rank the
answering sentence first on 800 questions of encyclopaedia articles that no measurement of ours uses
(docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

import numpy as np

from bot.expected import asks_of_sessions, fits, is_question
from bot.quotable import quotable
from index.analysis import terms, tokens
from index.encoded import TokenStates, Vectors, mean_direction
from index.hits import Hit
from index.indexing import words_begin
from index.library import Library
from index.scope import PUBLIC, Reader, Scope
from index.searching import Understood
from ingest.domain import Span

PASSAGES = 8  # the best of them are read sentence by sentence
_KEPT = 24  # sentences that are handed on
_REPLIES_TO = 3  # sentences before it with which a named speaker's sentence is judged: a reply names no topic
_HEARD = 0.8  # what those sentences count against its own words

# Fitted by pairwise logistic regression; see bench/fit_evidence.py.
_WEIGHTS = np.array([1.7, 0.57, 1.58, 0.84, 1.36, -2.27, -4.23, 4.48, 1.83, 4.5, 3.38])
# Where title and headings name all that is asked for ("the challenges of PALM"), the section is the answer.
# Set by hand.
_ON_IT = 3.0
# Is the question answered at all? Weights of the best sentence's word-by-word likeness, its share of the
# question's terms, the passage's cosine, and the likeness of it and its neighbours together; fitted on
# questions of other fields against the same library.
_ENOUGH = np.array([9.0, 4.2, 3.5, 9.9])
_ENOUGH_BIAS = -11.1
THRESHOLD = 0.5
# A word that no passage holds, and that nothing in the best passages resembles, is what the question is about
# and the library is not ("bread"). Its share counts squared: a small one is often but a form of a known word.
# Set by hand on questions of our own; it moves doubtful cases only.
_UNHEARD = -10.0
_RESEMBLES = 0.45  # cosine between tokens


@dataclass(frozen=True, slots=True)
class Candidate:
    """One quotation of a found passage: its span in the version's text, and how well it answers.

    ``score`` ranks it among the others; ``confidence``, from 0 to 1, says whether it answers at all.
    """

    hit: Hit
    span: Span
    text: str
    terms: frozenset[str]
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one sentence: ``ranking`` weighs it against others, ``enough`` judges it as an answer.

    Shapes (11,) and (4,), in the order of ``_WEIGHTS`` and of ``_ENOUGH``.
    """

    ranking: Vectors
    enough: Vectors


@dataclass(frozen=True, slots=True)
class Evidence:
    """The quotations that bear on a question, best first."""

    question: str
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]

    def __deepcopy__(self, memo: object) -> Evidence:
        """Itself, since nothing in it can change: a pipeline copies what it passes from step to step."""
        return self

    @property
    def confidence(self) -> float:
        """How sure the best sentence is to answer, from 0 to 1."""
        return self.candidates[0].confidence if self.candidates else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether the library answers the question."""
        return self.confidence >= THRESHOLD


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question as it is compared: its words with their stems and rarity, and its token vectors."""

    text: str
    understood: Understood
    states: TokenStates
    mean: Vectors

    def covered(self, stems: frozenset[str]) -> float:
        """The share of the question's words, weighed by rarity, that are among ``stems``."""
        return self._share(self.understood.heard_in(stems))

    def matches(self, tokens_: Vectors) -> Vectors:
        """The likeness of each token of the question to the one among ``tokens_`` that it resembles most."""
        if not len(tokens_):
            return np.zeros(len(self.states.vectors), dtype=np.float32)
        best: Vectors = (self.states.vectors @ tokens_.T).max(axis=1)
        return best

    def unheard_share(self, read: Sequence[TokenStates]) -> float:
        """The share of the words that the library does not hold and that nothing in ``read`` resembles."""
        if not self.understood.unheard or not read:
            return 0.0
        closest = (self.states.vectors @ np.vstack([one.vectors for one in read]).T).max(axis=1)
        strange = {
            token.word
            for token in tokens(self.text)
            if token.word in self.understood.unheard and self._mean_of(closest, token.span) < _RESEMBLES
        }
        return self._share(strange)

    def _mean_of(self, values: Vectors, span: Span) -> float:
        inside = (self.states.spans[:, 0] >= span.start) & (self.states.spans[:, 1] <= span.end)
        return float(values[inside].mean()) if inside.any() else 1.0

    def _share(self, words: Iterable[str]) -> float:
        total = sum(self.understood.rarity.values())
        return sum(self.understood.rarity[word] for word in words) / total if total else 0.0


def examine(
    question: str, hits: Sequence[Hit], library: Library, scope: Scope = Scope(), reader: Reader = PUBLIC
) -> Evidence:
    """Read the best ``hits`` sentence by sentence; where ``scope`` names speakers, only what they said.

    ``reader`` asks: what they may not see makes no word known. Both answerers and the abstention test work on
    this.
    """
    apt = [hit for hit in hits if _is_apt(hit, question, scope)]
    asked, states = _read(question, apt, library, reader)
    reach = _REPLIES_TO if scope.speakers else 0
    read = [
        candidate
        for candidate, _ in _all_sentences(apt, asked, states, reach)
        if not scope.speakers or _said_by(scope.speakers, candidate, library)
    ]
    read.sort(key=lambda candidate: -candidate.score)
    return Evidence(question, tuple(hits), tuple(read[:_KEPT]))


def read_sentences(
    question: str, hits: Sequence[Hit], library: Library
) -> Iterator[tuple[Candidate, Signals]]:
    """Every sentence of the best ``hits`` with the signals by which it is judged."""
    return _all_sentences(hits, *_read(question, hits, library, PUBLIC), reach=0)


def _read(
    question: str, hits: Sequence[Hit], library: Library, reader: Reader
) -> tuple[_Asked, list[TokenStates]]:
    """The question and the best passages as the model reads them."""
    own = library.embedder.encode_question(question).tokens
    states = library.token_states([hit.passage for hit in hits[:PASSAGES]])
    understood = library.understand(question, reader)
    return _Asked(question, understood, own, mean_direction(own.vectors)), states


def _all_sentences(
    hits: Sequence[Hit], asked: _Asked, states: Sequence[TokenStates], reach: int
) -> Iterator[tuple[Candidate, Signals]]:
    unheard = asked.unheard_share(states)
    for hit, read in zip(hits, states, strict=False):
        yield from _sentences_of(_Compared(hit, read, asked), hits[0].score, reach, unheard)


def _is_apt(hit: Hit, question: str, scope: Scope) -> bool:
    """A programme announces what will be said: it answers what is asked of sessions and of those in them."""
    source = hit.source
    if not source.is_programme or scope.events or asks_of_sessions(question):
        return True
    asked = {token.word for token in tokens(question)}
    return any(token.word in asked for person in source.people for token in tokens(person.name))


def _said_by(speakers: Sequence[str], candidate: Candidate, library: Library) -> bool:
    said = library.place(candidate.hit.passage, candidate.span).speakers
    wanted = {speaker.casefold() for speaker in speakers}
    return bool(said) and {speaker.casefold() for speaker in said} <= wanted


def _sentences_of(
    one: _Compared, best_score: float, reach: int, unheard: float
) -> Iterator[tuple[Candidate, Signals]]:
    """The sentences of one passage, each with its signals; ``reach`` sentences before it speak for it too."""
    hit, passage, asked = one.hit, one.hit.passage, one.asked
    relevance = hit.score / best_score if best_score else 0.0
    on_it = _ON_IT * asked.understood.is_subject_of(passage.context)
    for index, span in enumerate(one.spans):
        likeness, covered = one.likeness(index, index), one.covered(index, index, one.context)
        if reach:
            likeness = max(likeness, _HEARD * one.likeness(index - reach, index))
            covered = max(covered, _HEARD * one.covered(index - reach, index, one.context))
        around = one.likeness(index - 1, index + 1)
        ranking = np.array(
            [
                relevance,
                one.covered(index - 1, index),
                covered,
                _in_sequence(asked, one.terms[index]),
                fits(asked.text, one.texts[index]),
                len(one.texts[index].split()) < 5,
                is_question(one.texts[index]),
                likeness,
                asked.mean @ mean_direction(one.tokens[index]),
                one.matches[index].min(initial=1.0),
                around,
            ]
        )
        absolute = Span(passage.span.start + span.start, passage.span.start + span.end)
        enough = np.array([likeness, covered, hit.meaning, around])
        score, confidence = float(_WEIGHTS @ ranking) + on_it, _confidence(enough, unheard)
        yield (
            Candidate(hit, absolute, one.texts[index], frozenset(one.terms[index]), score, confidence),
            Signals(ranking, enough),
        )


class _Compared:
    """A passage beside the question: its quotations, the terms and tokens of each, and how these match."""

    def __init__(self, hit: Hit, read: TokenStates, asked: _Asked) -> None:
        passage, language = hit.passage, hit.source.language
        offset = words_begin(passage)
        self.hit, self.asked = hit, asked
        self.context = frozenset(terms(passage.context, language))
        self.spans = quotable(passage.text, language, spoken=hit.source.kind == "transcript")
        self.texts = [passage.text[span.start : span.end] for span in self.spans]
        self.terms = [terms(text, language) for text in self.texts]
        self.tokens = [read.inside(Span(offset + span.start, offset + span.end)) for span in self.spans]
        self.matches = [asked.matches(inside) for inside in self.tokens]

    def likeness(self, first: int, last: int) -> float:
        """How well the question's tokens are matched by some quotation from ``first`` to ``last``."""
        best: Vectors = np.max(self.matches[max(0, first) : last + 1], axis=0)
        return float(best.mean()) if len(best) else 0.0

    def covered(self, first: int, last: int, context: frozenset[str] = frozenset()) -> float:
        """The share of the question's words in ``context`` and the quotations from ``first`` to ``last``."""
        return self.asked.covered(context.union(*self.terms[max(0, first) : last + 1]))


def _in_sequence(asked: _Asked, in_order: Sequence[str]) -> float:
    """The share of the question's neighbouring words that are neighbours in the sentence too."""
    pairs = set(pairwise(in_order))
    firsts = [stems[0] for stems in asked.understood.words.values()]
    wanted = set(pairwise(firsts))
    return len(wanted & pairs) / len(wanted) if wanted else 0.0


def _confidence(signal: Vectors, unheard: float) -> float:
    evidence = float(_ENOUGH @ signal) + _UNHEARD * unheard**2 + _ENOUGH_BIAS
    return 1.0 / (1.0 + exp(-evidence))
