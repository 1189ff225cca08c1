"""The page of a webinar in a real browser, with a recording that plays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from index.library import Library
from tests.browser.serving import LONGEST, running
from tests.browser.test_pages import LOW
from tests.clips import wav
from tests.spoken import ANSWERED, ASKED, TOPICS, spoken_app, spoken_library

LEARNING = "/webinars/learning"
# Cue n begins at 1.5 + 20.4 n seconds: the fifth asks something, the 35th stands in the second part.
ASKED_AT = 83
WELDER, WELDER_AT = TOPICS[1].format(5), 695


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("spoken")
    with spoken_library(folder / "data") as library:
        library.attach_recording("learning", wav(folder / "talk.wav", minutes=31, hertz=220))
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with running(spoken_app(library)) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with window(browser, address) as page:
        yield page


@contextmanager
def window(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A window in which nothing may fail."""
    with browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, **options) as context:
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        trouble: list[str] = []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield page
        assert not trouble, trouble


def plays_from(page: Page, second: float) -> bool:
    """Whether the recording, once it plays beyond ``second``, has begun to within two seconds of it."""
    page.wait_for_function(
        "second => { const player = document.querySelector('#recording');"
        " return !player.paused && !player.seeking && player.currentTime > second; }",
        arg=second,
    )
    return bool(page.evaluate("document.querySelector('#recording').currentTime") < second + 2)


def seek(page: Page, second: float) -> None:
    """Take the recording itself to a moment, as with its own slider."""
    page.evaluate("second => { document.querySelector('#recording').currentTime = second; }", second)


def test_the_transcript_follows_the_recording_over_all_its_parts(page: Page) -> None:
    page.goto(LEARNING)
    page.locator(".script .time").first.click()
    assert plays_from(page, 1)
    for second, words in ((WELDER_AT, WELDER), (1800, TOPICS[2].format(29)), (ASKED_AT + 1, ASKED)):
        seek(page, second + 0.6)
        expect(page.locator(".script .now")).to_have_text(words)
        expect(page.locator(".script .now")).to_be_in_viewport()
    assert page.url.endswith("?t=1#t=1")  # following turns pages on the quiet


def test_who_does_not_want_to_follow_stays_where_they_read(page: Page) -> None:
    page.goto(LEARNING)
    page.locator(".script .time").first.click()
    assert plays_from(page, 1)
    page.locator("#follow").uncheck()
    seek(page, WELDER_AT)
    page.wait_for_timeout(1_000)
    assert plays_from(page, WELDER_AT)
    expect(page.locator(".script")).to_contain_text(ASKED)


def test_a_time_that_is_clicked_is_heard_and_becomes_the_address(page: Page) -> None:
    page.goto(LEARNING)
    page.locator(f".script [data-t='{ASKED_AT}']").click()
    assert plays_from(page, ASKED_AT)
    expect(page.locator(".script .now")).to_have_text(ASKED)
    assert page.url.endswith(f"{LEARNING}?t={ASKED_AT}#t={ASKED_AT}")


def test_a_chapter_in_another_part_is_heard_and_shown_without_a_new_page(page: Page) -> None:
    page.goto(LEARNING)
    page.evaluate("window.isTheSame = true")
    chapter = page.locator(".contents a").last
    second = int(chapter.get_attribute("data-t") or 0)
    chapter.click()
    assert plays_from(page, second)
    expect(page.locator(".script mark")).to_contain_text("Families put aside")
    expect(page.locator(".script .now")).to_contain_text("Families put aside")
    assert page.evaluate("window.isTheSame") and page.url.endswith(f"?t={second}#t={second}")


def test_tabs_search_and_the_way_back_leave_the_recording_playing(page: Page) -> None:
    page.goto(LEARNING)
    page.evaluate("window.isTheSame = true")
    page.locator(".script .time").first.click()
    assert plays_from(page, 1)
    page.get_by_role("link", name="Speakers").click()
    expect(page.locator(".speakers li")).to_have_count(3)
    expect(page.locator(".tabs [aria-current]")).to_have_text("Speakers")
    page.get_by_role("link", name="Union adviser").click()
    expect(page.locator("#view h2")).to_have_text("Union adviser")
    page.fill("#q", "certificate number 5")
    page.keyboard.press("Enter")
    expect(page.locator(".found mark").first).to_be_visible()
    page.locator(".found .time").first.click()
    assert plays_from(page, WELDER_AT)
    expect(page.locator(".script mark")).to_have_text(WELDER)
    page.go_back()
    expect(page.locator("#view h2")).to_contain_text("certificate number 5")
    page.go_back()
    expect(page.locator("#view h2")).to_have_text("Union adviser")
    page.go_back()
    page.go_back()
    expect(page.locator(".script")).to_contain_text(ASKED)
    page.go_forward()
    expect(page.locator(".tabs [aria-current]")).to_have_text("Speakers")
    assert page.evaluate("window.isTheSame && !document.querySelector('#recording').paused")


def test_of_two_views_that_are_asked_for_the_later_one_stays(page: Page) -> None:
    page.goto(LEARNING)
    page.route("**/*view=speakers", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.get_by_role("link", name="Speakers").click(no_wait_after=True)
    page.get_by_role("link", name="Questions").click()
    expect(page.locator(".asked")).to_contain_text(ASKED)
    page.wait_for_timeout(1_200)
    expect(page.locator(".asked")).to_contain_text(ANSWERED)


def test_a_link_to_this_moment_is_copied_and_leads_there(browser: Browser, address: str) -> None:
    with window(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(LEARNING)
        page.locator(f".script [data-t='{ASKED_AT}']").click()
        assert plays_from(page, ASKED_AT)
        page.locator("#copy-moment").click()
        expect(page.locator("#copy-moment")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied in {f"{address}{LEARNING}?t={second}#t={second}" for second in (ASKED_AT, ASKED_AT + 1)}
        expect(page.locator("#copy-moment")).to_have_text("Copy link to this moment")
        page.goto(f"{address}/webinars")
        page.goto(copied)
        expect(page.locator(".quoted blockquote")).to_have_text(ASKED)
        expect(page.locator(".script mark")).to_be_in_viewport()


@pytest.mark.parametrize("before", [LEARNING, f"{LEARNING}?part=2", f"{LEARNING}?t=9"])
def test_the_second_half_of_a_link_leads_to_the_moment(page: Page, before: str) -> None:
    page.goto(f"{before}#t={WELDER_AT}")
    expect(page.locator(".script mark")).to_have_text(WELDER)
    expect(page.locator(".script mark")).to_be_in_viewport()
    assert f"t={WELDER_AT}" in page.url.partition("#")[0]


def test_a_moment_beyond_the_last_words_asks_once_and_stays(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.goto(f"{LEARNING}#t=99999")
    expect(page.locator(".quoted")).to_contain_text("Nobody speaks at")
    page.goto(f"{LEARNING}?transcript=learning-sw#t=3")
    expect(page.locator(".notice").last).to_contain_text("Nothing was said yet")
    assert len(asked) == 4


def test_a_result_of_the_search_page_plays_from_its_second(page: Page) -> None:
    page.goto("/search?q=airfare+before+the+first+wages&kind=transcript")
    link = page.get_by_role("link", name=f"Play from 01:{ASKED_AT - 60}").first
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url("**play=yes**")
    assert plays_from(page, ASKED_AT)
    expect(page.locator(".script mark")).to_have_text(ASKED)


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto(LEARNING)
    page.locator(".tabs a").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".speakers")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "view"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#view h2")).to_have_text("Grower")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    second = int(page.evaluate("document.activeElement.dataset.t"))
    page.keyboard.press("Enter")
    assert plays_from(page, second)
    expect(page.locator(".script .now")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "view"


def test_without_javascript_everything_is_there(browser: Browser, address: str) -> None:
    with window(browser, address, java_script_enabled=False) as page:
        page.goto(moment_path(ASKED_AT))
        expect(page.locator(".quoted blockquote")).to_have_text(ASKED)
        expect(page.locator(".script mark")).to_be_in_viewport()
        expect(page.locator("#recording")).to_have_attribute("src", f"{LEARNING}/recording#t={ASKED_AT}")
        expect(page.locator(".player-tools")).to_be_hidden()
        expect(page.locator("#broken")).to_be_hidden()
        page.get_by_role("link", name="Later ›").first.click()
        expect(page.locator(".script")).not_to_contain_text(ASKED)
        page.locator(".contents a").last.click()
        expect(page.locator(".script mark")).to_contain_text("Families put aside")
        for tab, words in (
            ("Speakers", "Grower"),
            ("Questions", ASKED),
            ("Documents", "Deck"),
            ("Programme", "20 minutes"),
        ):
            page.get_by_role("link", name=tab, exact=False).last.click()
            expect(page.locator("#view")).to_contain_text(words)
        page.fill("#q", "certificate number 5")
        page.locator(".inside button").click()
        page.locator(".found .time").first.click()
        expect(page.locator(".quoted blockquote")).to_have_text(WELDER)


def moment_path(second: int) -> str:
    return f"{LEARNING}?t={second}#t={second}"


def test_a_recording_that_went_away_is_said_to_be_broken(
    browser: Browser, address: str, library: Library, tmp_path: Path
) -> None:
    library.attach_recording("elsewhere", wav(tmp_path / "short.wav", minutes=0.1))
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/webinars/elsewhere")
        library.recordings.detach("elsewhere")
        page.locator(".script .time").first.click()
        expect(page.get_by_role("alert")).to_have_text(
            "The recording cannot be played just now. What was said stands below."
        )


def test_where_there_is_no_recording_times_are_links_and_it_says_so(page: Page) -> None:
    page.goto("/webinars/nadwa")
    expect(page.get_by_text("There is no recording here, only what was said.")).to_be_visible()
    page.locator(".script .time").nth(1).click()
    expect(page.locator(".quoted")).to_contain_text("01:02")
    page.goto("/webinars/elsewhere")
    link = page.get_by_role("link", name="Recording at another site")
    expect(link).to_have_attribute("href", "https://video.example.org/watch?v=1&t=0")


def test_arabic_runs_from_the_right(page: Page) -> None:
    page.goto("/webinars/nadwa?t=70")
    for selector in ("h1", ".script p", ".script .speaker", ".quoted blockquote"):
        assert (
            page.evaluate(
                "selector => getComputedStyle(document.querySelector(selector)).direction", selector
            )
            == "rtl"
        )


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Africa/Nairobi", None),
        ("Asia/Dubai", "your time: 9 December, 00:30 to 01:30"),
        ("America/New_York", "your time: 15:30 to 16:30"),
    ],
)
def test_when_it_is_where_the_reader_is(browser: Browser, address: str, zone: str, words: str | None) -> None:
    with window(browser, address, timezone_id=zone) as page:
        page.goto("/webinars/coming")
        expect(page.locator("header .meta time")).to_have_text(
            "Tuesday, 8 December 2026, 23:30 to 00:30 on 9 December 2026"
        )
        own = page.get_by_text("your time")
        if words is None:
            expect(own).to_have_count(0)
        else:
            expect(own).to_have_text(words)


@pytest.mark.parametrize(
    "path",
    ["/webinars", "/webinars/coming", LEARNING, f"{LEARNING}?t={ASKED_AT}", f"{LEARNING}?view=speakers",
     f"{LEARNING}?q=airfare", f"{LEARNING}?view=documents"],
)  # fmt: skip
def test_on_the_narrowest_phone_a_finger_finds_everything_and_nothing_sticks_out(
    browser: Browser, address: str, path: str
) -> None:
    with window(browser, address) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(path)
        assert page.evaluate(LOW) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_warning_stays_in_sight_with_the_recording(browser: Browser, address: str) -> None:
    with window(browser, address) as page:
        page.set_viewport_size({"width": 320, "height": 400})
        page.goto(f"{LEARNING}?t={WELDER_AT}#t={WELDER_AT}")
        expect(page.locator(".script mark")).to_be_in_viewport(ratio=1)
        expect(page.locator(".player").get_by_text("Nobody said these words.")).to_be_in_viewport(ratio=1)
        mark, player = page.locator(".script mark").bounding_box(), page.locator(".player").bounding_box()
        assert mark and player and mark["y"] >= player["y"] + player["height"]
