"""Where every façade reads a submission, asks whether something may be done, and moves it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from community.audit import record
from community.errors import Conflict, NotAllowed
from community.notices import tell
from community.people import Person
from community.records import Records
from community.submissions import tables
from community.submissions.rows import row_of, submission_of
from community.submissions.states import TABLE, Act, Part, acts, is_possible, may, may_see, parts
from community.submissions.values import Filed, State, Submission
from community.submissions.wording import DONE, REPLACED, ago, quicker, told
from ingest.errors import NotFound, UjuziError

_rows = tables.submissions.c
Names = Callable[[Set[str]], Mapping[str, str]]  # of people, by their ids


class Desk:
    """The door to the rows of submissions. What is not somebody's to see is not there."""

    def __init__(self, records: Records, names: Names, clock: Callable[[], datetime]) -> None:
        self.records = records
        self.clock = clock
        self._names = names

    def seen(self, connection: Connection, who: Person, submission_id: str) -> Submission:
        """A submission that ``who`` may see. Raises NotFound, in the same words for all others."""
        row = self._row(connection, submission_id)
        submission = submission_of(row) if row else None
        if submission is None or not may_see(who, submission):
            raise NotFound(
                "There is no submission here that you may see. If there was one, its author took it back or "
                "deleted it."
            )
        return submission

    def hands(self, connection: Connection, submission: Submission) -> frozenset[str]:
        """The ids of those who wrote or uploaded it, or any version of the same document."""
        others = select(_rows.author_id).where(
            _rows.source_id == submission.source_id, _rows.source_id != "", _rows.submitted_at != ""
        )
        return frozenset({submission.author_id, *connection.scalars(others)})

    def acts(self, connection: Connection, who: Person, submission: Submission) -> frozenset[Act]:
        """What ``who`` may do with it now."""
        return acts(who, submission, self.hands(connection, submission))

    def judges(self, connection: Connection, who: Person, submission: Submission) -> bool:
        """Whether ``who`` is one of those who may have a say in it."""
        return Part.OTHER in parts(who, submission, self.hands(connection, submission))

    def must(
        self,
        connection: Connection,
        who: Person,
        submission_id: str,
        act: Act,
        revision: int | None = None,
    ) -> Submission:
        """The submission, if ``who`` may do that to it now.

        Raises NotFound; Conflict where it is no longer as it was when they looked (at ``revision``), or in a
        state in which nobody can; NotAllowed.
        """
        submission = self.seen(connection, who, submission_id)
        if revision not in (None, submission.revision) or not is_possible(act, submission):
            raise Conflict(self._since(connection, who, submission))
        hands = self.hands(connection, submission)
        if not may(act, who, submission, hands):
            raise NotAllowed(_refusal(who, hands))
        return submission

    @contextmanager
    def saying_who_was_quicker(
        self, who: Person, submission_id: str, act: Act, revision: int
    ) -> Iterator[None]:
        """Where the library finds nothing left to change, because somebody was quicker, say that instead."""
        try:
            yield
        except UjuziError:
            with self.records.reading() as connection:
                self.must(connection, who, submission_id, act, revision)
            raise

    def move(
        self, connection: Connection, who: Person, submission: Submission, act: Act, **changes: Any
    ) -> Submission:
        """Do it: the new state, a line in the trail, a word to the author."""
        moved = replace(
            submission,
            state=TABLE[act].end or submission.state,
            revision=submission.revision + 1,
            changed_at=self.clock(),
            **changes,
        )
        self._write(connection, who.id, submission, moved, DONE[act])
        record(connection, who, act, f"submission:{moved.id}", _detail(moved))
        if (words := told(act, moved)) and moved.author_id != who.id:
            tell(connection, moved.author_id, words, f"/contributions/{moved.id}")
        return moved

    def erase(self, connection: Connection, who: Person, submission: Submission) -> None:
        """Delete its rows. What was decided about it stays, for the figures; so does the trail."""
        for table in (tables.documents, tables.verdicts, tables.comments, tables.attempts):
            connection.execute(delete(table).where(table.c.submission_id == submission.id))
        connection.execute(delete(tables.submissions).where(_rows.id == submission.id))
        record(connection, who, Act.DELETE, f"submission:{submission.id}", {})

    def replace_earlier(self, connection: Connection, who: Person, submission: Submission) -> None:
        """What was published of the same document before makes room for this submission."""
        for earlier in self.listed(
            connection,
            select(tables.submissions).where(
                _rows.source_id == submission.source_id,
                _rows.id != submission.id,
                _rows.state.in_([State.PUBLISHED, State.WITHDRAWN]),
            ),
        ):
            moved = replace(
                earlier, state=State.REPLACED, revision=earlier.revision + 1, changed_at=self.clock()
            )
            self._write(connection, who.id, earlier, moved, REPLACED)
            record(connection, who, "replace", f"submission:{earlier.id}", {"by": submission.id})

    def listed(self, connection: Connection, query: Select[Any]) -> list[Submission]:
        """The submissions that a query over their rows finds."""
        return [submission_of(row) for row in connection.execute(query).mappings()]

    def file(self, connection: Connection, submission: Submission, filed: Sequence[Filed]) -> None:
        """Note which documents of the library make up its current version, the main one first."""
        of_version = {"submission_id": submission.id, "version": submission.version}
        kept = tables.documents.c
        self.end_attempt(connection, submission.id)
        connection.execute(
            delete(tables.documents).where(
                kept.submission_id == submission.id, kept.version == submission.version
            )
        )
        rows = [
            {**of_version, "position": position, "source_id": one.source_id, "number": one.number}
            for position, one in enumerate(filed)
        ]
        connection.execute(insert(tables.documents), rows)

    def begin_attempt(self, connection: Connection, submission_id: str) -> None:
        """Note that it is being handed in; what a power cut leaves of that can be told from other drafts."""
        self.end_attempt(connection, submission_id)
        connection.execute(insert(tables.attempts).values(submission_id=submission_id))

    def end_attempt(self, connection: Connection, submission_id: str) -> None:
        """It is handed in, or nothing is left of the attempt."""
        connection.execute(delete(tables.attempts).where(tables.attempts.c.submission_id == submission_id))

    def attempted(self, connection: Connection) -> list[Submission]:
        """What is being handed in, or was when the power went."""
        noted = select(tables.attempts.c.submission_id)
        return self.listed(connection, select(tables.submissions).where(_rows.id.in_(noted)))

    def ever_filed(self, connection: Connection, submission: Submission) -> list[Filed]:
        """The documents of all its versions."""
        kept = tables.documents.c
        of_all = select(kept.source_id, kept.number).where(kept.submission_id == submission.id)
        return [Filed(source_id, number) for source_id, number in connection.execute(of_all)]

    def filed(self, connection: Connection, submission: Submission) -> list[Filed]:
        """The documents of its current version, the main one first."""
        kept = tables.documents.c
        rows = connection.execute(
            select(kept.source_id, kept.number)
            .where(kept.submission_id == submission.id, kept.version == submission.version)
            .order_by(kept.position)
        )
        return [Filed(source_id, number) for source_id, number in rows]

    def tell_reviewer(self, connection: Connection, before: Submission, who: Person, words: str) -> None:
        """Whoever reviewed it hears what became of it; without its title, which may become secret again."""
        if before.reviewer_id and before.reviewer_id != who.id:
            tell(connection, before.reviewer_id, words, f"/review/{before.id}")

    def name(self, person_id: str) -> str:
        """What somebody is called."""
        return self._names({person_id}).get(person_id) or "Somebody else"

    def _since(self, connection: Connection, who: Person, submission: Submission) -> str:
        row = self._row(connection, submission.id)
        assert row is not None
        name = "You" if row["changed_by"] == who.id else self.name(row["changed_by"])
        return quicker(name, row["last_act"], ago(submission.changed_at, self.clock()))

    def _row(self, connection: Connection, submission_id: str) -> RowMapping | None:
        query = select(tables.submissions).where(_rows.id == submission_id)
        return connection.execute(query).mappings().one_or_none()

    def _write(
        self, connection: Connection, by: str, before: Submission, after: Submission, done: str
    ) -> None:
        changed = connection.execute(
            update(tables.submissions)
            .where(_rows.id == before.id, _rows.revision == before.revision)
            .values({**row_of(after), "changed_by": by, "last_act": done})
        )
        if not changed.rowcount:
            raise Conflict("It was changed at this very moment. Look at it again before you go on.")


def _detail(moved: Submission) -> dict[str, str]:
    """What the trail keeps: no title, for staff read the trail and a draft is its author's alone."""
    version = {"version": str(moved.version)} if moved.version else {}
    return {"state": moved.state.value, **version, **({"reason": moved.reason} if moved.reason else {})}


def _refusal(who: Person, hands: frozenset[str]) -> str:
    if who.id in hands:
        return "You wrote or uploaded this document yourself, so somebody else has to judge it."
    return "This is for whoever reviews the submission. Take it up first, then decide."
