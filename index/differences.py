"""What changed between two texts: by paragraphs first, by sentences inside those, by words inside these.

Each step lines up what stands exactly once on both sides, then what is left between. The work that it takes
is bounded, however long and strange the texts are: beyond the bound a stretch counts as replaced as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

SAME, REMOVED, ADDED = "same", "removed", "added"

_PARAGRAPH = re.compile(r"(?:(?!\n\n).)+(?:\n\n)?|\n\n", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?…؟。][\"'”’»)]{0,3}\s+|\n+")
_WORD = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")
_COMPARED = 1_000_000  # pairs that one comparison of two texts looks at: less than a second
_AT_ONCE = 400_000  # of them in one stretch
_PAIRED = 500  # sentences in the place of as many others that are compared one by one
_ALIKE = 0.4  # share of the words that two stretches have in common: below it none was made from the other
_STRAY = 2  # words that stay between two larger changes and only tear them apart


class Run(NamedTuple):
    """Words that stayed the same, were removed or were added."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Changed paragraphs. ``start`` is where what they became stands in the text after."""

    runs: tuple[Run, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs that stayed as they were; ``text`` are their words."""

    paragraphs: int
    text: str


class _Stretch(NamedTuple):
    """Items ``before[a:b]`` that became ``after[c:d]``; ``same`` where they are equal."""

    same: bool
    a: int
    b: int
    c: int
    d: int


class _Allowance:
    """How many pairs may still be looked at."""

    def __init__(self, pairs: int) -> None:
        self._left = pairs

    def covers(self, pairs: int) -> bool:
        """Whether so many may be looked at now; if so, they are used up."""
        if pairs > min(self._left, _AT_ONCE):
            return False
        self._left -= pairs
        return True


def differences(before: str, after: str) -> list[Change | Unchanged]:
    """Both texts from beginning to end, what stayed and what changed in turn."""
    allowance = _Allowance(_COMPARED)
    old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    found: list[Change | Unchanged] = []
    offset = 0
    for one in _aligned([text.rstrip() for text in old], [text.rstrip() for text in new], allowance):
        became = "".join(new[one.c : one.d])
        if one.same:
            found.append(Unchanged(one.d - one.c, became))
        else:
            found.append(Change(_runs("".join(old[one.a : one.b]), became, allowance), offset))
        offset += len(became)
    return found


def words_changed(changes: Sequence[Change | Unchanged]) -> tuple[int, int]:
    """How many words were added and how many removed."""
    counts: Counter[str] = Counter()
    for change in changes:
        for run in change.runs if isinstance(change, Change) else ():
            counts[run.kind] += len(run.text.split())
    return counts[ADDED], counts[REMOVED]


def _runs(before: str, after: str, allowance: _Allowance) -> tuple[Run, ...]:
    """Changed paragraphs, sentence by sentence."""
    old, new = _sentences(before), _sentences(after)
    runs: list[Run] = []
    for one in _aligned([text.strip() for text in old], [text.strip() for text in new], allowance):
        if one.same:
            runs.append(Run(SAME, "".join(new[one.c : one.d])))
        elif one.b - one.a == one.d - one.c <= _PAIRED:
            for was, became in zip(old[one.a : one.b], new[one.c : one.d], strict=True):
                runs += _reworded(was, became, allowance)
        else:
            runs += _reworded("".join(old[one.a : one.b]), "".join(new[one.c : one.d]), allowance)
    return tuple(_joined(runs))


def _sentences(text: str) -> list[str]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if end > start]


def _reworded(before: str, after: str, allowance: _Allowance) -> list[Run]:
    """A changed sentence word by word, where enough of it is left."""
    whole = [Run(REMOVED, before), Run(ADDED, after)]
    old, new = _WORD.findall(before), _WORD.findall(after)
    shared = sum((Counter(_words(old)) & Counter(_words(new))).values())
    if 2 * shared < _ALIKE * (len(_words(old)) + len(_words(new))) or not shared:
        return whole
    runs: list[Run] = []
    for one in _aligned(old, new, allowance):
        if one.same:
            runs.append(Run(SAME, "".join(new[one.c : one.d])))
        else:
            runs += [Run(REMOVED, "".join(old[one.a : one.b])), Run(ADDED, "".join(new[one.c : one.d]))]
    return _without_strays(runs)


def _words(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in pieces if piece[0].isalnum()]


def _without_strays(runs: Sequence[Run]) -> list[Run]:
    """``runs`` with what stayed by chance, a word or two between changes, counted among those."""
    kept: list[Run] = []
    for number, run in enumerate(runs):
        inside = 0 < number < len(runs) - 1
        if run.kind == SAME and inside and len(_words(_WORD.findall(run.text))) <= _STRAY:
            around = len(runs[number - 1].text) + len(runs[number + 1].text)
            if around > 3 * len(run.text):
                kept += [Run(REMOVED, run.text), Run(ADDED, run.text)]
                continue
        kept.append(run)
    return kept


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Neighbours of one kind made one; what was removed stands before what was added in its place."""
    for changed, group in groupby(runs, key=lambda run: run.kind != SAME):
        some = list(group)
        for kind in (REMOVED, ADDED) if changed else (SAME,):
            if text := "".join(run.text for run in some if run.kind == kind):
                yield Run(kind, text)


def _aligned(before: Sequence[str], after: Sequence[str], allowance: _Allowance) -> list[_Stretch]:
    """Two rows of items from beginning to end, as stretches that are equal and stretches that are not."""
    pairs = _matched(before, after, allowance)
    stretches: list[_Stretch] = []
    a = c = 0
    for number, (b, d) in enumerate([*pairs, (len(before), len(after))]):
        if b > a or d > c:
            stretches.append(_Stretch(False, a, b, c, d))
        if number < len(pairs):
            if stretches and stretches[-1].same and (b, d) == (a, c):
                last = stretches.pop()
                stretches.append(_Stretch(True, last.a, b + 1, last.c, d + 1))
            else:
                stretches.append(_Stretch(True, b, b + 1, d, d + 1))
        a, c = b + 1, d + 1
    return stretches


def _matched(before: Sequence[str], after: Sequence[str], allowance: _Allowance) -> list[tuple[int, int]]:
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
        if a == b or c == d:
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
