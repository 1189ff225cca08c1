"""The parts that are measured on real files: moments of calls, policy PDFs, and the curve of abstention."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench import answers, moments, policies
from bench.documents import chance, store
from bench.figures import Setting
from bench.moments import Moment, by_chance, distance, is_near, moment, shares
from bench.policies import Question, folded, held, questions
from bot.evidence import THRESHOLD
from index.library import Library
from ingest.errors import UjuziError
from tests.ingest.documents import pdf

TURNS = (
    "Rose: Apple growers in the valley hire pickers from the islands every March.",
    "Tevita: The airfare is paid by the employer first and taken from the wages later.",
    "Rose: Lodging is inspected twice a year by the ministry of labour.",
    "Tevita: Whoever comes home can have the skills recognised by the training authority.",
)


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_distance_of_a_moment_is_that_of_the_nearer_end() -> None:
    assert [distance(second, (100.0, 130.0)) for second in (90, 100, 115, 130, 195)] == [10, 0, 0, 0, 65]
    assert is_near(40, [(300.0, 310.0), (100.0, 130.0)]) and is_near(190, [(100.0, 130.0)])
    assert not is_near(39.9, [(100.0, 130.0)]) and not is_near(190.1, [(100.0, 130.0)])
    assert not is_near(100, [])


def test_what_three_drawn_at_random_hold() -> None:
    assert chance(2, 5) == pytest.approx(1 - 1 / 10)  # of ten ways to draw three, one leaves both out
    assert chance(1, 5, 1) == pytest.approx(1 / 5)
    assert chance(1, 2) == 1.0  # fewer than three: all are drawn
    assert chance(0, 5) == chance(0, 0) == 0.0


def test_a_time_counts_from_the_beginning_of_the_recording() -> None:
    row = {"_id": "a-h0", "text": "Lodging", "meeting": "a", "timestamp": "01:02:03", "kind": "decisions"}
    assert moment(row) == Moment("Lodging", "a", "decisions", 3723)


def test_moments_are_counted_for_three_for_the_first_and_by_kind() -> None:
    asked = [Moment("a", "call", "decisions", 10), Moment("b", "call", "highlight", 500)]
    near, far = (0.0, 40.0), (200.0, 300.0)
    assert shares(asked, [[far, near], [near]]) == {
        "first three": 0.5,
        "first": 0.0,
        "decisions": 1.0,
        "highlight": 0.0,
    }
    assert by_chance(asked, {"call": [near, far, far, far]}) == pytest.approx((3 / 4 + 0) / 2)


def test_calls_are_read_and_searched_one_by_one(tmp_path: Path, models: Path) -> None:
    """Both calls say the same, the second ten minutes later: only its own times are near."""
    folder = tmp_path / moments.FOLDER
    for call, start in (("first", 0), ("second", 600)):
        (folder / call).mkdir(parents=True)
        cues = [
            f"{clock(start + 5 * n)} --> {clock(start + 5 * n + 5)}\n{turn}" for n, turn in enumerate(TURNS)
        ]
        (folder / call / "transcript.vtt").write_text(
            "WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8"
        )
    rows = [
        {"text": "Who pays the airfare?", "meeting": "first", "timestamp": "00:00:07", "kind": "highlight"},
        {"text": "Lodging inspected", "meeting": "second", "timestamp": "00:10:12", "kind": "highlight"},
        {"text": "Lodging inspected", "meeting": "first", "timestamp": "00:10:12", "kind": "decisions"},
    ]
    write_lines(folder / moments.QUESTIONS, rows)
    figures = moments.measure(Setting(tmp_path, models, tmp_path))
    assert (figures["calls"], figures["questions"], figures["passages"]) == (2, 3, 2)
    assert figures["by chance"] == figures["modes"]["hybrid"]["first three"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["modes"]["words"]["decisions"] == 0.0
    assert "| by chance | 0.667 |" in "\n".join(moments.section(figures))
    assert moments.targets(figures)[0].reached is False


def clock(seconds: int) -> str:
    return f"00:{seconds // 60:02d}:{seconds % 60:02d}.000"


def test_keywords_are_compared_without_case_and_line_breaks() -> None:
    assert folded("The  EMPLOYER\npays ") == "the employer pays"
    assert held(["employer", "Rose"], ["the employer pays", "wages"]) == 1 / 2
    rows = [
        policy("a", "Employer", "THE\nwages", "employer"),
        policy("b", "x") | {"kind": "question_type"},
        policy("c"),
    ]
    assert questions(rows) == [Question("a", "pay.pdf", ("employer", "the wages"))]


def policy(text: str, *keywords: str) -> dict[str, Any]:
    return {"text": text, "doc": "pay.pdf", "kind": "token_presence", "must_contain": list(keywords) or None}


def test_questions_qualify_if_their_keywords_all_stand_in_the_pdf(tmp_path: Path, models: Path) -> None:
    folder = tmp_path / policies.FOLDER
    folder.mkdir(parents=True)
    (folder / "pay.pdf").write_bytes(pdf([["The employer pays the airfare.", "Wages are paid weekly."]]))
    asked = [policy("Who pays the airfare?", "EMPLOYER", "airfare"), policy("Who inspects?", "ministry")]
    write_lines(tmp_path / policies.QUESTIONS, asked)
    figures = policies.measure(Setting(tmp_path, models, tmp_path))
    assert (figures["asked"], figures["questions"], figures["documents"]) == (2, 1, 1)
    assert figures["modes"] == {"hybrid": 1.0, "words": 1.0, "meaning": 1.0}
    assert policies.gain(figures) == 0.0 and policies.targets(figures)[0].reached
    assert "1 of 2 questions with keywords qualify, over 1 PDFs and 1 passages." in policies.section(figures)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"no pdf")
    with Library(tmp_path / "data") as library, pytest.raises(UjuziError, match=r"broken\.pdf"):
        store(library, {"broken.pdf": tmp_path / "broken.pdf"})


def row(kind: str, confidence: float) -> dict[str, Any]:
    return {"kind": kind, "confidence": confidence}


def test_the_curve_of_abstention_by_hand() -> None:
    """Of ten answerable questions with 0.00, 0.05 ... 0.45 a threshold of 0.05 loses one, 0.25 five."""
    rows = [row("answerable", number / 20) for number in range(10)]
    rows += [row("unanswerable", 0.05), row("unanswerable", 0.2)]
    rows += [row("nothing", 0.0), row("nothing", 0.01), row("nothing", 0.3)]
    points = dict(zip(answers.LOST, answers.curve(rows), strict=True))
    assert points[0.0] == {"threshold": 0.0, "answerable": 0.0, "unanswerable": 0.0, "nothing": 0.0}
    assert points[0.1] == {"threshold": 0.05, "answerable": 0.1, "unanswerable": 0.0, "nothing": 0.6667}
    assert points[0.5] == {"threshold": 0.25, "answerable": 0.5, "unanswerable": 1.0, "nothing": 0.6667}
    # above 0.05 are eight of ten and one is the same; above 0.2 are five and one is the same
    assert answers.area(rows) == pytest.approx((8 + 1 / 2 + 5 + 1 / 2) / 20)
    shown = answers.section({"curve": answers.curve(rows), "threshold": THRESHOLD, "near_miss_area": 0.7})
    assert "| 0.250 | 0.500 | 1.000 | 0.667 |" in shown
    assert answers.curve([]) == [] and answers.area([row("answerable", 0.5)]) is None
