"""How well documents are found: nDCG@10 on public test collections, and each half of the search alone."""

from __future__ import annotations

from bench.figures import ABSENT, Figures, Setting, Target, at, shown, table
from index.evaluation import evaluate_modes
from index.searching import MODES

TITLE = "Finding"
HOW = (
    "`ujuzi evaluate`: each collection stored in a library of its own, nDCG@10 with linear gain, "
    "a document's score being its best passage's."
)
SETS = {
    "SciFact": "retrieval/scifact",
    "Cranfield": "retrieval/cranfield",
    "XQuAD, Arabic": "multilingual/xquad/ar_ar",
    "Pirá, Portuguese": "multilingual/pira/pt_pt",
    "AfriQA, French": "multilingual/afriqa/fr_fr",
}
MEASURE = "ndcg@10"


def measure(setting: Setting) -> Figures:
    """For each collection and mode what `ujuzi evaluate` says; None for a collection that is absent."""
    return {name: _modes(setting, name) for name in SETS}


def _modes(setting: Setting, name: str) -> Figures | None:
    folder = setting.find(SETS[name])
    if folder is None:
        return None
    return evaluate_modes(folder, models=setting.models, modes=MODES)


def targets(figures: Figures) -> list[Target]:
    """The two collections of the issue, and the promise that fusing never harms."""
    gains = [gain for name in figures if (gain := _gain(figures[name])) is not None]
    return [
        Target("SciFact, nDCG@10", at(figures, "SciFact", "hybrid", MEASURE), 0.73),
        Target("Cranfield, nDCG@10", at(figures, "Cranfield", "hybrid", MEASURE), 0.57),
        Target("Both halves fused, against the better half (worst set)", min(gains, default=None), -0.01),
    ]


def section(figures: Figures) -> list[str]:
    """A row a collection, and where fusing harms."""
    rows = [(name, *_row(figures.get(name))) for name in SETS]
    harmed = [name for name in SETS if (_gain(figures.get(name)) or 0.0) < -0.01]
    head = ["collection", "documents", "queries", "words", "meaning", "both", "against better half"]
    return [
        *table([*head, "recall@100", "query p95, ms", "documents/s"], rows),
        "",
        f"More than 0.01 below the better half: {', '.join(harmed) or 'none'}.",
    ]


def _row(modes: Figures | None) -> list[str]:
    if modes is None:
        return [ABSENT, *[""] * 8]
    hybrid = at(modes, "hybrid")
    return [
        shown(at(hybrid, "documents"), 0),
        shown(at(hybrid, "queries"), 0),
        *(shown(at(modes, mode, MEASURE)) for mode in ("words", "meaning", "hybrid")),
        shown(_gain(modes)),
        shown(at(hybrid, "recall@100")),
        shown(at(hybrid, "query_ms", "p95"), 1),
        shown(at(hybrid, "documents_per_second"), 0),
    ]


def _gain(modes: Figures | None) -> float | None:
    """How far both halves together are above the better one."""
    if modes is None:
        return None
    better = max(at(modes, "words", MEASURE), at(modes, "meaning", MEASURE))
    return float(at(modes, "hybrid", MEASURE) - better)
