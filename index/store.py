"""The truth: sources, versions, passages, vectors and events in one database, through SQLAlchemy Core.

A document is in, whole, or it is not: everything that belongs to one change is one transaction. SQL that
only SQLite understands stands here and in ``tables``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    true,
    update,
)
from sqlalchemy.exc import DatabaseError

from index import tables
from index.analysis import fingerprint
from index.encoded import Vectors
from index.entries import (
    DISCARDED,
    DRAFT,
    PUBLISHED,
    REPLACED,
    Draft,
    Entry,
    Listing,
    PassageVectors,
    Published,
    Readable,
    Reading,
)
from index.packing import pack_bytes, unpack_bytes
from index.records import (
    event_from_json,
    event_to_json,
    places_from_json,
    places_to_json,
    source_from_json,
    source_to_json,
)
from index.tables import open_database
from ingest.domain import Event, Passage, Source, Span, Version
from ingest.errors import NotFound, UjuziError

Transaction = Connection  # as Store.writing gives it

_TOGETHER = 1_000  # rows that are asked for by number at once

# What every search asks is put together once: to do so takes longer than to answer it.
_READABLE = (
    select(
        tables.passages,
        tables.versions.c.source_id,
        tables.versions.c.number.label("version_number"),
        tables.versions.c.places,
    )
    .join(tables.versions, tables.versions.c.id == tables.passages.c.version_id)
    .where(
        tables.passages.c.id.in_(bindparam("rows", expanding=True)),
        tables.passages.c.text != "",  # of a foreign document that has no words
        # said to be likely, or SQLite looks for nineteen passages through all that is published
        func.likely(tables.versions.c.state == PUBLISHED),
        tables.versions.c.audience.in_(bindparam("audiences", expanding=True)),
    )
)
_READINGS = (
    select(
        tables.passages.c.id,
        tables.passages.c.context,
        (tables.passages.c.end - tables.passages.c.start).label("characters"),
        tables.vectors.c.vector,
        tables.vectors.c.sentences,
        tables.vectors.c.tokens,
    )
    .join(tables.vectors, tables.vectors.c.passage_id == tables.passages.c.id)
    .where(
        tables.passages.c.id.in_(bindparam("rows", expanding=True)),
        tables.vectors.c.model == bindparam("model"),
    )
)


class Store:
    """The database of one library. ``read_only`` opens it beside the process that owns it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._engine = open_database(path, read_only=read_only)
        # of a long recording they take a while to take apart
        self._places = lru_cache(maxsize=256)(places_from_json)
        try:
            self._bring_up_to_date(path, read_only=read_only)
            self._rows(select(tables.versions.c.id).limit(1))
        except DatabaseError as error:
            raise UjuziError(
                f"{path} cannot be read as a library ({error.orig}). Restore the library from a backup."
            ) from error

    def _bring_up_to_date(self, path: Path, *, read_only: bool) -> None:
        with self._engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            there = inspect(connection)
            names = there.get_table_names()
            if names and tables.versions.name not in names:
                raise UjuziError(f"{path} is the database of something else. Take another folder.")
            events = {column["name"] for column in there.get_columns("events")} if names else set()
            if names and events.isdisjoint({"source_id", "version_id"}):
                raise UjuziError(
                    f"{path} is older than any release and cannot be brought up to date. Remove the folder "
                    "of the library and add the documents again."
                )
            if found > tables.LAYOUT:
                raise UjuziError(f"{path} was made by a later version of Ujuzi. Install that one.")
            if found < tables.LAYOUT and read_only:
                raise UjuziError(
                    f"{path} was made by an earlier version of Ujuzi. Bring it up to date with: ujuzi check"
                )
            if found < tables.LAYOUT:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python begins none for a change of tables
                if found < tables.SCHEMA:
                    tables.vectors.drop(connection, checkfirst=True)
                if "source_id" in events:
                    tables.give_events_to_versions(connection)
                if names and "changed_at" not in {one["name"] for one in there.get_columns("versions")}:
                    tables.give_versions_their_history(connection)
                tables.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {tables.LAYOUT}")
            if not read_only:
                for index in (tables.passages_by_speaker, tables.versions_by_state):
                    index.create(connection, checkfirst=True)  # libraries that are older lack them

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of what happens inside, or nothing. What it reads holds until it ends."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python begins none before the first change
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look at what was last committed."""
        with self._engine.connect() as connection:
            yield connection

    # what changes

    def insert(self, connection: Connection, draft: Draft) -> int:
        """Store ``draft`` as the next version of its source, in the place of the one in its state."""
        source_id = draft.source.id
        before = REPLACED if draft.state == PUBLISHED else DISCARDED
        self.set_state(connection, source_id, {draft.state}, before)
        moment = _now()
        described = {
            "source_id": source_id,
            "number": draft.version.number,
            "state": draft.state,
            "audience": draft.audience,
            "description": source_to_json(draft.source),
            "file_name": draft.file_name,
            "media_type": draft.media_type,
            "digest": draft.version.digest,
            "text": draft.version.text,
            "text_digest": text_digest(draft.version.text),
            "places": places_to_json(draft.version.places),
            "added_at": moment,
            "foreign": draft.foreign,
            "changed_at": moment,
        }
        row = connection.execute(insert(tables.versions), described)
        version_id = _new_row(row)
        if draft.passages:
            rows_in = [_passage_row(version_id, passage, draft.version) for passage in draft.passages]
            connection.execute(insert(tables.passages), rows_in)
            query = select(tables.passages.c.id).where(tables.passages.c.version_id == version_id)
            rows = connection.scalars(query.order_by(tables.passages.c.number)).all()
            self.put_vectors(connection, dict(zip(rows, draft.vectors, strict=True)), draft.model)
        return version_id

    def set_state(
        self, connection: Connection, source_id: str, from_states: set[str], state: str, note: str = ""
    ) -> int:
        """Move every version of ``source_id`` that is in one of ``from_states``; how many moved."""
        which = _of_sources({source_id}, from_states)
        values = {"state": state, "changed_at": _now(), "note": note}
        return connection.execute(update(tables.versions).where(which).values(values)).rowcount

    def publish(self, connection: Connection, version_id: int, source: Source, audience: str) -> None:
        """Make one version the one that answers, in the place of the one that does, and describe it anew."""
        self.set_state(connection, source.id, {PUBLISHED}, REPLACED)
        values = {
            "state": PUBLISHED,
            "audience": audience,
            "description": source_to_json(source),
            "changed_at": _now(),
            "note": "",
        }
        connection.execute(update(tables.versions).where(tables.versions.c.id == version_id).values(values))
        self.set_state(connection, source.id, {DRAFT}, DISCARDED)  # libraries that are older hold several

    def describe(self, connection: Connection, version_id: int, source: Source) -> None:
        """Describe one version anew."""
        described = update(tables.versions).where(tables.versions.c.id == version_id)
        connection.execute(described.values(description=source_to_json(source)))

    def delete(self, connection: Connection, source_id: str) -> int:
        """Remove every version of ``source_id`` with its passages and vectors; how many there were."""
        return connection.execute(
            delete(tables.versions).where(tables.versions.c.source_id == source_id)
        ).rowcount

    def delete_version(self, connection: Connection, version_id: int) -> None:
        """Remove one version with its passages and vectors."""
        connection.execute(delete(tables.versions).where(tables.versions.c.id == version_id))

    def put_event(self, connection: Connection, version_id: int, event_: Event) -> None:
        """Store the event whose programme stands in a version; it goes with that version."""
        row = {"version_id": version_id, "description": event_to_json(event_)}
        connection.execute(insert(tables.events).values(row))

    # what is there

    def entries(self, *, states: Set[str] | None = None, source_ids: Set[str] | None = None) -> list[Entry]:
        """The versions in the order in which they were added."""
        if source_ids is not None:
            return self._entries(_of_sources(source_ids, states))
        return self._entries(true() if states is None else tables.versions.c.state.in_(states))

    def by_digest(self, digest: str) -> list[Entry]:
        """The versions that were made from these very bytes."""
        return self._entries(tables.versions.c.digest == digest)

    def next_number(self, source_id: str) -> int:
        """The number of the version of ``source_id`` that is stored next; the first is 1."""
        newest = select(func.max(tables.versions.c.number).label("number"))
        of_source = newest.where(tables.versions.c.source_id == source_id)
        return int(self._rows(of_source)[0]["number"] or 0) + 1

    def _entries(self, which: ColumnElement[bool]) -> list[Entry]:
        columns = [column for column in tables.versions.c if column.name not in ("text", "places", "foreign")]
        return [
            _entry(row) for row in self._rows(select(*columns).where(which).order_by(tables.versions.c.id))
        ]

    def listings(self, source_ids: Set[str] | None = None) -> list[Listing]:
        """What is published (of some sources), with the rows and speakers of its passages."""
        version, row = tables.passages.c.version_id, tables.passages.c.id
        of_versions = tables.passages.join(tables.versions, tables.versions.c.id == version)
        published = tables.versions.c.state == PUBLISHED
        if source_ids is not None:
            published = _of_sources(source_ids, {PUBLISHED})
        extent = select(version, func.min(row).label("first"), func.count().label("count"))
        spoken = select(version, row, tables.passages.c.speakers).where(tables.passages.c.speakers != "")
        # a version's passages are stored together and in order, so that their rows follow each other
        rows = {
            found["version_id"]: range(found["first"], found["first"] + found["count"])
            for found in self._rows(extent.select_from(of_versions).where(published).group_by(version))
        }
        speakers: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for found in self._rows(spoken.select_from(of_versions).where(published).order_by(row)):
            for speaker in found["speakers"].split("\n"):
                speakers[found["version_id"]][speaker].append(found["id"])
        return [
            Listing(
                entry,
                rows.get(entry.id, range(0)),
                {name: tuple(of_one) for name, of_one in speakers.get(entry.id, {}).items()},
            )
            for entry in self.entries(states={PUBLISHED}, source_ids=source_ids)
        ]

    def version(self, version_id: int) -> Version:
        """One version, whole. Raises NotFound."""
        rows = self._rows(select(tables.versions).where(tables.versions.c.id == version_id))
        if not rows:
            raise NotFound("This document is no longer in the library.")
        row = rows[0]
        return Version(
            row["source_id"], row["number"], row["text"], row["digest"], self._places(row["places"])
        )

    def passages(self, ids: Sequence[int], audiences: frozenset[str]) -> dict[int, Readable]:
        """The published words among ``ids`` that ``audiences`` may read, by row."""
        found = self._rows(_READABLE, rows=ids, audiences=audiences)
        return {row["id"]: self._readable(row) for row in found}

    def _readable(self, row: RowMapping) -> Readable:
        passage = _passage(row)
        return Readable(row["version_id"], passage, self._places(row["places"]).place(passage.span))

    def published(self, audiences: frozenset[str]) -> Iterator[Published]:
        """Every published passage that ``audiences`` may read, in the order in which they were added."""
        visible = and_(tables.versions.c.state == PUBLISHED, tables.versions.c.audience.in_(audiences))
        described = (
            tables.versions.c.id,
            tables.versions.c.description,
            tables.versions.c.places,
            tables.versions.c.foreign,
        )
        versions = {row["id"]: row for row in self._rows(select(*described).where(visible))}
        query = (
            select(
                tables.passages, tables.versions.c.source_id, tables.versions.c.number.label("version_number")
            )
            .join(tables.versions, tables.versions.c.id == tables.passages.c.version_id)
            .where(visible)
            .order_by(tables.passages.c.version_id, tables.passages.c.number)
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
        return {row: passage for row, (_, passage) in self.passages_in(version_id).items()}

    def passages_in(self, *version_ids: int) -> dict[int, tuple[int, Passage]]:
        """The passages of some versions in reading order: row -> (version row, passage)."""
        query = (
            select(
                tables.passages, tables.versions.c.source_id, tables.versions.c.number.label("version_number")
            )
            .join(tables.versions, tables.versions.c.id == tables.passages.c.version_id)
            .where(tables.versions.c.id.in_(version_ids))
            .order_by(tables.passages.c.version_id, tables.passages.c.number)
        )
        return {row["id"]: (row["version_id"], _passage(row)) for row in self._rows(query)}

    def vectors(self, rows: Sequence[int], model: str) -> dict[int, Vectors]:
        """The vectors that ``model`` gave passages, by row; those that it has not read are left out."""
        vectors: dict[int, Vectors] = {}
        for start in range(0, len(rows), _TOGETHER):
            query = select(tables.vectors.c.passage_id, tables.vectors.c.vector).where(
                tables.vectors.c.passage_id.in_(rows[start : start + _TOGETHER]),
                tables.vectors.c.model == model,
            )
            vectors |= {row["passage_id"]: _whole(row["vector"]) for row in self._rows(query)}
        return vectors

    def readings(self, rows: Sequence[int], model: str, dimensions: int) -> dict[int, Reading]:
        """What is stored of some passages for a second look, by row; vectors of ``dimensions``."""
        return {
            row["id"]: Reading(
                _whole(row["vector"]),
                unpack_bytes(row["sentences"], dimensions),
                row["tokens"],
                row["context"],
                row["characters"],
            )
            for row in self._rows(_READINGS, rows=rows, model=model)
        }

    def sentences_of(self, version_id: int, model: str) -> dict[int, Vectors]:
        """The sentence vectors that ``model`` gave the passages of one version, by row.

        The shape of each is (sentences, dimensions), as in :class:`index.entries.PassageVectors`.
        """
        query = (
            select(tables.vectors.c.passage_id, tables.vectors.c.vector, tables.vectors.c.sentences)
            .join(tables.passages, tables.passages.c.id == tables.vectors.c.passage_id)
            .where(tables.passages.c.version_id == version_id, tables.vectors.c.model == model)
        )
        return {
            row["passage_id"]: unpack_bytes(row["sentences"], len(_whole(row["vector"])))
            for row in self._rows(query)
        }

    def tokens_of(self, passages: Sequence[Passage], model: str) -> dict[str, bytes]:
        """The packed tokens of some passages, by the passage's id, if ``model`` has read it."""
        wanted = {(passage.source_id, passage.version, passage.number): passage.id for passage in passages}
        query = (
            select(
                tables.versions.c.source_id,
                tables.versions.c.number.label("version_number"),
                tables.passages.c.number,
                tables.vectors.c.tokens,
            )
            .join(tables.passages, tables.passages.c.version_id == tables.versions.c.id)
            .join(tables.vectors, tables.vectors.c.passage_id == tables.passages.c.id)
            .where(
                tables.versions.c.source_id.in_({source_id for source_id, _, _ in wanted}),
                tables.passages.c.number.in_({number for _, _, number in wanted}),
                tables.vectors.c.model == model,
            )
        )
        found = {
            (row["source_id"], row["version_number"], row["number"]): row["tokens"]
            for row in self._rows(query)
        }
        return {wanted[key]: tokens for key, tokens in found.items() if key in wanted}

    def put_vectors(self, connection: Connection, vectors: Mapping[int, PassageVectors], model: str) -> None:
        """Store the vectors that ``model`` gave passages that are here, by row."""
        rows = [
            {
                "passage_id": row,
                "model": model,
                "vector": made.whole.astype(np.float16).tobytes(),
                "sentences": pack_bytes(made.sentences),
                "tokens": made.tokens,
            }
            for row, made in vectors.items()
        ]
        connection.execute(insert(tables.vectors), rows)

    def foreign(self, version_id: int) -> str:
        """The whole document of a version that a component of another framework wrote."""
        row = self._rows(select(tables.versions.c.foreign).where(tables.versions.c.id == version_id))[0]
        return str(row["foreign"])

    def events(self) -> dict[int, Event]:
        """The events of all versions, whatever their state, by the version's row."""
        query = select(tables.events).order_by(tables.events.c.version_id)
        return {row["version_id"]: event_from_json(row["description"]) for row in self._rows(query)}

    def text_digests(self) -> dict[int, str]:
        """The digest that each version's text had when it was stored, by the version's row."""
        rows = self._rows(select(tables.versions.c.id, tables.versions.c.text_digest))
        return {row["id"]: row["text_digest"] for row in rows}

    def checksum(self, model: str) -> str:
        """A fingerprint of what is published: derived indexes made from anything else are stale."""
        query = (
            select(tables.versions.c.id, tables.versions.c.audience, tables.versions.c.text_digest)
            .where(tables.versions.c.state == PUBLISHED)
            .order_by(tables.versions.c.id)
        )
        seen = hashlib.sha256(f"{tables.SCHEMA} {model} {fingerprint()}".encode())
        for row in self._rows(query):
            seen.update(f"{row['id']} {row['audience']} {row['text_digest']}\n".encode())
        return seen.hexdigest()

    def count_passages(self) -> int:
        """How many passages are published."""
        query = (
            select(func.count().label("count"))
            .select_from(
                tables.passages.join(tables.versions, tables.versions.c.id == tables.passages.c.version_id)
            )
            .where(tables.versions.c.state == PUBLISHED)
        )
        return int(self._rows(query)[0]["count"])

    def integrity(self) -> str:
        """SQLite's own verdict on the file: ``ok``, or what is wrong with it."""
        try:
            with self._engine.connect() as connection:
                return str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        except DatabaseError as error:
            return str(error.orig)

    def forget_places(self) -> None:
        """Keep nothing in memory of documents that are gone: to be called when their removal is committed."""
        self._places.cache_clear()

    def empty_journal(self) -> None:
        """Bring everything from the journal into the database, so that what was deleted is in neither."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def backup(self, path: Path) -> None:
        """A consistent copy of the database at ``path`` while it is in use."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    def _rows(self, query: object, **values: object) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query, values).mappings().all()  # type: ignore[call-overload, no-any-return]


def text_digest(text: str) -> str:
    """The SHA-256 of a text, to tell later whether it is still the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _of_sources(source_ids: Set[str], states: Set[str] | None) -> ColumnElement[bool]:
    """The versions of some sources, in some states.

    The states are said to be likely, or SQLite looks for those of one source through all that is published.
    """
    of_sources = tables.versions.c.source_id.in_(source_ids)
    return (
        of_sources if states is None else and_(of_sources, func.likely(tables.versions.c.state.in_(states)))
    )


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


def _whole(content: bytes) -> Vectors:
    return np.frombuffer(content, dtype=np.float16).astype(np.float32)


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
        changed_at=datetime.fromisoformat(row["changed_at"]) if row["changed_at"] else None,
        note=row["note"] or "",
    )


def _passage(row: RowMapping) -> Passage:
    span = Span(row["start"], row["end"])
    return Passage(row["source_id"], row["version_number"], row["number"], row["text"], span, row["context"])
