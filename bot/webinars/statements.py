"""What a chapter's key statements are: whole sentences of it, word for word, chosen without a language model.

A sentence counts that lies near the mean of its chapter and says something: figures, names, words that not
everybody says in any meeting. Questions and what only runs the meeting are left out. One after the other is
taken that is worth most beside what it repeats ("maximal marginal relevance": Carbonell and Goldstein, SIGIR
1998).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log, sqrt

import numpy as np

from bot.webinars.chapters import Chapter
from bot.webinars.titles import fillers
from bot.webinars.transcript import Transcript
from index.analysis import stem, stop_words, tokens
from index.encoded import Vectors
from ingest.domain import Span

MOST = 3  # statements of a chapter
_FOR_EACH = 4  # sentences that say something, for each statement
_RELEVANCE = 0.7  # what a sentence's worth counts in the choice; the rest goes off for what it repeats
_AS_GOOD = 0.7  # of the worth of the chapter's best: what is worth less is not added
_THE_SAME = 0.85  # likeness at which a sentence says nothing that was not said
_SAME_SPEAKER = 0.05  # goes off for whoever is quoted in the chapter already
_LEAST = 4  # different words that tell something
_FULL = 10  # so many are as good as more
_LONG = 40  # words: a longer sentence counts the less, the longer it is
_FIGURE, _NAME = 0.2, 0.1  # what each of these adds
_LEANING = 0.75  # what a sentence counts that leans on the one before it
_CUT_OFF = 0.5  # one that does not begin or not end
_HALTING = 0.85  # and, for each, with a word that only fills a pause
_ASKS = re.compile("[?؟？⁇፧]")
_ENDS = re.compile(r"[.!።。۔][\"'”’»)\]]*$")  # not with an ellipsis, which trails off

Bag = Mapping[str, float]  # words with their weights, of length 1 together


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence that could be quoted. ``telling``: how much it says by itself."""

    index: int
    speaker: str | None
    telling: float


def key_statements(talk: Transcript, chapters: Sequence[Chapter]) -> tuple[tuple[Span, ...], ...]:
    """For each of ``chapters`` its key statements, up to ``MOST``, in reading order, as exact spans.

    Each is one sentence. There are none where nothing is said that could stand alone.
    """
    said = [frozenset(_telling_stems(talk.words(one), talk.language)) for one in talk.sentences]
    likeness = _Likeness(talk, said)
    before: list[_Told] = []  # what one chapter says is not repeated in the next
    found = []
    for chapter in chapters:
        own = _chosen(likeness, list(_told(talk, chapter, said)), before)
        before += own
        found.append(tuple(talk.sentences[index].span for index in sorted(one.index for one in own)))
    return tuple(found)


def _chosen(likeness: _Likeness, told: Sequence[_Told], before: Sequence[_Told]) -> list[_Told]:
    """Those of ``told`` that are worth most together, beside what was chosen ``before``."""
    worth = dict(zip(told, likeness.worth(told), strict=True))
    least = _AS_GOOD * max(worth.values(), default=0.0)
    repeated = {one: likeness.closest(one, before) for one in told if worth[one] >= least}
    chosen: list[_Told] = []
    for _ in range(min(MOST, -(-len(told) // _FOR_EACH))):
        heard = {one.speaker for one in chosen if one.speaker}
        marginal = {
            one: _RELEVANCE * worth[one] - (1 - _RELEVANCE) * again - _SAME_SPEAKER * (one.speaker in heard)
            for one, again in repeated.items()
            if one not in chosen and again < _THE_SAME
        }
        if not marginal:
            break
        chosen.append(max(marginal, key=lambda one: marginal[one]))
        repeated = {one: max(again, likeness.closest(one, chosen[-1:])) for one, again in repeated.items()}
    return chosen


class _Likeness:
    """How much the sentences of a transcript are alike: by their vectors as far as these can be trusted in
    the language, for the rest by the rare words that they share.
    """

    def __init__(self, talk: Transcript, said: Sequence[frozenset[str]]) -> None:
        self._share = talk.trusted / 2
        self._rows = _lengthened(talk.vectors - talk.vectors.mean(axis=0)) if said else talk.vectors
        held = Counter(word for words in said for word in words)
        rarity = {word: log(1 + len(said) / count) for word, count in held.items()}
        self._bags = [_bag({word: rarity[word] for word in words}) for words in said]

    def worth(self, told: Sequence[_Told]) -> list[float]:
        """For each of ``told`` how much it says, weighed by how near it lies to their mean, from 0."""
        if not told:
            return []
        rows = self._rows[[one.index for one in told]]
        mean = _lengthened(rows.mean(axis=0, keepdims=True))[0]
        whole: Counter[str] = Counter()
        for one in told:
            whole.update(self._bags[one.index])
        bag = _bag(whole)
        return [
            one.telling * (1 + self._mixed(float(row @ mean), _product(self._bags[one.index], bag))) / 2
            for one, row in zip(told, rows, strict=True)
        ]

    def closest(self, one: _Told, others: Sequence[_Told]) -> float:
        """How much one of ``others`` says the same as ``one``, from 0 to 1 for the same words."""
        return max((self._same(one.index, other.index) for other in others), default=0.0)

    def _same(self, one: int, other: int) -> float:
        by_words = _product(self._bags[one], self._bags[other])
        return max(by_words, self._mixed(float(self._rows[one] @ self._rows[other]), by_words))

    def _mixed(self, by_vector: float, by_words: float) -> float:
        return self._share * by_vector + (1 - self._share) * by_words


def _told(talk: Transcript, chapter: Chapter, said: Sequence[frozenset[str]]) -> Iterator[_Told]:
    """The sentences of a chapter that say something."""
    first = bisect_left(talk.sentences, chapter.span.start, key=lambda one: one.span.start)
    last = bisect_left(talk.sentences, chapter.span.end, key=lambda one: one.span.start)
    for index in range(first, last):
        sentence = talk.sentences[index]
        if telling := _telling(talk.words(sentence), len(said[index])):
            yield _Told(index, sentence.speaker, telling)


def _telling(sentence: str, different: int) -> float:
    """How much a sentence of so many ``different`` telling words says by itself: about 1, or 0 for one that
    is not to be quoted.
    """
    words = [token.word for token in tokens(sentence)]
    spoken = f" {' '.join(words)} "
    phrases = _phrases()
    runs_the_meeting = any(phrase in spoken for phrase in phrases["running"])
    if different < _LEAST or _ASKS.search(sentence) or runs_the_meeting:
        return 0.0
    full = min(1.0, different / _FULL) * min(1.0, _LONG / len(words))
    facts = _FIGURE * any(map(str.isdigit, sentence)) + _NAME * _has_name(sentence)
    halts = sum(map(spoken.count, phrases["halting"])) + sentence.rstrip("….").count("…")
    leans = any(map(spoken.startswith, phrases["leaning"]))
    whole = _ENDS.search(sentence) and not sentence[0].islower()
    return full * (1 + facts) * _HALTING**halts * (_LEANING if leans else 1.0) * (1.0 if whole else _CUT_OFF)


def _telling_stems(sentence: str, language: str) -> Iterator[str]:
    """The stems of the words that not everybody says."""
    dull = _dull(language)
    return (stem(token.word, language) for token in tokens(sentence) if token.word not in dull)


def _has_name(sentence: str) -> bool:
    """Whether a word inside it begins with a capital, and is more than "I"."""
    return any(word[:1].isupper() and word[1:2].isalpha() for word in sentence.split()[1:])


def _bag(weights: Mapping[str, float]) -> Bag:
    length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def _product(one: Bag, other: Bag) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _lengthened(rows: Vectors) -> Vectors:
    """``rows`` at length 1; nought stays nought."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


@cache
def _dull(language: str) -> frozenset[str]:
    return stop_words(language) | fillers()


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    """Phrases by what they do: run the meeting, lean on the sentence before, fill a pause.

    Folded, with a space before and after each word.
    """
    text = (resources.files("bot") / "webinars" / "phrases.txt").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = {"running": [], "leaning": [], "halting": []}
    for line in text.splitlines():
        kind, _, phrases = line.partition(" ")
        if kind in lists:
            folded = (" ".join(token.word for token in tokens(one)) for one in phrases.split("|"))
            lists[kind] += [f" {phrase} " for phrase in folded]
    return {kind: tuple(phrases) for kind, phrases in lists.items()}
