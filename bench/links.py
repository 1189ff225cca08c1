"""Whether all that is said keeps its second and its speaker up to the page, and its link leads there.

The other reading of the exports is a regular expression over the file: it shares nothing with our reader.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple
from urllib.parse import quote

import httpx
import numpy as np
from bs4 import BeautifulSoup

from bench.documents import store
from bench.figures import Figures, Setting, Target, at, shown, table
from bench.moments import FOLDER
from bench.serving import serving
from index.library import Library

TITLE = "Links to moments"
HOW = (
    "27 calls as Zoom exported them (`transcripts/zoom`), read once by Ujuzi and shown as pages, once by a "
    "regular expression: the share of cues whose words stand on the page with the same second and speaker; "
    "and, for 200 cues drawn at random, whether the link to their moment quotes their words, and how far "
    "from their start the place begins that it leads to."
)
SAMPLE = 200
NEAR = 2.0  # seconds
_SEED = 20_261_128
_CUE = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> [^\n]*\n((?:[^\n]+\n?)+)")
_NAME = re.compile(r"([^:\n]{1,80}): (.*)", re.DOTALL)


class Heard(NamedTuple):
    """Some words, who says them and from which second."""

    second: float
    speaker: str
    words: str


class Followed(NamedTuple):
    """Where the link of a cue led: whether its words are quoted there, and how many seconds beside it."""

    is_quoted: bool
    beside: float


def measure(setting: Setting) -> Figures:
    """The shares over all calls and over the sample; nothing where the calls are absent."""
    folder = setting.find(FOLDER)
    if folder is None:
        return {}
    files = {path.parent.name: path for path in sorted(folder.glob("*/transcript.vtt"))}
    given = {call: read(path.read_text(encoding="utf-8-sig")) for call, path in files.items()}
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        with Library(data, models=setting.models) as library:
            sources = store(library, files)
        with serving(data) as server:
            server.seconds_until("/webinars")
            with httpx.Client(base_url=server.address, timeout=60) as client:
                kept = [own for call in given for own in _kept(client, sources[call], given[call])]
                followed = [follow(client, sources[call], one) for call, one in sampled(given)]
    return {
        "calls": len(files),
        "cues": sum(map(len, given.values())),
        "kept": round(fmean(kept), 5),
        "sampled": len(followed),
        "quoted": round(fmean(one.is_quoted for one in followed), 4),
        "near": round(fmean(one.beside <= NEAR for one in followed), 4),
        "farthest": round(max(one.beside for one in followed), 3),
    }


def read(export: str) -> list[Heard]:
    """The cues of an export of Zoom."""
    found = []
    for hours, minutes, seconds, thousandths, said in _CUE.findall(export.replace("\r", "")):
        second = 3600 * int(hours) + 60 * int(minutes) + int(seconds) + int(thousandths) / 1000
        named = _NAME.fullmatch(" ".join(said.split()))
        found.append(Heard(second, named[1] if named else "", named[2] if named else " ".join(said.split())))
    return found


def sampled(given: dict[str, list[Heard]]) -> list[tuple[str, Heard]]:
    """Cues drawn at random, each with its call."""
    every = [(call, one) for call, own in given.items() for one in own]
    drawn = np.random.default_rng(_SEED).choice(len(every), min(SAMPLE, len(every)), replace=False)
    return [every[number] for number in drawn]


def shown_on(pages: Sequence[BeautifulSoup]) -> Iterator[Heard]:
    """What the pages of a transcript say."""
    speaker = ""
    for turn in (turn for page in pages for turn in page.select(".script .turn")):
        named = turn.select_one(".speaker")
        speaker = named.text if named else speaker
        for span in turn.select("span[data-s]"):
            yield Heard(float(str(span["data-s"])), speaker, " ".join(span.text.split()))


def follow(client: httpx.Client, source: str, one: Heard) -> Followed:
    """Open the link of a cue."""
    page = _page(client, f"/webinars/{quote(source)}?t={int(one.second)}")
    quoted, anchor = page.select_one(".quoted blockquote"), page.find(id=f"t={int(one.second)}")
    words = " ".join(quoted.text.split()) if quoted else ""
    begins = float(str(anchor["data-s"])) if anchor else float("inf")
    return Followed(one.words in words, abs(begins - one.second))


def _kept(client: httpx.Client, source: str, given: Sequence[Heard]) -> list[bool]:
    pages = [_page(client, f"/webinars/{quote(source)}")]
    while following := pages[-1].select_one("a[rel=next]"):
        pages.append(_page(client, str(following["href"])))
    there = set(shown_on(pages))
    return [one in there for one in given]


def _page(client: httpx.Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    response.raise_for_status()
    return BeautifulSoup(response.text, "lxml")


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    return [
        Target("Cues that keep second and speaker up to the page", at(figures, "kept"), 1),
        Target("Links within 2 s of their cue", at(figures, "near"), 1),
    ]


def section(figures: Figures) -> list[str]:
    """What was counted."""
    rows = [
        ("cues with their second and speaker on the page", shown(at(figures, "kept"), 4)),
        ("links that quote the words of their cue", shown(at(figures, "quoted"))),
        ("links within 2 s of their cue", shown(at(figures, "near"))),
        ("the farthest, in seconds", shown(at(figures, "farthest"))),
    ]
    calls, cues, links = (figures.get(name, 0) for name in ("calls", "cues", "sampled"))
    counted = f"{calls} calls, {cues:,} cues, {links} links."
    return [*table(["of the recorded calls", "figure"], rows), "", counted]
