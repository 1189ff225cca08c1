"""How searching grows: the same questions asked of libraries of 10,000 to 1,000,000 passages."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bench import synthetic
from bench.figures import Figures, Setting, Target, at, shown, table
from bench.synthetic import PASSAGES, RARE_SECTOR, SyntheticDocument
from index.encoded import Encoded, Spans, Vectors
from index.entries import Draft, PassageVectors
from index.library import Library
from index.measures import percentile
from index.models import BUNDLED, Embedder, load_embedder
from index.rows import RowSet
from index.scope import PUBLIC, Scope
from index.store import Store
from ingest.domain import Cue, Passage, PlaceMap, Source, Span, Version

TITLE = "Growth"
HOW = (
    "Made-up text and vectors (`bench/synthetic.py`), put into the database and the indexes through the "
    "library's own code; no model reads the passages, the vectors of their sentences are near their own, "
    "and the packed tokens (some 11 kB a passage, read only for an answer) are left out. Each size is built "
    "by one process and asked by another: 200 questions after a warm-up, top 10, one after the other, also "
    "inside a scope that keeps 1 % of the passages. The model reads each question, so that the time is "
    "real; for the search its vector is then replaced by a made-up one. Parts that are done side by side "
    "add up to more than the search takes. Recall is that of the vector index against exact search."
)
SIZES = (10_000, 100_000, 200_000, 1_000_000)
QUESTIONS, WARM_UP = 200, 20
TOP = 10
PARTS = ("encoding", "words", "meaning", "reading the best again", "reading hits", "highlights")
RARE = Scope(sectors=(RARE_SECTOR,))
_TOGETHER = 500  # documents that are stored in one transaction
_SENTENCE_NOISE = 0.8

Result = TypeVar("Result")


def measure(setting: Setting) -> Figures:
    """Every size in turn."""
    asked = in_own_process(questions)
    return {str(size): _one(size, setting.models, asked) for size in SIZES}


def questions() -> dict[str, Vectors]:
    """The questions, the warm-up's first. They are made apart: to make them takes memory that is measured."""
    count = WARM_UP + QUESTIONS
    return dict(zip(synthetic.questions(count), synthetic.question_vectors(count), strict=True))


def _one(size: int, models: Path, asked: Mapping[str, Vectors]) -> Figures:
    with tempfile.TemporaryDirectory() as scratch:
        built: dict[str, Any] = in_own_process(build, Path(scratch), size, models)
        return built | in_own_process(ask, Path(scratch), size, models, asked)


def in_own_process(work: Callable[..., Result], *arguments: object) -> Result:
    """What ``work`` returns, made in a fresh process: its memory is given back."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as processes:
        return processes.submit(work, *arguments).result()


# building


def build(folder: Path, size: int, models: Path) -> dict[str, Any]:
    """Store ``size`` passages and make the indexes; how long both took, and what lies on disk then."""
    started = time.perf_counter()
    store = Store(folder / "ujuzi.db")
    made = drafts(size)
    while some := list(islice(made, _TOGETHER)):
        with store.writing() as connection:
            for draft in some:
                store.insert(connection, draft)
    store.close()
    stored = time.perf_counter()
    with Library(folder, embedder=Given(load_embedder(BUNDLED, models), {})) as library:
        library.indexes_agree()  # which needs them, so that they are made
    indexed = time.perf_counter()
    return {
        "store_seconds": round(stored - started, 1),
        "index_seconds": round(indexed - stored, 1),
        "build_peak_gb": _peak_gb(),
        "database_gb": _weight(folder / "ujuzi.db"),
        "indexes_gb": _weight(*(folder / "derived").rglob("*")),
    }


def drafts(size: int) -> Iterator[Draft]:
    """The documents of ``size`` made-up passages, as they are stored."""
    blocks = synthetic.vectors(size)
    rows = (row for block in blocks for row in block)
    random = np.random.default_rng(1)
    noise = random.standard_normal((4_096, synthetic.DIMENSIONS), dtype=np.float32)
    noise *= _SENTENCE_NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    for document in synthetic.documents(size):
        vectors = list(islice(rows, PASSAGES))
        beside = [noise[random.integers(0, len(noise), text.count(".") or 1)] for text in document.texts]
        read = [
            PassageVectors(vector, vector + near, b"") for vector, near in zip(vectors, beside, strict=True)
        ]
        yield _draft(document, read)


def _draft(document: SyntheticDocument, vectors: Sequence[PassageVectors]) -> Draft:
    identity, title = f"document-{document.number}", f"Document {document.number}"
    text = "\n\n".join(document.texts)
    ends = np.cumsum([len(one) + 2 for one in document.texts]).tolist()
    spans = [Span(end - 2 - len(one), end - 2) for end, one in zip(ends, document.texts, strict=True)]
    cues = [
        Cue(span, 60.0 * number, 60.0 * number + 59, speaker)
        for number, (span, speaker) in enumerate(zip(spans, document.speakers, strict=False))
    ]
    source = Source(
        id=identity,
        title=title,
        kind=document.kind,
        language=document.language,
        date=document.day,
        countries=(document.country,),
        sectors=(document.sector,),
    )
    places = PlaceMap(pages=tuple(span.start for span in spans[::2]), cues=tuple(cues))
    version = Version(identity, 1, text, sha256(text.encode()).hexdigest(), places)
    passages = [
        Passage(identity, 1, number, one, span, title)
        for number, (one, span) in enumerate(zip(document.texts, spans, strict=True), start=1)
    ]
    return Draft(source, version, passages, vectors, BUNDLED, f"{identity}.txt", "text/plain")


class Given:
    """The real model, whose vectors of known questions are replaced when it has made them."""

    def __init__(self, embedder: Embedder, vectors: Mapping[str, Vectors]) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._embedder = embedder
        self._vectors = vectors

    def count_tokens(self, text: str) -> int:
        """As the model counts them."""
        return self._embedder.count_tokens(text)

    def token_spans(self, text: str) -> Spans:
        """As the model cuts it."""
        return self._embedder.token_spans(text)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """As the model reads them."""
        return self._embedder.encode_passages(texts)

    def encode_question(self, text: str) -> Encoded:
        """In the time that the model takes."""
        made = self._embedder.encode_question(text)
        return Encoded(self._vectors.get(text, made.whole), made.tokens)


# asking


@dataclass
class Clock:
    """How long the parts of a search take, in seconds, added up from question to question."""

    spent: dict[str, float]

    def watch(self, part: str, owner: object, *names: str) -> None:
        """Count what the methods ``names`` of ``owner`` take towards ``part``."""
        for name in names:
            setattr(owner, name, self._timed(part, getattr(owner, name)))

    def _timed(self, part: str, work: Callable[..., Result]) -> Callable[..., Result]:
        self.spent.setdefault(part, 0.0)

        @wraps(work)
        def timed(*arguments: Any, **named: Any) -> Result:
            started = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                self.spent[part] += time.perf_counter() - started

        return timed


def ask(folder: Path, size: int, models: Path, questions_: Mapping[str, Vectors]) -> dict[str, Any]:
    """Open the library of ``size`` passages in ``folder`` and ask it; times in milliseconds."""
    warm_up, asked = list(questions_)[:WARM_UP], list(questions_)[WARM_UP:]
    started = time.perf_counter()
    embedder = Given(load_embedder(BUNDLED, models), questions_)
    with Library(folder, embedder=embedder) as library:
        library.search(warm_up[0])
        opened = time.perf_counter() - started
        clock = _watched(library, embedder)
        for text in warm_up:
            library.search(text)
            library.search(text, RARE)
        clock.spent = dict.fromkeys(clock.spent, 0.0)
        times, _ = _timed(library, asked, Scope())
        parts = {part: round(1000 * spent / len(asked), 2) for part, spent in clock.spent.items()}
        scoped, found = _timed(library, asked, RARE)
        memory = {"resident_gb": _resident_gb(), "peak_gb": _peak_gb()}
        rare = library._indexing.catalogue.select(RARE, PUBLIC).rows
        return {
            "open_seconds": round(opened, 1),
            "search_ms": _percentiles(times),
            "parts_ms": parts,
            "scoped_ms": _percentiles(scoped),
            "scoped_complete": sum(one == TOP for one in found) / len(found),
            **memory,
            **_recall(library, np.stack([questions_[text] for text in asked]), rare, size),
        }


def _watched(library: Library, embedder: Given) -> Clock:
    clock = Clock({})
    derived = library._indexing.derived
    clock.watch("encoding", embedder, "encode_question")
    clock.watch("words", derived.words, "search", "scores")
    clock.watch("meaning", derived.vectors, "search", "scores")
    clock.watch("reading the best again", library, "_readings")
    clock.watch("reading hits", library.store, "passages")
    clock.watch("highlights", library, "_hit")
    return clock


def _timed(library: Library, asked: Sequence[str], scope: Scope) -> tuple[list[float], list[int]]:
    """The seconds that each search took, and how many hits it had, all inside ``scope``."""
    times, found = [], []
    for text in asked:
        started = time.perf_counter()
        hits = library.search(text, scope, top=TOP)
        times.append(time.perf_counter() - started)
        found.append(sum(not scope.sectors or hit.source.sectors == scope.sectors for hit in hits))
    return times, found


def _recall(library: Library, questions: Vectors, rare: RowSet, size: int) -> dict[str, float]:
    """The share of the exact ten that the vector index finds among everything and inside the scope."""
    index = library._indexing.derived.vectors
    everything, inside = _exact(questions, rare, size)
    whole = [
        len(index.search(one, TOP).keys() & best) for one, best in zip(questions, everything, strict=True)
    ]
    few = [
        len(index.search(one, TOP, rare).keys() & best) for one, best in zip(questions, inside, strict=True)
    ]
    return {
        "recall": round(sum(whole) / TOP / len(whole), 4),
        "scoped_recall": round(sum(few) / TOP / len(few), 4),
    }


def _exact(questions: Vectors, rare: RowSet, size: int) -> tuple[list[set[int]], list[set[int]]]:
    """The rows of the nearest ten to each question, by comparing all; then of those ``rare`` ones alone."""
    kept = [(np.full((len(questions), TOP), -2.0), np.zeros((len(questions), TOP), dtype=int))] * 2
    first = 1  # the row of the first passage
    for block in synthetic.vectors(size):
        rows = np.arange(first, first + len(block))
        scores = questions @ block.T
        kept = [
            _best(*before, np.where(allowed, scores, -2.0), rows)
            for before, allowed in zip(kept, (rows > 0, np.isin(rows, rare.rows)), strict=True)
        ]
        first += len(block)
    everything, inside = ([set(rows.tolist()) for rows in best] for _, best in kept)
    return everything, inside


def _best(
    scores: NDArray[Any], rows: NDArray[Any], more: NDArray[Any], their_rows: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    both = np.concatenate([scores, more], axis=1)
    named = np.concatenate([rows, np.broadcast_to(their_rows, more.shape)], axis=1)
    order = np.argpartition(-both, TOP, axis=1)[:, :TOP]
    return np.take_along_axis(both, order, axis=1), np.take_along_axis(named, order, axis=1)


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    shares = (("p50", 0.5), ("p95", 0.95))
    return {name: round(1000 * percentile(times, share), 1) for name, share in shares}


def _weight(*files: Path) -> float:
    return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e9, 3)


def _peak_gb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)


def _resident_gb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS"))
    return round(int(resident.split()[1]) * 1024 / 1e9, 2)


# telling


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    middle, most = str(SIZES[-2]), str(SIZES[-1])
    plain, scoped = at(figures, most, "search_ms", "p95"), at(figures, most, "scoped_ms", "p95")
    small = at(figures, str(SIZES[0]), "search_ms", "p50")
    return [
        Target("Search, 200,000 passages, p95", at(figures, middle, "search_ms", "p95"), 15, False, " ms", 1),
        Target("Search, 1,000,000 passages, p95", plain, 30, False, " ms", 1),
        Target("The same inside 1 % of them, p95", scoped, 30, False, " ms", 1),
        Target("The same, times what it takes outside", _over(scoped, plain), 1, False, "", 2),
        Target("Questions with ten of ten hits there", at(figures, most, "scoped_complete"), 1, True, "", 2),
        Target("Nearest ten found by the vector index, 1,000,000", at(figures, most, "recall"), 0.98),
        Target("Peak memory while searching 1,000,000", at(figures, most, "peak_gb"), 1.6, False, " GB", 2),
        Target(
            "Search at 1,000,000 over 10,000, p50 (100 times the passages)",
            _over(at(figures, most, "search_ms", "p50"), small), 10, False, " times", 1,
        ),
    ]  # fmt: skip


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def section(figures: Figures) -> list[str]:
    """A column a size."""
    named: list[tuple[str, tuple[str, ...], int]] = [
        ("search, p50, ms", ("search_ms", "p50"), 1),
        ("search, p95, ms", ("search_ms", "p95"), 1),
        *((f"- {part}, mean, ms", ("parts_ms", part), 2) for part in PARTS),
        ("inside 1 %, p50, ms", ("scoped_ms", "p50"), 1),
        ("inside 1 %, p95, ms", ("scoped_ms", "p95"), 1),
        ("inside 1 %, questions with ten hits", ("scoped_complete",), 2),
        ("nearest ten found", ("recall",), 3),
        ("nearest ten found inside 1 %", ("scoped_recall",), 3),
        ("resident, GB", ("resident_gb",), 2),
        ("peak, GB", ("peak_gb",), 2),
        ("opened until the first search, s", ("open_seconds",), 1),
        ("stored in, s", ("store_seconds",), 0),
        ("indexed in, s", ("index_seconds",), 0),
        ("database, GB", ("database_gb",), 2),
        ("indexes, GB", ("indexes_gb",), 2),
    ]
    rows = [
        (name, *(shown(at(figures, str(size), *path), digits) for size in SIZES))
        for name, path, digits in named
    ]
    return table(["passages", *(f"{size:,}" for size in SIZES)], rows)
