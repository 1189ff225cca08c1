"""PDF: pages, paragraphs that cross them, what repeats, what cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.builder import Reading
from ingest.domain import Span
from ingest.errors import FileRejected
from ingest.language import LANGUAGE_SETTING
from ingest.readers import pdf
from tests.ingest import documents

WIDE = "Employers advance the fare and take it back from wages over many weeks"


def pages_of(reading: Reading) -> list[str]:
    offsets = [*reading.places.pages, len(reading.text)]
    return [reading.text[start:end].strip() for start, end in pairwise(offsets)]


def test_lines_become_paragraphs() -> None:
    lines = [WIDE, "with a limit.", "", "Kenya does not.", f"{WIDE} there", "too."]
    reading = pdf.read(documents.pdf([lines]), "a.pdf")
    assert reading.text == f"{WIDE} with a limit.\n\nKenya does not.\n\n{WIDE} there too."


def test_a_paragraph_goes_on_over_the_page() -> None:
    reading = pdf.read(documents.pdf([[WIDE], ["until all is repaid.", "A new one."]]), "a.pdf")
    assert reading.text == f"{WIDE} until all is repaid.\n\nA new one."
    assert str(reading.places.place(Span(0, len(WIDE) + 5))) == "pp. 1-2"
    assert reading.text[reading.places.pages[1] :].startswith("until")


def test_a_page_that_ends_a_sentence_ends_the_paragraph() -> None:
    reading = pdf.read(documents.pdf([[f"{WIDE}."], ["Until then, nothing."]]), "a.pdf")
    assert reading.text == f"{WIDE}.\n\nUntil then, nothing."


def test_broken_words_are_mended_and_compounds_kept() -> None:
    first = "The programme helps people and families before they go and the reinte-"
    second = "gration of families follows; the plan has a good long-term aim and a long-"
    third = "term budget that the high office and each level of the state pays for at high-"
    reading = pdf.read(documents.pdf([[first, second, third, "level meetings."]]), "a.pdf")
    assert "the reintegration of families" in reading.text
    assert "a long-term budget" in reading.text
    assert "at high-level meetings." in reading.text


def test_a_word_broken_by_the_page_is_mended_where_the_page_begins() -> None:
    pages = [["The programme helps people and families before they go and the reinte-"], ["gration follows."]]
    reading = pdf.read(documents.pdf(pages), "a.pdf")
    assert "the reintegration follows." in reading.text
    assert reading.text[reading.places.pages[1] :] == "gration follows."


def test_running_lines_go_and_empty_pages_keep_their_number() -> None:
    pages: list[list[str]] = [
        ["Annual report 2025", f"Fact number {word} stands alone on its page.", f"Page {number} of 6"]
        for number, word in ((1, "one"), (2, "two"), (4, "three"), (5, "four"), (6, "five"))
    ]
    reading = pdf.read(documents.pdf([*pages[:2], [], *pages[2:]]), "a.pdf")
    expected = [
        f"Fact number {word} stands alone on its page." for word in ("one", "two", "three", "four", "five")
    ]
    assert pages_of(reading) == [*expected[:2], "", *expected[2:]]


def test_page_numbers_go_below_any_header_and_when_each_chapter_counts_anew() -> None:
    header = ["UFC 3-580-01", "1 June 2016", "Change 1"]
    words = ("one", "two", "three", "four", "five", "six")
    said = [f"Fact number {word} stands alone on its page, and nothing else." for word in words]
    numbers = (7, 8, 1, 2, 3, 1)  # the last chapter has one page: a number that nothing goes on from is kept
    under = documents.pdf([[*header, str(number), fact] for number, fact in enumerate(said, start=1)])
    anew = documents.pdf([[fact, str(number)] for number, fact in zip(numbers, said, strict=True)])
    assert pages_of(pdf.read(under, "a.pdf")) == said
    assert pages_of(pdf.read(anew, "a.pdf")) == [*said[:5], f"{said[5]}\n\n1"]


@pytest.mark.parametrize("stamp", ["Scanned by a telephone", "Page {} of 6", "{}"])
def test_pages_with_nothing_but_a_stamp_on_each_are_scanned(stamp: str) -> None:
    stamped = documents.pdf([[stamp.format(number)] for number in range(1, 7)])
    with pytest.raises(FileRejected, match="looks scanned"):
        pdf.read(stamped, "a.pdf")


def test_what_differs_from_page_to_page_stays() -> None:
    pages = [
        [f"Country {name}", f"Workers: {count}"] for name, count in (("Fiji", 7), ("Tonga", 7), ("Samoa", 9))
    ]
    assert "Country Tonga\nWorkers: 7" in pdf.read(documents.pdf(pages), "a.pdf").text


def test_a_table_keeps_its_lines() -> None:
    rows = ["Country Arrivals", "Fiji 1,200", "Tonga 2,400", "Samoa 3,600"]
    reading = pdf.read(documents.pdf([[f"{WIDE}:", *rows]]), "a.pdf")
    assert "\n".join(rows) in reading.text


def test_bullets_are_dropped_and_each_item_is_a_line() -> None:
    reading = pdf.read(
        documents.pdf([["Ask for:", "\u2022 vacancies", "\u2022 wages", "2. districts"]]), "a.pdf"
    )
    assert reading.text == "Ask for:\nvacancies\nwages\n2. districts"


def test_a_number_on_a_line_of_its_own_belongs_to_the_item_below_it() -> None:
    reading = pdf.read(documents.pdf([["Ask for:", "1.", "vacancies", "(b)", "wages"]]), "a.pdf")
    assert reading.text == "Ask for:\n1. vacancies\n(b) wages"


def test_headings_come_from_the_outline() -> None:
    pages = [["Who pays", f"{WIDE}."], ["What goes", "wrong", "Debt does."]]
    reading = pdf.read(documents.pdf(pages, {"Who pays": 0, "What goes wrong": 1, "Absent": 1}), "a.pdf")
    assert [mark.label for mark in reading.places.headings] == ["Who pays", "What goes wrong"]
    assert reading.places.heading(reading.text.index("Debt")) == "What goes wrong"


def test_properties() -> None:
    reading = pdf.read(documents.pdf([["Words."]], title="A handbook"), "a.pdf")
    assert reading.properties["title"] == "A handbook"
    assert reading.properties[LANGUAGE_SETTING] == "en"
    assert isinstance(reading.properties["date"], date)


def test_titles_that_a_program_made_are_no_titles() -> None:
    for title in ("Microsoft Word - final.docx", "M1.P65"):
        assert "title" not in pdf.read(documents.pdf([["Words."]], title=title), "a.pdf").properties


def test_an_account_of_the_program_is_nobody() -> None:
    authors = "Ana Silva; User MMH; Default User; login"
    reading = pdf.read(documents.pdf([["Words."]], author=authors), "a.pdf")
    assert reading.properties["people"] == [{"name": "Ana Silva", "role": "author"}]


def test_an_empty_password_opens_and_another_does_not() -> None:
    assert pdf.read(documents.locked_pdf(""), "a.pdf").text == "What the locked page says."
    with pytest.raises(FileRejected, match="protected by a password"):
        pdf.read(documents.locked_pdf("secret"), "a.pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (documents.scanned_pdf(), "looks scanned.*OCR"),
        (documents.pdf([["Words."]])[:300], "damaged"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (
            documents.pdf([]).replace(b"/Count 1", b"/Count 0").replace(b"/Kids [ 3 0 R ]", b"/Kids [ ]"),
            "pages|scanned",
        ),
        (documents.pdf([["/g12/g34/g56/g78"]]), "does not say which letters"),
    ],
)
def test_what_cannot_be_read(content: bytes, words: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileRejected, match=words):
        pdf.read(content, "a.pdf")
    assert not caplog.records


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    with pytest.raises(FileRejected, match="more than 2 pages"):
        pdf.read(documents.pdf([["A."], ["B."], ["C."]]), "a.pdf")


@pytest.mark.parametrize(
    "page", [b" " * 30_000_000, b"BT /F1 12 Tf " + b"()Tj " * 300_000], ids=["too long", "too many operators"]
)
def test_a_page_that_asks_for_too_much_is_refused(page: bytes) -> None:
    with pytest.raises(FileRejected, match="too complex"):
        pdf.read(documents.pdf_of(zlib.compress(page, 9)), "a.pdf")


def test_such_a_page_in_small_is_read() -> None:
    page = b"BT /F1 12 Tf (Words.)Tj ET" + b" " * 1_000_000
    assert pdf.read(documents.pdf_of(zlib.compress(page, 9)), "a.pdf").text == "Words."


def test_a_real_report(shared: Callable[[str], Path]) -> None:
    """A paper with running page numbers, footnotes and paragraphs over pages."""
    path = shared("eval/documents/policy_pdfs/Immigration_in_Singapore.pdf")
    reading = pdf.read(path.read_bytes(), path.name)
    assert len(reading.places.pages) == 35
    sentence = (
        "Presumably, the intent was to use such policy levers to gradually phase out Work Permit holders"
    )
    start = reading.text.index(sentence)
    assert str(reading.places.place(Span(start, start + len(sentence)))) == "p. 5"
    across = reading.text.index("“The key to managing our economic growth is flexibility")
    assert str(reading.places.place(Span(across, across + 30))) == "pp. 5-6"


def test_letters_that_are_named_by_number(shared: Callable[[str], Path]) -> None:
    path = shared("eval/documents/policy_pdfs/Telecommunication_Regulations.pdf")
    text = pdf.read(path.read_bytes(), path.name).text
    assert "Why Regulate Telecommunications?" in text
    assert "/G" not in text


def test_arabic_is_kept_as_letters_in_the_order_of_reading(shared: Callable[[str], Path]) -> None:
    path = shared("eval/odd_documents/pdfjs/ArabicCIDTrueType.pdf")
    text = pdf.read(path.read_bytes(), path.name).text
    assert text.split("\n")[0] == "انواع الخطوط العربية"


def test_what_is_read_from_right_to_left_is_put_in_that_order_however_it_was_drawn() -> None:
    read = ["لجنة", " ", "(مشتركة)", " ", "PALM", " ", "2026"]
    as_drawn = [word.translate(str.maketrans("()", ")(")) for word in read]  # a bracket opens to the left
    from_the_left = documents.drawn_pdf([(word, 50 + 60 * at) for at, word in enumerate(reversed(as_drawn))])
    in_order = documents.drawn_pdf([(word, 550 - 60 * at) for at, word in enumerate(read)])
    assert pdf.read(from_the_left, "a.pdf").text == pdf.read(in_order, "a.pdf").text == "".join(read)
    latin = documents.drawn_pdf([("PALM", 50), (" and ", 110), ("قلم", 170)])
    assert pdf.read(latin, "a.pdf").text == "PALM and قلم"
