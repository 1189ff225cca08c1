"""The pages of accounts, as browsers see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from community.accounts.wording import Details
from community.errors import Conflict, Invalid, TooMany
from community.notices import tell
from community.pages.cookies import local
from community.pages.visiting import person_of
from community.people import Role
from tests.community.town import AMINA, FORM, HERE, PASSWORD, Town, town
from tests.pages.seen import see, text_of

HOSTILE = """<script>alert("x")</script><img src=x onerror=alert(1)> & 'q'"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    """A town that is reached without encryption."""
    with town(tmp_path, domains=frozenset({"example.com"})) as one:
        yield one


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[Town]:
    """A town that is reached with encryption."""
    with town(tmp_path, site="https://ujuzi.example.org") as one:
        yield one


def cookie_of(response: httpx.Response) -> tuple[str, dict[str, str]]:
    """The name of the cookie that is set, and how it is kept."""
    ((name, morsel),) = SimpleCookie(response.headers["set-cookie"]).items()
    return name, {key: str(value) for key, value in morsel.items() if value}


def signing_in(browser: TestClient, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return browser.post("/sign-in", data={"email": email, "password": password, **more})


def main_of(response: httpx.Response) -> str:
    """The words of a page."""
    return text_of(BeautifulSoup(response.text, "lxml"), "main")


# cookies


def test_the_cookie_is_kept_from_scripts_and_other_sites(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    name, how = cookie_of(signing_in(place.browser(), who.email))
    assert name == "ujuzi"
    assert how == {"path": "/", "max-age": str(90 * 24 * 3600), "httponly": "True", "samesite": "lax"}


def test_with_encryption_the_cookie_never_leaves_it(safe: Town) -> None:
    who = safe.inhabitant(Role.MEMBER)
    browser = safe.browser()
    name, how = cookie_of(signing_in(browser, who.email))
    assert name == "__Host-ujuzi" and how["secure"] == "True" and "domain" not in how
    assert browser.get("/me").status_code == 200
    name, how = cookie_of(browser.post("/sign-out"))
    assert name == "__Host-ujuzi" and how["secure"] == "True" and how["max-age"] == "0"


def test_signing_in_begins_a_new_session_and_ends_the_one_before(place: Town) -> None:
    """A token that was put into the browser by somebody else is worth nothing afterwards."""
    who, other = place.inhabitant(Role.MEMBER), place.inhabitant(Role.MEMBER)
    browser = place.browser(other)
    before = browser.cookies["ujuzi"]
    signing_in(browser, who.email)
    assert browser.cookies["ujuzi"] != before
    assert place.accounts.person_of(before).id == ""
    assert place.accounts.person_of(browser.cookies["ujuzi"]).id == who.id


def test_a_wrong_password_sets_no_cookie_and_keeps_the_address(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    for email in (who.email, "nobody@example.org"):
        response = signing_in(place.browser(), email, "not the password")
        assert response.status_code == 400 and "set-cookie" not in response.headers
        page = BeautifulSoup(response.text, "lxml")
        assert page.select_one("#email")["value"] == email
        assert not page.select_one("#password")["value"]
        assert "do not belong together" in main_of(response)


def test_signing_out_is_a_post(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    browser = place.browser(who)
    token = browser.cookies["ujuzi"]
    assert browser.get("/sign-out").status_code == 405
    assert place.accounts.person_of(token).id == who.id
    assert browser.post("/sign-out").status_code == 303
    assert place.accounts.person_of(token).id == "" and "ujuzi" not in browser.cookies


def test_who_asks_is_known_from_any_kind_of_request(place: Town) -> None:
    import gradio

    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    scope = {"type": "http", "headers": [(b"cookie", f"ujuzi={token}".encode())], "path": "/"}
    asked = person_of(place.accounts)
    assert asked(Request(scope)).id == asked(gradio.Request(Request(scope))).id == who.id
    place.accounts.sign_out(token)
    assert asked(Request(scope)).id == asked(gradio.Request(Request(scope))).id == ""


# where a sign-in leads

FOREIGN = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "evil", "", " /me", "/me\r\nSet-Cookie: a",
]  # fmt: skip


@pytest.mark.parametrize("address", FOREIGN)
def test_a_sign_in_never_leads_to_another_site(place: Town, address: str) -> None:
    assert local(address) == "/"
    who = place.inhabitant(Role.MEMBER)
    assert signing_in(place.browser(), who.email, next=address).headers["location"] == "/"
    page = see(place.browser(), f"/sign-in?next={quote(address)}")
    assert page.select_one("[name=next]")["value"] == "/"


def test_who_must_sign_in_first_is_led_on(place: Town) -> None:
    who = place.inhabitant(Role.STAFF)
    browser = place.browser()
    for wanted in ("/people?q=a%26b&number=2", "/staff", "/me"):
        browser.cookies.clear()
        asked = browser.get(wanted)
        assert asked.status_code == 303
        page = see(browser, asked.headers["location"])
        then = page.select_one("[name=next]")["value"]
        wrong = BeautifulSoup(signing_in(browser, who.email, "not the password", next=then).text, "lxml")
        assert wrong.select_one("[name=next]")["value"] == then
        assert signing_in(browser, who.email, next=then).headers["location"] == wanted
        assert browser.get(asked.headers["location"]).headers["location"] == wanted  # signed in already


def test_who_may_not_is_told_so_and_not_sent_in_circles(place: Town) -> None:
    browser = place.browser(place.inhabitant(Role.MEMBER, "Juma"))
    page = see(browser, "/people", status=403)
    assert "You are signed in as Juma" in text_of(page, "main")
    assert place.browser().post("/people/x/close").status_code == 403


# registering


def test_registering_from_the_form_to_ones_own_page(place: Town) -> None:
    browser = place.browser()
    told = browser.post(
        "/register", data={**FORM, "email": "amina@example.com", "wants_to_contribute": "yes"}
    )
    assert told.status_code == 200 and "amina@example.com" in main_of(told)
    token = place.letters.token()
    asked = see(browser, f"/confirm?token={token}")
    assert asked.select_one("form[method=post] [name=token]")["value"] == token
    wrong = browser.post("/confirm", data={"token": token, "password": "not the password"})
    assert wrong.status_code == 400 and "not the password that" in main_of(wrong)
    given = {"token": BeautifulSoup(wrong.text, "lxml").select_one("[name=token]")["value"]}  # type: ignore[index]
    assert "Sign in" in main_of(browser.post("/confirm", data={**given, "password": PASSWORD}))
    again = browser.post("/confirm", data={**given, "password": PASSWORD})
    assert again.status_code == 400 and "used already" in main_of(again)
    assert signing_in(browser, "amina@example.com").status_code == 303
    page = see(browser, "/me")
    assert "contributor" in text_of(page, "main") and page.select('a[href="/contributions"]')


def test_looking_at_a_link_spends_nothing(place: Town) -> None:
    """Programs that look at mail open every link in it."""
    browser = place.browser()
    browser.post("/register", data=FORM)
    token = place.letters.token()
    for _ in range(3):
        see(browser, f"/confirm?token={token}")
    assert "by hand" in main_of(browser.post("/confirm", data={"token": token, "password": PASSWORD}))


def test_a_known_address_is_answered_as_an_unknown_one(place: Town) -> None:
    known, unknown = place.inhabitant(Role.MEMBER).email, "nobody@example.org"

    def answered(email: str, path: str, **typed: str) -> tuple[int, str, list[str]]:
        response = place.browser().post(path, data={"email": email, **typed})
        return response.status_code, response.text.replace(email, "…"), sorted(response.headers)

    rest = {name: value for name, value in FORM.items() if name != "email"}
    for path, typed in (("/register", rest), ("/reset", {}), ("/sign-in", {"password": "not the password"})):
        assert answered(known, path, **typed) == answered(unknown, path, **typed)


def test_what_was_typed_is_kept_where_something_is_wrong(place: Town) -> None:
    response = place.browser().post(
        "/register",
        data={**FORM, "name": HOSTILE, "organisation": HOSTILE, "password": "short", "wants_news": "yes"},
    )
    assert response.status_code == 400
    page = BeautifulSoup(response.text, "lxml")
    assert page.select_one("#name")["value"] == page.select_one("#organisation")["value"] == HOSTILE
    assert page.select_one("#wants_news").has_attr("checked")
    assert not page.select_one("#wants_to_contribute").has_attr("checked")
    assert not page.select_one("#password")["value"]
    assert page.select_one('#wrong a[href="#password"]') and page.select_one("#password")["aria-invalid"]


# a new password


def test_choosing_a_new_password_by_mail(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    browser = place.browser(who)
    assert "on its way" in main_of(browser.post("/reset", data={"email": who.email}))
    token = place.letters.token()
    assert see(browser, f"/reset?token={token}").select_one("[name=token]")["value"] == token
    weak = browser.post("/reset", data={"token": token, "password": "password1234"})
    assert weak.status_code == 400 and token in weak.text
    good = {"token": token, "password": "a better set of words"}
    assert "signed out everywhere" in main_of(browser.post("/reset", data=good))
    assert browser.get("/me").status_code == 303
    spent = browser.post("/reset", data=good)
    assert spent.status_code == 400 and "used already" in main_of(spent)
    assert BeautifulSoup(spent.text, "lxml").select_one("#email")
    assert signing_in(browser, who.email, "a better set of words").status_code == 303


def test_sixty_wrong_passwords_are_answered_with_when_to_come_back(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    app = place.site()
    browser = place.browser(app=app)
    statuses = [signing_in(browser, who.email, f"guess number {n}").status_code for n in range(60)]
    assert statuses == [400] * 9 + [429] * 51
    locked = signing_in(browser, who.email)
    assert locked.status_code == 429 and 14 * 60 < int(locked.headers["retry-after"]) <= 15 * 60
    assert re.search(r"counts in 1[45] minutes", main_of(locked))
    elsewhere = TestClient(app, client=("198.51.100.9", 1), follow_redirects=False)
    assert signing_in(elsewhere, who.email).status_code == 303


def test_asking_for_many_letters_is_answered_with_when_to_come_back(place: Town) -> None:
    browser = place.browser()
    for path in ("/reset", "/register"):
        typed = {**FORM, "email": f"somebody{len(path)}@example.org"}
        statuses = [
            browser.post(path, data=typed if path == "/register" else {"email": "x@example.org"})
            for _ in range(5)
        ]
        assert [one.status_code for one in statuses] == [200] * 4 + [429]
        assert int(statuses[-1].headers["retry-after"]) > 3_000
        kept = BeautifulSoup(statuses[-1].text, "lxml").select_one("#email")
        assert kept is not None and str(kept["value"]).endswith("@example.org")
        assert "Too many tries" in main_of(statuses[-1]) and PASSWORD not in statuses[-1].text


# one's own page


@pytest.mark.parametrize("sent", ["yes", "on", HOSTILE])
def test_a_box_is_ticked_whatever_is_sent_for_it(place: Town, sent: str) -> None:
    browser = place.browser(place.inhabitant(Role.MEMBER))
    typed = {"name": "Juma", "organisation": "IOM", "wants_news": sent, "keeps_questions": ""}
    assert browser.post("/me/details", data=typed).status_code == 303
    page = see(browser, "/me")
    assert page.select_one("#wants_news").has_attr("checked")
    assert not page.select_one("#keeps_questions").has_attr("checked")


def test_ones_own_page_shows_and_changes_what_is_stored(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER, "Juma")
    browser = place.browser(who)
    assert not see(browser, "/me").select('a[href="/contributions"]')
    assert browser.post("/me/details", data={"name": "Juma O.", "organisation": "IOM"}).status_code == 303
    page = see(browser, "/me?done=details")
    assert page.h1.text == "Juma O." and "saved" in text_of(page, "[role=status]")
    assert not page.select_one("#keeps_questions").has_attr("checked")
    wrong = browser.post("/me/details", data={"name": "", "organisation": HOSTILE, "wants_news": "yes"})
    assert wrong.status_code == 400
    page = BeautifulSoup(wrong.text, "lxml")
    assert page.select_one("#organisation")["value"] == HOSTILE and page.select_one("#wants_news").has_attr(
        "checked"
    )
    assert page.h1.text == "Juma O."


def test_the_password_is_changed_on_ones_own_page(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    here, there = place.browser(who), place.browser(who)
    new = "a better set of words"
    wrong = here.post("/me/password", data={"old": "not mine at all", "new": new})
    assert wrong.status_code == 400 and "not your password" in main_of(wrong)
    assert (
        here.post("/me/password", data={"old": PASSWORD, "new": new}).headers["location"]
        == "/me?done=password"
    )
    assert here.get("/me").status_code == 200 and there.get("/me").status_code == 303
    for n in range(9):
        assert here.post("/me/password", data={"old": f"guess number {n}", "new": new}).status_code == 400
    assert here.post("/me/password", data={"old": new, "new": PASSWORD}).status_code == 429


def test_sessions_are_listed_and_ended_everywhere(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    here, there = place.browser(who), place.browser(who)
    page = see(here, "/me")
    sessions = page.select('section[aria-labelledby="sessions"] li')
    assert len(sessions) == 2 and len(page.select("section[aria-labelledby=sessions] .state.done")) == 1
    assert here.post("/me/sign-out-everywhere").status_code == 303
    assert here.get("/me").status_code == there.get("/me").status_code == 303


def test_notices_are_new_until_they_are_read(place: Town) -> None:
    who, other = place.inhabitant(Role.MEMBER), place.inhabitant(Role.MEMBER)
    with place.records.writing() as connection:
        tell(connection, who.id, f"Published: {HOSTILE}", "/contributions/7")
        tell(connection, other.id, "Not for everybody", "/me")
    browser = place.browser(who)
    page = see(browser, "/me")
    assert text_of(page, "section[aria-labelledby=notices] .state") == "new"
    assert page.select_one('section a[href="/contributions/7"]').text == f"Published: {HOSTILE}"
    assert "Not for everybody" not in page.text
    assert text_of(page, "header .waiting") == "1 new"
    assert browser.post("/me/notices").status_code == 303
    page = see(browser, "/me")
    assert not page.select("section[aria-labelledby=notices] .state, header .waiting")
    assert place.notices.new(other) == 1


@pytest.mark.parametrize("path", ["/me/details", "/me/password", "/me/notices", "/me/sign-out-everywhere"])
def test_a_visitor_changes_nothing(place: Town, path: str) -> None:
    assert place.browser().post(path, data={"name": "x", "organisation": "y"}).status_code == 403


# the header


def doors(browser: TestClient, address: str = "/sign-in") -> list[str]:
    page = see(browser, address, status=browser.get(address).status_code)
    return [" ".join(link.get_text(" ").split()) for link in page.select("header a[href]")][5:]


def test_the_header_greets_each_by_what_they_may(place: Town) -> None:
    place.newcomer()
    greeted = {role: doors(place.browser(place.inhabitant(role, "Zuri")), "/me") for role in list(Role)[1:]}
    assert doors(place.browser()) == ["Calls", "Sign in"]
    assert greeted == {
        Role.MEMBER: ["Calls", "Zuri"],
        Role.CONTRIBUTOR: ["Calls", "Contribute", "Zuri"],
        Role.STAFF: ["Calls", "Contribute", "Staff 1 new", "Zuri"],
        Role.ADMINISTRATOR: ["Calls", "Contribute", "Staff 1 new", "Zuri"],
    }


def test_the_header_marks_the_door_of_a_page(place: Town) -> None:
    browser = place.browser(place.inhabitant(Role.STAFF, "Zuri"))
    for address, label in (("/people", "Staff"), ("/staff", "Staff"), ("/me", "Zuri")):
        assert text_of(see(browser, address), "header [aria-current=page]").startswith(label)


def test_a_page_never_greets_the_one_before(place: Town) -> None:
    app = place.site()
    signed_in, visitor = place.browser(place.inhabitant(Role.MEMBER, "Zuri"), app), place.browser(app=app)
    for _ in range(3):
        assert doors(signed_in, "/me")[-1] == "Zuri"
        assert doors(visitor, "/nowhere")[-1] == "Sign in"


# staff


def test_staff_let_people_in_and_refuse_them(place: Town) -> None:
    for n, name in enumerate(("Amina", "Baraka")):
        place.newcomer(replace(AMINA, name=name, email=f"new{n}@example.org", wants_to_contribute=not n))
    browser = place.browser(place.inhabitant(Role.STAFF))
    page = see(browser, "/people")
    assert text_of(page, "#waiting").startswith("2 wait")
    chosen = [option.text for option in page.select("section option[selected]")]
    assert chosen == ["contributor", "member"] and "administrator" not in text_of(page, "select")
    assert not page.select('form[action$="/close"], form[action$="/role"]')
    approve, refuse = page.select_one('form[action$="/approve"]'), page.select('form[action$="/refuse"]')[1]
    assert browser.post(approve["action"], data={"role": "contributor"}).status_code == 303
    assert browser.post(refuse["action"]).status_code == 303
    page = see(browser, "/people")
    assert "Nobody waits" in text_of(page, "#waiting")
    assert "Amina" in text_of(page, "main") and "Baraka" not in text_of(page, "main")
    again = browser.post(approve["action"], data={"role": "member"})
    assert again.status_code == 409 and "already" in main_of(again)
    assert browser.post(approve["action"], data={"role": "emperor"}).status_code == 400


def test_administrators_give_roles_and_close_accounts(place: Town) -> None:
    boss, who = place.inhabitant(Role.ADMINISTRATOR, "Boss"), place.inhabitant(Role.MEMBER, "Juma")
    browser, theirs = place.browser(boss), place.browser(who)
    page = see(browser, "/people?q=juma")
    assert (
        browser.post(page.select_one('form[action$="/role"]')["action"], data={"role": "staff"}).status_code
        == 303
    )
    assert theirs.get("/people").status_code == 200
    assert browser.post(page.select_one('form[action$="/close"]')["action"]).status_code == 303
    assert theirs.get("/people").status_code == 303
    own = see(browser, "/people?q=boss")
    assert not own.select('form[action$="/close"], form[action$="/role"]') and "you" in text_of(own, "main")
    assert browser.post(f"/people/{boss.id}/role", data={"role": "member"}).status_code == 403
    assert browser.post("/people/nobody/close").status_code == 404


def test_long_lists_of_people_stay_small_pages(place: Town) -> None:
    for n in range(40):
        place.newcomer(replace(AMINA, name=f"Waiting {n} {'w' * 90}", email=f"wait{n}@example.org"))
        place.inhabitant(Role.MEMBER, f"{n:02} {'Long name ' * 12}")
    browser = place.browser(place.inhabitant(Role.ADMINISTRATOR))
    page = see(browser, "/people")
    assert "30 more wait" in text_of(page, "main")
    seen: list[str] = []
    while True:
        seen += [tag.text for tag in page.select("section[aria-labelledby=accounts] b")]
        more = page.find("a", string="More")
        if more is None:
            break
        page = see(browser, more["href"])
    assert len(seen) == len(set(seen)) == 41


def test_what_people_write_is_shown_as_they_wrote_it(place: Town) -> None:
    place.newcomer(replace(AMINA, name=HOSTILE, organisation=HOSTILE))
    who = place.inhabitant(Role.ADMINISTRATOR)
    place.accounts.change_details(who, Details(HOSTILE, HOSTILE, keeps_questions=True, wants_news=False))
    browser = place.browser(who)
    hostile = (
        "?q=%22%3E%3Cscript%3E",
        "?number=%3Cscript%3E",
        "?number=0",
        "?number=99999999",
        f"?q={HOSTILE}",
    )
    for address in ("/me", "/people", "/staff", *(f"/people{query}" for query in hostile)):
        page = see(browser, address)
        assert not page.select("main script, main img, header script, header img")
        assert not page.select("[onerror]")
    assert HOSTILE in see(browser, "/people").text


# refusals


@pytest.mark.parametrize(
    ("error", "status"), [(Conflict("no"), 409), (TooMany("no", 61), 429), (Invalid({"name": "no"}), 400)]
)
def test_a_refusal_is_a_page(place: Town, error: Exception, status: int) -> None:
    app = place.site()

    @app.get("/refuses")
    def refuses() -> None:
        raise error

    response = place.browser(app=app).get("/refuses")
    assert response.status_code == status and "no" in main_of(response)
    assert response.headers.get("retry-after") == ("61" if status == 429 else None)


PAGES = ["/sign-in", "/register", "/confirm?token=x", "/reset", "/reset?token=x", "/me", "/people", "/staff"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_used_by_ear_and_keyboard(place: Town, address: str) -> None:
    place.newcomer()
    place.inhabitant(Role.MEMBER)
    public = address.startswith(("/sign-in", "/register", "/confirm", "/reset"))
    page = see(place.browser(None if public else place.inhabitant(Role.ADMINISTRATOR)), address)
    named = {label["for"] for label in page.select("label[for]")}
    for part in page.select("input:not([type=hidden]), select, textarea"):
        assert part.get("id") in named or part.find_parent("label") or part.get("aria-label")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for form in page.select("form[method=post]"):
        assert form.select("button[type=submit]") and form["action"].startswith("/")


def test_the_owners_door_makes_an_administrator(place: Town) -> None:
    app: FastAPI = place.site()
    who = {"email": "boss@example.org", "name": "Boss", "password": PASSWORD}
    door = "/library/people/administrators"
    here = TestClient(app, client=("127.0.0.1", 1))
    assert here.post(door, data=who).status_code == 403
    assert (
        place.browser(app=app).post(door, data=who, headers={"Authorization": "Bearer secret"}).status_code
        == 403
    )
    made = here.post(door, data=who, headers={"Authorization": "Bearer secret"})
    assert place.accounts.names([made.json()["person_id"]]) == {made.json()["person_id"]: "Boss"}
    again = here.post(door, data=who, headers={"Authorization": "Bearer secret"})
    assert again.status_code == 409 and "already" in again.json()["message"]


def test_the_addresses_of_people_are_kept_by_no_browser(place: Town) -> None:
    """A computer that many use would show them to the next who presses “back”."""
    browser = place.browser(place.inhabitant(Role.ADMINISTRATOR))
    for address in ("/me", "/people", "/staff"):
        assert browser.get(address).headers["cache-control"] == "private, no-store"


def test_who_waits_for_the_staff_is_told_so_and_has_made_no_mistake(place: Town) -> None:
    place.newcomer()
    browser = place.browser()
    waits = signing_in(browser, AMINA.email)
    assert waits.status_code == 202 and "nothing is left for you to do" in main_of(waits)
    assert "ujuzi" not in browser.cookies
