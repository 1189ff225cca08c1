"""What a search is limited to, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from ingest.domain import Source


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: an id (empty for a visitor) and the audiences that they belong to."""

    id: str = ""
    audiences: frozenset[str] = frozenset({"public"})


PUBLIC = Reader()
STAFF = Reader("operator", frozenset({"public", "members", "staff"}))


def periods(day: date | None) -> tuple[str, ...]:
    """The year and the month of a day: ("2026", "2026-03"); nothing where there is none."""
    return (day.isoformat()[:4], day.isoformat()[:7]) if day else ()


# What a source can be limited by: the field of a scope, and the values that a source has in it.
FIELDS: Mapping[str, Callable[[Source], tuple[str, ...]]] = {
    "kinds": lambda source: (source.kind,),
    "countries": lambda source: source.countries,
    "corridors": lambda source: source.corridors,
    "sectors": lambda source: source.sectors,
    "themes": lambda source: source.themes,
    "events": lambda source: (source.event or "",),
    "languages": lambda source: (source.language,),
    "sources": lambda source: (source.id,),
    "periods": lambda source: periods(source.date),
    "tiers": lambda source: (source.review,),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to. An empty field limits nothing; several values of one field are 'or'."""

    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()  # years and months: "2026", "2026-03"
    tiers: tuple[str, ...] = ()  # "checked", "peer reviewed", "not reviewed"
    speakers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is limited."""
        return all(not getattr(self, field.name) for field in fields(self))

    def admits(self, source: Source) -> bool:
        """Whether ``source`` lies inside, speakers left aside: they are a matter of passages."""
        limits = ((wanted, of) for name, of in FIELDS.items() if (wanted := getattr(self, name)))
        if not all(_meet(wanted, of(source)) for wanted, of in limits):
            return False
        if self.since and (source.date is None or source.date < self.since):
            return False
        return not (self.until and (source.date is None or source.date > self.until))


def _meet(wanted: tuple[str, ...], present: tuple[str, ...]) -> bool:
    return not {value.casefold() for value in wanted}.isdisjoint(value.casefold() for value in present)
