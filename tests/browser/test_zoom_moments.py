"""Real exports of Zoom in a real browser: what was said is found, marked and played at its second."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index.library import Library
from ingest.cage import Cage
from ingest.domain import Cue, Version
from ingest.reading import read_document
from tests.browser.serving import LONGEST, running
from tests.clips import wav
from tests.fakes import HashEmbedder
from tests.spoken import spoken_app

CALLS = ("focil__2026-06-02_035", "pqinterop__2026-03-25_033")
SEARCHES = 3  # of each call
WORDS = 7
NEAR = 2.0  # seconds
NOW = "document.querySelector('#recording').currentTime"


def remembered(version: Version) -> dict[Cue, str]:
    """Cues with some words of each as somebody remembers them: at least three are said nowhere else."""
    spoken = Counter(map(folded, version.text.split()))
    found = {}
    for cue in version.places.cues:
        words = version.quote(cue.span).split()
        runs = [words[start : start + WORDS] for start in range(len(words) - WORDS + 1)]
        rarest = max(runs, key=lambda run: sum(spoken[folded(word)] == 1 for word in run), default=[])
        if sum(spoken[folded(word)] == 1 for word in rarest) >= 3:
            found[cue] = " ".join(rarest)
    return found


def folded(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


@pytest.mark.parametrize("call", CALLS)
def test_what_was_said_is_found_and_played_at_its_second(
    browser: Browser, shared: Callable[[str], Path], tmp_path: Path, call: str
) -> None:
    export = shared(f"eval/transcripts/zoom/{call}/transcript.vtt").read_bytes()
    with Library(tmp_path / "data", embedder=HashEmbedder()) as library:
        with Cage() as cage:
            library.add(read_document(export, "call.vtt", "call.vtt", cage=cage, overrides={"id": "call"}))
        _, version = library.read("call")
        minutes = max(cue.end or 0 for cue in version.places.cues) / 60 + 1
        library.attach_recording("call", wav(tmp_path / "call.wav", minutes))
        cues = list(remembered(version).items())
        chosen = cues[:: max(1, len(cues) // SEARCHES)][:SEARCHES]
        with running(spoken_app(library)) as address, browser.new_context(base_url=address) as context:
            page = context.new_page()
            page.set_default_timeout(LONGEST)
            assert [found_and_played(page, *one) for one in chosen] == [[]] * SEARCHES


def found_and_played(page: Page, cue: Cue, searched: str) -> list[str]:
    """What is wrong with the way from a search for some words of ``cue`` to its moment."""
    assert cue.start is not None
    page.goto(f"/webinars/call?q={quote(searched)}")
    link = page.locator(".found .time").first
    second = int(link.get_attribute("data-t") or -99)
    link.click()
    expect(page.locator(".script mark").first).to_be_visible()
    page.wait_for_function(f"second => {NOW} > second", arg=second)
    marked = " ".join(" ".join(page.locator(".script mark").all_inner_texts()).split())
    heard = page.evaluate(NOW)
    return [
        *([] if searched in marked else [f"{searched!r} is not marked but {marked!r}"]),
        *([] if abs(second - cue.start) <= NEAR else [f"{searched!r} at {second}, not {cue.start}"]),
        *([] if second <= heard <= second + NEAR else [f"{searched!r} is played from {heard}, not {second}"]),
    ]
