"""Coming in: registering, confirming an address, signing in with a password or through another house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping

from community import audit
from community.accounts import vouchers
from community.accounts.ground import Ground
from community.accounts.identity import Identity
from community.accounts.rows import Standing, change, enter, find, people
from community.accounts.vouchers import Purpose, Voucher, hash_of
from community.accounts.wording import Registration, email_of, reachable, refuse
from community.errors import Invalid, NotAllowed
from community.people import Person, Role
from ingest.text import clean_line

CONFIRM_WITHIN, RESET_WITHIN = timedelta(days=2), timedelta(hours=1)
SPENT = "This link was used already or is too old. Ask for a new one."
_WRONG = "This e-mail address and this password do not belong together."
_OTHERS = "This is not the password that this address was registered with."
_ELSEWHERE = (
    "Open the link in the browser in which you signed in elsewhere, so that it is sure that you asked for it."
)
_TAKEN = (
    "Your e-mail address belongs to an account of somebody whom your organisation knows as another person. "
    "Sign in with your password, or ask the staff."
)
_WAITS = "Your account waits for the staff, who look at new accounts by hand. You get a mail when they have."


class StillWaiting(NotAllowed):
    """Staff have not decided yet about an account, whose owner has done all that they can."""


class Entrance:
    """The way in. See ``Accounts`` for what each function promises."""

    def __init__(self, ground: Ground, domains: frozenset[str]) -> None:
        self._ground = ground
        self._domains = frozenset(domain.lower() for domain in domains)

    def register(self, form: Registration, address: str) -> None:
        """Mail a link that makes the account."""
        one = form.checked()
        self._ground.throttle.letter(one.email, address)
        described = _described(one, password=self._ground.passwords.hashed(one.password))
        self._ask_to_confirm(Purpose.CONFIRM, described)

    def verify(self, token: str, password: str, address: str) -> Standing:
        """Make the account that a link confirms.

        The password is asked for because whoever reads the mail may not be who registered: else one who
        presses the button of a letter that a stranger had sent would give their own account to that stranger.
        """
        voucher = self._promised(Purpose.CONFIRM, token)
        self._ground.throttle.guess(voucher.about, address)
        if not self._ground.passwords.fits(voucher.detail["password"], password):
            raise Invalid({"password": _OTHERS})
        return self._confirm(Purpose.CONFIRM, token)

    def verify_elsewhere(self, token: str, browser: str) -> Standing:
        """The same for whom another house knows, in the browser in which they came from there."""
        voucher = self._promised(Purpose.CONFIRM_ELSEWHERE, token)
        if not browser or voucher.detail["browser"] != hash_of(browser):
            raise Invalid({"browser": _ELSEWHERE})
        return self._confirm(Purpose.CONFIRM_ELSEWHERE, token)

    def sign_in(self, email: str, password: str, address: str) -> str:
        """A new session for whoever knows the password."""
        email = email_of(email)
        self._ground.throttle.guess(email, address)
        with self._ground.records.reading() as connection:
            row = find(connection, people.c.email == email)
        stored = row["password"] if row else ""
        if not self._ground.passwords.fits(stored, password) or row is None:
            raise Invalid({"password": _WRONG})
        self._ground.throttle.guessed_right(email, address)
        return self._begin(row, password=self._ground.passwords.up_to_date(stored, password))

    def arrive(self, identity: Identity, browser: str, address: str) -> str:
        """A new session for whom another house vouches; empty where a letter must be answered first."""
        row = self._known(identity)
        if row is not None:
            return self._begin(row, subject=identity.subject)
        email = email_of(identity.email)
        refuse(email=reachable(email))
        name = clean_line(identity.name) or email.partition("@")[0]
        described = _described(Registration(name, email, "", "", consents=True), subject=identity.subject)
        if not identity.email_verified:
            self._ground.throttle.letter(email, address)
            self._ask_to_confirm(Purpose.CONFIRM_ELSEWHERE, described, browser=hash_of(browser))
            return ""
        with self._ground.records.writing() as connection:
            if find(connection, people.c.email == email) is None:  # else the same person was quicker
                self._enter(connection, described)
        return self.arrive(identity, browser, address)

    def _known(self, identity: Identity) -> RowMapping | None:
        with self._ground.records.reading() as connection:
            row = find(connection, people.c.subject == identity.subject)
            if row is None and identity.email_verified:
                row = find(connection, people.c.email == email_of(identity.email))
                if row is not None and row["subject"].startswith(f"{identity.issuer} "):
                    raise NotAllowed(_TAKEN)  # an address that was given on, from one colleague to the next
            return row

    def _promised(self, purpose: Purpose, token: str) -> Voucher:
        with self._ground.records.reading() as connection:
            voucher = vouchers.look_at(connection, purpose, token, self._ground.clock())
        if voucher is None:
            raise Invalid({"token": SPENT})
        return voucher

    def _confirm(self, purpose: Purpose, token: str) -> Standing:
        with self._ground.records.writing() as connection:
            voucher = vouchers.redeem(connection, purpose, token, self._ground.clock())
            if voucher is None or find(connection, people.c.email == voucher.about):
                raise Invalid({"token": SPENT})
            described = {name: value for name, value in voucher.detail.items() if name != "browser"}
            return self._enter(connection, described)

    def _ask_to_confirm(self, purpose: Purpose, described: Mapping[str, Any], **more: str) -> None:
        """Where there is such an account, as much is written, so that the answer takes as long."""
        at, email, letters = self._ground.clock(), described["email"], self._ground.letters
        with self._ground.records.writing() as connection:
            vouchers.sweep(connection, at)
            row = find(connection, people.c.email == email)
            if row is None:
                until = at + CONFIRM_WITHIN
                token = vouchers.issue(connection, purpose, email, until, {**described, **more})
                letter = letters.confirm(email, token, elsewhere=purpose is Purpose.CONFIRM_ELSEWHERE)
            else:
                until = at + RESET_WITHIN
                letter = letters.already_there(
                    email, vouchers.issue(connection, Purpose.RESET, row["id"], until)
                )
        self._ground.outbox.send(letter)

    def _enter(self, connection: Connection, described: Mapping[str, Any]) -> Standing:
        known = described["email"].rpartition("@")[2] in self._domains
        standing = Standing.ACTIVE if known else Standing.WAITING
        role = Role.CONTRIBUTOR if described["wants_to_contribute"] else Role.MEMBER
        decided = {"standing": standing, "role": role}  # which says nothing before the account is active
        enter(connection, {**described, **decided}, self._ground.clock())
        return standing

    def _begin(self, found: RowMapping, **changes: str) -> str:
        """A session of whoever was found, if they are as they were found and may come in."""
        with self._ground.records.writing() as connection:
            row = find(connection, people.c.id == found["id"], people.c.password == found["password"])
            if row is None or row["standing"] == Standing.CLOSED:
                raise Invalid({"password": _WRONG})
            if row["standing"] == Standing.WAITING:
                raise StillWaiting(_WAITS)
            if changes.get("subject", row["subject"]) != row["subject"]:
                about = f"person:{row['id']}"
                audit.record(connection, Person(row["id"]), "came through another house", about)
            change(connection, row["id"], **changes)
            return self._ground.sessions.begin(connection, row["id"])


def _described(one: Registration, password: str = "", subject: str = "") -> dict[str, Any]:
    """What is kept of a registration until the address is confirmed."""
    return {
        "email": one.email,
        "name": one.name,
        "organisation": one.organisation,
        "password": password,
        "subject": subject,
        "wants_to_contribute": one.wants_to_contribute,
        "wants_news": one.wants_news,
    }
