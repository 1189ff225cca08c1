"""What is asked in vain, in groups of one meaning, for staff: how many asked, about where, what was decided.

Groups are made anew when there are new questions. What staff has decided on stays together, and what means
the same joins it; an open group keeps its id as long as most of it stays together.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update

from community import audit
from community.errors import Conflict, Invalid
from community.gaps import tables
from community.gaps.regrouping import regrouped
from community.gaps.telling import PersonById, is_readable, tell_askers
from community.gaps.values import Group, GroupState, Kept, kept_of, lines
from community.gaps.vectors import QuestionVectors
from community.people import Person, Role
from community.records import Records, now
from index.hits import Hit
from index.library import Library
from ingest.domain import Source
from ingest.errors import NotFound
from ingest.text import clean

_NEAREST = 3
_LONGEST_REASON = 500

groups, questions = tables.groups, tables.questions
# What was not answered, and what was answered to no avail. What something new answers stays with its group.
IN_VAIN = and_(
    or_(questions.c.found.is_(False), questions.c.helpful == "no"),
    or_(questions.c.answered_by == "", questions.c.group_id != ""),
)


class Gaps:
    """The groups. Every method is for staff."""

    def __init__(
        self,
        records: Records,
        library: Library,
        person_of: PersonById,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``person_of`` an id says who that is today; None where there is nobody."""
        self._records = records
        self._library = library
        self._vectors = QuestionVectors(library)
        self._person_of = person_of
        self._clock = clock
        self._turn = threading.Lock()  # nothing is decided while groups are being made
        self._made_of: tuple[object, ...] = ()
        self._central: dict[str, str] = {}

    def groups(self, who: Person) -> list[Group]:
        """All groups: what waits for staff before what is decided; the most people first, then the newest."""
        who.must_be(Role.STAFF)
        with self._turn:
            self._bring_up_to_date()
            with self._records.reading() as connection:
                return sorted(self._all(connection), key=_rank)

    def group(self, who: Person, group_id: str) -> Group:
        """One group. NotFound."""
        found = next((one for one in self.groups(who) if one.id == group_id), None)
        if found is None:
            raise NotFound("This group is gone: its questions were deleted, or others joined them.")
        return found

    def questions(self, who: Person, group_id: str) -> list[Kept]:
        """The questions of a group, the newest first, their words masked."""
        who.must_be(Role.STAFF)
        query = select(questions).where(questions.c.group_id == group_id, IN_VAIN)
        with self._records.reading() as connection:
            newest = query.order_by(questions.c.asked_at.desc(), questions.c.id.desc())
            return [kept_of(row) for row in connection.execute(newest).mappings()]

    def nearest(self, who: Person, group: Group) -> list[Hit]:
        """The documents that come nearest to what a group asks, a passage of each."""
        who.must_be(Role.STAFF)
        nearest: dict[str, Hit] = {}
        for hit in self._library.search(group.question, reader=who.reader, top=4 * _NEAREST):
            nearest.setdefault(hit.source.id, hit)
        return list(nearest.values())[:_NEAREST]

    # what staff decides

    def set_aside(self, who: Person, group_id: str, reason: str) -> None:
        """No document is wanted for it, and why. Invalid, NotFound."""
        said = clean(reason)[:_LONGEST_REASON]
        if not said:
            raise Invalid({"reason": "Say why, in a few words: others will ask."})
        self._decide(who, group_id, GroupState.SET_ASIDE, {"reason": said})

    def answered_by(self, who: Person, group_id: str, source_id: str) -> None:
        """A document answers it; who wanted to be told and may read it is told. Invalid, NotFound."""
        who.must_be(Role.STAFF)
        source_id = source_id.strip()
        if not is_readable(self._library, source_id, who.reader):
            raise Invalid({"source": "Choose one of these, or give the id of a published document."})
        source = self._library.entry(source_id, who.reader).source
        self._decide(who, group_id, GroupState.ANSWERED, {"source_id": source_id}, source)

    def reopen(self, who: Person, group_id: str) -> None:
        """It waits for staff again. NotFound."""
        self._decide(who, group_id, GroupState.OPEN, {})

    def drafted(self, connection: Connection, who: Person, group_id: str, call_id: str) -> None:
        """A call is drafted from it, in the transaction of the call. Conflict where one was; NotFound."""
        who.must_be(Role.STAFF)
        if connection.scalar(select(groups.c.call_id).where(groups.c.id == group_id)):
            raise Conflict("Somebody else has just drafted a call from these questions.")
        self._settle(connection, who, group_id, GroupState.DRAFTED, {"call_id": call_id})

    def _decide(
        self,
        who: Person,
        group_id: str,
        state: GroupState,
        values: dict[str, str],
        source: Source | None = None,
    ) -> None:
        who.must_be(Role.STAFF)
        with self._turn:
            self._bring_up_to_date()  # what came in since staff looked is decided with it
            with self._records.writing() as connection:
                self._settle(connection, who, group_id, state, values)
                if source is not None:
                    query = select(questions).where(questions.c.group_id == group_id, IN_VAIN)
                    asked = connection.execute(query).mappings().all()
                    tell_askers(connection, asked, source, self._library, self._person_of)

    def _settle(
        self, connection: Connection, who: Person, group_id: str, state: GroupState, values: dict[str, str]
    ) -> None:
        who.must_be(Role.STAFF)
        row = {"reason": "", "source_id": "", "call_id": "", **values, "state": state}
        row["changed_at"] = self._clock().isoformat()
        if not connection.execute(update(groups).where(groups.c.id == group_id).values(row)).rowcount:
            raise NotFound("This group is gone: its questions were deleted, or others joined them.")
        audit.record(connection, who, f"gap {state}", f"gap:{group_id}", values)

    # how groups come about

    def _bring_up_to_date(self) -> None:
        with self._records.reading() as connection:
            made_of = _fingerprint(connection)
            if made_of == self._made_of:
                return
            query = select(questions).where(IN_VAIN).order_by(questions.c.id)
            rows = connection.execute(query).mappings().all()
            states = {row.id: row.state for row in connection.execute(select(groups.c.id, groups.c.state))}
            kept = self._vectors.kept(connection, [row["id"] for row in rows])
        missing = [row for row in rows if row["id"] not in kept]
        made = self._vectors.made([row["understood"] for row in missing]) or []
        fresh = {row["id"]: vector for row, vector in zip(missing, made, strict=False)}
        decided = {group_id for group_id, state in states.items() if state != GroupState.OPEN}
        found = regrouped(rows, kept | fresh, decided, self._vectors)
        with self._records.writing() as connection:
            still = set(connection.scalars(select(questions.c.id)))
            self._vectors.put(connection, {key: vector for key, vector in fresh.items() if key in still})
            self._store(connection, found.members, states.keys())
        self._central, self._made_of = found.central, made_of

    def _store(self, connection: Connection, members: dict[str, list[int]], known: object) -> None:
        at = self._clock().isoformat()
        empty = dict.fromkeys(("reason", "source_id", "call_id"), "")
        for group_id, ids in members.items():
            if group_id not in known:  # type: ignore[operator]
                row = {"id": group_id, "state": GroupState.OPEN, "changed_at": at, **empty}
                connection.execute(insert(groups).values(row))
            for start in range(0, len(ids), 500):
                some = questions.c.id.in_(ids[start : start + 500]) & (questions.c.group_id != group_id)
                connection.execute(update(questions).where(some).values(group_id=group_id))
        held = select(questions.c.group_id).distinct()
        empty_ones = groups.c.id.not_in(held) & (groups.c.state == GroupState.OPEN)
        connection.execute(delete(groups).where(empty_ones))

    def _all(self, connection: Connection) -> list[Group]:
        asked: dict[str, list[RowMapping]] = {}
        for row in connection.execute(select(questions).where(IN_VAIN)).mappings():
            asked.setdefault(row["group_id"], []).append(row)
        decided = connection.execute(select(groups)).mappings().all()
        return [
            _group(row, asked[row["id"]], self._central.get(row["id"], ""))
            for row in decided
            if row["id"] in asked
        ]


def _fingerprint(connection: Connection) -> tuple[object, ...]:
    """What changes whenever a question is added to those in vain, or goes from them."""
    columns = (func.count(), func.min(questions.c.id), func.max(questions.c.id), func.sum(questions.c.id))
    return tuple(connection.execute(select(*columns).where(IN_VAIN)).one())


def _group(row: RowMapping, asked: Sequence[RowMapping], central: str) -> Group:
    state = GroupState(row["state"])
    return Group(
        id=row["id"],
        question=central or asked[-1]["understood"],
        people=len({one["asker"] for one in asked}),
        times=len(asked),
        countries=_people_by(asked, lambda one: lines(one["countries"])),
        languages=tuple(dict.fromkeys(one["language"] for one in asked)),
        since=datetime.fromisoformat(min(one["asked_at"] for one in asked)),
        latest=datetime.fromisoformat(max(one["asked_at"] for one in asked)),
        reasons=_people_by(asked, lambda one: (one["reason"],) if one["reason"] else ()),
        awaited=len({one["person_id"] for one in asked if one["person_id"]}),
        state=state,
        note=row["reason"],
        source_id=row["source_id"],
        call_id=row["call_id"],
        again=0 if state is GroupState.OPEN else sum(one["asked_at"] > row["changed_at"] for one in asked),
    )


def _people_by(
    asked: Sequence[RowMapping], values: Callable[[RowMapping], Sequence[str]]
) -> tuple[tuple[str, int], ...]:
    """How many people stand behind each value, the most first."""
    pairs = {(value, one["asker"]) for one in asked for value in values(one)}
    return tuple(Counter(value for value, _ in sorted(pairs)).most_common())


def _rank(group: Group) -> tuple[object, ...]:
    return (group.state is not GroupState.OPEN, -group.people, -group.latest.timestamp())
