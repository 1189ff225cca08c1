"""Conversations that outlive the page on which they were shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answer import Answer, Citation, Sentence
from bot.pages.asking import Exchange, Stage, Thread
from bot.pages.cards import Cards
from bot.pages.chat_view import exchange_html
from bot.pages.keeping import Kept
from index.library import Library
from index.scope import PUBLIC, STAFF
from ingest.domain import Span
from tests.fakes import HashEmbedder
from tests.index import made

TAB = "0123456789abcdef" * 2


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The fee is eighty shillings."))
        library.add(made.text("wages", "The wage is ninety shillings."))
        yield library


@pytest.fixture
def kept(library: Library) -> Kept:
    return Kept(2, Cards(library))


def answered(library: Library, *source_ids: str) -> Thread:
    """A conversation with one answer, which quotes all of some documents, and names what is near."""
    cards = Cards(library)
    citations = []
    for number, source_id in enumerate(source_ids, 1):
        entry, version = library.read(source_id)
        span = Span(0, len(version.text))
        place = version.place(span)
        citations.append(Citation(number, entry.source, entry.number, span, version.text, place))
    sentences = tuple(Sentence(one.quote, (one.number,)) for one in citations)
    answer = Answer("What?", sentences, tuple(citations), nearest=tuple(library.search("shillings")))
    shown = tuple(cards.of(one, PUBLIC) for one in citations)
    return Thread((Exchange(1, "What?", stage=Stage.DONE, answer=answer, cards=shown),))


def test_a_citation_of_a_version_that_was_replaced_says_so(kept: Kept, library: Library) -> None:
    kept.keep(PUBLIC, TAB, answered(library, "fees"))
    library.add(made.text("fees", "The fee is abolished."))
    (exchange,) = kept.resumed(PUBLIC, TAB).exchanges
    assert [hit.source.id for hit in exchange.answer.nearest] == ["fees", "wages"]
    page = exchange_html(exchange, "http://here/", current=True)
    assert "This is version 1; version 2 replaced it on" in page and "eighty shillings" in page
    assert "/sources/fees/changes?from=1&amp;to=2" in page


@pytest.mark.parametrize("how", ["withdraw", "remove"])
def test_an_answer_goes_with_what_it_quoted(kept: Kept, library: Library, how: str) -> None:
    kept.keep(PUBLIC, TAB, answered(library, "wages", "fees"))
    getattr(library, how)("fees")
    (exchange,) = kept.resumed(PUBLIC, TAB).exchanges
    assert exchange.stage is Stage.FAILED and "withdrawn from the library since" in exchange.trouble
    assert "eighty" not in repr(exchange) and "ninety" not in repr(exchange)


def test_staff_too_see_no_answer_that_was_withdrawn(kept: Kept, library: Library) -> None:
    """They may open the document, but nobody should go on from what it said."""
    kept.keep(STAFF, TAB, answered(library, "wages", "fees"))
    library.withdraw("fees")
    (exchange,) = kept.resumed(STAFF, TAB).exchanges
    assert exchange.stage is Stage.FAILED and "eighty" not in repr(exchange)


def test_what_is_near_goes_when_it_is_withdrawn(kept: Kept, library: Library) -> None:
    kept.keep(PUBLIC, TAB, answered(library))
    library.withdraw("fees")
    (exchange,) = kept.resumed(PUBLIC, TAB).exchanges
    assert [hit.source.id for hit in exchange.answer.nearest] == ["wages"]


def thread(*stages: Stage) -> Thread:
    return Thread(tuple(Exchange(number, "What?", stage=stage) for number, stage in enumerate(stages, 1)))


def test_a_tab_finds_its_own_conversation_and_nobody_elses(kept: Kept) -> None:
    kept.keep(PUBLIC, TAB, thread(Stage.DONE))
    assert kept.resumed(PUBLIC, TAB) == thread(Stage.DONE)
    assert kept.resumed(PUBLIC, TAB[::-1]) == Thread()
    assert kept.resumed(STAFF, TAB) == Thread()


def test_what_was_cut_off_has_failed_and_what_was_over_stays(kept: Kept) -> None:
    kept.keep(PUBLIC, TAB, thread(Stage.DONE, Stage.ANSWERING))
    first, second = kept.resumed(PUBLIC, TAB).exchanges
    assert first.stage is Stage.DONE
    assert second.stage is Stage.FAILED and "connection broke" in second.trouble


@pytest.mark.parametrize(
    "tab", ["", "x", "../../etc/passwd", TAB.upper(), TAB + "\n", [], None, {"path": "/"}]
)
def test_what_is_no_name_of_a_tab_is_not_kept(kept: Kept, tab: object) -> None:
    kept.keep(PUBLIC, tab, thread(Stage.DONE))
    assert kept.resumed(PUBLIC, tab) == Thread()


def test_the_conversation_longest_at_rest_goes_first(kept: Kept) -> None:
    tabs = [letter * 32 for letter in "abc"]
    for tab in (tabs[0], tabs[1], tabs[0], tabs[2]):
        kept.keep(PUBLIC, tab, thread(Stage.DONE))
    assert [bool(kept.resumed(PUBLIC, tab).exchanges) for tab in tabs] == [True, False, True]
