"""The part of a passage that a list of results shows: where most of what was searched stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.hits import Hit
from ingest.domain import Span
from web.pieces import Piece, pieces

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a passage that is shown: its pieces, and whether the passage goes on at either end.

    ``span`` is where in the document the marked words stand, from the first to the last of them; all that is
    shown where none is marked.
    """

    hit: Hit
    span: Span
    pieces: tuple[Piece, ...]
    begins_within: bool
    ends_within: bool


def excerpt(hit: Hit, length: int) -> Excerpt:
    """About ``length`` characters of the passage, where most of what was searched stands."""
    text = hit.passage.text
    span = _window(text, hit.highlights, length)
    cut = tuple(pieces(text, span, hit.highlights))
    return Excerpt(hit, _marked_in(hit, span), cut, span.start > 0, span.end < len(text))


def _marked_in(hit: Hit, shown: Span) -> Span:
    marks = [mark for mark in hit.highlights if shown.start <= mark.start and mark.end <= shown.end]
    start, end = (marks[0].start, marks[-1].end) if marks else shown
    return Span(hit.passage.span.start + start, hit.passage.span.start + end)


def _window(text: str, marks: Sequence[Span], length: int) -> Span:
    starts = [0, *(max(0, mark.start - length // 4) for mark in marks)]
    best = max(starts, key=lambda start: (_marked(text, marks, Span(start, start + length)), -start))
    start = _after_space(text, min(best, max(0, len(text) - length)))
    if len(text) - start <= length * 1.2:
        return Span(start, len(text))
    end = text.rfind(" ", start + length // 2, start + length)
    return Span(start, end if end > 0 else start + length)


def _marked(text: str, marks: Sequence[Span], window: Span) -> int:
    """How many characters the marked words in ``window`` have, a word that recurs counted once."""
    inside = [mark for mark in marks if window.start <= mark.start and mark.end <= window.end]
    return sum(map(len, {text[mark.start : mark.end].casefold() for mark in inside}))


def _after_space(text: str, start: int) -> int:
    """The beginning of the word at or after ``start``; ``start`` itself in text without spaces."""
    space = _SPACE.search(text, max(0, start - 1), start + 40)
    return space.end() if start and space else start
