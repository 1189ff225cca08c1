"""Places follow from spans, through one text that has pages, slides, headings, cues and notes."""

from __future__ import annotations

import pytest

from ingest.builder import TextBuilder
from ingest.domain import Cue, Mark, Note, Passage, Place, PlaceMap, Span, Version, clock


def test_every_part_of_a_text_stands_where_the_builder_says() -> None:
    builder = TextBuilder()
    builder.heading("  Financing ", 2)
    first = builder.paragraph("Employers pay  the fare.")
    builder.note("P23")
    second = builder.continue_paragraph("Workers repay it.")
    builder.paragraph("\u200b")  # nothing that a reader could see
    reading = builder.build({"title": "PALM"})
    assert reading.text == "Financing\n\nEmployers pay the fare. Workers repay it."
    assert first == Span(11, 34)
    assert second == Span(35, 52)
    assert reading.places.headings == (Mark(0, "Financing", 2),)
    assert reading.places.notes == (Note(34, "P23"),)
    assert reading.properties == {"title": "PALM"}


def test_a_span_that_crosses_a_page_break_stands_on_both_pages() -> None:
    builder = TextBuilder()
    builder.page()
    builder.paragraph("one")
    builder.page()
    builder.page()  # an empty page keeps its number
    builder.continue_paragraph("two")
    builder.page()
    places = builder.build().places
    assert places.pages == (0, 4, 4, 7)
    assert places.place(Span(0, 3)).pages == (1, 1)
    assert places.place(Span(0, 7)).pages == (1, 3)
    assert str(places.place(Span(0, 7))) == "pp. 1-3"
    assert str(places.place(Span(0, 2))) == "p. 1"


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (Span(0, 3), "00:10-00:12, Anna"),
        (Span(4, 8), "00:12-00:15, Ben"),  # a span that ends where a cue begins does not touch it
        (Span(0, 8), "00:10-00:15, Anna, Ben"),
        (Span(3, 4), ""),  # the gap between two cues belongs to neither
        (Span(5, 5), "00:12-00:15, Ben"),
    ],
)
def test_a_span_of_a_transcript_has_the_moments_and_speakers_of_its_cues(span: Span, label: str) -> None:
    places = PlaceMap(cues=(Cue(Span(0, 3), 10.2, 12.0, "Anna"), Cue(Span(4, 8), 12.0, 15.9, "Ben")))
    assert str(places.place(span)) == label


def test_a_conversation_without_times_has_speakers_but_no_seconds() -> None:
    places = PlaceMap(cues=(Cue(Span(0, 3), None, None, "Anna"), Cue(Span(4, 8), None, None, None)))
    place = places.place(Span(0, 8))
    assert place.seconds is None
    assert place.speaker == str(place) == "Anna"


def test_an_unknown_end_leaves_the_moments_that_are_known() -> None:
    places = PlaceMap(cues=(Cue(Span(0, 3), 5.0, None, None), Cue(Span(4, 8), None, None, None)))
    assert places.place(Span(0, 8)).seconds == (5.0, 5.0)
    assert PlaceMap(cues=(Cue(Span(0, 3), 0.0, 2.0),)).place(Span(0, 3)).seconds == (0.0, 2.0)


def test_headings_nest_by_level_and_a_slide_is_named_by_its_number() -> None:
    places = PlaceMap(headings=(Mark(0, "A", 1), Mark(10, "B", 2), Mark(20, "C", 2), Mark(30, "D", 1)))
    assert places.heading_path(25) == ("A", "C")
    assert places.heading_path(35) == ("D",)
    assert str(places.place(Span(12, 14))) == "B"
    assert PlaceMap(headings=(Mark(5, "A", 1),)).heading(2) is None
    assert str(PlaceMap(slides=(0, 9)).place(Span(9, 12))) == "slide 2"
    assert str(Place()) == ""


def test_notes_belong_to_the_words_before_them() -> None:
    places = PlaceMap(notes=(Note(10, "P01"), Note(20, "P02"), Note(20, "P02")))
    assert places.notes_in(Span(0, 10)) == ("P01",)
    assert places.notes_in(Span(10, 20)) == ("P02",)
    assert places.notes_in(Span(0, 9)) == ()


def test_a_version_quotes_itself_and_a_passage_has_an_address() -> None:
    version = Version("palm", 2, "Employers pay.", "digest")
    assert version.quote(Span(10, 13)) == "pay"
    assert Passage("palm", 2, 3, "pay", Span(10, 13)).id == "palm@2:3"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00"), (59.9, "00:59"), (750, "12:30"), (3600, "1:00:00"), (36_065, "10:01:05")],
)
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
