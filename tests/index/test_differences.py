"""Two texts side by side: nothing is lost, what stayed is found, and strange texts take no longer."""

from __future__ import annotations

import random

import pytest

from index.alignment import Allowance, aligned
from index.differences import ADDED, REMOVED, SAME, Change, Run, Unchanged, differences, words_changed

A = "The employer pays the fee."
B = "Workers are briefed before they leave."
C = "A joint committee meets twice a year."


def before_of(found: list[Change | Unchanged]) -> str:
    return "".join(_text(one, ADDED) for one in found)


def after_of(found: list[Change | Unchanged]) -> str:
    return "".join(_text(one, REMOVED) for one in found)


def _text(one: Change | Unchanged, without: str) -> str:
    if isinstance(one, Unchanged):
        return one.text
    return "".join(run.text for run in one.runs if run.kind != without)


def test_a_changed_word_is_shown_in_its_sentence() -> None:
    found = differences(f"{A}\n\n{B}\n\n{C}", f"{A}\n\nWorkers are trained before they leave.\n\n{C}")
    assert found == [
        Unchanged(1, f"{A}\n\n"),
        Change(
            (
                Run(SAME, "Workers are "),
                Run(REMOVED, "briefed"),
                Run(ADDED, "trained"),
                Run(SAME, " before they leave.\n\n"),
            ),
            len(A) + 2,
        ),
        Unchanged(1, C),
    ]
    assert words_changed(found) == (1, 1)


def test_a_paragraph_that_came_and_one_that_went() -> None:
    came = differences(f"{A}\n\n{C}", f"{A}\n\n{B}\n\n{C}")
    assert [one.runs for one in came if isinstance(one, Change)] == [(Run(ADDED, f"{B}\n\n"),)]
    went = differences(f"{A}\n\n{B}\n\n{C}", f"{A}\n\n{C}")
    assert [one.runs for one in went if isinstance(one, Change)] == [(Run(REMOVED, f"{B}\n\n"),)]


def test_a_sentence_that_became_another_is_shown_whole() -> None:
    (one,) = differences(f"{A} {B}", f"{A} {C}")
    assert isinstance(one, Change)
    assert one.runs == (Run(SAME, f"{A} "), Run(REMOVED, B), Run(ADDED, C))


def test_a_word_that_stayed_by_chance_does_not_tear_a_change_apart() -> None:
    (one,) = differences(
        "Each of them earns eighty shillings a week and lives there freely.",
        "Each of them received ninety of the many dollars a month and lives there freely.",
    )
    assert isinstance(one, Change)
    assert [run.kind for run in one.runs] == [SAME, REMOVED, ADDED, SAME]


def test_the_same_text_has_no_change() -> None:
    assert differences(A, A) == [Unchanged(1, A)] and differences("", "") == []
    assert words_changed(differences(A, A)) == (0, 0)


@pytest.mark.parametrize(("before", "after"), [("", A), (A, ""), ("\n\n\n", "\n"), ("مرحبا بكم.", "مرحبا.")])
def test_small_and_odd_texts(before: str, after: str) -> None:
    found = differences(before, after)
    assert after_of(found) == after
    assert before_of(found).split() == before.split()


def test_nothing_is_lost_and_every_offset_is_where_the_change_stands() -> None:
    chance = random.Random(4)
    vocabulary = [*"abcde", "fee.", "wage!", "\n\n", "\n", "؟ ", "long-word", "it’s"]
    for _ in range(300):
        before = " ".join(chance.choice(vocabulary) for _ in range(chance.randrange(40)))
        words = before.split(" ")
        for _ in range(chance.randrange(6)):
            words.insert(chance.randrange(len(words) + 1), chance.choice(vocabulary))
            del words[chance.randrange(len(words))]
        after = " ".join(words)
        found = differences(before, after)
        assert after_of(found) == after
        assert "".join(before_of(found).split()) == "".join(before.split())
        for one in found:
            if isinstance(one, Change):
                assert after.startswith(_text(one, REMOVED), one.start)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 30_000, "b a " * 29_000),
        ("a.\n\nb.\n\n" * 9_000, "b.\n\na.\n\n" * 9_001),
        ("x" * 200_000, "x" * 199_999 + "y"),
        ("." * 200_000, "!" * 200_000),
        ("\n" * 200_000, "\n" * 190_000),
    ],
    ids=["words", "paragraphs", "letters", "stops", "lines"],
)
def test_long_and_hostile_texts_come_to_an_end(before: str, after: str) -> None:
    assert after_of(differences(before, after)) == after


def test_rows_that_divide_one_by_one_are_lined_up_only_so_far() -> None:
    """Each item stands once only when the one before it has been lined up."""
    names = [f"x{number}" for number in range(3_000)]
    before = [name for both in zip(names[1:], names, strict=False) for name in both]
    after = [name for number, own in enumerate(names) for name in (f"y{number}", own)]
    stretches = aligned(before, after, Allowance())
    same = [one for one in stretches if one.same]
    assert 0 < len(same) < 2_000 and not stretches[-1].same
    assert [item for one in stretches for item in after[one.c : one.d]] == after
    assert [item for one in stretches for item in before[one.a : one.b]] == before
