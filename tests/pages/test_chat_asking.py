"""What the chat shows of a question, as values and as HTML: over a real library, after a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from bot.assistant import LONGEST_QUESTION, Assistant
from bot.pages.asking import Asking, Choice, Stage, Thread, refusal
from bot.pages.cards import Cards
from bot.pages.chat_view import copied, exchange_html, thread_html
from index.library import Library
from index.scope import PUBLIC, Scope
from tests.scripted import (
    ARABIC,
    BREAD,
    BREAKS,
    IN_KENYA,
    SEASONAL,
    STRANGE,
    WHO_PAYS,
    ScriptedAssistant,
    small_library,
)

SITE = "https://library.example/"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library") / "data") as library:
        yield library


@pytest.fixture
def asking(library: Library) -> Asking:
    return Asking(cast("Assistant", ScriptedAssistant(library)), library)


def finished(asking: Asking, question: str, thread: Thread = Thread(), scope: Scope = Scope()) -> Thread:
    *_, last = asking.ask(thread, question, scope, PUBLIC)
    return last


def test_an_exchange_grows_sentence_by_sentence(asking: Asking) -> None:
    seen = [thread.latest for thread in asking.ask(Thread(), WHO_PAYS, Scope(), PUBLIC)]
    assert [(one.stage, len(one.cards)) for one in seen if one] == [
        (Stage.SEARCHING, 0),
        (Stage.SEARCHING, 0),
        (Stage.ANSWERING, 1),
        (Stage.ANSWERING, 2),
        (Stage.ANSWERING, 3),
        (Stage.DONE, 3),
    ]


def test_a_follow_up_is_understood_from_what_came_before(asking: Asking) -> None:
    thread = finished(asking, SEASONAL, finished(asking, WHO_PAYS))
    assert thread.latest and thread.latest.taken_as == f"{WHO_PAYS.rstrip('?')}, {SEASONAL}"
    assert [exchange.number for exchange in thread.exchanges] == [1, 2]


def test_asking_again_takes_the_place_of_the_latest_exchange(asking: Asking) -> None:
    first = finished(asking, WHO_PAYS)
    second = finished(asking, IN_KENYA, first)
    assert second.without_latest().conversation == first.conversation
    again = finished(asking, IN_KENYA, second.without_latest())
    assert [one.question for one in again.exchanges] == [WHO_PAYS, IN_KENYA]


def test_a_failed_question_is_kept_and_the_conversation_stays_as_it_was(asking: Asking) -> None:
    before = finished(asking, WHO_PAYS)
    after = finished(asking, BREAKS, before)
    assert after.latest and after.latest.stage is Stage.FAILED and after.latest.code
    assert after.conversation == before.conversation
    assert "secret" not in exchange_html(after.latest, SITE, current=True)


def test_a_long_conversation_keeps_its_latest_thirty(asking: Asking) -> None:
    thread = Thread()
    for _ in range(33):
        thread = finished(asking, BREAD, thread)
    assert [exchange.number for exchange in thread.exchanges] == list(range(4, 34))
    assert len(thread.conversation.turns) == 30


def test_choices_are_what_the_reader_can_find(asking: Asking) -> None:
    choices = asking.choices(PUBLIC)
    assert choices.kinds[0] == Choice("Good practices", "good_practice")
    assert [choice.value for choice in choices.countries] == ["Australia", "Kenya", "Tonga", "Vanuatu"]
    assert choices.events == ()
    assert asking.in_words(Scope(kinds=("report",), countries=("Kenya",))) == ("reports", "Kenya")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("  ", "Write your question first."),
        ("é" * (LONGEST_QUESTION + 1), "Your question has 2,001 characters."),
        ("é" * LONGEST_QUESTION, ""),
    ],
)
def test_only_questions_of_a_sensible_length_are_asked(question: str, words: str) -> None:
    assert refusal(question).startswith(words)
    assert bool(refusal(question)) == bool(words)


def test_a_card_marks_exactly_the_quote_among_whole_words_of_its_block(
    asking: Asking, library: Library
) -> None:
    for question in (WHO_PAYS, IN_KENYA, STRANGE, ARABIC):
        latest = finished(asking, question).latest
        assert latest
        for one in latest.cards:
            _, version = library.read(one.citation.source.id)
            shown = "".join(piece.text for piece in one.pieces)
            assert "".join(piece.text for piece in one.pieces if piece.marked) == one.citation.quote
            assert shown in version.text and "\n\n" not in shown
            at = version.text.index(shown)
            around = version.text[at - 1 : at] + version.text[at + len(shown) : at + len(shown) + 1]
            assert not around.strip()


def test_a_card_of_a_document_that_has_just_gone_shows_the_bare_quote(
    asking: Asking, library: Library
) -> None:
    latest = finished(asking, WHO_PAYS).latest
    assert latest
    citation = latest.cards[0].citation
    gone = Cards(library).of(replace(citation, source=replace(citation.source, id="gone")), PUBLIC)
    assert [(piece.text, piece.marked) for piece in gone.pieces] == [(citation.quote, True)]


def test_an_answer_is_copied_with_its_sources_and_their_addresses(asking: Asking) -> None:
    latest = finished(asking, IN_KENYA).latest
    assert latest
    span = latest.answer.citations[0].span
    assert copied(latest, SITE).split("\n") == [
        "How does Kenya prepare home-care workers?",
        "",
        "Home-care workers train for six weeks before departure. [1]",
        "",
        "Sources",
        "[1] Home-care training in Kenya (good practice), “Key features”, 20 November 2023: "
        "“Home-care workers train for six weeks before departure” "
        f"https://library.example/sources/kenya?version=1&from={span.start}&to={span.end}#quote",
    ]


def test_what_readers_and_documents_say_is_escaped(asking: Asking) -> None:
    thread = finished(asking, "<script>alert(1)</script>", finished(asking, STRANGE))
    html = thread_html(thread.exchanges, SITE)
    assert "&lt;script&gt;alert(1)" in html and "&lt;img src=x" in html
    assert "<script" not in html and "<img" not in html


def test_only_the_latest_exchange_can_be_acted_on(asking: Asking) -> None:
    latest = finished(asking, IN_KENYA).latest
    assert latest
    assert 'data-do="again"' in exchange_html(latest, SITE, current=True)
    assert "data-do" not in exchange_html(latest, SITE, current=False)
