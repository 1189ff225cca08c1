"""The trail of decisions: who did what, when, to what. It is only ever added to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import DDL, Column, Connection, Integer, String, Table, Text, event, insert, select

from community.people import Person, Role
from community.records import Records, metadata, now

_trail = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("person_id", String, nullable=False),  # no name: the trail outlives the people in it
    Column("action", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        _trail,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_refuses_{_verb.lower()} BEFORE {_verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END"
        ).execute_if(dialect="sqlite"),
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the trail. ``about`` names what it was done to: "submission:k3f", "person:7ab"."""

    at: datetime
    person_id: str
    action: str
    about: str
    detail: Mapping[str, str]


def record(
    connection: Connection,
    who: Person,
    action: str,
    about: str,
    detail: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Add a line to the trail, in the transaction of what was done."""
    connection.execute(
        insert(_trail).values(
            at=now().isoformat(),
            person_id=who.id,
            action=action,
            about=about,
            detail=json.dumps(dict(detail), ensure_ascii=False),
        )
    )


class Audit:
    """The trail, to be read by staff."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def of(self, who: Person, about: str) -> list[Deed]:
        """What was done to one thing, the oldest first."""
        who.must_be(Role.STAFF)
        return self._deeds(select(_trail).where(_trail.c.about == about).order_by(_trail.c.id))

    def latest(self, who: Person, most: int = 200) -> list[Deed]:
        """What was done last, the newest first."""
        who.must_be(Role.STAFF)
        return self._deeds(select(_trail).order_by(_trail.c.id.desc()).limit(most))

    def _deeds(self, query: object) -> list[Deed]:
        with self._records.reading() as connection:
            rows = connection.execute(query).mappings()  # type: ignore[call-overload]
            return [
                Deed(
                    datetime.fromisoformat(row["at"]),
                    row["person_id"],
                    row["action"],
                    row["about"],
                    json.loads(row["detail"]),
                )
                for row in rows
            ]
