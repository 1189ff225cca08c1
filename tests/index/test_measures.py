"""Fusion, the measures of ranking and the evaluation, by hand and against pytrec_eval."""

from __future__ import annotations

import json
import random
from math import log2
from pathlib import Path
from typing import Any

import pytest
import pytrec_eval

from index.evaluation import Collection, evaluate
from index.fusion import MEANING_WEIGHT, SAME_MOMENT, apart, fuse, meaning_weight
from index.measures import ndcg, percentile, recall, reciprocal_rank
from index.models import BUNDLED
from ingest.errors import UjuziError


def test_each_score_is_divided_by_the_highest_of_its_kind_and_weighed() -> None:
    fused = fuse({1: 8.0, 2: 4.0}, {1: 0.3, 2: 0.6, 3: 0.15}, 3 / 4)
    assert list(fused) == [2, 1, 3]
    assert fused[1].score == pytest.approx(3 / 4 * 1 / 2 + 1 / 4 * 1)
    assert fused[2].score == pytest.approx(3 / 4 * 1 + 1 / 4 * 1 / 2)
    assert fused[3].score == pytest.approx(3 / 4 * 1 / 4)
    assert (fused[3].words, fused[3].meaning) == (0.0, 0.15)


def test_opposite_meaning_counts_as_none_and_ties_go_by_row() -> None:
    fused = fuse({}, {4: -0.2, 2: 0.5, 3: 0.5}, 1.0)
    assert [(row, one.score) for row, one in fused.items()] == [(2, 1.0), (3, 1.0), (4, 0.0)]
    assert fuse({}, {}) == {}
    assert fuse({7: 0.0}, {7: -1.0})[7].score == 0.0


def test_what_stands_beside_a_better_passage_of_a_recording_comes_later() -> None:
    fused = fuse({1: 10.0, 2: 9.9, 3: 9.8, 8: 9.5, 9: 5.0}, {}, 0.0)
    along = {1: (2,), 2: (1, 3), 3: (2,), 8: (), 9: ()}
    spread = apart(fused, along.__getitem__)
    assert list(spread) == [1, 3, 8, 2, 9]
    once = 0.5 + SAME_MOMENT * (0.99 - 0.5)  # beside the first, and beside the third in turn
    assert spread[2].score == pytest.approx(0.5 + SAME_MOMENT * (once - 0.5))
    assert {row: spread[row] for row in (1, 3, 8, 9)} == {row: fused[row] for row in (1, 3, 8, 9)}
    assert apart(fused, lambda row: ()) == fused and apart({}, lambda row: ()) == {}


def test_the_bundled_model_is_trusted_as_far_as_it_knows_the_language() -> None:
    assert meaning_weight("ar", BUNDLED) == 0.0
    assert meaning_weight("en", BUNDLED) == MEANING_WEIGHT > meaning_weight("fr", BUNDLED)
    assert meaning_weight("fr", BUNDLED) > meaning_weight("sw", BUNDLED) > 0
    assert {meaning_weight(language, "multilingual") for language in ("ar", "en", "sw")} == {MEANING_WEIGHT}


def test_ndcg_by_hand() -> None:
    gains = {"a": 2, "b": 1, "c": 1}
    ideal = 2 + 1 / log2(3) + 1 / 2
    assert ndcg(["a", "b", "c"], gains) == pytest.approx(1)
    assert ndcg(["x", "a", "b"], gains) == pytest.approx((2 / log2(3) + 1 / 2) / ideal)
    assert ndcg(["x"] * 10 + ["a"], gains) == 0
    assert ndcg(["a"], gains, depth=1) == 1 and ndcg([], gains) == 0 and ndcg(["a"], {}) == 0


def test_recall_and_reciprocal_rank_by_hand() -> None:
    relevant = frozenset("abc")
    assert recall(["a", "x", "b", "c"], relevant, 3) == pytest.approx(2 / 3)
    assert recall(["a"], frozenset(), 10) == 0
    assert reciprocal_rank(["x", "y", "c"], relevant) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"] * 10 + ["a"], relevant) == 0


def test_percentile_is_the_nearest_rank() -> None:
    assert [percentile([5, 1, 4, 2, 3], share) for share in (0.2, 0.21, 0.5, 0.95, 1)] == [1, 2, 3, 5, 5]
    assert percentile([7], 0.5) == 7 and percentile([], 0.5) == 0


def test_measures_agree_with_pytrec_eval() -> None:
    chance = random.Random(3)
    names = [f"d{number}" for number in range(150)]
    for _ in range(60):
        gains = {name: chance.randint(1, 3) for name in chance.sample(names, chance.randint(1, 30))}
        ranking = chance.sample(names, chance.randint(1, 150))
        scored = rescore({"q": gains}, {"q": {name: -float(rank) for rank, name in enumerate(ranking)}})
        assert ndcg(ranking, gains) == pytest.approx(scored["ndcg_cut_10"])
        assert recall(ranking, frozenset(gains), 100) == pytest.approx(scored["recall_100"])
        assert reciprocal_rank(ranking, frozenset(gains), 150) == pytest.approx(scored["recip_rank"])


def rescore(gains: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> dict[str, float]:
    """The means over the queries of ``gains`` by the reference implementation."""
    evaluator = pytrec_eval.RelevanceEvaluator(gains, {"ndcg_cut.10", "recall.100", "recip_rank"})
    rows = evaluator.evaluate(run).values()
    return {
        name: sum(row[name] for row in rows) / len(gains)
        for name in ("ndcg_cut_10", "recall_100", "recip_rank")
    }


TOPICS = ["visa fee", "air fare", "plumbing licence", "nurse training", "cattle herd", "return grant"]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Six groups of ten documents, some of them word for word the same; a query for each group."""
    folder = tmp_path / "collection"
    folder.mkdir()
    documents = [
        {
            "_id": f"{group}-{n}",
            "title": f"Group {group}",
            "text": f"Somebody speaks of {topic} {n % 3}.\u2028So.",
        }
        for group, topic in enumerate(TOPICS)
        for n in range(10)
    ]
    queries = [
        {"_id": f"q{n}", "text": f"{topic} 1", "group": f"Group {n}"} for n, topic in enumerate(TOPICS)
    ]
    queries += [{"_id": "unjudged", "text": "nothing", "group": ""}]
    judged = [f"q{n}\t{n}-{d}\t{1 + d % 2}" for n in range(len(TOPICS)) for d in (1, 4, 7)]
    write_lines(folder / "corpus.jsonl", documents)
    write_lines(folder / "queries.jsonl", queries)
    lines = ["query-id\tcorpus-id\tscore", *judged, "q0\t0-2\t0"]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n")
    return folder


def write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def read_run(path: Path) -> dict[str, dict[str, float]]:
    run: dict[str, dict[str, float]] = {}
    for line in path.read_text().splitlines():
        query, _, document, rank, score, _ = line.split(" ")
        run.setdefault(query, {})[document] = float(score)
        assert int(rank) == len(run[query])
    return run


@pytest.mark.parametrize("mode", ["hybrid", "words", "meaning"])
def test_the_printed_values_are_those_of_the_run_file(
    collection: Path, models: Path, tmp_path: Path, mode: str
) -> None:
    measured = evaluate(collection, models=models, mode=mode, run=tmp_path / "run.txt")
    run = read_run(tmp_path / "run.txt")
    assert all(len(set(scores.values())) == len(scores) for scores in run.values())
    scored = rescore(dict(Collection.read(collection).gains), run)
    assert measured["ndcg@10"] == pytest.approx(scored["ndcg_cut_10"], abs=5e-5)
    assert measured["recall@100"] == pytest.approx(scored["recall_100"], abs=5e-5)
    assert measured["mrr@10"] == pytest.approx(scored["recip_rank"], abs=5e-5)
    assert 0.2 < measured["ndcg@10"] <= 1
    assert (measured["documents"], measured["queries"]) == (60, 6)


def test_within_a_group_nothing_else_is_found(collection: Path, models: Path, tmp_path: Path) -> None:
    measured = evaluate(collection, models=models, within="group", run=tmp_path / "run.txt")
    for query, scores in read_run(tmp_path / "run.txt").items():
        assert len(scores) == 10 and {document[0] for document in scores} == {query[1:]}
    assert measured["recall@100"] == 1.0
    assert list(measured) == [
        *["documents", "queries", "ndcg@10", "recall@100", "mrr@10", "index_seconds"],
        *["documents_per_second", "query_ms", "peak_rss_mb"],
    ]
    assert measured["query_ms"]["p50"] <= measured["query_ms"]["p95"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("qrels.tsv", None, "missing"),
        ("corpus.jsonl", None, "missing"),
        ("qrels.tsv", "head\nq1 d1 1\n", "line 2"),
        ("qrels.tsv", "head\nq1\td1\t0\n", "nothing can be scored"),
        ("queries.jsonl", "{half\n", "not JSON"),
    ],
)
def test_a_broken_collection_is_refused(
    collection: Path, tmp_path: Path, name: str, content: str | None, sentence: str
) -> None:
    path = collection / name
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(UjuziError, match=sentence):
        evaluate(collection, models=tmp_path)


def test_scifact_scores_as_the_run_file_does(shared: Any) -> None:
    """The judgements that BEIR ships are read as pytrec_eval reads them."""
    collection = Collection.read(shared("eval/retrieval/scifact"))
    assert len(collection.queries) == len(collection.gains) > 0
    perfect = {query: {d: float(g) for d, g in gains.items()} for query, gains in collection.gains.items()}
    assert rescore(dict(collection.gains), perfect)["ndcg_cut_10"] == pytest.approx(1)
    assert all(
        ndcg(sorted(gains, key=lambda d: -gains[d]), gains) == 1 for gains in collection.gains.values()
    )
