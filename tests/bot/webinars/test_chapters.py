"""Chapters where the subject changes, whatever the language; sessions where they are held."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from bot.webinars.chapters import MOST, chapters, programme_chapters
from bot.webinars.transcript import transcript
from index.encoded import Vectors
from ingest.domain import Person, Session
from tests.bot.webinars.conftest import Heard, Line, Stored
from tests.fakes import HashEmbedder

AIRFARE = "The employer advances the airfare and wages repay the airfare until the ceiling is reached"
NURSES = "Nurses sit a language test before hospitals register nurses from Kenya for the ward"
RETURN = "Returnees open a workshop with savings, and reintegration advisers visit returnees twice"
AR_FARE = "يدفع صاحب العمل تذكرة الطيران ثم تخصم التذكرة من الأجور حتى السقف"
AR_NURSE = "الممرضات يجتزن اختبار اللغة قبل التسجيل في المستشفى والممرضات من كينيا"


def talk(
    *subjects: str, minutes: int = 5, start: float = 0.0, speakers: tuple[str | None, ...] = ("Ama", "Ben")
) -> list[Line]:
    """Each subject for some minutes, a sentence every ten seconds, the speakers in turn for half a minute."""
    lines: list[Line] = []
    for number in range(6 * minutes * len(subjects)):
        subject = subjects[number // (6 * minutes)]
        at = start + 10 * number
        words = subject.split()
        turned = words[number % 5 :] + words[: number % 5]
        speaker = speakers[number // 3 % len(speakers)]
        lines.append((at, at + 9.5, speaker, f"{' '.join(turned)}.".capitalize()))
    return lines


def encode(texts: object) -> Vectors:
    assert isinstance(texts, tuple)
    return np.stack([HashEmbedder().encode_question(text).whole for text in texts])


def test_chapters_begin_where_the_subject_changes_and_are_called_by_its_words(heard: Heard) -> None:
    found = chapters(heard(talk(AIRFARE, NURSES, RETURN)))
    begins = [one.start for one in found]
    assert begins[0] == 0
    assert {300, 600} <= set(begins)
    assert found[-1].end == 899.5
    assert all(119 < (one.end or 0) - (one.start or 0) < 720 for one in found)
    by_start = {one.start: one.title.casefold() for one in found}
    assert any(word in by_start[300] for word in ("nurses", "language test", "hospitals"))
    assert any(word in by_start[600] for word in ("returnees", "reintegration", "workshop"))


def test_chapters_follow_each_other_and_hold_every_sentence(heard: Heard) -> None:
    said = heard(talk(AIRFARE, NURSES))
    found = chapters(said)
    assert found[0].span.start == said.sentences[0].span.start
    assert found[-1].span.end == said.sentences[-1].span.end
    assert all(before.span.end < after.span.start for before, after in pairwise(found))
    assert all(one.session is None for one in found)


def test_titles_hold_no_function_words_no_fillers_and_no_speakers(heard: Heard) -> None:
    subject = "Thank you Ama, so I think the really important thing is the matrix of the ceiling, okay"
    (title, *_) = [one.title for one in chapters(heard(talk(subject, NURSES)))]
    words = set(title.casefold().replace(",", "").split())
    assert words <= {"matrix", "ceiling"}
    assert "matrix" in words


def test_a_silent_lead_in_and_greetings_are_no_chapter(heard: Heard) -> None:
    greetings: list[Line] = [
        (240.0 + 20 * number, 241.0 + 20 * number, "Ben", "Hello, can you hear me?") for number in range(9)
    ]
    found = chapters(heard([*greetings, *talk(AIRFARE, NURSES, start=420)]))
    assert found[0].start == 240
    assert found[1].start is not None
    assert found[1].start > 420 + 60
    assert "hello" not in found[0].title.casefold()


def test_arabic_by_its_words_where_the_model_tells_nothing(heard: Heard) -> None:
    said = heard(talk(AR_FARE, AR_NURSE, AR_NURSE), language="ar", model="all-MiniLM-L6-v2")
    found = chapters(replace(said, vectors=np.zeros_like(said.vectors)))
    assert 300 in [one.start for one in found]
    assert all(one.title for one in found)
    assert "الممرضات" in " ".join(one.title for one in found if one.start == 300)
    assert ", " not in "".join(one.title for one in found)


def test_without_speakers(heard: Heard) -> None:
    assert 300 in [one.start for one in chapters(heard(talk(AIRFARE, NURSES, speakers=(None,))))]


def test_a_short_talk_is_one_chapter_and_silence_none(heard: Heard) -> None:
    (only,) = chapters(heard(talk(AIRFARE, minutes=3)))
    assert (only.start, only.end) == (0, 179.5)


def test_a_day_has_no_more_than_forty(heard: Heard) -> None:
    day = [
        (60.0 * minute, 60.0 * minute + 59, None, f"{subject} {number}. " * 4)
        for number, subject in enumerate([AIRFARE, NURSES, RETURN] * 16)
        for minute in range(21 * number, 21 * number + 21)
    ]
    assert len(chapters(heard(day))) == MOST


def test_without_times_a_chapter_has_its_words_alone(stored: Stored) -> None:
    said = "\n\n".join(f"{speaker}: {words}" for _, _, speaker, words in talk(AIRFARE, NURSES))
    version, vectors = stored(said, "talk.txt")
    found = chapters(transcript(version, "en", vectors, HashEmbedder.name))
    assert all((one.start, one.end) == (None, None) for one in found)
    assert version.text.index("Nurses") in [one.span.start for one in found]


def test_what_is_no_transcript_has_no_chapters(stored: Stored) -> None:
    version, vectors = stored(f"# Fees\n\n{AIRFARE}.", "fees.md")
    said = transcript(version, "en", vectors, HashEmbedder.name)
    assert (said.sentences, chapters(said), programme_chapters(said, SESSIONS)) == ((), (), ())


SESSIONS = (
    Session("Who pays the airfare", 5, people=(Person("Ama"),)),
    Session("A session that was called off", 5, people=(Person("Nobody"),)),
    Session("Nurses and the language test", 8, ("Hospitals that register nurses",), (Person("Ben"),)),
    Session("Returnees", 5, ("Reintegration and savings",)),
)


def test_sessions_are_found_where_they_are_held_not_where_they_were_planned(heard: Heard) -> None:
    said = heard(talk(AIRFARE, NURSES, RETURN))
    for by in (None, encode):
        found = programme_chapters(said, [SESSIONS[0], *SESSIONS[2:]], by)
        assert [one.start for one in found] == [0, 300, 600]
        assert [one.title for one in found] == [SESSIONS[0].title, SESSIONS[2].title, SESSIONS[3].title]
        assert [one.session for one in found] == [SESSIONS[0], *SESSIONS[2:]]


def test_a_session_that_nobody_held_is_left_out(heard: Heard) -> None:
    found = programme_chapters(heard(talk(AIRFARE, NURSES, RETURN)), SESSIONS)
    assert [one.title for one in found] == [SESSIONS[0].title, SESSIONS[2].title, SESSIONS[3].title]


def test_where_no_words_tell_who_speaks_decides_near_what_was_planned(heard: Heard) -> None:
    first = talk(AIRFARE, minutes=4, speakers=("Ama", "Cho"))
    second = talk(AIRFARE, minutes=9, start=240, speakers=("Ben", "Dan"))
    sessions = (
        Session("Opening", 5, people=(Person("ama"), Person("Cho Achieng"))),
        Session("Close", 8, people=(Person("Ben"), Person("Dan"))),
    )
    found = programme_chapters(heard([*first, *second]), sessions)
    assert [one.start for one in found] == [0, 240]


def test_without_a_programme_there_are_no_sessions(heard: Heard) -> None:
    assert programme_chapters(heard(talk(AIRFARE)), ()) == ()
