"""The façade for good practices while they are written: saved, filled in, looked at, handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from community.errors import Invalid
from community.people import Person
from community.practices import drafts
from community.practices.beside import FilesBeside
from community.practices.desk import Desk
from community.practices.drafts import Draft
from community.practices.fields import Practice, problems
from community.practices.files import Files, Use, attached
from community.practices.material import Material, Proposed, material_of, proposed, quoted
from community.practices.refused import Changed, room
from community.practices.word_placing import laid_over
from community.practices.writing import document_of
from community.records import Records, now
from community.submissions import Submission, Submissions
from community.uploads.names import shown_name
from index.library import Library
from index.originals import Originals
from ingest.cage import Cage
from ingest.errors import FileRejected
from ingest.media import LIMIT
from ingest.reading import Document

WORD_READER = "community.practices.word_reading"  # the module that a cage for Word forms runs
CageOf = Callable[..., Cage]


class Practices:
    """Forms of good practices. Each belongs to a submission, which says who may do what with it.

    ``files`` is the façade for what lies beside them.
    """

    def __init__(
        self,
        records: Records,
        submissions: Submissions,
        library: Library,
        folder: Path,
        cage: CageOf = Cage,
        *,
        most_bytes: int = LIMIT,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``folder`` keeps attachments and is never served; ``cage`` makes a Cage, for a module if named."""
        self._records = records
        self._submissions = submissions
        self._library = library
        self._cage = cage
        self._clock = clock
        self._kept = Files(Originals(folder))
        self._desk = Desk(records, submissions, library, self._kept, clock)
        self.files = FilesBeside(self._desk, self._kept, folder / "incoming", cage, most_bytes)

    def practice(self, who: Person, submission_id: str) -> Draft:
        """The form: for its author as it was saved, for staff as it was handed in. Raises NotFound.

        One that becomes the next version of a source begins with the words and files of the one before.
        """
        submission = self._desk.seen(who, submission_id)
        with self._records.reading() as connection:
            draft = drafts.draft_of(connection, submission_id)
            if submission.author_id != who.id:
                submitted = drafts.submitted_of(connection, submission_id)
                return Draft(submitted.practice, submitted.prefilled) if submitted else Draft()
            draft = draft or self._desk.begun(connection, submission)
        if draft.saved_at is None and submission.source_id:  # the files of the version before come with it
            with room("opened"), self._desk.editing(who, submission_id) as (_, draft):
                return draft
        return draft

    def save(self, who: Person, submission_id: str, practice: Practice, revision: int) -> Draft:
        """Save what the author typed over what they had before them at ``revision``.

        Raises Changed where that is no longer what stands there, Invalid where it is far too long, NotFound,
        and Conflict where the form is being reviewed.
        """
        with room("saved"), self._desk.editing(who, submission_id) as (connection, stored):
            if stored.practice == practice:
                return stored
            if stored.revision != revision:
                raise Changed(stored)
            return self._desk.write(connection, submission_id, replace(stored, practice=practice))

    def preview(self, who: Person, submission_id: str) -> Document:
        """The document as it would be published. Raises NotFound; Invalid where there is nothing to show."""
        practice = self.practice(who, submission_id).practice
        try:
            return self._document(practice)
        except FileRejected as rejected:
            raise Invalid({"context": "There is nothing to show yet. Fill in a field first."}) from rejected

    def submit(self, who: Person, submission_id: str) -> Submission:
        """Hand the form and its attachments in. Raises Invalid, by field; NotFound, Conflict, NoRoom.

        Whatever fails, the draft stands as it was, and staff go on seeing what was handed in before.
        """
        self._desk.must_edit(who, submission_id)
        draft = self.practice(who, submission_id)
        if wrong := problems(draft.practice, for_submission=True):
            raise Invalid(wrong)
        with room("submitted"):
            main = self._document(draft.practice)
            with self._desk.editing(who, submission_id) as (connection, stored):
                if stored.revision != draft.revision:  # saved from another window while it was read
                    raise Changed(stored)
                files = self._kept.of(connection, submission_id, Use.ATTACHMENT)
                others = [attached(self._kept.document(connection, one), main, one) for one in files]
            return self._submissions.submit(
                who,
                submission_id,
                [main, *others],
                lambda connection, handed_in: drafts.keep_submitted(
                    connection, handed_in, draft, [one.id for one in files]
                ),
            )

    def forget(self, connection: Connection, submission_id: str) -> Callable[[], None]:
        """Delete a form with its submission; what is returned deletes the bytes beside it, after that."""
        drafts.forget(connection, submission_id)
        return self.files.forget(connection, submission_id)

    # words from elsewhere

    def lay_over(self, who: Person, submission_id: str, name: str, content: bytes) -> Draft:
        """Take the fields from a filled Word form. Raises FileRejected, Invalid, NotFound, Conflict."""
        self._desk.must_edit(who, submission_id)
        with self._cage(WORD_READER) as cage:
            form = cage.read(content, shown_name(name)).properties
        with room("saved"), self._desk.editing(who, submission_id) as (connection, stored):
            practice = laid_over(stored.practice, form["fields"], form["unplaced"])  # type: ignore[arg-type]
            return self._desk.write(connection, submission_id, replace(stored, practice=practice))

    def proposals(self, who: Person, submission_id: str, material_id: str) -> tuple[Material, list[Proposed]]:
        """Words of a document for the fields of the form, the best first.

        ``material_id`` is the id of an uploaded one or, after "library:", of a source that ``who`` may read.
        Raises NotFound.
        """
        material = self._material(who, submission_id, material_id)
        return material, proposed(material, self._library.embedder)

    def use(
        self,
        who: Person,
        submission_id: str,
        material_id: str,
        chosen: Sequence[str] = (),
        *,
        all_first: bool = False,
    ) -> Draft:
        """Put proposed words below what their fields hold: those ``chosen`` by their keys, the first of all.

        Raises Invalid where they would be far too much, else as :meth:`proposals`; Conflict, NoRoom.
        """
        material, all_proposed = self.proposals(who, submission_id, material_id)
        firsts = {one.field: one.key for one in reversed(all_proposed)} if all_first else {}
        wanted = {*chosen, *firsts.values()}
        with room("saved"), self._desk.editing(who, submission_id) as (connection, stored):
            for one in all_proposed:
                if one.key in wanted:
                    stored = quoted(stored, material, one)
            return self._desk.write(connection, submission_id, stored)

    # behind the scenes

    def _document(self, practice: Practice) -> Document:
        with self._cage() as cage:
            return document_of(practice, self._clock().date(), cage)

    def _material(self, who: Person, submission_id: str, material_id: str) -> Material:
        self._desk.must_edit(who, submission_id)
        kind, _, source_id = material_id.partition(":")
        if kind == "library":
            return material_of(*self._library.read(source_id, who.reader))
        return Material.uploaded(*self.files.opened(who, submission_id, material_id))
