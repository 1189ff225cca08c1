"""The measures of answering are those of the design; the rows of a run give the same figures again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import Question, evaluate_answers, read_squad, score
from ingest.errors import UjuziError


def asked(question: str, *answers: str, impossible: bool = False) -> dict[str, Any]:
    return {
        "question": question,
        "id": question,
        "answers": [{"text": text, "answer_start": 0} for text in answers],
        "is_impossible": impossible,
    }


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Seasonal_work",
            "paragraphs": [
                {
                    "context": "Apple growers hire pickers in March. "
                    "The employer pays the airfare of a picker. Wages are paid weekly.",
                    "qas": [
                        asked("Who pays the airfare of a picker?", "THE EMPLOYER", "employer"),
                        asked("When do apple growers hire pickers?", "a colour that is nowhere"),
                        asked("Which football club won the cup in 1998?", impossible=True),
                    ],
                },
                {
                    "context": "Nurses from Kenya work in British hospitals. "
                    "Their agreement was signed in July 2021.",
                    "qas": [asked("Where do nurses from Kenya work?", "British hospitals")],
                },
            ],
        }
    ],
}


def row(
    kind: str, sentences: Sequence[str] = (), *answers: str, exact: Sequence[bool] = ()
) -> dict[str, Any]:
    return {
        "kind": kind,
        "answers": list(answers),
        "found": bool(sentences),
        "sentences": list(sentences),
        "citations": [{"exact": verdict} for verdict in exact],
    }


def test_the_figures_by_hand() -> None:
    long = " ".join(["word"] * 60) + " gold"
    rows = [
        row("answerable", ["It is GOLD."], "gold", exact=[True]),
        row("answerable", ["No.", "No.", "Gold it is."], "silver", "gold", exact=[True, True, False]),
        row("answerable", ["No.", "No.", "No.", "Gold."], "gold", exact=[True] * 4),
        row("answerable", [long], "gold"),
        row("answerable", [], "gold"),
        row("unanswerable", ["Something."]),
        row("unanswerable"),
        row("nothing"),
        row("nothing"),
        row("nothing", ["Something."]),
    ]
    assert score(rows) == {
        "answerable": 5,
        "unanswerable": 2,
        "nothing": 3,
        "answer_in_first_sentence": 1 / 5,  # a sentence of 61 words does not count
        "answer_in_3_sentences": 2 / 5,
        "false_abstention": 1 / 5,
        "abstention": round(2 / 3, 4),
        "near_miss_abstention": 1 / 2,
        "exact_citations": 7 / 8,
    }


def test_what_was_not_asked_has_no_figure() -> None:
    figures = score([])
    assert figures["answerable"] == figures["unanswerable"] == figures["nothing"] == 0
    assert figures["abstention"] is figures["exact_citations"] is figures["answer_in_first_sentence"] is None


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(SQUAD), encoding="utf-8")
    return file


def test_a_file_is_its_paragraphs_and_its_questions(squad: Path) -> None:
    paragraphs, questions = read_squad(squad)
    assert [(number, title) for number, title, _ in paragraphs] == [
        (0, "Seasonal work"),
        (1, "Seasonal work"),
    ]
    assert [question.kind for question in questions] == [
        "answerable",
        "answerable",
        "unanswerable",
        "answerable",
    ]
    assert questions[0] == Question(
        "Who pays the airfare of a picker?", "answerable", ("THE EMPLOYER", "employer")
    )


def test_a_run_is_measured_and_its_rows_give_the_same_figures(
    squad: Path, tmp_path: Path, models: Path
) -> None:
    nothing, out = tmp_path / "nothing.jsonl", tmp_path / "rows.jsonl"
    queries = ["How do I repair a bicycle tube?", "Which planet has the most moons?"]
    nothing.write_text(
        "\n".join(json.dumps({"_id": text, "text": text}) for text in queries), encoding="utf-8"
    )
    figures = evaluate_answers(squad, models=models, nothing=nothing, out=out)
    assert figures == {
        "answerable": 3,
        "unanswerable": 1,
        "nothing": 2,
        "answer_in_first_sentence": round(2 / 3, 4),  # the gold answer of the third is nowhere
        "answer_in_3_sentences": round(2 / 3, 4),
        "false_abstention": 0.0,
        "abstention": 1.0,
        "near_miss_abstention": 1.0,
        "exact_citations": 1.0,
    }
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert score(rows) == figures
    assert [one["question"] for one in rows] == [question.text for question in read_squad(squad)[1]] + queries
    assert all({"question", "found", "sentences", "citations"} <= one.keys() for one in rows)
    contexts = [paragraph["context"] for paragraph in SQUAD["data"][0]["paragraphs"]]  # type: ignore[index]
    for one in rows:
        for citation in one["citations"]:
            start, end = citation["span"]
            assert any(context[start:end] == citation["quote"] for context in contexts)


@pytest.mark.parametrize("content", ["not json", "[]", '{"rows": []}', '{"data": [{}]}', '{"data": ["x"]}'])
def test_a_file_of_another_form_is_refused_by_name(content: str, tmp_path: Path, models: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UjuziError, match=r"other\.json: this is not a SQuAD 2\.0 file"):
        evaluate_answers(file, models=models)


@pytest.mark.parametrize("content", ["not json", "[]", '{"question": "Why?"}'])
def test_queries_of_another_form_are_refused_by_name(
    content: str, squad: Path, tmp_path: Path, models: Path
) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UjuziError, match=r"queries\.jsonl: this is not a file of queries"):
        evaluate_answers(squad, models=models, nothing=file)
