"""What is somebody's goes from words before they are written; amounts, years and names of laws stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.asked import is_hidden
from community.gaps.countries import countries_in
from community.gaps.masking import masked
from tests.community.asked.numbers import NOBODYS, SOMEBODYS


@pytest.mark.parametrize("text", SOMEBODYS)
def test_what_is_somebodys_goes(text: str) -> None:
    assert is_hidden(text), masked(text)


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_only_a_number_stays(text: str) -> None:
    assert masked(text) == text


def test_no_question_of_ours_loses_anything(shared: Callable[[str], Path]) -> None:
    questions = [json.loads(line)["question"] for line in shared("questions.jsonl").read_text().splitlines()]
    assert len(questions) > 100
    assert [one for one in questions if masked(one) != one] == []


def test_what_stands_around_it_stays_as_it_was() -> None:
    text = "Between 2019-2024, ring 0712 345 678 (Nairobi), a.b@c.org; it cost 1 500 000 FCFA on 2024-03-15."
    assert masked(text) == (
        "Between 2019-2024, ring [phone] (Nairobi), [e-mail]; it cost 1 500 000 FCFA on 2024-03-15."
    )


def test_nothing_is_masked_twice() -> None:
    once = masked("0712 345 678 and jane@example.org and 8001015009087")
    assert masked(once) == once == "[phone] and [e-mail] and [number]"


@pytest.mark.parametrize(
    "text",
    ["1 2 " * 500, "1-" * 1_000, "a@" * 1_000, "+1 (" * 500, "a." * 1_000 + "@", "A12 " * 500, "(at)" * 500],
)
def test_no_text_takes_long_or_breaks_it(text: str) -> None:
    assert isinstance(masked(text), str)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Ghana and Côte d’Ivoire, not ghana", ("Ghana", "Côte d'Ivoire")),
        ("la VAE au Sénégal et au Royaume-Uni", ("Senegal", "United Kingdom")),
        ("Moçambique, África do Sul", ("Mozambique", "South Africa")),
        ("wafanyakazi wa Uganda nchini Ujerumani", ("Uganda", "Germany")),
        ("العمال من كينيا في السعودية والمغرب", ("Kenya", "Saudi Arabia", "Morocco")),
        ("Kenyan nurses, Jordanians, infirmières kényanes", ("Kenya", "Jordan")),
        ("Papua New Guinea and Guinea-Bissau", ("Papua New Guinea", "Guinea-Bissau")),
        ("nothing of the kind; a turkey, us and them", ("Türkiye",)),
    ],
)
def test_countries_are_found_in_our_languages(text: str, countries: tuple[str, ...]) -> None:
    assert countries_in(text) == countries
