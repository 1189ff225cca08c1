"""A filled form read from a Word file. It runs in the cage: ``Cage("community.practices.word_reading")``.

The answer is a Reading whose properties are ``fields``, the words by field, and ``unplaced``, all other words
that a person wrote into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from docx import Document

from community.practices.word_marks import HELP_STYLE, LABEL_STYLE, W, is_printed, marked, named
from ingest.builder import Reading
from ingest.errors import FileRejected
from ingest.media import MediaType, media_type
from ingest.readers.guard import check_archive, check_length, parsing
from ingest.text import clean

_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_UNSEEN = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText")}
_UNSEEN.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_SPACING = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_IF_YOU_CAN = " (if you can)"
_NO_FORM = (
    "It is no form of ours: none of its fields is in it. Download the Word form and fill that in, or choose "
    "“Take words from a document” to look through this file."
)


def read(content: bytes, name: str) -> Reading:
    """The fields of the Word file called ``name``. FileRejected where it is no such file, or no form."""
    if media_type(content, name) != MediaType.DOCX:
        raise FileRejected(name, "It is no Word document (.docx). Upload the form that you downloaded.")
    with parsing(name, "The Word document"):
        check_archive(content, name)
        form = _Form(Document(BytesIO(content)))
    if not form.seen:
        raise FileRejected(name, _NO_FORM)
    fields = {field: clean(_joined(lines)) for field, lines in form.answers.items()}
    unplaced = [text for text in map(clean, form.unplaced) if text]
    check_length(sum(map(len, [*fields.values(), *unplaced])), name)
    return Reading(clean("\n\n".join(fields.values())), properties={"fields": fields, "unplaced": unplaced})


class _Line(NamedTuple):
    """The words of a paragraph, and whether they are an item of a list."""

    text: str
    is_item: bool = False


class _Form:
    """What stands in a form: ``seen`` fields, their ``answers`` paragraph by paragraph, and the rest."""

    def __init__(self, document: Any) -> None:
        self.answers: dict[str, list[_Line]] = defaultdict(list)
        self.unplaced: list[str] = []
        self.seen: set[str] = set()
        self._styles = {style.style_id: (style.name or "") for style in document.styles}
        self._lists = {
            one.style_id for one in document.styles if one.element.find(f"{W}pPr/{W}numPr") is not None
        }
        self._current: str | None = None  # the field under whose heading the body is
        self._add(document.element.body)

    def _add(self, element: Any) -> None:
        for child in element:
            if child.tag == _TABLE:
                self._add_table(child)
            elif child.tag == _PARAGRAPH:
                self._add_paragraph(child)
            elif child.tag not in _UNSEEN:
                self._add(child)

    def _add_paragraph(self, paragraph: Any) -> None:
        """What stands outside of all boxes: it belongs to the heading above, if that names a field."""
        style, line = self._style(paragraph), self._line(paragraph)
        if style.casefold().startswith(("heading", "title")):
            self._current = named(line.text)
            self.seen |= {self._current} - {None}  # type: ignore[arg-type]
        elif line.text and not self._is_ours(paragraph):
            self._place(self._current, [line])

    def _add_table(self, table: Any) -> None:
        """Rows of a label and its answer, beside it or below."""
        waiting: str | None = None
        for row in _own(table, _ROW, _TABLE):
            cells = list(_own(row, _CELL, _ROW))
            label = _field_of(cells[0], self._label(cells[0])) if cells else None
            if waiting and not (label and _has_mark(cells[0])):
                self._answer(waiting, cells)
                waiting = None
            elif label:
                self.seen.add(label)
                self._place(label, self._answers_beside_label(cells[0]))
                waiting = None if cells[1:] else label
                self._answer(label, cells[1:])
            else:
                self._answer(None, cells)

    def _answer(self, field: str | None, cells: list[Any]) -> None:
        self.seen |= {field} if field else set()
        self._place(field, [line for cell in cells for line in self._lines(cell)])

    def _place(self, field: str | None, lines: list[_Line]) -> None:
        if field:
            self.answers[field] += lines
        elif any(line.text for line in lines):
            self.unplaced.append(_joined(lines))

    def _label(self, cell: Any) -> str:
        """The first words of a cell, as a label."""
        return next((line.text for line in self._lines(cell)), "").removesuffix(_IF_YOU_CAN)

    def _answers_beside_label(self, cell: Any) -> list[_Line]:
        """What somebody wrote into the box of the label and the help."""
        written = [one for one in cell.iter(_PARAGRAPH) if self._line(one).text][1:]
        return [self._line(one) for one in written if not self._is_ours(one)]

    def _lines(self, cell: Any) -> Iterator[_Line]:
        lines = (self._line(paragraph) for paragraph in cell.iter(_PARAGRAPH))
        return (line for line in lines if line.text)

    def _line(self, paragraph: Any) -> _Line:
        return _Line(clean("".join(_words(paragraph))), self._is_item(paragraph))

    def _is_ours(self, paragraph: Any) -> bool:
        """Whether the form itself holds it; some programs drop the styles that would say so."""
        return self._style(paragraph) in (HELP_STYLE, LABEL_STYLE) or is_printed(self._line(paragraph).text)

    def _is_item(self, paragraph: Any) -> bool:
        is_numbered = paragraph.find(f"{W}pPr/{W}numPr") is not None
        return is_numbered or _style_id(paragraph) in self._lists

    def _style(self, paragraph: Any) -> str:
        return self._styles.get(_style_id(paragraph), "")


def _joined(lines: list[_Line]) -> str:
    """Paragraphs apart by empty lines, the items of a list by line ends."""
    text, before = "", False
    for line in lines:
        gap = "\n" if before and line.is_item else "\n\n"
        text += (gap if text else "") + ("- " if line.is_item else "") + line.text
        before = line.is_item
    return text


def _field_of(cell: Any, label: str) -> str | None:
    """The field that a cell is the label of: by its bookmark, else by its words."""
    names = (mark.get(f"{W}name", "") for mark in cell.iter(f"{W}bookmarkStart"))
    return next(filter(None, map(marked, names)), None) or named(label)


def _has_mark(cell: Any) -> bool:
    return any(marked(mark.get(f"{W}name", "")) for mark in cell.iter(f"{W}bookmarkStart"))


def _own(element: Any, tag: str, parent: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, without those of tables inside."""
    return (one for one in element.iter(tag) if next(one.iterancestors(parent)) is element)


def _style_id(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _UNSEEN or child.tag == _PARAGRAPH:
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _SPACING:
            yield _SPACING[child.tag]
        else:
            yield from _words(child)
