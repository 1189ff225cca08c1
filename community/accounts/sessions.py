"""Sessions: a random token in a cookie, its hash in a row; they end when idle, when old, and when told to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError

from community.accounts import rows
from community.accounts.vouchers import hash_of, new_token
from community.people import VISITOR, Person
from community.records import Records, metadata

IDLE, OLDEST = timedelta(days=14), timedelta(days=90)
_SEEN_EVERY = timedelta(hours=1)  # a row is not written for every page

_log = logging.getLogger(__name__)

_sessions = Table(
    "sessions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("began_at", String, nullable=False),
    Column("seen_at", String, nullable=False),
)
# put together once: to do so takes longer than to answer it
_WHOSE = (
    select(rows.people, _sessions.c.began_at, _sessions.c.seen_at)
    .join(_sessions, _sessions.c.person_id == rows.people.c.id)
    .where(_sessions.c.hash == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is signed in, as they see it. ``current``: it is the one that asks."""

    began_at: datetime
    seen_at: datetime
    current: bool


class Sessions:
    """Everybody's sessions."""

    def __init__(self, records: Records, clock: Callable[[], datetime]) -> None:
        self._records = records
        self._clock = clock

    def person_of(self, token: str) -> Person:
        """Who holds ``token``; a visitor where nobody does any more."""
        if not token:
            return VISITOR
        with self._records.reading() as connection:
            row = connection.execute(_WHOSE, {"hash": hash_of(token)}).mappings().first()
        if row is None or row["standing"] != rows.Standing.ACTIVE:
            return VISITOR
        at, seen = self._clock(), datetime.fromisoformat(row["seen_at"])
        if _is_over(at, datetime.fromisoformat(row["began_at"]), seen):
            return VISITOR
        if at - seen > _SEEN_EVERY:
            self._note_seen(token, at)
        return rows.person(row)

    def begin(self, connection: Connection, person_id: str) -> str:
        """A new session; its token. What is over is forgotten."""
        at, token = self._clock(), new_token()
        connection.execute(
            delete(_sessions).where(
                (_sessions.c.seen_at <= (at - IDLE).isoformat())
                | (_sessions.c.began_at <= (at - OLDEST).isoformat())
            )
        )
        row = {"hash": hash_of(token), "person_id": person_id}
        times = {"began_at": at.isoformat(), "seen_at": at.isoformat()}
        connection.execute(insert(_sessions).values(row | times))
        return token

    def end(self, connection: Connection, token: str) -> None:
        """That session is over."""
        connection.execute(delete(_sessions).where(_sessions.c.hash == hash_of(token)))

    def end_all(self, connection: Connection, person_id: str, keep: str = "") -> None:
        """Every session of somebody is over, but for that of the token ``keep``."""
        connection.execute(
            delete(_sessions).where(_sessions.c.person_id == person_id, _sessions.c.hash != hash_of(keep))
        )

    def of(self, person_id: str, token: str) -> list[Session]:
        """Where somebody is signed in, the last seen first. ``token`` is the one that asks."""
        query = select(_sessions).where(_sessions.c.person_id == person_id)
        with self._records.reading() as connection:
            found = connection.execute(query.order_by(_sessions.c.seen_at.desc())).mappings().all()
        times = [
            (datetime.fromisoformat(row["began_at"]), datetime.fromisoformat(row["seen_at"]), row["hash"])
            for row in found
        ]
        at, own = self._clock(), hash_of(token)
        return [
            Session(began, seen, hashed == own)
            for began, seen, hashed in times
            if not _is_over(at, began, seen)
        ]

    def _note_seen(self, token: str, at: datetime) -> None:
        """Reading goes on where nothing can be written, as on a full disk."""
        try:
            with self._records.writing() as connection:
                connection.execute(
                    update(_sessions).where(_sessions.c.hash == hash_of(token)).values(seen_at=at.isoformat())
                )
        except DatabaseError as error:
            _log.warning("When a session was last seen could not be stored: %s", error.orig)


def _is_over(at: datetime, began: datetime, seen: datetime) -> bool:
    return at - seen >= IDLE or at - began >= OLDEST
