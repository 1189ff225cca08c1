"""Put a text together piece by piece, so that every offset is known at the moment it comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.domain import Cue, Mark, Note, PlaceMap, Span
from ingest.text import clean, clean_line


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file.

    ``properties`` holds what the file says of itself, under the names of :class:`ingest.domain.Source`'s
    fields, as the file gave it: title, language, date, people and so on. It is checked in ``metadata``.
    """

    text: str
    places: PlaceMap = field(default_factory=PlaceMap)
    properties: Mapping[str, object] = field(default_factory=dict)


class TextBuilder:
    """Collects cleaned pieces; blocks are separated by a blank line, the sentences of one turn by a space."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self._pages: list[int] = []
        self._pages_to_come = 0  # begun, but nothing stands on them yet
        self._slides: list[int] = []
        self._headings: list[Mark] = []
        self._cues: list[Cue] = []
        self._notes: list[Note] = []

    def page(self) -> None:
        """Begin the next page. What follows on it may continue the paragraph of the page before."""
        self._pages_to_come += 1

    def slide(self, title: str) -> None:
        """Begin the next slide, with its title as a heading (a slide may have none)."""
        self._slides.append(self._next_offset())
        if title := clean_line(title):
            self._heading(title, 0)

    def heading(self, label: str, level: int) -> None:
        """A heading of ``level`` 1 to 6: it stands in the text, on a line of its own."""
        if label := clean_line(label):
            self._heading(label, level)

    def paragraph(self, text: str) -> Span | None:
        """A block of text; None where nothing is left of it after cleaning."""
        return self._append(clean(text), "\n\n")

    def continue_paragraph(self, text: str, gap: str = " ") -> Span | None:
        """More of the block before, after ``gap``."""
        if self._gap:
            self._gap = gap
        return self._append(clean(text), "\n\n")

    def cue(self, text: str, start: float | None, end: float | None, speaker: str | None) -> None:
        """What ``speaker`` said from ``start`` to ``end`` (seconds). A turn of one speaker is one block."""
        same_turn = bool(self._cues) and self._cues[-1].speaker == speaker
        text = clean_line(text)
        span = self.continue_paragraph(text) if same_turn else self.paragraph(text)
        if span is not None:
            self._cues.append(Cue(span, start, end, speaker))

    def note(self, text: str) -> None:
        """The source that the document gives for what was appended last."""
        if text := clean_line(text):
            self._notes.append(Note(self._length, text))

    def build(self, properties: Mapping[str, object] | None = None) -> Reading:
        """The text and its places. Pages that begin after the last character keep their number."""
        places = PlaceMap(
            pages=(*self._pages, *[self._length] * self._pages_to_come),
            slides=tuple(self._slides),
            headings=tuple(self._headings),
            cues=tuple(self._cues),
            notes=tuple(self._notes),
        )
        return Reading("".join(self._pieces), places, dict(properties or {}))

    def _heading(self, label: str, level: int) -> None:
        span = self._append(label, "\n\n")
        if span is not None:
            self._headings.append(Mark(span.start, label, level))

    def _append(self, text: str, gap_after: str) -> Span | None:
        if not text:
            return None
        if self._pieces:
            self._pieces.append(self._gap)
            self._length += len(self._gap)
        start = self._length
        self._pages += [start] * self._pages_to_come
        self._pages_to_come = 0
        self._pieces.append(text)
        self._length += len(text)
        self._gap = gap_after
        return Span(start, self._length)

    def _next_offset(self) -> int:
        return self._length + (len(self._gap) if self._pieces else 0)
