"""A transcript in lines and parts, and what is said at a moment: by hand."""

from __future__ import annotations

import pytest

from bot.webinars.lines import Script
from ingest.domain import Cue, PlaceMap, Span, Version

Given = tuple[float | None, float | None, str | None, str]


def version(*cues: Given) -> Version:
    """A version whose cues stand one after the other, a space between."""
    placed, text = [], ""
    for start, end, speaker, said in cues:
        placed.append(Cue(Span(len(text), len(text) + len(said)), start, end, speaker))
        text += said + " "
    return Version("talk", 1, text, "digest", PlaceMap(cues=tuple(placed)))


def script(*cues: Given, part: int = 10_000) -> Script:
    return Script(version(*cues), part, 100)


def said_at(script: Script, second: int) -> list[str]:
    return [script.version.quote(cue.span) for cue in script.cues_at(second)]


def test_a_line_is_what_one_says_in_one_go() -> None:
    own = script(
        (0, 4, "Ama", "One."), (4, 8, "Ama", "Two."), (8, 9, "Ben", "Three."), (30, 31, "Ben", "Four.")
    )
    ((first, second, third),) = own.parts
    assert (first.speaker, first.start, len(first.cues), first.opens_turn) == ("Ama", 0, 2, True)
    assert (second.speaker, second.start) == ("Ben", 8)
    assert (third.speaker, third.start, third.opens_turn) == ("Ben", 30, True)  # after a pause


def test_a_long_turn_is_cut_at_cues_and_says_its_speaker_once() -> None:
    own = script(*((10.0 * n, 10.0 * n + 9, "Ama", "x" * 250) for n in range(6)))
    ((*lines,),) = own.parts
    assert [len(line.cues) for line in lines] == [2, 2, 2]
    assert [line.opens_turn for line in lines] == [True, False, False]
    assert [line.start for line in lines] == [0, 20, 40]


def test_a_part_holds_so_many_bytes_at_the_most() -> None:
    """A line of 10 letters takes 10 + 3 for its speaker + 40 for its cue + 100: six of them 918 bytes."""
    cues: list[Given] = [(20.0 * n, 20.0 * n + 5, "Ama" if n % 2 else "Ben", "ten letter") for n in range(13)]
    assert [len(part) for part in script(*cues, part=918).parts] == [6, 6, 1]
    assert [len(part) for part in script(*cues, part=917).parts] == [5, 5, 3]
    assert script(*cues, part=918).starts == (0, 120, 240)


def test_letters_beyond_ascii_take_their_bytes() -> None:
    cues: list[Given] = [(20.0 * n, 20.0 * n + 5, None, "عشرة أحرف!") for n in range(6)]
    assert [len(part) for part in script(*cues, part=6 * 150).parts] == [5, 1]


def test_a_cue_of_many_pages_is_shown_in_pieces_that_lose_nothing() -> None:
    own = script((1.0, 9_000.0, "Ama", "word " * 1_000), part=2_500)
    pieces = [cue for part in own.parts for line in part for cue in line.cues]
    assert len(own.parts) == len(pieces) == 3
    assert "".join(own.version.quote(piece.span) for piece in pieces) == own.version.quote(Span(0, 5_000))
    assert [piece.start for piece in pieces] == [1.0, None, None]
    assert own.part_of(own.version.places.cues[0]) == 1
    assert own.starts == ()  # no moment leads into the parts in the middle


def test_the_part_of_a_cue() -> None:
    own = script(*((20.0 * n, 20.0 * n + 5, None, "ten letter") for n in range(5)), part=300)
    assert [own.part_of(cue) for cue in own.version.places.cues] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("second", "words"),
    [(0, []), (1, ["One."]), (3, ["One."]), (5, ["One."]), (9, ["One."]), (10, ["Two."]), (500, ["Two."])],
)
def test_what_is_said_at_a_moment(second: int, words: list[str]) -> None:
    assert said_at(script((1.4, 5, "Ama", "One."), (10.9, 12, "Ben", "Two.")), second) == words


def test_all_that_begins_within_a_second_is_said_then() -> None:
    own = script(
        (1.0, 3, "Ama", "One."), (1.5, 2, "Ben", "Two."), (1.9, 4, "Ama", "Three."), (2, 5, "Ben", "Four.")
    )
    assert said_at(own, 1) == ["One.", "Two.", "Three."]
    assert said_at(own, 2) == ["Four."]


def test_what_begins_in_the_same_second_elsewhere_in_the_file_is_not_drawn_in() -> None:
    own = script((1.5, 2, "Ama", "Later."), (9, 10, "Ben", "Between."), (1.2, 3, "Ama", "Earlier."))
    assert said_at(own, 1) == ["Earlier."]


def test_what_lasts_is_said_before_what_ended() -> None:
    own = script((0, 60, "Ama", "A long one."), (10, 12, "Ben", "A short one."))
    assert said_at(own, 11) == ["A short one."] and said_at(own, 30) == ["A long one."]
    assert said_at(own, 61) == ["A short one."]


def test_an_end_that_is_not_known_or_comes_before_its_start() -> None:
    own = script((0, None, None, "One."), (20, 10, None, "Two."))
    assert said_at(own, 5) == ["One."] and said_at(own, 25) == ["Two."]


def test_without_times_and_without_cues() -> None:
    own = script((None, None, "Ama", "One."), (None, None, "Ben", "Two."))
    assert said_at(own, 0) == [] and own.starts == () and len(own.parts[0]) == 2
    assert script().parts == () and script().starts == () and script().cues_at(3) == ()
