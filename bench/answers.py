"""How well questions are answered, and refused where nothing answers them, on half of SQuAD 2.0's dev set."""

from __future__ import annotations

import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.documents import json_lines
from bench.figures import Figures, Setting, Target, at, shown, table
from bot.evaluation import evaluate_answers
from bot.evidence import THRESHOLD

TITLE = "Answering"
HOW = (
    "`ujuzi evaluate-answers` on squad2_dev, half of SQuAD 2.0's dev set, with conditionalqa_govuk's "
    "questions as those that the library cannot answer."
)
FILE = "retrieval/squad2_dev/dev-v2.0.cs224n-half.json"
NOTHING = "retrieval/conditionalqa_govuk/queries.jsonl"
KINDS = ("answerable", "unanswerable", "nothing")
LOST = [percent / 100 for percent in (0, 1, 2, 3, 4, 5, 7, *range(10, 100, 5))]  # of the answerable questions
SHOWN = (0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)

Row = Mapping[str, Any]  # a line that `ujuzi evaluate-answers --out` writes


def measure(setting: Setting) -> Figures:
    """What `ujuzi evaluate-answers` says, and the curve of abstention; nothing where the file is absent."""
    file = setting.find(FILE)
    if file is None:
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "rows.jsonl"
        figures = evaluate_answers(file, models=setting.models, nothing=setting.find(NOTHING), out=out)
        rows = json_lines(out)
    return {**figures, "threshold": THRESHOLD, "curve": curve(rows), "near_miss_area": area(rows)}


def curve(rows: Sequence[Row]) -> list[dict[str, float]]:
    """What each threshold of the evidence test would refuse of every kind of question.

    The thresholds are those that lose each of the shares in ``LOST`` of the answerable questions.
    """
    kinds = _confidences(rows)
    if not all(kinds.values()):
        return []
    answerable = kinds["answerable"]
    thresholds = (answerable[int(lost * len(answerable))] for lost in LOST)
    return [
        {
            "threshold": threshold,
            **{kind: round(bisect_left(own, threshold) / len(own), 4) for kind, own in kinds.items()},
        }
        for threshold in thresholds
    ]


def area(rows: Sequence[Row]) -> float | None:
    """How likely an answerable question has more confidence than a near miss, ties counted half.

    That is the area under the curve; 0.5 is what a coin reaches (Hanley and McNeil, Radiology 1982).
    """
    kinds = _confidences(rows)
    answerable, near = kinds["answerable"], kinds["unanswerable"]
    if not answerable or not near:
        return None
    below = sum(bisect_left(near, one) + bisect_right(near, one) for one in answerable) / 2
    return round(below / (len(answerable) * len(near)), 4)


def _confidences(rows: Sequence[Row]) -> dict[str, list[float]]:
    """The confidences of each kind of question in rising order."""
    return {kind: sorted(row["confidence"] for row in rows if row["kind"] == kind) for kind in KINDS}


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    return [
        Target("First sentence holds the answer", at(figures, "answer_in_first_sentence"), 0.82),
        Target("One of the first three does", at(figures, "answer_in_3_sentences"), 0.93),
        Target("Exact citations", at(figures, "exact_citations"), 1.0),
        Target("Abstention where nothing answers", at(figures, "abstention"), 0.97),
        Target("False abstention", at(figures, "false_abstention"), 0.03, at_least=False),
    ]


def section(figures: Figures) -> list[str]:
    """How many of each kind were asked, the near misses, and what other thresholds would refuse."""
    counts = [(f"questions: {kind}", shown(at(figures, kind), 0)) for kind in KINDS]
    near = ("abstention on the unanswerable, which come near", shown(at(figures, "near_miss_abstention")))
    return [*table(["", "figure"], [*counts, near]), *_curve_shown(figures)]


def _curve_shown(figures: Figures) -> list[str]:
    points = at(figures, "curve")
    if not points:
        return []
    head = ["threshold", "answerable refused", "near misses refused", "others refused"]
    rows = [
        [shown(point["threshold"]), *(shown(point[kind]) for kind in KINDS)]
        for lost, point in zip(LOST, points, strict=True)
        if lost in SHOWN
    ]
    return [
        "",
        "What the evidence test would refuse at other thresholds, in use being "
        f"{figures['threshold']:g}. An answerable question has more confidence than a near miss in "
        f"{shown(figures['near_miss_area'])} of all pairs (a coin: 0.5):",
        "",
        *table(head, rows),
    ]
