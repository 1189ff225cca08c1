"""A form becomes a document in which every word is where its author put it, and is nothing but a word."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date

import pytest

from community.practices.fields import Practice
from community.practices.template import MEMBERS_ONLY, TEMPLATE
from community.practices.writing import document_of, markdown
from ingest.cage import Cage
from ingest.reading import Document
from tests.community.practising import NASTY, Cages, filled, random_practice

TODAY = date(2026, 3, 18)
_LIST_MARK = re.compile(r"^[-*•–] (?=\S)", re.MULTILINE)


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    cages = Cages()
    yield cages()
    cages.close()


def sections(document: Document) -> dict[str, str]:
    """The words under each heading, and under "" those before the first."""
    marks = document.places.headings
    ends = [*(mark.offset for mark in marks), len(document.text)]
    found = {"": document.text[: ends[0]]}
    for mark, end in zip(marks, ends[1:], strict=True):
        assert mark.label not in found
        found[mark.label] = document.text[mark.offset + len(mark.label) : end]
    return found


def expected(practice: Practice) -> dict[str, str]:
    """What was typed, without the hyphens of list items: these become lists."""
    typed = {one.label: practice.text(one.id) for one in TEMPLATE if practice.text(one.id)}
    return {label: _LIST_MARK.sub("", text) for label, text in typed.items()}


def assert_every_word_is_in_its_place(practice: Practice, document: Document) -> None:
    found = sections(document)
    opening = found.pop("")
    assert opening.split() == _LIST_MARK.sub("", practice.text("summary")).split()
    assert {label: text.split() for label, text in found.items()} == {
        label: text.split() for label, text in expected(practice).items()
    }
    assert document.source.title == practice.title
    assert document.source.kind == "good_practice"
    assert document.event is None


def test_every_word_comes_back_under_the_label_of_its_field(cage: Cage) -> None:
    """Forty forms of words that look like front matter, headings, tags, tables, notes, lists, code."""
    chance = random.Random(5)
    for _ in range(40):
        practice = random_practice(chance)
        assert_every_word_is_in_its_place(practice, document_of(practice, TODAY, cage))


@pytest.mark.parametrize("name", ["title", "summary", *(one.id for one in TEMPLATE)])
def test_each_nasty_text_alone_is_only_text_in_each_field(name: str, cage: Cage) -> None:
    for nasty in NASTY:
        practice = filled(**{name: nasty})
        document = document_of(practice, TODAY, cage)
        assert_every_word_is_in_its_place(practice, document)
        assert not document.places.notes
        assert document.source.id != "stolen"


def test_lines_become_paragraphs_and_lists_become_lists(cage: Cage) -> None:
    document = document_of(
        filled(actors="Who:\n- the county\n- the union\n\nLine one\nline two"), TODAY, cage
    )
    assert sections(document)["Actors"].strip() == "Who:\n\nthe county\nthe union\n\nLine one\n\nline two"


def test_what_is_said_of_it_is_read_as_it_was_typed(cage: Cage) -> None:
    source = document_of(filled(title="Yes: 2024", period="2018 to 2024", date="2026-02"), TODAY, cage).source
    assert source.title == "Yes: 2024"
    assert (source.language, source.date) == ("en", date(2026, 2, 1))
    assert (source.countries, source.corridors) == (("Kenya", "Qatar"), ("Kenya -> Qatar",))
    assert (source.sectors, source.themes) == (("domestic work",), ("training and support",))
    assert (source.licence, source.tier) == ("CC BY-SA 4.0", "")


def test_without_a_date_it_is_of_the_day_and_all_rights_reserved_is_for_members(cage: Cage) -> None:
    document = document_of(filled(licence=MEMBERS_ONLY), TODAY, cage)
    assert (document.source.date, document.audience) == (TODAY, "members")
    assert document_of(filled(), TODAY, cage).audience == "public"


def test_the_same_form_is_the_same_file_and_consent_is_not_in_it() -> None:
    assert markdown(filled(), TODAY) == markdown(filled(), TODAY)
    assert "Director of Training" not in markdown(filled(), TODAY)


def test_a_field_left_empty_has_no_heading(cage: Cage) -> None:
    assert "Protection" not in sections(document_of(filled(protection=""), TODAY, cage))


def test_a_practice_announces_no_webinar_even_where_it_tells_of_one(cage: Cage) -> None:
    """Anywhere else this text would put a webinar into the calendar."""
    agenda = (
        "Topic: Skills passports\nDate: 11th April, 2024\nTime: 12:00 - 13:00 EAT\n"
        "12:00 - 12:10 Opening remarks\n12:10 - 12:30 Passports for masons\n12:30 - 13:00 Questions"
    )
    document = document_of(filled(context=agenda), TODAY, cage)
    assert (document.event, document.source.event) == (None, None)
