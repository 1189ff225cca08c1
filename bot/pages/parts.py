"""A document cut to what one page of ours can hold: its parts, and the blocks that a part is shown in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from ingest.domain import Cue, Span, Version

_PART = 26_000  # bytes of text with its markup: a page of ours stays below 30 kB
_MARKUP = 200  # bytes that each block costs beside its words
_NOTE = 250  # bytes that a note costs
_TURN = 700  # characters of one speaker after which the time is said again
_LONGEST = 3_000  # characters of one block
_MOST_TOGETHER = 3  # parts that a quote may bring onto one page,
_ROOM_TOGETHER = 14_000  # if their words take no more bytes than this
_GAP = "\n\n"
CELLS = " | "  # stands between the cells of a table


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is shown in one piece.

    ``kind`` is heading, slide, turn, table, list or paragraph. ``level`` is a heading's, ``number`` a
    slide's, ``seconds`` and ``speaker`` a turn's (no speaker: the one before speaks on).
    """

    kind: str
    span: Span
    level: int = 0
    number: int = 0
    seconds: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The parts ``first`` to ``last`` (from 1) of ``count``, which are shown together."""

    spans: tuple[Span, ...]
    first: int
    count: int

    @property
    def last(self) -> int:
        """The number of the last part that is shown."""
        return self.first + len(self.spans) - 1

    @property
    def span(self) -> Span:
        """From the beginning of the first part to the end of the last."""
        return Span(self.spans[0].start, self.spans[-1].end)


def parts(version: Version, quote: Span | None = None) -> list[Span]:
    """The parts of a document: its pages where it has some, else runs of blocks that begin at headings.

    Such a run does not end within ``quote``, unless that is too long for one.
    """
    length = len(version.text)
    starts = version.places.pages or _starts(version, quote or Span(0, 0))
    return [Span(*pair) for pair in zip(starts, (*starts[1:], length), strict=True)]


def window(version: Version, spans: Sequence[Span], quote: Span | None, part: int | None) -> Window:
    """What is shown: ``part`` where it is asked for, else where ``quote`` stands, else the beginning.

    Of a long quote as many parts are shown as a page of ours can hold, and the first of them always.
    """
    first = last = 1
    if part is not None:
        first = last = min(max(part, 1), len(spans))
    elif quote is not None:
        first = part_of(spans, quote.start)
        last = min(part_of(spans, max(quote.start, quote.end - 1)), first + _MOST_TOGETHER - 1)
        while last > first and sum(_size(version, span) for span in spans[first - 1 : last]) > _ROOM_TOGETHER:
            last -= 1
    return Window(tuple(spans[first - 1 : last]), first, len(spans))


def part_of(spans: Sequence[Span], offset: int) -> int:
    """The number, from 1, of the part in which ``offset`` stands."""
    return max(1, bisect_right(spans, offset, key=lambda span: span.start))


def blocks(version: Version, within: Span) -> Iterator[Block]:
    """The blocks of a stretch of the text in order."""
    headings = {mark.offset: mark for mark in version.places.headings}
    slides = version.places.slides
    for chunk in _chunks(version.text, within):
        for number in range(bisect_right(slides, chunk.start - 1), bisect_right(slides, chunk.start)):
            yield Block("slide", Span(chunk.start, chunk.start), number=number + 1)
        heading = headings.get(chunk.start)
        if heading and version.quote(chunk) == heading.label:
            yield Block("heading", chunk, level=heading.level)
        elif cues := version.places.cues_in(chunk):
            yield from _turns(cues, chunk)
        else:
            kind = _kind(version.quote(chunk))
            yield from (Block(kind, piece) for piece in _cut(version.text, chunk))


def _chunks(text: str, within: Span) -> Iterator[Span]:
    return (span for span in split(text, within, _GAP) if text[span.start : span.end].strip())


def _starts(version: Version, quote: Span) -> Sequence[int]:
    """Where the parts begin that are about equally long."""
    costs = _costs(version, quote)
    total = sum(cost for _, cost in costs)
    goal = total / max(1, -(-total // _PART))
    starts, size = [0], 0
    for block, cost in costs:
        enough = goal * (0.8 if block.kind in ("heading", "slide") else 1)
        if size and (size >= enough or size + cost > _PART):
            starts.append(block.span.start)
            size = 0
        size += cost
    return starts


def _costs(version: Version, quote: Span) -> list[tuple[Block, int]]:
    """What each block costs, in bytes. Those over which ``quote`` goes on count with the one before them."""
    costs: list[tuple[Block, int]] = []
    for block in blocks(version, Span(0, len(version.text))):
        cost = _cost(version, block)
        if costs and quote.start < block.span.start < quote.end and costs[-1][1] + cost <= _PART:
            costs[-1] = (costs[-1][0], costs[-1][1] + cost)
        else:
            costs.append((block, cost))
    return costs


def _cost(version: Version, block: Block) -> int:
    return _size(version, block.span) + _MARKUP + _NOTE * len(version.places.notes_in(block.span))


def _size(version: Version, span: Span) -> int:
    """The bytes of the words of ``span`` as markup."""
    return len(escape(version.quote(span)).encode())


def split(text: str, span: Span, separator: str) -> Iterator[Span]:
    """The stretches of ``text[span]`` between separators."""
    at = span.start
    while (end := text.find(separator, at, span.end)) >= 0:
        yield Span(at, end)
        at = end + len(separator)
    yield Span(at, span.end)


def _kind(text: str) -> str:
    rows = text.split("\n")
    if len(rows) == 1:
        return "paragraph"
    return "table" if 2 * sum(CELLS in row for row in rows) >= len(rows) else "list"


def _turns(cues: Sequence[Cue], chunk: Span) -> Iterator[Block]:
    """What one speaker says, with the time said again where it is long; the blocks fill ``chunk``."""
    turn = Block("turn", chunk, seconds=cues[0].start, speaker=cues[0].speaker)
    for cue in cues[1:]:
        if cue.span.end - turn.span.start > _TURN:
            yield replace(turn, span=Span(turn.span.start, cue.span.start))
            turn = Block("turn", Span(cue.span.start, chunk.end), seconds=cue.start)
    yield turn


def _cut(text: str, span: Span) -> Iterator[Span]:
    """``span``, in pieces that end at a space where it is too long to be shown as one block."""
    at = span.start
    while span.end - at > _LONGEST:
        space = text.rfind(" ", at + _LONGEST // 2, at + _LONGEST)
        end = space + 1 if space > 0 else at + _LONGEST
        yield Span(at, end)
        at = end
    yield Span(at, span.end)
