"""A document as readers meet it: words are selected over the picture of a page, and a reference is copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from index.hits import link_to
from index.library import Library
from ingest.cage import Cage
from ingest.domain import Span
from ingest.reading import read_document
from tests.browser.serving import served
from tests.fakes import HashEmbedder
from tests.ingest import documents
from tests.scripted import ScriptedAssistant

REPORT = [
    ["Fees of recruitment", "No worker pays a fee for a place.", "The employer pays the agency"],
    ["and carries the visa, the flight & the", "first weeks of housing."],
]
DENSE = [
    [f"Line {n} of page {page} <says> <that> <many> <words> <stand> <here>" for n in range(56)]
    for page in (1, 2)
]
TURNED = [["A table that was printed", "across the page."]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A short report, one with dense pages and one with a page that is turned."""
    files = {
        "report": documents.pdf(REPORT),
        "dense": documents.pdf(DENSE),
        "turned": documents.turned_pdf(TURNED, 90),
    }
    with Library(tmp_path_factory.mktemp("viewer"), embedder=HashEmbedder()) as library, Cage() as cage:
        for name, content in files.items():
            overrides = {"id": name, "title": name.title()}
            library.add(read_document(content, f"{name}.pdf", f"{name}.pdf", cage=cage, overrides=overrides))
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with served(library, ScriptedAssistant(library)) as address:
        yield address.rstrip("/")


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A window that may copy, in which nothing breaks and nothing is refused."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    context.close()
    assert not trouble, trouble


def quoted(library: Library, source_id: str, first: str, last: str) -> str:
    """The address that shows what stands from ``first`` to ``last``."""
    text = library.read(source_id)[1].text
    return link_to(source_id, 1, Span(text.index(first), text.index(last) + len(last)))


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def drag(page: Page, first: str, last: str) -> None:
    """Draw the pointer over the picture from the first letter of one line to behind the last of another."""
    begin = page.locator(".sheet text", has_text=first).bounding_box()
    end = page.locator(".sheet text", has_text=last).bounding_box()
    assert begin and end
    page.mouse.move(begin["x"] + 1, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
def test_words_are_selected_over_the_picture_and_copied_in_order(
    reader: Page, address: str, width: int
) -> None:
    reader.set_viewport_size({"width": width, "height": 800})
    reader.goto(f"{address}/sources/report")
    drag(reader, REPORT[0][0], REPORT[0][-1])
    reader.keyboard.press("Control+c")
    assert copied(reader).split("\n") == REPORT[0]
    reader.locator("h1").click()  # else what is selected would be dragged along
    drag(reader, REPORT[0][1], REPORT[0][1])
    reader.keyboard.press("Control+c")
    assert copied(reader) == REPORT[0][1]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("source_id", "points"), [("report", (595.28, 841.89, 41.89)), ("turned", (842, 595, 95))]
)
def test_the_words_lie_on_the_print(
    reader: Page, address: str, width: int, source_id: str, points: tuple[float, float, float]
) -> None:
    reader.set_viewport_size({"width": width, "height": 800})
    reader.goto(f"{address}/sources/{source_id}")
    picture = reader.locator(".sheet img").bounding_box()
    assert picture == pytest.approx(reader.locator(".sheet svg").bounding_box(), abs=0.1)
    line = reader.locator(".sheet text").first.bounding_box()
    assert picture and line
    wide, high, baseline = points
    scale = picture["width"] / wide
    assert picture["height"] == pytest.approx(high * scale, abs=2)
    assert line["x"] - picture["x"] == pytest.approx(50 * scale, abs=1.5)
    assert line["y"] < picture["y"] + (baseline - 4) * scale < line["y"] + line["height"]


def test_a_picture_has_its_room_before_it_comes(reader: Page, library: Library, address: str) -> None:
    reader.set_viewport_size({"width": 390, "height": 800})
    reader.route("**/*.png*", lambda route: None)  # pictures that never come
    reader.goto(address + quoted(library, "report", "and carries", "housing."), wait_until="commit")
    room = reader.locator(".sheet img").first.bounding_box()
    assert room and room["height"] == pytest.approx(room["width"] * 841.89 / 595.28, abs=2)


def test_words_that_did_not_fit_the_page_come_after_it(reader: Page, library: Library, address: str) -> None:
    reader.goto(address + quoted(library, "dense", "Line 3 of page 1", "Line 50 of page 2"))
    layers = reader.locator(".sheet svg")
    expect(layers).to_have_count(2)
    asked = [layer for layer in layers.all() if layer.get_attribute("data-words")]
    assert asked
    for number in (0, 1):
        expect(layers.nth(number).locator("text")).to_have_text(DENSE[number])


def test_without_javascript_everything_is_there(browser: Browser, library: Library, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + quoted(library, "report", "The employer", "the flight"))
        expect(page.locator(".sheet img")).to_have_count(2)
        for number in (0, 1):
            expect(page.locator(".sheet svg").nth(number).locator("path")).to_be_attached()
        assert page.locator(".sheet text").all_text_contents() == REPORT[0] + REPORT[1]
        assert "".join(page.locator("mark").all_inner_texts()).startswith("The employer pays the agency")
        expect(page.get_by_role("button", name="Copy the reference")).to_have_count(0)


def test_a_reference_is_copied_with_one_press(reader: Page, library: Library, address: str) -> None:
    link = quoted(library, "report", "No worker", "for a place.")
    reader.goto(address + link)
    reader.get_by_role("button", name="Copy the reference").click()
    expect(reader.get_by_role("button", name="Copied")).to_be_visible()
    assert copied(reader).startswith("Report (Version 1, p. 1) [Document]. (") and copied(reader).endswith(
        f". Ujuzi library. {address}{link}"
    )
