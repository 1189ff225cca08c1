"""The form as a Word file that can be filled in without a connection; ``word_reading`` reads it back.

The answers stand in plain cells. In content controls LibreOffice 7.4 loses line ends, and writes words twice
where a line holds several scripts.
"""

from __future__ import annotations

from io import BytesIO
from itertools import count

from docx import Document
from docx.document import Document as OpenDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from community.practices.fields import EMPTY, Practice
from community.practices.template import DESCRIPTION, TEMPLATE, Field
from community.practices.word_marks import (
    GUIDANCE,
    HELP_STYLE,
    LABEL_STYLE,
    ON_PAPER,
    QUESTIONS,
    bookmark,
    printed,
)

_SHADE = "E2EFEE"


def word_file(practice: Practice = EMPTY) -> bytes:
    """The form as a Word file, with what is filled in so far."""
    document = Document()
    _describe(document)
    _styles(document)
    document.add_heading("A good practice", 0)
    for line in GUIDANCE:
        document.add_paragraph(line, HELP_STYLE)
    numbers = count(1)
    for heading, fields in _sections():
        document.add_heading(heading, 1)
        for one in fields:
            _add_field(document, one, practice, next(numbers))
    document.add_heading("What reviewers will ask", 1)
    for line in QUESTIONS:
        document.add_paragraph(line, HELP_STYLE)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sections() -> list[tuple[str, tuple[Field, ...]]]:
    rest = tuple(one for one in ON_PAPER if one not in DESCRIPTION and one not in TEMPLATE)
    about = tuple(one for one in ON_PAPER if one in DESCRIPTION)
    return [("About this text", about), ("The practice", TEMPLATE), ("Publication", rest)]


def _describe(document: OpenDocument) -> None:
    """No trace of the program that made it, and the language that its checker starts with."""
    document.core_properties.author = "Ujuzi"
    document.core_properties.title = "A good practice: form"
    document.core_properties.comments = ""


def _styles(document: OpenDocument) -> None:
    for name, size, bold in ((LABEL_STYLE, 12, True), (HELP_STYLE, 10, False)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size, style.font.bold = Pt(size), bold
        style.font.color.rgb = RGBColor(0x1B, 0x24, 0x26) if bold else RGBColor(0x55, 0x62, 0x66)
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.keep_with_next = bold


def _add_field(document: OpenDocument, one: Field, practice: Practice, number: int) -> None:
    """A box for one field: its label and help above, the answer below."""
    table = document.add_table(2, 1, "Table Grid")
    above, below = table.cell(0, 0), table.cell(1, 0)
    _shade(above)
    label = above.paragraphs[0]
    label.style = document.styles[LABEL_STYLE]
    label.add_run(one.label if one.required else f"{one.label} (if you can)")
    _mark(label, one, number)
    for line in printed(one):
        above.add_paragraph(line, HELP_STYLE)
    _write(below, practice.text(one.id))
    document.add_paragraph()


def _mark(label: Paragraph, one: Field, number: int) -> None:
    """A bookmark around the label."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), bookmark(one.id))
    label.runs[0]._r.addprevious(start)
    label.runs[-1]._r.addnext(end)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _write(cell: _Cell, text: str) -> None:
    """A paragraph for each block of ``text``; its lines stay lines."""
    for number, block in enumerate(text.split("\n\n")):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        first, *rest = block.split("\n")
        paragraph.add_run(first)
        for line in rest:
            paragraph.add_run().add_break(WD_BREAK.LINE)
            paragraph.add_run(line)
