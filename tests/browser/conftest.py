"""A real server on loopback and a real browser before it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright
from scripted import ScriptedAssistant, small_library

from bot.assistant import Assistant
from bot.pages import web
from bot.pages.chat import build, mount
from index.library import Library
from index.scope import PUBLIC

BROWSER_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio sums up all of its events with pandas after each of them, for a page that is closed here.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
}


@dataclass(frozen=True)
class Site:
    """A chat that is being served: where, and the assistant behind it."""

    address: str
    assistant: ScriptedAssistant


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own. Without either the test fails, it does not skip."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The chat and the pages over a small library, with an assistant that follows a script."""
    os.environ.update(QUIET, GRADIO_TEMP_DIR=str(tmp_path_factory.mktemp("gradio")))
    library = small_library(tmp_path_factory.mktemp("library") / "data")
    assistant = ScriptedAssistant(library)
    with library, served(library, assistant) as address:
        yield Site(address, assistant)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The chat, opened in a window of its own; nothing may leave this machine or be refused by the policy."""
    yield from opened(browser, site)


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """The chat on the narrowest phone."""
    yield from opened(browser, site, viewport={"width": 320, "height": 640})


def opened(browser: Browser, site: Site, **options: object) -> Iterator[Page]:
    """The chat in a new window, watched."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    trouble: list[str] = []
    page.on("request", lambda request: _watch(request.url, site, trouble))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    site.assistant.pause = 0.0
    site.assistant.asked.clear()
    page.goto(site.address)
    page.wait_for_selector(".example")
    yield page
    context.close()
    assert not trouble


def _watch(url: str, site: Site, trouble: list[str]) -> None:
    if not url.startswith((site.address, "data:", "blob:")):
        trouble.append(f"left this machine: {url}")


@contextmanager
def served(library: Library, assistant: ScriptedAssistant) -> Iterator[str]:
    """The address of the chat and the pages, served while the context lasts."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(web.pages(library, lambda request: PUBLIC))
    web.error_pages(app)
    mount(app, build(cast("Assistant", assistant), library, lambda request: PUBLIC))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the server did not start"
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()
