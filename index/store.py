"""The truth: sources, versions, passages, vectors and events in one database, through SQLAlchemy Core.

A document is in, whole, or it is not: everything that belongs to one change is one transaction. SQL that
only SQLite understands stands in this module alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError

from index.models import Vectors
from index.records import (
    event_from_json,
    event_to_json,
    places_from_json,
    places_to_json,
    source_from_json,
    source_to_json,
)
from ingest.domain import Event, Passage, Place, Source, Span, Version
from ingest.errors import NotFound, UjuziError

DRAFT, PUBLISHED, REPLACED, WITHDRAWN = "draft", "published", "replaced", "withdrawn"

_metadata = MetaData()

_versions = Table(
    "versions",
    _metadata,
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
    UniqueConstraint("source_id", "number"),
    Index("versions_by_digest", "digest"),
    sqlite_autoincrement=True,  # numbers are never used again: the derived indexes know passages by them
)
_passages = Table(
    "passages",
    _metadata,
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
_vectors = Table(
    "vectors",
    _metadata,
    Column("passage_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float16
)
_events = Table(
    "events",
    _metadata,
    Column("id", String, primary_key=True),
    Column("start", String, nullable=False),
    Column("description", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One version as the library lists it: everything but its text. ``id`` is the version's row."""

    id: int
    source: Source
    number: int
    state: str
    audience: str
    file_name: str
    media_type: str
    digest: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """One published version: its entry, the rows of its passages in order, and who speaks in which."""

    entry: Entry
    rows: tuple[int, ...]
    speakers: Mapping[str, tuple[int, ...]]

    @property
    def source(self) -> Source:
        """The source that is listed."""
        return self.entry.source


@dataclass(frozen=True, slots=True)
class Published:
    """One published passage with what is known of it; ``foreign`` as in :class:`Draft`."""

    row: int
    passage: Passage
    source: Source
    place: Place
    foreign: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is about to be stored, with its passages and their vectors (one row a passage).

    ``foreign`` is the whole document as JSON, where a component of another framework wrote it.
    """

    source: Source
    version: Version
    passages: Sequence[Passage]
    vectors: Vectors
    model: str
    file_name: str
    media_type: str
    state: str = PUBLISHED
    audience: str = "public"
    foreign: str | None = None


class Store:
    """The database of one library. ``read_only`` opens it beside the process that owns it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._engine = _engine(path, read_only=read_only)
        try:
            if not read_only:
                _metadata.create_all(self._engine)
            self._rows(select(_versions.c.id).limit(1))
        except DatabaseError as error:
            raise UjuziError(
                f"{path} cannot be read as a library ({error.orig}). Restore the library from a backup."
            ) from error

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of what happens inside, or nothing."""
        with self._engine.begin() as connection:
            yield connection

    # what changes

    def insert(self, connection: Connection, draft: Draft) -> int:
        """Store ``draft`` as the next version of its source; a published one replaces the one before."""
        source_id = draft.source.id
        if draft.state == PUBLISHED:
            self.set_state(connection, source_id, {PUBLISHED}, REPLACED)
        row = connection.execute(
            insert(_versions).values(
                source_id=source_id,
                number=draft.version.number,
                state=draft.state,
                audience=draft.audience,
                description=source_to_json(draft.source),
                file_name=draft.file_name,
                media_type=draft.media_type,
                digest=draft.version.digest,
                text=draft.version.text,
                text_digest=text_digest(draft.version.text),
                places=places_to_json(draft.version.places),
                added_at=datetime.now(UTC).isoformat(timespec="seconds"),
                foreign=draft.foreign,
            )
        )
        version_id = _new_row(row)
        if draft.passages:
            rows_in = [_passage_row(version_id, passage, draft.version) for passage in draft.passages]
            connection.execute(insert(_passages), rows_in)
            query = select(_passages.c.id).where(_passages.c.version_id == version_id)
            rows = connection.scalars(query.order_by(_passages.c.number)).all()
            self.put_vectors(connection, dict(zip(rows, draft.vectors, strict=True)), draft.model)
        return version_id

    def set_state(self, connection: Connection, source_id: str, from_states: set[str], state: str) -> int:
        """Move every version of ``source_id`` that is in one of ``from_states``; how many moved."""
        changed = connection.execute(
            update(_versions)
            .where(_versions.c.source_id == source_id, _versions.c.state.in_(from_states))
            .values(state=state)
        )
        return changed.rowcount

    def publish(self, connection: Connection, version_id: int, audience: str) -> None:
        """Make one version the one that answers."""
        connection.execute(
            update(_versions).where(_versions.c.id == version_id).values(state=PUBLISHED, audience=audience)
        )

    def delete(self, connection: Connection, source_id: str) -> int:
        """Remove every version of ``source_id`` with its passages and vectors; how many there were."""
        return connection.execute(delete(_versions).where(_versions.c.source_id == source_id)).rowcount

    def put_event(self, connection: Connection, event_: Event) -> None:
        """Store an event, in the place of one with the same id."""
        connection.execute(delete(_events).where(_events.c.id == event_.id))
        start = event_.start.astimezone(UTC).isoformat()
        connection.execute(
            insert(_events).values(id=event_.id, start=start, description=event_to_json(event_))
        )

    def delete_event(self, connection: Connection, event_id: str) -> None:
        """Remove an event."""
        connection.execute(delete(_events).where(_events.c.id == event_id))

    # what is there

    def entries(self, *, states: set[str] | None = None, source_id: str | None = None) -> list[Entry]:
        """The versions in the order in which they were added."""
        columns = [column for column in _versions.c if column.name not in ("text", "places", "foreign")]
        query = select(*columns).order_by(_versions.c.id)
        if states is not None:
            query = query.where(_versions.c.state.in_(states))
        if source_id is not None:
            query = query.where(_versions.c.source_id == source_id)
        return [_entry(row) for row in self._rows(query)]

    def listings(self, source_ids: Set[str] | None = None) -> list[Listing]:
        """What is published (of some sources), with the rows and speakers of its passages."""
        query = (
            select(_passages.c.id, _passages.c.version_id, _passages.c.speakers)
            .join(_versions, _versions.c.id == _passages.c.version_id)
            .where(_versions.c.state == PUBLISHED)
            .order_by(_passages.c.version_id, _passages.c.number)
        )
        if source_ids is not None:
            query = query.where(_versions.c.source_id.in_(source_ids))
        rows: dict[int, list[int]] = defaultdict(list)
        speakers: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows(query):
            rows[row["version_id"]].append(row["id"])
            for speaker in filter(None, row["speakers"].split("\n")):
                speakers[row["version_id"]][speaker].append(row["id"])
        return [
            Listing(
                entry,
                tuple(rows[entry.id]),
                {name: tuple(spoken) for name, spoken in speakers[entry.id].items()},
            )
            for entry in self.entries(states={PUBLISHED})
            if source_ids is None or entry.source.id in source_ids
        ]

    def by_digest(self, digest: str) -> list[Entry]:
        """The versions that were made from these very bytes."""
        ids = {row["id"] for row in self._rows(select(_versions.c.id).where(_versions.c.digest == digest))}
        return [entry for entry in self.entries() if entry.id in ids] if ids else []

    def version(self, version_id: int) -> Version:
        """One version, whole. Raises NotFound."""
        rows = self._rows(select(_versions).where(_versions.c.id == version_id))
        if not rows:
            raise NotFound("This document is no longer in the library.")
        row = rows[0]
        return Version(
            row["source_id"], row["number"], row["text"], row["digest"], places_from_json(row["places"])
        )

    def passages(self, ids: Sequence[int], audiences: frozenset[str]) -> dict[int, tuple[int, Passage]]:
        """The published words among ``ids`` that ``audiences`` may read: row -> (version row, passage)."""
        query = (
            select(_passages, _versions.c.source_id, _versions.c.number.label("version_number"))
            .join(_versions, _versions.c.id == _passages.c.version_id)
            .where(
                _passages.c.id.in_(ids),
                _passages.c.text != "",  # of a foreign document that has no words
                _versions.c.state == PUBLISHED,
                _versions.c.audience.in_(audiences),
            )
        )
        return {row["id"]: (row["version_id"], _passage(row)) for row in self._rows(query)}

    def published(self, audiences: frozenset[str]) -> Iterator[Published]:
        """Every published passage that ``audiences`` may read, in the order in which they were added."""
        visible = and_(_versions.c.state == PUBLISHED, _versions.c.audience.in_(audiences))
        described = (_versions.c.id, _versions.c.description, _versions.c.places, _versions.c.foreign)
        versions = {row["id"]: row for row in self._rows(select(*described).where(visible))}
        query = (
            select(_passages, _versions.c.source_id, _versions.c.number.label("version_number"))
            .join(_versions, _versions.c.id == _passages.c.version_id)
            .where(visible)
            .order_by(_passages.c.version_id, _passages.c.number)
        )
        for version_id, rows in groupby(self._rows(query), key=itemgetter("version_id")):
            if version_id not in versions:  # published since
                continue
            version = versions[version_id]
            source, places = source_from_json(version["description"]), places_from_json(version["places"])
            for row in rows:
                passage = _passage(row)
                yield Published(row["id"], passage, source, places.place(passage.span), version["foreign"])

    def passages_of(self, version_id: int) -> dict[int, Passage]:
        """The passages of one version, whatever its state, by row, in reading order."""
        query = (
            select(_passages, _versions.c.source_id, _versions.c.number.label("version_number"))
            .join(_versions, _versions.c.id == _passages.c.version_id)
            .where(_versions.c.id == version_id)
            .order_by(_passages.c.number)
        )
        return {row["id"]: _passage(row) for row in self._rows(query)}

    def vectors_of(self, version_id: int, model: str) -> dict[int, Vectors]:
        """The vectors that ``model`` gave the passages of one version, by the passage's row."""
        query = (
            select(_vectors.c.passage_id, _vectors.c.vector)
            .join(_passages, _passages.c.id == _vectors.c.passage_id)
            .where(_passages.c.version_id == version_id, _vectors.c.model == model)
        )
        return {
            row["passage_id"]: np.frombuffer(row["vector"], dtype=np.float16).astype(np.float32)
            for row in self._rows(query)
        }

    def put_vectors(self, connection: Connection, vectors: dict[int, Vectors], model: str) -> None:
        """Store the vectors that another model gave passages that are already here."""
        rows = [
            {"passage_id": row, "model": model, "vector": vector.astype(np.float16).tobytes()}
            for row, vector in vectors.items()
        ]
        connection.execute(insert(_vectors), rows)

    def foreign(self, version_id: int) -> str:
        """The whole document of a version that a component of another framework wrote."""
        row = self._rows(select(_versions.c.foreign).where(_versions.c.id == version_id))[0]
        return str(row["foreign"])

    def events(self) -> list[Event]:
        """The events, the latest first."""
        query = select(_events.c.description).order_by(_events.c.start.desc())
        return [event_from_json(row["description"]) for row in self._rows(query)]

    def text_digests(self) -> dict[int, str]:
        """The digest that each version's text had when it was stored, by the version's row."""
        rows = self._rows(select(_versions.c.id, _versions.c.text_digest))
        return {row["id"]: row["text_digest"] for row in rows}

    def checksum(self, model: str) -> str:
        """A fingerprint of what is published: derived indexes made from anything else are stale."""
        query = (
            select(_versions.c.id, _versions.c.audience, _versions.c.text_digest)
            .where(_versions.c.state == PUBLISHED)
            .order_by(_versions.c.id)
        )
        seen = hashlib.sha256(model.encode())
        for row in self._rows(query):
            seen.update(f"{row['id']} {row['audience']} {row['text_digest']}\n".encode())
        return seen.hexdigest()

    def count_passages(self) -> int:
        """How many passages are published."""
        query = (
            select(func.count().label("count"))
            .select_from(_passages.join(_versions, _versions.c.id == _passages.c.version_id))
            .where(_versions.c.state == PUBLISHED)
        )
        return int(self._rows(query)[0]["count"])

    def integrity(self) -> str:
        """SQLite's own verdict on the file: ``ok``, or what is wrong with it."""
        try:
            with self._engine.connect() as connection:
                return str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        except DatabaseError as error:
            return str(error.orig)

    def empty_journal(self) -> None:
        """Bring everything from the journal into the database, so that what was deleted is in neither."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def backup(self, path: Path) -> None:
        """A consistent copy of the database at ``path`` while it is in use."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    def _rows(self, query: object) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query).mappings().all()  # type: ignore[call-overload, no-any-return]


def text_digest(text: str) -> str:
    """The SHA-256 of a text, to tell later whether it is still the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def _new_row(result: CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None  # every table here numbers its rows itself
    return int(key[0])


def _passage_row(version_id: int, passage: Passage, version: Version) -> dict[str, object]:
    return {
        "version_id": version_id,
        "number": passage.number,
        "start": passage.span.start,
        "end": passage.span.end,
        "context": passage.context,
        "speakers": "\n".join(version.place(passage.span).speakers),
        "text": passage.text,
    }


def _entry(row: RowMapping) -> Entry:
    return Entry(
        id=row["id"],
        source=source_from_json(row["description"]),
        number=row["number"],
        state=row["state"],
        audience=row["audience"],
        file_name=row["file_name"],
        media_type=row["media_type"],
        digest=row["digest"],
        added_at=datetime.fromisoformat(row["added_at"]),
    )


def _passage(row: RowMapping) -> Passage:
    span = Span(row["start"], row["end"])
    return Passage(row["source_id"], row["version_number"], row["number"], row["text"], span, row["context"])


def _engine(path: Path, *, read_only: bool) -> Engine:
    address = f"sqlite:///file:{path}?uri=true" + ("&mode=ro" if read_only else "")
    engine = create_engine(address, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # the journal keeps readers and the one writer apart; FULL makes a commit outlive a power cut
        pragmas = ["busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON"]
        pragmas += ["wal_autocheckpoint=0"] if read_only else ["journal_mode=WAL", "synchronous=FULL"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
