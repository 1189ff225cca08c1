"""The rows of people, and how they are read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    String,
    Table,
    insert,
    select,
    update,
)

from community.people import Person, Role
from community.records import metadata


class Standing(StrEnum):
    """How far an account is."""

    WAITING = "waiting"  # the address is confirmed; staff have not decided
    ACTIVE = "active"
    CLOSED = "closed"  # only the name is left, for what they wrote


people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("email", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("role", String, nullable=False),
    Column("standing", String, nullable=False, index=True),
    Column("password", String, nullable=False),  # its hash; empty where there is none
    Column("subject", String, nullable=False, index=True),  # who they are to another house, or empty
    Column("wants_to_contribute", Boolean, nullable=False),
    Column("keeps_questions", Boolean, nullable=False),
    Column("wants_news", Boolean, nullable=False),
    Column("registered_at", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Member:
    """An account as staff see it."""

    person: Person
    standing: Standing
    wants_to_contribute: bool
    registered_at: datetime


def person(row: RowMapping) -> Person:
    """The person of a row; a visitor until the account is active."""
    active = row["standing"] == Standing.ACTIVE
    return Person(
        row["id"],
        row["name"],
        row["email"],
        row["organisation"],
        Role(row["role"]) if active else Role.VISITOR,
        row["keeps_questions"],
        row["wants_news"],
    )


def member(row: RowMapping) -> Member:
    """The account of a row."""
    return Member(
        person(row),
        Standing(row["standing"]),
        row["wants_to_contribute"],
        datetime.fromisoformat(row["registered_at"]),
    )


def find(connection: Connection, *which: ColumnElement[bool]) -> RowMapping | None:
    """The first row of which all that is true."""
    return connection.execute(select(people).where(*which)).mappings().first()


def enter(connection: Connection, values: Mapping[str, Any], at: datetime) -> str:
    """Store somebody new; their id. What ``values`` leaves out is as at the beginning."""
    blank: dict[str, Any] = {
        "id": secrets.token_hex(6),
        "organisation": "",
        "password": "",
        "subject": "",
        "wants_to_contribute": False,
        "keeps_questions": True,
        "wants_news": False,
        "registered_at": at.isoformat(),
    }
    row = blank | dict(values)
    connection.execute(insert(people).values(row))
    return str(row["id"])


def change(connection: Connection, person_id: str, **values: object) -> None:
    """Change what is stored of somebody."""
    connection.execute(update(people).where(people.c.id == person_id).values(values))
