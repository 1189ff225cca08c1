"""Who spoke of something, and when: such questions are known, and what they look for is taken out of them."""

from __future__ import annotations

import pytest

from bot.moments import spoken_of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Who mentioned the travel matrix?", "the travel matrix"),
        ("Which speaker talked about the welfare fund?", "the welfare fund"),
        ("who else has spoken on insurance", "insurance"),
        ("Who said what about financing, and when?", "financing"),
        (
            "Who said that contracts should let her keep the phone?",
            "that contracts should let her keep the phone",
        ),
        ("Qui a parlé de la VAE ?", "la VAE"),
        ("Quem falou sobre o seguro?", "o seguro"),
        ("At what minute is the travel matrix discussed?", "the travel matrix"),
        ("Quote the minute where reintegration is discussed.", "reintegration"),
        ("Show me the moment when superannuation is mentioned", "superannuation"),
        ("Give the time when someone talks about THAMM", "THAMM"),
        ("When did they talk about the welfare fund?", "the welfare fund"),
        ("Where do the speakers discuss brain waste?", "brain waste"),
    ],
)
def test_the_subject_of_the_talk_is_found(question: str, subject: str) -> None:
    assert spoken_of(question) == subject


@pytest.mark.parametrize(
    "question",
    [
        "Who pays the airfare?",
        "Who spoke?",
        "Who spoke at the April 2024 webinar?",
        "Which speakers were mentioned in the agenda?",
        "Who raises the fee?",
        "When did Germany say so?",
        "When did Kenya sign?",
        "At what time did the webinar start?",
        "What time did colleagues in Pretoria have to connect?",
        "",
    ],
)
def test_what_any_document_can_answer_is_left_alone(question: str) -> None:
    assert spoken_of(question) is None
