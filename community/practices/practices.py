"""The façade for good practices while they are written: saved, attached to, looked at, handed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from community.errors import Invalid
from community.people import Person
from community.practices import drafts
from community.practices.drafts import Draft, Prefilled
from community.practices.fields import MOST, Practice, length, practice_of, problems
from community.practices.files import File, Files, Use, attached, read_file
from community.practices.material import Material, Proposed, material_of, proposed, quoted, still_stand
from community.practices.refused import Changed, NoRoom, room
from community.practices.word_placing import laid_over
from community.practices.writing import document_of
from community.records import Records, now
from community.submissions import Submission, Submissions
from community.uploads.names import shown_name
from community.uploads.receiving import BadRequest, Receiving
from index.library import Library
from index.originals import Originals
from ingest.cage import Cage
from ingest.errors import FileRejected, NotFound, UjuziError
from ingest.media import LIMIT
from ingest.reading import Document

MOST_FILES = 10
_MOST_MATERIALS = 10
WORD_READER = "community.practices.word_reading"  # the module that a cage for Word forms runs
CageOf = Callable[..., Cage]
Take = Callable[[Person, str, str, bytes], object]


class Practices:
    """Forms of good practices. Each belongs to a submission, which says who may do what with it."""

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
        self.most_bytes = most_bytes
        self._clock = clock
        self._files = Files(Originals(folder))
        self._incoming = folder / "incoming"
        self._filing = threading.Lock()  # so that no bytes go between being kept and being listed

    # the form

    def practice(self, who: Person, submission_id: str) -> Draft:
        """The form: for its author as it was saved, for staff as it was handed in. Raises NotFound.

        One that becomes the next version of a source begins with the words and files of the one before.
        """
        submission = self._form(who, submission_id)
        with self._records.reading() as connection:
            draft = drafts.draft_of(connection, submission_id)
            if submission.author_id != who.id:
                submitted = drafts.submitted_of(connection, submission_id)
                return Draft(submitted.practice, submitted.prefilled) if submitted else Draft()
            draft = draft or self._begun(connection, submission)
        if draft.saved_at is None and submission.source_id:  # the files of the version before come with it
            with self._editing(who, submission_id) as (_, draft):
                return draft
        return draft

    def save(self, who: Person, submission_id: str, practice: Practice, revision: int) -> Draft:
        """Save what the author typed over what they had before them at ``revision``.

        Raises Changed where that is no longer what stands there, Invalid where it is far too long, NotFound,
        and Conflict where the form is being reviewed.
        """
        if length(practice) > MOST:
            raise Invalid(
                {"title": f"The form holds more than {MOST:,} characters. Attach long texts as files."}
            )
        with room("saved"), self._editing(who, submission_id) as (connection, stored):
            if stored.practice == practice:
                return stored
            if stored.revision != revision:
                raise Changed(stored)
            return self._write(connection, submission_id, replace(stored, practice=practice))

    def lay_over(self, who: Person, submission_id: str, name: str, content: bytes) -> Draft:
        """Take the fields from a filled Word form. Raises FileRejected, NotFound, Conflict."""
        self._must_edit(who, submission_id)
        with self._cage(WORD_READER) as cage:
            form = cage.read(content, shown_name(name)).properties
        with room("saved"), self._editing(who, submission_id) as (connection, stored):
            practice = laid_over(stored.practice, form["fields"], form["unplaced"])  # type: ignore[arg-type]
            return self._write(connection, submission_id, replace(stored, practice=practice))

    def prefilled(self, who: Person, submission_id: str) -> tuple[Prefilled, ...]:
        """Which words of the form were taken from documents; for reviewers, as it was handed in."""
        return self.practice(who, submission_id).prefilled

    def preview(self, who: Person, submission_id: str) -> Document:
        """The document as it would be published. Raises NotFound; Invalid where there is nothing to show."""
        practice = self.practice(who, submission_id).practice
        try:
            return self._document(practice)
        except FileRejected as rejected:
            raise Invalid({"context": "There is nothing to show yet. Fill in a field first."}) from rejected

    def submit(self, who: Person, submission_id: str) -> Submission:
        """Hand the form and its attachments in. Raises Invalid, by field; NotFound, Conflict, NoRoom.

        Whatever fails, the draft stands as it was.
        """
        self._must_edit(who, submission_id)
        draft = self.practice(who, submission_id)
        if wrong := problems(draft.practice, for_submission=True):
            raise Invalid(wrong)
        with room("submitted"):
            main = self._document(draft.practice)
            with self._editing(who, submission_id) as (connection, _):
                files = self._files.of(connection, submission_id, Use.ATTACHMENT)
                others = [attached(self._files.document(connection, one), main, one) for one in files]
                drafts.keep_submitted(connection, submission_id, draft, [one.id for one in files])
            handed_in = self._submissions.submit(who, submission_id, [main, *others])
            with self._records.writing() as connection:
                drafts.keep_source(connection, submission_id, handed_in.source_id)
        return handed_in

    # files beside it

    def receiving(self, who: Person, submission_id: str, content_type: str) -> Receiving:
        """Where a request with files is written while it comes. Raises NotFound, Conflict, BadRequest."""
        self._must_edit(who, submission_id)
        with room("kept"):
            self._incoming.mkdir(parents=True, exist_ok=True)
        most = (MOST_FILES + 1) * self.most_bytes
        return Receiving(content_type, self._incoming, limit=self.most_bytes, room=most)

    def received(
        self, who: Person, submission_id: str, receiving: Receiving, take: Take
    ) -> tuple[UjuziError, ...]:
        """Hand each file that came to ``take``; why some were refused, if they were. The others are kept."""
        receiving.finish()
        if not receiving.files:
            return (BadRequest("No file came. Choose one, and send it again."),)
        refused: list[UjuziError] = []
        for arrived in receiving.files:
            name = shown_name(arrived.given_name)
            try:
                if not arrived.is_kept:
                    raise self._too_large(name)
                take(who, submission_id, name, (self._incoming / arrived.id).read_bytes())
            except (FileRejected, NoRoom) as error:
                refused.append(error)
        return tuple(refused)

    def attachments(self, who: Person, submission_id: str) -> list[File]:
        """What is attached: for staff, what was handed in. Raises NotFound."""
        submission = self._form(who, submission_id)
        with self._records.reading() as connection:
            files = self._files.of(connection, submission_id, Use.ATTACHMENT)
            if submission.author_id == who.id:
                return files
            submitted = drafts.submitted_of(connection, submission_id)
            return [one for one in files if submitted and one.id in submitted.files]

    def attach(self, who: Person, submission_id: str, name: str, content: bytes) -> File:
        """Attach a file. FileRejected where the library could not read it; NotFound, Conflict, NoRoom."""
        return self._take(who, submission_id, name, content, Use.ATTACHMENT, MOST_FILES)

    def detach(self, who: Person, submission_id: str, file_id: str) -> None:
        """Take a file away. Raises NotFound, Conflict."""
        with self._filing:
            with self._editing(who, submission_id) as (connection, _):
                erase = self._files.remove(connection, self._files.get(connection, submission_id, file_id))
            erase()

    def download(self, who: Person, submission_id: str, file_id: str) -> tuple[File, bytes]:
        """An attachment as it came, for its author and, once it is handed in, for staff. Raises NotFound."""
        file = next((one for one in self.attachments(who, submission_id) if one.id == file_id), None)
        if file is None:
            raise NotFound("There is no such file.")
        return file, self._files.content(file)

    # words from other documents

    def materials(self, who: Person, submission_id: str) -> list[File]:
        """The documents that the author uploaded to take words from. Raises NotFound."""
        self._must_edit(who, submission_id)
        with self._records.reading() as connection:
            return self._files.of(connection, submission_id, Use.MATERIAL)

    def add_material(self, who: Person, submission_id: str, name: str, content: bytes) -> File:
        """Upload a document to take words from; it is never submitted. Raises as :meth:`attach`."""
        return self._take(who, submission_id, name, content, Use.MATERIAL, _MOST_MATERIALS)

    def proposals(self, who: Person, submission_id: str, material_id: str) -> tuple[Material, list[Proposed]]:
        """Words of a document for the fields of the form, the best first.

        ``material_id`` is the id of an uploaded one or, after "library:", of a source that ``who`` may read.
        Raises NotFound.
        """
        material = self._material(who, submission_id, material_id)
        return material, proposed(material, self._library.embedder)

    def use(self, who: Person, submission_id: str, material_id: str, chosen: Sequence[str]) -> Draft:
        """Put proposed words, named by their keys, below what their fields hold. See :meth:`proposals`."""
        material, all_proposed = self.proposals(who, submission_id, material_id)
        with room("saved"), self._editing(who, submission_id) as (connection, stored):
            for one in all_proposed:
                if one.key in chosen:
                    stored = quoted(stored, material, one)
            return self._write(connection, submission_id, stored)

    # behind the scenes

    def _form(self, who: Person, submission_id: str) -> Submission:
        submission = self._submissions.get(who, submission_id)
        if submission.form != "practice":
            raise NotFound("There is no form at this address.")
        return submission

    def _must_edit(self, who: Person, submission_id: str) -> None:
        self._form(who, submission_id)
        with self._records.reading() as connection:
            self._submissions.must_edit(connection, who, submission_id)

    @contextmanager
    def _editing(self, who: Person, submission_id: str) -> Iterator[tuple[Connection, Draft]]:
        """A transaction in which the author changes the form, with what stands there."""
        self._form(who, submission_id)
        with self._records.writing() as connection:
            submission = self._submissions.must_edit(connection, who, submission_id)
            stored = drafts.draft_of(connection, submission_id)
            yield connection, stored or self._begin(connection, submission)

    def _begin(self, connection: Connection, submission: Submission) -> Draft:
        """Write down what a form begins with, the files of the version before beside it."""
        begun = replace(self._begun(connection, submission), saved_at=self._clock())
        if before := drafts.submitted_as(connection, submission.source_id):
            self._files.copy(connection, before.files, submission.id)
        drafts.write(connection, submission.id, begun)
        return begun

    def _begun(self, connection: Connection, submission: Submission) -> Draft:
        """What a form holds before anything was saved: a new version has all of the one before."""
        before = drafts.submitted_as(connection, submission.source_id)
        if before is not None:
            return Draft(before.practice, before.prefilled)
        return Draft(practice_of({} if submission.is_untitled else {"title": [submission.title]}))

    def _write(self, connection: Connection, submission_id: str, draft: Draft) -> Draft:
        kept = tuple(one for one in draft.prefilled if still_stand(one, draft.practice))
        saved = Draft(draft.practice, kept, draft.revision + 1, self._clock())
        drafts.write(connection, submission_id, saved)
        self._submissions.rename(connection, submission_id, draft.practice.title)
        return saved

    def _document(self, practice: Practice) -> Document:
        with self._cage() as cage:
            return document_of(practice, self._clock().date(), cage)

    def _take(self, who: Person, submission_id: str, name: str, content: bytes, use: Use, most: int) -> File:
        """Read a file in the cage and keep it."""
        self._must_edit(who, submission_id)
        shown = shown_name(name)
        if len(content) > self.most_bytes:
            raise FileRejected(
                shown, f"It is larger than {self.most_bytes / 1e6:,.0f} MB. Split or shrink it."
            )
        with self._cage() as cage:
            document = read_file(content, shown, cage)
        with room("kept"), self._filing:
            self._files.keep(document)
            with self._editing(who, submission_id) as (connection, _):
                if len(self._files.of(connection, submission_id, use)) >= most:
                    raise FileRejected(shown, f"There are {most} files already. Take one away first.")
                return self._files.add(connection, submission_id, use, document, shown)

    def _too_large(self, name: str) -> FileRejected:
        return FileRejected(name, f"It is larger than {self.most_bytes / 1e6:,.0f} MB. Split or shrink it.")

    def _material(self, who: Person, submission_id: str, material_id: str) -> Material:
        self._must_edit(who, submission_id)
        kind, _, source_id = material_id.partition(":")
        if kind == "library":
            return material_of(*self._library.read(source_id, who.reader))
        with self._records.reading() as connection:
            file = self._files.get(connection, submission_id, material_id)
            return Material.uploaded(file, self._files.document(connection, file))
