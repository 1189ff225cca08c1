"""What was asked is found with its answer; tags, housekeeping and rhetoric are not asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.webinars.questions import Question, questions
from tests.bot.webinars.conftest import Heard, Line

ANSWER = "Well, good afternoon. The employer pays the airfare before the worker travels. It rains here."


def asked(heard: Heard, said: str, answer: str = ANSWER, language: str = "en") -> list[str]:
    """The questions that are found where Ama says ``said`` and Ben ``answer``."""
    talk = heard([(0, 8, "Ama", said), (9, 30, "Ben", answer)], language)
    return [talk.version.quote(one.span) for one in questions(talk)]


def one_of(heard: Heard, lines: list[Line]) -> tuple[Question, str | None]:
    """The only question of ``lines``, and the words of its best sentence."""
    talk = heard(lines)
    (found,) = questions(talk)
    return found, talk.version.quote(found.best) if found.best else None


def test_a_question_has_its_asker_its_second_and_the_sentence_that_answers_it(heard: Heard) -> None:
    found, best = one_of(
        heard,
        [
            (0, 10, "Ama", "We turn to money. Who pays the airfare of the worker?"),
            (11, 20, "Ben", ANSWER),
            (21, 30, "Cho", "The visa is another matter."),
            (31, 40, "Ama", "Thank you both for that."),
            (41, 50, "Ben", "The employer pays the airfare, as said."),
        ],
    )
    assert found.speaker == "Ama"
    assert found.start == pytest.approx(10 * 18 / 53)
    assert [turn.speaker for turn in found.answers] == ["Ben", "Cho"]
    assert best == "The employer pays the airfare before the worker travels."


def test_questions_that_follow_each_other_in_a_turn_are_one(heard: Heard) -> None:
    assert asked(heard, "Has anybody measured it? Are the children in school?") == [
        "Has anybody measured it? Are the children in school?"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "That was a hot summer, wasn't it?",
        "Can you hear me now, please?",
        "Could we have the next slide, please?",
        "Are there any questions from the floor?",
        "So, really?",
        "C'était en mars, n'est-ce pas ?",
        "Who pays the airfare of the worker.",
    ],
)
def test_tags_and_housekeeping_ask_nothing(heard: Heard, said: str) -> None:
    assert asked(heard, said) == []


def test_what_the_asker_goes_on_to_answer_was_not_asked(heard: Heard) -> None:
    said = "Who pays the airfare of them? The farm pays. I always paid. My father paid. Grandfather paid too."
    assert asked(heard, said) == []


def test_an_arabic_question_mark(heard: Heard) -> None:
    assert asked(heard, "من يدفع تذكرة السفر للعامل؟", "يدفع صاحب العمل تذكرة السفر.", "ar") == [
        "من يدفع تذكرة السفر للعامل؟"
    ]


def test_an_answer_comes_soon_or_never(heard: Heard) -> None:
    question: Line = (0, 5, "Ama", "Who pays the airfare of the worker?")
    found, best = one_of(heard, [question, (126, 130, "Ben", "The employer pays the airfare.")])
    assert (found.answers, best) == ((), None)
    found, best = one_of(heard, [question, (125, 130, "Ben", "The employer pays the airfare.")])
    assert best == "The employer pays the airfare."


def test_the_best_sentence_need_not_share_a_word(heard: Heard) -> None:
    talk = heard(
        [(0, 5, "Ama", "Who pays the airfare?"), (6, 9, "Ben", "Nobody spoke. Companies do. Rain fell.")]
    )
    vectors = np.eye(len(talk.sentences), talk.vectors.shape[1], dtype=np.float32)
    vectors[2] = vectors[0]
    (found,) = questions(replace(talk, vectors=vectors))
    assert found.best == talk.sentences[2].span
    (found,) = questions(replace(talk, vectors=vectors, trusted=0.0))
    assert found.best == talk.sentences[1].span


@pytest.mark.parametrize("other", [None, "Ben"])
def test_where_the_asker_is_not_named_no_answer_is_given(heard: Heard, other: str | None) -> None:
    found, best = one_of(
        heard, [(0, 5, None, "Who pays the airfare of the worker?"), (6, 9, other, "The employer pays.")]
    )
    assert (found.answers, best) == ((), None)
