"""Text cut into what is marked and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ingest.domain import Span


class Piece(NamedTuple):
    """A run of text that is marked or is not. ``first`` is true for the piece in which a mark begins."""

    text: str
    marked: bool = False
    first: bool = False
    note: int | None = None  # the number of the note that follows the piece


def pieces(text: str, within: Span, marks: Iterable[Span]) -> Iterator[Piece]:
    """``text[within]`` cut where ``marks`` (in rising order, apart from each other) begin and end."""
    at = within.start
    for mark in marks:
        start, end = max(mark.start, at), min(mark.end, within.end)
        if start < end:
            if at < start:
                yield Piece(text[at:start])
            yield Piece(text[start:end], marked=True, first=start == mark.start)
            at = end
    if at < within.end:
        yield Piece(text[at : within.end])
