"""What staff sees of questions that were asked in vain; what they decide outlives every regrouping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community.errors import Conflict, Invalid, NotAllowed
from community.gaps.values import GroupState
from community.people import VISITOR, Person
from ingest.errors import NotFound
from tests.community.asking import AMINA, BAKARI, EAGER, PEOPLE, STAFF, Town, town

WELDERS = [
    "Who trains welders in Ghana?",
    "Which school trains Ghana's welders?",
    "Who trains the welders of Ghana?",
]
BEES = ["Where do beekeepers sell honey?", "Where is the honey of beekeepers sold?"]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        yield made


def in_vain(here: Town) -> None:
    """Three people ask about welders, one of them twice; one about bees, twice."""
    for who, question in zip((AMINA, BAKARI, EAGER, AMINA), (*WELDERS, WELDERS[1]), strict=True):
        here.ask(who, question)
        here.clock.passes(hours=3)
    for question in BEES:
        here.ask(BAKARI, question)


def test_questions_come_in_groups_with_how_many_asked_about_where_and_since_when(here: Town) -> None:
    in_vain(here)
    welders, bees = here.gaps.groups(STAFF)
    assert welders.question in WELDERS and bees.question in BEES
    assert (welders.people, welders.times, welders.countries) == (3, 4, (("Ghana", 3),))
    assert (bees.people, bees.times, bees.countries) == (1, 2, ())
    assert (welders.since.hour, welders.latest.hour) == (10, 19)
    assert welders.state is GroupState.OPEN
    asked = here.gaps.questions(STAFF, welders.id)
    assert [one.question for one in asked] == [WELDERS[1], WELDERS[2], WELDERS[1], WELDERS[0]]


def test_answered_questions_are_in_no_group_unless_they_did_not_help(here: Town) -> None:
    helped = here.ask(AMINA, "Who pays the airfare?", found=True)
    useless = here.ask(BAKARI, "Who arranges the housing?", found=True)
    here.log.feedback(AMINA, helped, helpful=True)
    here.log.feedback(BAKARI, useless, helpful=False, reason="out of date", words="That was 2019")
    (group,) = here.gaps.groups(STAFF)
    assert (group.question, group.reasons) == ("Who arranges the housing?", (("out of date", 1),))
    here.log.feedback(BAKARI, useless, helpful=True)
    assert here.gaps.groups(STAFF) == []


@pytest.mark.parametrize("decide", ["aside", "answered", "drafted"])
def test_what_staff_decides_outlives_regrouping(here: Town, decide: str) -> None:
    in_vain(here)
    welders, bees = here.gaps.groups(STAFF)
    decided: dict[str, Callable[[], object]] = {
        "aside": lambda: here.gaps.set_aside(STAFF, welders.id, "The ministry publishes it"),
        "answered": lambda: here.gaps.answered_by(STAFF, welders.id, "palm"),
        "drafted": lambda: here.calls.draft(STAFF, welders.id),
    }
    decided[decide]()
    state = here.gaps.group(STAFF, welders.id).state
    assert state is not GroupState.OPEN
    here.clock.passes(hours=1)
    for number in range(30):
        here.ask(EAGER, f"Who trains welders in Ghana, question {'abcdefghij'[number % 10] * 3}{number}?")
    here.ask(AMINA, "How do trams brake?")
    after = {group.id: group for group in here.gaps.groups(STAFF)}
    assert after[welders.id].state is state
    assert after[welders.id].times == welders.times + 30 and after[welders.id].again == 30
    assert after[bees.id].times == 2 and after[bees.id].state is GroupState.OPEN
    assert len(after) == 3
    assert list(after)[-1] == welders.id  # what is decided comes last


def _move(here: Town, group_id: str, into: str) -> None:
    """As if an earlier model had found them alike."""
    from sqlalchemy import update

    from community.gaps.tables import questions

    with here.records.writing() as connection:
        moved = update(questions).where(questions.c.group_id == group_id)
        connection.execute(moved.values(group_id=into))


def test_what_staff_decided_together_is_never_torn_apart(here: Town) -> None:
    in_vain(here)
    welders, bees = here.gaps.groups(STAFF)
    here.gaps.set_aside(STAFF, welders.id, "Not ours")
    _move(here, bees.id, welders.id)
    here.ask(AMINA, "How do trams brake?")
    assert [group.times for group in here.gaps.groups(STAFF)] == [1, 6]


def test_an_open_group_keeps_its_id_and_goes_when_its_questions_do(here: Town) -> None:
    in_vain(here)
    before = [group.id for group in here.gaps.groups(STAFF)]
    here.clock.passes(days=20)
    for _ in range(3):
        here.clock.passes(hours=2)
        here.ask(EAGER, BEES[0])
    after = here.gaps.groups(STAFF)
    assert {group.id for group in after} == set(before)
    here.clock.passes(days=15)
    here.log.sweep()
    assert [group.id for group in here.gaps.groups(STAFF)] == [before[1]]
    with pytest.raises(NotFound):
        here.gaps.set_aside(STAFF, before[0], "gone")


def test_among_many_what_is_new_joins_what_is_there_until_all_is_made_anew(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.gaps.gathering._FEW", 0)
    in_vain(here)
    welders, bees = here.gaps.groups(STAFF)
    here.gaps.set_aside(STAFF, bees.id, "Not ours")
    here.ask(EAGER, "Who trains the welders in Ghana?")
    here.ask(EAGER, "How do trams brake?")
    here.ask(AMINA, "How do the trams brake?")
    joined, trams, aside = here.gaps.groups(STAFF)
    assert (joined.id, joined.times, aside.id) == (welders.id, 5, bees.id)
    assert (trams.people, trams.times) == (2, 2)
    _move(here, trams.id, welders.id)
    here.ask(EAGER, "When is the harvest of olives?")
    assert sorted(group.times for group in here.gaps.groups(STAFF)) == [1, 2, 7]
    here.gaps.regroup()
    assert sorted(group.times for group in here.gaps.groups(STAFF)) == [1, 2, 2, 5]
    assert here.gaps.group(STAFF, bees.id) == aside
    assert here.gaps.group(STAFF, welders.id).times == 5


def test_nothing_is_made_anew_of_nothing(here: Town) -> None:
    here.gaps.regroup()
    assert here.gaps.groups(STAFF) == []


def test_a_decision_can_be_taken_back(here: Town) -> None:
    in_vain(here)
    welders, _ = here.gaps.groups(STAFF)
    here.gaps.set_aside(STAFF, welders.id, "Not ours")
    assert here.gaps.group(STAFF, welders.id).note == "Not ours"
    here.gaps.reopen(STAFF, welders.id)
    assert here.gaps.group(STAFF, welders.id) == welders


def test_a_document_that_answers_is_told_to_those_who_wait_and_may_read_it(here: Town) -> None:
    for who in (AMINA, BAKARI, EAGER):
        here.log.tell(who, here.ask(who, WELDERS[0])) if who is AMINA else here.ask(who, WELDERS[0])
    here.publish("secret", "# Welders\n\nGhana trains welders.", audience="staff")
    here.publish("welders", "# Welders\n\nGhana trains welders.\n", audience="members")
    (group,) = here.gaps.groups(STAFF)
    assert group.awaited == 1
    here.gaps.answered_by(STAFF, group.id, "secret")
    assert [here.told(who) for who in (AMINA, BAKARI, EAGER)] == [[], [], []]
    here.gaps.reopen(STAFF, group.id)
    here.clock.passes(hours=3)
    for who in (AMINA, EAGER):
        here.log.tell(who, here.ask(who, WELDERS[1])) if who is AMINA else here.ask(who, WELDERS[1])
    here.ask(BAKARI, WELDERS[1])
    here.gaps.answered_by(STAFF, group.id, "welders")
    told = "The library now answers what you asked: “{}” See “Welders”."
    first, second = (told.format(question) for question in WELDERS[:2])
    assert [here.told(who) for who in (AMINA, BAKARI, EAGER)] == [[second, first], [], [second, first]]
    here.gaps.reopen(STAFF, group.id)
    here.gaps.answered_by(STAFF, group.id, "palm")  # another one: of each question they hear once
    assert here.told(AMINA) == [second, first]
    assert here.notices.of(AMINA)[0].address == "/ask?q=Which%20school%20trains%20Ghana%27s%20welders%3F"


def test_what_was_answered_by_mistake_waits_again_with_its_questions(here: Town) -> None:
    receipt = here.ask(BAKARI, WELDERS[0])
    here.log.tell(AMINA, here.ask(AMINA, WELDERS[0]))
    (group,) = here.gaps.groups(STAFF)
    here.gaps.answered_by(STAFF, group.id, "palm")
    here.gaps.reopen(STAFF, group.id)
    here.log.tell(BAKARI, receipt)
    here.answered.add(WELDERS[0])
    here.publish("welders", "# Welders\n\nGhana trains welders.")
    here.news.published("welders")
    assert here.told(BAKARI) == [f"The library now answers what you asked: “{WELDERS[0]}” See “Welders”."]
    assert len(here.told(AMINA)) == 1  # of palm, and of each question they hear once


def test_a_group_is_answered_only_by_what_is_published(here: Town) -> None:
    in_vain(here)
    group, _ = here.gaps.groups(STAFF)
    for source in ("", "nothing", "<script>"):
        with pytest.raises(Invalid):
            here.gaps.answered_by(STAFF, group.id, source)
    with pytest.raises(Invalid):
        here.gaps.set_aside(STAFF, group.id, "  \u202e ")
    assert here.gaps.group(STAFF, group.id) == group


@pytest.mark.parametrize("who", [VISITOR, AMINA, BAKARI], ids=lambda who: who.role)
def test_nothing_of_it_is_for_others(here: Town, who: Person) -> None:
    in_vain(here)
    group, _ = here.gaps.groups(STAFF)
    call = here.calls.draft(STAFF, group.id)
    acts: list[Callable[[], object]] = [
        lambda: here.gaps.groups(who),
        lambda: here.gaps.group(who, group.id),
        lambda: here.gaps.questions(who, group.id),
        lambda: here.gaps.nearest(who, group),
        lambda: here.gaps.set_aside(who, group.id, "x"),
        lambda: here.gaps.answered_by(who, group.id, "palm"),
        lambda: here.gaps.reopen(who, group.id),
        lambda: here.gaps.uncertain(who),
        lambda: here.gaps.take(who, 1),
        lambda: here.calls.draft(who, group.id),
        lambda: here.calls.all(who),
        lambda: here.calls.publish(who, call.id),
        lambda: here.calls.close(who, call.id),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    with here.records.writing() as connection, pytest.raises(NotAllowed):
        here.gaps.drafted(connection, who, group.id, "x")
    with pytest.raises(NotFound):
        here.calls.call(who, call.id)


def test_people_of_the_tests_have_ids_of_people() -> None:
    assert all(not one.startswith("~") for one in PEOPLE)


def test_two_drafts_of_one_group_are_one(here: Town) -> None:
    in_vain(here)
    group, _ = here.gaps.groups(STAFF)
    first = here.calls.draft(STAFF, group.id)
    assert here.calls.draft(STAFF, group.id) == first
    with here.records.writing() as connection, pytest.raises(Conflict):
        here.gaps.drafted(connection, STAFF, group.id, "another")
    assert len(here.calls.all(STAFF)) == 1
