"""What a stretch of talk is called, without a language model: terms copied from it that mark it off.

A term is a run of up to three words that stands in the text as it is shown, its words no function words and
none of what everybody says in any meeting. It is rated by how often it is said here rather than elsewhere in
the recording ("class-based TF-IDF": Grootendorst, arXiv 2203.05794, 2022) and by how near the sentences that
hold it lie to the mean of the stretch; a run that recurs is preferred to its words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log, sqrt
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from bot.webinars.transcript import Spoken, Transcript
from index.analysis import fold, stem, stop_words, tokens
from index.encoded import Vectors

_TERMS = 3
_LONGEST_RUN = 3  # words
_SHORTEST_WORD = 3  # letters
_LONGEST_TITLE = 60  # characters
_ONLY_ONCE = 0.25  # what a term counts that is said but once
_FULL_WORD = 7  # letters: a shorter word that stands alone seldom is a subject, unless it is a name
_NAME = 1.3  # what a term counts that is written with a capital inside a sentence
_RECURRING_RUN = 1.6  # what each further word counts in a run that is said twice or more
_COMMAS = {"ar": "، "}

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A term where it stands: in which sentence, as which words; whether these are a name."""

    sentence: int
    offset: int
    words: str
    is_name: bool


def titles(talk: Transcript, stretches: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """A title of one to three terms for each of ``stretches``, given as sentences from i to j - 1.

    Empty where a stretch holds no word that could tell anything.
    """
    dull = stop_words(talk.language) | fillers() | _names(talk)
    said = [_terms(talk, range(start, end), dull) for start, end in stretches]
    held = Counter(term for own in said for term in own)
    return tuple(
        _title(_chosen(own, held, len(said), _nearness(talk, stretch)), own, talk.language)
        for own, stretch in zip(said, stretches, strict=True)
    )


@cache
def fillers() -> frozenset[str]:
    """What is said in every meeting, in the languages that we know a little of, folded."""
    text = (resources.files("bot") / "webinars" / "fillers.txt").read_text(encoding="utf-8")
    return frozenset(token.word for token in tokens(text)) | frozenset(map(fold, text.split()))


def _terms(talk: Transcript, sentences: Collection[int], dull: frozenset[str]) -> dict[Stems, list[_Said]]:
    """Where each run of words that could stand in a title is said."""
    found: dict[Stems, list[_Said]] = defaultdict(list)
    for index in sentences:
        sentence = talk.sentences[index]
        for stems, offset, words in _runs(talk, sentence, dull):
            is_name = offset > sentence.span.start and words[0].isupper()
            found[stems].append(_Said(index, offset, words, is_name))
    return found


def _runs(talk: Transcript, sentence: Spoken, dull: frozenset[str]) -> Iterator[tuple[Stems, int, str]]:
    """Runs of neighbouring words that tell something: their stems, where they stand, and as they stand."""
    text = talk.words(sentence)
    run: list[tuple[str, int, int]] = []
    for token in tokens(text):
        word = token.word
        if run and text[run[-1][2] : token.span.start] not in (" ", "-"):
            run = []
        if word in dull or len(word) < _SHORTEST_WORD or any(map(str.isdigit, word)):
            run = []
            continue
        run = [*run[-_LONGEST_RUN + 1 :], (stem(word, talk.language), *token.span)]
        for length in range(1, len(run) + 1):
            part = run[-length:]
            words = text[part[0][1] : part[-1][2]]
            yield tuple(one for one, _, _ in part), sentence.span.start + part[0][1], words


def _chosen(
    own: dict[Stems, list[_Said]], held: Counter[Stems], stretches: int, near: dict[int, float]
) -> list[Stems]:
    """The terms that mark a stretch off, the best first, no word twice."""
    worth = {term: _worth(term, said, held[term], stretches, near) for term, said in own.items()}
    chosen: list[Stems] = []
    for term in sorted(worth, key=lambda one: (-worth[one], own[one][0].offset)):
        if not any(set(term) & set(other) for other in chosen):
            chosen.append(term)
        if len(chosen) == _TERMS:
            break
    return chosen


def _worth(term: Stems, said: Sequence[_Said], held: int, stretches: int, near: dict[int, float]) -> float:
    sentences = {one.sentence for one in said}
    rarity = log(1 + stretches / held)
    often = sqrt(len(sentences)) if len(sentences) > 1 else _ONLY_ONCE
    longer = _RECURRING_RUN ** (len(term) - 1) if len(sentences) > 1 else 1.0
    if sum(one.is_name for one in said) * 2 > len(said):
        form = _NAME
    else:
        form = 1.0 if len(term) > 1 else min(1.0, len(said[0].words) / _FULL_WORD)
    return rarity * often * longer * form * (0.5 + fmean(near[one] for one in sentences))


def _nearness(talk: Transcript, stretch: tuple[int, int]) -> dict[int, float]:
    """How near each sentence of ``stretch`` lies to its mean, 0 to 1; a half where vectors tell nothing."""
    start, end = stretch
    rows: Vectors = talk.vectors[start:end] - talk.vectors.mean(axis=0)
    mean = rows.mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1) * float(np.linalg.norm(mean))
    cosines: NDArray[np.float64] = (rows @ mean) / np.where(lengths > 0, lengths, 1.0)
    shown = 0.5 + talk.trusted * (np.clip(cosines, 0.0, 1.0) - 0.5)
    return dict(zip(range(start, end), shown.tolist(), strict=True))


def _title(chosen: Sequence[Stems], own: dict[Stems, list[_Said]], language: str) -> str:
    """The terms in the order in which they are first said, as they are mostly written."""
    words: list[str] = []
    for term in sorted(chosen, key=lambda one: own[one][0].offset):
        shown = _mostly(own[term])
        if len(", ".join([*words, shown])) <= _LONGEST_TITLE or not words:
            words.append(shown)
    title = _COMMAS.get(language, ", ").join(words)
    return title[:1].upper() + title[1:]


def _mostly(said: Sequence[_Said]) -> str:
    """The commonest way in which a term is written, the first among equals."""
    return Counter(one.words for one in said).most_common(1)[0][0]


def _names(talk: Transcript) -> frozenset[str]:
    """The words of the speakers' names: they stand beside what is said anyway."""
    names = {one.speaker for one in talk.sentences if one.speaker}
    return frozenset(token.word for name in names for token in tokens(name))
