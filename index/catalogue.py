"""What is published, in memory: scopes become sets of passages before anything is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from index.columns import Columns
from index.entries import Listing
from index.facets import Filter, filter_of
from index.rows import Rows, RowSet
from index.scope import Reader, Scope

_KEPT = 64  # answers of each kind


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages that a scope and a reader leave, by row and as the word index filters them.

    ``filter`` is None, and ``rows`` is empty, where they leave them all.
    """

    rows: RowSet
    filter: Filter | None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.filter is None


class Catalogue:
    """The published versions by row. It is replaced as a whole at every change, never altered in place."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = {listing.entry.id: listing for listing in listings}
        self.languages = frozenset(listing.source.language for listing in self._listings.values())
        # a version's passages are stored together, so that their rows follow one another in reading order
        self.in_order = sorted(self._listings.values(), key=_first_row)
        with_rows = [one.rows for one in self.in_order if one.rows]
        self._first_rows = np.array([rows[0] for rows in with_rows], dtype=np.int64)
        self._last_rows = np.array([rows[-1] for rows in with_rows], dtype=np.int64)
        self.columns = Columns(self.in_order)
        # what a catalogue holds never changes, so what was asked of it once can be kept
        self._seen_by = lru_cache(maxsize=_KEPT)(self._find_visible)
        self._selected = lru_cache(maxsize=_KEPT)(self._find_selection)
        self._counted = lru_cache(maxsize=_KEPT)(self._count_values)

    def __len__(self) -> int:
        return len(self._listings)

    @property
    def listings(self) -> list[Listing]:
        """Everything that is published."""
        return list(self._listings.values())

    def with_changes(self, added: Iterable[Listing], removed: Iterable[int]) -> Catalogue:
        """The catalogue after a change."""
        gone = set(removed)
        kept = [listing for row, listing in self._listings.items() if row not in gone]
        return Catalogue([*kept, *added])

    def __contains__(self, version: int) -> bool:
        return version in self._listings

    def __getitem__(self, version: int) -> Listing:
        return self._listings[version]

    def visible(self, reader: Reader, scope: Scope = Scope()) -> Sequence[Listing]:
        """What ``reader`` may see inside ``scope``, speakers left aside."""
        return self._seen_by(reader.audiences, scope)

    def select(self, scope: Scope, reader: Reader, only: Set[int] | None = None) -> Selection:
        """The passages that may be found, among the rows ``only`` if given."""
        selection = self._selected(scope, reader.audiences)
        if only is None:
            return selection
        rows = selection.rows
        if selection.everything:
            rows = RowSet(self._rows)
        named = rows.among(only)
        return Selection(named, Filter(passages=named.rows.tolist()))

    def listing_of(self, row: int) -> Listing | None:
        """What the passage in ``row`` is of; None where it is not published."""
        position = int(np.searchsorted(self._first_rows, row, side="right")) - 1
        if position < 0 or row > self.in_order[position].rows[-1]:
            return None
        return self.in_order[position]

    def positions_of(self, rows: Rows) -> Rows:
        """The place of each row's version in ``in_order``; the rows must be published."""
        return np.searchsorted(self._first_rows, rows, side="right") - 1

    def published(self, rows: Rows) -> Rows:
        """Those of ``rows`` that are published here: an index may be a change ahead."""
        if not len(self._last_rows):
            return rows[:0]
        positions = self.positions_of(rows)
        return rows[(positions >= 0) & (rows <= self._last_rows[positions])]

    def of_webinar(self, webinar_id: str) -> list[Listing]:
        """What belongs to an event, and what is called so itself."""
        columns = (self.columns.column(name) for name in ("events", "sources"))
        return [self.in_order[position] for own in columns for position in own.of((webinar_id,)).tolist()]

    def rows_within(self, scope: Scope, reader: Reader) -> Rows:
        """The rows that a scope and a reader leave, in rising order."""
        return self._rows_inside(scope, reader.audiences)

    def neighbours(self, row: int) -> tuple[int, ...]:
        """The rows of the passages right before and after one, in its version."""
        listing = self.listing_of(row)
        if listing is None:
            return ()
        return tuple(other for other in (row - 1, row + 1) if listing.rows[0] <= other <= listing.rows[-1])

    def values(self, field: str, reader: Reader) -> Counter[str]:
        """The values that a field of :class:`Source` (or ``speakers``) takes, with how many sources."""
        return self._counted(field, reader.audiences).copy()

    @cached_property
    def _rows(self) -> Rows:
        """All rows that are published, in rising order."""
        rows = (np.arange(one.rows.start, one.rows.stop) for one in self.in_order)
        return np.concatenate([np.empty(0, dtype=np.int64), *rows])

    @cached_property
    def _positions(self) -> Rows:
        """The place of the version of each of ``_rows``."""
        return self.positions_of(self._rows)

    def _find_visible(self, audiences: frozenset[str], scope: Scope) -> Sequence[Listing]:
        inside = self.columns.mask(scope, audiences)
        return tuple(self.in_order[position] for position in np.flatnonzero(inside))

    def _find_selection(self, scope: Scope, audiences: frozenset[str]) -> Selection:
        rows = self._rows_inside(scope, audiences)
        if len(rows) == len(self._rows) and not scope.speakers:
            return Selection(RowSet(rows[:0]), None)
        return Selection(RowSet(rows), filter_of(scope, audiences))

    def _rows_inside(self, scope: Scope, audiences: frozenset[str]) -> Rows:
        rows = self._rows[self.columns.mask(scope, audiences)[self._positions]]
        if not scope.speakers:
            return rows
        return np.intersect1d(rows, self.columns.speakers.of(scope.speakers), assume_unique=True)

    def _count_values(self, field: str, audiences: frozenset[str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for listing in self._seen_by(audiences, Scope()):
            value = listing.speakers if field == "speakers" else getattr(listing.source, field)
            if isinstance(value, str):
                counts[value] += 1
            elif value:
                counts.update(iter(value))  # a mapping would be taken for counts
        return counts


def _first_row(listing: Listing) -> float:
    return listing.rows[0] if listing.rows else float("inf")
