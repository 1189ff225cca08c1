"""Two rows of items lined up: what stands exactly once on both sides first, then what is left between.

The work that it takes is bounded, however long and strange the rows are: beyond the bound a stretch counts as
replaced as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_COMPARED = 1_000_000  # pairs that one comparison of two texts looks at: less than a second
_AT_ONCE = 400_000  # of them in one stretch
_GONE_THROUGH = 2_000_000  # items, each as often as a stretch that holds it is divided


class Stretch(NamedTuple):
    """Items ``before[a:b]`` that became ``after[c:d]``; ``same`` where they are equal."""

    same: bool
    a: int
    b: int
    c: int
    d: int


class Allowance:
    """How much may still be looked at while two texts are compared: pairs of items, and single items."""

    def __init__(self) -> None:
        self._pairs = _COMPARED
        self._items = _GONE_THROUGH

    def covers(self, pairs: int) -> bool:
        """Whether so many pairs may be looked at now; if so, they are used up."""
        if pairs > min(self._pairs, _AT_ONCE):
            return False
        self._pairs -= pairs
        return True

    def covers_items(self, items: int) -> bool:
        """The same for items."""
        if items > self._items:
            return False
        self._items -= items
        return True


def aligned(before: Sequence[str], after: Sequence[str], allowance: Allowance) -> list[Stretch]:
    """Two rows of items from beginning to end, as stretches that are equal and stretches that are not.

    What it looks at is taken from ``allowance``.
    """
    pairs = _matched(before, after, allowance)
    stretches: list[Stretch] = []
    a = c = 0
    for number, (b, d) in enumerate([*pairs, (len(before), len(after))]):
        if b > a or d > c:
            stretches.append(Stretch(False, a, b, c, d))
        if number < len(pairs):
            if stretches and stretches[-1].same and (b, d) == (a, c):
                last = stretches.pop()
                stretches.append(Stretch(True, last.a, b + 1, last.c, d + 1))
            else:
                stretches.append(Stretch(True, b, b + 1, d, d + 1))
        a, c = b + 1, d + 1
    return stretches


def _matched(before: Sequence[str], after: Sequence[str], allowance: Allowance) -> list[tuple[int, int]]:
    """The places of the items that count as the same, rising on both sides."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(before), 0, len(after))]
    while waiting:
        a, b, c, d = waiting.pop()
        while a < b and c < d and before[a] == after[c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and before[b - 1] == after[d - 1]:
            b, d = b - 1, d - 1
            found.append((b, d))
        if a == b or c == d or not allowance.covers_items(b - a + d - c):
            continue
        anchors = _anchors(before, after, (a, b, c, d))
        if anchors:
            ends = [*anchors, (b, d)]
            starts = [(a, c), *((x + 1, y + 1) for x, y in anchors)]
            found += anchors
            waiting += [(x, u, y, v) for (x, y), (u, v) in zip(starts, ends, strict=True)]
        elif allowance.covers((b - a) * (d - c)):
            found += [(a + x, c + y) for x, y in _longest_common(before[a:b], after[c:d])]
    return sorted(found)


def _anchors(
    before: Sequence[str], after: Sequence[str], within: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """What stands exactly once on both sides: as much of it as is in the same order, by patience sorting."""
    a, b, c, d = within
    old, new = Counter(before[a:b]), Counter(after[c:d])
    places = {item: place for place, item in enumerate(after[c:d], start=c) if new[item] == 1}
    pairs = [
        (place, places[item])
        for place, item in enumerate(before[a:b], start=a)
        if old[item] == 1 and item in places
    ]
    tails: list[int] = []  # the least place at which a row of each length ends,
    ends: list[int] = []  # which pair that is,
    linked: list[int] = []  # and the pair before each
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
        linked.append(ends[length - 1] if length else -1)
    row: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        row.append(pairs[at])
        at = linked[at]
    return row[::-1]


def _longest_common(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence, by the table of its lengths."""
    width = len(after) + 1
    lengths = [[0] * width for _ in range(len(before) + 1)]
    for x in range(len(before) - 1, -1, -1):
        below, row = lengths[x + 1], lengths[x]
        for y in range(width - 2, -1, -1):
            row[y] = below[y + 1] + 1 if before[x] == after[y] else max(below[y], row[y + 1])
    found: list[tuple[int, int]] = []
    x = y = 0
    while x < len(before) and y < len(after):
        if before[x] == after[y]:
            found.append((x, y))
            x, y = x + 1, y + 1
        elif lengths[x + 1][y] >= lengths[x][y + 1]:
            x += 1
        else:
            y += 1
    return found
