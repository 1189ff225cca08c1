"""When something is published, what was asked in vain is asked again of it, and whoever waits is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, RowMapping, select, update

from community.gaps import tables
from community.gaps.likeness import terms
from community.gaps.telling import PersonById, is_readable, tell_askers
from community.gaps.values import GroupState, lines
from community.gaps.vectors import QuestionVectors
from community.records import Records, now
from index.encoded import Vectors
from index.entries import PUBLISHED
from index.library import Library
from index.scope import STAFF, Reader
from ingest.domain import Source
from ingest.errors import NotFound, UjuziError

# Takes a question, who asks, and the one source that may answer; says whether it does.
Answers = Callable[[str, Reader, str], bool]

MOST_TESTS = 200  # questions that are really asked again of one source
# From here on a question comes near to a source: by its closest sentence, or by its words that stand in it.
# Of 247 pairs of a question and a source that answers it, 246 come near; of 5,750 others 43 % do not.
NEAR = 0.35
SHARED = 0.6

questions, groups = tables.questions, tables.groups


class News:
    """The handler of jobs of the kind "published"."""

    def __init__(
        self,
        records: Records,
        library: Library,
        answers: Answers,
        person_of: PersonById,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``answers`` asks the assistant; ``person_of`` an id says who that is today."""
        self._records = records
        self._library = library
        self._vectors = QuestionVectors(library)
        self._answers = answers
        self._person_of = person_of
        self._clock = clock

    def published(self, source_id: str) -> None:
        """Ask again what was asked in vain, until nothing new came in meanwhile.

        It can be broken off and begun anew at any moment: who was told of a question is not told twice.
        UjuziError where the source cannot be searched yet, so that the job is tried again.
        """
        if not self._is_published(source_id):
            return  # withdrawn before anybody got to it
        if not is_readable(self._library, source_id, STAFF):
            raise UjuziError(f"{source_id} is published and not indexed yet; it is looked at again shortly.")
        seen = 0
        while rows := self._open_after(seen):
            seen = rows[-1]["id"]
            self._ask_again(rows, source_id)

    def _is_published(self, source_id: str) -> bool:
        try:
            return self._library.entry(source_id, STAFF).state == PUBLISHED
        except NotFound:
            return False

    def _open_after(self, seen: int) -> Sequence[RowMapping]:
        """What nothing answered yet, of those that were asked later than the question ``seen``."""
        query = select(questions).where(questions.c.found.is_(False), questions.c.answered_by == "")
        with self._records.reading() as connection:
            later = query.where(questions.c.id > seen).order_by(questions.c.id)
            return connection.execute(later).mappings().all()

    def _ask_again(self, rows: Sequence[RowMapping], source_id: str) -> None:
        source = self._library.entry(source_id, STAFF).source
        asked: dict[tuple[str, frozenset[str]], list[RowMapping]] = {}
        for row in rows:
            asked.setdefault((row["understood"], self._audiences(row)), []).append(row)
        near = self._nearest([own[0] for own in asked.values()], source_id)
        worth = [(key, own) for key, own in asked.items() if own[0]["id"] in near]
        worth.sort(key=lambda one: (not any(map(_may_wait, one[1])), -near[one[1][0]["id"]]))
        for (question, audiences), own in worth[:MOST_TESTS]:
            if self._answers(question, Reader("", audiences), source_id):
                with self._records.writing() as connection:
                    self._tell(connection, own, source)

    def _audiences(self, row: RowMapping) -> frozenset[str]:
        """As whom a question is asked again: its asker as they are today, else as they were."""
        person_id = row["person_id"] or ("" if row["asker"].startswith("~") else row["asker"])
        person = self._person_of(person_id) if person_id else None
        return person.reader.audiences if person else frozenset(lines(row["audiences"]))

    def _nearest(self, rows: Sequence[RowMapping], source_id: str) -> Mapping[int, float]:
        """The questions that can be worth asking, by their ids, with how near they come."""
        entry = self._library.entry(source_id, STAFF)
        sentences = self._library.sentence_vectors(entry).vectors
        words = terms(self._library.words_of(entry).text, entry.source.language)
        with self._records.reading() as connection:
            vectors = dict(self._vectors.kept(connection, [row["id"] for row in rows]))
        near = {}
        for row in rows:
            meaning = _closest(vectors.get(row["id"]), sentences)
            shared = _shared(lines(row["terms"]), words)
            if meaning >= NEAR or shared >= SHARED:
                near[row["id"]] = meaning + shared
        return near

    def _tell(self, connection: Connection, rows: Sequence[RowMapping], source: Source) -> None:
        # read again in this transaction: they may have been told, or deleted, since
        ids = [row["id"] for row in rows]
        fresh = connection.execute(select(questions).where(questions.c.id.in_(ids))).mappings().all()
        tell_askers(connection, fresh, source, self._library, self._person_of)
        self._mark_groups(connection, {row["group_id"] for row in fresh} - {""}, source.id)

    def _mark_groups(self, connection: Connection, group_ids: Collection[str], source_id: str) -> None:
        """A group is answered when at least half of its questions are."""
        for group_id in group_ids:
            query = select(questions.c.answered_by).where(
                questions.c.group_id == group_id, questions.c.found.is_(False)
            )
            answered = [bool(one) for one in connection.scalars(query)]
            if 2 * sum(answered) >= len(answered):
                values = {"source_id": source_id, "changed_at": self._clock().isoformat()}
                this = (groups.c.id == group_id) & (groups.c.state != GroupState.SET_ASIDE)
                connection.execute(update(groups).where(this).values(values | {"state": GroupState.ANSWERED}))


def _may_wait(row: RowMapping) -> bool:
    """Whether somebody who is known may want to be told."""
    return bool(row["person_id"]) or not row["asker"].startswith("~")


def _closest(vector: Vectors | None, sentences: Vectors) -> float:
    if vector is None or not len(sentences):
        return 1.0  # nothing is known: let it be asked
    return float(np.max(sentences @ vector))


def _shared(wanted: Sequence[str], there: Collection[str]) -> float:
    """The share of a question's terms that stand in the source."""
    return sum(one in there for one in wanted) / len(wanted) if wanted else 0.0
