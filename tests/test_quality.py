"""The gate: finding and answering stay as good as they were. The whole is measured by `make bench`.

The demonstration library's own questions are in every checkout. Parts of public collections come on top where
the evaluation data is beside it: small enough to be measured each time, so that their figures are not those
of the whole collections in bench/RESULTS.md. A change that lowers a figure below its floor either is mended,
or the floor is lowered here, with the reason in docs/decisions.md; one that raises it raises the floor too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import ask_all, read_questions, summary
from index.adding import add_files
from index.evaluation import evaluate
from index.library import Library
from ingest.reading import find_files

ROOT = Path(__file__).resolve().parents[1]
MEASURED = "2026-11-28"  # the figures below, of which the floors are just short: processors round otherwise


@dataclass(frozen=True, slots=True)
class Floor:
    """What was measured, and what may not be undercut."""

    figure: float
    least: float


CORPUS = {
    "recall@5": Floor(0.955, 0.945),
    "recall@5_everywhere": Floor(0.945, 0.935),
    "answered": Floor(0.940, 0.925),
    "cited": Floor(0.714, 0.699),
}
ABSTENTION = Floor(0.448, 0.413)  # of 29 questions that nothing in the demonstration library answers
COLLECTIONS = {  # nDCG@10 over the first documents of each, and the queries that these answer
    ("retrieval/legal_summarization", 200): Floor(0.780, 0.770),
    ("multilingual/xquad/ar_ar", 25): Floor(0.963, 0.953),
    ("multilingual/pira/pt_pt", 25): Floor(0.923, 0.912),
}
QUERIES = 150  # at most, of each collection


def test_the_questions_of_the_demonstration_library_are_found_and_answered(
    models: Path, tmp_path: Path
) -> None:
    with Library(tmp_path / "library", models=models) as library:
        added = list(add_files(library, find_files([ROOT / "corpus"])))
        assert all(one.status == "added" for one in added)
        figures = summary(ask_all(library, read_questions()))
    shares = figures["groups"]["all"]
    fallen = {name: shares[name] for name, floor in CORPUS.items() if shares[name] < floor.least}
    assert not fallen, f"since {MEASURED} these have fallen: {fallen}"
    assert figures["unanswerable"]["abstention"] >= ABSTENTION.least


@pytest.mark.parametrize(("name", "documents"), COLLECTIONS)
def test_public_collections_are_found_as_well_as_before(
    name: str, documents: int, shared: Callable[[str], Path], models: Path, tmp_path: Path
) -> None:
    part = beginning(shared(f"eval/{name}"), documents, tmp_path / "part")
    measured = evaluate(part, models=models)["ndcg@10"]
    floor = COLLECTIONS[name, documents]
    assert measured >= floor.least, f"{name}: {floor.figure} on {MEASURED}"


def beginning(folder: Path, documents: int, part: Path) -> Path:
    """The first ``documents`` of a collection and the first queries that these answer, as one in ``part``."""
    part.mkdir()
    corpus = lines(folder / "corpus.jsonl")[:documents]
    kept = {identity(line) for line in corpus}
    head, *judged = lines(folder / "qrels.tsv")
    answered: dict[str, set[str]] = {}
    for line in judged:
        query, document, _ = line.split("\t")
        answered.setdefault(query, set()).add(document)
    queries = [line for line in lines(folder / "queries.jsonl") if answered.get(identity(line), {""}) <= kept]
    asked = {identity(line) for line in queries[:QUERIES]}
    write(part / "corpus.jsonl", corpus)
    write(part / "queries.jsonl", queries[:QUERIES])
    write(part / "qrels.tsv", [head, *(line for line in judged if line.split("\t")[0] in asked)])
    return part


def identity(line: str) -> str:
    row: dict[str, Any] = json.loads(line)
    return str(row["_id"])


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line]


def write(file: Path, content: list[str]) -> None:
    file.write_text("\n".join(content) + "\n", encoding="utf-8")
