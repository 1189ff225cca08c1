"""The chat and the pages served on loopback, and a browser window that is watched."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request

from bot.assistant import Assistant
from bot.pages.answering import ask_pages
from bot.pages.chat import build, mount
from bot.pages.library_routes import pages
from index.library import Library
from index.scope import PUBLIC
from tests.scripted import ScriptedAssistant
from web.site import furnish

LONGEST = 60_000  # milliseconds that anything may take on a busy machine before its test fails
BROKEN_OFF = ("AbortError", "Connection errored out")  # Gradio, of connections cut by leaving its page


@dataclass(frozen=True)
class Site:
    """A chat that is being served: where, and the assistant behind it."""

    address: str
    assistant: ScriptedAssistant


@contextmanager
def served(library: Library, assistant: ScriptedAssistant) -> Iterator[str]:
    """The address of the chat and the pages, served while the context lasts."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(pages(library, lambda request: PUBLIC))
    app.include_router(ask_pages(cast("Assistant", assistant), library, lambda request: PUBLIC))
    furnish(app)
    mount(app, lambda: build(cast("Assistant", assistant), library, lambda request: PUBLIC))
    with running(app) as address:
        yield f"{address}/"


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of ``app``, served on loopback while the context lasts."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the server did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def opened(browser: Browser, site: Site, forgiving: tuple[str, ...] = (), **options: Any) -> Iterator[Page]:
    """The chat in a new window, watched; complaints that hold words of ``forgiving`` are expected."""
    context = browser.new_context(**options)
    page = context.new_page()
    visited: list[str] = []
    trouble: list[str] = []

    def watch(request: Request) -> None:
        if request.is_navigation_request():
            visited.append(request.url)
        if not request.url.startswith((site.address, "data:", "blob:")):
            trouble.append(f"left this machine: {request.url}")

    page.on("request", watch)
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.set_default_timeout(LONGEST)
    site.assistant.asked.clear()
    try:
        page.goto(site.address)
        page.wait_for_selector(".example")
        yield page
    finally:
        site.assistant.gate.open()
        site.assistant.examples_gate.open()
        context.close()
    expected = forgiving + (BROKEN_OFF if len(visited) > 1 else ())
    unexpected = [one for one in trouble if not any(words in one for words in expected)]
    assert not unexpected, unexpected


@contextmanager
def watched(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A new window for the site at ``address``; it may not complain, nor ask anything elsewhere."""
    context = browser.new_context(**options)
    page = context.new_page()
    trouble: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            trouble.append(f"left this machine: {request.url}")

    page.on("request", watch)
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.set_default_timeout(LONGEST)
    try:
        yield page
    finally:
        context.close()
    unexpected = [one for one in trouble if not any(words in one for words in BROKEN_OFF)]
    assert not unexpected, unexpected
