"""A question that names a country, scheme, session or speaker, or asks who said it, asks for a scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.answer import Narrowing
from bot.followup import parts
from bot.moments import spoken_of
from bot.sessions import referred
from index.analysis import stop_words, tokens
from index.library import Library
from index.scope import Reader, Scope
from ingest.domain import Source

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&-]{2,}\b")
_ENDING = re.compile(r"(?:i?an|n|ese|i)?s?")  # what makes "Kenyan", "Tongans" and "growers" of a name
_SPOKEN = re.compile(
    r"\b(?:say|says|said|speak|spoke|speaker|mention(?:ed)?|told|asked|quote)\b", re.IGNORECASE
)

_TALKS = "webinar transcripts"


def narrowing(question: str, library: Library, reader: Reader) -> Narrowing | None:
    """The scope that ``question`` names, or None. Names of one sort widen each other ("Kenya or Uganda")."""
    subject = spoken_of(question)
    # a second question, or a follow-up behind this one, asks for what need not have been spoken
    if subject is None or ":" in subject or len(parts(question)) > 1:
        return _by_name(question, library, reader)
    named = _by_name(subject, library, reader) or Narrowing(Scope(), ())
    if named.scope.events:  # of a session the programme is wanted too
        return named
    scope = replace(named.scope, kinds=("transcript",))
    return Narrowing(scope, (_TALKS, *named.names), named.remainder or subject)


def _by_name(question: str, library: Library, reader: Reader) -> Narrowing | None:
    sources = library.sources(reader)
    if names := _speakers(question, library, reader):
        return Narrowing(Scope(speakers=names), names, _without(question, names))
    if session := referred(question, library, reader):
        return Narrowing(Scope(events=session.events), session.titles, session.remainder)
    if schemes := _schemes(question, sources):
        countries = _countries(question, library, reader)
        spoken_of = frozenset[str]().union(*(library.mentioning(name, reader) for name in schemes))
        about = [
            source.id
            for source in sources
            if any(_is_about(source, name) for name in schemes)
            # the sheet of another scheme compares itself; notes, reports and guides speak of all of them
            or (source.id in spoken_of and source.kind != "good_practice")
            or not set(countries).isdisjoint(source.countries)
        ]
        return Narrowing(Scope(sources=tuple(about)), (*schemes, *countries))
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


def _schemes(question: str, sources: list[Source]) -> tuple[str, ...]:
    """Acronyms of the question that a document bears in its title."""
    found = (match.group() for match in _ACRONYM.finditer(question))
    return tuple(dict.fromkeys(name for name in found if any(_is_about(one, name) for one in sources)))


def _is_about(source: Source, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", source.title) is not None


def _countries(question: str, library: Library, reader: Reader) -> tuple[str, ...]:
    return _named(question, (name for name, _ in library.values("countries", reader)))


def _named(question: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that stand in the question, also as the adjective that only adds an ending.

    A name inside a longer one is not meant: neither Guinea by "Papua New Guinea" nor Niger by "Nigerian".
    """
    asked = [token.word for token in tokens(question)]
    found: dict[int, str] = {}
    for name in sorted(names, key=len):
        words = [token.word for token in tokens(name)]
        for start in range(len(asked) - len(words) + 1):
            if words and _is_name(words, asked[start : start + len(words)]):
                found |= dict.fromkeys(range(start, start + len(words)), name)
    return tuple(dict.fromkeys(found[place] for place in sorted(found)))


def _is_name(name: list[str], words: list[str]) -> bool:
    """Whether ``words``, as many as ``name`` has, are that name."""
    ending = words[-1].removeprefix(name[-1])
    is_last = words[-1].startswith(name[-1]) and _ENDING.fullmatch(ending) is not None
    return is_last and words[:-1] == name[:-1]
