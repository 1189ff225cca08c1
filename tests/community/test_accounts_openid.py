"""Signing in through another house: a real provider on loopback, as a browser goes there and back."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from community.accounts.identity import Identity
from community.accounts.openid import House, OpenId
from community.accounts.rows import change
from community.audit import Audit
from community.people import Role
from ingest.errors import UjuziError
from tests.community.test_accounts_pages import cookie_of, main_of
from tests.community.town import HERE, PASSWORD, Town, town

with warnings.catch_warnings():
    # the provider stands on a part of Authlib that is about to leave it
    from authlib.deprecate import AuthlibDeprecationWarning

    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

CLIENT = httpx.Client()  # what a browser does there
CLAIMS = {"email": "amina@example.com", "email_verified": True, "name": "Amina Diallo"}


@dataclass
class Abroad:
    """A town, the provider's address, and the way between them."""

    town: Town
    issuer: str
    openid: OpenId
    app: Any

    def browser(self) -> TestClient:
        return self.town.browser(app=self.app)

    def knows(self, sub: str, **claims: object) -> None:
        """Somebody has an account there."""
        response = CLIENT.put(f"{self.issuer}/users/{sub}", json={**CLAIMS, **claims})
        assert response.status_code == 204, response.text

    def sent_back(self, browser: TestClient, sub: str, then: str = "/me") -> str:
        """The address at which somebody comes back after they signed in there."""
        leaving = browser.get("/sign-in/elsewhere", params={"next": then})
        assert leaving.status_code == 303
        allowed = CLIENT.post(leaving.headers["location"], data={"sub": sub})
        assert allowed.status_code == 302
        return str(allowed.headers["location"]).removeprefix("http://testserver")


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of the provider."""
    with run_server_in_thread(user_claims=[User(sub="nobody", claims={})]) as server:
        yield f"http://localhost:{server.server_port}"


@contextmanager
def connected(folder: Path, issuer: str) -> Iterator[Abroad]:
    with town(folder, domains=frozenset({"example.com"})) as one:
        house = House(issuer, "ujuzi", "secret", "Example Login")
        openid = OpenId(one.records, house, one.accounts.site, one.clock)
        yield Abroad(one, issuer, openid, one.site(openid))


@pytest.fixture
def abroad(tmp_path: Path, provider: str) -> Iterator[Abroad]:
    with connected(tmp_path, provider) as one:
        yield one


def test_somebody_from_a_known_domain_is_let_in_at_once(abroad: Abroad) -> None:
    abroad.knows("s1")
    browser = abroad.browser()
    back = browser.get(abroad.sent_back(browser, "s1", "/me?done=details"))
    assert back.status_code == 303 and back.headers["location"] == "/me?done=details"
    page = browser.get("/me")
    assert "Amina Diallo" in main_of(page) and "member" in main_of(page)
    assert "ujuzi-away" not in browser.cookies


def test_what_is_sent_there_is_unguessable_and_bound_to_the_browser(abroad: Abroad) -> None:
    leaving = abroad.browser().get("/sign-in/elsewhere")
    asked = parse_qs(urlsplit(leaving.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://testserver/sign-in/back"]
    assert {"openid", "email"} <= set(asked["scope"][0].split())
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    name, how = cookie_of(leaving)
    assert name == "ujuzi-away" and how["httponly"] and how["samesite"] == "lax" and how["max-age"] == "600"


def test_a_verified_address_signs_in_to_the_account_that_has_it(abroad: Abroad) -> None:
    who = abroad.town.inhabitant(Role.STAFF)
    abroad.knows("s2", email=who.email.upper())
    for email in (who.email.upper(), "renamed@example.com"):  # they are known by their number from then on
        abroad.knows("s2", email=email)
        browser = abroad.browser()
        browser.get(abroad.sent_back(browser, "s2"))
        assert abroad.town.accounts.person_of(browser.cookies["ujuzi"]).id == who.id
    assert abroad.town.accounts.sign_in(who.email, PASSWORD, HERE)  # and the password still holds


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_unverified_address_opens_no_account(abroad: Abroad, verified: object) -> None:
    who = abroad.town.inhabitant(Role.ADMINISTRATOR)
    abroad.knows("mallory", email=who.email, email_verified=verified)
    browser = abroad.browser()
    back = browser.get(abroad.sent_back(browser, "mallory"))
    assert back.status_code == 200 and "Look at your mail" in main_of(back)
    assert "ujuzi" not in browser.cookies
    (letter,) = abroad.town.letters.sent
    assert letter.to == who.email and letter.subject == "You have an account already"


def test_an_address_that_was_given_on_opens_no_account_of_its_former_owner(abroad: Abroad) -> None:
    """A house gives the address of somebody who left to somebody new: verified, and of another person."""
    who = abroad.town.inhabitant(Role.STAFF)
    abroad.knows("left", email=who.email)
    browser = abroad.browser()
    browser.get(abroad.sent_back(browser, "left"))
    abroad.knows("new", email=who.email)
    browser = abroad.browser()
    back = browser.get(abroad.sent_back(browser, "new"))
    assert back.status_code == 403 and "knows as another person" in main_of(back)
    assert "ujuzi" not in browser.cookies
    browser.get(abroad.sent_back(browser, "left"))
    assert abroad.town.accounts.person_of(browser.cookies["ujuzi"]).id == who.id


def test_another_house_takes_over_from_the_one_before(abroad: Abroad, tmp_path: Path) -> None:
    """The operator moved: who was known there is known here, and the trail says so."""
    who = abroad.town.inhabitant(Role.STAFF)
    for issuer in ("https://before.example", abroad.issuer):
        identity = Identity(issuer, "s12", who.email, email_verified=True, name="")
        assert abroad.town.accounts.arrive(identity, "", HERE)
    trail = Audit(abroad.town.records).of(who, f"person:{who.id}")
    assert [deed.action for deed in trail] == ["came through another house"] * 2


def test_letters_that_only_look_like_ours_verify_no_address(abroad: Abroad) -> None:
    """The sign for a kelvin becomes a k where letters are made small."""
    who = abroad.town.inhabitant(Role.ADMINISTRATOR, "K")
    with abroad.town.records.writing() as connection:
        change(connection, who.id, email="kamau@example.com")
    abroad.knows("kelvin", email="\u212aamau@example.com")
    browser = abroad.browser()
    browser.get(abroad.sent_back(browser, "kelvin"))
    assert "ujuzi" not in browser.cookies


def test_an_unverified_address_is_confirmed_by_mail_first(abroad: Abroad) -> None:
    abroad.knows("s3", email_verified=False)
    browser = abroad.browser()
    browser.get(abroad.sent_back(browser, "s3"))
    assert "ujuzi" not in browser.cookies
    assert "/confirm/elsewhere?token=" in abroad.town.letters.sent[-1].text
    token = abroad.town.letters.token()
    assert 'type="password"' not in browser.get(f"/confirm/elsewhere?token={token}").text
    made = browser.post("/confirm/elsewhere", data={"token": token})
    assert "Welcome" in main_of(made) and "Sign in with Example Login" in main_of(made)
    assert "ujuzi-mailed" not in browser.cookies
    browser.get(abroad.sent_back(browser, "s3"))
    assert abroad.town.accounts.person_of(browser.cookies["ujuzi"]).email == "amina@example.com"
    again = browser.post("/confirm/elsewhere", data={"token": token})
    assert again.status_code == 400 and "used already" in main_of(again)


def test_a_strangers_letter_links_nobody_though_its_button_is_pressed(abroad: Abroad) -> None:
    """Whoever came from the other house proves it by a cookie; the owner of the address has none of it."""
    abroad.knows("mallory", email_verified=False)
    mallory, amina = abroad.browser(), abroad.browser()
    mallory.get(abroad.sent_back(mallory, "mallory"))
    token = abroad.town.letters.token()
    abroad.knows("s13", email="other@example.com", email_verified=False)
    amina.get(abroad.sent_back(amina, "s13"))  # though she came from there too
    for browser, path in ((abroad.browser(), "/confirm/elsewhere"), (amina, "/confirm/elsewhere"),
                          (amina, "/confirm")):  # fmt: skip
        pressed = browser.post(path, data={"token": token, "password": ""})
        assert pressed.status_code == 400
    mallory.get(abroad.sent_back(mallory, "mallory"))
    assert "ujuzi" not in mallory.cookies


def test_somebody_from_elsewhere_waits_for_the_staff(abroad: Abroad) -> None:
    abroad.knows("s4", email="baraka@example.org", name="Baraka\u202e <b>")
    staff = abroad.town.inhabitant(Role.STAFF)
    for _ in range(2):
        browser = abroad.browser()
        back = browser.get(abroad.sent_back(browser, "s4"))
        assert back.status_code == 202 and "Your account waits for the staff" in main_of(back)
        assert "ujuzi" not in browser.cookies and 'type="password"' not in back.text
    (waiting,) = abroad.town.accounts.waiting(staff)
    assert waiting.person.name == "Baraka <b>"
    abroad.town.accounts.approve(staff, waiting.person.id, Role.MEMBER)
    assert browser.get(abroad.sent_back(browser, "s4")).headers["location"] == "/me"


def test_a_closed_account_stays_closed_and_frees_its_address(abroad: Abroad) -> None:
    boss, who = abroad.town.inhabitant(Role.ADMINISTRATOR), abroad.town.inhabitant(Role.STAFF)
    abroad.knows("s5", email=who.email)
    browser = abroad.browser()
    browser.get(abroad.sent_back(browser, "s5"))
    abroad.town.accounts.close(boss, who.id)
    assert browser.get("/me").status_code == 303
    assert "waits for the staff" in main_of(browser.get(abroad.sent_back(browser, "s5")))


def test_without_an_address_nobody_is_let_in(abroad: Abroad) -> None:
    abroad.knows("s6", email="")
    browser = abroad.browser()
    back = browser.get(abroad.sent_back(browser, "s6"))
    assert back.status_code == 400 and "e-mail address" in main_of(back)


def changed(address: str, **values: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{urlencode({**dict(parse_qsl(parts.query)), **values})}"


def test_the_state_must_be_the_browsers_own(abroad: Abroad) -> None:
    """Else somebody could sign another into their own account, or let them finish what they began."""
    abroad.knows("s7")
    mine, theirs = abroad.browser(), abroad.browser()
    address = abroad.sent_back(mine, "s7")
    abroad.sent_back(theirs, "s7")
    for browser, tried in (
        (theirs, address),  # theirs left too, with another state
        (abroad.browser(), abroad.sent_back(mine, "s7")),  # this one never left
        (mine, changed(abroad.sent_back(mine, "s7"), state="invented")),
        (mine, changed(abroad.sent_back(mine, "s7"), state="")),
    ):
        back = browser.get(tried)
        assert back.status_code == 400 and "not begun here" in main_of(back)
        assert "ujuzi" not in browser.cookies


def test_the_way_back_is_gone_once_and_soon(abroad: Abroad) -> None:
    abroad.knows("s8")
    browser = abroad.browser()
    address = abroad.sent_back(browser, "s8")
    state = browser.cookies["ujuzi-away"]
    assert browser.get(address).status_code == 303
    again = abroad.browser()
    again.cookies.set("ujuzi-away", state)
    assert "not begun here" in main_of(again.get(address))
    late = abroad.browser()
    address = abroad.sent_back(late, "s8")
    abroad.town.clock.pass_by(minutes=10)
    assert "took too long" in main_of(late.get(address))


def test_an_invented_code_lets_nobody_in(abroad: Abroad) -> None:
    abroad.knows("s9")
    browser = abroad.browser()
    back = browser.get(changed(abroad.sent_back(browser, "s9"), code="invented"))
    assert back.status_code == 400 and "did not confirm who you are" in main_of(back)
    assert "ujuzi" not in browser.cookies


def test_a_code_from_another_browser_lets_nobody_in(abroad: Abroad) -> None:
    """Each way there has its own nonce: what was said on another is not about this one."""
    abroad.knows("s10")
    mine, theirs = abroad.browser(), abroad.browser()
    stolen = dict(parse_qsl(urlsplit(abroad.sent_back(theirs, "s10")).query))["code"]
    back = mine.get(changed(abroad.sent_back(mine, "s10"), code=stolen))
    assert back.status_code == 400 and "ujuzi" not in mine.cookies


def test_whoever_says_no_there_is_told_so_here(abroad: Abroad) -> None:
    browser = abroad.browser()
    leaving = browser.get("/sign-in/elsewhere")
    denied = CLIENT.post(leaving.headers["location"], data={"action": "deny"})
    back = browser.get(denied.headers["location"].removeprefix("http://testserver"))
    assert back.status_code == 400 and "Example Login did not say who you are" in main_of(back)


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example"])
def test_the_way_back_leads_to_our_own_pages_only(abroad: Abroad, then: str) -> None:
    abroad.knows("s11")
    browser = abroad.browser()
    assert browser.get(abroad.sent_back(browser, "s11", then)).headers["location"] == "/"


def test_the_form_offers_the_other_house(abroad: Abroad) -> None:
    page = abroad.browser().get("/sign-in?next=/people")
    assert 'href="/sign-in/elsewhere?next=/people"' in page.text and "Sign in with Example Login" in page.text
    assert "/sign-in/elsewhere" not in abroad.town.browser().get("/sign-in").text


def test_a_house_that_is_away_is_told_and_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(tmp_path, "http://localhost:9") as away:
        answer = away.browser().get("/sign-in/elsewhere")
        assert answer.status_code == 502 and "Example Login could not be asked" in main_of(answer)
        assert "ConnectError" in caplog.text


def test_a_house_that_calls_itself_otherwise_is_not_believed(tmp_path: Path, provider: str) -> None:
    with connected(tmp_path, provider + "/") as other:
        for _ in range(2):
            assert other.browser().get("/sign-in/elsewhere").status_code == 502


@pytest.mark.parametrize("issuer", ["http://login.example.org", "login.example.org", ""])
def test_a_house_is_not_asked_over_an_open_line(abroad: Abroad, issuer: str) -> None:
    with pytest.raises(UjuziError, match="https only"):
        OpenId(abroad.town.records, House(issuer, "ujuzi", "secret", "x"), "https://ujuzi.example.org")


def test_leaving_too_often_is_stopped(abroad: Abroad) -> None:
    for _ in range(60):
        abroad.openid._throttle.leave(HERE)
    stopped = abroad.browser().get("/sign-in/elsewhere")
    assert stopped.status_code == 429 and int(stopped.headers["retry-after"]) > 800
