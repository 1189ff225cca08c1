"""One question ranked over what a scope leaves: words and meaning searched, united, fused."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import log

from index.analysis import question_language, question_terms
from index.catalogue import Catalogue, Selection
from index.derived import Derived
from index.fusion import Fused, fuse, meaning_weight
from index.models import Embedder
from index.scope import Reader, Scope
from index.words import Scoped
from ingest.errors import UjuziError
from ingest.text import clean_line

CANDIDATES = 100  # of each half
MODES = ("hybrid", "words", "meaning")
_LONGEST_QUESTION = 2_000  # code points that are searched; the rest of a pasted page adds nothing


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found: the scores by passage row, best first, and how the question was understood."""

    fused: Mapping[int, Fused]
    language: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question's words, each with its stems in the library's languages and its rarity in the library.

    ``unheard`` are those that no passage holds.
    """

    language: str
    words: Mapping[str, tuple[str, ...]]
    rarity: Mapping[str, float]
    unheard: frozenset[str]


class Search:
    """The search over one state of the library."""

    def __init__(self, derived: Derived, catalogue: Catalogue, embedder: Embedder) -> None:
        self._derived = derived
        self._catalogue = catalogue
        self._embedder = embedder

    def understand(self, question: str) -> Understood:
        """The words that carry a question's meaning, rarity being BM25's inverse document frequency."""
        question = _cleaned(question)
        languages = self._catalogue.languages
        language = question_language(question, languages)
        words = question_terms(question, language, languages)
        total = len(self._derived.words)
        frequency = self._derived.words.document_frequency
        found = {word: max(frequency(stem) for stem in stems) for word, stems in words.items()}
        rarity = {word: log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in found.items()}
        return Understood(language, words, rarity, frozenset(word for word in found if not found[word]))

    def rank(
        self, question: str, scope: Scope, reader: Reader, mode: str, only: Set[int] | None = None
    ) -> Ranked:
        """Every candidate with its scores. Raises UjuziError for an unknown mode."""
        if mode not in MODES:
            raise UjuziError(f"There is no search mode {mode}; there are {', '.join(MODES)}.")
        question = _cleaned(question)
        understood = self.understand(question)
        weights = {stem: 1.0 for stems in understood.words.values() for stem in stems}
        selection = self._catalogue.select(scope, reader, only)
        words: dict[int, float] = {}
        meaning: dict[int, float] = {}
        if question and (selection.everything or len(selection.rows)):
            vector = self._embedder.encode_question(question) if mode != "words" else None
            if mode != "meaning":
                words = self._derived.words.search(weights, CANDIDATES, _scoped(selection))
            if vector is not None:
                rows = None if selection.everything else selection.rows
                meaning = self._derived.vectors.search(vector, CANDIDATES, rows)
            if mode == "hybrid" and vector is not None:
                only_meant = [row for row in meaning if row not in words]
                only_worded = [row for row in words if row not in meaning]
                words |= self._derived.words.scores(weights, only_meant)
                meaning |= self._derived.vectors.scores(vector, only_worded)
        weight = {"words": 0.0, "meaning": 1.0}.get(
            mode, meaning_weight(understood.language, self._embedder.name)
        )
        return Ranked(fuse(words, meaning, weight), understood.language, frozenset(weights))


def _cleaned(question: str) -> str:
    """As documents are cleaned before they are stored, so that the words of both agree."""
    return clean_line(question[:_LONGEST_QUESTION])


def _scoped(selection: Selection) -> Scoped | None:
    if selection.everything:
        return None
    if selection.by_passage:
        return Scoped(passages=tuple(selection.rows.tolist()))
    return Scoped(versions=selection.versions)
