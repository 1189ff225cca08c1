"""The tables of the database, and how it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)

metadata = MetaData()

# Raised with every change that an earlier version of Ujuzi could not read.
LAYOUT = 4
# The layout in which what is stored of passages for the models changed last: in a library that is older it is
# made again from the passages.
SCHEMA = 2

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("description", Text, nullable=False),  # the Source as it was described with this version
    Column("file_name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),  # of the original's bytes
    Column("text", Text, nullable=False),
    Column("text_digest", String, nullable=False),
    Column("places", Text, nullable=False),
    Column("added_at", String, nullable=False),
    Column("foreign", Text),  # the whole document, where a framework component wrote it
    Column("changed_at", String),  # when it came into its state
    Column("note", Text),  # why it was withdrawn, for everybody to read
    UniqueConstraint("source_id", "number"),
    Index("versions_by_digest", "digest"),
    sqlite_autoincrement=True,  # numbers are never used again: the derived indexes know passages by them
)
passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("speakers", Text, nullable=False),  # one a line
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)
# What is read of every version and passage when a library is opened, without turning the pages of its words.
versions_by_state = Index(
    "versions_by_state", versions.c.state, versions.c.id, versions.c.audience, versions.c.text_digest
)
passages_by_speaker = Index(
    "passages_by_speaker",
    passages.c.version_id,
    passages.c.speakers,
    sqlite_where=passages.c.speakers != "",
)
vectors = Table(
    "vectors",
    metadata,
    Column("passage_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # of the whole passage, float16
    Column("sentences", LargeBinary, nullable=False),  # of its sentences, a row each, int8
    Column("tokens", LargeBinary, nullable=False),  # of its tokens, two bits a component
)
events = Table(
    "events",
    metadata,
    # the version that holds its programme: who may read that may see the event
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("description", Text, nullable=False),
)

# From a library in which events belonged to sources, an event goes to the version that answers, or else to
# the newest that did.
_EVENTS_TO_VERSIONS = """
    INSERT INTO events (version_id, description)
    SELECT versions.id, before.description FROM events_of_sources AS before JOIN versions ON versions.id = (
        SELECT id FROM versions WHERE source_id = before.source_id AND state <> 'draft'
        ORDER BY state = 'published' DESC, number DESC LIMIT 1
    )
"""


def give_events_to_versions(connection: Connection) -> None:
    """Make the table of events, which knew the source of each, one that knows the version."""
    connection.exec_driver_sql("ALTER TABLE events RENAME TO events_of_sources")
    events.create(connection)
    connection.exec_driver_sql(_EVENTS_TO_VERSIONS)
    connection.exec_driver_sql("DROP TABLE events_of_sources")


# What is known of when a version came into its state, where that was not kept: one that was replaced made
# room for the version that was added next.
_CHANGED_WHEN_ADDED = """
    UPDATE versions SET changed_at = CASE
        WHEN state IN ('published', 'draft') THEN added_at
        WHEN state = 'replaced' THEN (
            SELECT min(later.added_at) FROM versions AS later
            WHERE later.source_id = versions.source_id AND later.number > versions.number
        )
    END
"""


def give_versions_their_history(connection: Connection) -> None:
    """Add to the table of versions when each came into its state, and why."""
    for column in (versions.c.changed_at, versions.c.note):
        kind = column.type.compile(connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE versions ADD COLUMN {column.name} {kind}")
    connection.exec_driver_sql(_CHANGED_WHEN_ADDED)


def open_database(path: Path, *, read_only: bool) -> Engine:
    """The database at ``path``; ``read_only`` opens it beside the process that owns it."""
    address = f"sqlite:///file:{quote(str(path))}?uri=true" + ("&mode=ro" if read_only else "")
    # what people asked and typed must not come into a log with an error
    engine = create_engine(address, connect_args={"check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # the journal keeps readers and the one writer apart; FULL makes a commit outlive a power cut;
        # the cache, in KiB, holds the inner pages of a million passages
        pragmas = ["busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON", "cache_size=-8000"]
        pragmas += ["wal_autocheckpoint=0"] if read_only else ["journal_mode=WAL", "synchronous=FULL"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
