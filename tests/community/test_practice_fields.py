"""The form as a value: cleaned as it is typed, told what is wrong, as incomplete as a draft may be."""

from __future__ import annotations

import pytest

from community.practices.fields import EMPTY, FIELDS, practice_of, problems
from community.practices.template import CRITERIA, MEMBERS_ONLY, TEMPLATE, UNPLACED
from tests.community.practising import filled


def test_the_template_has_the_fourteen_fields_and_six_criteria_of_the_guide() -> None:
    labels = [one.label for one in TEMPLATE]
    assert labels[:4] == ["Context", "Objective", "Actors", "Key features"]
    assert labels[4:8] == ["Coordination", "Financing", "Skills recognition", "Protection"]
    assert labels[8:] == ["Results", "Challenges", "Lessons", "Transferability", "Contact", "Sources"]
    assert len(CRITERIA) == 6


def test_a_draft_may_lack_everything_and_a_submission_nothing_that_is_required() -> None:
    assert problems(EMPTY, for_submission=False) == {}
    missing = problems(EMPTY, for_submission=True)
    assert missing.keys() == {one.id for one in FIELDS.values() if one.required}
    assert problems(filled(), for_submission=True) == {}
    for tick in ("agreed", "unrecognisable"):
        assert problems(filled(**{tick: ""}), for_submission=True).keys() == {tick}


@pytest.mark.parametrize("name", [one.id for one in TEMPLATE if one.longest == 10_000])
def test_a_field_holds_ten_thousand_characters_and_no_more(name: str) -> None:
    assert problems(filled(**{name: "ж" * 10_000}), for_submission=True) == {}
    for for_submission in (True, False):
        wrong = problems(filled(**{name: "ж" * 10_001}), for_submission=for_submission)
        assert "1 too many" in wrong[name]


def test_what_the_library_would_refuse_is_said_at_the_field() -> None:
    assert "2026-03-31" in problems(filled(date="March last year"), for_submission=True)["date"]
    assert "Tonga" in problems(filled(corridors="Kenya and Qatar"), for_submission=True)["corridors"]
    assert problems(filled(date="2026-02"), for_submission=True) == {}


@pytest.mark.parametrize("typed", ["Kenya -> Qatar", "Kenya→Qatar", "Kenya to Qatar", "Kenya => Qatar"])
def test_a_corridor_is_read_in_the_ways_in_which_people_write_it(typed: str) -> None:
    assert filled(corridors=typed).words("corridors") == ("Kenya -> Qatar",)


def test_typed_values_are_cleaned_and_what_is_no_option_is_left_out() -> None:
    typed = {
        "title": ["Two\r\nlines\u202e"],
        "context": ["One  \r\n\r\n\r\n\r\ntwo\u200b"],
        "countries": ["Kenya, Qatar; Kenya\nOman"],
        "themes": ["needs", "nonsense"],
        "licence": ["WTFPL"],
        "agreed": ["no"],
        "id": ["stolen"],
    }
    assert dict(practice_of(typed).values) == {
        "title": ("Two lines",),
        "context": ("One\n\ntwo",),
        "countries": ("Kenya", "Qatar", "Oman"),
        "themes": ("needs",),
    }


def test_words_without_a_place_keep_a_form_from_being_submitted() -> None:
    assert problems(filled(**{UNPLACED.id: "Left over."}), for_submission=True).keys() == {UNPLACED.id}


def test_who_keeps_all_rights_writes_for_members() -> None:
    assert filled(licence=MEMBERS_ONLY).is_for_members
    assert not filled().is_for_members
