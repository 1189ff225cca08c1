"""Which session a question refers to: "in the July webinar on return, who ...", "the April 2024 webinar"."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.analysis import stem, stop_words, tokens
from index.library import Library
from index.scope import Reader
from ingest.domain import Span

_MOST = 3  # sessions that one phrase can mean; more, and it means none
_LONGEST_ACRONYM = 5
_MONTHS = frozenset(name.casefold() for name in month_name)
# "In the July webinar on return and data," - what stands before the noun, and after its preposition
_PHRASE = re.compile(
    r"(?:\b(?:in|at|during|from|of)\s+)?\b(?:the|our|that|this|your)\s+"
    r"(?P<before>(?:(?!the\b|our\b|that\b|this\b|your\b)[\w'’-]+\s+){0,6}?)"
    r"(?:webinar|session|event|meeting|recording|transcript)\b"
    r"(?:\s+(?:on|about|of|with|from)\s+(?P<after>[^,;:?.!]+))?,?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Referred:
    """The sessions (ids and titles of events) that a question refers to, and the question without that."""

    events: tuple[str, ...]
    titles: tuple[str, ...]
    remainder: str


@dataclass(frozen=True, slots=True)
class _Session:
    event: str
    title: str
    words: frozenset[str]  # stems by which it can be called


def referred(question: str, library: Library, reader: Reader) -> Referred | None:
    """The sessions that have every word by which ``question`` calls one, in title or date; or None."""
    phrases = list(_PHRASE.finditer(question))
    sessions = list(_sessions(library, reader)) if phrases else []
    for phrase in phrases:
        ends = {one: end for one in sessions if (end := _end_of_name(phrase, one)) is not None}
        furthest = max(ends.values(), default=0)
        meant = [one for one, end in ends.items() if end == furthest]
        if 0 < len(meant) <= _MOST:
            rest = f"{question[: phrase.start()]} {question[furthest:].lstrip(' ,')}"
            return Referred(
                tuple(one.event for one in meant), tuple(one.title for one in meant), " ".join(rest.split())
            )
    return None


def _sessions(library: Library, reader: Reader) -> Iterator[_Session]:
    """Every session that has a page or a transcript, once."""
    seen: set[str] = set()
    for event in library.events(reader):
        seen.add(event.id)
        yield _session(event.id, event.title, event.start.date())
    for source in library.sources(reader):
        if source.kind == "transcript" and source.event and source.event not in seen:
            seen.add(source.event)
            yield _session(source.event, source.title, source.date)


def _session(event: str, title: str, day: date | None) -> _Session:
    called = f"{title} {event.replace('-', ' ')} {f'{day:%d %B %Y}' if day else ''}"
    stems = frozenset(stem(word, "en") for word in _content(called))
    return _Session(event, title, stems | _acronyms(_content(title)))


def _content(text: str) -> list[str]:
    return [token.word.lstrip("0") or "0" for token in tokens(text) if not _says_nothing(token.word)]


def _says_nothing(word: str) -> bool:
    return word in stop_words("en") and word not in _MONTHS  # "may" is one of both


def _acronyms(words: Sequence[str]) -> frozenset[str]:
    """What neighbouring words are called by their initials: "rpl" for recognition of prior learning."""
    runs = (
        words[start : start + length]
        for length in range(2, _LONGEST_ACRONYM + 1)
        for start in range(len(words) - length + 1)
    )
    return frozenset("".join(word[0] for word in run) for run in runs)


def _end_of_name(phrase: re.Match[str], session: _Session) -> int | None:
    """Where in the question the name of ``session`` ends; None where it is not the one that is called so.

    All words before the noun have to be its own; after it, those up to the first that is not.
    """
    before = _content(phrase["before"])
    if any(stem(word, "en") not in session.words for word in before):
        return None
    noun_end = phrase.end() if phrase["after"] is None else phrase.start("after")
    matched = _matched(phrase["after"] or "", session)
    if phrase["after"] is not None and not matched:
        return None
    if not before and not matched:
        return None
    return noun_end if phrase["after"] is None else noun_end + matched[-1].end


def _matched(text: str, session: _Session) -> list[Span]:
    """The content words of ``text`` that are the session's own, up to the first that is not."""
    spans: list[Span] = []
    for token in tokens(text):
        if _says_nothing(token.word):
            continue
        if stem(token.word, "en") not in session.words:
            break
        spans.append(token.span)
    return spans
