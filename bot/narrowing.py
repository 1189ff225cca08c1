"""A question that names a country, a scheme, a session or a speaker asks for a scope: here it is found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.answer import Narrowing
from index.analysis import stop_words, tokens
from index.library import Library
from index.scope import Reader, Scope
from ingest.domain import Source

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&-]{2,}\b")
_ABOUT_A_SESSION = re.compile(r"\b(?:session|webinar|event|meeting|recording|transcript)s?\b", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b(?:say|says|said|speak|spoke|speaker|mention(?:ed)?|told|asked|quote)\b", re.IGNORECASE
)


def narrowing(question: str, library: Library, reader: Reader) -> Narrowing | None:
    """The scope that ``question`` names, or None. Names of one sort widen each other ("Kenya or Uganda")."""
    sources = [entry.source for entry in library.entries(reader)]
    if names := _speakers(question, library, reader):
        return Narrowing(Scope(speakers=names), names, _without(question, names))
    if event := _session(question, sources):
        return Narrowing(Scope(events=(event.event or "",)), (event.title,))
    if schemes := _schemes(question, sources):
        ids = tuple(source.id for name in schemes for source in sources if _is_about(source, name))
        countries = _countries(question, library, reader)
        ids += tuple(one.id for one in sources if not set(countries).isdisjoint(one.countries))
        return Narrowing(Scope(sources=tuple(dict.fromkeys(ids))), (*schemes, *countries))
    if countries := _countries(question, library, reader):
        return Narrowing(Scope(countries=countries), countries)
    return None


def _speakers(question: str, library: Library, reader: Reader) -> tuple[str, ...]:
    if not _SPOKEN.search(question):
        return ()
    return _named(question, (name for name, _ in library.values("speakers", reader)))


def _without(question: str, names: tuple[str, ...]) -> str:
    """``question`` without the speakers' names and the words of saying; empty where nothing is left."""
    for name in names:
        question = re.sub(rf"\b(?:the\s+)?{re.escape(name)}s?\b", " ", question, flags=re.IGNORECASE)
    rest = _SPOKEN.sub(" ", question)
    content = [token for token in tokens(rest) if token.word not in stop_words("en")]
    return " ".join(rest.split()) if content else ""


def _session(question: str, sources: list[Source]) -> Source | None:
    """The one session whose title the question repeats in good part."""
    if not _ABOUT_A_SESSION.search(question):
        return None
    asked = {token.word for token in tokens(question)}
    best, most = None, 0.5
    for source in sources:
        if source.event and source.kind == "transcript":
            title = {token.word for token in tokens(source.title) if len(token.word) > 3}
            share = len(title & asked) / len(title) if title else 0.0
            if share > most:
                best, most = source, share
    return best


def _schemes(question: str, sources: list[Source]) -> tuple[str, ...]:
    """Acronyms of the question that a document bears in its title."""
    found = (match.group() for match in _ACRONYM.finditer(question))
    return tuple(dict.fromkeys(name for name in found if any(_is_about(one, name) for one in sources)))


def _is_about(source: Source, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", source.title) is not None


def _countries(question: str, library: Library, reader: Reader) -> tuple[str, ...]:
    return _named(question, (name for name, _ in library.values("countries", reader)))


def _named(question: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that stand in the question, also as the adjective that only adds an ending."""
    words = f" {' '.join(token.word for token in tokens(question))} "
    return tuple(name for name in names if f" {' '.join(t.word for t in tokens(name))}" in words)
