"""The pages of accounts in a real browser: by keyboard alone, on the narrowest phone, before axe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from community.notices import tell
from community.people import Person, Role
from tests.browser.serving import LONGEST, running
from tests.browser.test_accessibility import faults
from tests.community.town import AMINA, PASSWORD, Town, town

ARABIC = "أمينة ديالو"
LONG = "Wilhelmina van der Bergh-Otieno"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as one:
        one.newcomer(replace(AMINA, name=ARABIC, wants_to_contribute=True))
        yield one


@pytest.fixture(scope="module")
def boss(place: Town) -> Person:
    who = place.inhabitant(Role.ADMINISTRATOR, LONG)
    with place.records.writing() as connection:
        tell(connection, who.id, "“Home-care training” was published.", "/contributions/1")
    place.inhabitant(Role.MEMBER, "Juma")
    return who


@pytest.fixture(scope="module")
def address(place: Town) -> Iterator[str]:
    with running(place.site()) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        context.set_default_timeout(LONGEST)
        yield context


def signed_in(context: BrowserContext, address: str, who: Person, path: str) -> Page:
    """A window in which somebody signed in on the way to ``path``, by keyboard alone."""
    page = context.new_page()
    page.goto(f"{address}/sign-in?next={path}")
    page.focus("#email")
    page.keyboard.type(who.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + path)
    return page


@pytest.mark.parametrize("path", ["/sign-in", "/register", "/confirm?token=x", "/reset", "/reset?token=x"])
def test_a_page_for_visitors_has_no_grave_fault(context: BrowserContext, address: str, path: str) -> None:
    page = context.new_page()
    page.goto(address + path)
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/me", "/people", "/staff"])
def test_a_page_behind_the_door_has_no_grave_fault(
    context: BrowserContext, address: str, boss: Person, path: str
) -> None:
    assert faults(signed_in(context, address, boss, path)) == []


def test_what_is_wrong_is_found_by_ear(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/register")
    page.eval_on_selector_all("[required]", "fields => fields.forEach(field => field.required = false)")
    page.click("main button[type=submit]")
    page.wait_for_selector("#wrong")
    assert faults(page) == []
    page.click('#wrong a[href="#organisation"]')
    assert page.evaluate("document.activeElement.id") == "organisation"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_header_takes_two_lines_at_most(browser: Browser, address: str, boss: Person, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        context.set_default_timeout(LONGEST)
        page = signed_in(context, address, boss, "/people")
        links = page.eval_on_selector_all(
            "header a", "links => links.map(link => link.getBoundingClientRect().top)"
        )
        assert len(set(links)) == (1 if width > 1000 else 2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.eval_on_selector_all("header a", "links => links.map(link => link.offsetHeight)")
        assert min(heights) >= 44
