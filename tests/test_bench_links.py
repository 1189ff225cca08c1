"""The other reading of Zoom's exports, by hand."""

from __future__ import annotations

from bs4 import BeautifulSoup

from bench.links import Heard, read, sampled, shown_on

EXPORT = """WEBVTT\r
\r
1\r
00:00:01.500 --> 00:00:04.000\r
Ama | Chair: Good morning: let us begin.\r
\r
2\r
01:02:03.004 --> 01:02:05.000\r
Nobody is named here\r
"""
PAGE = """<div class="script"><div class="turn"><b class="speaker">Ama | Chair</b>
<p><span data-s="1.5">Good morning: let us begin.</span></p></div>
<div class="turn"><p><span data-s="20.0">More  of it.</span></p></div></div>"""


def test_names_end_at_the_first_colon_and_moments_are_seconds() -> None:
    assert read(EXPORT) == [
        Heard(1.5, "Ama | Chair", "Good morning: let us begin."),
        Heard(3723.004, "", "Nobody is named here"),
    ]


def test_a_page_says_a_name_once_a_turn() -> None:
    assert list(shown_on([BeautifulSoup(PAGE, "lxml")])) == [
        Heard(1.5, "Ama | Chair", "Good morning: let us begin."),
        Heard(20.0, "Ama | Chair", "More of it."),
    ]


def test_few_cues_are_all_drawn() -> None:
    given = {"call": read(EXPORT)}
    assert sorted(sampled(given)) == [("call", one) for one in given["call"]]
