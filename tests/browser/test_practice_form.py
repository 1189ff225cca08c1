"""The form of a good practice in a real browser: it saves itself and never overwrites."""

from __future__ import annotations

import re
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
from tests.community.submitting import AMINA, WRITER, span_of

_LOOKS: tuple[tuple[Literal["light", "dark"], dict[str, list[str]]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),  # nothing but colours changes
)


@dataclass(frozen=True)
class Writing:
    """A draft of WRITER, served: its form is at ``address``."""

    desk: WritingDesk
    one: Submission
    address: str

    def text(self, field: str) -> str:
        return self.desk.practices.practice(WRITER, self.one.id).practice.text(field)


@pytest.fixture(scope="module")
def cages() -> Iterator[Cages]:
    cages = Cages()
    yield cages
    cages.close()


@pytest.fixture
def writing(tmp_path: Path, cages: Cages) -> Iterator[Writing]:
    with writing_desk(tmp_path, cages) as desk, running(desk.app()) as address:
        one = desk.filled()
        yield Writing(desk, one, f"{address}/contributions/{one.id}/form")


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
    page = window.new_page()
    page.clock.install()
    page.goto(writing.address)
    page.locator("#context").press_sequentially(" More of it.")
    page.clock.run_for(3_000)
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


def test_who_comes_back_from_the_preview_goes_on_where_they_were(
    window: BrowserContext, writing: Writing
) -> None:
    """They see what is saved by now, not what the browser kept of the page: here a Word form came since."""
    page = opened(window, writing)
    page.locator("#context").fill("Before the preview.")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/preview")
    assert writing.text("context") == "Before the preview."
    writing.desk.practices.save(WRITER, writing.one.id, filled(context="Since the preview."), 2)
    page.go_back()
    expect(page.locator("#context")).to_have_value("Since the preview.")
    page.locator("#context").fill("After the preview.")
    page.locator("#lessons").focus()
    expect(page.locator("#saved")).to_contain_text(re.compile(r"^Saved \d\d:\d\d$"))
    assert writing.text("context") == "After the preview."


def test_a_button_pressed_without_a_network_leaves_the_text_where_it_is(
    window: BrowserContext, writing: Writing
) -> None:
    page = opened(window, writing)
    page.locator("#context").fill("Written on the bus.")
    window.set_offline(True)
    for name in ("Preview", "Submit for review", "Save draft"):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#saved")).to_contain_text("Not saved, trying again")
        assert page.url == writing.address
    assert page.locator("#context").input_value() == "Written on the bus."
    window.set_offline(False)
    page.get_by_role("button", name="Submit for review").dblclick()
    page.wait_for_url("**/contributions/*")
    assert writing.text("context") == "Written on the bus."
    assert writing.desk.submissions.get(WRITER, writing.one.id).state == State.SUBMITTED


def test_nothing_moves_under_who_saves(window: BrowserContext, writing: Writing) -> None:
    page = opened(window, writing)
    page.locator("#lessons").fill("Ask first.")
    page.locator("#lessons").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert page.evaluate("scrollY") == before > 0
    assert writing.text("lessons") == "Ask first."


def test_everybody_can_read_and_use_its_pages(browser: Browser, writing: Writing) -> None:
    """Looked through by axe, wide and narrow, light and dark; none is wider than its screen, all are small.

    The form is one that a reviewer gave back, with a comment, words of a document and an attachment.
    """
    practices, one = writing.desk.practices, writing.one
    practices.files.attach(WRITER, one.id, "report.md", b"# Report\n\nWords.")
    note = practices.files.add_material(
        WRITER, one.id, "note.md", b"# Budget\n\nThe county pays 90 dollars for each."
    )
    practices.use(WRITER, one.id, note.id, all_first=True)
    taken = writing.desk.reviews.take(AMINA, one.id, practices.submit(WRITER, one.id).revision)
    span = span_of(writing.desk, taken, "The worker pays nothing.")
    writing.desk.comments.say(AMINA, one.id, "Not even the passport?", version=1, span=span)
    writing.desk.reviews.ask_changes(AMINA, one.id, taken.revision, "Say who pays.")
    context = browser.new_context(extra_http_headers={"x-person": WRITER.id})
    page = context.new_page()
    for path in ("", "/preview", "/files", f"/words?document={note.id}"):
        answer = page.goto(writing.address + path)
        assert answer is not None
        assert len(answer.body()) < 30_000
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for scheme, rules in _LOOKS:
                page.emulate_media(color_scheme=scheme)
                grave = [
                    (found["id"], [node["target"] for node in found["nodes"]])
                    for found in Axe().run(page, options=rules).response["violations"]
                    if found["impact"] in ("serious", "critical")
                ]
                assert grave == [], (path, width, scheme)
    context.close()


def test_a_comment_stands_at_its_field(window: BrowserContext, writing: Writing) -> None:
    """Between the label and the text, read out with it, and found from the top of the form."""
    desk, one = writing.desk, writing.one
    taken = desk.reviews.take(AMINA, one.id, desk.practices.submit(WRITER, one.id).revision)
    span = span_of(desk, taken, "The worker pays nothing.")
    desk.comments.say(AMINA, one.id, "Not even the passport?", version=1, span=span)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "Say who pays.")
    page = opened(window, writing)
    page.get_by_role("link", name="Financing").first.click()
    expect(page.get_by_label("Financing")).to_have_accessible_description(
        re.compile("The worker pays nothing.*Not even the passport?")
    )
    comment = page.get_by_text("Not even the passport?")
    expect(comment).to_be_in_viewport()
    places = [page.locator("label[for=financing]"), comment, page.locator("#financing")]
    # all at one moment, for the page may still be scrolling
    tops = page.evaluate(
        "(all) => all.map((one) => one.getBoundingClientRect().top)", [one.element_handle() for one in places]
    )
    assert tops == sorted(tops)
