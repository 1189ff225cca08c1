"""What a search is limited to, and who asks."""

from __future__ import annotations

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
    speakers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is limited."""
        return all(not getattr(self, field.name) for field in fields(self))

    def admits(self, source: Source) -> bool:
        """Whether ``source`` lies inside, speakers left aside: they are a matter of passages."""
        pairs = (
            (self.kinds, (source.kind,)),
            (self.countries, source.countries),
            (self.corridors, source.corridors),
            (self.sectors, source.sectors),
            (self.themes, source.themes),
            (self.events, (source.event or "",)),
            (self.languages, (source.language,)),
            (self.sources, (source.id,)),
        )
        if any(wanted and not _meet(wanted, present) for wanted, present in pairs):
            return False
        if self.since and (source.date is None or source.date < self.since):
            return False
        return not (self.until and (source.date is None or source.date > self.until))


def _meet(wanted: tuple[str, ...], present: tuple[str, ...]) -> bool:
    return not {value.casefold() for value in wanted}.isdisjoint(value.casefold() for value in present)
