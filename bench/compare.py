"""Ujuzi beside Haystack, LlamaIndex and txtai, each with the same model, in one run: how good, how costly."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean, median

from bench.figures import ABSENT, Figures, Setting, Target, at, shown, table
from bench.peers.given import Given, give
from bench.peers.processes import CONTESTANTS, OTHERS, OURS, must_have_peers, work
from bench.peers.worker import Job
from index.measures import ndcg, percentile

SETS = {  # where it is, and the field of its questions that names the title which they are limited to
    "SciFact": ("retrieval/scifact", ""),
    "Cranfield": ("retrieval/cranfield", ""),
    "Terms of service": ("retrieval/legal_summarization", ""),
    "ConditionalQA": ("retrieval/conditionalqa_govuk", ""),
    "SQuAD 2.0": ("retrieval/squad2_dev", ""),
    "XQuAD, English": ("multilingual/xquad/en_en", ""),
    "XQuAD, Arabic": ("multilingual/xquad/ar_ar", ""),
    "Pirá, Portuguese": ("multilingual/pira/pt_pt", ""),
    "AfriQA, French": ("multilingual/afriqa/fr_fr", ""),
    "QMSum, within the meeting": ("transcripts/qmsum", "meeting"),
}
TIMED, INDEXED = "ConditionalQA", "Cranfield"
DOCUMENTS, QUESTIONS = 400, 50  # of INDEXED: what is kept and started on
ROUNDS, STARTS = 2, 3
CANDIDATES = 100  # that the peers fuse of words and of meaning, for quality

TITLE = "Beside other systems"
HOW = (
    "Each system in a process of its own, in turns, on the same documents and questions, scored by the same "
    "code; what was chosen for each is said on top of its module in `bench/peers`. All have the bundled "
    "model. The peers get a document as one text, title on top, of which the model reads the first 256 "
    "tokens; for quality they fuse the best 100 of words and of meaning (more helps them), and the vectors "
    "of a collection are made once, by sentence-transformers, for all three. Costs are measured without "
    "that; both tables are of one run. Indexing: from text to searchable, the first "
    f"{DOCUMENTS} documents of Cranfield, median of {ROUNDS} runs. Ujuzi does more in it: it reads each "
    "document to its end, every passage under its title and headings, makes vectors of sentences and tokens "
    "too, and keeps everything on disk. Search: from the words of a question to those of ten documents, one "
    "after the other, on ConditionalQA's 7,506, the peers with 10 candidates of each half (fewer are "
    f"faster). Start: from the start of a process on the kept index of the {DOCUMENTS} documents until its "
    f"first answer, median of {STARTS}. Memory: the most that was resident."
)
COSTS = {  # what it is called, its unit, digits, whether more is better
    "documents_per_second": ("Documents indexed a second", "", 1, True),
    "search_p50": ("Search, p50", " ms", 1, False),
    "search_p95": ("Search, p95", " ms", 1, False),
    "start": ("Start to first answer", " s", 2, False),
    "memory_indexing": ("Memory at most, indexing", " MB", 0, False),
    "memory_serving": ("Memory at most, started and asked", " MB", 0, False),
}


def measure(setting: Setting) -> Figures:
    """Versions, nDCG@10 of each set and system, and costs. Raises UjuziError where the peers are absent."""
    must_have_peers()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(setting, Path(scratch))
        sets = {name: bench.quality(name) for name in SETS}
        costs = bench.costs() if sets[TIMED] and sets[INDEXED] else None
    return {"versions": bench.versions, "sets": sets, "costs": costs}


@dataclass
class Bench:
    """One run: where its files are, and what is known so far."""

    setting: Setting
    scratch: Path
    versions: dict[str, str] = field(default_factory=dict)
    searches: dict[str, Sequence[float]] = field(default_factory=dict)  # milliseconds on the timed set
    runs: int = 0

    def quality(self, name: str) -> Figures | None:
        """The size of a collection and nDCG@10 of each system on it; None where it is absent."""
        given = give(self.setting, *SETS[name], self._folder())
        if given is None:
            return None
        found = {
            system: self._ask(given, system, self.setting.library(SETS[name][0])) for system in CONTESTANTS
        }
        if name == TIMED:
            self._time(given, found[OURS])
        values = {system: _ndcg(given, one["found"]) for system, one in found.items()}
        print(f"  {name}: {values}", flush=True)
        size = {"documents": len(given.collection.documents), "queries": len(given.collection.queries)}
        return size | {"ndcg@10": values}

    def costs(self) -> Figures:
        """What each system costs, in turns."""
        given = give(self.setting, *SETS[INDEXED], self._folder(), DOCUMENTS, QUESTIONS)
        if given is None:
            return {}
        kept: dict[str, list[Figures]] = {system: [] for system in CONTESTANTS}
        started: dict[str, list[Figures]] = {system: [] for system in CONTESTANTS}
        folders = {}
        for _ in range(ROUNDS):
            for system in CONTESTANTS:
                folders[system] = self._folder()
                kept[system].append(_done(system, given.job(system, "keep", folders[system])))
        for _ in range(STARTS):
            for system in CONTESTANTS:
                started[system].append(_done(system, given.job(system, "start", folders[system])))
        return {
            system: _costs(kept[system], started[system], self.searches[system]) for system in CONTESTANTS
        }

    def _ask(self, given: Given, system: str, library: Path) -> Figures:
        """Everything indexed and asked; the peers have the vectors, Ujuzi the ``library`` if it is there."""
        if system == OURS:
            job = given.job(system, "ask", library, CANDIDATES)
        else:
            job = replace(
                given.job(system, "ask", self._folder(), CANDIDATES),
                text_vectors=given.text_vectors(),
                question_vectors=given.question_vectors(),
            )
        done = _done(system, job)
        self.versions[system] = done["version"]
        return done

    def _time(self, given: Given, ours: Figures) -> None:
        """How long searches take on this collection, the questions encoded anew."""
        self.searches[OURS] = ours["search_ms"]
        for system in OTHERS:
            job = replace(given.job(system, "ask", self._folder()), text_vectors=given.text_vectors())
            self.searches[system] = _done(system, job)["search_ms"]

    def _folder(self) -> Path:
        self.runs += 1
        folder = self.scratch / str(self.runs)
        folder.mkdir()
        return folder


def _done(system: str, job: Job) -> Figures:
    return work(job, CONTESTANTS[system].python)


def _ndcg(given: Given, found: Mapping[str, Sequence[str]]) -> float:
    return round(fmean(ndcg(found[one], gains) for one, gains in given.collection.gains.items()), 4)


def _costs(kept: Sequence[Figures], started: Sequence[Figures], searches: Sequence[float]) -> Figures:
    return {
        "documents_per_second": round(median(DOCUMENTS / one["index_seconds"] for one in kept), 1),
        "search_p50": percentile(searches, 0.5),
        "search_p95": percentile(searches, 0.95),
        "start": median(one["seconds"] for one in started),
        "memory_indexing": median(one["peak_mb"] for one in kept),
        "memory_serving": median(one["peak_mb"] for one in started),
    }


def targets(figures: Figures) -> list[Target]:
    """How far ahead Ujuzi is of the best peer where it is least ahead."""
    quality, costs = _margins(figures).values(), _ratios(figures).values()
    return [
        Target("Above the best peer, nDCG@10 (worst set)", min(quality, default=None), 0.0),
        Target("Times better than the best peer (worst cost)", min(costs, default=None), 1.0, digits=2),
    ]


def section(figures: Figures) -> list[str]:
    """Ujuzi beside the peers, the best in bold; then where it is not ahead, and by how much."""
    names = [
        f"{one.name} {at(figures, 'versions', system) or ''}".strip() for system, one in CONTESTANTS.items()
    ]
    sets = [(name, *_quality_row(at(figures, "sets", name))) for name in SETS]
    costs = [
        (title + unit.replace(" ", ", "), *_cost_row(figures, cost))
        for cost, (title, unit, *_) in COSTS.items()
    ]
    pictures = ["![nDCG@10 of each system on each set](quality.svg)", ""] if at(figures, "sets") else []
    return [
        *pictures,
        *table(["nDCG@10", "documents", "questions", *names, "Ujuzi above the best peer"], sets),
        "",
        *table(["costs", *names, "Ujuzi times better than the best peer"], costs),
        "",
        *_verdict(figures),
    ]


def _quality_row(of_set: Figures | None) -> list[str]:
    values = at(of_set, "ndcg@10")
    if values is None:
        return [ABSENT, *[""] * (len(CONTESTANTS) + 2)]
    cells = _bold(
        [shown(values[system]) for system in CONTESTANTS], [values[system] for system in CONTESTANTS]
    )
    return [
        shown(at(of_set, "documents"), 0),
        shown(at(of_set, "queries"), 0),
        *cells,
        f"{_margin(values):+.3f}",
    ]


def _cost_row(figures: Figures, cost: str) -> list[str]:
    _, _, digits, more = COSTS[cost]
    values = [at(figures, "costs", system, cost) for system in CONTESTANTS]
    if None in values:
        return [ABSENT, *[""] * len(CONTESTANTS)]
    cells = _bold([shown(value, digits) for value in values], [value if more else -value for value in values])
    return [*cells, shown(_ratios(figures)[cost], 2)]


def _bold(cells: Sequence[str], values: Sequence[float]) -> list[str]:
    best = max(values)
    return [f"**{cell}**" if value == best else cell for cell, value in zip(cells, values, strict=True)]


def _verdict(figures: Figures) -> list[str]:
    """Where Ujuzi is ahead of all peers, and where not, by how much."""
    margins, ratios = _margins(figures), _ratios(figures)
    if not margins:
        return []
    behind = [f"{name} by {-margin:.3f} nDCG@10" for name, margin in margins.items() if margin <= 0]
    dearer = [
        f"{COSTS[cost][0].lower()}, {1 / ratio:.2f} times worse than the best peer"
        for cost, ratio in ratios.items()
        if ratio <= 1
    ]
    sets = f"{len(margins) - len(behind)} of {len(margins)} sets"
    costs = f"{len(ratios) - len(dearer)} of {len(ratios)} costs"
    rest = f"Not ahead: {'; '.join([*behind, *dearer])}." if behind or dearer else "Nowhere behind."
    return [f"Ujuzi is ahead of every peer on {sets} and {costs}. {rest}"]


def _margins(figures: Figures) -> dict[str, float]:
    """For each set how far Ujuzi is above the best peer."""
    known = {name: values for name in SETS if (values := at(figures, "sets", name, "ndcg@10"))}
    return {name: _margin(values) for name, values in known.items()}


def _margin(values: Mapping[str, float]) -> float:
    return values[OURS] - max(values[system] for system in OTHERS)


def _ratios(figures: Figures) -> dict[str, float]:
    """For each cost how many times better Ujuzi's figure is than the best peer's."""
    costs = at(figures, "costs") or {}
    return {cost: _ratio(costs, cost, more) for cost, (_, _, _, more) in COSTS.items()} if costs else {}


def _ratio(costs: Figures, cost: str, more: bool) -> float:
    peers = [costs[system][cost] for system in OTHERS]
    ours = costs[OURS][cost]
    return float(ours / max(peers) if more else min(peers) / ours)
