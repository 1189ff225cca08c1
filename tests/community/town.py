"""A community with its accounts over a real database, a clock that is set, browsers that come to its site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from community.accounts.accounts import Accounts
from community.accounts.letters import Letter
from community.accounts.openid import OpenId
from community.accounts.passwords import Passwords
from community.accounts.rows import Standing, enter, find, people, person
from community.accounts.wording import Registration
from community.jobs import Jobs
from community.notices import Notices
from community.pages.accounts import account_pages
from community.pages.doors import owner_doors
from community.pages.me import own_pages
from community.pages.openid import openid_pages
from community.pages.refusals import explain_refusals
from community.pages.staff import staff_pages
from community.pages.visiting import Visiting, doors_for, person_of
from community.people import Person, Role
from community.records import Records
from index.store import Store
from web.guard import Guard
from web.site import furnish
from web.viewer import Door

PASSWORD = "three blue ferries"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # what tests can afford to guess
HERE, THERE = "192.0.2.7", "198.51.100.9"  # network addresses
AMINA = Registration("Amina Diallo", "amina@example.org", "Mission locale", PASSWORD, consents=True)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Letters:
    """An outbox that keeps what it is given."""

    sent: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.sent.append(letter)

    def close(self) -> None:
        """Nothing waits."""

    def token(self) -> str:
        """The token of the last letter that has one."""
        found = [re.search(r"token=(\S+)", letter.text) for letter in self.sent]
        return [match.group(1) for match in found if match][-1]


class Town:
    """Everything of the accounts, wired as the composition root does it."""

    def __init__(
        self, folder: Path, site: str = "http://testserver", domains: frozenset[str] = frozenset()
    ) -> None:
        self.store = Store(folder / "ujuzi.db")
        self.records = Records(self.store)
        self.clock = Clock()
        self.letters = Letters()
        self.notices = Notices(self.records)
        self.accounts = Accounts(
            self.records, self.letters, site, domains, self.clock, passwords=Passwords(QUICK)
        )
        self._ids = iter(range(1, 1_000))

    def newcomer(self, form: Registration = AMINA) -> None:
        """Somebody registers and confirms their address."""
        self.accounts.register(form, HERE)
        self.accounts.verify(self.letters.token(), form.password, HERE)

    def inhabitant(self, role: Role, name: str = "") -> Person:
        """Somebody with an account, entered by hand: who gives roles is tested elsewhere."""
        number = next(self._ids)
        values = {
            "email": f"{role}{number}@example.org",
            "name": name or f"{role} {number}",
            "organisation": "Mission locale",
            "password": QUICK.hash(PASSWORD),
            "role": role,
            "standing": Standing.ACTIVE,
        }
        with self.records.writing() as connection:
            row = find(connection, people.c.id == enter(connection, values, self.clock()))
        assert row is not None
        return person(row)

    def site(self, openid: OpenId | None = None) -> FastAPI:
        """The pages, with the guard and the greeting before them."""
        asked_by = person_of(self.accounts)

        def behind(who: Person) -> list[Door]:
            return [Door("people", "People", "/people", self.accounts.count_waiting(who))]

        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(account_pages(self.accounts, asked_by, openid.label if openid else ""))
        if openid:
            app.include_router(openid_pages(self.accounts, openid))
        app.include_router(own_pages(self.accounts, self.notices, asked_by))
        app.include_router(staff_pages(self.accounts, Jobs(self.records), asked_by, behind))
        app.include_router(owner_doors(self.accounts, "secret"))
        furnish(app)
        explain_refusals(app, asked_by)
        app.add_middleware(Visiting, person_of=asked_by, doors=doors_for(self.notices, behind))
        app.add_middleware(Guard, site=self.accounts.site)
        return app

    def browser(self, who: Person | None = None, app: FastAPI | None = None, **options: object) -> TestClient:
        """A browser, signed in as ``who``."""
        browser = TestClient(
            app or self.site(),
            base_url=self.accounts.site,
            client=(HERE, 50_000),
            headers={"accept": "text/html"},
            follow_redirects=False,
        )
        if who is not None:
            given = {"email": who.email, "password": PASSWORD}
            assert browser.post("/sign-in", data=given).status_code == 303
        return browser


@contextmanager
def town(folder: Path, **how: object) -> Iterator[Town]:
    """A town for as long as the context lasts."""
    one = Town(folder, **how)  # type: ignore[arg-type]
    try:
        yield one
    finally:
        one.store.close()


FORM: Mapping[str, str] = {
    "name": AMINA.name,
    "email": AMINA.email,
    "organisation": AMINA.organisation,
    "password": PASSWORD,
    "consents": "yes",
}
