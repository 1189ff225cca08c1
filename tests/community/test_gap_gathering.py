"""Which questions come into groups, and which one stands for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import NotFound
from tests.community.asking import AMINA, BAKARI, EAGER, STAFF, Town, town
from tests.community.test_gap_groups import BEES, WELDERS


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        yield made


def test_the_words_of_a_question_that_is_gone_stand_for_no_group(here: Town) -> None:
    said = ((BAKARI, 0), (EAGER, 0), (AMINA, 1), (AMINA, 1), (AMINA, 1), (EAGER, 2))
    for who, number in said:
        here.ask(who, WELDERS[number])
        here.clock.passes(hours=2)
    (group,) = here.gaps.groups(STAFF)
    assert group.question == WELDERS[1]
    with here.records.writing() as connection:
        here.log.forget(connection, AMINA.id)
    assert here.gaps.group(STAFF, group.id).question in (WELDERS[0], WELDERS[2])
    here.ask(BAKARI, "How do trams brake?")
    assert here.gaps.group(STAFF, group.id).question == WELDERS[0]


def test_the_same_words_ten_thousand_times_are_one_group(here: Town) -> None:
    from sqlalchemy import insert, select

    from community.gaps.tables import questions

    here.ask(AMINA, WELDERS[0])
    with here.records.writing() as connection:
        row = dict(connection.execute(select(questions)).mappings().one())
        del row["id"]
        rows = [row | {"receipt": str(number), "asker": f"~{number % 2_000}"} for number in range(9_999)]
        connection.execute(insert(questions), rows)
    (group,) = here.gaps.groups(STAFF)
    assert (group.people, group.times) == (2_001, 10_000)


def test_staff_finds_among_uncertain_answers_what_is_none(here: Town) -> None:
    said = ((AMINA, 0.85, "Who pays the exam?"), (BAKARI, 0.6, BEES[0]), (EAGER, 0.7, BEES[0]))
    first, *_ = [here.ask(who, question, found=True, confidence=sure) for who, sure, question in said]
    here.ask(AMINA, "Who pays the airfare?", found=True, confidence=0.95)
    judged = here.ask(AMINA, "Who arranges the housing?", found=True, confidence=0.55)
    here.log.feedback(AMINA, judged, helpful=True)
    bees, exam = here.gaps.uncertain(STAFF)
    assert (bees.question, bees.confidence, exam.question) == (BEES[0], 0.6, "Who pays the exam?")
    assert here.gaps.groups(STAFF) == []
    here.gaps.take(STAFF, bees.id)
    (group,) = here.gaps.groups(STAFF)
    assert (group.question, group.people) == (BEES[0], 2)
    assert [one.id for one in here.gaps.uncertain(STAFF)] == [exam.id]
    with pytest.raises(NotFound):
        here.gaps.take(STAFF, bees.id)
    here.gaps.take(STAFF, exam.id)
    assert len(here.gaps.groups(STAFF)) == 2
    here.log.feedback(AMINA, first, helpful=True)  # whoever asked has the last word
    assert [one.question for one in here.gaps.groups(STAFF)] == [BEES[0]]
    assert here.gaps.uncertain(STAFF) == []
    assert sum(day.unhelpful for day in here.log.days(STAFF, here.clock.now.date())) == 0
