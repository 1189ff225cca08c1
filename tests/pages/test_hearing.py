"""Who listens hears of each question once, when it is answered; and readers can say what they think of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.assistant import Assistant
from bot.pages.answering import ask_pages, asked
from bot.pages.asking import Asking, Stage, Thread
from bot.pages.cards import Cards
from bot.pages.chat_view import exchange_html, keeping_html, thread_html
from bot.pages.hearing import NOBODY, Heard, Listener
from bot.pages.keeping import Kept
from index.library import Library
from index.scope import PUBLIC, Reader, Scope
from tests.pages.seen import see, text_of
from tests.scripted import BREAKS, IN_KENYA, WHO_PAYS, ScriptedAssistant, small_library
from web.site import furnish

SITE = "https://library.example/"
NOTHING = "Which football club won the cup?"
MEMBER = Reader("amina1", frozenset({"public", "members"}))


class Log:
    """Remembers what it heard, and gives a receipt for what may be kept."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.requests: list[Any] = []
        self.listener = Listener(self.hear, 30)

    def hear(self, request: Any, heard: Heard) -> str:
        self.heard.append(heard)
        self.requests.append(request)
        return f"receipt-{len(self.heard)}" if heard.keep else ""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library") / "data") as library:
        yield library


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def client(library: Library, log: Log) -> TestClient:
    """A browser before the plain page. A request that says so is a member's."""
    app = FastAPI()
    assistant = cast("Assistant", ScriptedAssistant(library))

    def reader_of(request: Request) -> Reader:
        return MEMBER if "x-member" in request.headers else PUBLIC

    app.include_router(ask_pages(assistant, library, reader_of, log.listener))
    furnish(app)
    return TestClient(app, headers={"accept": "text/html"})


def asking(library: Library, listener: Listener) -> Asking:
    return Asking(cast("Assistant", ScriptedAssistant(library)), library, listener)


def address(question: str, **more: str) -> str:
    return "/ask?" + urlencode({"q": question, **more})


def test_a_question_is_heard_once_when_it_is_answered(library: Library, log: Log) -> None:
    request = object()
    threads = list(
        asking(library, log.listener).ask(Thread(), WHO_PAYS, Scope(), PUBLIC, request=request, keep=False)
    )
    (heard,) = log.heard
    assert log.requests == [request]
    assert (heard.question, heard.keep, heard.answer.found) == (WHO_PAYS, False, True)
    assert heard.cited == (("palm", 1), ("financing", 1))
    assert threads[-1].latest and threads[-1].latest.stage is Stage.DONE
    assert [thread.latest.receipt for thread in threads if thread.latest] == [""] * len(threads)


def test_what_the_question_named_is_heard(library: Library, log: Log) -> None:
    *_, _last = asking(library, log.listener).ask(Thread(), IN_KENYA, Scope(), PUBLIC)
    assert (log.heard[0].names, log.heard[0].countries) == (("Kenya",), ("Kenya",))
    limited = Scope(countries=("Tonga",))
    *_, _last = asking(library, log.listener).ask(Thread(), NOTHING, limited, PUBLIC)
    assert (log.heard[1].names, log.heard[1].countries, log.heard[1].answer.found) == ((), ("Tonga",), False)


def test_a_question_that_failed_is_not_heard(library: Library, log: Log) -> None:
    *_, last = asking(library, log.listener).ask(Thread(), BREAKS, Scope(), PUBLIC)
    assert last.latest and last.latest.stage is Stage.FAILED
    assert log.heard == []


def test_an_answer_outlives_whoever_cannot_keep_it(library: Library, caplog: Any) -> None:
    def full(_request: object, _heard: Heard) -> str:
        raise OSError("the disk is full")

    *_, last = asking(library, Listener(full, 30)).ask(Thread(), WHO_PAYS, Scope(), PUBLIC)
    assert last.latest and last.latest.stage is Stage.DONE and last.latest.receipt == ""
    assert "could not be kept" in caplog.text


def test_a_conversation_that_is_shown_again_is_not_heard_again(library: Library, log: Log) -> None:
    *_, last = asking(library, log.listener).ask(Thread(), WHO_PAYS, Scope(), PUBLIC)
    kept = Kept(3, Cards(library))
    kept.keep(PUBLIC, "a" * 32, last)
    resumed = kept.resumed(PUBLIC, "a" * 32)
    assert "receipt-1" in exchange_html(resumed.exchanges[-1], SITE, current=True)
    assert len(log.heard) == 1


def test_where_nobody_listens_nobody_is_asked(library: Library) -> None:
    *_, last = asking(library, NOBODY).ask(Thread(), WHO_PAYS, Scope(), PUBLIC)
    assert last.latest and last.latest.receipt == ""
    assert "/answers/" not in exchange_html(last.latest, SITE, current=True)


# the chat


def test_the_chat_asks_whether_an_answer_helped_also_later(library: Library, log: Log) -> None:
    *_, last = asking(library, log.listener).ask(Thread(), WHO_PAYS, Scope(), PUBLIC)
    assert last.latest
    for html in (exchange_html(last.latest, SITE, current=True), thread_html(last.exchanges, SITE)):
        form = BeautifulSoup(html, "lxml").select_one("form.feedback[method=post]")
        assert form["action"] == "/answers/receipt-1/feedback"
        assert [(one["name"], one["value"]) for one in form.select("button")] == [
            ("helpful", "yes"),
            ("helpful", "no"),
        ]
        assert form.select_one("fieldset legend").text == "Did this help?"


@pytest.mark.parametrize(("reader", "presses"), [(MEMBER, True), (PUBLIC, False)])
def test_who_got_no_answer_can_be_told(library: Library, log: Log, reader: Reader, presses: bool) -> None:
    *_, last = asking(library, log.listener).ask(Thread(), NOTHING, Scope(), reader)
    assert last.latest
    page = BeautifulSoup(exchange_html(last.latest, SITE, current=True), "lxml")
    assert not page.select("form.feedback")
    assert bool(page.select("form.tell[action='/answers/receipt-1/tell'][method=post]")) == presses
    assert bool(page.select("a[href='/answers/receipt-1'][target=_blank]")) != presses


def test_the_chat_says_how_long_questions_are_kept() -> None:
    notice = BeautifulSoup(keeping_html(30), "lxml")
    assert "kept 30 days" in notice.text and notice.a["href"] == "/privacy"


# the plain page


def test_the_plain_page_asks_too(client: TestClient, log: Log) -> None:
    page = see(client, address(WHO_PAYS))
    assert page.select_one("form.feedback")["action"] == "/answers/receipt-1/feedback"
    assert "receipt-2" in str(see(client, address(NOTHING)).select_one("a[href^='/answers/']"))
    member = see(client, address(NOTHING), headers={"x-member": "yes"})
    assert text_of(member, "form.tell button") == "Tell me when this is answered"
    assert [one.keep for one in log.heard] == [True, True, True]


def test_a_question_that_is_not_to_be_kept_stays_so_in_all_that_follows(client: TestClient, log: Log) -> None:
    page = see(client, address(WHO_PAYS, keep="no"))
    assert [one.keep for one in log.heard] == [False]
    assert "/answers/" not in str(page)
    ticks = page.select("form [name=keep][value=no][type=checkbox]")
    assert len(ticks) == 2 and all(one.has_attr("checked") for one in ticks)
    assert not see(client, address(WHO_PAYS)).select("[name=keep][checked]")


def test_no_words_of_a_question_that_was_not_to_be_kept_come_with_the_next(
    client: TestClient, library: Library, log: Log
) -> None:
    """The next is understood with them, and that is what is kept of it."""
    page = see(client, address(WHO_PAYS, keep="no"))
    (follow,) = [form for form in page.select("form") if form.select_one("[name=after]")]
    carried = [(one["name"], one["value"]) for one in follow.select("[type=hidden]")]
    assert ("private", "yes") in carried
    nxt = see(client, "/ask?" + urlencode([*carried, ("q", "And visas?")]))  # now it may be kept
    (follow,) = [form for form in nxt.select("form.search-form") if form.select_one("[name=after]")]
    assert follow.select("[name=private][value=yes]")  # and so on
    assert log.heard[-1].keep and log.heard[-1].private and log.heard[-1].understood == "And visas?"
    see(client, "/ask?" + urlencode([("after", WHO_PAYS), ("q", "And visas?")]))
    assert log.heard[-1].understood == log.heard[-1].answer.question

    *_, thread = asking(library, log.listener).ask(Thread(), WHO_PAYS, Scope(), PUBLIC, keep=False)
    *_, thread = asking(library, log.listener).ask(thread, "And visas?", Scope(), PUBLIC)
    assert log.heard[-1].private and thread.private
    assert thread.without_latest().private


@pytest.mark.parametrize("keep", [True, False])
def test_addresses_say_whether_a_question_may_be_kept(keep: bool) -> None:
    from starlette.datastructures import QueryParams

    this = asked(QueryParams({"q": "Who?"} | ({} if keep else {"keep": "no"})))
    assert this.keep is keep and ("keep=no" in this.address) is not keep
    assert this.everywhere.keep is keep


def test_a_program_that_only_looks_is_not_kept(client: TestClient, log: Log) -> None:
    assert client.head(address(WHO_PAYS)).status_code == 200
    assert [one.keep for one in log.heard] == [False]


def test_the_box_for_a_question_says_what_is_kept(client: TestClient) -> None:
    page = see(client, "/ask")
    assert "kept 30 days" in text_of(page, "form.question-form")
    assert page.select_one("form.question-form a[href='/privacy']")
