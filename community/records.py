"""The community's own rows, in the database of the library: one truth, one backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, MetaData

from index.store import Store

# Every table of this package belongs to it; its module is imported by ``community.community``.
metadata = MetaData()


class Records:
    """A door to the rows. Each part of the community knows its own tables and nobody else's."""

    def __init__(self, store: Store) -> None:
        """The rows in the database of ``store``; tables that are missing are made."""
        self._store = store
        with store.writing() as connection:
            metadata.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, all of it or nothing. No other writes until it ends, so what it reads holds."""
        with self._store.writing() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look at the rows as they were last committed."""
        with self._store.reading() as connection:
            yield connection


def now() -> datetime:
    """This moment, in UTC, to the second: what is written into rows."""
    return datetime.now(UTC).replace(microsecond=0)
