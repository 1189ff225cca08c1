"""What a question asks for, and which sentences hold it."""

from __future__ import annotations

import pytest

from bot.expected import asks_of_sessions, fits, is_question


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("When was it signed?", "It was signed in July.", "It was signed in haste."),
        ("What time does the webinar start?", "Time: 11:00 to 12:00 (SAST)", "It starts in time."),
        ("When do we meet?", "We meet at noon.", "We meet at the ministry."),
        ("How many nurses left?", "Nineteen nurses left; twenty stayed.", "Some nurses left."),
        ("Who pays the airfare?", "The employer pays it.", "It is paid in advance."),
        ("Where do they work?", "They work in Tonga.", "They work in fields."),
    ],
)
def test_a_sentence_holds_what_is_asked_for_or_not(question: str, holds: str, lacks: str) -> None:
    assert fits(question, holds) > fits(question, lacks) == 0.0


def test_neither_the_words_of_the_question_nor_months_are_names() -> None:
    question = "Who pays the seasonal workers of Tonga?"
    assert fits(question, "In August a Seasonal Worker of Tonga came.") == 0.0
    assert fits(question, "In August a Seasonal Worker met Okal.") == pytest.approx(1 / 3)
    assert fits(question, "Then Okal, Mbaka, Kariuki and Lokotui came.") == 1.0


def test_a_question_of_no_known_kind_is_held_by_nothing() -> None:
    assert fits("Why is it so?", "Because in July 2024 Okal paid 300 dollars.") == 0.0


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("Which session covers PALM?", True),
        ("Who moderated?", True),
        ("Quel intervenant parle du Kenya ?", True),
        ("Who pays the airfare?", False),
        ("How do I present my certificate?", False),
    ],
)
def test_what_is_asked_of_sessions(question: str, does: bool) -> None:
    assert asks_of_sessions(question) == does


def test_questions_from_the_floor() -> None:
    assert is_question("Who pays the airfare?")
    assert is_question("Well, I would like to know who pays.")
    assert not is_question("The employer pays.")
