"""What a recording holds is worked out once a version, and apart for those who may see more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.webinars.recorded import Recorded, Recordings
from bot.webinars.webinar import webinar
from index.library import Library
from index.scope import PUBLIC, Reader
from ingest.errors import NotFound
from tests.spoken import ASKED, MEMBER, SPEAKERS, spoken_library, talk


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with spoken_library(tmp_path_factory.mktemp("spoken") / "data") as library:
        yield library


def look(recordings: Recordings, library: Library, identity: str, reader: Reader = PUBLIC) -> Recorded:
    one = webinar(library, identity, reader)
    return recordings.of(one, one.transcripts[0], reader)


def test_chapters_speakers_questions_and_slides_of_a_recording(library: Library) -> None:
    found = look(Recordings(library), library, "learning")
    assert [chapter.title for chapter in found.chapters] == [
        "Airfares and deductions from wages",
        "Recognition of skills of welders",
        "Return and savings of families",
    ]
    assert {share.speaker for share in found.shares} == set(SPEAKERS)
    assert [found.version.quote(question.span) for question in found.questions] == [ASKED]
    (deck,) = found.decks
    assert [shown.slide for shown in deck.shown] == [1, 2, 3]
    assert deck.title(2) == "Welders on the deck"
    assert found.length == 20.4 * 89 + 19


def test_a_second_look_costs_nothing(library: Library) -> None:
    recordings = Recordings(library)
    first = look(recordings, library, "learning")
    assert look(recordings, library, "learning") is first
    assert first.chapters is first.chapters and first.decks is first.decks


def test_a_new_version_is_looked_into_anew(library: Library) -> None:
    recordings = Recordings(library)
    first = look(recordings, library, "latin")
    library.add(talk("latin", [(5.0, 9.0, "Zoé", "Le train coûte moins cher.")]))
    second = look(recordings, library, "latin")
    assert second is not first and "train" in second.version.text


def test_a_slide_for_members_is_known_to_members_alone(library: Library) -> None:
    recordings = Recordings(library)
    for reader, decks in ((MEMBER, ["deck", "sealed-deck"]), (PUBLIC, ["deck"])):
        found = look(recordings, library, "learning", reader)
        assert [deck.source.id for deck in found.decks] == decks


def test_who_may_not_read_a_transcript_does_not_look_into_it(library: Library) -> None:
    one = webinar(library, "closed", MEMBER)
    recordings = Recordings(library)
    assert recordings.of(one, one.transcripts[0], MEMBER).version.text
    with pytest.raises(NotFound):
        recordings.of(one, one.transcripts[0], PUBLIC)


def test_chapters_of_one_session_are_found_in_what_is_said(library: Library) -> None:
    found = look(Recordings(library), library, "elsewhere")
    assert [chapter.session for chapter in found.chapters] == [None]


def test_without_words_or_times_nothing_is_found(library: Library) -> None:
    found = look(Recordings(library), library, "notes-only")
    assert (found.chapters, found.shares, found.questions, found.decks, found.length) == ((), (), (), (), 0.0)
