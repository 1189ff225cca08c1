"""What a sentence claims, taken apart: its clauses with their words, names, numbers and denials.

The word lists in ``bot/verification/lexicon`` are English; digits and names are found in any language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.verification import naming
from bot.verification.calendar import Time, times
from bot.verification.dates import Date, dates
from bot.verification.quantities import Quantity, periods, quantities
from bot.verification.wordlists import (
    Stems,
    content,
    meaning,
    sides_taken,
    stem_of,
    stems,
    tells,
    without,
)
from index.analysis import fold, tokens
from ingest.domain import Span

_CLAUSE = re.compile(
    r"\n|(?<=[.!?])\s(?=[A-Z])|[;:]|\((?![A-Z]+\))|(?<![A-Z])\)|,(?!\d)"
    r"|\b(?:and|but|while|whilst|whereas|which|who|although|though|because|since(?! \d)|next to"
    r"|if|when|until|unless|whether)\b"
)
_AT = re.compile(r"\b(?:in|at|near)\s+$", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:^|[.!?\n]\s*)(?:In|At|Under|On|By|From|For|Since|During|Until|According to)\b[^,.;\n]{1,35}$"
)
_LISTED = re.compile(r"\s*(?!(?:in|for|to|by|from|at|not)\b)[a-z-]+(?: [a-z-]+)?(?:,| and\b| or\b|[.;]|$)")
_PREPOSITION = re.compile(r"\s*(?:(?:and|by|in|for|with|from|to|the)\s+)*")
# A number that is part of a name, as in "Act No. 22", is only mistaken for another such number.
_TITLE = re.compile(r"\b(?:No\.?|Act|Article|Objective|Convention|Recommendation|Proclamation|Paper)\s*$")
# The first day of "20 to 22 June".
_DAY = re.compile(
    r"\s*(?:to|and|-|–)\s*\d{1,2}\s+(?:January|February|March|April|May|June|July|August|Sept|Oct|Nov|Dec)"
)
# Content words that a denial reaches within its clause: "no" and "without" deny a thing, "not" an action.
_REACH = {"no": 2, "without": 2, "none": 2}
_REACH_OF_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between commas and conjunctions: its stems in order and its facts, as "place Kenya"."""

    stems: Stems
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word by its meaning, or a fact, and where it stands: which word of the text, which clause and line.

    A fact's term is a kind and a value; a side of the opposites is such a fact.
    """

    term: str
    position: int
    clause: int
    line: int

    @property
    def is_fact(self) -> bool:
        """Whether it is more than a word."""
        return " " in self.term

    @property
    def kind(self) -> str:
        """What may be mistaken for it: "place" for "place Kenya"; "" for a word."""
        return self.term.partition(" ")[0] if self.is_fact else ""

    @property
    def is_side(self) -> bool:
        """Whether it is one side of two opposites."""
        return self.term.startswith("side")


@dataclass(frozen=True, slots=True)
class Claims:
    """A text with everything in it that can be checked."""

    text: str
    stems: Stems
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    times: frozenset[Time]
    periods: frozenset[str]
    places: tuple[str, ...]
    names: tuple[str, ...]
    clauses: tuple[Clause, ...]
    marks: tuple[Mark, ...]
    places_of: dict[str, list[Mark]]
    kinds: dict[str, set[str]]
    actors: tuple[tuple[str, int], ...]
    directions: dict[str, set[str]]


@lru_cache(maxsize=512)
def claims(text: str) -> Claims:
    """``text`` taken apart."""
    clauses, marks = _clauses(text)
    places_of: dict[str, list[Mark]] = {}
    kinds: dict[str, set[str]] = {}
    for mark in marks:
        places_of.setdefault(mark.term, []).append(mark)
        kinds.setdefault(mark.kind, set()).add(mark.term)
    return Claims(
        text,
        stems(text),
        tuple(quantities(text)),
        tuple(dates(text)),
        times(text, dates(text), quantities(text)),
        frozenset(periods(text)),
        tuple(place for place, _ in naming.places(text)),
        tuple(naming.names(text)),
        tuple(clauses),
        tuple(marks),
        places_of,
        kinds,
        tuple(naming.actors(text)),
        naming.directions(text),
    )


def _clauses(text: str) -> tuple[list[Clause], list[Mark]]:
    names = set(naming.names(text))
    figures = [one.span for one in quantities(text)]
    inner = [
        match.start()
        for match in _CLAUSE.finditer(text)
        if not _parts_nothing(match, text)
        and not any(span.start < match.start() < span.end for span in figures)
    ]
    clauses: list[Clause] = []
    marks: list[Mark] = []
    passed = 0
    for start, end in pairwise([0, *inner, len(text)]):
        part = text[start:end]
        terms = _terms(part, names)
        line = text.count("\n", 0, start + 1)
        marks += [Mark(term, passed + position, len(clauses), line) for position, term in terms]
        clauses.append(Clause(stems(part), frozenset(term for _, term in terms if " " in term)))
        passed += len(tokens(part))
    return clauses, marks


def _parts_nothing(match: re.Match[str], text: str) -> bool:
    """Whether it only parts names, "Tunisia, Morocco and Egypt", or an opening, "In May, ..."."""
    before, after = text[: match.start()].split()[-1:], _PREPOSITION.sub("", text[match.end() :])[:1]
    owner = re.match(r"\s*\w+['’]s\b", text[match.end() :])
    names = (
        match.group() in (",", "and") and before and before[0][0].isupper() and after.isupper() and not owner
    )
    if names or (match.group() == "," and _OPENING.search(text[: match.start()])):
        return True
    listed = _LISTED.match(text[match.end() :])
    return match.group() in (",", "and") and bool(listed) and not quantities(listed.group() if listed else "")


def _terms(text: str, names: set[str]) -> list[tuple[int, str]]:
    """The words and facts of a clause, each with the number of its word."""
    numbers = [token.span.start for token in tokens(text)]
    found = [(bisect_left(numbers, span.start), span, fact) for span, fact in _facts(text, names)]
    rest = text
    for _, span, _ in found:
        rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
    own = [(bisect_left(numbers, token.span.start), stem_of(token.word)) for token in tokens(rest)]
    sides = [(place, f"side{line} {side}") for place, line, side in sides_taken(stems(_without_dates(text)))]
    return [
        *((number, fact) for number, _, fact in found),
        *((number, meaning(word)) for number, word in own if content([word])),
        *sides,
    ]


def _without_dates(text: str) -> str:
    """``text`` with "date" for every date, so that May is no permission."""
    for date in reversed(dates(text)):
        text = (
            text[: date.span.start]
            + " ".join("date" for _ in tokens(text[date.span.start : date.span.end]))
            + text[date.span.end :]
        )
    return text


def _facts(text: str, known: set[str]) -> Iterator[tuple[Span, str]]:
    """The facts of a clause with their places: a number belongs to its kind, a name is one of ``known``."""
    for one in quantities(text):
        if (one.value != 1 or one.unit) and not _DAY.match(text[one.span.end :]):
            kind = "title" if _TITLE.search(text[: one.span.start]) else one.kind
            yield one.span, f"{kind} {one.value:.10g}"
    yield from ((date.span, f"date {date.month} {date.year}") for date in dates(text))
    yield from ((span, f"place {place}") for place, span in naming.places(text))
    yield from ((span, f"role {role}") for role, span in naming.roles(text))
    found = [
        (name, Span(*match.span()))
        for name in known & set(naming.names(f"~ {text}"))
        for match in re.finditer(rf"\b{re.escape(name)}\b", text)
    ]
    for name, span in found:
        yield span, f"{'acronym' if naming.ACRONYM.fullmatch(name) else 'name'} {fold(name)}"
    for name, span in [*found, *naming.places(text)]:
        if _AT.search(text[: span.start]) and not naming.ACRONYM.fullmatch(text[span.start : span.end]):
            yield span, f"spot {fold(name)}"


def denied(words: Stems, negations: Sequence[Stems], phrases: Sequence[Stems]) -> list[str]:
    """The content stems that a negation in ``words`` (one clause) reaches."""
    reached: list[str] = []
    cleared = without(words, phrases)
    for index in range(len(cleared)):
        for negation in negations:
            if cleared[index : index + len(negation)] == negation:
                before, after = cleared[:index], cleared[index + len(negation) :]
                reach = _REACH.get(negation[0], _REACH_OF_OTHERS)
                # Where nothing follows, it looks back: "we looked for proof and found none".
                reached += _telling(after)[:reach] or _telling(before)[-_REACH_OF_OTHERS:]
    return reached


def _telling(words: Stems) -> list[str]:
    return [word for word in words if tells(word)]
