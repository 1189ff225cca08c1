"""The façade for files beside a form: attachments, and documents from which words are taken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import Connection

from community.people import Person
from community.practices import drafts
from community.practices.desk import Desk
from community.practices.files import File, Files, Use, read_file
from community.practices.refused import NoRoom, room
from community.uploads.names import shown_name
from community.uploads.receiving import BadRequest, Receiving
from ingest.cage import Cage
from ingest.errors import FileRejected, NotFound, UjuziError
from ingest.reading import Document

MOST_FILES = 10  # of each use
_TOGETHER = 20  # files of the largest size may lie beside all forms of one person that are not decided
Take = Callable[[Person, str, str, bytes], object]


class FilesBeside:
    """Files of their author, read in a cage before they are kept. Staff see what of them was handed in."""

    def __init__(
        self, desk: Desk, files: Files, incoming: Path, cage: Callable[[], Cage], most_bytes: int
    ) -> None:
        """``incoming`` is the folder of what is on its way; ``most_bytes`` the size of one file."""
        self._desk = desk
        self._files = files
        self._incoming = incoming
        self._cage = cage
        self.most_bytes = most_bytes
        self._filing = threading.Lock()  # so that no bytes go between being kept and being listed

    def receiving(self, who: Person, submission_id: str, content_type: str) -> Receiving:
        """Where a request with files is written while it comes. Raises NotFound, Conflict, BadRequest."""
        self._desk.must_edit(who, submission_id)
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
                self._must_fit(arrived.size, name)
                content = (self._incoming / arrived.id).read_bytes() if arrived.is_kept else b""
                take(who, submission_id, name, content)
            except (FileRejected, NoRoom) as error:
                refused.append(error)
        return tuple(refused)

    def attachments(self, who: Person, submission_id: str) -> list[File]:
        """What is attached: for staff, what was handed in. Raises NotFound."""
        submission = self._desk.seen(who, submission_id)
        with self._desk.records.reading() as connection:
            files = self._files.of(connection, submission_id, Use.ATTACHMENT)
            if submission.author_id == who.id:
                return files
            submitted = drafts.submitted_of(connection, submission_id)
            return [one for one in files if submitted and one.id in submitted.files]

    def attach(self, who: Person, submission_id: str, name: str, content: bytes) -> File:
        """Attach a file. FileRejected where the library could not read it; NotFound, Conflict, NoRoom."""
        return self._take(who, submission_id, name, content, Use.ATTACHMENT)

    def detach(self, who: Person, submission_id: str, file_id: str) -> None:
        """Take a file away, of either use. Raises NotFound, Conflict, NoRoom."""
        with room("taken away"):
            with self._desk.editing(who, submission_id) as (connection, _):
                file = self._files.get(connection, submission_id, file_id)
                self._files.remove(connection, file)
            self._erase([file.digest])

    def forget(self, connection: Connection, submission_id: str) -> Callable[[], None]:
        """Delete the files of a form that is deleted; what is returned deletes their bytes, after that."""
        digests = self._files.remove_all(connection, submission_id)
        return lambda: self._erase(digests)

    def tidy(self) -> None:
        """Delete the bytes that a power cut left without a row. To be called once, at the start."""
        self._erase(self._files.digests())

    def download(self, who: Person, submission_id: str, file_id: str) -> tuple[File, bytes]:
        """An attachment as it came, for its author and, once it is handed in, for staff. Raises NotFound."""
        file = next((one for one in self.attachments(who, submission_id) if one.id == file_id), None)
        if file is None:
            raise NotFound("There is no such file.")
        return file, self._files.content(file)

    def materials(self, who: Person, submission_id: str) -> list[File]:
        """The documents that the author uploaded to take words from. Raises NotFound, Conflict."""
        self._desk.must_edit(who, submission_id)
        with self._desk.records.reading() as connection:
            return self._files.of(connection, submission_id, Use.MATERIAL)

    def add_material(self, who: Person, submission_id: str, name: str, content: bytes) -> File:
        """Upload a document to take words from; it is never submitted. Raises as :meth:`attach`."""
        return self._take(who, submission_id, name, content, Use.MATERIAL)

    def opened(self, who: Person, submission_id: str, file_id: str) -> tuple[File, Document]:
        """A file with its words, for its author while they write. Raises NotFound, Conflict."""
        self._desk.must_edit(who, submission_id)
        with self._desk.records.reading() as connection:
            file = self._files.get(connection, submission_id, file_id)
            return file, self._files.document(connection, file)

    def _take(self, who: Person, submission_id: str, name: str, content: bytes, use: Use) -> File:
        """Read a file in the cage and keep it."""
        shown = shown_name(name)
        self._desk.must_edit(who, submission_id)
        self._must_fit(len(content), shown)
        with self._desk.records.reading() as connection:  # before the time that reading takes
            _must_be_few(self._files.of(connection, submission_id, use), shown)
            self._must_have_room(connection, who, len(content), shown)
        with self._cage() as cage:
            document = read_file(content, shown, cage)
        with room("kept"), self._filing:
            self._files.keep(document)
            with self._desk.editing(who, submission_id) as (connection, _):
                _must_be_few(self._files.of(connection, submission_id, use), shown)
                self._must_have_room(connection, who, len(content), shown)
                return self._files.add(connection, submission_id, use, document, shown)

    def _erase(self, digests: Iterable[str]) -> None:
        with self._filing, self._desk.records.reading() as connection:
            self._files.erase(connection, digests)

    def _must_fit(self, size: int, name: str) -> None:
        if size > self.most_bytes:
            raise FileRejected(
                name, f"It is larger than {self.most_bytes / 1e6:,.0f} MB. Split or shrink it."
            )

    def _must_have_room(self, connection: Connection, who: Person, size: int, name: str) -> None:
        most = _TOGETHER * self.most_bytes
        if self._files.size(connection, self._desk.undecided(connection, who)) + size > most:
            raise FileRejected(
                name,
                f"The files beside your forms would be larger than {most / 1e6:,.0f} MB together. Take some "
                "away, or wait until what you submitted is decided.",
            )


def _must_be_few(files: list[File], name: str) -> None:
    if len(files) >= MOST_FILES:
        raise FileRejected(name, f"There are {MOST_FILES} files already. Take one away first.")
