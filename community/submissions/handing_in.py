"""How a submission is handed in: what the library keeps and what we write of it are one, or nothing is.

The library stores in transactions of its own, so that a power cut can come between them and ours. What is
being handed in is therefore noted first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select, update

from community.errors import Conflict, Invalid
from community.people import Person
from community.records import Records
from community.submissions import tables
from community.submissions.desk import Desk
from community.submissions.shelf import Shelf
from community.submissions.states import Act
from community.submissions.values import Filed, State, Submission
from community.submissions.wording import HANDED_IN_AGAIN, titled
from ingest.metadata import identity_slug
from ingest.reading import Document

OPEN = (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_ASKED)

_rows = tables.submissions.c
Filing = Callable[[Connection, Submission], None]


class HandingIn:
    """One thing is handed in at a time, who holds ``turn``: twice at once would store one thing twice."""

    def __init__(self, records: Records, desk: Desk, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self.turn = threading.Lock()
        self._records = records
        self._desk = desk
        self._shelf = shelf
        self._clock = clock

    def submit(
        self, who: Person, submission_id: str, documents: Sequence[Document], also: Filing
    ) -> Submission:
        """As :meth:`Submissions.submit`."""
        if not documents:
            raise Invalid({"documents": "There is nothing to hand in yet. Add a document first."})
        with self.turn:
            before, earlier = self._identify(who, submission_id, documents[0].source.title)
            try:
                filed = self._shelf.keep(documents, before.source_id)
                self._shelf.discard_versions(set(earlier) - set(filed))  # attached before, and no more
                with self._records.writing() as connection:
                    found = self._desk.must(connection, who, submission_id, Act.SUBMIT, before.revision)
                    moved = self._desk.move(
                        connection,
                        who,
                        found,
                        Act.SUBMIT,
                        title=titled(documents[0].source.title),
                        version=filed[0].number,
                        submitted_at=self._clock(),
                        reason="",
                    )
                    self._desk.file(connection, moved, filed)
                    self._desk.tell_reviewer(connection, found, who, HANDED_IN_AGAIN)
                    also(connection, moved)
            except BaseException:
                end = partial(self._desk.end_attempt, submission_id=submission_id)
                self._shelf.discard_all(before.source_id, end)
                raise
        return moved

    def tidy(self) -> None:
        """As :meth:`Submissions.tidy`."""
        with self._records.reading() as connection:
            broken_off = self._desk.attempted(connection)
            undecided = self._desk.listed(connection, select(tables.submissions).where(_rows.state.in_(OPEN)))
            filed = {one for each in undecided for one in self._desk.filed(connection, each)}
        self._shelf.discard_strays({one.source_id for one in broken_off}, filed)
        with self._records.writing() as connection:
            for one in broken_off:
                self._desk.end_attempt(connection, one.id)

    def _identify(self, who: Person, submission_id: str, title: str) -> tuple[Submission, list[Filed]]:
        """The submission with the id that it has in the library from now on, and what was ever filed of it.

        That it is being handed in is noted.
        """
        with self._records.writing() as connection:
            found = self._desk.must(connection, who, submission_id, Act.SUBMIT)
            source_id = found.source_id or identity_slug(f"{title} {found.id}")
            others = select(_rows.id).where(
                _rows.source_id == source_id, _rows.id != found.id, _rows.state.in_(OPEN)
            )
            if connection.execute(others).first():
                raise Conflict(
                    "Another new version of the same document is being reviewed. Hand yours in when that is "
                    "decided; your draft is kept."
                )
            identified = update(tables.submissions).where(_rows.id == found.id).values(source_id=source_id)
            connection.execute(identified)
            self._desk.begin_attempt(connection, found.id)
            return self._desk.seen(connection, who, submission_id), self._desk.ever_filed(connection, found)
