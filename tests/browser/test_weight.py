"""What a page of ours costs on the line: itself and our few files, and these only once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request

from index.library import Library
from tests.browser.serving import LONGEST, Site, running
from tests.clips import wav
from tests.scripted import WHO_PAYS
from tests.spoken import spoken_app, spoken_library

FILES = {"ujuzi.css", "pages.js", "webinar.js", "document.js", "icon.svg"}  # the look, and small comforts
HEAVIEST_PAGE = 30_000  # bytes, of which a second visit costs no more
HEAVIEST_VISIT = 70_000  # the first, headers included


class Visit(NamedTuple):
    """What was asked for, and the bytes that came, headers included."""

    asked: list[Request]
    received: int


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("weighed")
    with spoken_library(folder / "data") as library:
        library.attach_recording("learning", wav(folder / "clip.wav", minutes=0.1))
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with running(spoken_app(library)) as address:
        yield f"{address}/"


def visit(page: Page, address: str) -> Visit:
    """Open ``address``; what lies in the browser's own store is not asked for."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    received: list[float] = []
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    asked: list[Request] = []

    def keep(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", keep)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("requestfinished", keep)
    line.detach()
    return Visit(asked, round(sum(received)))


@pytest.mark.parametrize(
    "path", ["search?q=airfare", "webinars", "webinars/learning", "sources/learning", "sources/palm"]
)
def test_a_visit_asks_for_the_page_and_our_files(browser: Browser, address: str, path: str) -> None:
    _weigh(browser, address + path)


def test_an_answer_too(browser: Browser, site: Site) -> None:
    _weigh(browser, f"{site.address}ask?q={quote(WHO_PAYS)}")


def _weigh(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        first = visit(page, address)
        page.goto("about:blank")
        second = visit(page, address)
    own = address.partition("?")[0]
    for asked, most in ((first, HEAVIEST_VISIT), (second, HEAVIEST_PAGE)):
        others = {one.url.partition("?")[0] for one in asked.asked} - {own}
        assert {one.rpartition("/")[2] for one in others} <= FILES
        assert all("/static/" in one for one in others)
        assert asked.received < most
