"""The rows of forms: what is typed so far, from which document words were taken, what was handed in last."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, insert, select, update

from community.practices.fields import EMPTY, Practice
from community.records import metadata
from community.submissions import Submission

_drafts = Table(
    "practices",
    metadata,
    Column("submission_id", String, primary_key=True),
    Column("source_id", String, nullable=False, index=True),  # empty until it is handed in
    Column("revision", Integer, nullable=False),
    Column("saved_at", String, nullable=False),
    Column("fields", Text, nullable=False),
    Column("prefilled", Text, nullable=False),
    # fields, prefilled, files and version as they were handed in; empty until then
    Column("submitted", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Prefilled:
    """Words that were taken from a document into a field: where they stand, and the page that shows them."""

    field: str
    words: str
    title: str
    place: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was saved. ``revision`` rises with each time; 0 where nothing was saved yet."""

    practice: Practice = EMPTY
    prefilled: tuple[Prefilled, ...] = ()
    revision: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was handed in: the form, the ids of the files that were attached, its version in the library."""

    practice: Practice
    prefilled: tuple[Prefilled, ...]
    files: tuple[str, ...]
    version: int


def draft_of(connection: Connection, submission_id: str) -> Draft | None:
    """What is saved of a form; None where nothing is."""
    row = _row(connection, submission_id)
    if row is None:
        return None
    saved_at = datetime.fromisoformat(row["saved_at"])
    return Draft(
        _practice(row["fields"]), _prefilled(json.loads(row["prefilled"])), row["revision"], saved_at
    )


def submitted_of(connection: Connection, submission_id: str) -> Submitted | None:
    """What of a form was handed in last; None where nothing was."""
    row = _row(connection, submission_id)
    return _submitted(row["submitted"]) if row and row["submitted"] else None


def submitted_as(connection: Connection, source_id: str, version: int) -> Submitted | None:
    """The form that was handed in as one version of a source."""
    query = select(_drafts.c.submitted).where(_drafts.c.source_id == source_id, _drafts.c.submitted != "")
    found = map(_submitted, connection.scalars(query.order_by(_drafts.c.saved_at.desc())))
    return next((one for one in found if one.version == version), None)


def write(connection: Connection, submission_id: str, draft: Draft) -> None:
    """Save a form."""
    assert draft.saved_at is not None
    values = {
        "revision": draft.revision,
        "saved_at": draft.saved_at.isoformat(),
        "fields": _json(draft.practice.values),
        "prefilled": _json([asdict(one) for one in draft.prefilled]),
    }
    if _row(connection, submission_id) is None:
        new = {**values, "submission_id": submission_id, "source_id": "", "submitted": ""}
        connection.execute(insert(_drafts).values(new))
    else:
        connection.execute(update(_drafts).where(_drafts.c.submission_id == submission_id).values(values))


def forget(connection: Connection, submission_id: str) -> None:
    """Delete a form."""
    connection.execute(delete(_drafts).where(_drafts.c.submission_id == submission_id))


def keep_submitted(connection: Connection, handed_in: Submission, draft: Draft, files: Iterable[str]) -> None:
    """Keep what was handed in, for those who review it and for the version that follows."""
    whole = {
        "fields": dict(draft.practice.values),
        "prefilled": [asdict(one) for one in draft.prefilled],
        "files": list(files),
        "version": handed_in.version,
    }
    row = update(_drafts).where(_drafts.c.submission_id == handed_in.id)
    connection.execute(row.values(submitted=_json(whole), source_id=handed_in.source_id))


def _row(connection: Connection, submission_id: str) -> Any:
    query = select(_drafts).where(_drafts.c.submission_id == submission_id)
    return connection.execute(query).mappings().one_or_none()


def _submitted(text: str) -> Submitted:
    whole = json.loads(text)
    fields = _practice(_json(whole["fields"]))
    files, version = tuple(whole["files"]), whole["version"]
    return Submitted(fields, _prefilled(whole["prefilled"]), files, version)


def _practice(text: str) -> Practice:
    return Practice({name: tuple(values) for name, values in json.loads(text).items()})


def _prefilled(rows: Iterable[dict[str, str]]) -> tuple[Prefilled, ...]:
    return tuple(Prefilled(**row) for row in rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=dict)
