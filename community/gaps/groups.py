"""What is asked in vain, in groups of one meaning, for staff: how many asked, about where, what was decided.

What is new is put into a group when staff looks, and from time to time the groups are made anew. What staff
has decided on stays together, and what means the same joins it; an open group keeps its id as long as most of
it stays together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, select, update

from community import audit
from community.errors import Conflict, Invalid
from community.gaps import tables
from community.gaps.gathering import IN_VAIN, Gathering
from community.gaps.telling import PersonById, is_readable, take_back, tell_askers
from community.gaps.values import BESIDE, Group, GroupState, Kept, kept_of, lines
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
# Of the tenth of the answers on SQuAD 2.0 of which the test of evidence is the least certain two thirds are
# beside the point, of all one half; of those on our own library 6 in 10, of all 1 in 9 (docs/decisions.md).
LITTLE = 0.9
_MOST_UNCERTAIN = 100
_NUMBERS = 2**63  # what a database counts to
_UNCERTAIN = and_(
    questions.c.found.is_(True),
    questions.c.helpful == "",
    questions.c.reason == "",
    questions.c.confidence < LITTLE,
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
        self._person_of = person_of
        self._clock = clock
        self._gathering = Gathering(records, library, clock)

    def groups(self, who: Person) -> list[Group]:
        """All groups: what waits for staff before what is decided; the most people first, then the newest."""
        who.must_be(Role.STAFF)
        with self._gathering.up_to_date() as central, self._records.reading() as connection:
            return sorted(self._all(connection, central), key=_rank)

    def regroup(self) -> None:
        """Make the groups anew, all that is decided left as it is; for the thread that sweeps."""
        self._gathering.anew()

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

    # what was answered, perhaps not to the point

    def uncertain(self, who: Person) -> list[Kept]:
        """The questions that were answered with little certainty, the least certain first, each once."""
        who.must_be(Role.STAFF)
        query = select(questions).where(_UNCERTAIN).order_by(questions.c.confidence, questions.c.id.desc())
        once: dict[str, Kept] = {}
        with self._records.reading() as connection:
            for row in connection.execute(query.limit(10 * _MOST_UNCERTAIN)).mappings():
                once.setdefault(row["understood"].casefold(), kept_of(row))
        return list(once.values())[:_MOST_UNCERTAIN]

    def take(self, who: Person, question_id: int) -> None:
        """The answer to this question is none, whoever asked it: it comes into a group. NotFound."""
        who.must_be(Role.STAFF)
        words = select(questions.c.understood).where(questions.c.id == question_id, _UNCERTAIN)
        with self._records.writing() as connection:
            understood = connection.scalar(words) if 0 < question_id < _NUMBERS else None
            if understood is None:
                raise NotFound("This question is gone, or its asker has said whether the answer helped.")
            same = (questions.c.understood == understood) & _UNCERTAIN
            connection.execute(update(questions).where(same).values(reason=BESIDE))
            audit.record(connection, who, "gap found", f"question:{question_id}")

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
        """It waits for staff again, and so do its questions for what answers them. NotFound."""
        who.must_be(Role.STAFF)
        with self._gathering.up_to_date(), self._records.writing() as connection:
            source_id = connection.scalar(select(groups.c.source_id).where(groups.c.id == group_id))
            self._settle(connection, who, group_id, GroupState.OPEN, {})
            if source_id:
                take_back(connection, _asked(connection, group_id), source_id, self._person_of)

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
        # what came in since staff looked is decided with it
        with self._gathering.up_to_date(), self._records.writing() as connection:
            self._settle(connection, who, group_id, state, values)
            if source is not None:
                asked = _asked(connection, group_id)
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

    def _all(self, connection: Connection, central: Mapping[str, int]) -> list[Group]:
        asked: dict[str, list[RowMapping]] = {}
        for row in connection.execute(select(questions).where(IN_VAIN)).mappings():
            asked.setdefault(row["group_id"], []).append(row)
        decided = connection.execute(select(groups)).mappings().all()
        return [
            _group(row, asked[row["id"]], central.get(row["id"])) for row in decided if row["id"] in asked
        ]


def _asked(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """The questions of a group."""
    query = select(questions).where(questions.c.group_id == group_id, IN_VAIN)
    return connection.execute(query).mappings().all()


def _group(row: RowMapping, asked: Sequence[RowMapping], central: int | None) -> Group:
    state = GroupState(row["state"])
    words = next((one["understood"] for one in asked if one["id"] == central), asked[-1]["understood"])
    return Group(
        id=row["id"],
        question=words,
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
