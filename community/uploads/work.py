"""What is done with an upload behind the pages: it is read, and once it was confirmed it is handed in.

Each of these may be broken off anywhere and is begun again, so each looks first at what was done already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection

from community.errors import Conflict, Invalid, NotAllowed
from community.notices import tell
from community.people import Person, Role
from community.records import Records
from community.submissions import State, Submission, Submissions
from community.uploads import tables
from community.uploads.comparing import Comparing, Waiting
from community.uploads.desk import Desk
from community.uploads.kept import Kept
from community.uploads.likeness import runs
from community.uploads.readable import hidden_signs, notes_on
from community.uploads.suggesting import Suggesting
from community.uploads.values import KEEP_BOTH, Stage, Upload
from community.uploads.wording import BEING_REVIEWED, MOVED_ON, PROGRAMME, not_handed_in, ready
from index.entries import DRAFT
from index.library import Library
from ingest.errors import FileRejected, NotFound
from ingest.media import MediaType
from ingest.reading import Document, ReadsFiles, read_document

_AT_READING = (Stage.RECEIVED, Stage.READING)
_STILL_OURS = (State.DRAFT, State.CHANGES_ASKED)
_MOST_REMEMBERED = 200  # uploads, of whoever


class Work:
    """The handlers of the queue."""

    def __init__(
        self,
        records: Records,
        desk: Desk,
        kept: Kept,
        cage: ReadsFiles,
        library: Library,
        submissions: Submissions,
        person_by_id: Callable[[str], Person],
    ) -> None:
        self._records = records
        self._desk = desk
        self._kept = kept
        self._cage = cage
        self._library = library
        self._comparing = Comparing(library)
        self._suggesting = Suggesting(library)
        self._submissions = submissions
        self._person_by_id = person_by_id
        self.is_over = False
        # in a folder of a hundred files each is compared with those before it
        self._runs_of = lru_cache(maxsize=_MOST_REMEMBERED)(lambda upload_id: runs(kept.text(upload_id)))

    def read(self, upload_id: str) -> None:
        """Read a file, describe it, and compare it with what is there; then it waits for its owner."""
        with self._records.writing() as connection:
            upload = self._desk.get(connection, upload_id)
            if not self._desk.move(connection, upload_id, _AT_READING, Stage.READING):
                return
        who = self._person_by_id(upload.person_id)
        try:
            document = self._read(upload, who)
        except FileRejected as error:
            if self.is_over:  # the file is not to blame that its reading was broken off
                raise
            self._refuse(upload, error.reason)
        else:
            self._kept.keep(upload_id, document)
            self._let_wait(upload, self._understood(upload, who, document))

    def store(self, upload_id: str) -> None:
        """Hand in what was confirmed; staff review it."""
        with self._records.reading() as connection:
            upload = self._desk.get(connection, upload_id)
        if upload.stage is not Stage.STORING:
            return
        try:
            who, document = self._person_by_id(upload.person_id), self._confirmed(upload)
            come_since = self._likenesses(upload, who, document)  # for reviewers
            submission = self._handed_in(who, upload, document)
        except (Conflict, Invalid, NotAllowed, NotFound) as error:  # another try would end alike
            self._give_back(upload, str(error))
            return
        with self._records.writing() as connection:
            done = {"submission_id": submission.id, "reason": "", **come_since}
            self._desk.move(connection, upload_id, {Stage.STORING}, Stage.HANDED_IN, **done)
        self._kept.remove(upload_id)

    def drop(self, upload_id: str) -> None:
        """Delete the files of an upload whose owner, or submission, is gone."""
        self._kept.remove(upload_id)

    def is_being_reviewed(self, source_id: str) -> bool:
        """Whether a new version of a source waits to be published."""
        return bool(self._library.store.entries(states={DRAFT}, source_ids={source_id}))

    def _read(self, upload: Upload, who: Person) -> Document:
        content = self._kept.path(upload.id).read_bytes()
        document = read_document(content, upload.name, upload.path, cage=self._cage)
        if document.media_type == MediaType.EVENT and not who.may(Role.STAFF):
            raise FileRejected(upload.name, PROGRAMME)
        # what a file says of its own rank, its readers and its name in the library is for others to say
        source = replace(document.source, id="", tier="", part_of=None)
        return replace(document, source=source, audience="")

    def _understood(self, upload: Upload, who: Person, document: Document) -> dict[str, object]:
        """The columns of what was read."""
        return {
            **tables.suggested(self._suggesting.suggested(document, who.reader)),
            **self._likenesses(upload, who, document),
            "notes": json.dumps(notes_on(document), ensure_ascii=False),
            "hidden": hidden_signs(document.content),
        }

    def _likenesses(self, upload: Upload, who: Person, document: Document) -> dict[str, str]:
        """The column of what is like an upload, without what it is to be a new version of."""
        own = self._submissions.own(who)
        itself = {one.source_id for one in own if one.id == upload.submission_id} - {""}
        found = self._comparing.likenesses(document, who, own, self._besides(upload))
        others = tuple(like for like in found if like.source_id not in itself)
        return {"likenesses": tables.likenesses_to_json(others)}

    def _besides(self, upload: Upload) -> Iterator[Waiting]:
        """The files of the same person that were read before and wait, too."""
        with self._records.reading() as connection:
            others = self._desk.read_before(connection, upload)
        return (Waiting(one, self._runs_of(one.id)) for one in others)

    def _let_wait(self, upload: Upload, understood: dict[str, object]) -> None:
        with self._records.writing() as connection:
            if self._desk.move(connection, upload.id, {Stage.READING}, Stage.WAITING, **understood):
                self._tell_if_all_are_read(connection, upload)
                return
        self._kept.remove(upload.id)  # it was cancelled meanwhile

    def _refuse(self, upload: Upload, reason: str) -> None:
        with self._records.writing() as connection:
            if self._desk.move(connection, upload.id, {Stage.READING}, Stage.REFUSED, reason=reason):
                self._tell_if_all_are_read(connection, upload)
        self._kept.remove(upload.id)

    def _tell_if_all_are_read(self, connection: Connection, upload: Upload) -> None:
        """Tell the owner once that files wait: when the last of those that were sent together is read."""
        together = self._desk.batch(connection, upload.person_id, upload.batch)
        wait = [one for one in together if one.stage is Stage.WAITING]
        if wait and not any(one.stage in _AT_READING for one in together):
            tell(connection, upload.person_id, ready(wait), "/uploads")

    def _confirmed(self, upload: Upload) -> Document:
        assert upload.suggestion is not None
        return self._kept.document(upload.id, upload.suggestion.source)

    def _handed_in(self, who: Person, upload: Upload, document: Document) -> Submission:
        submission = self._begun(who, upload, document.source.title)
        if submission.state in _STILL_OURS:
            return self._submissions.submit(who, submission.id, [document])
        if not self._holds(submission, upload):
            raise Conflict(MOVED_ON)
        return submission  # by a try that was broken off right after

    def _holds(self, submission: Submission, upload: Upload) -> bool:
        """Whether the newest version of what was handed in is this very file."""
        versions = self._library.store.entries(source_ids={submission.source_id})
        return bool(versions) and versions[-1].digest == upload.digest

    def _begun(self, who: Person, upload: Upload, title: str) -> Submission:
        """The submission that the upload becomes, begun once."""
        if upload.submission_id:
            return self._submissions.get(who, upload.submission_id)
        replaces = "" if upload.decision == KEEP_BOTH else upload.decision
        if replaces and self.is_being_reviewed(replaces):
            raise Conflict(BEING_REVIEWED)
        begun = self._left_over(who, upload, title, replaces) or self._submissions.begin(
            who, form="document", title=title, call_id=upload.call_id, replaces=replaces
        )
        with self._records.writing() as connection:
            itself = {Stage.STORING}
            self._desk.move(connection, upload.id, itself, Stage.STORING, submission_id=begun.id)
        return begun

    def _left_over(self, who: Person, upload: Upload, title: str, replaces: str) -> Submission | None:
        """What a try that was broken off began, and nobody knows of."""
        with self._records.reading() as connection:
            claimed = self._desk.claimed(connection, who.id)
        return next(
            (
                one
                for one in self._submissions.own(who)
                if (one.form, one.state, one.title, one.source_id)
                == ("document", State.DRAFT, title, replaces)
                and one.created_at >= upload.changed_at
                and one.id not in claimed
            ),
            None,
        )

    def _give_back(self, upload: Upload, reason: str) -> None:
        """Let the owner decide anew what could not be handed in."""
        with self._records.writing() as connection:
            # what was begun for a decision that leads nowhere must not bind the next one
            anew = {"reason": reason, "decision": "", "submission_id": upload.submission_id}
            if self._desk.move(connection, upload.id, {Stage.STORING}, Stage.WAITING, **anew):
                tell(connection, upload.person_id, not_handed_in(upload, reason), f"/uploads/{upload.id}")
