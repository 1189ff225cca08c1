"""The log of questions: what is kept, for whom, how long, and that nothing else ever reaches the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from community.errors import Invalid, NotAllowed
from community.gaps.questions import Day
from community.people import VISITOR
from ingest.errors import NotFound
from tests.community.asking import AMINA, BAKARI, SHY, STAFF, Town, town

TODAY = date(2026, 3, 2)
CANARY = "Who repaints the zanzibarian lighthouse?"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        yield made


def test_a_question_is_kept_with_what_it_names_and_without_what_is_somebodys(here: Town) -> None:
    receipt = here.ask(AMINA, "I am jane@example.org, +254 712 345 678: who trains welders in Ghana by 2030?")
    kept = here.log.own(AMINA, receipt)
    assert kept.question == "I am [e-mail], [phone]: who trains welders in Ghana by 2030?"
    assert (kept.countries, kept.language, kept.found, kept.is_awaited) == (("Ghana",), "en", False, False)
    on_disk = here.bytes_on_disk()
    assert b"welders" in on_disk
    assert b"jane@example" not in on_disk and b"712 345" not in on_disk


def test_what_an_address_calls_a_country_is_kept_only_if_it_is_one(here: Town) -> None:
    here.publish("clove", "---\ncountries: [Zanzibar]\n---\n# Cloves\n\nCloves grow.")
    typed = [
        "Zanzibar",
        "le Kenya",
        "jane@example.org",
        "+254 712 345 678\nTogo",
        "secret neighbours",
    ]
    kept = here.log.own(AMINA, here.ask(AMINA, "Who trains welders?", countries=typed))
    assert kept.countries == ("Zanzibar", "Kenya", "Togo")
    on_disk = here.bytes_on_disk()
    assert b"neighbours" not in on_disk and b"jane@" not in on_disk and b"712 345" not in on_disk


def test_who_wants_nothing_kept_leaves_no_trace(here: Town) -> None:
    before = here.log.days(STAFF, TODAY)
    assert here.ask(SHY, CANARY) == ""
    assert here.ask(AMINA, CANARY, agreed=False) == ""
    assert here.ask(VISITOR, CANARY, agreed=False, visitor="10.0.0.1") == ""
    assert b"lighthouse" not in here.bytes_on_disk() and b"shyone" not in here.bytes_on_disk()
    assert here.log.days(STAFF, TODAY) == before


def test_zero_days_keep_nothing(tmp_path: Path) -> None:
    with town(tmp_path / "data", days=0) as here:
        assert here.ask(AMINA, CANARY) == ""
        assert b"lighthouse" not in here.bytes_on_disk()
        assert here.log.days(STAFF, TODAY) == []


@pytest.mark.parametrize(("days", "kept_for"), [(-3, 0), (30, 30), (9_999, 365)])
def test_days_are_from_none_to_a_year(tmp_path: Path, days: int, kept_for: int) -> None:
    with town(tmp_path / "data", days=days) as here:
        assert here.log.keeps_for == kept_for


def test_after_thirty_days_the_words_are_gone_from_the_file_and_the_counts_stay(here: Town) -> None:
    receipt = here.ask(AMINA, CANARY)
    here.gaps.groups(STAFF)
    here.clock.passes(days=29, hours=23)
    assert here.log.sweep() == 0 and here.log.own(AMINA, receipt).question == CANARY
    here.ask(BAKARI, "Which harbour needs welders?")
    assert b"lighthouse" in here.bytes_on_disk()
    vectors = _vectors(here)
    here.clock.passes(hours=2)
    assert here.log.sweep() == 1
    left = here.bytes_on_disk(as_they_are=True)
    assert b"lighthouse" not in left and b"repaint" not in left
    assert _vectors(here) == vectors - 1
    with pytest.raises(NotFound, match="for some days only"):
        here.log.own(AMINA, receipt)
    assert next((day.day, day.asked) for day in here.log.days(STAFF, TODAY)) == (TODAY, 1)
    assert [group.question for group in here.gaps.groups(STAFF)] == ["Which harbour needs welders?"]


def _vectors(here: Town) -> int:
    from sqlalchemy import func, select

    from community.gaps.tables import question_vectors

    with here.records.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(question_vectors)) or 0)


def test_what_somebody_asked_goes_with_them(here: Town) -> None:
    here.ask(AMINA, CANARY)
    other = here.ask(BAKARI, "Which harbour needs welders?")
    visitor = here.ask(VISITOR, "Who keeps bees?", visitor="10.0.0.1 Firefox")
    with here.records.writing() as connection:
        assert here.log.forget(connection, AMINA.id) == 1
        assert here.log.forget(connection, "") == 0
    assert b"lighthouse" not in here.bytes_on_disk()
    assert here.log.own(BAKARI, other) and here.log.own(VISITOR, visitor)


def test_visitors_are_counted_apart_for_a_day_and_known_by_nothing(here: Town) -> None:
    for visitor in ("10.9.8.7 Mozilla", "10.9.8.7 Mozilla", "10.9.8.8 Mozilla"):
        here.ask(VISITOR, f"Who keeps bees? {visitor[-1]}", visitor=visitor)
        here.clock.passes(hours=2)
    (group,) = here.gaps.groups(STAFF)
    assert (group.people, group.times) == (2, 3)
    here.clock.passes(days=1)
    here.ask(VISITOR, "Who keeps bees? a", visitor="10.9.8.7 Mozilla")
    (group,) = here.gaps.groups(STAFF)
    assert (group.people, group.times) == (3, 4)  # the key of yesterday is gone
    assert b"10.9.8" not in here.bytes_on_disk() and b"Mozilla" not in here.bytes_on_disk()


def test_looking_at_the_page_again_asks_nothing_anew(here: Town) -> None:
    first = here.ask(AMINA, CANARY)
    assert here.ask(AMINA, CANARY) == first
    assert here.ask(BAKARI, CANARY) != first
    assert here.ask(AMINA, CANARY, found=True) != first  # it is answered now, which is another matter
    here.clock.passes(hours=1, seconds=1)
    assert here.ask(AMINA, CANARY) != first
    assert here.log.days(STAFF, TODAY)[0].asked == 4


def test_counts_follow_what_is_asked_and_said(here: Town) -> None:
    here.ask(AMINA, CANARY)
    receipt = here.ask(AMINA, "Who pays the airfare?", found=True)
    here.log.feedback(AMINA, receipt, helpful=False, reason="incomplete")
    here.log.feedback(AMINA, receipt, helpful=True, reason="incomplete", words="no longer")
    assert here.log.days(STAFF, TODAY) == [Day(TODAY, asked=2, answered=1, helpful=1, unhelpful=0)]
    assert here.log.cited(STAFF, TODAY) == {"palm": 1}
    assert (here.log.own(AMINA, receipt).reason, here.log.own(AMINA, receipt).words) == ("", "")
    here.log.feedback(AMINA, receipt, helpful=False, reason="other", words="Ring 0712 345 678")
    assert here.log.days(STAFF, TODAY) == [Day(TODAY, asked=2, answered=1, helpful=0, unhelpful=1)]
    assert here.log.own(AMINA, receipt).words == "Ring [phone]"
    here.clock.passes(days=1)
    later = here.ask(BAKARI, "Who arranges the housing?", found=True)
    here.log.feedback(BAKARI, later, helpful=True)
    here.log.feedback(AMINA, receipt, helpful=True)  # counts for the day on which it was asked
    days = {day.day.day: (day.asked, day.helpful, day.unhelpful) for day in here.log.days(STAFF, TODAY)}
    assert days == {2: (2, 1, 0), 3: (1, 1, 0)}
    assert here.log.days(STAFF, date(2026, 3, 3))[0].asked == 1
    assert here.log.cited(STAFF, date(2026, 3, 3)) == {"palm": 1}


def test_people_who_asked_in_vain_are_counted_by_country(here: Town) -> None:
    here.ask(AMINA, "Who trains welders in Ghana?")
    here.ask(AMINA, "Who trains masons in Ghana and Togo?")
    here.ask(BAKARI, "Are there nurses from Ghana?")
    here.ask(BAKARI, "Who pays the airfare from Kenya?", found=True)
    assert here.log.asked_in_vain(STAFF) == {"Ghana": 2, "Togo": 1}


def test_a_receipt_is_of_its_asker_alone(here: Town) -> None:
    own = here.ask(AMINA, "Who pays the airfare?", found=True)
    for stranger in (BAKARI, VISITOR, STAFF):
        for act in (
            lambda who: here.log.own(who, own),
            lambda who: here.log.feedback(who, own, helpful=False),
        ):
            with pytest.raises(NotFound):
                act(stranger)
    with pytest.raises(NotFound):
        here.log.tell(BAKARI, own)
    with pytest.raises(NotFound):
        here.log.own(VISITOR, "")
    assert here.log.days(STAFF, TODAY)[0].unhelpful == 0


def test_receipts_cannot_be_guessed(here: Town) -> None:
    receipts = {here.ask(AMINA, f"Question number {number}?") for number in range(50)}
    assert len(receipts) == 50 and min(map(len, receipts)) >= 24


def test_a_visitor_who_signs_in_can_be_told(here: Town) -> None:
    receipt = here.ask(VISITOR, CANARY, visitor="10.0.0.1")
    with pytest.raises(NotAllowed):
        here.log.tell(VISITOR, receipt)
    here.log.tell(AMINA, receipt)
    assert here.log.own(AMINA, receipt).is_awaited


def test_reasons_are_those_that_are_offered_and_words_are_cut(here: Town) -> None:
    receipt = here.ask(AMINA, "Who pays the airfare?", found=True)
    with pytest.raises(Invalid):
        here.log.feedback(AMINA, receipt, helpful=False, reason="<script>")
    here.log.feedback(AMINA, receipt, helpful=False, reason="other", words="word\u202e " * 10_000)
    assert len(here.log.own(AMINA, receipt).words) == 1_000
    assert "\u202e" not in here.log.own(AMINA, receipt).words


def test_only_staff_counts(here: Town) -> None:
    for who in (VISITOR, AMINA, BAKARI):
        for act in (
            lambda who: here.log.days(who, TODAY),
            lambda who: here.log.cited(who, TODAY),
            lambda who: here.log.asked_in_vain(who),
        ):
            with pytest.raises(NotAllowed):
                act(who)


def test_the_longest_question_is_kept_whole(here: Town) -> None:
    long = "Who trains? " * 166 + "12345678"
    kept = here.log.own(AMINA, here.ask(AMINA, long))
    assert kept.question == "Who trains? " * 166 + "[phone]"
