"""Conversations that outlive the page on which they were shown."""

from __future__ import annotations

import pytest

from bot.pages.asking import Exchange, Stage, Thread
from bot.pages.keeping import Kept
from index.scope import PUBLIC, STAFF

TAB = "0123456789abcdef" * 2


def thread(*stages: Stage) -> Thread:
    return Thread(tuple(Exchange(number, "What?", stage=stage) for number, stage in enumerate(stages, 1)))


def test_a_tab_finds_its_own_conversation_and_nobody_elses() -> None:
    kept = Kept(2)
    kept.keep(PUBLIC, TAB, thread(Stage.DONE))
    assert kept.resumed(PUBLIC, TAB) == thread(Stage.DONE)
    assert kept.resumed(PUBLIC, TAB[::-1]) == Thread()
    assert kept.resumed(STAFF, TAB) == Thread()


def test_what_was_cut_off_has_failed_and_what_was_over_stays() -> None:
    kept = Kept(2)
    kept.keep(PUBLIC, TAB, thread(Stage.DONE, Stage.ANSWERING))
    first, second = kept.resumed(PUBLIC, TAB).exchanges
    assert first.stage is Stage.DONE
    assert second.stage is Stage.FAILED and "connection broke" in second.trouble


@pytest.mark.parametrize(
    "tab", ["", "x", "../../etc/passwd", TAB.upper(), TAB + "\n", [], None, {"path": "/"}]
)
def test_what_is_no_name_of_a_tab_is_not_kept(tab: object) -> None:
    kept = Kept(2)
    kept.keep(PUBLIC, tab, thread(Stage.DONE))
    assert kept.resumed(PUBLIC, tab) == Thread()


def test_the_conversation_longest_at_rest_goes_first() -> None:
    kept = Kept(2)
    tabs = [letter * 32 for letter in "abc"]
    for tab in (tabs[0], tabs[1], tabs[0], tabs[2]):
        kept.keep(PUBLIC, tab, thread(Stage.DONE))
    assert [bool(kept.resumed(PUBLIC, tab).exchanges) for tab in tabs] == [True, False, True]
