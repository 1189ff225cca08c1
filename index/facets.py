"""What is known of a passage as terms that the word index can filter by, and a scope as a search for them.

Both sides mean what :meth:`Scope.admits` means; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index.scope import FIELDS, Scope
from index.wording import Clause
from ingest.domain import Source


@dataclass(frozen=True, slots=True)
class Facets:
    """A passage's terms, and the day that its source is of, counted from the first of January of year 1."""

    terms: tuple[str, ...]
    day: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """The passages that a search may return: those with a term of each group and a day between two, both
    included; or just the rows ``passages``, if given. Each of ``required`` stands in them, and none of
    ``excluded``.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    days: tuple[int, int] | None = None
    passages: Sequence[int] | None = None
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()


def facets_of(source: Source, audience: str, speakers: Iterable[str] = ()) -> Facets:
    """The facets of a passage in which ``speakers`` speak."""
    values: dict[str, Iterable[str]] = {name: of(source) for name, of in FIELDS.items()}
    values |= {"audience": (audience,), "speakers": speakers}
    terms = [_term(name, value) for name, several in values.items() for value in several]
    return Facets(tuple(terms), source.date.toordinal() if source.date else None)


def filter_of(scope: Scope, audiences: Iterable[str]) -> Filter:
    """What readers of ``audiences`` may find inside ``scope``."""
    wanted: dict[str, Sequence[str]] = {name: getattr(scope, name) for name in (*FIELDS, "speakers")}
    wanted["audience"] = sorted(audiences)
    groups = [
        tuple(_term(name, value) for value in several)
        for name, several in wanted.items()
        if several or name == "audience"
    ]
    days = ((scope.since or date.min).toordinal(), (scope.until or date.max).toordinal())
    return Filter(tuple(groups), days if scope.since or scope.until else None)


def _term(name: str, value: str) -> str:
    return f"{name}={value if name == 'audience' else value.casefold()}"
