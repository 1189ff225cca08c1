"""What is published, in memory: scopes become sets of passages before anything is ranked."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

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
        self._by_row = sorted(
            (one for one in self._listings.values() if one.rows), key=lambda listing: listing.rows[0]
        )
        self._first_rows = [listing.rows[0] for listing in self._by_row]
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
            rows = RowSet(self._rows_of(self._listings.values(), scope))
        named = rows.among(only)
        return Selection(named, Filter(passages=named.rows.tolist()))

    def listing_of(self, row: int) -> Listing | None:
        """What the passage in ``row`` is of; None where it is not published."""
        index = bisect_right(self._first_rows, row) - 1
        if index < 0 or row > self._by_row[index].rows[-1]:
            return None
        return self._by_row[index]

    def neighbours(self, row: int) -> tuple[int, ...]:
        """The rows of the passages right before and after one, in its version."""
        listing = self.listing_of(row)
        if listing is None:
            return ()
        return tuple(other for other in (row - 1, row + 1) if listing.rows[0] <= other <= listing.rows[-1])

    def values(self, field: str, reader: Reader) -> Counter[str]:
        """The values that a field of :class:`Source` (or ``speakers``) takes, with how many sources."""
        return self._counted(field, reader.audiences).copy()

    def _find_visible(self, audiences: frozenset[str], scope: Scope) -> Sequence[Listing]:
        everything = scope.is_everything
        return tuple(
            listing
            for listing in self._listings.values()
            if listing.entry.audience in audiences and (everything or scope.admits(listing.source))
        )

    def _find_selection(self, scope: Scope, audiences: frozenset[str]) -> Selection:
        listings = self._seen_by(audiences, scope)
        if len(listings) == len(self._listings) and not scope.speakers:
            return Selection(RowSet(np.empty(0, dtype=np.int64)), None)
        return Selection(RowSet(self._rows_of(listings, scope)), filter_of(scope, audiences))

    def _rows_of(self, listings: Iterable[Listing], scope: Scope) -> Rows:
        wanted = {speaker.casefold() for speaker in scope.speakers}
        return np.fromiter((row for one in listings for row in _rows(one, wanted)), dtype=np.int64)

    def _count_values(self, field: str, audiences: frozenset[str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for listing in self._seen_by(audiences, Scope()):
            value = listing.speakers if field == "speakers" else getattr(listing.source, field)
            if isinstance(value, str):
                counts[value] += 1
            elif value:
                counts.update(iter(value))  # a mapping would be taken for counts
        return counts


def _rows(listing: Listing, speakers: set[str]) -> Iterable[int]:
    if not speakers:
        return listing.rows
    spoken = (rows for name, rows in listing.speakers.items() if name.casefold() in speakers)
    return dict.fromkeys(row for rows in spoken for row in rows)
