"""The façade for what is said about a submission, passage by passage."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from community.errors import Conflict, Invalid, NotAllowed
from community.people import Person
from community.submissions import tables
from community.submissions.desk import Desk
from community.submissions.rows import comment_of
from community.submissions.shelf import Shelf
from community.submissions.states import Act
from community.submissions.talks import talks
from community.submissions.values import Comment, Submission, Talk
from community.submissions.wording import too_long
from ingest.domain import Span, Version
from ingest.errors import NotFound
from ingest.text import clean

_rows = tables.comments.c


class Comments:
    """Comments and their replies. Those for staff do not exist for anybody else, the author included."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf

    def of(self, who: Person, submission_id: str) -> list[Talk]:
        """All that ``who`` may read, where it stands in the newest version. Raises NotFound."""
        with self._desk.records.reading() as connection:
            submission = self._desk.seen(connection, who, submission_id)
            filed = self._desk.filed(connection, submission)
            found = self._readable(connection, who, submission)
        return talks(found, self._shelf.read(filed[0]).words) if filed else []

    def say(
        self,
        who: Person,
        submission_id: str,
        text: str,
        *,
        version: int,
        span: Span | None = None,
        for_staff: bool = False,
    ) -> Comment:
        """Say something about the words at ``span`` of ``version``, else about the whole.

        Raises NotFound, NotAllowed, Invalid, and Conflict where there is a newer version or no review.
        """
        words = cleaned(text, "text")
        with self._desk.records.reading() as connection:
            submission = self._must_say(connection, who, submission_id, version)
            filed = self._desk.filed(connection, submission)
        quote = _quoted(self._shelf.read(filed[0]).words, span) if span is not None else ""
        with self._desk.records.writing() as connection:
            submission = self._must_say(connection, who, submission_id, version)
            hidden = for_staff and self._desk.judges(connection, who, submission)
            return self._insert(
                connection, who, submission, words, version=version, span=span, quote=quote, for_staff=hidden
            )

    def reply(self, who: Person, submission_id: str, comment_id: int, text: str) -> Comment:
        """Answer a comment; an answer to what is for staff is for staff. Raises as :meth:`say`."""
        words = cleaned(text, "text")
        with self._desk.records.writing() as connection:
            submission = self._desk.must(connection, who, submission_id, Act.COMMENT)
            head = self._one(connection, who, submission, comment_id)
            return self._insert(
                connection,
                who,
                submission,
                words,
                version=submission.version,
                for_staff=head.for_staff,
                answers=head.answers or head.id,
            )

    def mark_done(self, who: Person, submission_id: str, comment_id: int, done: bool) -> None:
        """The author took care of it, or did not after all. Raises as :meth:`say`."""
        with self._desk.records.writing() as connection:
            submission = self._desk.must(connection, who, submission_id, Act.COMMENT)
            if submission.author_id != who.id:
                raise NotAllowed("Only its author can say that this is done.")
            self._mark(connection, self._one(connection, who, submission, comment_id), is_done=done)

    def resolve(self, who: Person, submission_id: str, comment_id: int, resolved: bool) -> None:
        """A reviewer agrees that there is nothing left to do, or not yet. Raises as :meth:`say`."""
        with self._desk.records.writing() as connection:
            submission = self._desk.must(connection, who, submission_id, Act.COMMENT)
            if not self._desk.judges(connection, who, submission):
                raise NotAllowed("Only a reviewer can say that nothing is left to do here.")
            one = self._one(connection, who, submission, comment_id)
            self._mark(connection, one, is_resolved=resolved)

    def _must_say(self, connection: Connection, who: Person, submission_id: str, version: int) -> Submission:
        submission = self._desk.must(connection, who, submission_id, Act.COMMENT)
        if submission.version != version:
            raise Conflict("A newer version was handed in meanwhile. Read that one, then say it again.")
        return submission

    def _one(self, connection: Connection, who: Person, submission: Submission, comment_id: int) -> Comment:
        for comment in self._readable(connection, who, submission):
            if comment.id == comment_id:
                return comment
        raise NotFound("There is no such comment.")

    def _readable(self, connection: Connection, who: Person, submission: Submission) -> list[Comment]:
        """What ``who`` may read: what is for staff only those who have no hand in the document."""
        query = select(tables.comments).where(_rows.submission_id == submission.id).order_by(_rows.id)
        if not self._desk.judges(connection, who, submission):
            query = query.where(_rows.for_staff.is_(False))
        return [comment_of(row) for row in connection.execute(query).mappings()]

    def _mark(self, connection: Connection, comment: Comment, **values: bool) -> None:
        connection.execute(update(tables.comments).where(_rows.id == comment.id).values(**values))

    def _insert(
        self,
        connection: Connection,
        who: Person,
        submission: Submission,
        text: str,
        *,
        version: int,
        span: Span | None = None,
        quote: str = "",
        for_staff: bool,
        answers: int = 0,
    ) -> Comment:
        row = {
            "submission_id": submission.id,
            "version": version,
            "start": span.start if span else None,
            "end": span.end if span else None,
            "quote": quote,
            "author_id": who.id,
            "at": self._desk.clock().isoformat(),
            "text": text,
            "for_staff": for_staff,
            "answers": answers,
            "is_done": False,
            "is_resolved": False,
        }
        key = connection.execute(insert(tables.comments).values(row)).inserted_primary_key
        assert key is not None
        found = select(tables.comments).where(_rows.id == key[0])
        return comment_of(connection.execute(found).mappings().one())


def cleaned(text: str, field: str) -> str:
    """What somebody typed, cleaned. Raises Invalid where it is empty or too long, under the field's name."""
    words = clean(text)
    if not words:
        raise Invalid({field: "Write something first."})
    if too_much := too_long(words):
        raise Invalid({field: too_much})
    return words


def _quoted(version: Version, span: Span) -> str:
    if not 0 <= span.start < span.end <= len(version.text):
        raise Invalid({"text": "These words are not in the document. Select the words again."})
    return version.quote(span)
