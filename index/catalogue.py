"""What is published, in memory: scopes become sets of passages before anything is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.scope import Reader, Scope
from index.store import Listing


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages that a scope and a reader leave; ``everything`` where they leave them all.

    ``rows`` are passages; where ``by_passage`` is not set, they are all those of ``versions``.
    """

    everything: bool
    versions: tuple[int, ...]
    rows: NDArray[np.int64]
    by_passage: bool


class Catalogue:
    """The published versions by row. It is replaced as a whole at every change, never altered in place."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = {listing.entry.id: listing for listing in listings}
        self.languages = frozenset(listing.source.language for listing in self._listings.values())

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

    def visible(self, reader: Reader, scope: Scope = Scope()) -> list[Listing]:
        """What ``reader`` may see inside ``scope``, speakers left aside."""
        return [
            listing
            for listing in self._listings.values()
            if listing.entry.audience in reader.audiences and scope.admits(listing.source)
        ]

    def select(self, scope: Scope, reader: Reader, only: Set[int] | None = None) -> Selection:
        """The passages that may be found, among the rows ``only`` if given."""
        listings = self.visible(reader, scope)
        by_passage = bool(scope.speakers) or only is not None
        everything = len(listings) == len(self._listings) and not by_passage
        if everything:
            return Selection(True, (), np.empty(0, dtype=np.int64), False)
        wanted = {speaker.casefold() for speaker in scope.speakers}
        rows = [row for listing in listings for row in _rows(listing, wanted) if only is None or row in only]
        versions = tuple(listing.entry.id for listing in listings)
        return Selection(False, versions, np.asarray(rows, dtype=np.int64), by_passage)

    def values(self, field: str, reader: Reader) -> Counter[str]:
        """The values that a field of :class:`Source` (or ``speakers``) takes, with how many sources."""
        counts: Counter[str] = Counter()
        for listing in self.visible(reader):
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
