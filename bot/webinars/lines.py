"""A transcript as lines to read along: what one speaker says in one go, in pieces where it is long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from operator import itemgetter

from bot.webinars.talk import turns
from ingest.domain import Cue, Span, Version

_LONGEST = 600  # characters of one line
_LONGEST_CUE = 2_000  # characters: an interview may have a turn of many pages, without any times inside it
_CUE_MARKUP = 40  # bytes that the markup of a cue takes on a page, beside its words


@dataclass(frozen=True, slots=True)
class Line:
    """Some cues of one speaker. ``opens_turn``: the line before was somebody else's, or long ago."""

    cues: tuple[Cue, ...]
    opens_turn: bool

    @property
    def speaker(self) -> str | None:
        """Who speaks; None where the file names nobody."""
        return self.cues[0].speaker

    @property
    def start(self) -> float | None:
        """When it begins, in seconds; None where the file does not say."""
        return self.cues[0].start


class Script:
    """The lines of a transcript in parts that a page can hold."""

    def __init__(self, version: Version, bytes_a_part: int, bytes_a_line: int) -> None:
        """``bytes_a_line`` is what the page takes for a line beside its cues."""
        self.version = version
        self._bytes = bytes_a_part
        self._line = bytes_a_line

    @cached_property
    def parts(self) -> tuple[tuple[Line, ...], ...]:
        """The parts in reading order, each of at most about so many bytes; none where nothing is said."""
        parts: list[list[Line]] = []
        size = self._bytes + 1
        for line in self._lines():
            cost = self._cost(line)
            if size + cost > self._bytes:
                parts.append([])
                size = 0
            parts[-1].append(line)
            size += cost
        return tuple(tuple(part) for part in parts)

    def part_of(self, cue: Cue) -> int:
        """The number, from 1, of the part in which ``cue`` stands."""
        starts = [part[0].cues[0].span.start for part in self.parts]
        return max(1, sum(start <= cue.span.start for start in starts))

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """When the first words of each part are said, in seconds; none where a part has no times."""
        cues = [[cue for line in part for cue in line.cues] for part in self.parts]
        found = [[cue.start for cue in own if cue.start is not None] for own in cues]
        return tuple(map(min, found)) if all(found) else ()

    def cues_at(self, seconds: float) -> tuple[Cue, ...]:
        """What is said at ``seconds``, a whole number as links have it, in reading order.

        What begins within that second, as far as it stands together; else what lasts then, or ended last.
        Nothing before the first words, or where nothing has a time.
        """
        timed = [(cue.start, cue) for cue in self.version.places.cues if cue.start is not None]
        beginning = [cue for start, cue in timed if seconds <= start < seconds + 1]
        if beginning:
            return _together(self.version.places.cues, beginning)
        before = [(start, cue) for start, cue in timed if start < seconds]
        lasting = [(start, cue) for start, cue in before if cue.end is not None and cue.end > seconds]
        latest = max(lasting or before, key=itemgetter(0), default=None)
        return (latest[1],) if latest else ()

    def _lines(self) -> Iterator[Line]:
        for turn in turns(self.version):
            short = [piece for cue in turn.cues for piece in self._pieces(cue)]
            for number, cues in enumerate(_cut(short)):
                yield Line(tuple(cues), opens_turn=not number)

    def _pieces(self, cue: Cue) -> Iterator[Cue]:
        """``cue``, in pieces where one page could not hold it; only the first of them has its time."""
        start, end = cue.span
        while end - start > _LONGEST_CUE:
            space = self.version.text.rfind(" ", start, start + _LONGEST_CUE)
            middle = space if space > start else start + _LONGEST_CUE
            yield replace(cue, span=Span(start, middle), start=cue.start if start == cue.span.start else None)
            start = middle
        yield replace(cue, span=Span(start, end), start=cue.start if start == cue.span.start else None)

    def _cost(self, line: Line) -> int:
        words = sum(len(self.version.quote(cue.span).encode()) for cue in line.cues)
        return words + len((line.speaker or "").encode()) + _CUE_MARKUP * len(line.cues) + self._line


def _cut(cues: Sequence[Cue]) -> list[list[Cue]]:
    """The cues of a turn in runs of at most so many characters, a cue at least each."""
    runs: list[list[Cue]] = []
    for cue in cues:
        if not runs or cue.span.end - runs[-1][0].span.start > _LONGEST:
            runs.append([])
        runs[-1].append(cue)
    return runs


def _together(cues: Sequence[Cue], some: Sequence[Cue]) -> tuple[Cue, ...]:
    """The earliest of ``some`` with those others of them that follow it at once."""
    first = cues.index(min(some, key=lambda cue: cue.start or 0.0))
    return tuple(takewhile(lambda cue: cue in some, cues[first:]))
