"""Documents that are hard to show: turned, huge, without text, read from the right, out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from time import perf_counter

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageChops

from bot.pages.library_routes import pages
from index.hits import link_to
from index.library import Library
from index.scope import PUBLIC
from ingest.cage import Cage
from ingest.domain import Span
from ingest.reading import read_document
from tests.fakes import HashEmbedder
from tests.ingest import documents
from tests.pages.seen import see, span_of, text_of
from web.site import furnish

UPRIGHT = ["Upright words of a turned page.", "The second line of it is longer."]
PRINTED = "الكلام سلام"  # as it is read; printed, its letters stand from the right, and lam with alef in one
ARABIC = "يحصل العامل على شهادة تثبت مهاراته قبل السفر."
ARABIC_MARKDOWN = f"""# الاعتراف

{ARABIC}

- الاختبار أولا
- ثم الشهادة

| البند | الدافع |
|---|---|
| السفر | العامل |
"""
NESTED = """<html lang="en"><title>Guide</title><body><h1>Guide</h1>
<ul><li>Before leaving<ul><li>Passport of the worker<ol><li>Two photographs</li></ol></li></ul></li></ul>
<table><tr><th>Cost</th><th>Payer</th></tr><tr><td>Visa</td><td><p>Employer</p><p>not the worker</p></td></tr>
</table></body></html>"""
MARKDOWN = """# Counting

The command `count` counts.

```
for each worker:
    count
```

| Year | Workers |
|---|---|
| 2024 | 120 |
"""


def stamp(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000"


def captions(*cues: tuple[int, int, str]) -> str:
    return "WEBVTT\n\n" + "\n\n".join(f"{stamp(a)} --> {stamp(b)}\n{words}" for a, b, words in cues)


def unlike(number: int) -> str:
    """Words that no other number has, so that no line looks like the furniture of every page."""
    digest = sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return f"{digest[:6]} {digest[6:12]} {digest[12:18]}"


NAMELESS = captions(
    (1, 9, "Nobody is named in this session."),
    (5, 12, "This begins before the first has ended."),
    (30, 35, "This is said last."),
    (20, 25, "This stands last in the file."),
)
AT_ONCE = captions(
    (3, 9, "<v Ann>Both begin at once."), (3, 7, "<v Ben>So they do."), (9, 12, "<v Ann>Good.")
)
DAY = captions(*((40 * n, 40 * n + 40, f"<v Panel {n % 9}>Item {unlike(n)}.") for n in range(720)))
REGISTER = [[f"Entry {number} is {unlike(number)}."] for number in range(1, 2001)]


def _added(library: Library, cage: Cage) -> None:
    letters = [(letter, 60 + 7 * place) for place, letter in enumerate(PRINTED.replace("لا", "_")[::-1])]
    files: dict[str, str | bytes] = {
        "blank.pdf": documents.pdf([["The first page has words."], [], ["The third page has some, too."]]),
        "broken.pdf": documents.pdf([["The quote begins on this page and"], ["ends on this one."]]),
        "twice.pdf": documents.pdf([["Fees are refunded.", "It says: fees are refunded."]]),
        "printed.pdf": documents.drawn_pdf([(letter.replace("_", "لا"), at) for letter, at in letters]),
        "register.pdf": documents.pdf(REGISTER),
        **{f"turned{by}.pdf": documents.turned_pdf([UPRIGHT, ["Next."]], by) for by in (90, 180, 270)},
        "arabic.md": ARABIC_MARKDOWN,
        "arabic.html": f"<html lang=ar><body><h1>الاعتراف</h1><p>{ARABIC}</p></body></html>",
        "arabic.docx": documents.plain_word("الاعتراف", ARABIC),
        "noted.docx": documents.annotated_word(),
        "deck.pptx": documents.slides(),
        "nested.html": NESTED,
        "code.md": MARKDOWN,
        "nameless.vtt": NAMELESS,
        "once.vtt": AT_ONCE,
        "old.srt": "1\n00:00:01,000 --> 00:00:04,000\nA migração não é solução à força.\n".encode("cp1252"),
        "day.vtt": DAY,
    }
    for name, content in files.items():
        encoded = content if isinstance(content, bytes) else content.encode()
        overrides = {"id": name.replace(".", "-"), "language": "ar" if "arabic" in name else None}
        chosen = {key: value for key, value in overrides.items() if value}
        library.add(read_document(encoded, name, name, cage=cage, overrides=chosen))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of hard documents, each under its file's name with a hyphen for the dot."""
    with Library(tmp_path_factory.mktemp("hard"), embedder=HashEmbedder()) as library, Cage() as cage:
        _added(library, cage)
        yield library


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    app = FastAPI()
    app.include_router(pages(library, lambda request: PUBLIC))
    furnish(app)
    return TestClient(app, headers={"accept": "text/html"})


def opened(client: TestClient, library: Library, source_id: str, words: str) -> BeautifulSoup:
    return see(client, link_to(source_id, 1, span_of(library, source_id, words)))


def marked(page: BeautifulSoup) -> str:
    return "".join(mark.text for mark in page.select("mark"))


def boxes(page: BeautifulSoup, selector: str = ".sheet") -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each box around quoted words."""
    drawn = "".join(path["d"] for path in page.select(f"{selector} path"))
    found = re.findall(r"M(\d+) (\d+)H(\d+)V(\d+)H\1Z", drawn)
    assert len(found) == drawn.count("Z")
    return [tuple(map(int, sides)) for sides in found]


def lines(page: BeautifulSoup) -> list[str]:
    return [line.text for line in page.select(".sheet svg text")]


def yellow(client: TestClient, page: BeautifulSoup, number: int = 0) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is marked in a picture."""
    address = page.select(".sheet img")[number]["src"]
    image = Image.open(BytesIO(client.get(address).content)).convert("RGB")
    blue, red = image.getchannel("B"), image.getchannel("R")
    pen = ImageChops.multiply(blue.point(lambda v: 255 * (v < 150)), red.point(lambda v: 255 * (v > 150)))
    found = pen.getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("by", [90, 180, 270])
def test_a_turned_page_is_shown_upright_with_its_words_and_quote_in_place(
    client: TestClient, library: Library, by: int
) -> None:
    page = opened(client, library, f"turned{by}-pdf", "words of a turned page.")
    image = page.select_one(".sheet svg")
    assert (image["width"], image["height"]) == ("900", "636")  # 842 by 595 points
    scale = 900 / 842
    first, second = page.select(".sheet svg text")
    assert (first.text, second.text) == tuple(UPRIGHT)
    assert not first.has_attr("transform")
    assert abs(int(first["x"]) - 50 * scale) < 1.5 and abs(int(first["y"]) - 95 * scale) < 1.5
    assert abs(int(second["y"]) - 109 * scale) < 1.5
    ((left, top, right, bottom),) = boxes(page)
    assert left > 50 * scale + 40  # behind "Upright"
    assert right == pytest.approx(
        int(first["x"]) + int(first["textlength"]) + 4, abs=6
    )  # the full stop is no letter
    assert top < 95 * scale - 8 < 95 * scale < bottom < 109 * scale
    assert yellow(client, page) == pytest.approx((left, top, right, bottom), abs=4)


def test_a_page_without_text_among_others_says_so(client: TestClient, library: Library) -> None:
    page = see(client, "/sources/blank-pdf?version=1&part=2")
    assert text_of(page, "#page-2 .words") == "There is no text here."
    assert page.select_one("#page-2 .sheet img") and not lines(page)
    assert not page.select("[data-words]")
    third = opened(client, library, "blank-pdf", "The third page")
    assert boxes(third, "#page-3") and marked(third) == "The third page"


def test_a_quote_over_two_pages_is_boxed_on_both(client: TestClient, library: Library) -> None:
    page = opened(client, library, "broken-pdf", "quote begins on this page and ends on this one")
    for number in (1, 2):
        assert len(boxes(page, f"#page-{number}")) == 1
        assert yellow(client, page, number - 1)
    assert marked(page).split() == "quote begins on this page and ends on this one".split()


def test_words_that_a_page_says_twice_are_boxed_where_they_are_quoted(
    client: TestClient, library: Library
) -> None:
    text = library.read("twice-pdf")[1].text
    start = text.index("fees are refunded")
    page = see(client, link_to("twice-pdf", 1, Span(start, start + 17)))
    ((_, top, _, bottom),) = boxes(page)
    scale = 900 / 595.28
    assert top < (841.89 - 786) * scale < bottom  # the second line


def test_a_page_of_thousands_opens_at_once(client: TestClient, library: Library) -> None:
    words = f"Entry 1777 is {unlike(1777)}."
    address = link_to("register-pdf", 1, span_of(library, "register-pdf", words))
    begun = perf_counter()
    page = see(client, address)
    assert perf_counter() - begun < 1  # it takes about 30 ms
    assert "Page 1777 of 2000" in text_of(page, ".pager") and marked(page) == words
    assert lines(page) == [words] and len(boxes(page)) == 1
    form = page.select_one("form.go-to")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = client.get(form["action"], params={**fields, "part": "1999"})
    assert unlike(1999) in answer.text and "Back to the quoted words" in answer.text


@pytest.mark.parametrize("source_id", ["arabic-md", "arabic-html", "arabic-docx"])
def test_arabic_is_read_from_the_right_and_its_quote_marked_whole(
    client: TestClient, library: Library, source_id: str
) -> None:
    page = opened(client, library, source_id, ARABIC)
    assert marked(page) == ARABIC and len(page.select("mark")) == 1
    section = page.select_one(".text section")
    assert (section["lang"], section["dir"]) == ("ar", "rtl")
    assert page.select_one("p:has(mark)")["dir"] == "auto"
    assert all(cell["dir"] == "auto" for cell in page.select("td, th"))


def test_arabic_in_print_is_selected_in_the_order_in_which_it_is_read(
    client: TestClient, library: Library
) -> None:
    page = opened(client, library, "printed-pdf", "سلام")
    (line,) = page.select(".sheet svg text")
    assert line.text.replace(" ", "") == PRINTED.replace(" ", "")
    assert line["direction"] == "rtl"
    ((left, _, right, _),) = boxes(page)
    begins = int(line["x"])
    assert left < begins - int(line["textlength"]) < right < begins - 30  # it is the last word, on the left


def test_a_quote_over_two_cues_and_cues_out_of_order(client: TestClient, library: Library) -> None:
    page = opened(client, library, "nameless-vtt", "in this session. This begins")
    assert marked(page) == "in this session. This begins"
    assert text_of(page, ".turn p").endswith("This stands last in the file. This is said last.")
    assert [time.text for time in page.select(".turn .time")] == ["00:01"]
    assert not page.select(".speaker")
    assert "00:01–00:12" in text_of(page, "#citation")


def test_turns_that_begin_at_once_have_one_anchor(client: TestClient) -> None:
    page = see(client, "/sources/once-vtt")
    assert [turn.get("id") for turn in page.select(".turn")] == ["t=3", None, "t=9"]
    assert [time["href"] for time in page.select(".time")] == ["#t=3", "#t=3", "#t=9"]


def test_captions_in_an_old_encoding(client: TestClient) -> None:
    assert "A migração não é solução à força." in text_of(see(client, "/sources/old-srt"), ".turn")


def test_a_recording_of_a_day_is_cut_into_parts_with_their_moments(
    client: TestClient, library: Library
) -> None:
    words = f"Item {unlike(690)}."
    page = opened(client, library, "day-vtt", words)
    assert marked(page) == words
    turn = page.select_one(".turn:has(mark)")
    assert turn["id"] == "t=27600" and turn.select_one(".time").text == "7:40:00"
    assert "Part 7 of 7" in text_of(page, ".pager")
    before = see(client, page.select_one("a[rel=prev]")["href"])
    moments = [int(one["id"][2:]) for one in [*before.select(".turn"), *page.select(".turn")]]
    assert moments == sorted(set(moments))


def test_a_quote_on_the_third_slide(client: TestClient, library: Library) -> None:
    page = opened(client, library, "deck-pptx", "Thank you")
    assert marked(page) == "Thank you" and "slide 3" in text_of(page, "#citation")
    assert page.select_one("p:has(mark)").find_previous(class_="slide-number").text == "Slide 3"


def test_lists_and_tables_of_a_web_page(client: TestClient, library: Library) -> None:
    page = opened(client, library, "nested-html", "Two photographs")
    items = [item.text for item in page.select(".text li")]
    assert items == ["Before leaving", "Passport of the worker", "Two photographs"]
    rows = [[cell.text for cell in row.select("td, th")] for row in page.select("table tr")]
    assert rows == [["Cost", "Payer"], ["Visa", "Employer"], ["not the worker"]]
    assert page.select_one("table tr:last-child td")["colspan"] == "2"


def test_headings_footnotes_and_tables_of_a_word_document(client: TestClient, library: Library) -> None:
    page = opened(client, library, "noted-docx", "The agreement covers nurses")
    note = page.select_one("sup a")
    assert text_of(page, note["href"]) == "Article 4 of the agreement."
    assert page.select_one(".text :is(h2, h3)").text == "Fees"
    assert [cell.text for cell in page.select("td")] == ["Visa", "Employer", "Housing", "Hospital"]


def test_code_and_tables_of_markdown(client: TestClient, library: Library) -> None:
    page = opened(client, library, "code-md", "for each worker")
    assert marked(page) == "for each worker" and "The command count counts." in text_of(page, ".text p")
    assert [cell.text for cell in page.select("td")] == ["2024", "120"]
