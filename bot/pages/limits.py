"""What a search can be limited to: as addresses say it, as a scope holds it, as readers call it."""

from __future__ import annotations

import re
from calendar import month_name
from dataclasses import replace
from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from index.library import Library
from index.scope import Reader, Scope
from ingest.domain import KINDS
from ingest.errors import NotFound
from web.addresses import query_string
from web.words import kind_words, language_name, review_words

LONGEST = 120  # characters of a value
_MOST_VALUES = 12  # of all limits together that an address may ask for
_MOST_BYTES = 600  # of them as an address says them: it stands in several links of the page
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


class Limit(NamedTuple):
    """One way to limit a search: its name in addresses, in a scope, in a source, and for readers."""

    name: str
    of_scope: str
    of_source: str
    title: str

    def values(self, scope: Scope) -> tuple[str, ...]:
        """What ``scope`` is limited to; empty where this is open."""
        chosen: tuple[str, ...] = getattr(scope, self.of_scope)
        return chosen

    def narrowed(self, scope: Scope, values: tuple[str, ...]) -> Scope:
        """``scope`` limited to ``values`` instead."""
        changes: dict[str, Any] = {self.of_scope: values}
        return replace(scope, **changes)


# What readers choose from; most documents have a value of each.
LIMITS = (
    Limit("kind", "kinds", "kind", "Kind of document"),
    Limit("country", "countries", "countries", "Country"),
    Limit("theme", "themes", "themes", "Theme"),
    Limit("event", "events", "event", "Webinar"),
    Limit("speaker", "speakers", "speakers", "Speaker"),
    Limit("sector", "sectors", "sectors", "Sector"),
    Limit("corridor", "corridors", "corridors", "Corridor"),
    Limit("language", "languages", "language", "Language"),
    Limit("review", "tiers", "review", "Review"),
)
WHEN = Limit("when", "periods", "date", "Year")
DOCUMENT = Limit("source", "sources", "id", "Document")
ALL_LIMITS = (*LIMITS, WHEN, DOCUMENT)


def scope_of(query: QueryParams) -> Scope:
    """The scope that an address asks for, as far as its values are not too many or too long."""
    chosen: dict[str, tuple[str, ...]] = {limit.of_scope: () for limit in ALL_LIMITS}
    bytes_left = _MOST_BYTES
    for limit, value in _given(query)[:_MOST_VALUES]:
        bytes_left -= len(query_string([(limit.name, value)]).encode())
        if bytes_left >= 0:
            chosen[limit.of_scope] += (value,)
    return Scope(**chosen)  # type: ignore[arg-type]  # each of these fields holds words


def label_of(library: Library, limit: Limit, value: str, reader: Reader = Reader()) -> str:
    """A value as readers call it."""
    if limit.name == "kind":
        return kind_words(value, count=2) if value in KINDS else value
    if limit.name == "language":
        return language_name(value)
    if limit.name == "event":
        return next((event.title for event in library.events(reader) if event.id == value), value)
    if limit.name == "review":
        return review_words(value)
    if limit.name == "source":
        return _title(library, value, reader)
    return period_words(value) if limit.name == "when" else value


def period_words(period: str) -> str:
    """A year or a month in words: "2026", "March 2026"; as it stands where it is neither."""
    match = _PERIOD.fullmatch(period)
    if match is None or match[2] is None:
        return period
    return f"{month_name[int(match[2])]} {match[1]}"


def _title(library: Library, source_id: str, reader: Reader) -> str:
    try:
        return library.entry(source_id, reader).source.title
    except NotFound:
        return source_id


def _given(query: QueryParams) -> list[tuple[Limit, str]]:
    """What an address says of each limit, once."""
    said = [(limit, value) for limit in ALL_LIMITS for value in query.getlist(limit.name)]
    cut = ((limit, value.strip()[:LONGEST]) for limit, value in said)
    return [*dict.fromkeys((limit, value) for limit, value in cut if value)]
