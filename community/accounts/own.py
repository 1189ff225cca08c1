"""One's own account: sessions, password, details."""

from __future__ import annotations

from sqlalchemy import RowMapping

from community import audit
from community.accounts import vouchers
from community.accounts.entrance import RESET_WITHIN, SPENT
from community.accounts.ground import Ground
from community.accounts.passwords import weakness
from community.accounts.rows import Standing, change, find, people
from community.accounts.sessions import Session
from community.accounts.vouchers import Purpose
from community.accounts.wording import Details, email_of, refuse
from community.errors import Invalid
from community.people import Person, Role


class OwnAccount:
    """What somebody does with their own account. See ``Accounts`` for what each function promises."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def sign_out(self, token: str) -> None:
        """End one session."""
        with self._ground.records.writing() as connection:
            self._ground.sessions.end(connection, token)

    def sign_out_everywhere(self, who: Person) -> None:
        """End every session."""
        who.must_be(Role.MEMBER)
        with self._ground.records.writing() as connection:
            self._ground.sessions.end_all(connection, who.id)

    def sessions(self, who: Person, token: str) -> list[Session]:
        """Where they are signed in."""
        who.must_be(Role.MEMBER)
        return self._ground.sessions.of(who.id, token)

    def ask_reset(self, email: str, address: str) -> None:
        """Mail a link to choose a new password. For nobody as much is written, so that it takes as long."""
        email, at = email_of(email), self._ground.clock()
        self._ground.throttle.letter(email, address)
        with self._ground.records.writing() as connection:
            vouchers.sweep(connection, at)
            row = find(connection, people.c.email == email, people.c.standing != Standing.CLOSED)
            token = vouchers.issue(connection, Purpose.RESET, row["id"] if row else "", at + RESET_WITHIN)
        if row:
            self._ground.outbox.send(self._ground.letters.reset(email, token))

    def reset(self, token: str, password: str) -> None:
        """Choose a new password with what was mailed."""
        row = self._whose(token)
        refuse(password=weakness(password, row["email"], row["name"]))
        hashed = self._ground.passwords.hashed(password)  # before the transaction: it takes a while
        with self._ground.records.writing() as connection:
            if vouchers.redeem(connection, Purpose.RESET, token, self._ground.clock()) is None:
                raise Invalid({"token": SPENT})
            vouchers.cancel(connection, Purpose.RESET, row["id"])
            change(connection, row["id"], password=hashed)
            self._ground.sessions.end_all(connection, row["id"])
            audit.record(connection, Person(row["id"]), "chose a new password by mail", f"person:{row['id']}")
        self._ground.outbox.send(self._ground.letters.password_changed(row["email"]))

    def _whose(self, token: str) -> RowMapping:
        with self._ground.records.reading() as connection:
            voucher = vouchers.look_at(connection, Purpose.RESET, token, self._ground.clock())
            row = find(connection, people.c.id == voucher.about) if voucher else None
        if row is None or row["standing"] == Standing.CLOSED:
            raise Invalid({"token": SPENT})
        return row

    def change_password(self, who: Person, old: str, new: str, keep: str, address: str) -> None:
        """Take ``new`` for ``old``; every session but that of the token ``keep`` ends."""
        who.must_be(Role.MEMBER)
        self._ground.throttle.guess(who.email, address)
        with self._ground.records.reading() as connection:
            row = find(connection, people.c.id == who.id)
        if row is None or not self._ground.passwords.fits(row["password"], old):
            raise Invalid({"old": "This is not your password."})
        self._ground.throttle.guessed_right(who.email, address)
        refuse(new=weakness(new, who.email, who.name))
        hashed = self._ground.passwords.hashed(new)
        with self._ground.records.writing() as connection:
            vouchers.cancel(connection, Purpose.RESET, who.id)
            change(connection, who.id, password=hashed)
            self._ground.sessions.end_all(connection, who.id, keep)
            audit.record(connection, who, "changed the password", f"person:{who.id}")
        self._ground.outbox.send(self._ground.letters.password_changed(who.email))

    def change_details(self, who: Person, details: Details) -> None:
        """Change what they said about themselves, and what they want."""
        who.must_be(Role.MEMBER)
        one = details.checked()
        with self._ground.records.writing() as connection:
            change(
                connection,
                who.id,
                name=one.name,
                organisation=one.organisation,
                keeps_questions=one.keeps_questions,
                wants_news=one.wants_news,
            )
