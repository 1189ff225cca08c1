"""Lists in pages, and talk as a picture: by hand."""

from __future__ import annotations

import re

import pytest

from bot.pages.strips import strips
from bot.webinars.talk import Share
from web.lists import listed


@pytest.mark.parametrize(("page", "items"), [(1, 25), (2, 25), (3, 10), (9, 10)])
def test_no_page_has_more_than_twenty_five_items(page: int, items: int) -> None:
    shown = listed(range(60), page, lambda one: 0)
    assert (len(shown.items), shown.page, shown.pages) == (items, min(page, 3), 3)


def test_no_page_has_more_than_twelve_thousand_bytes() -> None:
    """Items of 3,780 bytes take 4,000 with their markup: three a page."""
    assert [len(listed(range(7), page, lambda one: 3_780).items) for page in (1, 2, 3)] == [3, 3, 1]
    assert [len(listed(range(7), page, lambda one: 3_781).items) for page in (1, 2, 3, 4)] == [2, 2, 2, 1]


def test_what_is_too_large_for_a_page_has_one_of_its_own() -> None:
    sizes = [100, 50_000, 100]
    assert [list(listed(sizes, page, lambda one: one).items) for page in (1, 2, 3)] == [
        [100],
        [50_000],
        [100],
    ]


def test_an_empty_list_is_one_empty_page() -> None:
    shown = listed([], 5, len)
    assert (list(shown.items), shown.page, shown.pages) == ([], 1, 1)


def share(*stretches: tuple[float, float], seconds: float = 60.0) -> Share:
    return Share("Ama", seconds, 0.126, len(stretches), stretches)


def test_each_stretch_is_a_bar_in_a_thousand() -> None:
    (strip,) = strips([share((0, 10), (50, 100))], 100.0)
    assert strip.path == "M0 0h100v10H0zM500 0h500v10H500z"
    assert (strip.time, strip.percent) == ("1 min", 13)


def test_a_moment_of_talk_can_still_be_seen() -> None:
    (strip,) = strips([share((50, 50.01))], 100.0)
    assert strip.path == "M500 0h2v10H500z"


def test_many_stretches_are_drawn_as_sixty_at_the_most() -> None:
    stretches = [(2.0 * n, 2.0 * n + 1) for n in range(5_000)]
    (strip,) = strips([share(*stretches)], 10_000.0)
    assert 0 < strip.path.count("M") <= 60
    ends = re.findall(r"M(\d+) 0h(\d+)", strip.path)
    assert ends[0][0] == "0" and sum(map(int, ends[-1])) == 1_000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (0.2, "1 s"), (40, "40 s"), (59.4, "59 s"), (59.6, "1 min"), (5_400, "90 min")],
)
def test_a_length_as_people_say_it(seconds: float, said: str) -> None:
    assert strips([share((0, 1), seconds=seconds)], 10.0)[0].time == said


def test_without_times_nothing_is_drawn() -> None:
    assert strips([share(seconds=0)], 0.0)[0].path == ""
