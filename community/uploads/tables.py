"""The rows of uploads. What was read of a file is kept beside it, until it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Integer, RowMapping, String, Table, Text

from community.records import metadata
from community.uploads.values import Alike, Likeness, Stage, Suggestion, Upload
from index.records import source_from_json, source_to_json

uploads = Table(
    "uploads",
    metadata,
    Column("number", Integer, primary_key=True),  # in the order in which they came
    Column("id", String, nullable=False, unique=True),  # also the name of the file
    Column("person_id", String, nullable=False, index=True),
    Column("batch", String, nullable=False, index=True),  # what was sent together
    Column("name", String, nullable=False),
    Column("path", Text, nullable=False),  # with the folders that it came from
    Column("size", Integer, nullable=False),
    Column("digest", String, nullable=False, index=True),
    Column("stage", String, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("received_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("suggestion", Text, nullable=False),  # empty until it was read; then also what was confirmed
    Column("reasons", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("likenesses", Text, nullable=False),
    Column("hidden", Integer, nullable=False),
    Column("submission_id", String, nullable=False, index=True),
    Column("call_id", String, nullable=False),
    Column("decision", String, nullable=False),
    Column(
        "key", String, nullable=False
    ),  # the sender's own, so that a file that is sent again is there once
    sqlite_autoincrement=True,
)


_PLAIN = ("id", "person_id", "batch", "name", "path", "size", "digest", "stage", "reason", "hidden")


def row_of(upload: Upload, key: str) -> dict[str, object]:
    """A new row for ``upload``; ``key`` is the sender's."""
    return {name: getattr(upload, name) for name in _PLAIN} | {
        "key": key,
        "received_at": upload.received_at.isoformat(),
        "changed_at": upload.changed_at.isoformat(),
        "submission_id": upload.submission_id,
        "call_id": upload.call_id,
        "decision": upload.decision,
        "likenesses": likenesses_to_json(upload.likenesses),
        "notes": json.dumps(upload.notes),
        **suggested(upload.suggestion),
    }


def suggested(suggestion: Suggestion | None) -> dict[str, str]:
    """The columns of a suggestion."""
    if suggestion is None:
        return {"suggestion": "", "reasons": "{}"}
    reasons = json.dumps(dict(suggestion.reasons), ensure_ascii=False)
    return {"suggestion": source_to_json(suggestion.source), "reasons": reasons}


def likenesses_to_json(likenesses: tuple[Likeness, ...]) -> str:
    """What an upload is like, as JSON."""
    return json.dumps([asdict(one) for one in likenesses], ensure_ascii=False)


def upload_of(row: RowMapping) -> Upload:
    """The upload of a row."""
    return Upload(
        id=row["id"],
        person_id=row["person_id"],
        batch=row["batch"],
        name=row["name"],
        path=row["path"],
        size=row["size"],
        digest=row["digest"],
        stage=Stage(row["stage"]),
        received_at=datetime.fromisoformat(row["received_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        reason=row["reason"],
        suggestion=_suggestion(row),
        notes=tuple(json.loads(row["notes"])),
        likenesses=tuple(_likeness(one) for one in json.loads(row["likenesses"])),
        hidden=row["hidden"],
        submission_id=row["submission_id"],
        call_id=row["call_id"],
        decision=row["decision"],
    )


def _suggestion(row: RowMapping) -> Suggestion | None:
    if not row["suggestion"]:
        return None
    return Suggestion(source_from_json(row["suggestion"]), json.loads(row["reasons"]))


def _likeness(stored: Mapping[str, object]) -> Likeness:
    return Likeness(**{**stored, "way": Alike(stored["way"])})  # type: ignore[arg-type]
