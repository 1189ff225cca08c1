"""In a browser: what a reader says of an answer in the chat stays beside it, and "do not keep" is heeded."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from playwright.sync_api import Browser

from bot.assistant import Assistant
from bot.pages.chat import build, mount
from bot.pages.hearing import Heard, Listener
from community.gaps.questions import QuestionLog
from community.pages.feedback import feedback_pages
from community.people import VISITOR
from community.records import Records
from index.scope import PUBLIC
from tests.browser.serving import LONGEST, running
from tests.scripted import BREAD, WHO_PAYS, ScriptedAssistant, small_library
from web.site import furnish

DONE = '.exchange.current[data-number="{}"][data-stage="done"]'


def test_what_a_reader_says_of_an_answer_stays_beside_it(browser: Browser, tmp_path: Path) -> None:
    receipts: list[str] = []
    with small_library(tmp_path / "data") as library:
        log = QuestionLog(Records(library.store), library)

        def hear(_request: Request, heard: Heard) -> str:
            said = {"understood": heard.answer.question, "found": heard.answer.found, "cited": heard.cited}
            receipts.append(log.keep(VISITOR, "browser", agreed=heard.keep, question=heard.question, **said))
            return receipts[-1]

        app = FastAPI()
        app.include_router(feedback_pages(log, lambda request: VISITOR))
        furnish(app)
        assistant = cast("Assistant", ScriptedAssistant(library))
        listener = Listener(hear, log.keeps_for)
        mount(app, lambda: build(assistant, library, lambda request: PUBLIC, listener))
        with running(app) as address:
            page = browser.new_page(viewport={"width": 390, "height": 800})
            page.set_default_timeout(LONGEST)
            page.goto(address)
            page.wait_for_selector(".example")

            def ask(number: int, question: str) -> None:
                page.fill("#question textarea", question)
                page.click("#send")
                page.wait_for_selector(DONE.format(number))

            ask(1, WHO_PAYS)
            page.focus(".exchange button[value=no]")
            page.keyboard.press("Enter")
            page.wait_for_selector(".exchange .reasons")
            assert page.evaluate("document.activeElement.matches('.feedback')")
            assert page.inner_text("#said") == "It is counted that this did not help."
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.check(".reasons [value=incomplete]")
            page.click(".reasons button")
            page.wait_for_selector(".exchange .feedback:not(:has(form))")
            ask(2, BREAD)
            assert page.inner_text("#earlier .feedback").startswith("Thank you.")
            page.check("#private input")
            ask(3, WHO_PAYS)
            assert page.locator(".exchange.current form.feedback").count() == 0
            page.close()
        assert (log.own(VISITOR, receipts[0]).helpful, receipts[2:]) == ("no", [""])
        assert log.own(VISITOR, receipts[0]).reason == "incomplete"
