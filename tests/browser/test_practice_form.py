"""The form of a good practice in a real browser: it saves itself and never overwrites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from community.submissions import State, Submission
from tests.browser.serving import LONGEST, running
from tests.community.practising import Cages, WritingDesk, filled, writing_desk
from tests.community.submitting import WRITER


@dataclass(frozen=True)
class Writing:
    """A draft of WRITER, served: its form is at ``address``."""

    desk: WritingDesk
    one: Submission
    address: str

    def text(self, field: str) -> str:
        return self.desk.practices.practice(WRITER, self.one.id).practice.text(field)


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Writing]:
    cages = Cages()
    with writing_desk(tmp_path, cages) as desk, running(desk.app()) as address:
        one = desk.filled()
        yield Writing(desk, one, f"{address}/contributions/{one.id}/form")
    cages.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(extra_http_headers={"x-person": WRITER.id})
    context.set_default_timeout(LONGEST)
    yield context
    context.close()


def opened(window: BrowserContext, writing: Writing) -> Page:
    page = window.new_page()
    page.goto(writing.address)
    return page


def test_it_saves_itself_when_typing_stops_and_when_a_field_is_left(
    window: BrowserContext, writing: Writing
) -> None:
    page = opened(window, writing)
    page.locator("#context").press_sequentially(" More of it.")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.locator("#lessons").fill("Ask first.")
    page.locator("#contact").focus()
    expect(page.locator("input[name=revision]")).to_have_value("3")
    assert "More of it." in writing.text("context")
    assert writing.text("lessons") == "Ask first."


def test_without_a_network_the_text_stays_and_is_saved_when_it_is_back(
    window: BrowserContext, writing: Writing
) -> None:
    page = opened(window, writing)
    window.set_offline(True)
    page.locator("#context").fill("Written on the bus.")
    page.locator("#lessons").focus()
    expect(page.locator("#saved")).to_contain_text("Not saved, trying again")
    window.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert writing.text("context") == "Written on the bus."


def test_who_is_signed_out_is_told_and_what_they_typed_is_saved_when_they_come_back(
    window: BrowserContext, writing: Writing
) -> None:
    page = opened(window, writing)
    window.set_extra_http_headers({})
    page.locator("#context").fill("Long thought about.")
    page.locator("#lessons").focus()
    expect(page.locator("#saved")).to_contain_text("Sign in in another tab")
    assert page.locator("#context").input_value() == "Long thought about."
    window.set_extra_http_headers({"x-person": WRITER.id})
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert writing.text("context") == "Long thought about."


def test_two_windows_the_second_is_told_and_chooses(window: BrowserContext, writing: Writing) -> None:
    first, second = opened(window, writing), opened(window, writing)
    first.locator("#context").fill("Of the first window.")
    first.locator("#lessons").focus()
    expect(first.locator("#saved")).to_contain_text("Saved")
    second.locator("#context").fill("Of the second window.")
    second.locator("#lessons").focus()
    expect(second.locator("#saved")).to_contain_text("changed in another window")
    assert writing.text("context") == "Of the first window."
    second.get_by_role("button", name="Keep the text of this window").click()
    expect(second.locator("#saved")).to_contain_text("Saved")
    assert writing.text("context") == "Of the second window."


def test_a_button_pressed_in_mid_typing_takes_the_newest_text(
    window: BrowserContext, writing: Writing
) -> None:
    page = opened(window, writing)
    for number in range(3):
        page.locator("#context").fill(f"Sentence {number}.")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/contributions/*")
    assert writing.text("context") == "Sentence 2."
    assert writing.desk.submissions.get(WRITER, writing.one.id).state == State.SUBMITTED


def test_the_form_works_without_scripts(browser: Browser, writing: Writing) -> None:
    context = browser.new_context(extra_http_headers={"x-person": WRITER.id}, java_script_enabled=False)
    page = opened(context, writing)
    page.locator("#context").fill("By hand.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert writing.text("context") == "By hand."
    assert writing.text("lessons") == filled().text("lessons")
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_use_its_pages(
    width: int, scheme: Literal["light", "dark"], browser: Browser, writing: Writing
) -> None:
    """Looked through by axe; nothing is wider than the screen; every page is small."""
    practices, one = writing.desk.practices, writing.one
    practices.attach(WRITER, one.id, "report.md", b"# Report\n\nWords.")
    note = practices.add_material(
        WRITER, one.id, "note.md", b"# Budget\n\nThe county pays 90 dollars for each."
    )
    _, (proposal, *_) = practices.proposals(WRITER, one.id, note.id)
    practices.use(WRITER, one.id, note.id, [proposal.key])
    context = browser.new_context(
        extra_http_headers={"x-person": WRITER.id},
        viewport={"width": width, "height": 700},
        color_scheme=scheme,
    )
    page = context.new_page()
    for path in ("", "/preview", "/files", f"/words?document={note.id}"):
        answer = page.goto(writing.address + path)
        assert answer is not None
        assert len(answer.body()) < 30_000
        grave = [
            (found["id"], [node["target"] for node in found["nodes"]])
            for found in Axe().run(page).response["violations"]
            if found["impact"] in ("serious", "critical")
        ]
        assert grave == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
