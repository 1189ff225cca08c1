"""What a document's page shows: the part around the quote, its contents, how to cite it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from bot.pages.locating import Sought
from bot.pages.parts import CELLS, Block, Window, blocks, part_of, parts, split, window
from bot.references import apa
from index.entries import REPLACED, Entry
from index.library import Library
from index.scope import Reader
from ingest import domain
from ingest.domain import Mark, Place, Source, Span, Version, clock
from ingest.media import MediaType
from web.pieces import Piece, pieces
from web.words import place_words

_FROM_THE_RIGHT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_CONTENTS = 40  # lines of the list of contents at the most


class Line(NamedTuple):
    """One line of the list of contents. ``depth`` counts from 0, ``current``: the quote stands below it."""

    label: str
    depth: int
    address: str
    current: bool


class Note(NamedTuple):
    """A source that the document itself gives, with the number that it has throughout the document."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A document opened at a place. ``spans`` are its parts, ``window`` those that are shown.

    ``lost`` is true where the address points to words that this version does not have; ``newest`` is the
    number of the version that replaced this one.
    """

    entry: Entry
    version: Version
    quote: Span | None
    lost: bool
    spans: tuple[Span, ...]
    window: Window
    newest: int | None

    @property
    def source(self) -> Source:
        """The document's description."""
        return self.entry.source

    @property
    def place(self) -> Place | None:
        """Where the quote stands."""
        return self.version.place(self.quote) if self.quote else None

    @property
    def is_paged(self) -> bool:
        """Whether the parts are the pages of print."""
        return bool(self.version.places.pages)

    @property
    def has_pictures(self) -> bool:
        """Whether its pages can be shown as they look."""
        return self.is_paged and self.entry.media_type == MediaType.PDF

    @property
    def part_word(self) -> str:
        """What a part is called."""
        return "page" if self.is_paged else "part"

    @property
    def quote_is_shown(self) -> bool:
        """Whether any of the quoted words stand in what is shown."""
        return self._is_quoted(self.window.span)

    @property
    def direction(self) -> str:
        """In which direction the document is read."""
        return "rtl" if self.source.language in _FROM_THE_RIGHT else "ltr"

    @property
    def has_list_marks(self) -> bool:
        """Whether the lines of a block are the items of a list, and not lines as they were printed."""
        return self.entry.media_type not in (MediaType.PDF, MediaType.PLAIN)

    def address(self, part: int | None = None) -> str:
        """The address of this document at its quote, or at ``part`` with the way back to the quote."""
        return address(self.source.id, self.version.number, self.quote, part)

    @property
    def original(self) -> str:
        """The address of the file as it was added."""
        return address(self.source.id, self.version.number, path="/original")

    def picture(self, page: int) -> str:
        """The address of the picture of a page, the quote marked in it."""
        return self._page_address(f"{page}.png")

    def printed_words(self, page: int) -> str:
        """The address of the words that lie over that picture."""
        return self._page_address(f"{page}.svg")

    def quoted_on(self, page: int) -> str:
        """The quoted words that stand in part ``page``."""
        span = self.spans[page - 1]
        if self.quote is None:
            return ""
        return self.version.quote(Span(max(span.start, self.quote.start), min(span.end, self.quote.end)))

    def sought_on(self, page: int) -> Sought:
        """What is to be marked on page ``page``."""
        words = self.quoted_on(page)
        if not words or self.quote is None:
            return Sought()
        start = self.spans[page - 1].start
        return Sought(words, self.version.quote(Span(start, max(start, self.quote.start))))

    def blocks(self, span: Span) -> Iterator[Block]:
        """What one part is shown in. A heading that only repeats the title is left out."""
        for block in blocks(self.version, span):
            repeats = block.kind == "heading" and self._is_title(self.version.quote(block.span))
            if not repeats or self._is_quoted(block.span):
                yield block

    def lines(self, span: Span) -> Iterator[Span]:
        """The lines of a list or a table."""
        return split(self.version.text, span, "\n")

    def rows(self, table: Span) -> list[list[Span]]:
        """The cells of each line of a table. Empty cells are not stored, so that lines may have fewer."""
        return [list(split(self.version.text, line, CELLS)) for line in self.lines(table)]

    def pieces(self, span: Span) -> Iterator[Piece]:
        """The words of ``span`` with the quote marked and the numbers of the document's own sources."""
        numbers = self._numbers()
        marks = [self.quote] if self.quote else []
        at = span.start
        for note in self._notes_in(span):
            yield from pieces(self.version.text, Span(at, note.offset), marks)
            yield Piece("", note=numbers[note.text])
            at = note.offset
        yield from pieces(self.version.text, Span(at, span.end), marks)

    def notes(self) -> list[Note]:
        """The sources that the document gives in what is shown, in order."""
        numbers = self._numbers()
        texts = dict.fromkeys(note.text for note in self._notes_in(self.window.span))
        return sorted(Note(numbers[text], text) for text in texts)

    def contents(self) -> list[Line]:
        """The document's headings: as many levels as fit a short list; none where even one level does not."""
        headings = [mark for mark in self.version.places.headings if not self._is_title(mark.label)]
        for deepest in sorted({mark.level for mark in headings}, reverse=True):
            chosen = [mark for mark in headings if mark.level <= deepest]
            if 2 <= len(chosen) <= _CONTENTS:
                return self._lines(chosen)
        return []

    def moments(self) -> dict[int, int]:
        """The seconds that have an anchor, by the offset of the first turn that begins in each."""
        turns = [block for span in self.window.spans for block in blocks(self.version, span)]
        firsts: dict[int, int] = {}
        for block in turns:
            if block.seconds is not None:
                firsts.setdefault(int(block.seconds), block.span.start)
        return {offset: second for second, offset in firsts.items()}

    def heading_level(self, block: Block) -> int:
        """Which heading of the page a heading of the document is: 2 for its highest, below its title."""
        levels = [mark.level for mark in self.version.places.headings if not self._is_title(mark.label)]
        return min(6, 2 + max(0, block.level - min(levels, default=block.level)))

    def time(self, block: Block) -> str:
        """When a turn begins, as a clock shows it."""
        return clock(block.seconds) if block.seconds is not None else ""

    def citation(self, site: str) -> str:
        """The document at its quote as a list of references gives it; ``site`` is where this library is."""
        where = place_words(self.place) if self.place else ""
        return apa(self.source, where, site.rstrip("/") + self.address(), self.version.number)

    def _page_address(self, file: str) -> str:
        where = address(self.source.id, self.version.number, self.quote, path=f"/pages/{file}")
        return where.partition("#")[0]

    def _lines(self, headings: Sequence[Mark]) -> list[Line]:
        top = min(mark.level for mark in headings)
        starts = [mark.offset for mark in headings]
        current = bisect_right(starts, self.quote.start) - 1 if self.quote else -1
        return [
            Line(mark.label, mark.level - top, self._address_of(mark.offset), number == current)
            for number, mark in enumerate(headings)
        ]

    def _address_of(self, offset: int) -> str:
        part = part_of(self.spans, offset)
        anchor = f"#h-{offset}"
        if self.window.first <= part <= self.window.last:
            return anchor
        return self.address(part) + anchor

    def _numbers(self) -> dict[str, int]:
        texts = dict.fromkeys(note.text for note in self.version.places.notes)
        return {text: number for number, text in enumerate(texts, start=1)}

    def _notes_in(self, span: Span) -> Sequence[domain.Note]:
        """The notes that stand behind words of ``span``."""
        notes = self.version.places.notes
        first = bisect_right(notes, span.start, key=lambda note: note.offset)
        last = bisect_right(notes, span.end, key=lambda note: note.offset)
        return notes[first:last]

    def _is_title(self, label: str) -> bool:
        return label.casefold() == self.source.title.casefold()

    def _is_quoted(self, span: Span) -> bool:
        return self.quote is not None and self.quote.start < span.end and self.quote.end > span.start


def address(
    source_id: str, version: int, quote: Span | None = None, part: int | None = None, path: str = ""
) -> str:
    """The address of a document, or of ``path`` below it."""
    query = [("version", version)]
    query += [("from", quote.start), ("to", quote.end)] if quote else []
    query += [("part", part)] if part else []
    anchor = "#quote" if quote and not part else ""
    return f"/sources/{quoted(source_id)}{path}?{urlencode(query)}{anchor}"


def open_source(
    library: Library, reader: Reader, source_id: str, number: int | None, quote: Span | None, part: int | None
) -> Opened:
    """The document at ``quote``, or at ``part``. Raises NotFound."""
    entry, version = library.read(source_id, reader, number)
    lost = quote is not None and not 0 <= quote.start < quote.end <= len(version.text)
    quote = None if lost else quote
    spans = parts(version, quote)
    replaced = entry.state == REPLACED
    newest = library.entry(source_id, reader).number if replaced else None
    shown = window(version, spans, quote, part)
    return Opened(entry, version, quote, lost, tuple(spans), shown, newest)
