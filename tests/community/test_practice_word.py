"""The form as a Word file: filled in, maimed by other programs, read back; nothing is ever dropped."""

from __future__ import annotations

import socket
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as OpenDocument

from community.practices.fields import EMPTY, Practice, unagreed
from community.practices.practices import WORD_READER
from community.practices.template import TEMPLATE, UNPLACED
from community.practices.word_marks import ON_PAPER, W
from community.practices.word_placing import laid_over
from community.practices.word_template import word_file
from ingest.cage import Cage
from ingest.errors import FileRejected
from tests.community.practising import NASTY, Cages, filled
from tests.ingest import documents

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Maim = Callable[[OpenDocument], None]


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    cages = Cages()
    yield cages(WORD_READER)
    cages.close()


def read(cage: Cage, content: bytes) -> tuple[dict[str, str], list[str]]:
    """The fields that hold something, and the words without a place."""
    properties: Any = cage.read(content, "form.docx").properties
    return {name: text for name, text in properties["fields"].items() if text}, properties["unplaced"]


def changed(content: bytes, change: Maim) -> bytes:
    document = Document(BytesIO(content))
    change(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def on_paper(practice: Practice) -> dict[str, str]:
    return {one.id: practice.text(one.id) for one in ON_PAPER if practice.text(one.id)}


def with_controls(document: OpenDocument) -> None:
    """As where somebody made each answer a content control."""
    for table in document.tables:
        paragraph = table.cell(1, 0).paragraphs[0]._p
        control, content = paragraph.makeelement(f"{W}sdt", {}), paragraph.makeelement(f"{W}sdtContent", {})
        paragraph.addprevious(control)
        control.append(content)
        content.append(paragraph)


def without_bookmarks(document: OpenDocument) -> None:
    for mark in list(document.element.body.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)


def without_marks_and_styles(document: OpenDocument) -> None:
    without_bookmarks(document)
    without_styles(document)


def with_other_labels(document: OpenDocument) -> None:
    for number, table in enumerate(document.tables):
        table.cell(0, 0).paragraphs[0].runs[0].text = f"Question {number}"


def in_another_order(document: OpenDocument) -> None:
    body = document.element.body
    for table in list(body.iter(f"{W}tbl")):
        body.insert(0, table)


def without_styles(document: OpenDocument) -> None:
    """As programs do that know none but the usual ones."""
    for style in list(document.element.body.iter(f"{W}pStyle")):
        if style.get(f"{W}val").startswith("Ujuzi"):
            style.getparent().remove(style)


@pytest.mark.parametrize("gap", ["\n\n", "\n", " "])
def test_a_form_goes_to_word_and_back_word_by_word(gap: str, cage: Cage) -> None:
    """In three forms each text that could be taken for something else stands once in each field."""
    third = len(NASTY) // 3
    first = ["\n\n", "\n", " "].index(gap) * third
    texts = {
        one.id: gap.join((NASTY * 2)[(first + number) % len(NASTY) :][:third])
        for number, one in enumerate(TEMPLATE)
    }
    practice = filled(**texts, summary=gap.join(NASTY), title=NASTY[first])
    fields, unplaced = read(cage, word_file(practice))
    assert laid_over(EMPTY, fields, unplaced) == unagreed(practice)
    assert unplaced == []


@pytest.mark.parametrize(
    "maim",
    [
        with_controls,
        without_styles,
        without_bookmarks,
        with_other_labels,
        without_marks_and_styles,
        in_another_order,
    ],
)
def test_fields_are_known_after_other_programs_had_the_file(maim: Maim, cage: Cage) -> None:
    practice = filled(summary="", protection="")
    fields, unplaced = read(cage, changed(word_file(practice), maim))
    assert fields == on_paper(practice)
    assert [text for text in unplaced if "Question" not in text] == []


def test_paragraphs_and_lists_of_a_cell_are_kept(cage: Cage) -> None:
    def fill(document: OpenDocument) -> None:
        cell = table_of(document, "Actors").cell(1, 0)
        cell.add_paragraph("The county runs it.")
        cell.add_paragraph("The union", "List Bullet")
        cell.add_paragraph("The employers", "List Number")
        cell.add_paragraph("All meet in March.")

    fields, _ = read(cage, changed(word_file(), fill))
    assert fields == {"actors": "The county runs it.\n\n- The union\n- The employers\n\nAll meet in March."}


def test_an_answer_beside_the_label_counts(cage: Cage) -> None:
    def fill(document: OpenDocument) -> None:
        table_of(document, "Objective").cell(0, 0).add_paragraph("To train three hundred.", "Normal")

    assert read(cage, changed(word_file(), fill)) == ({"objective": "To train three hundred."}, [])


def test_words_outside_the_boxes_are_shown_and_not_dropped(cage: Cage) -> None:
    def fill(document: OpenDocument) -> None:
        document.add_paragraph("We would like to add this.")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Gender", "Half of them are women."

    fields, unplaced = read(cage, changed(word_file(filled()), fill))
    assert fields == on_paper(filled())
    assert unplaced == ["We would like to add this.", "Gender\n\nHalf of them are women."]
    laid = laid_over(EMPTY, fields, unplaced)
    assert laid.text(UNPLACED.id) == "\n\n".join(unplaced)


def test_an_older_form_gives_what_it_has(cage: Cage) -> None:
    """One with fewer fields, one of which we no longer ask for, in two columns and under its old name."""
    document = Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "6. Funding", "The county pays."
    table.cell(1, 0).text, table.cell(1, 1).text = "Résultats", "Three hundred certified."
    table.cell(2, 0).text, table.cell(2, 1).text = "Colour of the logo", "Green."
    written = BytesIO()
    document.save(written)
    fields, unplaced = read(cage, written.getvalue())
    assert fields == {"financing": "The county pays.", "results": "Three hundred certified."}
    assert unplaced == ["Colour of the logo\n\nGreen."]


def test_a_text_under_our_headings_is_read_without_any_box(cage: Cage) -> None:
    document = Document()
    document.add_heading("Lessons learned", 2)
    document.add_paragraph("Ask the employers first.")
    document.add_heading("Something else", 2)
    document.add_paragraph("It rained.")
    written = BytesIO()
    document.save(written)
    assert read(cage, written.getvalue()) == ({"lessons": "Ask the employers first."}, ["It rained."])


def test_tracked_changes_count_as_they_look_when_accepted(cage: Cage) -> None:
    def fill(document: OpenDocument) -> None:
        paragraph = table_of(document, "Context").cell(1, 0).add_paragraph("Kept ")
        for tag, text in (("ins", "added"), ("del", "deleted")):
            run = paragraph.add_run(text)
            change = run._r.makeelement(f"{W}{tag}", {})
            run._r.addprevious(change)
            change.append(run._r)

    assert read(cage, changed(word_file(), fill))[0] == {"context": "Kept added"}


def test_choices_are_read_as_they_are_shown_and_others_are_kept(cage: Cage) -> None:
    fields = {
        "language": "French",
        "themes": "Needs\nFunding, gardening",
        "licence": "cc by 4.0",
        "risks": "Few.",
    }
    laid = laid_over(EMPTY, fields, ["Stray."])
    assert laid.words("language") == ("fr",)
    assert laid.words("themes") == ("needs", "funding")
    assert laid.words("licence") == ("CC BY 4.0",)
    assert laid.text(UNPLACED.id) == "Themes: gardening\n\nrisks: Few.\n\nStray."


def test_what_a_form_replaces_is_kept_and_what_it_leaves_empty_stays() -> None:
    draft = filled(context="Before.", lessons="Old.")
    laid = laid_over(draft, {"context": "After.", "lessons": "Old. And new.", "results": ""}, [])
    assert laid.text("context") == "After."
    assert laid.text("lessons") == "Old. And new."
    assert laid.text("results") == draft.text("results")
    assert laid.text("agreed") == "yes"
    assert laid.text(UNPLACED.id) == "Context, as it was before: Before."
    assert laid_over(laid, {"context": "After."}, []) == laid
    twice = laid_over(laid_over(EMPTY, {}, ["Stray."]), {}, ["Stray."])
    assert twice.text(UNPLACED.id) == "Stray."


@pytest.mark.parametrize(
    "content", [documents.plain_word("Nothing of ours."), b"%PDF-1.4 no form", b"PK\x03\x04 no"]
)
def test_what_is_no_form_is_refused_with_a_reason(content: bytes, cage: Cage) -> None:
    with pytest.raises(FileRejected) as refused:
        cage.read(content, "form.docx")
    assert len(refused.value.reason) > 30


def test_the_template_says_what_each_field_asks(cage: Cage) -> None:
    words = "\n".join(
        cell.text
        for table in Document(BytesIO(word_file())).tables
        for row in table.rows
        for cell in row.cells
    )
    for one in TEMPLATE:
        assert one.label in words
        assert one.help in words


def table_of(document: OpenDocument, label: str) -> Any:
    return next(table for table in document.tables if table.cell(0, 0).paragraphs[0].text.startswith(label))


def test_a_form_that_would_unpack_to_a_bomb_is_refused_unread(cage: Cage) -> None:
    bomb = documents.with_entry(word_file(filled()), "word/media/image1.png", b"0" * 90_000_000)
    with pytest.raises(FileRejected) as refused:
        cage.read(bomb, "form.docx")
    assert "unpack" in refused.value.reason


def rewritten(content: bytes, change: Callable[[str], str]) -> bytes:
    """A Word file whose body is changed as text, as nothing but malice would."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = change(parts["word/document.xml"].decode()).encode()
    return documents.archive(parts)


def test_a_form_reaches_for_no_file_of_this_machine_and_no_address(cage: Cage, tmp_path: Path) -> None:
    """An external entity is not opened, a template and a picture elsewhere are not fetched."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")

    def entity(xml: str) -> str:
        declared = f'<!DOCTYPE w [<!ENTITY s SYSTEM "{secret.as_uri()}">]><w:document'
        return xml.replace("<w:document", declared, 1).replace("The worker pays", "&s; The worker pays", 1)

    form = word_file(filled())
    fields, unplaced = read(cage, rewritten(form, entity))
    assert "secret" not in "".join([*fields.values(), *unplaced])
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/template.dotm"

        def linked(document: OpenDocument) -> None:
            for kind in ("attachedTemplate", "image"):
                document.part.relate_to(address, f"{_RELATIONS}/{kind}", is_external=True)

        assert read(cage, changed(form, linked))[0] == on_paper(filled())
        with pytest.raises(BlockingIOError):  # nobody called
            elsewhere.accept()


def test_entities_that_grow_and_boxes_in_boxes_end_in_a_sentence(cage: Cage) -> None:
    def laughs(xml: str) -> str:
        grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9))
        document = xml.replace("<w:document", f"<!DOCTYPE w [{grown}]><w:document", 1)
        return document.replace("The worker pays", "&l8; The worker pays", 1)

    def nested(xml: str) -> str:
        box, end = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
        return xml.replace("<w:body>", f"<w:body>{box * 3_000}{end * 3_000}", 1)

    for attack in (laughs, nested):
        with pytest.raises(FileRejected):
            read(cage, rewritten(word_file(filled()), attack))
    assert read(cage, word_file(filled()))[0] == on_paper(filled())


def test_consent_is_given_by_no_file(cage: Cage) -> None:
    """Whatever a file calls a box of its own."""

    def fill(document: OpenDocument) -> None:
        mark = next(document.element.body.iter(f"{W}bookmarkStart"))
        mark.set(f"{W}name", "ujuzi_agreed")
        table_of(document, "Title").cell(1, 0).text = "yes"

    fields, unplaced = read(cage, changed(word_file(), fill))
    laid = laid_over(EMPTY, {**fields, "unrecognisable": "yes"}, unplaced)
    assert laid.values.keys() == {UNPLACED.id}


def test_a_form_with_macros_is_refused(cage: Cage) -> None:
    with zipfile.ZipFile(BytesIO(word_file(filled()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    plain = b"wordprocessingml.document.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument." + plain,
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" + b"0" * 200
    with pytest.raises(FileRejected):
        cage.read(documents.archive(parts), "form.docx")
