"""The façade for files that people send: received, read, confirmed, handed in for review."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from community import audit
from community.errors import Conflict, Invalid, TooMany
from community.jobs import Handlers, Jobs
from community.people import Person, Role
from community.records import Records, now
from community.submissions import Submissions
from community.uploads.arriving import Sent, sent_with, upload_of
from community.uploads.desk import Desk
from community.uploads.kept import Kept
from community.uploads.receiving import Arrived, NoRoom, Receiving
from community.uploads.tables import suggested
from community.uploads.values import KEEP_BOTH, Stage, Upload
from community.uploads.wording import (
    ALREADY,
    BEING_REVIEWED,
    CHOOSE,
    DECIDE,
    NOT_THERE,
    NOT_YOURS,
    TITLE,
    TOO_MANY,
    flags_of,
)
from community.uploads.work import Work
from index.library import Library
from ingest.cage import Cage
from ingest.domain import Source
from ingest.errors import NotFound
from ingest.media import LIMIT

READ, STORE, DROP = "upload-read", "upload-store", "upload-drop"
_MOST_WAITING = 200  # files of one person
_MOST_BYTES = 1_000_000_000  # of the files of one person that wait
_SHOWN_FOR = timedelta(days=30)  # what is done with
_PAUSE = 60  # seconds
_CANCELLABLE = (Stage.RECEIVED, Stage.READING, Stage.WAITING)


class Uploads:
    """Files on their way to becoming submissions. What takes time is done by the queue."""

    def __init__(
        self,
        records: Records,
        library: Library,
        submissions: Submissions,
        jobs: Jobs,
        folder: Path,
        limit: int = LIMIT,
        *,
        person_by_id: Callable[[str], Person],
        cage: Cage | None = None,
        clock: Callable[[], datetime] = now,
        most_waiting: int = _MOST_WAITING,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        """``folder`` is for the files and never served; ``limit`` is the most bytes of one.

        ``person_by_id`` gives the person as whom the queue acts, with the role that they have then.
        ``cage`` reads the files; without one a process does that lets pages and searches go before.
        ``most_waiting`` files of one person, ``most_bytes`` together, can wait at once.
        """
        self.limit = limit
        self._records = records
        self._submissions = submissions
        self._jobs = jobs
        self._clock = clock
        self._most_waiting, self._most_bytes = most_waiting, most_bytes
        self._desk = Desk(clock)
        self._kept = Kept(folder)
        self._cage = cage or Cage(niceness=10)
        self._work = Work(records, self._desk, self._kept, self._cage, library, submissions, person_by_id)
        with records.reading() as connection:
            self._kept.tidy(self._desk.open_ids(connection))

    @property
    def handlers(self) -> Handlers:
        """What the queue does with uploads, by kind of job."""
        return {READ: self._work.read, STORE: self._work.store, DROP: self._work.drop}

    def close(self) -> None:
        """End the process in which files are read. What it was at is read anew after the next start."""
        self._work.is_over = True
        self._cage.close()

    def receiving(self, who: Person, content_type: str) -> Receiving:
        """A place for the files of one request; give it to :meth:`receive` when it is whole.

        Raises NotAllowed, TooMany, BadRequest.
        """
        who.must_be(Role.CONTRIBUTOR)
        with self._records.reading() as connection:
            room = self._room(connection, who, 1)
        return Receiving(content_type, self._kept.folder, limit=self.limit, room=room)

    def receive(self, who: Person, receiving: Receiving) -> list[Upload]:
        """Accept the files of a request that has come whole: all of them are on disk and in the queue.

        Raises NotAllowed, NotFound, Invalid, TooMany, BadRequest, NoRoom; then none of them stays.
        """
        who.must_be(Role.CONTRIBUTOR)
        receiving.finish()
        if not receiving.files:
            raise Invalid({"files": CHOOSE})
        sent = sent_with(receiving.fields)
        self._must_be_theirs(who, sent.submission)
        try:
            with self._records.writing() as connection:
                if before := self._desk.sent_before(connection, who.id, sent.key):
                    return before
                self._room(connection, who, len(receiving.files))
                entered = [self._enter(connection, who, one, sent) for one in receiving.files]
        except DatabaseError as error:
            raise NoRoom from error
        receiving.accept()
        self._jobs.wake()
        return entered

    def own(self, who: Person) -> list[Upload]:
        """What ``who`` sent that is open, or was until lately; what came first stands first."""
        who.must_be(Role.CONTRIBUTOR)
        with self._records.reading() as connection:
            return self._desk.of(connection, who.id, self._clock() - _SHOWN_FOR)

    def get(self, who: Person, upload_id: str) -> Upload:
        """One upload of ``who``. Raises NotFound, also for another's."""
        who.must_be(Role.CONTRIBUTOR)
        with self._records.reading() as connection:
            return self._own(connection, who, upload_id)

    def confirm(self, who: Person, upload_id: str, description: Source, decision: str = "") -> None:
        """Hand in a file that waits, under this description.

        ``decision`` is needed where the library has something like it: KEEP_BOTH, or the id of what it
        replaces. Raises NotFound, Invalid, Conflict where it no longer waits.
        """
        who.must_be(Role.CONTRIBUTOR)
        with self._records.writing() as connection:
            upload = self._own(connection, who, upload_id)
            _check(upload, description, decision, is_free=not self._work.is_being_reviewed(decision))
            confirmed = suggested(replace(upload.suggestion, source=description)) if upload.suggestion else {}
            values = {**confirmed, "decision": decision, "reason": ""}
            if not self._desk.move(connection, upload_id, {Stage.WAITING}, Stage.STORING, **values):
                raise Conflict(ALREADY)
            self._jobs.put(connection, STORE, upload_id)
        self._jobs.wake()

    def cancel(self, who: Person, upload_id: str) -> None:
        """Take a file back; nothing of it is kept. Raises NotFound, Conflict where it is handed in."""
        who.must_be(Role.CONTRIBUTOR)
        with self._records.writing() as connection:
            self._own(connection, who, upload_id)
            if not self._take_back(connection, upload_id):
                raise Conflict(ALREADY)
        self._kept.remove(upload_id)

    def cancel_batch(self, who: Person, batch: str) -> None:
        """Take back what was sent together, but for what is handed in. NotFound where nothing waits."""
        who.must_be(Role.CONTRIBUTOR)
        with self._records.writing() as connection:
            together = self._desk.batch(connection, who.id, batch)
            taken_back = [one.id for one in together if self._take_back(connection, one.id)]
            if not taken_back:
                raise NotFound(NOT_THERE)
        for upload_id in taken_back:
            self._kept.remove(upload_id)

    def forget(self, connection: Connection, person_id: str) -> None:
        """Delete what somebody whose account is closed did not hand in, in that transaction."""
        self._drop(connection, self._desk.forget(connection, person_id))

    def forget_submission(self, connection: Connection, submission_id: str) -> None:
        """Delete what was sent for a submission, in the transaction that deletes it."""
        self._drop(connection, self._desk.forget_submission(connection, submission_id))

    def stuck(self, who: Person) -> dict[str, str]:
        """Why files of ``who`` go on no more, by id: what was tried in vain."""
        going = [one.id for one in self.own(who) if one.stage.is_at_work]
        with self._records.reading() as connection:
            jobs = self._jobs.about(connection, *going)
        return {job.about: job.reason for job in jobs if job.is_given_up}

    def flags(self, who: Person, submission_id: str) -> list[str]:
        """What a reviewer should know of the file of a submission: what it is like, what is hidden in it."""
        who.must_be(Role.STAFF)
        with self._records.reading() as connection:
            upload = self._desk.handed_in(connection, submission_id)
        return [] if upload is None else flags_of(upload)

    def _drop(self, connection: Connection, upload_ids: Iterable[str]) -> None:
        for upload_id in upload_ids:
            self._jobs.forget(connection, READ, upload_id)
            self._jobs.put(connection, DROP, upload_id)

    def _take_back(self, connection: Connection, upload_id: str) -> bool:
        self._jobs.forget(connection, READ, upload_id)
        return self._desk.move(connection, upload_id, _CANCELLABLE, Stage.CANCELLED)

    def _own(self, connection: Connection, who: Person, upload_id: str) -> Upload:
        upload = self._desk.get(connection, upload_id)
        if upload.person_id != who.id:
            raise NotFound(NOT_THERE)
        return upload

    def _room(self, connection: Connection, who: Person, more: int) -> int:
        """The bytes that ``who`` may still send. Raises TooMany where ``more`` files are too many."""
        count, size = self._desk.waiting(connection, who.id)
        if count + more > self._most_waiting:
            raise TooMany(TOO_MANY.format(count=count, most=self._most_waiting), _PAUSE)
        return self._most_bytes - size

    def _must_be_theirs(self, who: Person, submission_id: str) -> None:
        """Raise NotFound unless ``who`` uploaded the submission, if there is one: a form has its words."""
        if not submission_id:
            return
        one = self._submissions.get(who, submission_id)
        if one.author_id != who.id or one.form != "document":
            raise NotFound(NOT_THERE)

    def _enter(self, connection: Connection, who: Person, arrived: Arrived, sent: Sent) -> Upload:
        upload = upload_of(who.id, arrived, sent, self.limit, self._clock())
        self._desk.enter(connection, upload, sent.key)
        if upload.stage is Stage.RECEIVED:
            provenance = {"name": upload.name, "sha256": upload.digest}
            audit.record(connection, who, "uploaded", f"upload:{upload.id}", provenance)
            self._jobs.put(connection, READ, upload.id)
        return upload


def _check(upload: Upload, description: Source, decision: str, *, is_free: bool) -> None:
    """Raise Invalid where something is left to be said, or a decision is not theirs to take.

    ``is_free``: what it would replace waits for no other new version.
    """
    known = [like for like in upload.likenesses if like.is_known]
    replaceable = {like.source_id for like in known if like.may_replace}
    wrong = {}
    if not description.title:
        wrong["title"] = TITLE
    if known and not decision and not upload.submission_id:
        wrong["decision"] = DECIDE
    elif decision not in {"", KEEP_BOTH, *replaceable}:
        wrong["decision"] = NOT_YOURS
    elif not is_free:
        wrong["decision"] = BEING_REVIEWED
    if wrong:
        raise Invalid(wrong)
