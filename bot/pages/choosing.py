"""What a search can be narrowed to, what it is narrowed to, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.pages.limits import ALL_LIMITS, DOCUMENT, LIMITS, LONGEST, WHEN, Limit, label_of
from bot.pages.searching import Results
from bot.pages.wanted import Wanted
from index.library import Library
from index.scope import Reader

_CHOICES = 6  # values of one limit that are offered at once
_MORE_CHOICES = 60  # where the reader asks for more of them
_LOOSENINGS = 5


class Choice(NamedTuple):
    """One value that a search can be narrowed to, and how many documents there are then."""

    value: str
    label: str
    documents: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of one limit that are offered; ``more`` counts those that are not."""

    limit: Limit
    offered: tuple[Choice, ...]
    more: int

    @property
    def is_chosen(self) -> bool:
        """Whether the search is narrowed by it."""
        return any(choice.chosen for choice in self.offered)


class Chip(NamedTuple):
    """One value that a search is narrowed to, and the search without it."""

    label: str
    address: str


class Loosening(NamedTuple):
    """A limit that stands in the way: how many documents there are without it."""

    label: str
    address: str
    documents: int


def choices(library: Library, results: Results, reader: Reader) -> list[Choices]:
    """What each limit can be narrowed to: what is chosen, then what most of the results have."""
    offered = [_choices(library, limit, results, reader) for limit in (*LIMITS, WHEN)]
    return [one for one in offered if len(one.offered) > 1 or one.is_chosen]


def chips(library: Library, wanted: Wanted, reader: Reader) -> list[Chip]:
    """What the search is narrowed to, each with the way out.

    The page has no room for many long addresses: then there is none where the choices offer the same.
    """
    return [
        Chip(
            label_of(library, limit, value, reader),
            wanted.without(limit, value).address if wanted.is_short or limit is DOCUMENT else "",
        )
        for limit in ALL_LIMITS
        for value in wanted.values(limit)
    ]


def loosenings(library: Library, results: Results, reader: Reader) -> list[Loosening]:
    """What would be found with one limit open, for each limit that is in the way, the most first."""
    found = []
    for limit in ALL_LIMITS:
        if count := results.finding.opened.get(limit.of_scope, 0):
            values = results.searched.values(limit)
            label = ", ".join(label_of(library, limit, value, reader) for value in values)
            found.append(Loosening(label, results.searched.limited(limit).address, count))
    return sorted(found, key=lambda one: -one.documents)[:_LOOSENINGS]


def _choices(library: Library, limit: Limit, results: Results, reader: Reader) -> Choices:
    counts = results.finding.counts[limit.of_scope]
    folded = {value.casefold(): value for value in counts}
    chosen = [folded.get(value.casefold(), value) for value in results.searched.values(limit)]
    values = [value for value in counts if 0 < len(value) <= LONGEST and value not in chosen]
    if limit is WHEN:
        values = sorted((value for value in values if "-" not in value), reverse=True)
    ordered = [*dict.fromkeys(chosen), *values]
    most = max(len(chosen), _MORE_CHOICES if results.wanted.more == limit.name else _CHOICES)
    offered = tuple(
        Choice(value, label_of(library, limit, value, reader), counts.get(value, 0), value in chosen)
        for value in ordered[:most]
    )
    return Choices(limit, offered, len(ordered) - len(offered))
