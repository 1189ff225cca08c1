"""Who speaks when: by hand, whatever a file leaves out."""

from __future__ import annotations

import pytest

from bot.webinars.talk import talk_time, turns
from ingest.domain import Cue, PlaceMap, Span, Version


def version(*cues: tuple[float | None, float | None, str | None, str]) -> Version:
    """A version whose cues stand one after the other, a space between."""
    placed, text = [], ""
    for start, end, speaker, said in cues:
        placed.append(Cue(Span(len(text), len(text) + len(said)), start, end, speaker))
        text += said + " "
    return Version("talk", 1, text, "digest", PlaceMap(cues=tuple(placed)))


def test_consecutive_cues_of_one_speaker_are_one_turn() -> None:
    said = version((0, 4, "Ama", "Good day."), (4.5, 9, "Ama", "Welcome."), (9, 12, "Ben", "Thanks."))
    first, second = turns(said)
    assert (first.speaker, first.start, first.end, len(first.cues)) == ("Ama", 0, 9, 2)
    assert said.quote(first.span) == "Good day. Welcome."
    assert (second.speaker, said.quote(second.span)) == ("Ben", "Thanks.")


def test_a_long_pause_begins_a_new_turn_and_a_short_one_does_not() -> None:
    assert len(turns(version((0, 4, "Ama", "One."), (14, 16, "Ama", "Two.")))) == 1
    assert len(turns(version((0, 4, "Ama", "One."), (14.1, 16, "Ama", "Two.")))) == 2


def test_seconds_that_overlap_count_once_for_a_speaker_and_for_each_of_two() -> None:
    said = version((0, 12, "Ama", "One."), (6, 8, "Ama", "Two."), (8, 12, "Ben", "Three."))
    ama, ben = talk_time(said)
    assert (ama.speaker, ama.seconds, ama.turns, ama.stretches) == ("Ama", 12, 1, ((0, 12),))
    assert (ben.speaker, ben.seconds, ben.turns, ben.stretches) == ("Ben", 4, 1, ((8, 12),))
    assert (ama.share, ben.share) == (pytest.approx(12 / 16), pytest.approx(4 / 16))


def test_cues_out_of_order_are_counted_by_their_times() -> None:
    (ama,) = talk_time(version((20, 25, "Ama", "Late."), (0, 5, "Ama", "Early.")))
    assert (ama.seconds, ama.stretches) == (10, ((0, 5), (20, 25)))


def test_a_breath_parts_no_stretch_but_is_no_talk() -> None:
    (ama,) = talk_time(version((0, 5, "Ama", "One."), (5.5, 8, "Ama", "Two."), (9.5, 10, "Ama", "Three.")))
    assert ama.seconds == pytest.approx(8)
    assert ama.stretches == ((0, 8), (9.5, 10))


def test_without_times_the_characters_decide() -> None:
    ben, ama = talk_time(version((None, None, "Ama", "Short."), (None, None, "Ben", "Rather longer words.")))
    assert (ben.speaker, ben.share, ben.seconds, ben.stretches) == ("Ben", pytest.approx(20 / 26), 0, ())
    assert (ama.share, ama.turns) == (pytest.approx(6 / 26), 1)
    assert turns(version((None, None, "Ama", "Short.")))[0].start is None


def test_without_speakers_there_is_one_nobody_whom_pauses_part() -> None:
    said = version((0, 5, None, "One."), (6, 9, None, "Two."), (30, 31, None, "Three."))
    (nobody,) = talk_time(said)
    assert (nobody.speaker, nobody.turns, nobody.share) == (None, 2, 1)


def test_an_end_that_is_missing_takes_no_time() -> None:
    ama, ben = talk_time(version((0, None, "Ben", "One."), (4, 6, "Ama", "Two.")))
    assert (ama.speaker, ama.seconds, ben.seconds) == ("Ama", 2, 0)


def test_what_is_no_transcript_has_no_turns() -> None:
    assert turns(version()) == ()
    assert talk_time(version()) == ()
