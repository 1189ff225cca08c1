"""A pack holds what one webinar was, each quote an exact span of the stored transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.webinars.pack import MOST_QUESTIONS, Pack, Quote, pack
from bot.webinars.recorded import Recordings
from bot.webinars.statements import MOST
from bot.webinars.webinar import webinar
from index.library import Library
from index.scope import PUBLIC, Reader
from ingest.builder import TextBuilder
from ingest.domain import Event, Person, Session
from tests.fakes import HashEmbedder
from tests.index import made

START = datetime(2026, 2, 10, 9, tzinfo=UTC)
MEMBER = Reader("member", frozenset({"public", "members"}))
SESSIONS = (
    Session("Wages and the airfare", 20, people=(Person("Ama", "Moderator"),)),
    Session("Housing and the pension", None),
)
Line = tuple[float | None, float | None, str | None, str]
FACTS = [
    "The employer pays the airfare of 40 seasonal workers before the journey to Queensland.",
    "Wages of the workers bear the rest of the airfare over twelve weeks in Queensland.",
    "Housing is rented to the workers by growers near the orchards of Queensland.",
    "The pension of seasonal workers is taxed at 35 per cent when they leave Queensland.",
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        yield library


def event(**given: object) -> Event:
    described = {"sessions": SESSIONS, **given}
    return Event("palm", "Who pays", START, START + timedelta(hours=1), "Africa/Nairobi", **described)  # type: ignore[arg-type]


def add_programme(library: Library, told: Event, **described: object) -> None:
    library.add(made.text("event-palm", "The programme.", event_=told, event="palm", **described))


def add_talk(library: Library, lines: Sequence[Line], identity: str = "talk", **described: object) -> None:
    builder = TextBuilder()
    for start, end, speaker, words in lines:
        builder.cue(words, start, end, speaker)
    content = f"{identity} {lines!r}".encode()
    given = {"kind": "transcript", "event": "palm", **described}
    library.add(made.document(identity, builder.build(), content, **given))


def talk(turns: int, speakers: Sequence[str | None] = ("Ama", "Ben")) -> list[Line]:
    """Facts and questions, ten seconds each, the speakers in turns."""
    lines: list[Line] = []
    for number in range(turns):
        words = f"{FACTS[number % 4][:-1]} number {number}."
        asked = f"Which fact of the airfare has the number {number + 1}?"
        speaker = speakers[number % len(speakers)]
        lines.append((10.0 * number, 10.0 * number + 9, speaker, f"{words} {asked}"))
    return lines


def packed(library: Library, reader: Reader = PUBLIC) -> Pack:
    found = webinar(library, "palm", reader)
    return pack(library, Recordings(library), found, next(iter(found.transcripts), None), reader)


def quotes(given: Pack) -> list[Quote]:
    assert given.said
    asked = [(one.question, one.answer) for one in given.said.exchanges]
    statements = [quote for stretch in given.said.stretches for quote in stretch.statements]
    return [*statements, *(quote for pair in asked for quote in pair if quote)]


def test_each_quote_is_its_span_with_its_own_speaker_and_second(library: Library) -> None:
    add_programme(library, event())
    add_talk(library, talk(60))
    given = packed(library)
    assert given.said
    entry, version = library.read("talk")
    assert (given.said.source, given.said.version) == (entry.source, 1)
    assert len(quotes(given)) > MOST_QUESTIONS
    for quote in quotes(given):
        assert version.text[quote.span.start : quote.span.end] == quote.words
        (cue,) = version.places.cues_in(quote.span)
        assert (quote.place.speaker, quote.start) == (cue.speaker, cue.start)


def test_statements_stand_in_their_chapters(library: Library) -> None:
    add_programme(library, event())
    add_talk(library, talk(60))
    said = packed(library).said
    assert said
    assert any(one.statements for one in said.stretches)
    for one in said.stretches:
        assert len(one.statements) <= MOST
        for quote in one.statements:
            assert one.chapter.span.start <= quote.span.start < quote.span.end <= one.chapter.span.end


def test_of_many_questions_those_with_the_clearest_answers_in_order(library: Library) -> None:
    lines = talk(30)
    puzzled = [
        (1000.0 + 10 * number, 1009.0 + 10 * number, speaker, words)
        for number, (speaker, words) in enumerate(
            [("Ama", "Who knows the riddle of the sphinx?"), ("Ben", "Rainy. Cold.")] * 3
        )
    ]
    add_talk(library, [*lines, *puzzled])
    said = packed(library).said
    assert said
    assert said.asked == 33
    starts = [one.question.span.start for one in said.exchanges]
    assert len(starts) == MOST_QUESTIONS and starts == sorted(starts)
    assert not any("sphinx" in one.question.words for one in said.exchanges)


def test_a_webinar_without_transcript_is_cited_by_its_programme(library: Library) -> None:
    library.add(made.text("sheet", "A sheet on airfares.", event="palm"))
    add_programme(library, event())
    given = packed(library)
    assert given.said is None
    assert given.cited and (given.cited[0].id, given.cited[1]) == ("event-palm", 1)
    assert [one.id for one in given.webinar.materials] == ["sheet"]


def test_a_programme_within_another_document_cites_nothing(library: Library) -> None:
    library.add(made.text("note", "A concept note.", event_=event()))
    assert packed(library).cited is None


@pytest.mark.parametrize(
    "lines",
    [
        talk(12, (None,)),
        [(None, None, speaker, words) for _, _, speaker, words in talk(12)],
        [(None, None, None, words) for _, _, _, words in talk(12)],
    ],
    ids=["no speakers", "no times", "neither"],
)
def test_without_speakers_or_times(library: Library, lines: list[Line]) -> None:
    add_talk(library, lines)
    given = packed(library)
    assert quotes(given)
    assert {quote.start is None for quote in quotes(given)} == {lines[0][0] is None}
    assert {quote.place.speaker is None for quote in quotes(given)} == {lines[0][2] is None}


def test_eight_hours_stay_bounded(library: Library) -> None:
    lines = [
        (
            12.0 * number,
            12.0 * number + 11,
            ("Ama", "Ben")[number // 20 % 2],
            f"{FACTS[number % 4]} {number}.",
        )
        for number in range(1_200)
    ]
    add_talk(library, lines)
    said = packed(library).said
    assert said
    assert 20 <= len(said.stretches) <= 40
    assert sum(len(one.statements) for one in said.stretches) <= 40 * MOST


def test_nobody_gets_what_is_kept_from_them(library: Library) -> None:
    add_programme(library, event(materials=("open", "closed")))
    library.add(made.text("open", "An open sheet."))
    library.add(made.text("closed", "A sheet for members."), audience="members")
    assert [one.id for one in packed(library).webinar.materials] == ["open"]
    assert [one.id for one in packed(library, MEMBER).webinar.materials] == ["open", "closed"]


@pytest.mark.parametrize(("programme", "words"), [(True, False), (False, True), (False, False)])
def test_it_is_illustrative_where_its_words_or_its_programme_are(
    library: Library, programme: bool, words: bool
) -> None:
    add_programme(library, event(illustrative=programme))
    add_talk(library, talk(8), illustrative=words)
    assert packed(library).illustrative is (programme or words)
