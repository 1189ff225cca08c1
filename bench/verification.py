"""Which changed facts are caught in written sentences, and how many faithful sentences are lost."""

from __future__ import annotations

import json
from pathlib import Path

from bench.figures import ROOT, Figures, Setting, Target, at, shown, table
from bot.verification import Verifier, likeness
from index.models import BUNDLED, load_embedder

TITLE = "Verification of written sentences"
HOW = (
    "Every pair of `tests/bot/verification_pairs*.jsonl` (a faithful sentence and the same with one fact "
    "changed) checked against its evidence. All lots were read while the checks were made; what unknown "
    "pairs give is said in `tests/bot/test_verification.py`."
)
LOTS = {
    "tuned on": "verification_pairs.jsonl",
    "second": "verification_pairs_second.jsonl",
    "held out": "verification_pairs_heldout.jsonl",
}


def measure(setting: Setting) -> Figures:
    """For each lot the share of the changed that is caught and of the faithful that is lost."""
    verifier = Verifier(likeness(load_embedder(BUNDLED, setting.models)))
    return {lot: _shares(verifier, ROOT / "tests" / "bot" / file) for lot, file in LOTS.items()}


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
    """Both shares for the lot that the issue asks for and for the held-out one."""
    return [
        target
        for lot in ("tuned on", "held out")
        for target in (
            Target(f"Changed facts caught ({lot})", at(figures, lot, "caught"), 0.95),
            Target(f"Faithful sentences lost ({lot})", at(figures, lot, "lost"), 0.10, at_least=False),
        )
    ]


def section(figures: Figures) -> list[str]:
    """A row a lot."""
    rows = [
        (lot, shown(at(own, "pairs"), 0), shown(at(own, "caught")), shown(at(own, "lost")))
        for lot, own in figures.items()
    ]
    return table(["lot", "pairs", "caught", "lost"], rows)
