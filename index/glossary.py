"""The terms of the field in several languages: what a question calls by one name is found under the others.

The terms stand in ``glossary.yaml``, which people of the field read and correct.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from index.analysis import stem, stop_words, tokens
from ingest.errors import FileRejected
from ingest.readers.front_matter import parse_yaml
from ingest.text import decode

FILE = "glossary.yaml"
LANGUAGES = ("en", "fr", "pt", "sw", "ar")
RECALLED = "recalled"  # known, but not verified in a source yet

Phrase = tuple[str, ...]  # the stems of a term in order, without function words


@dataclass(frozen=True, slots=True)
class Term:
    """A term of one language; ``source`` names where it was seen, with its date, or is empty: recalled."""

    text: str
    language: str
    source: str


class Named(NamedTuple):
    """A concept that a question names: by which of its words, and how else a passage may name it."""

    words: frozenset[str]
    phrases: tuple[Phrase, ...]


class _Match(NamedTuple):
    """A term that stands in a question: its concept, and between which tokens it stands."""

    concept: int
    first: int
    last: int
    length: int  # words that carry meaning


class Glossary:
    """Concepts, each with its terms in several languages. Terms are compared by stems, the longest first."""

    def __init__(self, concepts: Collection[tuple[Term, ...]]) -> None:
        self.concepts = tuple(concepts)
        self._by_language: dict[str, dict[Phrase, int]] = {}
        for number, concept in enumerate(self.concepts):
            for term in concept:
                self._by_language.setdefault(term.language, {})[phrase(term.text, term.language)] = number
        self._longest = max((len(one) for own in self._by_language.values() for one in own), default=0)

    def named_in(self, question: str, languages: Collection[str]) -> tuple[Named, ...]:
        """The concepts that ``question`` names in any language, with their other names in ``languages``.

        A longer term wins over a shorter one that it overlaps, so that "skills partnership" is not "skills".
        """
        words = [token.word for token in tokens(question)]
        taken: set[int] = set()
        named = []
        for match in sorted(self._matches(words), key=lambda one: (-one.length, one.first)):
            covered = range(match.first, match.last + 1)
            if taken.isdisjoint(covered):
                taken.update(covered)
                own = frozenset(words[index] for index in covered)
                phrases = {
                    phrase(term.text, term.language): None
                    for term in self.concepts[match.concept]
                    if term.language in languages
                }
                named.append(Named(own, tuple(phrases)))
        return tuple(named)

    def _matches(self, words: list[str]) -> Iterator[_Match]:
        for language, known in self._by_language.items():
            stopped = stop_words(language)
            kept = [(index, stem(word, language)) for index, word in enumerate(words) if word not in stopped]
            for start in range(len(kept)):
                for end in range(start + 1, min(start + self._longest, len(kept)) + 1):
                    concept = known.get(tuple(one for _, one in kept[start:end]))
                    if concept is not None:
                        yield _Match(concept, kept[start][0], kept[end - 1][0], end - start)


def phrase(term: str, language: str) -> Phrase:
    """A term as it is searched for."""
    stopped = stop_words(language)
    return tuple(stem(token.word, language) for token in tokens(term) if token.word not in stopped)


@cache
def glossary() -> Glossary:
    """The glossary that ships. Raises FileRejected where somebody broke it."""
    return read_glossary((resources.files("index") / FILE).read_bytes(), FILE)


def read_glossary(content: bytes, name: str) -> Glossary:
    """The glossary in a file's ``content``; raises FileRejected, naming the term at fault."""
    whole = _mapping(parse_yaml(decode(content, name), name), "The file", name)
    sources = {
        str(code): str(source) for code, source in _mapping(whole.get("sources"), "sources:", name).items()
    }
    listed = whole.get("concepts")
    if not isinstance(listed, list) or not listed:
        raise FileRejected(
            name, "Below concepts: there must be a list of concepts, each beginning with a dash."
        )
    concepts = [_concept(number, one, sources, name) for number, one in enumerate(listed, start=1)]
    _must_be_apart(concepts, name)
    return Glossary(concepts)


def _concept(number: int, given: object, sources: Mapping[str, str], name: str) -> tuple[Term, ...]:
    by_language = _mapping(given, f"Concept {number}", name)
    unknown = [str(language) for language in by_language if language not in LANGUAGES]
    if unknown:
        known = ", ".join(LANGUAGES)
        raise FileRejected(name, f"Concept {number} has the language {unknown[0]}; known are {known}.")
    if "en" not in by_language:
        raise FileRejected(name, f"Concept {number} has no term in English. Add one below en:.")
    return tuple(
        _term(str(text), str(language), evidence, sources, name)
        for language, terms in by_language.items()
        for text, evidence in _mapping(terms, f"Concept {number}, {language}:", name).items()
    )


def _term(text: str, language: str, evidence: object, sources: Mapping[str, str], name: str) -> Term:
    if evidence != RECALLED and evidence not in sources:
        raise FileRejected(
            name,
            f"Behind the term {text} ({language}) must stand the code of a source, or the word {RECALLED}.",
        )
    if not phrase(text, language):
        raise FileRejected(name, f"The term {text} ({language}) has no word that carries meaning.")
    return Term(text, language, sources.get(str(evidence), ""))


def _must_be_apart(concepts: Collection[tuple[Term, ...]], name: str) -> None:
    """Refuse a term that two concepts share: a question could not tell which it means."""
    seen: dict[tuple[str, Phrase], tuple[int, str]] = {}
    for number, concept in enumerate(concepts, start=1):
        for term in concept:
            key = (term.language, phrase(term.text, term.language))
            other, text = seen.setdefault(key, (number, term.text))
            if other != number:
                raise FileRejected(
                    name,
                    f"The term {term.text} ({term.language}) stands in two concepts, {other} and {number}"
                    f"{'' if text == term.text else f', there as {text}'}. Leave it in one.",
                )


def _mapping(value: object, what: str, name: str) -> Mapping[object, object]:
    if not isinstance(value, dict) or not value:
        raise FileRejected(name, f"{what} must hold names with a colon and a value behind each.")
    return value
