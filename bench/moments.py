"""Whether what was said in a recorded call is found at its moment: real Zoom exports, searched call by call.

A gold time is the second at which the minutes of the call say that something came up. A hit has a range: from
the first to the last moment of the cues that its passage touches. Their distance is nothing where the moment
lies inside the range, else the seconds from the moment to the nearer end of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from bench.documents import DEPTH, chance, json_lines, store
from bench.figures import ABSENT, Figures, Setting, Target, at, shown, table
from index.hits import Hit
from index.library import Library
from index.scope import Scope
from index.searching import MODES

TITLE = "Moments in recordings"
HOW = (
    "27 calls as Zoom exported them (`transcripts/zoom`, only `transcript.vtt`), and what their minutes "
    "say, with the time of each: searched inside its call, right when the time range of one of the first "
    "three passages lies within 60 s of that time. By chance: what three passages of the call, drawn at "
    "random, would reach."
)
FOLDER = "transcripts/zoom"
QUESTIONS = "queries_with_timestamps.jsonl"
NEAR = 60.0  # seconds

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """What the minutes of ``call`` say, and the second from which it was said."""

    text: str
    call: str
    kind: str
    second: float


def measure(setting: Setting) -> Figures:
    """The shares by mode and by kind, and by chance; nothing where the calls are absent."""
    folder = setting.find(FOLDER)
    if folder is None:
        return {}
    moments = [moment(row) for row in json_lines(folder / QUESTIONS)]
    calls = dict.fromkeys(one.call for one in moments)
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), models=setting.models) as library:
        sources = store(library, {call: folder / call / "transcript.vtt" for call in calls})
        ranges = {call: ranges_of(library, source) for call, source in sources.items()}
        found = {mode: [_found(library, one, sources[one.call], mode) for one in moments] for mode in MODES}
    return {
        "calls": len(calls),
        "questions": len(moments),
        "passages": sum(map(len, ranges.values())),
        "seconds of a passage": median(end - start for own in ranges.values() for start, end in own),
        "by chance": round(by_chance(moments, ranges), 4),
        "modes": {mode: shares(moments, own) for mode, own in found.items()},
    }


def moment(row: Mapping[str, Any]) -> Moment:
    """A line of the file; its time is hours, minutes and seconds from the beginning of the recording."""
    hours, minutes, seconds = map(int, row["timestamp"].split(":"))
    return Moment(row["text"], row["meeting"], row["kind"], 3600 * hours + 60 * minutes + seconds)


def ranges_of(library: Library, source_id: str) -> list[Range]:
    """The time range of every passage of a recording."""
    entry, version = library.read(source_id)
    places = [version.place(passage.span) for passage in library.passages(entry)]
    return [place.seconds for place in places if place.seconds is not None]


def _found(library: Library, one: Moment, source_id: str, mode: str) -> list[Range]:
    hits = library.search(one.text, Scope(sources=(source_id,)), mode=mode, top=DEPTH)
    return list(_ranges(hits))


def _ranges(hits: Sequence[Hit]) -> Iterable[Range]:
    return (hit.place.seconds for hit in hits if hit.place.seconds is not None)


def distance(second: float, range_: Range) -> float:
    """How many seconds lie between a moment and a range; none where it lies inside."""
    start, end = range_
    return max(start - second, second - end, 0.0)


def is_near(second: float, ranges: Iterable[Range]) -> bool:
    """Whether one of ``ranges`` lies within ``NEAR`` of ``second``."""
    return any(distance(second, one) <= NEAR for one in ranges)


def by_chance(moments: Sequence[Moment], ranges: Mapping[str, Sequence[Range]]) -> float:
    """The expected share for three passages of the call drawn at random."""
    return fmean(
        chance(sum(is_near(one.second, [own]) for own in ranges[one.call]), len(ranges[one.call]))
        for one in moments
    )


def shares(moments: Sequence[Moment], found: Sequence[Sequence[Range]]) -> dict[str, float]:
    """The shares found among the first three and by the first alone, then those of each kind."""
    near = [is_near(one.second, ranges) for one, ranges in zip(moments, found, strict=True)]
    first = [is_near(one.second, ranges[:1]) for one, ranges in zip(moments, found, strict=True)]
    kinds = {
        kind: round(fmean(right for one, right in zip(moments, near, strict=True) if one.kind == kind), 4)
        for kind in sorted({one.kind for one in moments})
    }
    return {"first three": round(fmean(near), 4), "first": round(fmean(first), 4), **kinds}


def targets(figures: Figures) -> list[Target]:
    """The target of the issue."""
    return [Target("Right moment among the first three", at(figures, "modes", "hybrid", "first three"), 0.87)]


def section(figures: Figures) -> list[str]:
    """A row a mode, chance last, and what was searched."""
    if not figures:
        return [ABSENT.capitalize() + "."]
    modes = figures["modes"]
    columns = list(modes["hybrid"])
    rows = [(mode, *(shown(own[name]) for name in columns)) for mode, own in modes.items()]
    rows.append(("by chance", shown(figures["by chance"]), *[""] * (len(columns) - 1)))
    return [
        *table(["", *(name.replace("_", " ") for name in columns)], rows),
        "",
        f"{figures['questions']:,} questions, {figures['calls']} calls, {figures['passages']:,} passages, "
        f"half of them over {figures['seconds of a passage']:.0f} s or more.",
    ]
