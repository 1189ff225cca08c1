"""The report says what the figures say: targets by hand, what is absent, what went wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench import synthetic
from bench.corpus import Asked, summary
from bench.figures import ABSENT, Target, table
from bench.report import PARTS, render
from index.analysis import terms
from index.asking import asks

MACHINE = {
    "processor": "A processor",
    "cores": 8,
    "cores_used": 2,
    "memory_gb": 16,
    "system": "Linux x86_64",
    "python": "3.11.2",
}


def result(figures: dict[str, Any]) -> dict[str, Any]:
    return {"date": "2026-01-02", "machine": MACHINE, "figures": figures}


def modes(words: float, meaning: float, hybrid: float) -> dict[str, dict[str, Any]]:
    return {
        mode: {
            "ndcg@10": value,
            "recall@100": 0.9,
            "documents": 1200,
            "queries": 30,
        }
        for mode, value in (("words", words), ("meaning", meaning), ("hybrid", hybrid))
    }


def asked(
    identity: str, found: bool, answered: bool, cited: bool, *, widely: bool = True, **row: Any
) -> Asked:
    label = [{"source": "a", "quote": "b"}] if row.pop("answerable", True) else []
    full = {"id": identity, "question": f"{identity}?", "kind": "factual", "language": "en", "answers": label}
    return Asked({**full, **row}, found, widely, answered, cited, "palm, p. 3: Workers pay.")


@pytest.mark.parametrize(
    ("target", "row"),
    [
        (Target("a", 0.73, 0.73), ("a", "0.730", "≥ 0.73", "yes")),
        (Target("a", 0.7299, 0.73, digits=4), ("a", "0.7299", "≥ 0.73", "**no**")),
        (Target("a", 150.0, 150, False, " ms", 0), ("a", "150 ms", "≤ 150 ms", "yes")),
        (Target("a", 1.21, 1.2, False, " GB", 2), ("a", "1.21 GB", "≤ 1.2 GB", "**no**")),
        (Target("a", None, 1), ("a", ABSENT, "≥ 1", "")),
        (Target("a", 0.0, 0), ("a", "0.000", "≥ 0", "yes")),
    ],
)
def test_a_target_is_reached_exactly_at_its_bound(target: Target, row: tuple[str, ...]) -> None:
    assert target.row == row


def test_a_report_has_its_targets_first_then_where_and_how_each_part_was_measured() -> None:
    figures = {"SciFact": modes(0.70, 0.60, 0.68), "Cranfield": None}
    lines = render({"quality": result(figures)}).splitlines()
    assert "| SciFact, nDCG@10 | 0.680 | ≥ 0.75 | **no** |" in lines
    assert f"| Cranfield, nDCG@10 | {ABSENT} | ≥ 0.585 |  |" in lines
    assert lines.index("## Finding") > lines.index("| what | figure | target | reached |")
    assert "2026-01-02, A processor, 2 of 8 cores, 16 GB, Linux x86_64, Python 3.11.2." in lines
    assert PARTS["quality"].HOW in lines
    assert "| SciFact | 1,200 | 30 | 0.700 | 0.600 | 0.680 | -0.020 | 0.900 |" in lines
    assert "More than 0.01 below the better half: SciFact." in lines


def test_every_part_says_that_its_data_is_absent() -> None:
    for name, part in PARTS.items():
        assert all(target.value is None for target in part.targets({})), name
        assert render({name: result({})}).count(ABSENT) >= len(part.targets({})), name


def test_a_part_that_was_never_measured_is_left_out() -> None:
    report = render({"startup": result({"search": [2.5, 9.0, 2.0], "chat": [7.0, 5.0, 6.5]})})
    assert "| First search page after the start | 2.5 s | ≤ 3 s | yes |" in report
    assert "| Chat page after the start | 6.5 s | ≤ 6 s | **no** |" in report
    assert "Finding" not in report


def test_corpus_questions_are_counted_by_group_and_known_gaps_apart() -> None:
    figures = summary(
        [
            asked("m01", True, True, True),
            asked("m02", False, True, False),
            asked("c01", True, False, False, widely=False, language="fr"),
            asked("x01", False, True, False, answerable=False),
            asked("x02", False, False, False, answerable=False),
            asked("s01", False, True, False, answerable=False, note="Known gap: nobody counted."),
        ]
    )
    assert figures["groups"]["all"] == {
        "questions": 3,
        "recall@5": 0.6667,
        "recall@5_everywhere": 0.6667,
        "answered": 0.6667,
        "cited": 0.3333,
    }
    assert figures["groups"]["worded by us (c)"]["questions"] == 1
    assert figures["groups"]["language: fr"] == {
        "questions": 1,
        "recall@5": 1.0,
        "recall@5_everywhere": 0.0,
        "answered": 0.0,
        "cited": 0.0,
    }
    assert figures["unanswerable"] == {"questions": 2, "abstention": 0.5}
    assert figures["known_gaps"] == {"questions": 1, "abstention": 0.0}
    report = render({"corpus": result(figures)})
    assert (
        "### Right passage not among the first five: 1\n\n- **m02** m02? *palm, p. 3: Workers pay.*" in report
    )
    assert "### Answerable, not answered: 1\n\nc01" in report
    assert "### Answered without a labelled place: 1\n\nm02" in report


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(["a", "b"], [("x|y", "1")])[-1] == "| x\\|y | 1 |"


def test_a_made_up_collection_is_the_same_at_any_size() -> None:
    few, more = list(synthetic.texts(50)), list(synthetic.texts(synthetic.BLOCK + 50))
    assert more[:50] == few and len(more) == synthetic.BLOCK + 50 == len(set(more))
    blocks = list(synthetic.vectors(synthetic.BLOCK + 50))
    assert [len(block) for block in blocks] == [synthetic.BLOCK, 50]
    assert (next(synthetic.vectors(50)) == blocks[0][:50]).all()
    assert np.allclose(np.linalg.norm(blocks[0], axis=1), 1)
    documents = list(synthetic.documents(synthetic.BLOCK))
    assert [text for one in documents for text in one.texts] == more[: synthetic.BLOCK]
    rare = sum(one.sector == synthetic.RARE_SECTOR for one in documents)
    assert rare * 100 == len(documents)


def test_made_up_questions_are_about_a_passage_each() -> None:
    passages = list(synthetic.texts(synthetic.BLOCK))
    vectors = next(synthetic.vectors(synthetic.BLOCK))
    questions, asked = synthetic.questions(20), synthetic.question_vectors(20)
    closest = (asked @ vectors.T).argmax(axis=1)
    shared = [
        len(set(terms(question, "en")) & set(terms(passages[row], "en")))
        for question, row in zip(questions, closest, strict=True)
    ]
    assert sum(one >= 5 for one in shared) >= 15  # where another passage is not closer by chance
    assert all(asks(question) for question in questions)
