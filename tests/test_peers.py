"""The comparison with other systems: what workers do and say, and what the report makes of it by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import compare, growth
from bench.figures import ABSENT, Setting
from bench.peers import processes
from bench.peers.given import Given, give
from bench.peers.processes import CONTESTANTS, OTHERS, Limits, must_have_peers, work
from bench.peers.system import Question, Setup, Text
from bench.peers.ujuzi import Ujuzi
from bench.peers.worker import Job, questions_of, texts_of
from bench.pictures import GROWTH, QUALITY, draw
from bench.report import render
from index.evaluation import evaluate_ways
from index.library import Library
from index.rereading import WEIGHTS
from ingest.errors import UjuziError

DOCUMENTS = [
    {"_id": "d1", "title": "Fares", "text": "Workers pay the airfare in instalments."},
    {"_id": "d2", "title": "Fares", "text": "The employer advances the airfare."},
    {"_id": "d3", "title": "Nurses", "text": "Nurses pay for the airfare to Germany themselves."},
]
QUERIES = [
    {"_id": "q1", "text": "who must pay the airfare", "about": "Fares"},
    {"_id": "q2", "text": "nurses to germany", "about": "Nurses"},
    {"_id": "q3", "text": "not judged", "about": "Nurses"},
]
PYTHON = Path(sys.executable)


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A folder of evaluation data with one collection in it."""
    folder = tmp_path / "evaluation" / "retrieval" / "fares"
    folder.mkdir(parents=True)
    for name, rows in (("corpus", DOCUMENTS), ("queries", QUERIES)):
        lines = [json.dumps(row) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    judged = ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q2\td3\t1"]
    (folder / "qrels.tsv").write_text("\n".join(judged), encoding="utf-8")
    return tmp_path / "evaluation"


@pytest.fixture
def given(evaluation: Path, tmp_path: Path) -> Given:
    made = give(
        Setting(evaluation, tmp_path / "models", tmp_path / "libraries"), "retrieval/fares", "about", tmp_path
    )
    assert made is not None
    return made


def job(given: Given, system: str, task: str, folder: Path) -> Job:
    return replace(given.job("haystack", task, folder), system=f"tests.scripted_systems:{system}")


def test_a_collection_is_laid_out_with_its_groups_and_only_what_was_judged(given: Given) -> None:
    job = given.job("txtai", "ask", Path("x"))
    assert list(texts_of(job)) == [
        Text("d1", "Fares", "Workers pay the airfare in instalments.", "Fares"),
        Text("d2", "Fares", "The employer advances the airfare.", "Fares"),
        Text("d3", "Nurses", "Nurses pay for the airfare to Germany themselves.", "Nurses"),
    ]
    assert list(questions_of(job)) == [
        Question("q1", "who must pay the airfare", "Fares"),
        Question("q2", "nurses to germany", "Nurses"),
    ]
    assert given.language == "en"


def test_a_part_of_a_collection_without_groups(evaluation: Path, tmp_path: Path) -> None:
    setting = Setting(evaluation, tmp_path / "models", tmp_path / "libraries")
    given = give(setting, "retrieval/fares", "", tmp_path, documents=2, questions=1)
    assert given is not None
    job = given.job("txtai", "ask", tmp_path)
    assert [(one.id, one.group) for one in texts_of(job)] == [("d1", ""), ("d2", "")]
    assert [(one.id, one.group) for one in questions_of(job)] == [("q1", "")]
    assert give(setting, "retrieval/nothing", "", tmp_path) is None


def test_a_peer_reads_the_title_above_the_text() -> None:
    assert Text("1", "Fares", "Workers pay.").whole == "Fares\nWorkers pay."
    assert Text("1", "", "Workers pay.").whole == "Workers pay."


def test_a_worker_says_in_one_object_how_long_it_took_and_what_it_found(given: Given, tmp_path: Path) -> None:
    """Also where the system prints something of its own."""
    said = work(job(given, "Talkative", "ask", tmp_path / "a"), PYTHON)
    assert said["found"] == {"q1": ["d1", "d2"], "q2": ["d3"]}
    assert said["version"] == "1.2"
    assert len(said["search_ms"]) == 2
    assert 0 <= said["index_seconds"] < 5
    assert 10 < said["peak_mb"] < 1000


def test_what_was_kept_answers_in_another_process(given: Given, tmp_path: Path) -> None:
    work(job(given, "Words", "keep", tmp_path / "a"), PYTHON)
    said = work(job(given, "Words", "start", tmp_path / "a"), PYTHON)
    assert said["found"] == {"q1": ["d1", "d2"]}
    assert 0 < said["seconds"] < 60


@pytest.mark.parametrize(
    ("system", "limits", "reason"),
    [
        ("Slow", Limits(seconds=1.5, gigabytes=16), "over 0.025 minutes"),
        ("Heavy", Limits(seconds=60, gigabytes=0.4), "over 0.4 GB"),
    ],
)
def test_a_worker_over_a_limit_is_stopped_and_says_which(
    given: Given, tmp_path: Path, system: str, limits: Limits, reason: str
) -> None:
    assert work(job(given, system, "ask", tmp_path / "a"), PYTHON, limits) == {"stopped": reason}


def test_a_worker_that_fails_says_why(given: Given, tmp_path: Path) -> None:
    with pytest.raises(UjuziError, match="no space left for the index"):
        work(job(given, "Broken", "ask", tmp_path / "a"), PYTHON)


def test_synthetic_passages_bring_their_vectors() -> None:
    job = Job("x:X", "ask", "", "", passages=3)
    texts, questions = list(texts_of(job)), list(questions_of(job))
    assert [one.id for one in texts] == ["0", "1", "2"]
    assert all(one.vector is not None and one.vector.shape == (384,) for one in [*texts, *questions])


def test_ujuzi_answers_by_the_same_door(given: Given, models: Path, tmp_path: Path) -> None:
    """With the bundled model; a question about a group finds nothing outside it."""
    job = given.job("ujuzi", "ask", tmp_path)
    system = Ujuzi(Setup(tmp_path, models))
    system.index(texts_of(job))
    found = [[one.id for one in system.search(question, 2)] for question in questions_of(job)]
    assert found == [["d1", "d2"], ["d3"]]
    assert "airfare" in system.search(Question("q", "airfare"), 1)[0].text
    system.save()


def test_a_library_that_is_kept_is_searched_again_by_the_bench_and_beside_the_peers(
    evaluation: Path, given: Given, models: Path, tmp_path: Path
) -> None:
    setting = Setting(evaluation, models, tmp_path / "kept")
    kept = setting.library("retrieval/fares")
    assert kept == tmp_path / "kept" / "retrieval_fares"
    ways = {"both": ("hybrid", WEIGHTS)}
    first, again = (
        evaluate_ways(evaluation / "retrieval" / "fares", models=models, ways=ways, data=kept / "data")
        for _ in range(2)
    )
    assert first["both"]["ndcg@10"] == again["both"]["ndcg@10"] == 1.0
    system = Ujuzi(Setup(kept, models))
    system.index(texts_of(given.job("ujuzi", "ask", kept)))
    system.save()
    with Library(kept / "data", models=models) as library:
        assert {entry.number for entry in library.entries()} == {1}  # none was stored a second time
        assert library.count() == (3, 3)


def test_without_the_peers_the_comparison_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PYTHON_OF_PEERS", tmp_path / "python")
    with pytest.raises(UjuziError, match="make bench-peers"):
        must_have_peers()


def figures(**worse: float) -> dict[str, Any]:
    """Ujuzi ahead by 0.1 and twice as good, except that ``worse`` replaces figures of its."""
    quality = {"ujuzi": 0.7, "haystack": 0.6, "llamaindex": 0.5, "txtai": 0.4}
    costs: dict[str, dict[str, float]] = {system: {} for system in CONTESTANTS}
    for cost, (_, _, _, more) in compare.COSTS.items():
        for place, system in enumerate(OTHERS, start=1):
            costs[system][cost] = 100.0 / place if more else 100.0 * place
        costs["ujuzi"][cost] = worse.get(cost, 200.0 if more else 50.0)
    sets = {"documents": 1200, "queries": 30}
    return {
        "versions": {"ujuzi": "of this commit", "haystack": "3.4.1", "llamaindex": "0.14", "txtai": "9"},
        "sets": {
            "SciFact": sets | {"ndcg@10": quality},
            "Cranfield": sets | {"ndcg@10": quality | {"ujuzi": worse.get("cranfield", 0.7)}},
        },
        "costs": costs,
    }


def report(part: str, figures: dict[str, Any]) -> list[str]:
    machine = {"processor": "A", "cores": 2, "cores_used": 2, "memory_gb": 8, "system": "L", "python": "3"}
    return render({part: {"date": "2026-01-02", "machine": machine, "figures": figures}}).splitlines()


def test_the_report_puts_ujuzi_beside_the_peers_with_their_versions_and_the_best_in_bold() -> None:
    lines = report("peers", figures(cranfield=0.587))
    assert any(
        "| Ujuzi of this commit | Haystack 3.4.1 | LlamaIndex 0.14 | txtai 9 |" in one for one in lines
    )
    assert "| SciFact | 1,200 | 30 | **0.700** | 0.600 | 0.500 | 0.400 | +0.100 |" in lines
    assert "| Cranfield | 1,200 | 30 | 0.587 | **0.600** | 0.500 | 0.400 | -0.013 |" in lines
    assert f"| Pirá, Portuguese | {ABSENT} |  |  |  |  |  |  |" in lines
    assert "| Documents indexed a second | **200.0** | 100.0 | 50.0 | 33.3 | 2.00 |" in lines
    assert "| Search, p95, ms | **50.0** | 100.0 | 200.0 | 300.0 | 2.00 |" in lines
    assert "| Above the best peer, nDCG@10 (worst set) | -0.013 | ≥ 0 | **no** |" in lines
    assert "| Times better than the best peer (worst cost) | 2.00 | ≥ 1 | yes |" in lines


def test_the_report_says_where_ujuzi_is_not_ahead_and_by_how_much() -> None:
    assert "Ujuzi is ahead of every peer on 2 of 2 sets and 6 of 6 costs. Nowhere behind." in report(
        "peers", figures()
    )
    lines = report("peers", figures(cranfield=0.58, start=125.0, documents_per_second=80.0))
    assert (
        "Ujuzi is ahead of every peer on 1 of 2 sets and 4 of 6 costs. Not ahead: Cranfield by 0.020 "
        "nDCG@10; documents indexed a second, 1.25 times worse than the best peer; start to first answer, "
        "1.25 times worse than the best peer." in lines
    )


GROWN = {
    "ujuzi": {"10000": {"index_seconds": 3.0, "p50": 2.0, "p95": 4.04, "memory_gb": 0.5}},
    "txtai": {
        "10000": {"index_seconds": 20.0, "p50": 8.0, "p95": 9.0, "memory_gb": 1.0},
        "100000": {"stopped": "over 16 GB"},
    },
}


def test_growth_says_what_was_stopped_and_what_was_not_asked() -> None:
    lines = report("growth", GROWN)
    assert "| Ujuzi, 10,000 | 3.0 | 2.0 | 4.0 | 0.50 |" in lines
    assert "| txtai, 100,000 | stopped: over 16 GB |  |  |  |" in lines
    assert "| txtai, 1,000,000 | not measured |  |  |  |" in lines


def test_ujuzis_growth_is_that_of_its_own_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "results.json"
    monkeypatch.setattr(growth, "KEPT", kept)
    assert growth.ours() == {}
    own = {
        "store_seconds": 1.25,
        "index_seconds": 2.5,
        "search_ms": {"p50": 3, "p95": 4},
        "build_peak_gb": 0.5,
        "peak_gb": 0.75,
    }
    kept.write_text(json.dumps({"scale": {"figures": {"10000": own, "200000": own}}}))
    assert growth.ours() == {"10000": {"index_seconds": 3.8, "p50": 3, "p95": 4, "memory_gb": 0.75}}


def test_the_pictures_show_every_system_and_come_out_the_same_again(tmp_path: Path) -> None:
    results = {"peers": {"figures": figures()}, "growth": {"figures": GROWN}}
    draw(results, tmp_path)
    first = [(tmp_path / name).read_bytes() for name in (QUALITY, GROWTH)]
    draw(results, tmp_path)
    assert [(tmp_path / name).read_bytes() for name in (QUALITY, GROWTH)] == first
    assert all(one.name.encode() in picture for picture in first for one in CONTESTANTS.values())


def test_no_picture_of_what_was_not_measured(tmp_path: Path) -> None:
    draw({}, tmp_path)
    assert list(tmp_path.iterdir()) == []
