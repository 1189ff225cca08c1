"""Small documents of each format, made on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from io import BytesIO

import docx
import pptx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas


def pdf(
    pages: Sequence[Sequence[str]],
    outline: Mapping[str, int] | None = None,
    title: str = "",
    author: str = "",
) -> bytes:
    """A PDF that shows these lines on its pages; ``outline`` names headings with their page, from 0."""
    buffer = BytesIO()
    canvas = Canvas(buffer, lang="en-GB")
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for number, lines in enumerate(pages):
        for label in (label for label, page in (outline or {}).items() if page == number):
            canvas.bookmarkPage(label)
            canvas.addOutlineEntry(label, label)
        for line, text in enumerate(lines):
            canvas.drawString(50, 800 - 14 * line, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def turned_pdf(pages: Sequence[Sequence[str]], degrees: int) -> bytes:
    """Pages 842 by 595 points that are printed askew and turned by ``degrees`` to be shown upright."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595))
    wide, high = (595, 842) if degrees % 180 else (842, 595)  # before they are turned
    for lines in pages:
        canvas.setPageRotation(degrees)
        canvas.translate(wide if degrees in (90, 180) else 0, high if degrees in (180, 270) else 0)
        canvas.rotate(degrees)
        for line, text in enumerate(lines):
            canvas.drawString(50, 500 - 14 * line, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def askew_pdf() -> bytes:
    """A page with one line that climbs by thirty degrees."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.translate(200, 300)
    canvas.rotate(30)
    canvas.drawString(0, 0, "Words that climb.")
    canvas.save()
    return buffer.getvalue()


def pdf_of(packed: bytes, pages: int = 1) -> bytes:
    """A PDF whose pages all show the content that ``packed`` (by zlib) holds."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R/Resources<</Font<</F1 %b>>>>>>" % font
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids),
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
        *[page] * pages,
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj%b endobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (size, table, end)


def drawn_pdf(words: Sequence[tuple[str, int]]) -> bytes:
    """A PDF with one line, each word drawn at its distance from the left, in this order and any script."""
    shapes = [
        (b"%02x" % (97 + index), word.encode("utf-16-be").hex()) for index, (word, _) in enumerate(words)
    ]
    table = b"".join(b"<%b> <%b> " % (code, letters.encode()) for code, letters in shapes)
    meaning, content = StreamObject(), StreamObject()
    meaning.set_data(
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange %d beginbfchar %bendbfchar endcmap"
        % (len(words), table)
    )
    drawn = [
        b"BT /F1 12 Tf 1 0 0 1 %d 700 Tm <%b> Tj ET " % (left, code)
        for (code, _), (_, left) in zip(shapes, words, strict=True)
    ]
    content.set_data(b"".join(drawn))
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    font[NameObject("/ToUnicode")] = writer._add_object(meaning)
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content)
    return _saved(writer.write)


def scanned_pdf(pages: int = 2) -> bytes:
    """Pages with a picture of something and no text."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def locked_pdf(user_password: str) -> bytes:
    """An encrypted PDF; with an empty password anybody may read it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([["What the locked page says."]]))))
    writer.encrypt(user_password, owner_password="owner", algorithm="AES-256")
    return _saved(writer.write)


def word() -> bytes:
    """A Word document with a title, headings, a list, a table and two paragraphs."""
    document = docx.Document()
    document.core_properties.title = "Return and reintegration"
    document.core_properties.author = "Amina Odhiambo; python-docx"
    document.add_heading("Return and reintegration", 0)
    document.add_paragraph("Returnees bring skills home.")
    document.add_heading("Recognition", 1)
    document.add_paragraph("Test what people can do", style="List Bullet")
    document.add_paragraph("Certify it", style="List Bullet")
    table = document.add_table(rows=0, cols=2)
    for left, right in (("Country", "Centres"), ("Ghana", "5")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = left, right
    document.add_heading("Next steps", 2)
    document.add_paragraph("Ask the ministry.")
    return _saved(document.save)


def plain_word(*paragraphs: str) -> bytes:
    """A Word document of these paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return _saved(document.save)


def annotated_word() -> bytes:
    """A Word document with headings, a footnote and a table."""
    document = docx.Document()
    document.add_heading("Mobility of nurses", 1)
    paragraph = document.add_paragraph("The agreement covers nurses and midwives.")
    document.add_heading("Fees", 2)
    document.add_paragraph("No worker pays a fee.")
    table = document.add_table(rows=0, cols=2)
    for left, right in (("Cost", "Payer"), ("Visa", "Employer"), ("Housing", "Hospital")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = left, right
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "2")
    paragraph.add_run()._r.append(mark)
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = f"""<?xml version="1.0"?><w:footnotes xmlns:w="{word}"><w:footnote w:id="2"><w:p><w:r>
        <w:t>Article 4 of the agreement.</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return _saved(document.save)


def slides() -> bytes:
    """Three slides: with title, list, table, group, notes and date; hidden; without a title."""
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Who pays"
    first.placeholders[1].text = "Employers advance the fare\nWorkers repay it"
    table = first.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Item", "Payer"), ("Visa", "Worker"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    group = first.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "Inside a group"
    for placeholder in presentation.slide_layouts[1].placeholders:
        if placeholder.placeholder_format.idx in (10, 11, 12):  # date, footer, number
            again = deepcopy(placeholder.element)
            first.shapes._spTree.append(again)
            first.shapes[-1].text_frame.text = f"Furniture {placeholder.placeholder_format.idx}"
    first.notes_slide.notes_text_frame.text = "Say that the limit is weekly."
    hidden = presentation.slides.add_slide(presentation.slide_layouts[1])
    hidden.shapes.title.text = "Not shown"
    hidden.element.set("show", "0")
    last = presentation.slides.add_slide(presentation.slide_layouts[6])
    last.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "Thank you"
    return _saved(presentation.save)


def archive(entries: Mapping[str, bytes]) -> bytes:
    """A zip file with these entries."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def with_entry(office: bytes, name: str, content: bytes) -> bytes:
    """An Office file in which the entry ``name`` is replaced or added."""
    with zipfile.ZipFile(BytesIO(office)) as zipped:
        entries = {entry: zipped.read(entry) for entry in zipped.namelist()}
    return archive({**entries, name: content})


def _saved(save: object) -> bytes:
    buffer = BytesIO()
    save(buffer)  # type: ignore[operator]
    return buffer.getvalue()
