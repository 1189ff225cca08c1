"""Slides stand where they are spoken of, in their order; others stand nowhere."""

from __future__ import annotations

from bot.webinars.alignment import Shown, align, slide_at, slide_beside
from bot.webinars.transcript import transcript
from ingest.domain import PlaceMap, Span, Version
from tests.bot.webinars.conftest import Line, Stored, vtt
from tests.bot.webinars.test_chapters import AIRFARE, NURSES, RETURN, talk
from tests.fakes import HashEmbedder

SHORT = Shown(3, Span(100, 200), 60.0, 120.0)
LATER = Shown(5, Span(300, 400), 200.0, 260.0)


def deck(*slides: str) -> str:
    """A deck as a document of one page a slide would be read: a heading and a line each."""
    return "\n\n".join(slides)


def placed(stored: Stored, lines: list[Line], slides: tuple[str, ...]) -> list[tuple[int, float, float]]:
    version, vectors = stored(vtt(lines), "talk.vtt")
    said = transcript(version, "en", vectors, HashEmbedder.name)
    text, sentences = stored(deck(*slides), "deck.txt")
    begins = tuple(text.text.index(slide) for slide in slides)
    as_deck = Version("deck", 1, text.text, text.digest, PlaceMap(slides=begins))
    shown = align(said, as_deck, sentences)
    assert all(said.version.place(one.span).seconds is not None for one in shown)
    return [(one.slide, one.start or 0.0, one.end or 0.0) for one in shown]


def near(found: tuple[int, float, float], slide: int, start: float, end: float) -> bool:
    return found[0] == slide and abs(found[1] - start) <= 30 and abs(found[2] - end) <= 30


def test_each_slide_stands_where_it_is_spoken_of(stored: Stored) -> None:
    first, second, third = placed(
        stored, talk(AIRFARE, NURSES, RETURN), (f"{AIRFARE}.", f"{NURSES}.", f"{RETURN}.")
    )
    assert near(first, 1, 0, 300)
    assert near(second, 2, 300, 600)
    assert near(third, 3, 600, 900)


def test_a_slide_that_nobody_speaks_of_is_left_out(stored: Stored) -> None:
    slides = (f"{AIRFARE}.", "Pensions move to a fund abroad.", f"{RETURN}.")
    assert [one[0] for one in placed(stored, talk(AIRFARE, RETURN), slides)] == [1, 3]


def test_slides_keep_their_order(stored: Stored) -> None:
    slides = (f"{NURSES}.", f"{AIRFARE}.")
    lines = [*talk(RETURN, AIRFARE), *talk(NURSES, minutes=2, start=600)]
    (only,) = placed(stored, lines, slides)
    assert near(only, 2, 300, 600)


def test_one_slide_can_be_told_from_nothing(stored: Stored) -> None:
    assert placed(stored, talk(AIRFARE), (f"{AIRFARE}.",)) == []


def test_a_document_without_slides_or_pages_has_nothing_to_place(stored: Stored) -> None:
    version, vectors = stored(vtt(talk(AIRFARE)), "talk.vtt")
    said = transcript(version, "en", vectors, HashEmbedder.name)
    assert align(said, *stored(f"{AIRFARE}.", "deck.txt")) == ()


def test_which_slide_at_a_second_and_beside_a_quotation() -> None:
    shown = (SHORT, LATER)
    assert [slide_at(shown, second) for second in (59.9, 60, 120, 121, 230)] == [None, 3, 3, None, 5]
    assert slide_beside(shown, Span(150, 320)) == 3
    assert slide_beside(shown, Span(190, 330)) == 5
    assert slide_beside(shown, Span(200, 300)) is None
    assert slide_beside((), Span(0, 10)) is None
