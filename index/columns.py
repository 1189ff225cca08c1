"""The descriptions of many documents by column, so that limits and counts over them are work on arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.entries import Listing
from index.scope import FIELDS, Scope

Mask = NDArray[np.bool_]  # true for each document that is meant, by position
Positions = NDArray[np.int64]

NO_DAY = 0  # of a document without a date; the first of January of year 1 is 1


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one field, each as it is written first, and the numbers of what has them.

    ``numbers`` finds a value by its folded form. What has the first value stands first in ``having``, then
    what has the second, each in rising order; ``starts`` says where.
    """

    written: Sequence[str]
    numbers: Mapping[str, int]
    having: Positions
    starts: Positions

    def each(self, values: Iterable[str]) -> Iterator[Positions]:
        """What has each of ``values`` that is known, in rising order."""
        for value in values:
            if (number := self.numbers.get(value.casefold())) is not None:
                yield self.having[self.starts[number] : self.starts[number + 1]]

    def of(self, values: Iterable[str]) -> Positions:
        """What has one of ``values``, in rising order."""
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *self.each(values)]))

    def counts(self, among: Mask) -> dict[str, int]:
        """How many of the documents ``among`` have each value, those that none has left out."""
        if not self.written:
            return {}
        counted = np.add.reduceat(among[self.having].astype(np.int64), self.starts[:-1])
        return self.named(counted)

    def named(self, counted: Positions) -> dict[str, int]:
        """``counted``, a number for each value, by value; zeros left out."""
        return {self.written[one]: int(counted[one]) for one in np.flatnonzero(counted).tolist()}

    @property
    def values(self) -> Positions:
        """The number of the value that each of ``having`` has."""
        return np.repeat(np.arange(len(self.written)), np.diff(self.starts))


class Columns:
    """The columns of some listings, each made when it is first asked for."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._listings = listings
        self.column = lru_cache(maxsize=None)(self._column)

    def mask(self, scope: Scope, audiences: Iterable[str]) -> Mask:
        """Which documents readers of ``audiences`` may see inside ``scope``, speakers left aside."""
        inside = self._having("audience", audiences)
        for name in FIELDS:
            if values := getattr(scope, name):
                inside &= self._having(name, values)
        if scope.since or scope.until:
            inside &= self.days != NO_DAY
        if scope.since:
            inside &= self.days >= scope.since.toordinal()
        if scope.until:
            inside &= self.days <= scope.until.toordinal()
        return inside

    @cached_property
    def days(self) -> Positions:
        """The day of each document, the first of January of year 1 being 1; 0 without one."""
        dates = (listing.source.date for listing in self._listings)
        return np.array([day.toordinal() if day else NO_DAY for day in dates], dtype=np.int64)

    @cached_property
    def speakers(self) -> Column:
        """Who speaks in which rows of passages."""
        return _column(
            (name, row)
            for listing in self._listings
            for name, rows in listing.speakers.items()
            for row in rows
        )

    def _having(self, name: str, values: Iterable[str]) -> Mask:
        mask = np.zeros(len(self._listings), dtype=bool)
        for own in self.column(name).each(values):
            mask[own] = True
        return mask

    def _column(self, name: str) -> Column:
        """One of FIELDS, or "audience", of the documents by position."""
        return _column(
            (value, position)
            for position, listing in enumerate(self._listings)
            for value in _values(listing, name)
        )


def _values(listing: Listing, name: str) -> Iterable[str]:
    return (listing.entry.audience,) if name == "audience" else FIELDS[name](listing.source)


def _column(pairs: Iterator[tuple[str, int]]) -> Column:
    """The column of values and what has them; a value that something has in two spellings counts once."""
    written: dict[str, str] = {}
    found: dict[str, list[int]] = {}
    for value, number in pairs:
        folded = value.casefold()
        written.setdefault(folded, value)
        found.setdefault(folded, []).append(number)
    having = [np.unique(np.array(own, dtype=np.int64)) for own in found.values()]
    starts = np.cumsum([0, *map(len, having)])
    numbers = {folded: number for number, folded in enumerate(found)}
    return Column([*written.values()], numbers, np.concatenate([np.empty(0, np.int64), *having]), starts)
