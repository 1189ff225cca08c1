"""What is typed into a search, taken apart; and where its phrases stand in a text."""

from __future__ import annotations

import random

import pytest

from index.wording import Clause, Wording, places, read_wording

FAIR = Clause(("fair", "recruitment"))
FEES = Clause(("fees",))
RECRUIT = Clause(("recruit",), is_open=True)


@pytest.mark.parametrize(
    ("typed", "wording"),
    [
        ("fair recruitment", Wording("fair recruitment")),
        ('"fair recruitment" Kenya', Wording("fair recruitment Kenya", (FAIR,))),
        ('"Fair-Recruitment"', Wording("Fair-Recruitment", (FAIR,))),
        ("recruit*", Wording("", (RECRUIT,))),
        ("Recruit*, Kenya", Wording("Kenya", (RECRUIT,))),
        ('"fair recr"*', Wording("fair", (Clause(("fair", "recr"), is_open=True),))),
        ('"fair recr*"', Wording("fair", (Clause(("fair", "recr"), is_open=True),))),
        ("-fees", Wording("", (), (FEES,))),
        ('Kenya -fees -"fair recruitment" –recruit*', Wording("Kenya", (), (FEES, FAIR, RECRUIT))),
        ("“fair recruitment” «fees»", Wording("fair recruitment fees", (FAIR, FEES))),
        ("« à l’École »", Wording("à l’École", (Clause(("a", "l", "ecole")),))),
        ('"30 800"', Wording("30 800", (Clause(("30800",)),))),
        ('"الإعتراف بالمهارات"', Wording("الإعتراف بالمهارات", (Clause(("الاعتراف", "بالمهارات")),))),
        ('before"fees"after', Wording("before fees after", (FEES,))),
    ],
)
def test_phrases_beginnings_and_exclusions_are_read(typed: str, wording: Wording) -> None:
    assert read_wording(typed) == wording


@pytest.mark.parametrize(
    "typed",
    ["pre-departure", '"fair recruitment', "fees - Kenya", "--fees", "a*", "*", "re*cruit", 'fees"', "2-3"],
)
def test_marks_that_mean_nothing_are_no_syntax(typed: str) -> None:
    assert read_wording(typed).is_plain


def test_what_is_only_left_out_says_nothing_to_look_for() -> None:
    assert read_wording('-fees -"fair recruitment"').is_empty
    assert read_wording('""').is_empty and read_wording("").is_empty
    assert not read_wording('"to be"').is_empty and not read_wording("recruit*").is_empty


def test_no_search_looks_up_more_than_eight_clauses_of_a_kind() -> None:
    wording = read_wording(" ".join(f"ab{letter}* -cd{letter}*" for letter in "abcdefghijkl"))
    assert len(wording.required) == len(wording.excluded) == 8


def test_anything_at_all_can_be_typed() -> None:
    chance = random.Random(1)
    for length in [*range(40), 100_000]:
        typed = "".join(chance.choices('ab "*-“”«».,\n\x00ا́é𝒳', k=length))
        wording = read_wording(typed)
        assert all(clause.words for clause in (*wording.required, *wording.excluded))
        assert not set(wording.words) & set('"“”«»')


@pytest.mark.parametrize(
    ("text", "clause", "marked"),
    [
        ("Fair recruitment; unfair recruitment.", FAIR, ["Fair recruitment"]),
        ("A fair-recruitment desk, fair\nrecruitment", FAIR, ["fair-recruitment", "fair\nrecruitment"]),
        ("Recruiters recruit. Nobody recruits", RECRUIT, ["Recruiters", "recruit", "recruits"]),
        ("fair recruiters", Clause(("fair", "recruit"), is_open=True), ["fair recruiters"]),
        ("aa aa aa", Clause(("aa", "aa")), ["aa aa aa"]),
        ("Recruitment is fair", FAIR, []),
    ],
)
def test_places_are_where_the_words_stand_side_by_side(text: str, clause: Clause, marked: list[str]) -> None:
    assert [text[span.start : span.end] for span in places(text, [clause])] == marked
