"""Passages hold every word once, keep within the model's window, and follow headings, turns and topics."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.builder import Reading, TextBuilder
from ingest.domain import Passage, Version
from ingest.readers import transcripts
from ingest.splitting import MOST_TOKENS, MOST_WORDS, split

WORDS = [
    *["skills", "fee", "visa", "أجر", "資格", "niño", "Kenya", "A$300", "anti-slavery"],
    *["日本語のテキスト", "e.g.", "https://example.org/a?b=c", "🙂"],
]


def count_tokens(text: str) -> int:
    """Four characters of a word to a token, as in the bundled model's vocabulary."""
    return sum(-(-len(word) // 4) for word in re.findall(r"\w+|[^\w\s]", text))


def passages_of(reading: Reading, title: str = "A title") -> tuple[Version, list[Passage]]:
    version = Version("source", 1, reading.text, "digest", reading.places)
    return version, split(version, title, "en", count_tokens)


def random_reading(seed: int) -> Reading:
    """Headings, paragraphs, turns, giant words and giant sentences, in any order."""
    chance = random.Random(seed)
    builder = TextBuilder()
    for _ in range(chance.randint(1, 12)):
        text = " ".join(chance.choices(WORDS, k=chance.choice([1, 5, 40, 400])))
        match chance.randrange(5):
            case 0:
                builder.heading(text[: chance.choice([20, 900])], chance.randint(1, 4))
            case 1:
                builder.paragraph(text.replace(" ", chance.choice([" ", ". ", "\n", "\n\n"])))
            case 2:
                builder.cue(text, chance.random(), 2.0, chance.choice(["Anna", "Ben", None]))
            case 3:
                builder.paragraph("x" * chance.choice([1, 300, 3000]))
            case _:
                builder.continue_paragraph(text, chance.choice([" ", "\n"]))
    return builder.build()


def outside_headings(reading: Reading) -> Iterator[int]:
    """The offsets of all visible characters that are not part of a heading's own line."""
    headings = {
        offset
        for mark in reading.places.headings
        for offset in range(mark.offset, mark.offset + len(mark.label))
    }
    return (
        offset
        for offset, character in enumerate(reading.text)
        if not character.isspace() and offset not in headings
    )


@pytest.mark.parametrize("seed", range(60))
def test_every_visible_character_outside_headings_stands_in_exactly_one_passage(seed: int) -> None:
    reading = random_reading(seed)
    version, passages = passages_of(reading, title=" ".join(WORDS * (seed % 9)))
    covered = [
        offset
        for passage in passages
        for offset in range(passage.span.start, passage.span.end)
        if not reading.text[offset].isspace()
    ]
    assert covered == list(outside_headings(reading))
    for passage in passages:
        assert version.quote(passage.span) == passage.text == passage.text.strip()
        assert count_tokens(passage.context) + count_tokens(passage.text) <= MOST_TOKENS
        assert len(passage.text.split()) <= MOST_WORDS
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))


def test_no_passage_crosses_a_heading_and_each_knows_the_headings_above_it() -> None:
    builder = TextBuilder()
    for heading, level in (("Financing", 2), ("Fares", 3), ("Results", 2)):
        builder.heading(heading, level)
        builder.paragraph(f"This is about {heading.lower()}. " * 3)
    _, passages = passages_of(builder.build(), "PALM")
    assert [passage.context for passage in passages] == [
        "PALM > Financing",
        "PALM > Financing > Fares",
        "PALM > Results",
    ]


def test_a_long_stretch_is_cut_where_the_topic_shifts() -> None:
    fares = ["The employer advances the airfare and deducts airfare costs from wages."] * 7
    housing = ["Inspectors visit the hostel and check the beds of every hostel room."] * 11
    builder = TextBuilder()
    builder.paragraph(" ".join(fares + housing))
    _, passages = passages_of(builder.build())
    assert [("airfare" in p.text, "hostel" in p.text) for p in passages] == [(True, False), (False, True)]


def test_a_line_that_looks_like_a_heading_goes_with_what_follows_it() -> None:
    builder = TextBuilder()
    for number in range(8):
        builder.paragraph(f"Chapter {'ABCDEFGH'[number]} of the handbook")
        builder.paragraph(
            f"Employers of group {number} pay the airfare and deduct it from wages. " * (5 + number)
        )
    _, passages = passages_of(builder.build())
    assert len(passages) > 3
    assert not [passage.text for passage in passages if passage.text.endswith("handbook")]


def test_a_list_goes_with_the_line_that_announces_it() -> None:
    builder = TextBuilder()
    for number in range(8):
        builder.paragraph(
            f"The costs that employers of group {number} have to advance are the following, in order:"
        )
        builder.paragraph(f"The airfare of every worker of group {number}, both ways.\n" * (4 + number))
    _, passages = passages_of(builder.build())
    assert len(passages) > 3
    assert not [passage.text for passage in passages if passage.text.endswith(":")]


def test_passages_of_a_real_meeting_follow_its_turns_and_lose_no_word_or_time(
    shared: Callable[[str], Path],
) -> None:
    path = shared("eval/transcripts/zoom/acdt__2026-05-11_079/transcript.vtt")
    reading = transcripts.read(path.read_bytes(), path.name)
    version, passages = passages_of(reading)
    turns = {0, *(match.end() for match in re.finditer("\n\n", reading.text))}
    assert sum(passage.span.start in turns for passage in passages) >= 0.7 * len(passages)
    assert "".join(p.text for p in passages).replace("\n", "").replace(" ", "") == "".join(
        reading.text.split()
    )
    moments = [version.place(passage.span).seconds for passage in passages]
    assert all(moment is not None and moment[0] < moment[1] for moment in moments)
    assert all(before and after and before[0] <= after[0] for before, after in pairwise(moments))
