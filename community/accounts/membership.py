"""What staff decide about people: who comes in, as what, and whose account is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, or_, select

from community import audit
from community.accounts.ground import Ground
from community.accounts.letters import role_words
from community.accounts.rows import Member, Standing, change, find, member, people
from community.errors import Conflict, Invalid, NotAllowed
from community.notices import tell
from community.people import Person, Role
from ingest.errors import NotFound

Forget = Callable[[Connection, str], object]


class Membership:
    """The people of the community, for its staff."""

    def __init__(self, ground: Ground, forget: Forget) -> None:
        self._forget = forget
        self._records = ground.records
        self._sessions = ground.sessions
        self._outbox = ground.outbox
        self._letters = ground.letters

    def found(self, who: Person, words: str, most: int) -> list[Member]:
        """Whose account is active and whose name, address or organisation holds ``words``, by name."""
        who.must_be(Role.STAFF)
        columns = (people.c.name, people.c.email, people.c.organisation)
        holds = or_(*(column.icontains(words, autoescape=True) for column in columns))
        active = people.c.standing == Standing.ACTIVE
        return self._members(active, holds, order=func.lower(people.c.name), most=most)

    def waiting(self, who: Person) -> list[Member]:
        """Who waits for a decision, the longest first."""
        who.must_be(Role.STAFF)
        return self._members(people.c.standing == Standing.WAITING, order=people.c.registered_at)

    def count_waiting(self, who: Person) -> int:
        """How many do."""
        who.must_be(Role.STAFF)
        query = select(func.count()).where(people.c.standing == Standing.WAITING)
        with self._records.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def approve(self, who: Person, person_id: str, role: Role) -> None:
        """Let somebody in who waits: staff as member or contributor, administrators as what they choose."""
        who.must_be(Role.ADMINISTRATOR if role.includes(Role.STAFF) else Role.STAFF)
        _must_be_given(role)
        with self._records.writing() as connection:
            row = _who_waits(connection, person_id)
            change(connection, person_id, standing=Standing.ACTIVE, role=role)
            audit.record(connection, who, "approved", f"person:{person_id}", {"role": role})
        self._outbox.send(self._letters.approved(row["email"], role))

    def refuse(self, who: Person, person_id: str) -> None:
        """Do not let somebody in who waits; what they said about themselves is deleted."""
        who.must_be(Role.STAFF)
        with self._records.writing() as connection:
            row = _who_waits(connection, person_id)
            connection.execute(delete(people).where(people.c.id == person_id))
            audit.record(connection, who, "refused", f"person:{person_id}")
        self._outbox.send(self._letters.refused(row["email"]))

    def give_role(self, who: Person, person_id: str, role: Role) -> None:
        """Let somebody do more, or less, from their next request on."""
        who.must_be(Role.ADMINISTRATOR)
        _must_be_given(role)
        _must_be_another(who, person_id)
        with self._records.writing() as connection:
            row = _active(connection, person_id)
            if role != Role.ADMINISTRATOR:
                _must_leave_an_administrator(connection, person_id)
            change(connection, person_id, role=role)
            detail = {"from": row["role"], "to": role}
            audit.record(connection, who, "gave a role", f"person:{person_id}", detail)
            tell(connection, person_id, f"You are {role_words(role)} now. {who.name} decided so.", "/me")

    def close(self, who: Person, person_id: str) -> None:
        """End an account and every session of it. Only the name is kept, for what they wrote."""
        who.must_be(Role.ADMINISTRATOR)
        _must_be_another(who, person_id)
        with self._records.writing() as connection:
            _active(connection, person_id)
            _must_leave_an_administrator(connection, person_id)
            forgotten = {"email": f"closed:{person_id}", "organisation": "", "password": "", "subject": ""}
            change(connection, person_id, standing=Standing.CLOSED, wants_news=False, **forgotten)
            self._sessions.end_all(connection, person_id)
            self._forget(connection, person_id)
            audit.record(connection, who, "closed the account", f"person:{person_id}")

    def names(self, person_ids: Iterable[str]) -> Mapping[str, str]:
        """What people are called, by id; nobody is left out who ever had an account."""
        query = select(people.c.id, people.c.name).where(people.c.id.in_(set(person_ids)))
        with self._records.reading() as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def _members(
        self, *which: ColumnElement[bool], order: ColumnElement[Any], most: int | None = None
    ) -> list[Member]:
        query = select(people).where(*which).order_by(order, people.c.name, people.c.id).limit(most)
        with self._records.reading() as connection:
            return [member(row) for row in connection.execute(query).mappings()]


def _who_waits(connection: Connection, person_id: str) -> RowMapping:
    row = find(connection, people.c.id == person_id)
    if row is None:
        raise Conflict("Nobody of that kind waits any more: somebody else may have decided already.")
    if row["standing"] != Standing.WAITING:
        raise Conflict(f"Somebody else decided about {row['name']} already. Nothing was changed.")
    return row


def _active(connection: Connection, person_id: str) -> RowMapping:
    row = find(connection, people.c.id == person_id, people.c.standing == Standing.ACTIVE)
    if row is None:
        raise NotFound("There is no such account.")
    return row


def _must_be_given(role: Role) -> None:
    if role == Role.VISITOR:
        raise Invalid({"role": "Choose a role. Who should not come in at all is refused."})


def _must_be_another(who: Person, person_id: str) -> None:
    if who.id == person_id:
        raise NotAllowed("Nobody decides about their own account. Ask another administrator.")


def _must_leave_an_administrator(connection: Connection, person_id: str) -> None:
    """Two administrators could otherwise send each other away at the same moment."""
    others = select(func.count()).where(
        people.c.role == Role.ADMINISTRATOR, people.c.standing == Standing.ACTIVE, people.c.id != person_id
    )
    if connection.execute(others).scalar_one() == 0:
        raise Conflict("The last administrator stays one: make somebody else an administrator first.")
