"""Which changed facts are caught in written sentences, and how many faithful sentences are lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.figures import ROOT, Figures, Setting, Target, at, shown, table
from bot.verification import Verifier, likeness
from index.models import BUNDLED, load_embedder

TITLE = "Verification of written sentences"
HOW = (
    "Every pair of the lots in `tests/bot/verification_lots.json` (a faithful sentence and the same with one "
    "fact changed) checked against its evidence. All lots have been read by now, and faults were mended "
    "where that could be done in general; the last two columns say what each lot gave when it was first "
    "read. The lots up to the sixth were written to be hard; the seventh, written blind after all the others "
    "were read, as a chat model would put it, says what an unknown sentence can expect. The first lot was "
    "tuned on from the beginning."
)
PAIRS = ROOT / "tests" / "bot"


def measure(setting: Setting) -> Figures:
    """For each lot the share of the changed caught and of the faithful lost, now and at first reading."""
    verifier = Verifier(likeness(load_embedder(BUNDLED, setting.models)))
    lots = json.loads((PAIRS / "verification_lots.json").read_text(encoding="utf-8"))
    return {lot["lot"]: {**_shares(verifier, PAIRS / lot["file"]), **_first(lot)} for lot in lots}


def _first(lot: Mapping[str, Any]) -> Figures:
    if lot["first"] is None:
        return {}
    pairs = len((PAIRS / lot["file"]).read_text(encoding="utf-8").splitlines()) // 2
    caught, lost = lot["first"]
    return {"first caught": caught / pairs, "first lost": lost / pairs}


def _shares(verifier: Verifier, file: Path) -> Figures:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    dropped: dict[bool, list[bool]] = {True: [], False: []}
    for row in rows:
        verdict = verifier.check(row["sentence"], row["evidence"])
        dropped[row["faithful"]].append(not verdict.supported)
    return {
        "pairs": len(rows) // 2,
        "caught": sum(dropped[False]) / len(dropped[False]),
        "lost": sum(dropped[True]) / len(dropped[True]),
    }


def targets(figures: Figures) -> list[Target]:
    """Both shares for the lot that the issue asks for, and as the last lot gave them when it was unknown."""
    tuned, unknown = at(figures, "tuned on"), at(figures, "seventh")
    return [
        Target("Changed facts caught (tuned on)", at(tuned, "caught"), 0.95),
        Target("Faithful sentences lost (tuned on)", at(tuned, "lost"), 0.10, at_least=False),
        Target("Changed facts caught (unknown)", at(unknown, "first caught"), 0.95),
        Target("Faithful sentences lost (unknown)", at(unknown, "first lost"), 0.10, at_least=False),
    ]


def section(figures: Figures) -> list[str]:
    """A row a lot."""
    measures = ("caught", "lost", "first caught", "first lost")
    rows = [
        (lot, shown(at(own, "pairs"), 0), *(shown(own[one]) if one in own else "" for one in measures))
        for lot, own in figures.items()
    ]
    return table(["lot", "pairs", "caught", "lost", "caught at first", "lost at first"], rows)
