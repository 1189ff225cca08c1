"""The whole loop with the real assistant: asked in vain, published, answered, told; nothing kept unasked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from starlette.requests import Request

import composition
from bot.answer import Answer
from bot.assistant import Assistant
from bot.pages.asking import Asking, Thread
from bot.pages.hearing import Heard, Listener
from community.gaps.news import News
from index.scope import Scope
from tests.community.asking import AMINA, PEOPLE, STAFF, town

REQUEST = Request({"type": "http", "headers": [], "client": None})
QUESTION = "How long does the academy of Tema train welders?"


def test_who_asked_in_vain_hears_when_a_source_answers(tmp_path: Path) -> None:
    with town(tmp_path / "data") as here:
        assistant = Assistant(here.library)
        answers = partial(composition.answers, assistant)
        listener = Listener(partial(composition.keep, here.log, lambda _request: AMINA), here.log.keeps_for)

        def ask(keep: bool = True) -> tuple[bool, str]:
            asking = Asking(assistant, here.library, listener)
            *_, last = asking.ask(Thread(), QUESTION, Scope(), AMINA.reader, request=REQUEST, keep=keep)
            assert last.latest
            return last.latest.answer.found, last.latest.receipt

        assert ask(keep=False) == (False, "")
        assert b"academy" not in here.bytes_on_disk()
        found, receipt = ask()
        assert not found
        here.log.tell(AMINA, receipt)
        news = News(here.records, here.library, answers, PEOPLE.get)
        here.publish("bees", "# Bees\n\nThe academy of bees keeps hives.")
        news.published("bees")
        assert here.told(AMINA) == []
        here.publish("tema", "# Welders\n\nThe academy of Tema trains welders for two years.")
        news.published("tema")
        assert here.told(AMINA) == [f"The library now answers what you asked: “{QUESTION}” See “Welders”."]
        found, again = ask()
        assert found and again != receipt
        assert here.log.own(AMINA, again).cited[0] == ("tema", 1)
        assert [group.state for group in here.gaps.groups(STAFF)] == []


@pytest.mark.parametrize("private", [True, False])
def test_words_of_a_question_that_was_not_to_be_kept_are_not_kept_with_the_next(
    tmp_path: Path, private: bool
) -> None:
    with town(tmp_path / "data") as here:
        understood = Answer("The strike in Kitwe: And since when?")
        heard = Heard("And since when?", understood, Scope(), keep=True, private=private)
        assert composition.keep(here.log, lambda _request: AMINA, REQUEST, heard)
        assert (b"Kitwe" in here.bytes_on_disk()) is not private
