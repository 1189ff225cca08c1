"""The rows of this package: questions with what may be kept of them, groups of them, calls, daily counts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, String, Table, Text

from community.records import metadata

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", String, nullable=False, unique=True),
    Column("asked_at", String, nullable=False, index=True),
    Column("asker", String, nullable=False, index=True),  # id of a person; of a visitor what a day can tell
    Column("person_id", String, nullable=False),  # who asked to be told, else empty
    Column("audiences", String, nullable=False),  # of the asker, one a line
    Column("question", Text, nullable=False),  # masked, as all words here
    Column("understood", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("terms", Text, nullable=False),  # what it is compared by, one a line
    Column("countries", Text, nullable=False),  # one a line
    Column("found", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("cited", Text, nullable=False),  # JSON: [source id, version] pairs
    Column("helpful", String, nullable=False),  # "", "yes", "no"
    Column("reason", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("group_id", String, nullable=False, index=True),  # empty until it is in a group
    Column("answered_by", String, nullable=False),  # the source that came later and answers it
    sqlite_autoincrement=True,
)
question_vectors = Table(
    "question_vectors",
    metadata,
    Column("question_id", Integer, primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float16
)
days = Table(  # what remains when the questions are gone: counts without words
    "question_days",
    metadata,
    Column("day", String, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("helpful", Integer, nullable=False),
    Column("unhelpful", Integer, nullable=False),
)
cited_days = Table(
    "cited_days",
    metadata,
    Column("day", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("answers", Integer, nullable=False),
)
groups = Table(
    "gap_groups",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False),  # why it was set aside
    Column("source_id", String, nullable=False),  # what answers it
    Column("call_id", String, nullable=False),
    Column("changed_at", String, nullable=False),
)
calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("themes", Text, nullable=False),  # one a line
    Column("countries", Text, nullable=False),  # one a line
    Column("deadline", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("state", String, nullable=False),
    Column("group_id", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
)
