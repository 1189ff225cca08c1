"""The façade for people: coming in, one's own account, and what staff decide. Each function says who may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from community import audit
from community.accounts.entrance import Entrance
from community.accounts.ground import Ground
from community.accounts.identity import Identity
from community.accounts.mail import Outbox
from community.accounts.membership import Forget, Membership
from community.accounts.own import OwnAccount
from community.accounts.passwords import Passwords, weakness
from community.accounts.rows import Member, Standing, enter, find, people, person
from community.accounts.sessions import Session
from community.accounts.wording import Details, Registration, email_of, named, reachable, refuse
from community.errors import Conflict
from community.people import Person, Role
from community.records import Records, now
from ingest.text import clean_line

_OPERATOR = Person("operator", "the operator", role=Role.ADMINISTRATOR)


class Accounts:
    """Everything that may be done with accounts. ``address`` is the network address of whoever asks."""

    def __init__(
        self,
        records: Records,
        outbox: Outbox,
        site: str,
        domains: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = now,
        forget: Forget = lambda _connection, _person_id: None,
        passwords: Passwords | None = None,
    ) -> None:
        """``site``: our own address, for links. ``domains``: of e-mail addresses that need no approval.

        ``forget`` deletes what other parts of the house keep of somebody whose account is closed, in that
        transaction. ``passwords`` says how dear it is to guess one.
        """
        self.site = site.rstrip("/")
        self._ground = Ground.of(records, outbox, self.site, clock, passwords or Passwords())
        self._entrance = Entrance(self._ground, domains)
        self._own = OwnAccount(self._ground)
        self._membership = Membership(self._ground, forget)

    # anybody

    def person_of(self, token: str) -> Person:
        """Who holds the token of a session; a visitor where it is over, unknown or nobody's any more."""
        return self._ground.sessions.person_of(token)

    def register(self, form: Registration, address: str) -> None:
        """Mail a link that makes the account. That there is one already is told to its owner alone.

        Raises Invalid field by field, TooMany.
        """
        self._entrance.register(form, address)

    def verify(self, token: str, password: str, address: str) -> Standing:
        """Make the account that a mailed link confirms: active where its domain is known, else staff decide.

        Raises Invalid: ``token`` where the link is good for nothing any more, ``password`` where it is not
        the one that was chosen; TooMany after many wrong ones.
        """
        return self._entrance.verify(token, password, address)

    def verify_elsewhere(self, token: str, browser: str) -> Standing:
        """The same for whom another house knows: ``browser`` is the secret that ``arrive`` was given.

        Raises Invalid: ``token`` where the link is good for nothing any more, ``browser`` for another one.
        """
        return self._entrance.verify_elsewhere(token, browser)

    def sign_in(self, email: str, password: str, address: str) -> str:
        """The token of a new session.

        Raises Invalid where the two do not belong together, StillWaiting where staff have not decided yet,
        TooMany after many wrong ones.
        """
        return self._entrance.sign_in(email, password, address)

    def arrive(self, identity: Identity, browser: str, address: str) -> str:
        """The token of a new session for whom another house vouches; empty where a mail must be read first.

        Who is new becomes a member as by registration; ``browser`` is a secret that theirs keeps until the
        mail is read. Raises StillWaiting where staff have not decided yet, NotAllowed where the address
        belongs to somebody else there, Invalid where the other house tells no address.
        """
        return self._entrance.arrive(identity, browser, address)

    def sign_out(self, token: str) -> None:
        """End the session of a token."""
        self._own.sign_out(token)

    def ask_reset(self, email: str, address: str) -> None:
        """Mail a link to choose a new password, if that address has an account. Raises TooMany."""
        self._own.ask_reset(email, address)

    def reset(self, token: str, password: str) -> None:
        """Choose a new password with what was mailed; every session ends.

        Raises Invalid: ``token`` where the link is good for nothing any more, ``password`` where it is weak.
        """
        self._own.reset(token, password)

    # whoever is signed in, about themselves

    def sign_out_everywhere(self, who: Person) -> None:
        """End every session of theirs."""
        self._own.sign_out_everywhere(who)

    def sessions(self, who: Person, token: str) -> list[Session]:
        """Where they are signed in, the last seen first; ``token`` is the session that asks."""
        return self._own.sessions(who, token)

    def change_password(self, who: Person, old: str, new: str, keep: str, address: str) -> None:
        """Take ``new`` for ``old``; every session but that of the token ``keep`` ends.

        Raises Invalid (``old``, ``new``), TooMany.
        """
        self._own.change_password(who, old, new, keep, address)

    def change_details(self, who: Person, details: Details) -> None:
        """Change what they said about themselves and what they want. Raises Invalid field by field."""
        self._own.change_details(who, details)

    # staff

    def people(self, who: Person, words: str = "", most: int = 200) -> list[Member]:
        """Whose account is active and whose name, address or organisation holds ``words``, by name."""
        return self._membership.found(who, words, most)

    def waiting(self, who: Person) -> list[Member]:
        """Who waits for a decision, the longest first."""
        return self._membership.waiting(who)

    def count_waiting(self, who: Person) -> int:
        """How many do."""
        return self._membership.count_waiting(who)

    def approve(self, who: Person, person_id: str, role: Role) -> None:
        """Let somebody in who waits: staff as member or contributor, administrators as whatever they choose.

        Raises Conflict where somebody else decided already.
        """
        self._membership.approve(who, person_id, role)

    def refuse(self, who: Person, person_id: str) -> None:
        """Let somebody who waits not in; what they said about themselves is deleted. Raises Conflict."""
        self._membership.refuse(who, person_id)

    # administrators

    def give_role(self, who: Person, person_id: str, role: Role) -> None:
        """Let somebody else do more, or less, from their next request on.

        Raises NotFound, Conflict for the last administrator.
        """
        self._membership.give_role(who, person_id, role)

    def close(self, who: Person, person_id: str) -> None:
        """End somebody else's account and sessions. Only the name is kept, for what they wrote.

        Raises NotFound, Conflict for the last administrator.
        """
        self._membership.close(who, person_id)

    # the operator, and other parts of the house

    def create_administrator(self, email: str, name: str, password: str) -> str:
        """An administrator, active at once; the id. For whoever holds the data folder, and for no page.

        Raises Invalid field by field, Conflict where the address has an account.
        """
        email, name = email_of(email), clean_line(name)
        refuse(email=reachable(email), name=named(name), password=weakness(password, email, name))
        row = {"email": email, "name": name, "password": self._ground.passwords.hashed(password)}
        decided = {"standing": Standing.ACTIVE, "role": Role.ADMINISTRATOR}
        with self._ground.records.writing() as connection:
            if find(connection, people.c.email == email):
                raise Conflict(f"{email} has an account already. Nothing was changed.")
            person_id = enter(connection, row | decided, self._ground.clock())
            audit.record(connection, _OPERATOR, "made an administrator", f"person:{person_id}")
        return person_id

    def person(self, person_id: str) -> Person | None:
        """Who somebody is today, by their id; None where the account is not active, or not any more."""
        with self._ground.records.reading() as connection:
            row = find(connection, people.c.id == person_id, people.c.standing == Standing.ACTIVE)
        return person(row) if row else None

    def names(self, person_ids: Iterable[str]) -> Mapping[str, str]:
        """What people are called, by id, closed accounts too: for pages that may say who did something."""
        return self._membership.names(person_ids)
