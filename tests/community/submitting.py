"""A library, five people and submissions in every state, for the tests of review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from community.people import VISITOR, Person, Role
from community.records import Records
from community.submissions import Criterion, Judgement, State, Submission, Submissions, Verdict
from index.library import Library
from ingest.domain import Span
from ingest.reading import Document
from tests.fakes import HashEmbedder
from tests.index import made

WRITER = Person("writer", "Wanjiru", "w@example.org", role=Role.CONTRIBUTOR)
OTHER = Person("other", "Otieno", "o@example.org", role=Role.CONTRIBUTOR)
MEMBER = Person("member", "Mwangi", "m@example.org", role=Role.MEMBER)
AMINA = Person("amina", "Amina", "a@example.org", role=Role.STAFF)
BAKARI = Person("bakari", "Bakari", "b@example.org", role=Role.STAFF)
CHIEF = Person("chief", "Chausiku", "c@example.org", role=Role.ADMINISTRATOR)
PEOPLE = (VISITOR, MEMBER, OTHER, WRITER, AMINA, BAKARI, CHIEF)

ALL_MET = {criterion: Judgement(Verdict.MET) for criterion in Criterion}
TITLE = "Home-care training in Kenya"
WORDS = "The county trains home-care workers for six weeks before they leave."


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **length: float) -> None:
        self.moment += timedelta(**length)


def names(ids: Set[str]) -> Mapping[str, str]:
    """What people are called."""
    return {one.id: one.name for one in PEOPLE if one.id in ids}


class Desk:
    """Everything that is needed to hand in and review, with short ways into each state."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder, embedder=HashEmbedder())
        self.records = Records(self.library.store)
        self.clock = Clock()
        self.told: list[tuple[str, ...]] = []
        self.on_published: Callable[[Connection, Sequence[str]], None] = self._hear
        self.forget: Callable[[Connection, str], Callable[[], None]] = lambda *_: lambda: None
        self.submissions = Submissions(
            self.records,
            self.library,
            lambda connection, ids: self.on_published(connection, ids),
            forget=lambda connection, submission_id: self.forget(connection, submission_id),
            names=names,
            clock=self.clock,
        )
        self.reviews = self.submissions.reviews
        self.comments = self.submissions.comments

    def _hear(self, _connection: Connection, ids: Sequence[str]) -> None:
        self.told.append(tuple(ids))

    def draft(self, who: Person = WRITER, title: str = TITLE, replaces: str = "") -> Submission:
        return self.submissions.begin(who, form="practice", title=title, replaces=replaces)

    def submitted(
        self,
        who: Person = WRITER,
        words: str = WORDS,
        title: str = TITLE,
        attached: Sequence[Document] = (),
        replaces: str = "",
    ) -> Submission:
        one = self.draft(who, title, replaces)
        return self.submissions.submit(who, one.id, [document(words, title), *attached])

    def in_review(self, reviewer: Person = AMINA, **described: Any) -> Submission:
        one = self.submitted(**described)
        return self.reviews.take(reviewer, one.id, one.revision)

    def published(self, reviewer: Person = AMINA, audience: str = "public", **described: Any) -> Submission:
        one = self.in_review(reviewer, **described)
        self.reviews.judge(reviewer, one.id, one.version, ALL_MET)
        return self.reviews.publish(reviewer, one.id, one.revision, audience)

    def in_state(self, state: State, **described: Any) -> Submission:
        """A submission by WRITER that stands there, reviewed by AMINA."""
        if state == State.DRAFT:
            return self.draft(title=str(described.get("title", TITLE)))
        if state == State.SUBMITTED:
            return self.submitted(**described)
        if state == State.IN_REVIEW:
            return self.in_review(**described)
        if state in (State.CHANGES_ASKED, State.DECLINED):
            one = self.in_review(**described)
            decide = self.reviews.ask_changes if state == State.CHANGES_ASKED else self.reviews.decline
            return decide(AMINA, one.id, one.revision, "Say how many were trained.")
        one = self.published(**described)
        if state == State.WITHDRAWN:
            return self.reviews.withdraw(AMINA, one.id, one.revision, "Consent was taken back.")
        if state == State.REPLACED:
            self.published(replaces=one.source_id, words="Another text of the same document.")
            return self.submissions.get(WRITER, one.id)
        return one


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    """A desk over a new library."""
    desk = Desk(folder)
    with desk.library:
        yield desk


def document(words: str, title: str = TITLE, name: str = "practice.md") -> Document:
    """A good practice of one paragraph, as the form or a reader makes it."""
    return replace(made.text("anything", words, title=title, kind="good_practice"), name=name)


def span_of(desk: Desk, one: Submission, words: str) -> Span:
    """Where ``words`` stand in the version that was handed in last."""
    _, version = desk.library.read(one.source_id, AMINA.reader, one.version)
    start = version.text.index(words)
    return Span(start, start + len(words))


def written_below(folder: Path) -> bytes:
    """All that the files of a folder hold."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
