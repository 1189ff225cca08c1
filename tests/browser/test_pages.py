"""The server-rendered pages as readers meet them: without JavaScript, by finger, at a quote."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index.hits import link_to
from tests.browser.serving import Site
from tests.scripted import WHO_PAYS

# What stands alone and can be pressed, but is lower than 44 pixels.
LOW = """() => [...document.querySelectorAll(
  ".site-header a, .title a, .document-list a, .chip, .open-link, summary, label:has(input), button, select"
)].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML)"""


@pytest.fixture
def plain(browser: Browser) -> Page:
    """A window without JavaScript."""
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 640}) as context:
        yield context.new_page()


def test_the_name_stands_in_the_same_place_on_every_page(page: Page, site: Site) -> None:
    places = [page.locator(".site-name").bounding_box()]
    for address in ("search", "sources"):
        page.goto(site.address + address)
        places.append(page.locator(".site-name").bounding_box())
        places.append(page.locator("h1").bounding_box() if address == "sources" else None)
    first, searching, _, documents, heading = places
    assert first == searching == documents
    assert first and heading and first["x"] + 4 == heading["x"]  # 4 pixels of room before its letters


def test_without_javascript_one_asks_and_reads(plain: Page, site: Site) -> None:
    plain.goto(site.address)
    expect(plain.locator(".without-scripts")).to_contain_text("needs JavaScript, which is off")
    expect(plain.locator(".opening")).to_be_hidden()
    plain.fill(".without-scripts input", WHO_PAYS)
    plain.click(".without-scripts button")
    plain.locator(".mark").first.click()
    expect(plain.locator("#source-1")).to_be_in_viewport()
    plain.locator("#source-1 .open-link").click()
    expect(plain.locator("mark").first).to_be_in_viewport()
    assert "airfare" in " ".join(plain.locator("mark").all_inner_texts())


def test_a_reference_on_the_plain_page_is_copied(browser: Browser, site: Site) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(f"{site.address}ask?q={quote(WHO_PAYS)}")
        page.locator("#source-1 summary").click()
        page.locator("[data-copy=reference-1]").click()
        expect(page.locator("[data-copy=reference-1]")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator("#reference-1").inner_text()


def test_an_illustrative_quote_is_never_seen_without_its_warning(plain: Page, site: Site) -> None:
    plain.set_viewport_size({"width": 320, "height": 200})
    span = site.assistant.span("financing", "That is a matter of one page")
    plain.goto(site.address.rstrip("/") + link_to("financing", 1, span))
    expect(plain.locator("mark")).to_be_in_viewport()
    warning = plain.get_by_text("Illustrative: written for demonstration. Nobody said these words.")
    expect(warning).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    "address",
    ["search", "search?q=employer", "sources", "sources/palm", "ask", f"ask?q={quote(WHO_PAYS)}", "ask?q=x"],
)
def test_a_finger_finds_whatever_stands_alone(browser: Browser, site: Site, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.address + address)
        assert page.evaluate(LOW) == []
