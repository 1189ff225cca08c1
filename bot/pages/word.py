"""Files for word processors: paragraphs in their direction and language, links, and nothing XML forbids."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.pages.direction import is_right_to_left

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK_COLOUR = "0B5A63"
_LONGEST_TITLE = 255  # characters; more is not allowed in the properties of a file


def new_document(title: str, day: date) -> Document:
    """An empty document of A4 pages, with our own properties in the place of those of the template."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)  # the template's pages are American
    properties = document.core_properties
    properties.title = printable(title)[:_LONGEST_TITLE]
    properties.author, properties.comments = "Ujuzi", ""
    properties.created = properties.modified = datetime.combine(day, time())
    return document


def content(document: Document) -> bytes:
    """``document`` as a file."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def write(paragraph: Paragraph, text: str, language: str = "") -> None:
    """Add ``text`` in its direction; ``language`` where it is not that of the document."""
    text = printable(text)
    run = paragraph.add_run(text)
    right_to_left = is_right_to_left(text)
    if right_to_left:
        run.font.rtl = True
        paragraph.paragraph_format.element.get_or_add_pPr().append(element("w:bidi"))
    if language:
        kind = "w:bidi" if right_to_left else "w:val"
        run._r.get_or_add_rPr().append(element("w:lang", **{kind: language}))


def write_link(paragraph: Paragraph, text: str, address: str, language: str = "") -> None:
    """Add ``text``, which opens ``address``, to an empty paragraph."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.shared import RGBColor

    write(paragraph, text, language)
    run = paragraph.runs[0]
    run.font.underline = True
    run.font.color.rgb = RGBColor.from_string(_LINK_COLOUR)
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink", **{"r:id": relation})
    link.append(run._r)
    paragraph._p.append(link)


def element(name: str, **attributes: str) -> Any:
    """An element of the format, for what the library has no word for."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    return OxmlElement(name, {qn(key): value for key, value in attributes.items()})


def printable(text: str) -> str:
    """``text`` without the characters that no XML may hold and no table shows."""
    return _NOT_IN_XML.sub("", text)
