"""The façade for contributions, from its author's side: begun, handed in, taken back, deleted, found."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from community.errors import Conflict, Invalid
from community.people import Person, Role
from community.records import Records, now
from community.submissions import tables
from community.submissions.comments import Comments
from community.submissions.desk import Desk, Names
from community.submissions.handing_in import OPEN, Filing, HandingIn
from community.submissions.reviews import Reviews
from community.submissions.rows import decision_of, row_of
from community.submissions.shelf import Read, Shelf
from community.submissions.states import Act
from community.submissions.values import Decision, State, Submission
from community.submissions.wording import TAKEN_BACK, titled
from index.library import Library
from ingest.errors import NotFound
from ingest.reading import Document

FORMS = ("practice", "document")
MOST_DRAFTS = 50  # of one person
_RENEWABLE = (State.PUBLISHED, State.WITHDRAWN)

_rows = tables.submissions.c
OnPublished = Callable[[Connection, Sequence[str]], None]
Forget = Callable[[Connection, str], Callable[[], None]]


class Submissions:
    """What people contribute. ``reviews`` and ``comments`` are the façades for what becomes of it."""

    def __init__(
        self,
        records: Records,
        library: Library,
        on_published: OnPublished,
        *,
        forget: Forget = lambda *_: lambda: None,
        names: Names = lambda _: {},
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``on_published`` is called in the transaction that publishes, with the ids of the sources.

        ``forget`` deletes what others keep of a submission, in the transaction that deletes it; what it
        returns is called when that is done.
        ``names`` gives the names of people by their ids, for who was quicker.
        """
        self._records = records
        self.clock = clock
        self._desk = Desk(records, names, clock)
        self._shelf = Shelf(library)
        self._forget = forget
        self._handing_in = HandingIn(records, self._desk, self._shelf, clock)
        self.reviews = Reviews(self._desk, self._shelf, on_published)
        self.comments = Comments(self._desk, self._shelf)

    def begin(
        self, who: Person, *, form: str, title: str = "", call_id: str = "", replaces: str = ""
    ) -> Submission:
        """A draft that only its author sees; it may become the next version of the source ``replaces``.

        Raises NotAllowed, Conflict where they have too many drafts, and NotFound where ``replaces`` is
        neither theirs nor they are staff.
        """
        who.must_be(Role.CONTRIBUTOR)
        if form not in FORMS:
            raise Invalid({"form": "Describe a good practice, or upload documents."})
        moment = self.clock()
        with self._records.writing() as connection:
            self._must_have_few_drafts(connection, who)
            submission = Submission(
                id=secrets.token_hex(6),
                author_id=who.id,
                form=form,
                title=titled(title or self._title_of(connection, who, replaces)),
                source_id=replaces,
                state=State.DRAFT,
                revision=1,
                call_id=call_id,
                reviewer_id="",
                created_at=moment,
                changed_at=moment,
            )
            row = {**row_of(submission), "changed_by": who.id, "last_act": "began it"}
            connection.execute(insert(tables.submissions).values(row))
        return submission

    def renew(self, who: Person, submission_id: str) -> Submission:
        """A draft that may become its next version; the one that they began already, if they did.

        Raises NotFound, Conflict, NotAllowed.
        """
        with self._records.reading() as connection:
            found = self._desk.must(connection, who, submission_id, Act.RENEW)
            begun = select(tables.submissions).where(
                _rows.source_id == found.source_id, _rows.author_id == who.id, _rows.state == State.DRAFT
            )
            drafts = self._desk.listed(connection, begun.limit(1))
        return drafts[0] if drafts else self.begin(who, form=found.form, replaces=found.source_id)

    def get(self, who: Person, submission_id: str) -> Submission:
        """One submission: its author's, and, once it was handed in, staff's. Raises NotFound."""
        with self._records.reading() as connection:
            return self._desk.seen(connection, who, submission_id)

    def read(self, who: Person, submission_id: str) -> list[Read]:
        """Its documents as they were handed in last, the main one first. Raises NotFound."""
        with self._records.reading() as connection:
            filed = self._desk.filed(connection, self._desk.seen(connection, who, submission_id))
        return [self._shelf.read(one) for one in filed]

    def acts(self, who: Person, submission_id: str) -> frozenset[Act]:
        """What ``who`` may do with it now. Raises NotFound."""
        with self._records.reading() as connection:
            return self._desk.acts(connection, who, self._desk.seen(connection, who, submission_id))

    def must_edit(self, connection: Connection, who: Person, submission_id: str) -> Submission:
        """The submission, if ``who`` may change what it says now. Raises NotFound, Conflict, NotAllowed."""
        return self._desk.must(connection, who, submission_id, Act.EDIT)

    def rename(self, connection: Connection, submission_id: str, title: str) -> None:
        """Give a draft another title, in the transaction of whoever saves it and asked :meth:`must_edit`."""
        renamed = update(tables.submissions).where(_rows.id == submission_id)
        connection.execute(renamed.values(title=titled(title)))

    def submit(
        self,
        who: Person,
        submission_id: str,
        documents: Sequence[Document],
        also: Filing = lambda *_: None,
    ) -> Submission:
        """Hand it in: the main document, then what is attached to it, stored as drafts of the library.

        ``also`` is done in the same transaction. Raises NotFound, Conflict, NotAllowed, Invalid; whatever
        fails, nothing of it is left behind.
        """
        return self._handing_in.submit(who, submission_id, documents, also)

    def tidy(self) -> None:
        """Give up the drafts that a power cut left in the library while something was being handed in.

        To be called once, when the library was opened.
        """
        self._handing_in.tidy()

    def take_back(self, who: Person, submission_id: str, revision: int) -> Submission:
        """Make a draft of it again, which its author alone sees. Raises NotFound, Conflict, NotAllowed."""
        with self._records.reading() as connection:
            before = self._desk.must(connection, who, submission_id, Act.TAKE_BACK, revision)
            filed = self._desk.filed(connection, before)
        moved: list[Submission] = []

        def also(connection: Connection) -> None:
            found = self._desk.must(connection, who, submission_id, Act.TAKE_BACK, revision)
            moved.append(self._desk.move(connection, who, found, Act.TAKE_BACK, reviewer_id=""))
            self._desk.tell_reviewer(connection, found, who, TAKEN_BACK)

        with self._desk.saying_who_was_quicker(who, submission_id, Act.TAKE_BACK, revision):
            self._shelf.discard([one.source_id for one in filed], also)
        return moved[0]

    def delete(self, who: Person, submission_id: str, revision: int) -> None:
        """Delete a draft for good, with all that lies beside it and was said of it.

        Raises NotFound, NotAllowed, and Conflict where it is no draft, or not as it was at ``revision``.
        """
        after: list[Callable[[], None]] = []

        def also(connection: Connection) -> None:
            found = self._desk.must(connection, who, submission_id, Act.DELETE, revision)
            after.append(self._forget(connection, found.id))
            self._desk.erase(connection, who, found)

        with self._handing_in.turn:  # or what is being handed in at this moment would be left
            with self._records.reading() as connection:
                before = self._desk.must(connection, who, submission_id, Act.DELETE, revision)
                filed = self._desk.ever_filed(connection, before)
            self._shelf.forget(before.source_id, filed, also)
        after[0]()

    def own(self, who: Person) -> list[Submission]:
        """What ``who`` contributed, what changed last first."""
        who.must_be(Role.MEMBER)
        query = select(tables.submissions).where(_rows.author_id == who.id)
        with self._records.reading() as connection:
            return self._desk.listed(connection, query.order_by(_rows.changed_at.desc(), _rows.id))

    def undecided(self, connection: Connection, who: Person) -> list[Submission]:
        """What ``who`` writes, or handed in and waits for, in the transaction of whoever asks."""
        who.must_be(Role.MEMBER)
        own = select(tables.submissions).where(
            _rows.author_id == who.id, _rows.state.in_((State.DRAFT, *OPEN))
        )
        return self._desk.listed(connection, own)

    def waiting(self, who: Person) -> list[Submission]:
        """What nobody has taken up yet, the oldest first; for staff."""
        return self.handed_in(who, {State.SUBMITTED})

    def handed_in(self, who: Person, states: Collection[State]) -> list[Submission]:
        """What is in one of ``states``, that longest waiting first; for staff, who see no drafts."""
        who.must_be(Role.STAFF)
        query = select(tables.submissions).where(_rows.state.in_(set(states) - {State.DRAFT}))
        with self._records.reading() as connection:
            return self._desk.listed(connection, query.order_by(_rows.submitted_at, _rows.id))

    def count_waiting(self, who: Person) -> int:
        """How many nobody has taken up yet; none for who is not staff."""
        query = select(func.count()).where(_rows.state == State.SUBMITTED)
        with self._records.reading() as connection:
            return int(connection.execute(query).scalar_one()) if who.may(Role.STAFF) else 0

    def decisions(self, who: Person, since: datetime) -> list[Decision]:
        """What was decided from ``since`` on, the oldest first; for staff."""
        who.must_be(Role.STAFF)
        made = tables.decisions.c
        query = select(tables.decisions).where(made.decided_at >= since.isoformat()).order_by(made.id)
        with self._records.reading() as connection:
            return [decision_of(row) for row in connection.execute(query).mappings()]

    def _must_have_few_drafts(self, connection: Connection, who: Person) -> None:
        drafts = select(func.count()).where(_rows.author_id == who.id, _rows.state == State.DRAFT)
        if connection.execute(drafts).scalar_one() >= MOST_DRAFTS:
            raise Conflict(
                f"You have {MOST_DRAFTS} drafts already. Hand one in, or delete one that you do not need."
            )

    def _title_of(self, connection: Connection, who: Person, replaces: str) -> str:
        """The title of what is to get a new version. Raises NotFound where it is not theirs to give one."""
        if not replaces:
            return ""
        theirs = select(_rows.id).where(
            _rows.source_id == replaces, _rows.author_id == who.id, _rows.state.in_(_RENEWABLE)
        )
        entry = self._shelf.renewable(replaces)
        may = who.may(Role.STAFF) or connection.execute(theirs).first() is not None
        if entry is None or not may:
            raise NotFound("There is no document of yours of that name to start a new version of.")
        return entry.source.title
