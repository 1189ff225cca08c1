"""Every page of ours looked through by axe, in the light and in the dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from index.hits import link_to
from index.library import Library
from ingest.cage import Cage
from ingest.reading import read_document
from tests.browser.axe import SCHEMES, faults
from tests.browser.serving import LONGEST, Site, opened, running
from tests.clips import wav
from tests.ingest import documents
from tests.scripted import BREAD, STRANGE, WHO_PAYS
from tests.spoken import spoken_app, spoken_library

SHEET = [["Handbook of partnerships", "Stakeholders meet twice a year."], ["A second page closes it."]]
WEBINAR = "/webinars/learning"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The webinars, one with a recording, and a document of each kind."""
    folder = tmp_path_factory.mktemp("looked-through")
    with spoken_library(folder / "data") as library:
        library.attach_recording("learning", wav(folder / "clip.wav", minutes=0.1))
        with Cage() as cage:
            for name, content in (
                ("sheet.pdf", documents.pdf(SHEET)),
                ("word.docx", documents.word()),
                ("slides.pptx", documents.slides()),
                ("shahada.md", "# الاعتراف\n\nيحصل العامل على شهادة قبل السفر.".encode()),
            ):
                given = {"id": name.partition(".")[0]}
                library.add(read_document(content, name, name, cage=cage, overrides=given))
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with running(spoken_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        yield page


@pytest.mark.parametrize(
    "path",
    ["/search", "/search?q=airfare", "/search?q=airfare&kind=transcript", "/search?q=zzzz",
     "/search?q=airfare&country=Mars", "/webinars", "/webinars?zone=Asia/Dubai", "/webinars/coming",
     "/webinars/elsewhere", "/webinars/nadwa?t=70", "/webinars/timeless", "/webinars/notes-only",
     WEBINAR, f"{WEBINAR}?t=83", f"{WEBINAR}?part=2", f"{WEBINAR}?view=programme", f"{WEBINAR}?view=speakers",
     f"{WEBINAR}?view=speakers&speaker=Grower", f"{WEBINAR}?view=questions", f"{WEBINAR}?view=documents",
     f"{WEBINAR}?q=certificate", f"{WEBINAR}?q=zzzz", f"{WEBINAR}?transcript=learning-sw&t=3", "/sources",
     "/sources/sheet", "/sources/word", "/sources/slides", "/sources/learning", "/sources/shahada",
     "/sources/palm?version=1&from=0&to=99999", "/sources/gone", "/sources/never", "/nowhere"],
)  # fmt: skip
def test_a_page_has_no_grave_fault(window: Page, address: str, path: str) -> None:
    window.goto(address + path)
    assert faults(window) == []


def test_a_document_opened_at_a_quote(window: Page, address: str, library: Library) -> None:
    entry, version = library.read("sheet")
    start = version.text.index("Stakeholders")
    window.goto(
        address + link_to("sheet", entry.number, version.places.slide_span(1, 0)._replace(start=start))
    )
    assert faults(window) == []


def test_the_webinars_page_with_the_recording_playing(window: Page, address: str) -> None:
    window.goto(address + WEBINAR)
    window.locator(".script .time").first.click()
    window.wait_for_selector(".script .now")
    assert faults(window) == []


@pytest.mark.parametrize(
    "path", ["ask", f"ask?q={quote(WHO_PAYS)}", f"ask?q={quote(BREAD)}", f"ask?q={quote(STRANGE)}"]
)
def test_the_plain_page_for_questions_has_no_grave_fault(window: Page, site: Site, path: str) -> None:
    window.goto(site.address + path)
    assert faults(window) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_chat_has_no_grave_fault(browser: Browser, site: Site, scheme: Literal["light", "dark"]) -> None:
    """Its framework takes up the colours when it is loaded, and not again."""
    with opened(browser, site, color_scheme=scheme) as page:
        assert faults(page, scheme) == []
        page.fill("#question textarea", WHO_PAYS)
        page.keyboard.press("Enter")
        page.locator(".source-card").nth(2).wait_for()
        page.locator("#anew").wait_for()
        assert faults(page, scheme) == []
