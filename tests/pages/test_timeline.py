"""The bars above the results: when the documents are from."""

from __future__ import annotations

from dataclasses import replace

from bot.pages.limits import WHEN
from bot.pages.timeline import HEIGHT, WIDTH, timeline
from bot.pages.wanted import Wanted
from index.scope import Scope

FEES = Wanted(words="fees")


def counts(**months: int) -> dict[str, int]:
    """From "m2026_03": both the month and its year, as a search counts them."""
    counted: dict[str, int] = {}
    for name, number in months.items():
        month = name[1:].replace("_", "-")
        counted[month] = number
        counted[month[:4]] = counted.get(month[:4], 0) + number
    return counted


def test_a_bar_a_month_while_they_span_three_years() -> None:
    made = timeline(counts(m2024_01=1, m2025_03=4, m2026_12=2), FEES)
    assert made is not None and made.each == "month"
    assert (made.first, made.last) == ("January 2024", "December 2026")
    assert [(bar.label, bar.documents) for bar in made.bars] == [
        ("January 2024", 1),
        ("March 2025", 4),
        ("December 2026", 2),
    ]
    assert made.bars[1].address == "/search?q=fees&when=2025-03"
    assert [bar.height for bar in made.bars] == [HEIGHT / 4, HEIGHT, HEIGHT / 2]
    for place, bar in zip((0, 14, 35), made.bars, strict=True):  # of 36 months, each 20 wide
        assert (bar.x, bar.width, bar.y + bar.height) == (20 * place + 2, 16, HEIGHT)


def test_a_bar_a_year_beyond() -> None:
    made = timeline(counts(m1999_12=2, m2024_01=1, m2024_02=1, m2025_07=300), FEES)
    assert made is not None and made.each == "year" and (made.first, made.last) == ("1999", "2025")
    assert [(bar.label, bar.documents) for bar in made.bars] == [("1999", 2), ("2024", 2), ("2025", 300)]
    assert made.bars[0].height == 3  # still to be seen
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in made.bars)


def test_one_chosen_year_shows_its_months_and_the_chosen_month() -> None:
    counted = counts(m1999_12=2, m2025_01=1, m2025_03=5, m2025_11=2)
    of_year = timeline(counted, replace(FEES, scope=Scope(periods=("2025",))))
    assert of_year is not None and (of_year.first, of_year.last) == ("January 2025", "December 2025")
    assert [bar.label for bar in of_year.bars] == ["January 2025", "March 2025", "November 2025"]
    assert not any(bar.chosen for bar in of_year.bars)
    of_month = timeline(counted, replace(FEES, scope=Scope(periods=("2025-03",))))
    assert of_month is not None and [bar.chosen for bar in of_month.bars] == [False, True, False]
    of_both = timeline(counted, replace(FEES, scope=Scope(periods=("2025", "1999"))))
    assert of_both is None  # two years are read sooner in the list


def test_no_picture_where_a_list_says_it_better() -> None:
    assert timeline({}, FEES) is None
    assert timeline(counts(m2025_01=7, m2025_02=9), FEES) is None
    assert timeline(counts(m1066_10=1, m2025_01=7, m2026_02=9), FEES) is None
    assert timeline(counts(m2024_01=1, m2025_03=4, m2026_12=2), Wanted(words="fees " * 60)) is None


def test_a_period_that_nothing_has_is_no_obstacle() -> None:
    wanted = FEES.limited(WHEN, "soon", "9999")
    made = timeline(counts(m2024_01=1, m2025_03=4, m2026_12=2), wanted)
    assert made is not None and len(made.bars) == 3
