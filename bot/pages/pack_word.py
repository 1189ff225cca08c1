"""A pack as a file for word processors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.pages.pack_text import Block, Look, PackText, Table
from bot.pages.word import content, element, new_document, write, write_link

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

_GREY = "595959"
_RULE, _PAPER = "B08900", "FFF4D6"  # of the box
_STYLES = {
    Look.TITLE: "Title",
    Look.HEADING: "Heading 1",
    Look.SUBHEADING: "Heading 2",
    Look.TEXT: "Normal",
    Look.NOTICE: "Notice",
    Look.ITEM: "Item",
    Look.PLACE: "Place",
    Look.REPLY: "Place",
    Look.DETAIL: "Detail",
    Look.QUOTE: "Quote",
}


def word_pack(text: PackText) -> bytes:
    """``text`` set: with headings that the navigation pane and a table of contents know, and page numbers."""
    document = new_document(text.title, text.made)
    _set_styles(document)
    for block in text.blocks:
        if isinstance(block, Table):
            _add_table(document, block)
        else:
            _add(document.add_paragraph(style=_STYLES[block.look]), block)
    _add_footer(document, text.notice)
    return content(document)


def _add(paragraph: Paragraph, block: Block) -> None:
    language = block.language if block.language != "en" else ""
    if block.link:
        write_link(paragraph, block.text, block.link, language)
    else:
        write(paragraph, block.text, language)


def _add_table(document: Document, table: Table) -> None:
    grid = document.add_table(rows=0, cols=len(table.titles), style="Table Grid")
    for words_of_row in (table.titles, *table.rows):
        row = grid.add_row()
        for cell, words in zip(row.cells, words_of_row, strict=True):
            write(cell.paragraphs[0], words)
    titles = grid.rows[0]
    titles._tr.get_or_add_trPr().append(element("w:tblHeader"))  # on each page that the table runs to
    for cell in titles.cells:
        cell.paragraphs[0].runs[0].font.bold = True


def _add_footer(document: Document, notice: str) -> None:
    """What keeps anybody from taking a page for what it is not, and its number."""
    paragraph = document.sections[0].footer.paragraphs[0]
    write(paragraph, f"{notice} Page " if notice else "Page ")
    paragraph._p.append(element("w:fldSimple", **{"w:instr": "PAGE"}))


def _set_styles(document: Document) -> None:
    """Add the looks that the template lacks. What stands before other words stays on their page."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    styles = document.styles
    styles["Title"].font.size = Pt(20)
    styles["Quote"].font.italic = False  # there is no such thing in Arabic
    styles["Quote"].paragraph_format.left_indent = Mm(6)
    place, detail, item = (
        _add_style(document, *named) for named in (("Place", 9), ("Detail", 9), ("Item", 11))
    )
    for style in (place, item):
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_after = Pt(0)
    for style in (place, detail):
        style.font.color.rgb = RGBColor.from_string(_GREY)
    _add_style(document, "Notice", 11)._element.get_or_add_pPr().extend(_box())
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _add_style(document: Document, name: str, size: int) -> ParagraphStyle:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(size)
    return style


def _box() -> list[Any]:
    """A frame and paper of another colour, as the properties of a paragraph."""
    frame = element("w:pBdr")
    line = {"w:val": "single", "w:sz": "8", "w:space": "6", "w:color": _RULE}
    frame.extend(element(f"w:{side}", **line) for side in ("top", "left", "bottom", "right"))
    return [frame, element("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": _PAPER})]
