"""The figures for staff: coverage, use, review times and their pictures, by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from community.figures.charts import HEIGHT, WIDTH, bars
from community.figures.coverage import coverage
from community.figures.reviewing import Waited, review_times
from community.figures.use import never_used, used
from ingest.domain import THEMES, Source

KENYA = Source("a", "Aged care", countries=("Kenya", "Australia"), themes=("funding", "training and support"))
NURSES = Source("b", "Bilateral", countries=("Kenya",), themes=("funding",))
GENERAL = Source("c", "Concepts", themes=("monitoring",))
NOWHERE = Source("d", "Draft of nothing", countries=("Ghana",))
EXAMPLE = Source("e", "Example", countries=("Togo",), themes=("needs",), illustrative=True)
ALL = [KENYA, NURSES, GENERAL, NOWHERE, EXAMPLE]


def test_each_pair_of_country_and_theme_counts_its_documents() -> None:
    kenya, *others = coverage(ALL, Counter()).rows
    counts = dict(zip(THEMES, kenya.themes, strict=True))
    assert kenya.country == "Kenya" and kenya.documents == 2
    assert (counts["funding"], counts["training and support"], counts["needs"]) == (2, 1, 0)
    assert [row.country for row in others] == ["Australia", "Ghana"]
    assert others[1].gaps == len(THEMES)


def test_the_empty_cells_are_counted_and_an_example_fills_none() -> None:
    seen = coverage(ALL, Counter())
    assert "Togo" not in {row.country for row in seen.rows}
    assert seen.empty == (len(THEMES) - 2) + (len(THEMES) - 2) + len(THEMES)
    assert (seen.without_country, seen.without_theme) == (1, 1)
    assert seen.totals[THEMES.index("funding")] == 2


def test_a_country_that_was_asked_about_in_vain_has_a_row_of_nothing() -> None:
    last = coverage([NURSES], Counter({"Chad": 3})).rows[-1]
    assert (last.country, last.documents, last.asked, last.gaps) == ("Chad", 0, 3, len(THEMES))


def test_documents_are_used_or_never_used() -> None:
    cited = {"b": 7, "a": 2, "removed": 9}
    assert [(use.source.id, use.answers) for use in used(ALL, cited)] == [("b", 7), ("a", 2)]
    assert [source.id for source in never_used(ALL, cited)] == ["c", "d", "e"]


def waited(days: float, month: int) -> Waited:
    decided = datetime(2026, month, 15, tzinfo=UTC)
    return Waited(decided - timedelta(days=days), decided, "published")


def test_review_times_are_told_by_their_middle_and_their_ninth_tenth() -> None:
    times = review_times([waited(days, 10 if days < 6 else 11) for days in range(1, 12)])
    assert (times.decisions, times.half, times.nine_tenths) == (11, 6.0, 10.0)
    assert times.by_month == (("2026-10", 3.0, 5), ("2026-11", 8.5, 6))


def test_without_a_decision_there_is_no_time_to_tell() -> None:
    assert review_times([]).half is None and review_times([]).by_month == ()
    assert review_times([waited(4, 9)]).nine_tenths == 4


def test_bars_stand_on_the_ground_beside_each_other_and_on_each_other() -> None:
    chart = bars(["one", "two"], [[("answered", 3), ("missed", 1)], [("answered", 2), ("missed", 0)]])
    answered, missed = chart.bars[0].parts
    assert chart.most == chart.bars[0].total == 4
    assert answered.y + answered.height == HEIGHT and answered.height == HEIGHT * 3 / 4
    assert missed.y == 0 and missed.y + missed.height == answered.y
    assert chart.bars[1].parts[1].height == 0
    first, second = chart.bars[0].parts[0], chart.bars[1].parts[0]
    assert first.x + first.width <= WIDTH / 2 <= second.x and second.x + second.width <= WIDTH


@pytest.mark.parametrize("counts", [[], [[("answered", 0)]]])
def test_nothing_to_show_is_no_bar(counts: list[list[tuple[str, float]]]) -> None:
    chart = bars(["day"] * len(counts), counts)
    assert chart.most == 0 and all(part.height == 0 for bar in chart.bars for part in bar.parts)
