"""Word documents: body in order, with what forms and tracked insertions hold; footnotes become notes.

python-docx opens the package and knows the styles. The words are collected from the XML, because its
paragraphs leave out content controls, tracked insertions and text boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as OpenDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml

from ingest.builder import Reading, TextBuilder
from ingest.readers.guard import check_archive, finished, parsing
from ingest.readers.noted import Piece, add_noted
from ingest.readers.properties import described
from ingest.readers.rows import lines
from ingest.text import clean_line

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_NOTE_MARKS = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}
_NUMBERING = f"{_W}pPr/{_W}numPr"
_TEXT_BOX = f"{_W}txbxContent"
_SPACING = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}ptab": " "}
_UNSEEN = {
    f"{_W}del",  # tracked deletions
    f"{_W}moveFrom",
    f"{_W}pPr",
    f"{_W}rPr",
    f"{_W}sdtPr",
    f"{_W}instrText",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # the same, for old programs
}
_NOTE_PARTS = {"footnotes": RELATIONSHIP_TYPE.FOOTNOTES, "endnotes": RELATIONSHIP_TYPE.ENDNOTES}


def read(content: bytes, name: str) -> Reading:
    """Headings, paragraphs, lists and tables (a line for each row) of the body, in its order."""
    with parsing(name, "The Word document"):
        check_archive(content, name)
        document = Document(BytesIO(content))
        body = _Body(_heading_levels(document), _list_styles(document), _notes(document))
        body.add(document.element.body)
        core = document.core_properties
        properties = described(core.title, core.author, core.created, core.language)
    return finished(body.builder, properties, name)


def _heading_levels(document: OpenDocument) -> dict[str, int]:
    """The level of each style that makes headings, by the style's id. A title is a heading of level 1."""
    levels = {}
    for style in document.styles:
        style_name = (style.name or "").casefold()
        if style_name == "title":
            levels[style.style_id] = 1
        elif style_name.startswith("heading ") and style_name[8:].isdecimal():
            levels[style.style_id] = min(int(style_name[8:]), 6)
    return levels


def _list_styles(document: OpenDocument) -> set[str]:
    """The ids of the styles that make list items."""
    return {style.style_id for style in document.styles if style.element.find(_NUMBERING) is not None}


def _notes(document: OpenDocument) -> dict[tuple[str, str], str]:
    """The words of each footnote and endnote, by the kind of note and its id."""
    found = {}
    for kind, relationship in _NOTE_PARTS.items():
        parts = [part.target_part for part in document.part.rels.values() if part.reltype == relationship]
        for note in [note for part in parts for note in parse_xml(part.blob)]:
            words = " ".join("".join(piece.text for piece in _pieces(p, {})) for p in note.iter(_PARAGRAPH))
            found[kind, note.get(f"{_W}id", "")] = clean_line(words)
    return found


class _Body:
    """The blocks of a document's body, collected in order."""

    def __init__(
        self, levels: Mapping[str, int], list_styles: Set[str], notes: Mapping[tuple[str, str], str]
    ) -> None:
        self.builder = TextBuilder()
        self._levels = levels
        self._list_styles = list_styles
        self._notes = notes
        self._list: list[Piece] = []

    def add(self, element: Any) -> None:
        """Append the paragraphs and tables below ``element``; items of a list are one block."""
        for child in element:
            if child.tag == _PARAGRAPH:
                self._add_paragraph(child)
            elif child.tag == _TABLE:
                self._end_list()
                add_noted(self.builder, list(_rows(child, self._notes)))
            elif child.tag not in _UNSEEN:
                self.add(child)
        if element.tag == f"{_W}body":
            self._end_list()

    def _add_paragraph(self, paragraph: Any) -> None:
        pieces = list(_pieces(paragraph, self._notes))
        style = _style(paragraph)
        level = self._levels.get(style)
        is_item = style in self._list_styles or paragraph.find(_NUMBERING) is not None
        if level is None and is_item:
            self._list += [*pieces, Piece("\n")]
            return
        self._end_list()
        if level is None:
            add_noted(self.builder, pieces)
        else:
            self.builder.heading("".join(piece.text for piece in pieces), level)
        for box in paragraph.iter(_TEXT_BOX):
            if not any(above.tag in _UNSEEN for above in box.iterancestors()):
                self.add(box)

    def _end_list(self) -> None:
        add_noted(self.builder, self._list)
        self._list = []


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val", ""))


def _rows(table: Any, notes: Mapping[tuple[str, str], str]) -> Iterator[Piece]:
    """Each row as a line, its cells divided by bars; the rows of a table in a cell follow in that cell."""
    rows = [
        [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
        for row in table.iter(_ROW)
    ]
    words = lines([["\n".join(_cell_words(cell)) for cell in cells] for cells in rows])
    for cells, line in zip(rows, words, strict=True):
        yield Piece(line, tuple(_notes_of(cells, notes)))


def _cell_words(cell: Any) -> Iterator[str]:
    for paragraph in cell.iter(_PARAGRAPH):
        if next(paragraph.iterancestors(_CELL)) is cell:
            yield "".join(piece.text for piece in _pieces(paragraph, {}))


def _notes_of(cells: list[Any], notes: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for cell in cells:
        for paragraph in cell.iter(_PARAGRAPH):
            for piece in _pieces(paragraph, notes):
                yield from piece.notes


def _pieces(element: Any, notes: Mapping[tuple[str, str], str]) -> Iterator[Piece]:
    """The words of a paragraph as they are seen, and the notes where they are marked."""
    for child in element:
        if child.tag in (_PARAGRAPH, _TEXT_BOX) or child.tag in _UNSEEN:
            continue
        if child.tag == f"{_W}t":
            yield Piece(child.text or "")
        elif child.tag in _SPACING:
            yield Piece(_SPACING[child.tag])
        elif child.tag in _NOTE_MARKS:
            note = notes.get((_NOTE_MARKS[child.tag], child.get(f"{_W}id", "")))
            yield Piece("", (note,) if note else ())
        else:
            yield from _pieces(child, notes)
