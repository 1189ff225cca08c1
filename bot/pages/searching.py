"""What the search page shows: what an address asks for, the hits by document, what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.pages.excerpts import Excerpt, excerpt
from bot.pages.rendering import kind_words, language_name
from index.entries import Entry
from index.hits import Hit
from index.library import Library
from index.scope import Reader, Scope
from index.searching import MODES
from ingest.domain import KINDS, Source

LONGEST = 300  # characters of a search; its address stands in every link of the page
DOCUMENTS_A_PAGE = 8
_MOST = 120  # passages that are looked at
_NEARLY = 0.8  # of the best score in a document: enough to be shown first if it has the very words
_CLOSE = 0.3  # cosine: below it, a passage that shares no word with the search is not shown
_VALUES = 12  # of one limit that an address may ask for
_CHOICES = 12  # of one limit that are offered
_EXCERPT = 340  # characters
_SHORT_EXCERPT = 160
_OTHERS = 3  # further passages of a document that are shown
_EVERYTHING = Scope()


class Limit(NamedTuple):
    """One way to narrow a search: its name in addresses, in Scope, in Source, and for readers."""

    name: str
    of_scope: str
    of_source: str
    title: str


LIMITS = (
    Limit("kind", "kinds", "kind", "Kind of document"),
    Limit("country", "countries", "countries", "Country"),
    Limit("event", "events", "event", "Webinar"),
    Limit("theme", "themes", "themes", "Theme"),
    Limit("language", "languages", "language", "Language"),
    Limit("speaker", "speakers", "speakers", "Speaker"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address of the search page asks for. ``page`` counts from 1."""

    words: str = ""
    scope: Scope = _EVERYTHING
    mode: str = "hybrid"
    page: int = 1
    cut: bool = False  # the words were longer than is searched

    def values(self, limit: Limit) -> tuple[str, ...]:
        """What ``limit`` is narrowed to; empty where it is open."""
        chosen: tuple[str, ...] = getattr(self.scope, limit.of_scope)
        return chosen

    def without(self, limit: Limit, value: str | None = None) -> Wanted:
        """The same search from its first page, with ``limit`` open, or with one value fewer."""
        left = tuple(one for one in self.values(limit) if value is not None and one != value)
        return replace(self, scope=_narrowed(self.scope, limit, left), page=1)

    def turned_to(self, page: int) -> Wanted:
        """The same search at another page of its results."""
        return replace(self, page=page)

    @property
    def address(self) -> str:
        """The address that asks for exactly this."""
        query = [("q", self.words)] if self.words else []
        query += [(limit.name, value) for limit in LIMITS for value in self.values(limit)]
        query += [("mode", self.mode)] if self.mode != "hybrid" else []
        query += [("page", str(self.page))] if self.page > 1 else []
        return f"/search?{urlencode(query)}" if query else "/search"


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one document, the best first. ``more`` counts all passages but the best."""

    source: Source
    best: Excerpt
    others: tuple[Excerpt, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of one page of results, and how much there is in all."""

    groups: tuple[Group, ...]
    passages: int
    documents: int

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than was looked at."""
        return self.passages >= _MOST

    @property
    def pages(self) -> int:
        """How many pages of results there are."""
        return -(-self.documents // DOCUMENTS_A_PAGE)


class Choice(NamedTuple):
    """One value that a search can be narrowed to."""

    value: str
    label: str
    documents: int
    chosen: bool


class Chip(NamedTuple):
    """One value that a search is narrowed to, and the search without it."""

    label: str
    address: str


class Loosening(NamedTuple):
    """A limit that stands in the way: what is found without it."""

    label: str
    address: str
    passages: int


def wanted(query: QueryParams) -> Wanted:
    """What an address asks for; whatever cannot be understood counts as absent."""
    words = " ".join(query.get("q", "").split())
    mode, page = query.get("mode", ""), query.get("page", "")
    return Wanted(
        words=words[:LONGEST].strip(),
        scope=_scope(query),
        mode=mode if mode in MODES else "hybrid",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 4 else 1,
        cut=len(words) > LONGEST,
    )


def find(library: Library, wanted: Wanted, reader: Reader) -> Found:
    """One page of results."""
    hits = _relevant_hits(library, wanted, reader)
    by_source: dict[str, list[Hit]] = {}
    for hit in hits:
        by_source.setdefault(hit.source.id, []).append(hit)
    first = (wanted.page - 1) * DOCUMENTS_A_PAGE
    shown = list(by_source.values())[first : first + DOCUMENTS_A_PAGE]
    return Found(tuple(_group(some) for some in shown), len(hits), len(by_source))


def browse(library: Library, wanted: Wanted, reader: Reader) -> list[Entry]:
    """The documents inside the limits, where no words are searched."""
    return [entry for entry in library.entries(reader) if wanted.scope.admits(entry.source)]


def loosenings(library: Library, wanted: Wanted, reader: Reader) -> list[Loosening]:
    """What would be found with one limit open, for each limit that is in the way."""
    found = []
    for limit in LIMITS:
        if values := wanted.values(limit):
            open_ = wanted.without(limit)
            if count := len(_relevant_hits(library, open_, reader)):
                label = ", ".join(label_of(library, limit, value) for value in values)
                found.append(Loosening(label, open_.address, count))
    return found


def choices(library: Library, wanted: Wanted, reader: Reader) -> dict[Limit, list[Choice]]:
    """What each limit can be narrowed to: what is chosen, and what most documents have."""
    offered = {limit: _choices(library, limit, wanted.values(limit), reader) for limit in LIMITS}
    return {limit: some for limit, some in offered.items() if len(some) > 1 or wanted.values(limit)}


def chips(library: Library, wanted: Wanted) -> list[Chip]:
    """What the search is narrowed to, each with the way out."""
    return [
        Chip(label_of(library, limit, value), wanted.without(limit, value).address)
        for limit in LIMITS
        for value in wanted.values(limit)
    ]


def label_of(library: Library, limit: Limit, value: str) -> str:
    """A value as readers call it."""
    if limit.name == "kind":
        return kind_words(value, count=2) if value in KINDS else value
    if limit.name == "language":
        return language_name(value)
    if limit.name == "event":
        return next((event.title for event in library.events() if event.id == value), value)
    return value


def _scope(query: QueryParams) -> Scope:
    chosen: dict[str, Any] = {limit.of_scope: _values(query.getlist(limit.name)) for limit in LIMITS}
    return Scope(**chosen)


def _narrowed(scope: Scope, limit: Limit, values: tuple[str, ...]) -> Scope:
    changes: dict[str, Any] = {limit.of_scope: values}
    return replace(scope, **changes)


def _choices(library: Library, limit: Limit, chosen: Sequence[str], reader: Reader) -> list[Choice]:
    counts = dict(library.values(limit.of_source, reader))
    folded = {value.casefold() for value in chosen}
    known = [value for value in counts if value.casefold() in folded]
    unknown = [value for value in chosen if value.casefold() not in {one.casefold() for one in known}]
    others = [value for value in counts if value not in known]
    return [
        Choice(value, label_of(library, limit, value), counts.get(value, 0), value not in others)
        for value in [*known, *unknown, *others][: max(_CHOICES, len(chosen))]
    ]


def _values(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip()[:120] for value in given[:_VALUES] if value.strip()))


def _relevant_hits(library: Library, wanted: Wanted, reader: Reader) -> list[Hit]:
    """Meaning always finds something nearest; what shares no word and is not close is not a result."""
    hits = library.search(wanted.words, wanted.scope, reader, mode=wanted.mode, top=_MOST)
    return [hit for hit in hits if hit.score > 0 and (hit.words > 0 or hit.meaning >= _CLOSE)]


def _group(hits: Sequence[Hit]) -> Group:
    best = next((hit for hit in hits if hit.highlights and hit.score > _NEARLY * hits[0].score), hits[0])
    others = [hit for hit in hits if hit is not best]
    shown = tuple(excerpt(hit, _SHORT_EXCERPT) for hit in others[:_OTHERS])
    return Group(best.source, excerpt(best, _EXCERPT), shown, len(others))
