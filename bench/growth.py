"""How the costs of the other systems grow from 10,000 to 1,000,000 passages, beside Ujuzi's."""

from __future__ import annotations

import json
import tempfile
from typing import Any

from bench.figures import ROOT, Figures, Setting, Target, at, shown, table
from bench.peers.processes import CONTESTANTS, OTHERS, OURS, Limits, must_have_peers, work
from bench.peers.worker import SYNTHETIC_QUESTIONS, Job
from index.measures import percentile

TITLE = "Growth beside other systems"
SIZES = (10_000, 100_000, 1_000_000)
LIMITS = Limits(seconds=600, gigabytes=16)
HOW = (
    "The passages and vectors of `bench/synthetic.py`, which cost a search what real ones do. Each peer is "
    "handed every passage with its vector, and every question with its, so that no model runs: indexing is "
    f"from that to searchable, a search one of {SYNTHETIC_QUESTIONS} questions, ten results, 10 candidates "
    f"of each half. A process is stopped after {LIMITS.seconds / 60:g} minutes or at "
    f"{LIMITS.gigabytes:g} GB; a peer that was stopped is not asked for more. Ujuzi's figures are those of "
    "the part on its own growth: it writes to disk while it indexes, and its model reads every question, "
    "within the time given. Memory is the most that was resident, indexing and asking."
)
KEPT = ROOT / "bench" / "results.json"


def measure(setting: Setting) -> Figures:  # noqa: ARG001  (everything is made up)
    """For each system and size the seconds of indexing, p50 and p95 of a search in ms, and the memory in GB.

    Only ``stopped``, why, where a process went over the limits. Raises UjuziError where peers are absent.
    """
    must_have_peers()
    return {OURS: ours(), **{system: _grown(system) for system in OTHERS}}


def _grown(system: str) -> Figures:
    """Size by size until one is too much."""
    one = CONTESTANTS[system]
    grown: dict[str, Figures] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            job = Job(one.system, "ask", scratch, model="", passages=size)
            done = work(job, one.python, LIMITS)
        grown[str(size)] = _figures(done)
        print(f"  {system}, {size:,}: {grown[str(size)]}", flush=True)
        if "stopped" in done:
            break
    return grown


def _figures(done: Figures) -> Figures:
    if "stopped" in done:
        return done
    return {
        "index_seconds": round(done["index_seconds"], 1),
        "p50": round(percentile(done["search_ms"], 0.5), 1),
        "p95": round(percentile(done["search_ms"], 0.95), 1),
        "memory_gb": round(done["peak_mb"] / 1e3, 2),
    }


def ours() -> Figures:
    """What the part "scale" found when it was last measured; nothing where it never was."""
    results = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    grown = {str(size): at(results, "scale", "figures", str(size)) for size in SIZES}
    return {size: _ours_of(one) for size, one in grown.items() if one}


def _ours_of(one: Figures) -> Figures:
    return {
        "index_seconds": round(one["store_seconds"] + one["index_seconds"], 1),
        "p50": one["search_ms"]["p50"],
        "p95": one["search_ms"]["p95"],
        "memory_gb": max(one["build_peak_gb"], one["peak_gb"]),
    }


def targets(figures: Figures) -> list[Target]:  # noqa: ARG001  (Ujuzi's own growth has them)
    """None."""
    return []


def section(figures: Figures) -> list[str]:
    """A row a system and size."""
    head = ["passages", "indexing, s", "search p50, ms", "search p95, ms", "memory, GB"]
    rows = [
        (f"{one.name}, {size:,}", *_row(at(figures, system, str(size))))
        for size in SIZES
        for system, one in CONTESTANTS.items()
    ]
    picture = ["![Indexing, searching and memory of each system by number of passages](growth.svg)", ""]
    return [*(picture if figures else []), *table(head, rows), "", _where_behind(figures)]


def _where_behind(figures: Figures) -> str:
    """Where a peer costs less than Ujuzi, and what it is spared."""
    costs = {"index_seconds": "indexing", "p50": "search p50", "p95": "search p95", "memory_gb": "memory"}
    behind = [
        f"{CONTESTANTS[system].name} at {size:,} ({named})"
        for system in OTHERS
        for size in SIZES
        for cost, named in costs.items()
        if (at(figures, system, str(size), cost) or float("inf"))
        < (at(figures, OURS, str(size), cost) or 0.0)
    ]
    if not behind:
        return "No peer costs less than Ujuzi."
    why = "no model runs for the peers, and they write nothing to disk and mark no words in what they find"
    return f"Less than Ujuzi costs: {', '.join(behind)}. Of Ujuzi's costs they are spared some: {why}."


def _row(one: Any) -> list[str]:
    if one is None:
        return ["not measured", "", "", ""]
    if "stopped" in one:
        return [f"stopped: {one['stopped']}", "", "", ""]
    digits = {"index_seconds": 1, "p50": 1, "p95": 1, "memory_gb": 2}
    return [shown(one[name], places) for name, places in digits.items()]
