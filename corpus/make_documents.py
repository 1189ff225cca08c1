"""Make the PDF, the Word file and the slides of the demonstration library.

The words are in ``corpus/manuscripts/*.text`` and the catalogue data in
``corpus/documents/*.yaml``; this script only sets them. Run it from anywhere:

    python corpus/make_documents.py

Needs reportlab, python-docx, python-pptx and PyYAML. A second run writes the
same bytes: dates are fixed and the archives are packed without time stamps.

The text files are a small subset of Markdown: ``key: value`` lines first, then
``#`` and ``##`` headings, paragraphs, ``- `` lists, ``| `` tables and ``> ``
boxes (speaker notes in the slides). ``[^P23]`` cites a key of ``references``.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import pptx
import yaml
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.coreprops import CoreProperties as DocxProperties
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.shared import Pt as DocxPt
from docx.shared import RGBColor as DocxColour
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph as DocxParagraph
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.parts.coreprops import CorePropertiesPart as PptxProperties
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import _Paragraph as PptxParagraph
from pptx.util import Emu, Inches, Pt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

FOLDER = Path(__file__).resolve().parent / "documents"
MANUSCRIPTS = FOLDER.parent / "manuscripts"
AUTHOR = "Ujuzi demonstration library"
GREEN, OCHRE, BRONZE, PALE, GREY = "0B5D4B", "C9822B", "8A5A12", "EEF4F1", "5F6B68"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
CITATION = re.compile(r"([.,;:?!]?)\s*((?:\[\^\w+\])+)")


# --- reading ---------------------------------------------------------------


@dataclass
class Block:
    """One piece of a text: kind is part, chapter, text, list, table or box."""

    kind: str
    lines: list[str]

    @property
    def text(self) -> str:
        """Return the lines as one string."""
        return " ".join(self.lines)

    @property
    def rows(self) -> list[list[str]]:
        """Return the cells of a table, row by row."""
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in self.lines]


@dataclass
class Source:
    """A text with its front lines and its catalogue record."""

    name: str
    front: dict[str, str]
    blocks: list[Block]
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the title of the catalogue record."""
        return str(self.record["title"])

    @property
    def keywords(self) -> str:
        """Return the themes as one line."""
        return ", ".join(self.record["themes"])

    @property
    def date(self) -> dt.datetime:
        """Return the day of the record as a time for office files."""
        day = self.record["date"]
        return dt.datetime(day.year, day.month, day.day)

    def address(self, code: str) -> str:
        """Return the web address behind a source code."""
        return str(self.record["references"][code]).split(" (", 1)[0]


MARKS = {"# ": "part", "## ": "chapter", "- ": "list", "| ": "table", "> ": "box"}


def curly(text: str) -> str:
    """Set typographic quotation marks."""
    text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text)
    return text.replace("'", "\u2019")


def split_mark(line: str) -> tuple[str, str]:
    """Tell the kind of a line from its first characters."""
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return kind, line[len(mark) :]
    return "text", line


def read_blocks(lines: list[str]) -> list[Block]:
    """Gather lines of the same kind into blocks."""
    blocks: list[Block] = []
    open_kind = ""
    for line in lines:
        if not line.strip():
            open_kind = ""
            continue
        kind, content = split_mark(line.strip())
        if kind == open_kind and kind not in ("part", "chapter"):
            blocks[-1].lines.append(content)
        else:
            blocks.append(Block(kind, [content]))
        open_kind = kind
    return blocks


def read_source(name: str) -> Source:
    """Read a text file and the record beside the finished document."""
    head, body = curly((MANUSCRIPTS / f"{name}.text").read_text("utf-8")).split("\n\n", 1)
    front = dict(line.split(": ", 1) for line in head.splitlines())
    record = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return Source(name, front, read_blocks(body.splitlines()), record)


def pieces(text: str) -> list[tuple[str, str]]:
    """Split a text into (words, code) pairs; citations go before the full stop."""
    out: list[tuple[str, str]] = []
    end = 0
    for match in CITATION.finditer(text):
        out.append((text[end : match.start()], ""))
        out += [("", code) for code in re.findall(r"\w+", match[2])]
        out.append((match[1], ""))
        end = match.end()
    return [pair for pair in [*out, (text[end:], "")] if any(pair)]


def cited(block: Block) -> list[str]:
    """List the source codes of a block."""
    return re.findall(r"\[\^(\w+)\]", block.text)


def uncited(text: str) -> str:
    """The words of a text alone."""
    return "".join(words for words, _ in pieces(text)).strip()


def bracketed(text: str) -> str:
    """The words of a text with [codes] in them."""
    return "".join(words or f" [{code}]" for words, code in pieces(text)).strip()


# --- PDF -------------------------------------------------------------------

SERIF, SERIF_BOLD, SANS, SANS_BOLD = "Times-Roman", "Times-Bold", "Helvetica", "Helvetica-Bold"


def pdf_style(name: str, font: str, size: float, lead: float, **more: object) -> ParagraphStyle:
    """Name the four things that every style needs."""
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=lead, **more)


def pdf_styles() -> dict[str, ParagraphStyle]:
    """Return the styles of the publication by block kind."""
    green, grey = colors.HexColor(f"#{GREEN}"), colors.HexColor(f"#{GREY}")
    body = {"spaceAfter": 8, "allowWidows": 0, "allowOrphans": 0}
    head = {"textColor": green, "keepWithNext": 1}
    return {
        "title": pdf_style("title", SANS_BOLD, 34, 39, textColor=colors.white),
        "subtitle": pdf_style("subtitle", SANS, 16, 22, textColor=colors.white),
        "imprint": pdf_style("imprint", SANS, 10, 15, textColor=grey),
        "part": pdf_style("part", SANS_BOLD, 22, 28, spaceBefore=22, spaceAfter=12, **head),
        "chapter": pdf_style("chapter", SANS_BOLD, 14, 18, spaceBefore=12, spaceAfter=7, **head),
        "text": pdf_style("text", SERIF, 11, 15.6, **body),
        "list": pdf_style("list", SERIF, 11, 15.2, spaceAfter=3),
        "box": pdf_style("box", SANS, 9.6, 13.8, textColor=green),
        "cell": pdf_style("cell", SANS, 8.4, 11),
        "cell_head": pdf_style("cell_head", SANS_BOLD, 8.4, 11, textColor=colors.white),
        "source": pdf_style(
            "source",
            SANS,
            7.2,
            9.2,
            spaceAfter=1.5,
            leftIndent=28,
            bulletFontName=SANS_BOLD,
            bulletFontSize=7.2,
        ),
        "contents": pdf_style("contents", SANS_BOLD, 22, 28, spaceAfter=14, textColor=green),
        "toc0": pdf_style("toc0", SANS_BOLD, 10.5, 20, textColor=green, spaceBefore=6),
        "toc1": pdf_style("toc1", SANS, 10.5, 17, leftIndent=12),
    }


def pdf_inline(source: Source, text: str) -> str:
    """Turn a text into reportlab's markup, with links on the codes."""
    out = []
    for words, code in pieces(text):
        link = f'<link href="{escape(source.address(code))}"' if code else ""
        mark = f'&nbsp;{link} color="#{BRONZE}"><font size="7.5">[{code}]</font></link>'
        out.append(mark if code else escape(words))
    return "".join(out)


class Handbook(BaseDocTemplate):
    """A4 publication with a cover, running page numbers, bookmarks and contents."""

    def __init__(self, source: Source, path: Path) -> None:
        about = {"title": source.title, "author": AUTHOR, "creator": AUTHOR, "keywords": source.keywords}
        super().__init__(
            str(path), pagesize=A4, invariant=1, lang="en-GB", subject=source.front["subtitle"], **about
        )
        self.source = source
        side, width = 2.6 * cm, A4[0] - 5.2 * cm
        cover = Frame(side, 2 * cm, width, A4[1] - 8 * cm, id="cover", leftPadding=0)
        page = Frame(side, 2.3 * cm, width, A4[1] - 4.9 * cm, id="page", leftPadding=0, rightPadding=0)
        self.addPageTemplates(
            [
                PageTemplate("cover", [cover], onPage=self.draw_cover),
                PageTemplate("page", [page], onPage=self.draw_page),
            ]
        )

    def draw_cover(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """Paint the cover behind its text."""
        canvas.setFillColor(colors.HexColor(f"#{GREEN}"))
        canvas.rect(0, A4[1] * 0.36, A4[0], A4[1] * 0.64, stroke=0, fill=1)
        canvas.setFillColor(colors.HexColor(f"#{OCHRE}"))
        canvas.rect(0, A4[1] * 0.36 - 10, A4[0], 10, stroke=0, fill=1)

    def draw_page(self, canvas: Canvas, doc: BaseDocTemplate) -> None:
        """Draw the running head, the rule and the page number."""
        left, right = 2.6 * cm, A4[0] - 2.6 * cm
        canvas.setFillColor(colors.HexColor(f"#{GREY}"))
        canvas.setStrokeColor(colors.HexColor(f"#{OCHRE}"))
        canvas.setFont(SANS, 8)
        canvas.drawString(left, A4[1] - 1.7 * cm, self.source.title)
        canvas.line(left, A4[1] - 1.9 * cm, right, A4[1] - 1.9 * cm)
        canvas.drawString(left, 1.4 * cm, AUTHOR)
        canvas.drawRightString(right, 1.4 * cm, str(doc.page))

    def beforeDocument(self) -> None:  # noqa: N802 - the name is reportlab's
        """Forget the parts of the previous pass."""
        self.in_part = False

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - the name is reportlab's
        """Enter headings in the bookmarks and the contents."""
        name = getattr(getattr(flowable, "style", None), "name", "")
        if name not in ("part", "chapter"):
            return
        self.in_part = self.in_part or name == "part"
        level = int(name == "chapter" and self.in_part)
        text = flowable.getPlainText()
        key = f"p{self.page}-{re.sub(r'[^a-z]+', '-', text.lower())}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=False)
        self.notify("TOCEntry", (level, text, self.page, key))


def pdf_cover(source: Source, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    """Set the cover and the contents page."""
    imprint = [Paragraph(source.front[key], style["imprint"]) for key in ("edition", "imprint", "licence")]
    toc = TableOfContents(levelStyles=[style["toc0"], style["toc1"]], dotsMinLevel=1)
    return [
        Spacer(1, 4 * cm),
        Paragraph(source.title, style["title"]),
        Spacer(1, 0.7 * cm),
        Paragraph(source.front["subtitle"], style["subtitle"]),
        Spacer(1, 8.2 * cm),
        *imprint,
        NextPageTemplate("page"),
        PageBreak(),
        Paragraph(source.front["contents"], style["contents"]),
        toc,
        PageBreak(),
    ]


def pdf_box(text: str, style: ParagraphStyle) -> list[Flowable]:
    """Set a highlighted note."""
    table = Table([[Paragraph(text, style)]], colWidths=["100%"])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), colors.HexColor(f"#{PALE}")),
                ("LINEBEFORE", (0, 0), (0, -1), 3, colors.HexColor(f"#{OCHRE}")),
                ("LEFTPADDING", (0, 0), (-1, -1), 12),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ]
        )
    )
    return [Spacer(1, 4), table, Spacer(1, 12)]


def pdf_table(block: Block, source: Source, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    """Set a table that repeats its head."""
    head, *body = block.rows
    cells = [[Paragraph(pdf_inline(source, cell), style["cell_head"]) for cell in head]]
    cells += [[Paragraph(pdf_inline(source, cell), style["cell"]) for cell in row] for row in body]
    table = Table(cells, colWidths=["12%", *[f"{88 // (len(head) - 1)}%"] * (len(head) - 1)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor(f"#{GREEN}")),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor(f"#{PALE}")]),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor(f"#{GREY}")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return [table, Spacer(1, 12)]


def pdf_list(block: Block, source: Source, style: ParagraphStyle) -> list[Flowable]:
    """Set a bulleted list."""
    items = [ListItem(Paragraph(pdf_inline(source, line), style)) for line in block.lines]
    look = {"start": "\u2022", "bulletColor": colors.HexColor(f"#{OCHRE}"), "leftIndent": 16}
    return [ListFlowable(items, bulletType="bullet", **look), Spacer(1, 8)]


def pdf_sources(source: Source, style: ParagraphStyle) -> list[Flowable]:
    """List the references of the record."""
    return [
        Paragraph(escape(str(where)), style, bulletText=str(code))
        for code, where in sorted(source.record["references"].items())
    ]


def pdf_block(block: Block, source: Source, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    """Set one block."""
    if block.text == "{sources}":
        return pdf_sources(source, style["source"])
    if block.kind == "table":
        return pdf_table(block, source, style)
    if block.kind == "list":
        return pdf_list(block, source, style["list"])
    if block.kind == "box":
        return pdf_box(pdf_inline(source, block.text), style["box"])
    flowable = Paragraph(pdf_inline(source, block.text), style[block.kind])
    if block.kind == "part":
        return [CondPageBreak(11 * cm), flowable]
    return [CondPageBreak(3 * cm), flowable] if block.kind == "chapter" else [flowable]


def make_pdf(source: Source) -> Path:
    """Write the handbook."""
    path = FOLDER / f"{source.name}.pdf"
    style = pdf_styles()
    story = pdf_cover(source, style)
    for block in source.blocks:
        story += pdf_block(block, source, style)
    Handbook(source, path).multiBuild(story)
    return path


# --- Word ------------------------------------------------------------------


def office_properties(properties: DocxProperties | PptxProperties, source: Source) -> None:
    """Fill in the properties that Word and PowerPoint share."""
    properties.title, properties.author, properties.last_modified_by = source.title, AUTHOR, AUTHOR
    properties.subject, properties.keywords = source.front["subtitle"], source.keywords
    properties.language, properties.comments, properties.revision = "en-GB", "", 1
    properties.created = properties.modified = source.date


def pack_again(path: Path) -> None:
    """Write the archive once more without the clock in it."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def docx_link(paragraph: DocxParagraph, code: str, address: str) -> None:
    """Add a source code that opens its address."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(f"[{code}]")
    run.font.size, run.font.color.rgb = DocxPt(8), DocxColour.from_string(BRONZE)
    link.append(run._r)
    paragraph._p.append(link)


def docx_write(paragraph: DocxParagraph, text: str, source: Source, bold: bool = False) -> None:
    """Add a text with its citations to a paragraph."""
    for words, code in pieces(text):
        if code:
            paragraph.add_run("\u00a0")
            docx_link(paragraph, code, source.address(code))
        else:
            paragraph.add_run(words).bold = bold or None


def docx_styles(document: DocxDocument) -> None:
    """Give Word's own styles the look of the library."""
    looks = {"Normal": (10.5, None), "Title": (26, GREEN), "Subtitle": (13, GREY), "Heading 1": (14, GREEN)}
    for name, (size, colour) in looks.items():
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", DocxPt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for slot in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(slot), None)
        if colour:
            style.font.color.rgb = DocxColour.from_string(colour)
    document.styles["Normal"].paragraph_format.space_after = DocxPt(7)
    document.styles["Normal"].paragraph_format.line_spacing = 1.12


def docx_field(paragraph: DocxParagraph, instruction: str) -> None:
    """Add a computed field such as the page number."""
    field_code = OxmlElement("w:fldSimple")
    field_code.set(qn("w:instr"), instruction)
    paragraph._p.append(field_code)


def docx_frame(document: DocxDocument, source: Source) -> None:
    """Margins, running head and page number."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.header.paragraphs[0].text = source.title
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    docx_field(foot, "PAGE")


def docx_shade(cell: DocxCell, colour: str) -> None:
    """Colour the ground of a table cell."""
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def docx_table(document: DocxDocument, block: Block, source: Source) -> None:
    """Set a table whose head repeats on each page."""
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
    for number, row in enumerate(block.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            docx_write(cell.paragraphs[0], text, source, bold=number == 0)
            cell.paragraphs[0].paragraph_format.space_after = DocxPt(2)
            if number == 0:
                docx_shade(cell, "D5E6DF")
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def docx_block(document: DocxDocument, block: Block, source: Source) -> None:
    """Set one block."""
    if block.kind == "table":
        docx_table(document, block, source)
    elif block.kind == "chapter":
        document.add_heading(block.text, 1)
    elif block.kind == "list":
        for line in block.lines:
            docx_write(document.add_paragraph(style="List Bullet"), line, source)
    else:
        docx_write(document.add_paragraph(), block.text, source)


def make_docx(source: Source) -> Path:
    """Write the Word paper."""
    path = FOLDER / f"{source.name}.docx"
    document = docx.Document()
    office_properties(document.core_properties, source)
    docx_styles(document)
    docx_frame(document, source)
    document.add_paragraph(source.title, style="Title")
    document.add_paragraph(source.front["subtitle"], style="Subtitle")
    document.add_paragraph("\n".join(source.front[key] for key in ("edition", "imprint", "licence")))
    for block in source.blocks:
        docx_block(document, block, source)
    document.save(str(path))
    pack_again(path)
    return path


# --- slides ----------------------------------------------------------------

WIDE, HIGH = Inches(13.333), Inches(7.5)
TITLE_LAYOUT, BULLET_LAYOUT, TABLE_LAYOUT = 0, 1, 5


def place(shape: BaseShape, left: float, top: float, width: float, height: float) -> None:
    """Put a shape at a position given in inches."""
    shape.left, shape.top, shape.width, shape.height = (Inches(side) for side in (left, top, width, height))


def pptx_band(slide: Slide, height: Emu | int, colour: str, top: int = 0) -> None:
    """Lay a coloured band under everything else."""
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, top, WIDE, height)
    band.fill.solid()
    band.fill.fore_color.rgb = RGBColor.from_string(colour)
    band.line.fill.background()
    slide.shapes._spTree.remove(band._element)
    slide.shapes._spTree.insert(2, band._element)


def pptx_text(paragraph: PptxParagraph, text: str, size: float, colour: str, bold: bool = False) -> None:
    """Add a run of text to a paragraph."""
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Calibri"
    run.font.color.rgb = RGBColor.from_string(colour)


def pptx_title(slide: Slide, text: str) -> None:
    """Set the title of a slide on its band."""
    pptx_band(slide, Inches(1.25), GREEN)
    place(slide.shapes.title, 0.6, 0.2, 12.1, 0.85)
    frame = slide.shapes.title.text_frame
    frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.MIDDLE, True
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    pptx_text(frame.paragraphs[0], text, 30, "FFFFFF", bold=True)


def pptx_foot(slide: Slide, source: Source, blocks: list[Block], number: int) -> None:
    """Set the slide number and, where there are any, the sources."""
    page = slide.shapes.add_textbox(Inches(12.2), Inches(6.95), Inches(0.7), Inches(0.4))
    pptx_text(page.text_frame.paragraphs[0], str(number), 11, GREY)
    codes = list(dict.fromkeys(code for block in blocks for code in cited(block)))
    if not codes:
        return
    box = slide.shapes.add_textbox(Inches(0.6), Inches(6.95), Inches(11.4), Inches(0.4))
    line = box.text_frame.paragraphs[0]
    pptx_text(line, f"{source.front['sources']}:", 11, GREY)
    for code in codes:
        pptx_text(line, " ", 11, GREY)
        pptx_text(line, code, 11, GREY)
        line.runs[-1].hyperlink.address = source.address(code)


def pptx_bullets(slide: Slide, block: Block) -> None:
    """Set the bullets of a slide."""
    body = slide.placeholders[1]
    place(body, 0.6, 1.65, 12.1, 5.1)
    body.text_frame.word_wrap = True
    size = 24 if len(block.lines) < 7 else 21
    for number, line in enumerate(block.lines):
        frame = body.text_frame
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.space_after = Pt(14 if size == 24 else 8)
        pptx_text(paragraph, uncited(line), size, "222222")


def pptx_table(slide: Slide, block: Block) -> None:
    """Set a table of three columns."""
    rows = block.rows
    area = [Inches(side) for side in (0.6, 1.7, 12.1, 0.7 * len(rows))]
    table = slide.shapes.add_table(len(rows), len(rows[0]), *area).table
    for column, width in zip(table.columns, (2.6, 4.0, 5.5), strict=True):
        column.width = Inches(width)
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            cell = table.cell(y, x)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(PALE if y else OCHRE)
            colour = "222222" if y else "FFFFFF"
            pptx_text(cell.text_frame.paragraphs[0], uncited(text), 17, colour, bold=not y)


def pptx_notes(slide: Slide, blocks: list[Block]) -> None:
    """Set the speaker's notes."""
    notes = [bracketed(block.text) for block in blocks if block.kind == "box"]
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def pptx_cover(deck: Presentation, source: Source, blocks: list[Block]) -> None:
    """Make the title slide."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT])
    pptx_band(slide, Inches(0.12), OCHRE, Inches(4.9))
    pptx_band(slide, Inches(4.9), GREEN)
    title, sub = slide.shapes.title, slide.placeholders[1]
    place(title, 0.9, 1.3, 11.5, 1.6)
    place(sub, 0.9, 2.9, 11.5, 1.5)
    for shape, text, size in ((title, source.title, 48), (sub, source.front["subtitle"], 22)):
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        pptx_text(shape.text_frame.paragraphs[0], text, size, "FFFFFF", bold=size > 40)
    box = slide.shapes.add_textbox(Inches(0.9), Inches(5.4), Inches(11.5), Inches(1.4)).text_frame
    for number, key in enumerate(("edition", "imprint", "licence")):
        line = box.add_paragraph() if number else box.paragraphs[0]
        pptx_text(line, source.front[key], 16, GREY)
    pptx_notes(slide, blocks)


def pptx_slide(deck: Presentation, source: Source, blocks: list[Block], number: int) -> None:
    """Make a slide with bullets or a table."""
    content = next(block for block in blocks if block.kind in ("list", "table"))
    layout = TABLE_LAYOUT if content.kind == "table" else BULLET_LAYOUT
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    pptx_title(slide, blocks[0].text)
    if content.kind == "table":
        pptx_table(slide, content)
    else:
        pptx_bullets(slide, content)
    pptx_foot(slide, source, blocks, number)
    pptx_notes(slide, blocks)


def slide_groups(blocks: list[Block]) -> list[list[Block]]:
    """Split the blocks at the chapter headings, one group a slide."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.kind == "chapter":
            groups.append([])
        groups[-1].append(block)
    return groups


def make_pptx(source: Source) -> Path:
    """Write the slides."""
    path = FOLDER / f"{source.name}.pptx"
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    office_properties(deck.core_properties, source)
    first, *rest = slide_groups(source.blocks)
    pptx_cover(deck, source, first)
    for number, blocks in enumerate(rest, start=2):
        pptx_slide(deck, source, blocks, number)
    deck.save(str(path))
    pack_again(path)
    return path


def main() -> None:
    """Make the three documents and print their sizes."""
    makers = {
        "building-a-skills-partnership": make_pdf,
        "palm-and-kenya-compared": make_docx,
        "learning-from-palm-slides": make_pptx,
    }
    for name, make in makers.items():
        path = make(read_source(name))
        print(f"{path.relative_to(FOLDER.parent)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
