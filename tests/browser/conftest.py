"""A real server on loopback and a real browser before it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.serving import LONGEST, Site, opened, served
from tests.scripted import ScriptedAssistant, small_library

BROWSER_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own. Without either the test fails, it does not skip."""
    expect.set_options(timeout=LONGEST)
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The chat and the pages over a small library, with an assistant that follows a script."""
    os.environ["GRADIO_TEMP_DIR"] = str(tmp_path_factory.mktemp("gradio"))
    library = small_library(tmp_path_factory.mktemp("library") / "data")
    assistant = ScriptedAssistant(library)
    with library, served(library, assistant) as address:
        yield Site(address, assistant)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The chat, opened in a window of its own; nothing may leave this machine or be refused by the policy."""
    with opened(browser, site) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """The chat on the narrowest phone."""
    with opened(browser, site, viewport={"width": 320, "height": 640}) as page:
        yield page
