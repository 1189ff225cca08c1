"""Embedding: how many texts a second beside sentence-transformers, and whether the vectors are the same."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figures, Setting, Target, at, shown, table
from index.encoded import Vectors, unit
from index.evaluation import Collection
from index.measures import ndcg, percentile
from index.models import BUNDLED, Embedder, bundled_model, load_embedder, sentence_transformer

TITLE = "Embedding"
HOW = (
    "The bundled model in one process, ours and sentence-transformers' `encode` with its defaults in turns: "
    "abstracts of SciFact cut at 150 words, in lots of 32, the median of the lots; one question at a time; "
    "and the documents and queries of legal_summarization, ranked by either one's vectors."
)
TIMED, RANKED = "retrieval/scifact", "retrieval/legal_summarization"
WORDS = 150
LOT, LOTS = 32, 25

Encode = Callable[[Sequence[str]], Vectors]  # texts to unit vectors, a row each


def measure(setting: Setting) -> Figures:
    """Rates, times and likeness; None where a collection is absent."""
    ours = load_embedder(BUNDLED, setting.models)
    theirs = sentence_transformer(bundled_model())
    systems = {"ours": _encode(ours), "theirs": lambda texts: unit(theirs.encode(list(texts)))}
    for encode in systems.values():
        encode(["load the model before the clock starts"] * 2)
    timed, ranked = setting.find(TIMED), setting.find(RANKED)
    asked = {"ours": ours.encode_question, "theirs": theirs.encode}
    return {
        "rates": _rates(_lots(timed), systems) if timed else None,
        "question_ms": _waits([one["text"] for one in Collection.read(ranked).queries], asked)
        if ranked
        else None,
        "likeness": _likeness(Collection.read(ranked), systems) if ranked else None,
    }


def _encode(embedder: Embedder) -> Encode:
    return lambda texts: np.stack([one.whole for one in embedder.encode_passages(texts)])


def _lots(folder: Path) -> list[list[str]]:
    """Lots of the first documents of the collection in ``folder``, all of the same number of words."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        words = (f"{one['title']} {one['text']}".split() for one in map(json.loads, lines))
        texts = (" ".join(some[:WORDS]) for some in words if len(some) >= WORDS)
        return [list(islice(texts, LOT)) for _ in range(LOTS)]


def _rates(lots: Sequence[Sequence[str]], systems: Mapping[str, Encode]) -> dict[str, float]:
    """Texts a second: each lot is read by both, in turns, so that a busy machine is busy for both."""
    seconds: dict[str, list[float]] = {name: [] for name in systems}
    for number, lot in enumerate(lots):
        for name in sorted(systems, reverse=number % 2 == 1):
            started = time.perf_counter()
            systems[name](lot)
            seconds[name].append(time.perf_counter() - started)
    rates = {name: round(LOT / percentile(times, 0.5), 1) for name, times in seconds.items()}
    ratios = [theirs / ours for ours, theirs in zip(seconds["ours"], seconds["theirs"], strict=True)]
    return {**rates, "ratio": round(percentile(ratios, 0.5), 2)}


def _waits(questions: Sequence[str], systems: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """How long each question takes, in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in systems}
    for question in questions:
        for name, encode in systems.items():
            started = time.perf_counter()
            encode(question)
            times[name].append(1000 * (time.perf_counter() - started))
    return {
        name: {"p50": round(percentile(some, 0.5), 1), "p95": round(percentile(some, 0.95), 1)}
        for name, some in times.items()
    }


def _likeness(collection: Collection, systems: Mapping[str, Encode]) -> dict[str, float]:
    """Cosines between both vectors of each document, and what ranking by either one's is worth."""
    documents = [f"{one['title']}\n{one['text']}" for one in collection.documents]
    queries = [one["text"] for one in collection.queries]
    vectors = {name: (encode(documents), encode(queries)) for name, encode in systems.items()}
    cosines = (vectors["ours"][0] * vectors["theirs"][0]).sum(axis=1)
    quality = {name: _quality(collection, *own) for name, own in vectors.items()}
    return {
        "cosine_least": round(float(cosines.min()), 6),
        "cosine_mean": round(float(cosines.mean()), 6),
        "ndcg@10": round(quality["ours"], 4),
        "ndcg@10_theirs": round(quality["theirs"], 4),
        "loss": round(quality["theirs"] - quality["ours"], 4),
    }


def _quality(collection: Collection, documents: Vectors, queries: Vectors) -> float:
    """nDCG@10 of ranking by cosine alone."""
    names = [one["_id"] for one in collection.documents]
    best = np.argsort(-(queries @ documents.T), axis=1)[:, :10]
    scores = [
        ndcg([names[row] for row in rows], collection.gains[query["_id"]])
        for query, rows in zip(collection.queries, best, strict=True)
    ]
    return sum(scores) / len(scores)


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    return [
        Target("Embedding, times sentence-transformers' rate", at(figures, "rates", "ratio"), 4, digits=2),
        Target(
            "Embedding, least cosine with the original",
            at(figures, "likeness", "cosine_least"),
            0.999,
            digits=5,
        ),
        Target("Embedding, nDCG@10 lost", at(figures, "likeness", "loss"), 0.002, False, digits=4),
    ]


def section(figures: Figures) -> list[str]:
    """Both systems side by side."""
    rows = [
        (
            name,
            shown(at(figures, "rates", key), 1),
            shown(at(figures, "question_ms", key, "p50"), 1),
            shown(at(figures, "question_ms", key, "p95"), 1),
            shown(at(figures, "likeness", quality), 4),
        )
        for name, key, quality in (
            ("Ujuzi", "ours", "ndcg@10"),
            ("sentence-transformers", "theirs", "ndcg@10_theirs"),
        )
    ]
    cosine = shown(at(figures, "likeness", "cosine_mean"), 6)
    return [
        *table(["", "texts a second", "question p50, ms", "question p95, ms", "nDCG@10"], rows),
        "",
        f"Mean cosine between both: {cosine}.",
    ]
