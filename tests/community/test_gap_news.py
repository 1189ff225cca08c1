"""What is published is held against what was asked in vain, and whoever waits hears of it once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from community.gaps import news as news_module
from community.gaps.values import GroupState
from community.people import VISITOR, Role
from ingest.errors import UjuziError
from tests.community.asking import AMINA, BAKARI, EAGER, PEOPLE, STAFF, Town, town

WELDERS = "Who trains welders in Ghana?"
TEXT = "# Welders\n\nThe academy of Tema trains welders in Ghana for two years."
TOLD = f"The library now answers what you asked: “{WELDERS}” See “Welders”."


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        made.answered.add(WELDERS)
        yield made


def test_who_asked_and_agreed_is_told_once(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.clock.passes(hours=2)
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))  # asked twice, told once
    here.ask(EAGER, WELDERS)
    here.ask(BAKARI, WELDERS)
    (group,) = here.gaps.groups(STAFF)
    here.publish("welders", TEXT)
    here.news.published("welders")
    here.news.published("welders")  # the job was broken off and begun anew
    assert [here.told(who) for who in (AMINA, EAGER, BAKARI)] == [[TOLD], [TOLD], []]
    answered = here.gaps.group(STAFF, group.id)
    assert (answered.state, answered.source_id) == (GroupState.ANSWERED, "welders")
    here.publish("more", TEXT.replace("two", "three"))
    here.news.published("more")
    assert here.told(AMINA) == [TOLD]


def test_a_source_that_does_not_answer_tells_nobody(here: Town) -> None:
    here.answered.clear()
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.tested and here.told(AMINA) == []
    assert [group.state for group in here.gaps.groups(STAFF)] == [GroupState.OPEN]


def test_what_is_far_from_the_source_is_not_even_asked(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, "How do trams brake on ice?"))
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.tested == []


def test_it_is_asked_as_the_asker_is_today(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.ask(VISITOR, WELDERS, visitor="10.0.0.1")
    here.publish("welders", TEXT)
    here.news.published("welders")
    audiences = sorted(sorted(reader.audiences) for _, reader, _ in here.tested)
    assert audiences == [["members", "public"], ["public"]]
    here.answered.clear()
    here.clock.passes(hours=2)
    here.ask(AMINA, "Who trains welders in Togo and Ghana?")
    monkeypatch.setitem(PEOPLE, AMINA.id, replace(AMINA, role=Role.STAFF))
    here.publish("again", TEXT.replace("two", "four"))
    here.news.published("again")
    assert "staff" in here.tested[-1][1].audiences
    here.answered.add(WELDERS)
    monkeypatch.delitem(PEOPLE, AMINA.id)  # closed their account
    here.publish("more", TEXT.replace("two", "three"))
    here.news.published("more")
    assert len(here.told(AMINA)) == 1


def test_who_may_not_read_it_is_not_told(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("secret", TEXT, audience="staff")
    here.news.published("secret")
    assert here.told(AMINA) == []
    here.publish("welders", TEXT.replace("two", "three"))
    here.news.published("welders")
    assert here.told(AMINA) == [TOLD]


def test_what_was_withdrawn_before_anybody_came_to_it_tells_nobody(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("welders", TEXT)
    here.library.withdraw("welders")
    here.news.published("welders")
    here.news.published("never-there")
    assert here.tested == [] and here.told(AMINA) == []


def test_a_job_that_is_quicker_than_the_index_is_tried_again(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    refresh = here.library._indexing.refresh

    def late(*source_ids: str) -> None:
        with pytest.raises(UjuziError, match="looked at again"):
            here.news.published("welders")
        refresh(*source_ids)

    monkeypatch.setattr(here.library._indexing, "refresh", late)
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.told(AMINA) == [TOLD]


def test_what_is_asked_meanwhile_is_asked_again_too(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("welders", TEXT)

    class Late(set[str]):
        def __contains__(self, question: object) -> bool:
            if not here.told(BAKARI) and len(here.tested) == 1:
                here.log.tell(BAKARI, here.ask(BAKARI, WELDERS))
            return super().__contains__(question)

    late = Late({WELDERS})
    here.news._answers = lambda question, reader, source: (
        here.tested.append((question, reader, source)) or question in late
    )
    here.news.published("welders")
    assert [here.told(who) for who in (AMINA, BAKARI)] == [[TOLD], [TOLD]]


def test_those_who_wait_come_first_when_there_is_too_much(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "MOST_TESTS", 2)
    for number in range(5):
        here.ask(
            VISITOR,
            f"The academy of Tema trains welders in Ghana for two years {number}",
            visitor=str(number),
        )
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert len(here.tested) == 2 and here.tested[0][0] == WELDERS
    assert here.told(AMINA) == [TOLD]


def test_a_group_is_answered_when_half_of_its_questions_are(here: Town) -> None:
    others = ["Who trains the welders of Ghana?", "Which school trains Ghana's welders?"]
    for question in (WELDERS, *others):
        here.ask(AMINA, question)
    (group,) = here.gaps.groups(STAFF)
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.gaps.group(STAFF, group.id).state is GroupState.OPEN
    here.answered.update(others[:1])
    here.publish("more", TEXT.replace("two", "three"))
    here.news.published("more")
    assert here.gaps.group(STAFF, group.id).state is GroupState.ANSWERED


def test_what_was_set_aside_stays_so_and_its_askers_hear_all_the_same(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    (group,) = here.gaps.groups(STAFF)
    here.gaps.set_aside(STAFF, group.id, "Not ours")
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.told(AMINA) == [TOLD]
    assert here.gaps.group(STAFF, group.id).state is GroupState.SET_ASIDE


def test_what_something_new_answers_is_no_gap_any_more(here: Town) -> None:
    here.log.tell(AMINA, here.ask(AMINA, WELDERS))
    here.publish("welders", TEXT)
    here.news.published("welders")
    assert here.gaps.groups(STAFF) == []
