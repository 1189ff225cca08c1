"""How well documents are found: nDCG@10 on public test collections, by each half of the search alone, and
without each part of the second look.
"""

from __future__ import annotations

from dataclasses import fields, replace

from bench.figures import ABSENT, Figures, Setting, Target, at, shown, table
from index.evaluation import Way, evaluate_ways
from index.rereading import WEIGHTS, Weights
from index.searching import MODES

TITLE = "Finding"
HOW = (
    "`ujuzi evaluate`: each collection stored in a library of its own, nDCG@10 with linear gain, "
    "a document's score being its best passage's. QMSum's queries are searched inside their meeting "
    "(`--within meeting`)."
)
SETS = {  # the folder of each collection; the lowest nDCG@10 that the issue asks for, if it does
    "SciFact": ("retrieval/scifact", 0.75),
    "Cranfield": ("retrieval/cranfield", 0.585),
    "Terms of service (legal_summarization)": ("retrieval/legal_summarization", 0.66),
    "UK guidance (conditionalqa_govuk)": ("retrieval/conditionalqa_govuk", 0.43),
    "SQuAD 2.0 (squad2_dev)": ("retrieval/squad2_dev", 0.92),
    "XQuAD, English": ("multilingual/xquad/en_en", None),
    "XQuAD, Arabic": ("multilingual/xquad/ar_ar", 0.89),
    "XQuAD, Arabic to English": ("multilingual/xquad/ar_en", None),
    "Pirá, Portuguese": ("multilingual/pira/pt_pt", None),
    "AfriQA, French": ("multilingual/afriqa/fr_fr", None),
    "QMSum, inside the meeting": ("transcripts/qmsum", None),
}
WITHIN = {"QMSum, inside the meeting": "meeting"}  # the field of the queries that says where to search
ABLATED = (
    "SciFact",
    "Cranfield",
    "Terms of service (legal_summarization)",
    "UK guidance (conditionalqa_govuk)",
    "QMSum, inside the meeting",
)
PARTS = tuple(field.name for field in fields(Weights))
MEASURE = "ndcg@10"
KEPT = ("documents", "queries", MEASURE, "recall@100", "mrr@10")  # times are measured where nothing else runs
HARM = -0.01  # as far as both halves together may fall below the better one


def measure(setting: Setting) -> Figures:
    """For each collection and mode what `ujuzi evaluate` says; None for a collection that is absent."""
    return {name: _modes(setting, name) for name in SETS}


def _modes(setting: Setting, name: str) -> Figures | None:
    folder = setting.find(SETS[name][0])
    if folder is None:
        return None
    ways = {mode: (mode, WEIGHTS) for mode in MODES} | (_ablations() if name in ABLATED else {})
    data = setting.library(SETS[name][0]) / "data"
    found = evaluate_ways(folder, models=setting.models, ways=ways, within=WITHIN.get(name), data=data)
    return {way: {measure: one[measure] for measure in KEPT} for way, one in found.items()}


def _ablations() -> dict[str, Way]:
    """The search without one part of the second look, and without any of it."""
    without = {f"without {part}": replace(WEIGHTS, **{part: 0.0}) for part in PARTS}
    without["without all of them"] = replace(WEIGHTS, **dict.fromkeys(PARTS, 0.0))
    return {name: ("hybrid", weights) for name, weights in without.items()}


def targets(figures: Figures) -> list[Target]:
    """The collections of the issue, what fusing brings in meetings, and the promise that it never harms."""
    gains = [gain for name in figures if (gain := _gain(figures[name])) is not None]
    bounds = [
        Target(f"{name}, nDCG@10", at(figures, name, "hybrid", MEASURE), bound)
        for name, (_, bound) in SETS.items()
        if bound is not None
    ]
    return [
        *bounds,
        *(Target(f"{name}, against the better half", _gain(figures.get(name)), 0.03) for name in WITHIN),
        Target("Both halves fused, against the better half (worst set)", min(gains, default=None), HARM),
    ]


def section(figures: Figures) -> list[str]:
    """A row a collection, and where fusing harms."""
    rows = [(name, *_row(figures.get(name))) for name in SETS]
    harmed = [name for name in SETS if (_gain(figures.get(name)) or 0.0) < HARM]
    head = ["collection", "documents", "queries", "words", "meaning", "both", "against better half"]
    return [
        *table([*head, "recall@100"], rows),
        "",
        f"More than {-HARM:g} below the better half: {', '.join(harmed) or 'none'}.",
        "",
        "What each part of the second look at the best passages is worth, nDCG@10:",
        "",
        *table(["", *ABLATED], [_ablation(figures, way) for way in ("hybrid", *_ablations())]),
    ]


def _ablation(figures: Figures, way: str) -> list[str]:
    return [
        "all of it" if way == "hybrid" else way,
        *(shown(at(figures, name, way, MEASURE)) for name in ABLATED),
    ]


def _row(modes: Figures | None) -> list[str]:
    if modes is None:
        return [ABSENT, *[""] * 6]
    hybrid = at(modes, "hybrid")
    return [
        shown(at(hybrid, "documents"), 0),
        shown(at(hybrid, "queries"), 0),
        *(shown(at(modes, mode, MEASURE)) for mode in ("words", "meaning", "hybrid")),
        shown(_gain(modes)),
        shown(at(hybrid, "recall@100")),
    ]


def _gain(modes: Figures | None) -> float | None:
    """How far both halves together are above the better one."""
    if modes is None:
        return None
    better = max(at(modes, "words", MEASURE), at(modes, "meaning", MEASURE))
    return float(at(modes, "hybrid", MEASURE) - better)
