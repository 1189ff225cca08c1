"""What somebody is told on their own page: how a submission was decided, that a question is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, func, insert, select, update

from community.people import Person
from community.records import Records, metadata, now

_notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("address", String, nullable=False),
    Column("seen_at", String, nullable=False),  # empty until it was
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for one person, with the page of ours that it leads to."""

    id: int
    at: datetime
    text: str
    address: str
    is_new: bool


def tell(connection: Connection, person_id: str, text: str, address: str) -> None:
    """Leave a notice for somebody, in the transaction of what it is about."""
    row = {"person_id": person_id, "at": now().isoformat(), "text": text, "address": address, "seen_at": ""}
    connection.execute(insert(_notices).values(row))


def forget(connection: Connection, person_id: str) -> None:
    """Delete what somebody was told, in the transaction in which they go."""
    connection.execute(delete(_notices).where(_notices.c.person_id == person_id))


class Notices:
    """The notices of whoever asks, and nobody else's."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def of(self, who: Person, most: int = 50) -> list[Notice]:
        """The latest, the newest first."""
        query = select(_notices).where(_notices.c.person_id == who.id).order_by(_notices.c.id.desc())
        with self._records.reading() as connection:
            return (
                [
                    Notice(
                        row["id"],
                        datetime.fromisoformat(row["at"]),
                        row["text"],
                        row["address"],
                        not row["seen_at"],
                    )
                    for row in connection.execute(query.limit(most)).mappings()
                ]
                if who.id
                else []
            )

    def new(self, who: Person) -> int:
        """How many were not seen yet."""
        unseen = select(func.count()).where(_notices.c.person_id == who.id, _notices.c.seen_at == "")
        with self._records.reading() as connection:
            return int(connection.execute(unseen).scalar_one()) if who.id else 0

    def mark_seen(self, who: Person) -> None:
        """They have read what there is."""
        with self._records.writing() as connection:
            connection.execute(
                update(_notices)
                .where(_notices.c.person_id == who.id, _notices.c.seen_at == "")
                .values(seen_at=now().isoformat())
            )
