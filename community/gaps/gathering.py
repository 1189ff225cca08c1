"""Questions come into groups: all of them while they are few, among thousands only what is new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, func, insert, or_, select, update

from community.gaps import tables
from community.gaps.regrouping import regrouped
from community.gaps.values import BESIDE, GroupState
from community.gaps.vectors import QuestionVectors
from community.records import Records
from index.library import Library

groups, questions = tables.groups, tables.questions
# What was not answered, and what was answered to no avail. What something new answers stays with its group.
IN_VAIN = and_(
    or_(questions.c.found.is_(False), questions.c.helpful == "no", questions.c.reason == BESIDE),
    or_(questions.c.answered_by == "", questions.c.group_id != ""),
)
_NEW = and_(IN_VAIN, questions.c.group_id == "")
_FEW = 1_000  # questions whose groups are made anew while somebody waits for a page (0.3 s)


class Gathering:
    """The groups in the making. Two never are made at once."""

    def __init__(self, records: Records, library: Library, clock: Callable[[], datetime]) -> None:
        self._records = records
        self._vectors = QuestionVectors(library)
        self._clock = clock
        self._turn = threading.Lock()
        self._central: Mapping[str, int] = {}

    @contextmanager
    def up_to_date(self) -> Iterator[Mapping[str, int]]:
        """While this lasts, every question is in a group; which question stands for each, by their ids.

        Where there are many, what is new joins the group that is the most like it, or makes one with what
        else is new.
        """
        with self._turn:
            with self._records.reading() as connection:
                new = connection.scalars(select(questions.c.id).where(_NEW)).all()
                all_of_them = connection.scalar(select(func.count()).where(IN_VAIN)) or 0
            if new:
                self._make_vectors(new)
                self._gather(_is_decided if all_of_them <= _FEW else lambda _: True)
            yield self._central

    def anew(self) -> None:
        """Make all open groups anew, so that none depends on the order in which questions came.

        It takes seconds with thousands of questions: not while somebody waits for a page.
        """
        with self._records.reading() as connection:
            ids = connection.scalars(select(questions.c.id).where(IN_VAIN)).all()
        if ids:
            self._make_vectors(ids)
            with self._turn:
                self._gather(_is_decided)

    def _make_vectors(self, ids: Sequence[int]) -> None:
        """The vectors that are missing: of what was answered to no avail, or after a change of the model."""
        with self._records.reading() as connection:
            missing = sorted(set(ids) - self._vectors.kept(connection, ids).keys())
            texts = _texts(connection, missing)
        made = self._vectors.made(list(texts.values())) or []
        with self._records.writing() as connection:
            there = _texts(connection, missing).keys() - self._vectors.kept(connection, missing).keys()
            fresh = zip(texts, made, strict=False)
            self._vectors.put(connection, {number: vector for number, vector in fresh if number in there})

    def _gather(self, stays: Callable[[str], bool]) -> None:
        """Groups of all questions; those whose state ``stays`` are not torn apart."""
        with self._records.reading() as connection:
            rows = (
                connection.execute(select(questions).where(IN_VAIN).order_by(questions.c.id)).mappings().all()
            )
            states = {row.id: row.state for row in connection.execute(select(groups.c.id, groups.c.state))}
            vectors = self._vectors.kept(connection, [row["id"] for row in rows])
        together = {group_id for group_id, state in states.items() if stays(state)}
        found = regrouped(rows, vectors, together, self._central, self._vectors)
        with self._records.writing() as connection:
            self._store(connection, found.members, rows, states.keys())
        self._central = found.central

    def _store(
        self,
        connection: Connection,
        members: Mapping[str, Sequence[int]],
        rows: Sequence[RowMapping],
        known: Collection[str],
    ) -> None:
        empty = dict.fromkeys(("reason", "source_id", "call_id"), "")
        empty |= {"state": GroupState.OPEN, "changed_at": self._clock().isoformat()}
        fresh = [{"id": group_id, **empty} for group_id in members if group_id not in known]
        before = {row["id"]: row["group_id"] for row in rows}
        moved = [
            {"this": number, "group": group_id}
            for group_id, ids in members.items()
            for number in ids
            if before[number] != group_id
        ]
        if fresh:
            connection.execute(insert(groups), fresh)
        if moved:
            this = questions.c.id == bindparam("this")
            connection.execute(update(questions).where(this).values(group_id=bindparam("group")), moved)
        held = select(questions.c.group_id).distinct()
        empty_ones = groups.c.id.not_in(held) & (groups.c.state == GroupState.OPEN)
        connection.execute(delete(groups).where(empty_ones))


def _is_decided(state: str) -> bool:
    return state != GroupState.OPEN


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        some = questions.c.id.in_(ids[start : start + 500])
        texts |= {row.id: row.understood for row in connection.execute(select(questions).where(some))}
    return texts
