"""Chapters of recordings, with and without a programme, and slides beside the talk, against times by hand."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from bench.by_hand import SESSIONS, SLIDES
from bench.documents import store
from bench.figures import ABSENT, ROOT, Figures, Setting, Target, shown, table
from bench.segments import Seconds, matched, p_k, window_diff
from bot.webinars.alignment import align, slide_at
from bot.webinars.chapters import Chapter, chapters, programme_chapters
from bot.webinars.transcript import Transcript, transcript
from index.adding import add_files
from index.encoded import Vectors
from index.library import Library
from ingest.domain import Session
from ingest.reading import find_files

TITLE = "Chapters of recordings"
HOW = (
    "The six recordings of the demonstration library, whose sessions begin where reading them says (24 "
    "boundaries, `bench/by_hand.py`). Chapters from the transcript alone, and the sessions of the programme "
    "found in it: boundaries found within 30 and 60 s (F1 over all), P_k and WindowDiff (means over "
    "recordings; nought is best). Then 27 real calls (`transcripts/zoom`): neighbouring highlights of their "
    "minutes should have a boundary between them if they stand under different headings, and none if not "
    "(the mean of both shares; chance is 0.5). The weights of chapters were tuned on every other of those "
    "calls. Those of sessions and slides were set by hand, a fault mended after a first run on our own "
    "recordings, and where each slide is spoken of was read by somebody who had seen where it was placed."
)
ZOOM = "transcripts/zoom"
DECK = "learning-from-palm-slides"
_DRAWN = 200  # rows of boundaries at random
_WITHIN = (30.0, 60.0)  # seconds

Found = Mapping[str, Seconds]  # the boundaries in each recording
Pair = tuple[float, float, bool]  # two moments and whether a boundary lies between


def measure(setting: Setting) -> Figures:
    """The figures on our own recordings and, where they are at hand, on the calls."""
    folder = setting.find(ZOOM)
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), models=setting.models) as library:
        own = _own(library)
        return {**own, "calls": _calls(library, folder) if folder else None}


def _own(library: Library) -> dict[str, Any]:
    paths = [ROOT / "corpus" / name for name in ("transcripts", "events")]
    deck = ROOT / "corpus" / "documents" / f"{DECK}.pptx"
    list(add_files(library, find_files([*paths, deck])))
    talks = {name: _talk(library, name) for name in SESSIONS}
    sessions = {event.id: event.sessions for event in library.events()}

    def encode(texts: Sequence[str]) -> Vectors:
        return np.stack([one.whole for one in library.embedder.encode_passages(texts)])

    alone = {name: _begins(chapters(talk)) for name, talk in talks.items()}
    ways = {
        "from the transcript alone": alone,
        "equal lengths, as many": _equal(talks, alone),
        "wherever the moderator speaks": {name: _chair(talk) for name, talk in talks.items()},
        "programme, by words alone": _held(talks, sessions, None),
        "programme, with the model": _held(talks, sessions, encode),
        "programme, its planned minutes": {name: _planned(sessions[name]) for name in talks},
    }
    scored = {way: _scores(found, talks) for way, found in ways.items()}
    scored["at random, as many"] = _random_scores(alone, talks)
    return {"ways": scored, "slides": _slides(library, talks)}


def _talk(library: Library, source_id: str) -> Transcript:
    entry, version = library.read(source_id)
    return transcript(version, entry.source.language, library.sentence_vectors(entry), library.model)


def _begins(found: Sequence[Chapter]) -> Seconds:
    return [one.start for one in found[1:] if one.start is not None]


def _held(
    talks: Mapping[str, Transcript],
    sessions: Mapping[str, Sequence[Session]],
    encode: Callable[[Sequence[str]], Vectors] | None,
) -> Found:
    return {name: _begins(programme_chapters(talk, sessions[name], encode)) for name, talk in talks.items()}


def _planned(sessions: Sequence[Session]) -> Seconds:
    return [60.0 * minutes for minutes in accumulate(one.minutes or 0 for one in sessions[:-1])]


def _chair(talk: Transcript) -> Seconds:
    """Where whoever takes the floor most often does so."""
    openings = [one for one in talk.sentences if one.opens_turn]
    chair = Counter(one.speaker for one in openings).most_common(1)[0][0]
    return [one.start for one in openings[1:] if one.speaker == chair and one.start is not None]


def _equal(talks: Mapping[str, Transcript], alike: Found) -> Found:
    """As many boundaries as ``alike`` has, at equal distances."""
    found = {}
    for name, row in alike.items():
        start, end = _ends(talks[name])
        found[name] = [start + (end - start) * part / (len(row) + 1) for part in range(1, len(row) + 1)]
    return found


def _ends(talk: Transcript) -> tuple[float, float]:
    return talk.sentences[0].start or 0.0, talk.sentences[-1].end or 0.0


def _random(talks: Mapping[str, Transcript], alike: Found, chance: random.Random) -> Found:
    return {name: sorted(chance.uniform(*_ends(talks[name])) for _ in row) for name, row in alike.items()}


def _scores(found: Found, talks: Mapping[str, Transcript]) -> dict[str, float]:
    counted = sum(map(len, found.values())) + sum(map(len, SESSIONS.values()))
    scores = {
        f"F1 {within:.0f} s": 2
        * sum(matched(found[name], gold, within) for name, gold in SESSIONS.items())
        / counted
        for within in _WITHIN
    }
    rows = [(found[name], gold, *_ends(talks[name])) for name, gold in SESSIONS.items()]
    scores["P_k"] = fmean(p_k(*row) for row in rows)
    scores["WindowDiff"] = fmean(window_diff(*row) for row in rows)
    return {name: round(score, 4) for name, score in scores.items()}


def _random_scores(alike: Found, talks: Mapping[str, Transcript]) -> dict[str, float]:
    """The means over rows drawn with a fixed seed."""
    chance = random.Random(1)
    drawn = [_scores(_random(talks, alike, chance), talks) for _ in range(_DRAWN)]
    return {name: round(fmean(one[name] for one in drawn), 4) for name in drawn[0]}


def _slides(library: Library, talks: Mapping[str, Transcript]) -> dict[str, Any]:
    """The slides that were placed, and which of them have the middle of their stretch in the right one."""
    entry, deck = library.read(DECK)
    placed = align(talks[next(iter(SESSIONS))], deck, library.sentence_vectors(entry))
    right = [
        one.slide
        for one in placed
        if one.start is not None and one.end is not None
        if any(start <= (one.start + one.end) / 2 <= end for start, end in SLIDES.get(one.slide, ()))
    ]
    spoken = [(number, one) for number, stretches in SLIDES.items() for one in stretches]
    seconds = [(number, second) for number, (start, end) in spoken for second in range(int(start), int(end))]
    at_right = sum(slide_at(placed, second) == number for number, second in seconds)
    return {
        "placed": [one.slide for one in placed],
        "right": right,
        "spoken of": len(SLIDES),
        "seconds": round(at_right / len(seconds), 4),
    }


def _calls(library: Library, folder: Path) -> dict[str, Any]:
    """The share of pairs that are judged rightly, on the calls that were tuned on and on the others."""
    names = sorted(path.parent.name for path in folder.glob("*/tldr.json"))
    sources = store(library, {name: folder / name / "transcript.vtt" for name in names})
    talks = {name: _talk(library, source) for name, source in sources.items()}
    pairs = {name: highlight_pairs(json.loads((folder / name / "tldr.json").read_text())) for name in names}
    alone = {name: _begins(chapters(talk)) for name, talk in talks.items()}
    chance = random.Random(1)
    drawn = [_random(talks, alone, chance) for _ in range(_DRAWN)]
    ways = {
        "from the transcript alone": [alone],
        "equal lengths, as many": [_equal(talks, alone)],
        "at random, as many": drawn,
        "wherever the chair speaks": [{name: _chair(talk) for name, talk in talks.items()}],
    }
    halves = {"tuned on": names[::2], "others": names[1::2]}
    return {
        "pairs": sum(map(len, pairs.values())),
        "ways": {
            way: {
                half: round(fmean(judged(found, pairs, own) for found in rows), 4)
                for half, own in halves.items()
            }
            for way, rows in ways.items()
        },
    }


def highlight_pairs(minutes: Mapping[str, Any]) -> list[Pair]:
    """Neighbouring highlights of a call, in time order, and whether they stand under different headings."""
    moments = sorted(
        (_seconds(one["timestamp"]), heading) for heading, own in minutes["highlights"].items() for one in own
    )
    return [(a, b, one != other) for (a, one), (b, other) in pairwise(moments) if a < b]


def _seconds(timestamp: str) -> float:
    hours, minutes, seconds = map(int, timestamp.split(":"))
    return 3600.0 * hours + 60 * minutes + seconds


def judged(found: Found, pairs: Mapping[str, Sequence[Pair]], names: Sequence[str]) -> float:
    """The mean of two shares: of pairs that are parted where they should be, and that are not where not."""
    verdicts = [
        (parted, any(start < one <= end for one in found[name]))
        for name in names
        for start, end, parted in pairs[name]
    ]
    return fmean(
        fmean(got == parted for parted, got in verdicts if parted is wanted) for wanted in (True, False)
    )


def targets(figures: Figures) -> list[Target]:  # noqa: ARG001  (nobody set any)
    """None were set."""
    return []


def section(figures: Figures) -> list[str]:
    """Our own recordings, the calls, the slides."""
    if not figures:
        return [ABSENT.capitalize() + "."]
    ways, slides = figures["ways"], figures["slides"]
    columns = list(next(iter(ways.values())))
    rows = [(way, *(shown(own[name]) for name in columns)) for way, own in ways.items()]
    placed = (
        f"Slides beside the talk (one deck, one recording): {len(slides['placed'])} of the "
        f"{slides['spoken of']} that are spoken of were placed, {len(slides['right'])} of them rightly; of "
        f"the seconds in which a slide is spoken of {shown(slides['seconds'])} have that slide. The others "
        "are spoken of out of turn."
    )
    return [*table(["our own recordings", *columns], rows), "", placed, "", *_calls_section(figures["calls"])]


def _calls_section(calls: Figures | None) -> list[str]:
    if calls is None:
        return [f"Calls: {ABSENT}."]
    head = [f"real calls, {calls['pairs']} pairs, rightly judged", "tuned on", "others"]
    return table(
        head, [(way, *(shown(own[half]) for half in head[1:])) for way, own in calls["ways"].items()]
    )
