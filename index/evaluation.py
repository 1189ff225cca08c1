"""How well the library finds: a test collection in BEIR form, searched, scored, written to be scored again.

BEIR form is a folder with corpus.jsonl, queries.jsonl and qrels.tsv (Thakur et al., "BEIR", NeurIPS 2021).
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from index.library import Library
from index.measures import ndcg, percentile, recall, reciprocal_rank
from index.models import BUNDLED
from index.rereading import WEIGHTS, Weights
from index.scope import PUBLIC, Scope
from ingest.domain import PlaceMap, Source
from ingest.errors import UjuziError
from ingest.language import detect_language
from ingest.reading import Document
from ingest.text import clean, clean_line

DEPTH = 100  # documents that are ranked for each query
Way = tuple[str, Weights]  # a mode of searching, and what the second look weighs
TIMED = 100  # queries whose search is timed, as a reader has it: ten passages with their highlights


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection: documents, queries, and which documents answer which query how well."""

    documents: tuple[Mapping[str, str], ...]
    queries: tuple[Mapping[str, str], ...]
    gains: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, folder: Path) -> Collection:
        """Read ``folder``. Raises UjuziError where a file is missing or broken."""
        gains: dict[str, dict[str, int]] = {}
        for query, document, gain in _judgements(folder / "qrels.tsv"):
            if gain > 0:
                gains.setdefault(query, {})[document] = gain
        if not gains:
            raise UjuziError(
                f"{folder / 'qrels.tsv'}: no document answers any query, so nothing can be scored."
            )
        queries = tuple(one for one in _json_lines(folder / "queries.jsonl") if one["_id"] in gains)
        return cls(tuple(_json_lines(folder / "corpus.jsonl")), queries, gains)


def evaluate(
    folder: Path,
    *,
    models: Path,
    mode: str = "hybrid",
    within: str | None = None,
    run: Path | None = None,
) -> dict[str, Any]:
    """The measures of one test collection, as section 8 of the design defines them.

    ``within`` names a field of the queries: each is searched only among the documents whose title is the
    field's value. ``run`` is where a TREC run file is written.
    """
    return evaluate_ways(folder, models=models, ways={mode: (mode, WEIGHTS)}, within=within, run=run)[mode]


def evaluate_ways(
    folder: Path,
    *,
    models: Path,
    ways: Mapping[str, Way],
    within: str | None = None,
    run: Path | None = None,
    data: Path | None = None,
) -> dict[str, dict[str, Any]]:
    """What :func:`evaluate` gives for each of ``ways``, by name, from one library; ``run`` is the last's.

    The library is made in ``data`` and stays there, or, without it, is thrown away. What is there already is
    not made again, so that the time of indexing then says nothing.
    """
    collection = Collection.read(folder)
    place = nullcontext(data) if data else tempfile.TemporaryDirectory()
    with place as made_in, Library(Path(made_in), models=models) as library:
        library.embedder.count_tokens("load the model before the clock starts")
        library.embedder.encode_question("load the model before the clock starts")
        started = time.perf_counter()
        ids = _store(library, collection.documents)
        seconds = time.perf_counter() - started
        indexing = {
            "index_seconds": round(seconds, 2),
            "documents_per_second": round(len(collection.documents) / seconds, 1),
        }
        rows = {one.row: ids[one.source.id] for one in library.published_passages()}
        scopes = _scopes(collection, ids, within)
        measured = {}
        for name, way in ways.items():
            rankings = {
                query["_id"]: _ranking(library, query["text"], scope, way, rows)
                for query, scope in zip(collection.queries, scopes, strict=True)
            }
            times = _times(library, collection.queries[:TIMED], scopes, way[0])
            latency = {"p50": round(percentile(times, 0.5), 1), "p95": round(percentile(times, 0.95), 1)}
            measured[name] = _measures(collection, rankings) | indexing
            measured[name] |= {"query_ms": latency, "peak_rss_mb": peak_memory()}
    if run is not None:
        _write_run(run, rankings)
    return measured


def _scopes(collection: Collection, ids: Mapping[str, str], within: str | None) -> list[Scope]:
    """Where each query is searched: everywhere, or among the documents under the title that it names."""
    if within is None:
        return [Scope()] * len(collection.queries)
    groups = _groups(collection.documents, ids)
    return [Scope(sources=groups.get(str(query[within]), ("nothing",))) for query in collection.queries]


def _times(
    library: Library, queries: Sequence[Mapping[str, str]], scopes: Sequence[Scope], mode: str
) -> list[float]:
    """How long the search for each query takes, in milliseconds."""
    times = []
    for query, scope in zip(queries, scopes, strict=False):
        started = time.perf_counter()
        library.search(query["text"], scope, PUBLIC, mode=mode)
        times.append(1000 * (time.perf_counter() - started))
    return times


def text_document(identity: str, title: str, text: str, language: str = "en") -> Document | None:
    """A plain text as a document of a temporary library; None where nothing is left after cleaning."""
    words = clean(text)
    if not words:
        return None
    content = f"{identity}\n{text}".encode()
    digest = hashlib.sha256(content).hexdigest()
    source = Source(id=f"document-{digest[:20]}", title=clean_line(title) or identity, language=language)
    return Document(source, words, PlaceMap(), digest, "plain", identity, None, content)


def peak_memory() -> float:
    """The most memory that this process has had in use, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def _measures(collection: Collection, rankings: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    cutoffs: list[tuple[float, float, float]] = []
    for query, gains in collection.gains.items():
        ranking, relevant = list(rankings.get(query, ())), frozenset(gains)
        cutoffs.append(
            (ndcg(ranking, gains), recall(ranking, relevant, DEPTH), reciprocal_rank(ranking, relevant))
        )
    names = ("ndcg@10", "recall@100", "mrr@10")
    means = {
        name: round(fmean(values), 4) for name, values in zip(names, zip(*cutoffs, strict=True), strict=True)
    }
    return {"documents": len(collection.documents), "queries": len(collection.queries), **means}


def _store(library: Library, documents: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Add the documents; which collection id each source id stands for."""
    ids: dict[str, str] = {}
    sample = " ".join(one["text"] for _, one in zip(range(40), documents, strict=False))
    language = detect_language(sample)

    def described() -> Iterator[Document]:
        for one in documents:
            document = text_document(one["_id"], one.get("title", ""), one["text"], language)
            if document is not None:
                ids[document.source.id] = one["_id"]
                yield document

    for _ in library.add_all(described()):
        pass
    return ids


def _groups(documents: Iterable[Mapping[str, str]], ids: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The source ids of the documents under each title."""
    sources = {document: source for source, document in ids.items()}
    groups: dict[str, list[str]] = {}
    for one in documents:
        if one["_id"] in sources:
            groups.setdefault(one["title"], []).append(sources[one["_id"]])
    return {title: tuple(group) for title, group in groups.items()}


def _ranking(
    library: Library, text: str, scope: Scope, way: Way, rows: Mapping[int, str]
) -> dict[str, float]:
    """The documents, the best first, with the score of their best passage; ``rows`` says whose each is."""
    scores: dict[str, float] = {}
    mode, weights = way
    for row, fused in library.rank(text, scope, PUBLIC, mode=mode, weights=weights).items():
        scores.setdefault(rows[row], fused.score)
    return dict(list(scores.items())[:DEPTH])


def _write_run(path: Path, rankings: Mapping[str, Mapping[str, float]]) -> None:
    lines = [
        f"{query} Q0 {document} {rank} {score:.6f} {BUNDLED}-ujuzi"
        for query, scores in rankings.items()
        for rank, (document, score) in enumerate(_falling(scores), start=1)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _falling(scores: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Each score below the one before, by six decimals: scorers put ties in an order of their own."""
    above = 2.0
    for document, score in scores.items():
        above = min(score, above - 2e-6)
        yield document, above


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(_lines(path)[1:], start=2):
        try:
            query, document, gain = line.split("\t")
            yield query, document, int(gain)
        except ValueError as error:
            raise UjuziError(
                f"{path}, line {number}: it is not query, document and gain with tabs between."
            ) from error


def _json_lines(path: Path) -> list[dict[str, str]]:
    try:
        return [json.loads(line) for line in _lines(path)]
    except json.JSONDecodeError as error:
        raise UjuziError(f"{path}: a line is not JSON ({error}).") from error


def _lines(path: Path) -> list[str]:
    """The lines that hold something. Only a line feed ends one: texts hold rarer separators."""
    if not path.is_file():
        raise UjuziError(f"{path}: this file of the test collection is missing.")
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
