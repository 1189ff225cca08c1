"""A citation as readers see it: its words, and of what was said the moment and the slide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bot.answer import Answer, Citation, Sentence
from bot.pages.asking import Exchange, Stage
from bot.pages.cards import Card, Cards
from bot.pages.chat_view import exchange_html
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from ingest.domain import Span
from tests.clips import wav
from tests.spoken import ASKED, MEMBER, TOPICS, spoken_library, talk


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with spoken_library(tmp_path / "data") as library:
        yield library


def cited(library: Library, identity: str, words: str) -> Citation:
    entry, version = library.read(identity, STAFF)
    start = version.text.index(words)
    span = Span(start, start + len(words))
    return Citation(1, entry.source, entry.number, span, words, version.place(span))


def card(library: Library, identity: str, words: str, reader: Reader = PUBLIC) -> Card:
    return Cards(library).of(cited(library, identity, words), reader)


def test_words_of_a_recording_open_at_their_moment(library: Library) -> None:
    one = card(library, "learning", ASKED)
    assert one.moment == "/webinars/learning?t=83#t=83" and not one.plays
    assert "".join(piece.text for piece in one.pieces if piece.marked) == ASKED


def test_where_the_recording_is_here_it_plays_from_there(library: Library, tmp_path: Path) -> None:
    library.attach_recording("learning", wav(tmp_path / "clip.wav", minutes=0.1))
    one = card(library, "learning", ASKED)
    assert one.moment == "/webinars/learning?t=83&play=yes#t=83" and one.plays
    other = card(library, "learning-sw", "Asante sana.")
    assert other.moment == "/webinars/learning?transcript=learning-sw&t=35&play=yes#t=35"


def test_the_slide_that_is_spoken_of_then(library: Library) -> None:
    one = card(library, "learning", TOPICS[1].format(15))
    assert one.slide and (one.slide.number, one.slide.title) == (2, "Welders on the deck")
    assert one.slide.link.startswith("/sources/deck?version=1&from=")
    assert card(library, "nadwa", "مرحبا بكم").slide is None


def test_a_slide_that_the_reader_may_not_see_is_not_shown(library: Library) -> None:
    library.withdraw("deck")
    words = TOPICS[1].format(15)
    assert card(library, "learning", words).slide is None
    theirs = card(library, "learning", words, MEMBER).slide
    assert theirs and theirs.title == "Welders on the sealed-deck"


def test_a_document_has_neither_moment_nor_slide(library: Library) -> None:
    one = card(library, "palm", "who pays the airfare")
    assert (one.moment, one.plays, one.slide) == ("", False, None)


def test_words_without_times_have_no_moment(library: Library) -> None:
    assert card(library, "timeless", "We are paid monthly.").moment == ""


def test_words_that_the_recording_has_no_more_lead_to_the_document_alone(library: Library) -> None:
    """A link to a moment shows what is said now: of an older version that may be something else."""
    citation = cited(library, "latin", "Le billet")
    library.add(talk("latin", [(5.0, 9.0, "Zoé", "Le train coûte moins cher.")]))
    assert Cards(library).of(citation, PUBLIC).moment == ""
    assert citation.version == 1


def test_what_was_withdrawn_or_is_not_the_readers_is_the_bare_quote(library: Library) -> None:
    citation = cited(library, "latin", "Le billet")
    library.withdraw("latin")
    for one in (citation, cited(library, "closed", "The password")):
        shown = Cards(library).of(one, PUBLIC)
        assert [(piece.text, piece.marked) for piece in shown.pieces] == [(one.quote, True)]
        assert (shown.moment, shown.slide) == ("", None)


def test_the_chat_says_so_in_words_and_escapes_what_files_say(library: Library, tmp_path: Path) -> None:
    library.attach_recording("learning", wav(tmp_path / "clip.wav", minutes=0.1))
    one = card(library, "learning", TOPICS[1].format(15))
    assert one.slide
    hostile = replace(one, slide=one.slide._replace(title="<b>Slide</b>"))
    for shown, title in ((one, "Welders on the deck"), (hostile, "<b>Slide</b>")):
        answer = Answer("Who signs?", (Sentence(shown.citation.quote, (1,)),), (shown.citation,))
        exchange = Exchange(1, "Who signs?", stage=Stage.DONE, answer=answer, cards=(shown,))
        page = BeautifulSoup(exchange_html(exchange, "http://here/", current=True), "lxml")
        words = " ".join(page.get_text(" ").split())
        assert f"On the slide then: Slide 2: {title}" in words and not page.select("section b")
        (link,) = page.select("a:-soup-contains('Play from 14:59')")
        assert link["href"] == one.moment and "new tab" in link.text
