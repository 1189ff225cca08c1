"""One question ranked over what a scope leaves: words and meaning searched and fused, the best reread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from index.analysis import question_language, question_terms, terms
from index.asking import LIGHT, asks
from index.catalogue import Catalogue, Selection
from index.derived import Derived
from index.encoded import Encoded
from index.entries import Reading
from index.fusion import Fused, apart, fuse, meaning_weight, trust
from index.glossary import Named, Phrase, glossary
from index.models import Embedder
from index.rereading import WEIGHTS, Neighbourhood, Weights, rerank, reread, token_importance
from index.scope import Reader, Scope
from index.words import Synonyms
from ingest.domain import HEADING_MARK
from ingest.errors import UjuziError
from ingest.text import clean_line

CANDIDATES = 100  # of each half
REREAD = 30  # of the best by both halves are read again; more change nothing (docs/decisions.md)
OTHER_NAME = 0.8  # what a concept of the glossary counts under another name than the question's
MODES = ("hybrid", "words", "meaning")
_LONGEST_QUESTION = 2_000  # code points that are searched; the rest of a pasted page adds nothing


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found: the scores by passage row, best first, and how the question was understood.

    ``phrases`` are other names of what it asks for.
    """

    fused: Mapping[int, Fused]
    language: str
    stems: frozenset[str]
    phrases: frozenset[Phrase] = frozenset()


@dataclass(frozen=True, slots=True)
class Understood:
    """A question's words, each with its stems in the library's languages and its rarity in the library.

    ``unheard`` are those that no passage holds. ``concepts`` are the terms of the glossary among them, each
    with its other names.
    """

    language: str
    words: Mapping[str, tuple[str, ...]]
    rarity: Mapping[str, float]
    unheard: frozenset[str]
    concepts: tuple[Named, ...] = ()

    def heard_in(self, stems: Set[str]) -> frozenset[str]:
        """The words of the question that are among ``stems``, themselves or by another name."""
        heard = {word for word, forms in self.words.items() if not stems.isdisjoint(forms)}
        for concept in self.concepts:
            if any(stems >= set(phrase) for phrase in concept.phrases):
                heard |= concept.words & self.words.keys()
        return frozenset(heard)

    def is_subject_of(self, context: str) -> bool:
        """Whether a title with headings names all that is asked for, the last heading nothing else.

        So "PALM > Challenges" names "the challenges of PALM": a subject and a side of it.
        """
        named = frozenset(terms(context, self.language))
        if len(self.words) < 2 or any(named.isdisjoint(own) for own in self.words.values()):
            return False
        asked = {stem for own in self.words.values() for stem in own}
        return asked.issuperset(terms(context.rpartition(HEADING_MARK)[2], self.language))


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
        self._derived = derived
        self._catalogue = catalogue
        self._embedder = embedder
        self._readings = readings

    def understand(self, question: str) -> Understood:
        """The words that carry a question's meaning, rarity being BM25's inverse document frequency."""
        question = _cleaned(question)
        languages = self._catalogue.languages
        language = question_language(question, languages)
        words = question_terms(question, language, languages)
        if asks(question):
            words = {word: stems for word, stems in words.items() if word not in LIGHT} or words
        concepts = glossary().named_in(question, languages)
        frequency = self._derived.words.document_frequency
        found = {word: max(frequency(stem) for stem in stems) for word, stems in words.items()}
        for concept in concepts:
            elsewhere = max((self._frequency(phrase) for phrase in concept.phrases), default=0)
            found |= {word: max(found[word], elsewhere) for word in concept.words & found.keys()}
        rarity = {word: self._rarity(count) for word, count in found.items()}
        unheard = frozenset(word for word in found if not found[word])
        return Understood(language, words, rarity, unheard, concepts)

    def rank(
        self,
        question: str,
        scope: Scope,
        reader: Reader,
        mode: str,
        only: Set[int] | None = None,
        weights: Weights = WEIGHTS,
    ) -> Ranked:
        """Every candidate with its scores. Raises UjuziError for an unknown mode."""
        if mode not in MODES:
            raise UjuziError(f"There is no search mode {mode}; there are {', '.join(MODES)}.")
        question = _cleaned(question)
        understood = self.understand(question)
        sought = _Sought(
            {stem: 1.0 for own in understood.words.values() for stem in own},
            tuple(self._synonyms(understood)),
        )
        selection = self._catalogue.select(scope, reader, only)
        fused: Mapping[int, Fused] = {}
        if question and (selection.everything or len(selection.rows)):
            if mode == "words":
                fused = fuse(self._by_words(sought, selection), {}, 0.0)
            elif mode == "meaning":
                fused = fuse({}, self._by_meaning(self._embedder.encode_question(question), selection), 1.0)
            else:
                fused = self._by_both(question, understood, sought, selection, weights)
        if all(map(self._is_spoken, fused)):
            fused = apart(fused, self._catalogue.neighbours)
        return Ranked(fused, understood.language, frozenset(sought.stems), sought.phrases)

    def _by_words(self, sought: _Sought, selection: Selection) -> dict[int, float]:
        return self._derived.words.search(sought.stems, CANDIDATES, selection.filter, sought.synonyms)

    def _by_meaning(self, asked: Encoded, selection: Selection) -> dict[int, float]:
        rows = None if selection.everything else selection.rows
        return self._derived.vectors.search(asked.whole, CANDIDATES, rows)

    def _by_both(
        self,
        question: str,
        understood: Understood,
        sought: _Sought,
        selection: Selection,
        weights: Weights,
    ) -> dict[int, Fused]:
        """Both lists united, every member with both of its scores; the best read again."""
        trusted = trust(understood.language, self._embedder.name)
        with ThreadPoolExecutor(1) as beside:  # what does not need each other does not wait for it
            worded = beside.submit(self._by_words, sought, selection)
            asked = self._embedder.encode_question(question)
            meaning = self._by_meaning(asked, selection) if trusted else {}
            words = worded.result()
            only_meant = [row for row in meaning if row not in words]
            only_worded = [row for row in words if row not in meaning]
            words |= self._derived.words.scores(sought.stems, only_meant, sought.synonyms)
            meaning |= self._derived.vectors.scores(asked.whole, only_worded)
            weight = meaning_weight(understood.language, self._embedder.name)
            fused = fuse(words, meaning, weight)
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
        return rerank(fused, seen, weight, trusted, weights, asks=asks(question))

    def _neighbours(self, asked: Encoded, sought: _Sought, rows: Sequence[int]) -> dict[int, Neighbourhood]:
        """How well the passages right before and after each of ``rows`` in their document score."""
        beside = {row: self._catalogue.neighbours(row) for row in rows}
        there = sorted({other for others in beside.values() for other in others})
        words = self._derived.words.scores(sought.stems, there, sought.synonyms)
        meaning = self._derived.vectors.scores(asked.whole, there)
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
        listing = self._catalogue.listing_of(row)
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
        return min(map(self._derived.words.document_frequency, phrase))

    def _rarity_of(self, phrase: Phrase) -> float:
        return sum(self._rarity(self._derived.words.document_frequency(stem)) for stem in phrase)

    def _rarity(self, count: int) -> float:
        total = len(self._derived.words)
        return log(1 + (total - count + 0.5) / (count + 0.5))


def _cleaned(question: str) -> str:
    """As documents are cleaned before they are stored, so that the words of both agree."""
    return clean_line(question[:_LONGEST_QUESTION])
