"""A recording in a real browser: it seeks to the moment that a citation names and plays on from there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser

from bot.pages.recording import recording_pages
from index.library import Library
from index.scope import PUBLIC
from ingest.domain import Event
from tests.browser.serving import LONGEST
from tests.clips import wav, webm
from tests.fakes import HashEmbedder
from tests.index import made

PAGE = """<!doctype html><title>A webinar</title>
<{kind} id="player" src="/webinars/palm/recording" muted preload="metadata" controls></{kind}>"""
PLAY_FROM = """seconds => new Promise((resolve, reject) => {
    const player = document.querySelector("#player");
    player.onerror = () => reject(player.error.message);
    player.onseeked = () => player.play().catch(reject);
    player.ontimeupdate = () => { if (player.currentTime > seconds + 0.5) resolve(player.currentTime); };
    const seek = () => { player.currentTime = seconds; };
    if (player.readyState > 0) seek(); else player.onloadedmetadata = seek;
})"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    start = datetime(2026, 2, 10, 9, tzinfo=UTC)
    event = Event("palm", "Who pays", start, start.replace(hour=10), "Africa/Nairobi")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(made.text("event-palm", "The programme.", event_=event, event="palm"))
        yield library


@pytest.fixture
def address(library: Library) -> Iterator[str]:
    """A page with a player for sound, and one for pictures, served on loopback."""
    app = FastAPI()
    app.include_router(recording_pages(library, lambda request: PUBLIC))

    @app.get("/{kind}", response_class=HTMLResponse)
    def player(kind: str) -> str:
        return PAGE.format(kind=kind)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_sound_plays_from_the_moment_that_was_cited(
    browser: Browser, library: Library, address: str, tmp_path: Path
) -> None:
    library.attach_recording("palm", wav(tmp_path / "talk.wav", minutes=15, hertz=220))
    page = browser.new_page()
    page.set_default_timeout(LONGEST)
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    page.goto(f"{address}/audio")
    reached = page.evaluate(PLAY_FROM, 750)
    assert 750.5 < reached < 755
    assert page.evaluate("document.querySelector('#player').duration") == 900
    assert 206 in statuses
    page.close()


def test_a_video_that_a_browser_recorded_is_taken_and_plays(
    browser: Browser, library: Library, address: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.set_default_timeout(LONGEST)
    page.goto(f"{address}/video")
    library.attach_recording("palm", webm(tmp_path / "talk.webm", page, seconds=2))
    page.reload()
    assert page.evaluate(PLAY_FROM, 0) > 0.5
    assert page.evaluate("document.querySelector('#player').videoWidth") == 300
    page.close()
