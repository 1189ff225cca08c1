"""PowerPoint: each slide's title, its words in the author's order, and the speaker's notes after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml

from ingest.builder import Reading, TextBuilder
from ingest.readers.guard import check_archive, finished, parsing
from ingest.readers.properties import described
from ingest.readers.rows import table
from ingest.text import clean_line

_DIAGRAM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
_ON_EVERY_SLIDE = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read(content: bytes, name: str) -> Reading:
    """The slides in order. A hidden slide keeps its number, but what its author hid is not read."""
    builder = TextBuilder()
    with parsing(name, "The presentation"):
        check_archive(content, name)
        presentation = Presentation(BytesIO(content))
        for slide in presentation.slides:
            _add_slide(builder, slide)
        core = presentation.core_properties
        properties = described(core.title, core.author, core.created, core.language)
    return finished(builder, properties, name)


def _add_slide(builder: TextBuilder, slide: Any) -> None:
    if slide.element.get("show") in ("0", "false"):
        builder.slide("")
        return
    title = slide.shapes.title
    builder.slide(title.text_frame.text if title is not None else "")
    for text in _texts(shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id):
        builder.paragraph(text)
    for relationship in slide.part.rels.values():
        if relationship.reltype == _DIAGRAM:
            builder.paragraph("\n".join(_diagram(relationship.target_part.blob)))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        builder.paragraph(_lines(slide.notes_slide.notes_text_frame))


def _texts(shapes: Iterable[Any]) -> Iterator[str]:
    """The words of each shape, of those in groups, and of tables (a line for each row)."""
    for shape in shapes:
        if shape.is_placeholder and shape.placeholder_format.type in _ON_EVERY_SLIDE:
            continue
        if hasattr(shape, "shapes"):
            yield from _texts(shape.shapes)
        elif shape.has_text_frame:
            yield _lines(shape.text_frame)
        elif getattr(shape, "has_table", False):
            yield table([[cell.text_frame.text for cell in row.cells] for row in shape.table.rows])


def _lines(frame: Any) -> str:
    """The paragraphs of a text frame, a line each."""
    return "\n".join(line for paragraph in frame.paragraphs if (line := clean_line(paragraph.text)))


def _diagram(data: bytes) -> Iterator[str]:
    """The words of a SmartArt drawing, a line for each of its points."""
    for paragraph in parse_xml(data).iter(f"{_A}p"):
        if line := clean_line("".join(run.text or "" for run in paragraph.iter(f"{_A}t"))):
            yield line
