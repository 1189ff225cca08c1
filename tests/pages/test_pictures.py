"""PDF pages as pictures, and where a quote stands on them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from reportlab.pdfbase.pdfmetrics import stringWidth

from bot.pages.library_routes import pages
from bot.pages.locating import Sought, locate
from bot.pages.pictures import Pictures
from index.hits import link_to
from index.library import Library
from index.scope import PUBLIC
from ingest.cage import Cage
from ingest.domain import Span
from ingest.errors import NotFound
from ingest.reading import read_document
from tests.fakes import HashEmbedder
from tests.ingest import documents
from tests.pages.seen import see, span_of, text_of

PAGE = "Annual report\r\nThe bilateral coopera\x02\r\ntion of Côte d’Ivoire\r\nneeds a  joint committee."


def located(quote: str, page: str = PAGE) -> list[str]:
    return [page[run.start : run.end] for run in locate(Sought(quote), page)]


def test_a_quote_is_found_across_line_breaks_hyphens_and_spellings() -> None:
    assert located("The bilateral cooperation of Cote d'Ivoire needs a joint committee") == [
        PAGE[PAGE.index("The") : PAGE.index(".")]
    ]
    assert located("joint   committee") == ["joint committee"]
    assert located("first ofﬁce", "Our first office.") == ["first office"]


def test_a_quote_that_differs_is_aligned_by_words() -> None:
    page = "x y Figure 7 The employer pays the 3 airfare first and carries part of it z"
    assert located("The employer pays the airfare first and carries some of it", page) == [
        "The employer pays the", "airfare first and carries", "of it",
    ]  # fmt: skip


def test_a_quote_of_which_less_than_half_is_there_is_not_marked() -> None:
    assert located("The annual cooperation fund of nineteen ministries was abolished yesterday") == []
    assert located("...") == []
    assert located("joint", "") == []


def test_of_words_that_stand_there_twice_those_are_meant_that_follow_as_much_text() -> None:
    page = "The fee is low. Nobody knows why. The fee is low."
    for before, start in (("", 0), ("The fee is low. Nobody knows", 34), ("The fee", 0)):
        assert [run.start for run in locate(Sought("the fee is low", before), page)] == [start]


def picture(client: TestClient, address: str) -> Image.Image:
    response = client.get(address)
    assert response.status_code == 200 and response.headers["content-type"] == "image/png"
    return Image.open(BytesIO(response.content)).convert("RGB")


def yellow(image: Image.Image) -> list[tuple[int, int]]:
    """The marked pixels as (x, y)."""
    pixels = image.load()
    wide, high = image.size
    return [(x, y) for y in range(high) for x in range(wide) if pixels[x, y][2] < 150 < pixels[x, y][0]]


def test_the_quote_is_marked_where_it_stands_on_its_page(client: TestClient, library: Library) -> None:
    span = span_of(library, "handbook", "The first page explains")
    page = see(client, link_to("handbook", 1, span))
    image = picture(client, page.select_one("img")["src"])
    marked = yellow(image)
    scale = 900 / 595.28  # the page is A4; its second line stands at 786 points from the bottom
    assert image.width == 900
    assert abs(min(x for x, _ in marked) - 50 * scale) < 6
    assert abs(max(y for _, y in marked) - (841.89 - 786) * scale) < 10
    assert max(x for x, _ in marked) < 250 * scale
    assert page.select_one("figcaption a")["href"] == page.select_one("img")["src"]  # alone, to be enlarged


def test_a_quote_over_two_pages_shows_both_and_marks_its_part_on_each(
    client: TestClient, library: Library
) -> None:
    text = library.read("handbook")[1].text
    span = Span(text.index("A second page"), text.index("The third page") - 1)
    page = see(client, link_to("handbook", 1, span))
    pictures = page.select("img")
    assert [image["alt"].split(" as")[0] for image in pictures] == ["Page 2", "Page 3"]
    assert all(
        image["loading"] == "lazy" and image.find_next("svg")["height"] == "1273" for image in pictures
    )
    assert all(yellow(picture(client, image["src"])) for image in pictures)
    assert "twice a year" in text_of(page, "#page-3 mark")


def test_without_a_quote_nothing_is_marked_and_an_unchanged_picture_is_not_sent_again(
    client: TestClient,
) -> None:
    address = "/sources/handbook/pages/1.png?version=1"
    assert yellow(picture(client, address)) == []
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert again.status_code == 304 and again.content == b""
    quoted = client.get(address + "&from=0&to=8").headers["etag"]
    assert quoted != tag


def test_pages_that_are_not_there(client: TestClient) -> None:
    for page in ("handbook/pages/4", "handbook/pages/0", "handbook/pages/x", "palm/pages/1"):
        for kind in ("png", "svg"):
            see(client, f"/sources/{page}.{kind}", status=404)


def test_the_words_lie_where_they_are_printed(client: TestClient) -> None:
    layer = see(client, "/sources/handbook?version=1&part=2").select_one(".sheet svg")
    assert layer["viewbox"] == "0 0 900 1273" and layer["aria-hidden"] == "true"
    first, second = layer.select("text")
    scale = 900 / 595.28
    assert first.text == "A second page says that bilateral cooper-"
    assert (int(first["x"]), int(first["y"])) == (round(50 * scale), round((841.89 - 800) * scale))
    assert int(second["y"]) - int(first["y"]) == pytest.approx(14 * scale, abs=1)
    assert int(first["font-size"]) == round(12 * scale)
    assert int(first["textlength"]) == pytest.approx(stringWidth(first.text, "Helvetica", 12) * scale, abs=2)


@pytest.fixture
def dense(tmp_path: Path) -> Iterator[TestClient]:
    """The pages of a library with print too dense for a page of ours, that holds odd letters, and askew."""
    words = " ".join(f"<w{number}>" for number in range(8))
    printed = [[f"{line} of {page} & {words}" for line in range(56)] for page in range(1, 4)]
    with Library(tmp_path, embedder=HashEmbedder()) as library, Cage() as cage:
        for name, content in (("dense", documents.pdf(printed)), ("askew", documents.askew_pdf())):
            library.add(
                read_document(content, f"{name}.pdf", f"{name}.pdf", cage=cage, overrides={"id": name})
            )
        app = FastAPI()
        app.include_router(pages(library, lambda request: PUBLIC))
        yield TestClient(app)


def test_words_that_a_page_has_no_room_for_are_had_at_their_own_address(dense: TestClient) -> None:
    page = see(dense, "/sources/dense?version=1&from=10&to=5000")  # over two pages
    assert [bool(layer.select("path")) for layer in page.select(".sheet svg")] == [True, True]
    asked = [layer["data-words"] for layer in page.select(".sheet svg") if layer.has_attr("data-words")]
    assert asked and page.select("script[src*='document.js']")
    response = dense.get(asked[-1])
    assert response.headers["content-type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(response.text)
    lines = [line.text for line in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert len(lines) == 56 and lines[7].startswith("7 of 2 & <w0> <w1>")
    alone = see(dense, "/sources/dense?version=1&part=2").select_one(".sheet svg")
    assert len(alone.select("text")) == 56 and not alone.has_attr("data-words")


def test_words_printed_askew_lie_askew(dense: TestClient) -> None:
    page = see(dense, "/sources/askew")
    (line,) = page.select(".sheet svg text")
    assert line.text == "Words that climb."
    turn, x, y = map(int, line["transform"][len("rotate(") : -1].split())
    assert (turn, x, y) == (-30, int(line["x"]), int(line["y"]))
    assert int(line["textlength"]) == pytest.approx(
        stringWidth(line.text, "Helvetica", 12) * 900 / 595.28, abs=12
    )


def test_a_file_that_cannot_be_drawn_is_told_as_such(library: Library) -> None:
    handbook, palm = (library.original(library.entry(name)) for name in ("handbook", "palm"))
    pictures = Pictures()
    for path, number in ((handbook, 4), (handbook, 0), (palm, 1), (palm / "absent", 1)):
        assert pictures.layer(path, number, Sought()) is None
        with pytest.raises(NotFound):
            pictures.page(path, number, Sought())


def test_many_readers_at_once_all_get_their_page(client: TestClient) -> None:
    addresses = [f"/sources/handbook/pages/{n % 3 + 1}.png?from={n}&to={n + 30}" for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(client.get, addresses)} == {200}
