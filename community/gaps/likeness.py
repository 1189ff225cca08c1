"""How alike two questions are: by the words that they share, weighed by how rare these are, and by meaning.

Words count in whatever language they stand: the terms of the glossary and the common words of our field under
one name each, countries under their English name, all others by their stem. Vectors count as far as their
model understands both languages, above what it says of texts that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from community.gaps.countries import countries_in
from index.analysis import stem, stop_words, tokens
from index.encoded import Vectors
from index.fusion import trust
from index.glossary import LANGUAGES, glossary

# Set on 110 questions of our own in 30 groups and five languages, tried on 61 others (docs/decisions.md).
MEANING = 0.2
ALIKE = 0.28
ELSEWHERE = 0.5  # what is left of likeness where one asks about some countries and the other about others
_COUNTRY = "@"

Likenesses = NDArray[np.float32]


class Likeness:
    """The likeness, from 0 to 1, of any two of some questions."""

    def __init__(
        self,
        words: Sequence[Collection[str]],
        languages: Sequence[str],
        vectors: Vectors,
        model: str,
        apart: float,
    ) -> None:
        """Of each question its terms, its language and, a row each, its vector.

        The vectors come from ``model``, which says ``apart`` of texts that have no likeness.
        """
        self._words = words
        self._vectors = vectors
        self._apart = min(max(apart, 0.0), 0.9)
        trusted = [trust(language, model) for language in languages]
        self._trust = np.array(trusted, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._words)

    def between(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Likenesses:
        """The likeness of each of ``rows`` with each of ``columns``, both numbers of questions."""
        cosines = self._vectors[rows] @ self._vectors[columns].T
        meaning = np.clip((cosines - self._apart) / (1 - self._apart), 0, 1)
        weight = MEANING * np.minimum.outer(self._trust[rows], self._trust[columns])
        words = (self._shares[rows] @ self._shares[columns].T).toarray()
        both: Likenesses = weight * meaning + (1 - weight) * words
        both[self._are_elsewhere(rows, columns)] *= ELSEWHERE
        return both

    def _are_elsewhere(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.bool_]:
        shared = self._countries[rows] @ self._countries[columns].T > 0
        named = np.logical_and.outer(self._name_any[rows], self._name_any[columns])
        elsewhere: NDArray[np.bool_] = named & ~shared
        return elsewhere

    @cached_property
    def _shares(self) -> Any:
        """A row of length 1 for each question: its words, the rarer the weightier."""
        counts = self._counts
        weights = np.log1p(len(self) / np.maximum(counts.sum(axis=0), 1))
        weighed = (counts * weights).tocsr()
        lengths = np.sqrt((weighed * weighed).sum(axis=1))
        return (weighed.T / np.maximum(lengths, 1e-6)).T.tocsr()

    @cached_property
    def _countries(self) -> Likenesses:
        """A row for each question, 1 where it names a country; there are few of these."""
        countries = [number for word, number in self._numbers.items() if word.startswith(_COUNTRY)]
        table: Likenesses = self._counts[:, countries].toarray()
        return table

    @cached_property
    def _name_any(self) -> NDArray[np.bool_]:
        """Which questions name a country."""
        name_any: NDArray[np.bool_] = self._countries.max(axis=1, initial=0) > 0
        return name_any

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """The column of each word."""
        return {word: number for number, word in enumerate(sorted(set().union(*self._words)))}

    @cached_property
    def _counts(self) -> Any:
        """A row for each question, 1 where a word stands in it."""
        from scipy.sparse import csr_array  # type: ignore[import-untyped]

        columns = [self._numbers[word] for words in self._words for word in words]
        ends = np.cumsum([0, *map(len, self._words)])
        ones = np.ones(len(columns), dtype=np.float32)
        return csr_array((ones, columns, ends), shape=(len(self), len(self._numbers)))


def terms(text: str, language: str) -> frozenset[str]:
    """What a question in ``language`` is compared by."""
    known = _common_words()
    found = set()
    for token in tokens(text):
        stemmed = stem(token.word, language)
        name = known.get((language, stemmed))
        if name or token.word not in stop_words(language):
            found.add(name or stemmed)
    named = glossary().named_in(text, LANGUAGES)
    found |= {"#" + " ".join(min(concept.phrases)) for concept in named if concept.phrases}
    return frozenset(found | {_COUNTRY + country for country in countries_in(text)})


@cache
def _common_words() -> Mapping[tuple[str, str], str]:
    """From a stem in its language to the name of the meaning that it has."""
    names: dict[tuple[str, str], str] = {}
    lines = (resources.files("community.gaps") / "common_words.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            for language, words in zip(LANGUAGES, line.split("|"), strict=True):
                for token in tokens(words):
                    names.setdefault((language, stem(token.word, language)), f"={line.split()[0]}")
    return names
