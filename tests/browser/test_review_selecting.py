"""What review.js adds, in a real browser: comments on the very words, a checklist that outlives a comment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import LONGEST, running
from tests.community.submitting import AMINA, desk_in
from tests.community.test_review_pages import Town

SELECT = """() => {
  const said = document.querySelector('.said');
  const range = document.createRange();
  range.setStart(said.lastChild, said.lastChild.data.indexOf('six'));
  range.setEnd(said.lastChild, said.lastChild.data.indexOf(' before'));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
WORDS = "\U0001f9d5\U0001f3fe Wafanyakazi \u2013 they train for six weeks before they leave."


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with desk_in(tmp_path) as desk:
        yield Town(desk)


@pytest.fixture
def page(browser: Browser, town: Town) -> Iterator[Page]:
    """Amina's window on the one submission that she reviews; nothing in it may be refused by the policy."""
    one = town.desk.in_review(words=WORDS)
    trouble: list[str] = []
    with running(town.app) as address, browser.new_context() as context:
        context.add_cookies([{"name": "person", "value": AMINA.id, "url": address}])
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{address}/review/{one.id}")
        yield page
    assert not trouble


def test_selected_words_are_commented_on_exactly_though_letters_before_them_are_long(page: Page) -> None:
    """A browser counts UTF-16 units, we count code points: the two before differ by two."""
    page.evaluate(SELECT)
    page.get_by_text("Comment on the selected words").click()
    assert page.locator(".commenting blockquote").inner_text() == "six weeks"
    page.fill("#text", "Which ones?")
    page.locator(".commenting button").click()
    page.wait_for_selector("mark")
    assert page.locator("mark").inner_text() == "six weeks"


def test_what_was_filled_in_is_still_there_after_a_comment(page: Page) -> None:
    page.check("input[name=relevance][value=met]")
    page.fill("#evidence-remark", "Not saved yet.")
    page.locator(".comment-link").click()
    page.wait_for_selector(".commenting")
    assert page.input_value("#evidence-remark") == "Not saved yet."
    assert page.is_checked("input[name=relevance][value=met]")
    page.get_by_text("Save the checklist").click()
    page.wait_for_url("**#decide")
    assert page.input_value("#evidence-remark") == "Not saved yet."
    assert page.evaluate("sessionStorage.length") == 0
