"""The rows of submissions and of what is said about them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from community.records import metadata

submissions = Table(
    "submissions",
    metadata,
    Column("id", String, primary_key=True),
    Column("author_id", String, nullable=False, index=True),
    Column("form", String, nullable=False),
    Column("title", String, nullable=False),
    Column("source_id", String, nullable=False, index=True),  # empty until it is handed in
    Column("state", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("call_id", String, nullable=False, index=True),
    Column("reviewer_id", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("last_act", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitted_at", String, nullable=False),  # empty until then
    Column("reason", Text, nullable=False),
)
# The documents of each version that was handed in: the main one at position 0, then what is attached to it.
documents = Table(
    "submission_documents",
    metadata,
    Column("submission_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source_id", String, nullable=False),
    Column("number", Integer, nullable=False),
)
# What is being handed in: from before the library keeps anything of it until that is filed.
attempts = Table("submission_attempts", metadata, Column("submission_id", String, primary_key=True))
decisions = Table(
    "submission_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("submitted_at", String, nullable=False),
    Column("decided_at", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("reviewer_id", String, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)
verdicts = Table(
    "submission_verdicts",
    metadata,
    Column("submission_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("reviewer_id", String, primary_key=True),
    Column("criterion", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("remark", Text, nullable=False),
    Column("at", String, nullable=False),
)
comments = Table(
    "submission_comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("start", Integer),  # with end, null: on the whole
    Column("end", Integer),
    Column("quote", Text, nullable=False),
    Column("author_id", String, nullable=False),
    Column("at", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("for_staff", Boolean, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("is_resolved", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
