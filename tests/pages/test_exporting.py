"""Lists that a reader takes along, read back as other programs read them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO

import pytest
import rispy
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pybtex.database import parse_string

from bot.pages.exporting import FORMATS, About, Row, exported
from index.library import Library
from ingest.domain import Place, Source
from ingest.errors import NotFound
from tests.pages.seen import span_of

ABOUT = About("who pays the airfare", ("good practices", "Kenya"), date(2026, 11, 28))
PALM = Row(
    Source(
        "palm",
        "The PALM scheme",
        kind="good_practice",
        date=date(2026, 3, 18),
        countries=("Kenya", "Australia"),
    ),
    2,
    Place(pages=(3, 4), heading="Financing"),
    'The employer pays "first",\nand carries 300 dollars; the rest is a wage matter.',
    "https://library.example/sources/palm?version=2&from=3&to=9#quote",
)
TALK = Row(
    Source("talk", "Recognition", kind="transcript", illustrative=True),
    1,
    Place(seconds=(750.0, 761.0), speakers=("Moderator",)),
    "The employer pays superannuation.",
    "https://library.example/sources/talk?version=1&from=0&to=5#quote",
)
ARABIC = Row(
    Source("shahada", "الاعتراف بالمهارات", language="ar"),
    1,
    Place(),
    "يحصل العامل على شهادة",
    "https://library.example/sources/shahada?version=1&from=0&to=5#quote",
)
ROWS = (PALM, TALK, ARABIC)


def table(rows: tuple[Row, ...], about: About = ABOUT) -> list[dict[str, str]]:
    content = exported("csv", rows, about).content
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def paragraphs(rows: tuple[Row, ...], about: About = ABOUT) -> list[Paragraph]:
    return Document(BytesIO(exported("docx", rows, about).content)).paragraphs


def runs_right_to_left(paragraph: Paragraph) -> bool:
    return paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None


def test_each_format_has_its_type_and_a_plain_name() -> None:
    made = {name: exported(name, ROWS, ABOUT) for name in FORMATS}
    assert {name: one.file_name for name, one in made.items()} == {
        "csv": "ujuzi-who-pays-the-airfare-2026-11-28.csv",
        "docx": "ujuzi-who-pays-the-airfare-2026-11-28.docx",
        "bibtex": "ujuzi-who-pays-the-airfare-2026-11-28.bib",
        "ris": "ujuzi-who-pays-the-airfare-2026-11-28.ris",
    }
    assert made["csv"].media_type == "text/csv; charset=utf-8"
    assert made["docx"].media_type.startswith("application/vnd.openxmlformats")
    accented = replace(ABOUT, words="Émigrés à l'étranger")
    assert exported("ris", ROWS, accented).file_name == "ujuzi-emigres-a-l-etranger-2026-11-28.ris"
    arabic = replace(ABOUT, words="شهادة\r\nSet-Cookie: x")
    assert exported("ris", ROWS, arabic).file_name == "ujuzi-set-cookie-x-2026-11-28.ris"


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound) as refused:
        exported("<pdf>", ROWS, ABOUT)
    assert str(refused.value) == (
        "There is no export called “<pdf>”. Choose one of these: csv, docx, bibtex, ris."
    )


def test_a_table_holds_all_of_a_passage_and_opens_in_office_programs() -> None:
    assert exported("csv", ROWS, ABOUT).content.startswith(b"\xef\xbb\xbfTitle,Kind,")
    first, second, third = table(ROWS)
    assert first == {
        "Title": "The PALM scheme",
        "Kind": "good practice",
        "Date": "2026-03-18",
        "Language": "English",
        "Countries": "Kenya, Australia",
        "Place": "“Financing”, pp. 3-4",
        "Quote": PALM.quote,
        "Illustrative": "",
        "Review": "not reviewed",
        "Version": "2",
        "Link": PALM.link,
        "Searched for": "who pays the airfare",
        "Searched on": "2026-11-28",
    }
    assert (second["Illustrative"], second["Place"]) == ("illustrative", "12:30-12:41, Moderator")
    assert (third["Title"], third["Date"]) == (ARABIC.source.title, "")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "  =1", "＝1"])
def test_no_cell_begins_as_a_formula(words: str) -> None:
    row = replace(PALM, quote=words, source=replace(PALM.source, title=words))
    (read,) = table((row,), replace(ABOUT, words=words))
    assert read["Quote"] == read["Title"] == read["Searched for"] == f"'{words}"


def test_an_innocent_cell_stays_as_it_is() -> None:
    (read,) = table((replace(PALM, quote="1 - 1 = 0, a@b"),))
    assert read["Quote"] == "1 - 1 = 0, a@b"


def test_a_word_list_says_what_was_searched_and_links_each_title_to_its_moment() -> None:
    heading, about, *listed = paragraphs((PALM, TALK))
    assert (heading.style.name, heading.text) == ("Heading 1", "Passages on “who pays the airfare”")
    assert about.text == (
        "Searched in the Ujuzi library on 28 November 2026 for “who pays the airfare”, "
        "limited to good practices, Kenya. 2 passages."
    )
    assert [one.text for one in listed] == [
        "The PALM scheme",
        "Good practice · 18 March 2026 · “Financing”, pp. 3-4",
        f"“{PALM.quote}”",
        "Recognition",
        "Webinar transcript · 12:30-12:41, Moderator · illustrative: written for demonstration",
        "“The employer pays superannuation.”",
    ]
    assert [link.address for one in listed for link in one.hyperlinks] == [
        PALM.link,
        TALK.link,
    ]
    assert [listed[0].style.name, listed[3].style.name] == ["List Number", "List Number"]


def test_arabic_runs_from_right_to_left_and_the_rest_does_not() -> None:
    heading, _, title, about, quote = paragraphs((ARABIC,))
    assert [runs_right_to_left(one) for one in (heading, title, about, quote)] == [False, True, False, True]
    assert quote.runs[0].font.rtl and title.hyperlinks[0].runs[0].font.rtl
    assert quote.text == f"“{ARABIC.quote}”"
    searched, *_ = paragraphs((), replace(ABOUT, words="شهادة"))
    assert not runs_right_to_left(searched)  # it begins with our words


def test_nothing_that_xml_forbids_breaks_the_document() -> None:
    odd = "a\x00\x0b\x1b\ud800\ufffeb\tc\nd]]><w:p/>&"
    row = replace(PALM, quote=odd, source=replace(PALM.source, title=odd), link="https://x/a b\x00\"'<>")
    *_, title, _, quote = paragraphs((row,), replace(ABOUT, words="x\x00" * 400))
    assert quote.text == "“ab\tc\nd]]><w:p/>&”"
    assert title.text == "ab\tc\nd]]><w:p/>&"
    assert title.hyperlinks[0].address == "https://x/a%20b%22%27%3C%3E"
    (read,) = table((row,))
    assert read["Quote"] == "ab\tc\nd]]><w:p/>&"


def test_the_document_is_ours_and_of_its_day() -> None:
    properties = Document(BytesIO(exported("docx", ROWS, ABOUT).content)).core_properties
    assert (properties.author, properties.comments) == ("Ujuzi", "")
    assert properties.title == "Passages on “who pays the airfare”"
    assert properties.created.date() == properties.modified.date() == ABOUT.day


def test_programs_for_references_get_each_place() -> None:
    records = rispy.loads(exported("ris", ROWS, ABOUT).content.decode())
    entries = parse_string(exported("bibtex", ROWS, ABOUT).content.decode(), "bibtex").entries
    assert [record["id"] for record in records] == list(entries) == [row.reference.key for row in ROWS]
    assert [record["urls"] for record in records] == [[row.link] for row in ROWS]
    assert records[0]["access_date"] == "2026/11/28/"


def test_an_empty_list_is_a_file_too() -> None:
    assert table(()) == []
    _, about = paragraphs(())
    assert about.text.endswith(" 0 passages.")
    assert exported("bibtex", (), ABOUT).content == exported("ris", (), ABOUT).content == b""


def test_the_quote_is_the_stored_one(library: Library) -> None:
    span = span_of(library, "hostile", "<script>")
    entry, version = library.read("hostile")
    row = Row(entry.source, version.number, version.place(span), version.quote(span), "https://x.example/")
    assert table((row,))[0]["Quote"] == "<script>"
    assert paragraphs((row,))[-1].text == "“<script>”"
