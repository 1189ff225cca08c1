"""One question ranked over what a scope leaves: words and meaning searched and fused, the best reread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log

from index.analysis import question_language, question_terms, terms
from index.asking import LIGHT, asks
from index.catalogue import Catalogue
from index.derived import Derived
from index.encoded import Vectors, mean_direction
from index.entries import Sentences
from index.fusion import Fused, Reread, fuse, meaning_weight, rerank
from index.models import Embedder
from index.scope import Reader, Scope
from ingest.domain import HEADING_MARK
from ingest.errors import UjuziError
from ingest.text import clean_line

CANDIDATES = 100  # of each half
REREAD = 50  # of the best by both halves, those whose sentences are compared with the question
FULL = 850  # characters: a passage of so many is no fragment
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

    def is_subject_of(self, context: str) -> bool:
        """Whether a title with headings names all that is asked for, the last heading nothing else.

        So "PALM > Challenges" names "the challenges of PALM": a subject and a side of it.
        """
        named = frozenset(terms(context, self.language))
        if len(self.words) < 2 or any(named.isdisjoint(own) for own in self.words.values()):
            return False
        asked = {stem for own in self.words.values() for stem in own}
        return asked.issuperset(terms(context.rpartition(HEADING_MARK)[2], self.language))


class Search:
    """The search over one state of the library."""

    def __init__(
        self,
        derived: Derived,
        catalogue: Catalogue,
        embedder: Embedder,
        sentences_of: Callable[[Sequence[int]], Mapping[int, Sentences]],
    ) -> None:
        """``sentences_of`` gives what is stored of the sentences of some passages, by row."""
        self._derived = derived
        self._catalogue = catalogue
        self._embedder = embedder
        self._sentences_of = sentences_of

    def understand(self, question: str) -> Understood:
        """The words that carry a question's meaning, rarity being BM25's inverse document frequency."""
        question = _cleaned(question)
        languages = self._catalogue.languages
        language = question_language(question, languages)
        words = question_terms(question, language, languages)
        if asks(question):
            words = {word: stems for word, stems in words.items() if word not in LIGHT} or words
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
        stems = {stem: 1.0 for own in understood.words.values() for stem in own}
        selection = self._catalogue.select(scope, reader, only)
        if not question or not (selection.everything or len(selection.rows)):
            return Ranked({}, understood.language, frozenset(stems))
        if mode == "words":
            words = self._derived.words.search(stems, CANDIDATES, selection.filter)
            fused = fuse(words, {}, 0.0)
        else:
            asked = self._embedder.encode_question(question)
            rows = None if selection.everything else selection.rows
            meaning = self._derived.vectors.search(asked.whole, CANDIDATES, rows)
            if mode == "meaning":
                fused = fuse({}, meaning, 1.0)
            else:
                words = self._derived.words.search(stems, CANDIDATES, selection.filter)
                only_meant = [row for row in meaning if row not in words]
                only_worded = [row for row in words if row not in meaning]
                words |= self._derived.words.scores(stems, only_meant)
                meaning |= self._derived.vectors.scores(asked.whole, only_worded)
                weight = meaning_weight(understood.language, self._embedder.name)
                fused = fuse(words, meaning, weight)
                if asks(question):
                    as_sentence = mean_direction(asked.tokens.vectors)
                    fused = rerank(fused, self._reread(list(fused)[:REREAD], as_sentence, understood))
        return Ranked(fused, understood.language, frozenset(stems))

    def _reread(self, rows: Sequence[int], question: Vectors, understood: Understood) -> dict[int, Reread]:
        """How close the closest sentence of each passage comes to ``question``, and so on."""
        return {
            row: Reread(
                likeness=float((one.vectors @ question).max(initial=0.0)),
                fullness=1.0 if one.is_all else min(1.0, one.characters / FULL),
                is_subject=understood.is_subject_of(one.context),
            )
            for row, one in self._sentences_of(rows).items()
        }


def _cleaned(question: str) -> str:
    """As documents are cleaned before they are stored, so that the words of both agree."""
    return clean_line(question[:_LONGEST_QUESTION])
