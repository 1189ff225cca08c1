"""Which sentences of the passages found answer the question, and whether they are enough to answer at all.

Each sentence is compared with the question word by word through the model's token vectors (late interaction:
Khattab and Zaharia, "ColBERT", SIGIR 2020), alone and together with its neighbours, as a whole through the
mean of its tokens, and by the terms that both share. The weights are a linear model, fitted to rank the
answering sentence first on 800 questions of encyclopaedia articles that no measurement of ours uses
(docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

import numpy as np

from index.analysis import fold, terms, tokens
from index.encoded import TokenStates, Vectors, mean_direction
from index.hits import Hit
from index.indexing import words_begin
from index.library import Library
from index.searching import Understood
from ingest.domain import Span
from ingest.sentences import sentences

PASSAGES = 8  # the best of them are read sentence by sentence
_KEPT = 24  # sentences that are handed on
LONGEST_SENTENCE = 60  # words: a longer one is no quotation, it is a list or a table that lost its lines

# Fitted by pairwise logistic regression; see bench/fit_evidence.py.
_WEIGHTS = np.array([1.7, 0.57, 1.58, 0.84, 1.36, -2.27, -4.23, 4.48, 1.83, 4.5, 3.38])
# Is the question answered at all? Weights of the best sentence's word-by-word likeness, its share of the
# question's terms, the passage's cosine, and the likeness of it and its neighbours together; fitted on
# questions of other fields against the same library.
_ENOUGH = np.array([9.0, 4.2, 3.5, 9.9])
_ENOUGH_BIAS = -11.1
_THRESHOLD = 0.5
# A word that no passage holds, and that nothing in the best passages resembles, is what the question is about
# and the library is not ("bread"). Its share counts squared: a small one is often but a form of a known word.
# Set by hand on questions of our own; it moves doubtful cases only.
_UNHEARD = -10.0
_RESEMBLES = 0.45  # cosine between tokens

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred|thousand|million|billion|half|third|dozen)s?\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b(?:1\d{3}|20\d\d|\d{1,2}(?:st|nd|rd|th) century|centur(?:y|ies)|decade"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_ASKS = re.compile(  # a question from the floor is no answer, in whatever form it comes
    r"\?$|^(?:(?:well|so|and|but|thank you)[,.]? )*"
    r"(?:(?:I|we)(?: would|['’]d) like to (?:know|ask)|(?:I|we) wonder|(?:my|our) question)\b",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"\b(?:when|what (?:year|date|century|decade|month|day|time)|which (?:year|century))\b", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|large|big|high|tall|often|fast|heavy|wide|deep)\b"
    r"|\bwhat (?:percent|percentage|number|amount|share|fraction)\b|\bbudget\b|\bcosts?\b",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(
    r"\b(?:who|whom|whose|where|what (?:country|city|place|state|region)|which (?:country|countries|city))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a found passage: its span in the version's text, and how well it answers."""

    hit: Hit
    span: Span
    text: str
    score: float
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one sentence: ``ranking`` weighs it against others, ``enough`` judges it as an answer.

    Shapes (11,) and (4,), in the order of ``_WEIGHTS`` and of ``_ENOUGH``.
    """

    ranking: Vectors
    enough: Vectors


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences that bear on a question, best first. ``confidence`` is from 0 to 1."""

    question: str
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    confidence: float

    def __deepcopy__(self, memo: object) -> Evidence:
        """Itself, since nothing in it can change: a pipeline copies what it passes from step to step."""
        return self

    @property
    def is_enough(self) -> bool:
        """Whether the library answers the question."""
        return bool(self.candidates) and self.confidence >= _THRESHOLD


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question as it is compared: its words with their stems and rarity, and its token vectors."""

    text: str
    understood: Understood
    states: TokenStates
    mean: Vectors

    def covered(self, stems: frozenset[str]) -> float:
        """The share of the question's words, weighed by rarity, that are among ``stems``."""
        own = self.understood.words
        return self._share(word for word in own if not stems.isdisjoint(own[word]))

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


def examine(question: str, hits: Sequence[Hit], library: Library, speakers: Sequence[str] = ()) -> Evidence:
    """Read the best ``hits`` sentence by sentence; of transcripts only what ``speakers`` said, if given.

    Both answerers and the abstention test work on this.
    """
    asked, states = _read(question, hits, library)
    read = [
        (candidate, signals)
        for candidate, signals in _all_sentences(hits, asked, states)
        if not speakers or _said_by(speakers, candidate, library)
    ]
    read.sort(key=lambda one: -one[0].score)
    return Evidence(
        question=question,
        hits=tuple(hits),
        candidates=tuple(candidate for candidate, _ in read[:_KEPT]),
        confidence=_confidence(read[0][1].enough, asked.unheard_share(states)) if read else 0.0,
    )


def read_sentences(
    question: str, hits: Sequence[Hit], library: Library
) -> Iterator[tuple[Candidate, Signals]]:
    """Every sentence of the best ``hits`` with the signals by which it is judged."""
    return _all_sentences(hits, *_read(question, hits, library))


def _read(question: str, hits: Sequence[Hit], library: Library) -> tuple[_Asked, list[TokenStates]]:
    """The question and the best passages as the model reads them."""
    own = library.embedder.encode_question(question).tokens
    states = library.token_states([hit.passage for hit in hits[:PASSAGES]])
    return _Asked(question, library.understand(question), own, mean_direction(own.vectors)), states


def _all_sentences(
    hits: Sequence[Hit], asked: _Asked, states: Sequence[TokenStates]
) -> Iterator[tuple[Candidate, Signals]]:
    for hit, read in zip(hits, states, strict=False):
        yield from _sentences_of(hit, read, asked, hits[0].score)


def _said_by(speakers: Sequence[str], candidate: Candidate, library: Library) -> bool:
    said = library.place(candidate.hit.passage, candidate.span).speakers
    wanted = {speaker.casefold() for speaker in speakers}
    return bool(said) and {speaker.casefold() for speaker in said} <= wanted


def _sentences_of(
    hit: Hit, read: TokenStates, asked: _Asked, best_score: float
) -> Iterator[tuple[Candidate, Signals]]:
    """The sentences of one passage, each with its signals."""
    passage, language = hit.passage, hit.source.language
    context = frozenset(terms(passage.context, language))
    offset = words_begin(passage)
    before: frozenset[str] = frozenset()
    spans = [span for span in sentences(passage.text, language) if _is_quotable(passage.text, span)]
    tokens_of = [read.inside(Span(offset + span.start, offset + span.end)) for span in spans]
    matches = [asked.matches(inside) for inside in tokens_of]
    for index, span in enumerate(spans):
        text = passage.text[span.start : span.end]
        in_order = terms(text, language)
        own = frozenset(in_order)
        likeness = _mean(matches[index])
        around = _mean(np.max(matches[max(0, index - 1) : index + 2], axis=0))
        covered = asked.covered(own | context)
        ranking = np.array(
            [
                hit.score / best_score if best_score else 0.0,
                asked.covered(own | before),
                covered,
                _in_sequence(asked, in_order),
                _fits_kind(asked.text, text),
                len(text.split()) < 5,
                bool(_ASKS.search(text)),
                likeness,
                asked.mean @ mean_direction(tokens_of[index]),
                matches[index].min(initial=1.0),
                around,
            ]
        )
        absolute = Span(passage.span.start + span.start, passage.span.start + span.end)
        yield (
            Candidate(hit, absolute, text, float(_WEIGHTS @ ranking), own),
            Signals(ranking, np.array([likeness, covered, hit.meaning, around])),
        )
        before = own


def _is_quotable(text: str, span: Span) -> bool:
    return len(text[span.start : span.end].split()) <= LONGEST_SENTENCE


def _mean(matches: Vectors) -> float:
    return float(matches.mean()) if len(matches) else 0.0


def _in_sequence(asked: _Asked, in_order: Sequence[str]) -> float:
    """The share of the question's neighbouring words that are neighbours in the sentence too."""
    pairs = set(pairwise(in_order))
    firsts = [stems[0] for stems in asked.understood.words.values()]
    wanted = set(pairwise(firsts))
    return len(wanted & pairs) / len(wanted) if wanted else 0.0


def _fits_kind(question: str, sentence: str) -> float:
    """Whether the sentence holds what the question asks for: a moment, a number, or names (0 to 1)."""
    if _ASKS_WHEN.search(question):
        return float(bool(_MOMENT.search(sentence)))
    if _ASKS_NUMBER.search(question):
        return float(bool(_NUMBER.search(sentence)))
    if _ASKS_NAME.search(question):
        asked = {token.word for token in tokens(question)}
        words = re.findall(r"\w[\w'’-]*", sentence)[1:]
        names = [word for word in words if word[0].isupper() and fold(word) not in asked]
        return min(3, len(names)) / 3
    return 0.0


def _confidence(signal: Vectors, unheard: float) -> float:
    evidence = float(_ENOUGH @ signal) + _UNHEARD * unheard**2 + _ENOUGH_BIAS
    return 1.0 / (1.0 + exp(-evidence))
