"""How soon the app answers after it was started on a library that exists."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench.figures import Figures, Setting, Target, at, table
from bench.serving import add_demonstration, serving

TITLE = "Start"
HOW = (
    "`ujuzi serve` on the demonstration library, model converted, environment made: seconds from the start "
    "of the process until `/search?q=` has answered with 200, then until `/` and Gradio's `/config` have; "
    "median of five starts."
)
STARTS = 5
SEARCH = "/search?q=who+pays+the+airfare"
CHAT = ("/", "/config")


def measure(setting: Setting) -> Figures:  # noqa: ARG001  (the demonstration library is all it needs)
    """The seconds of each start."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        add_demonstration(data)
        starts = [_start(data) for _ in range(STARTS)]
    return {"search": [search for search, _ in starts], "chat": [chat for _, chat in starts]}


def _start(data: Path) -> tuple[float, float]:
    with serving(data) as server:
        return round(server.seconds_until(SEARCH), 2), round(server.seconds_until(*CHAT), 2)


def targets(figures: Figures) -> list[Target]:
    """The medians."""
    return [
        Target("First search page after the start", _median(figures, "search"), 3, False, " s", 1),
        Target("Chat page after the start", _median(figures, "chat"), 6, False, " s", 1),
    ]


def section(figures: Figures) -> list[str]:
    """Each start."""
    rows = [(name, *(f"{one:.2f}" for one in at(figures, name) or ())) for name in ("search", "chat")]
    return table(["seconds", *(f"start {number}" for number in range(1, STARTS + 1))], rows)


def _median(figures: Figures, name: str) -> float | None:
    values = at(figures, name)
    return median(values) if values else None
