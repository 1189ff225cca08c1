"""What the tests of uploads share: the real parts around a folder, and files as a browser sends them."""

from __future__ import annotations

import atexit
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document as WordDocument
from fastapi import FastAPI, Request
from sqlalchemy import Connection

from community.jobs import Jobs
from community.pages.refusals import explain_refusals
from community.pages.uploads import upload_pages
from community.people import VISITOR, Person, Role
from community.records import Records
from community.submissions import Submissions
from community.uploads.receiving import Receiving
from community.uploads.uploads import Uploads
from community.uploads.values import Upload
from index.library import Library
from ingest.cage import Cage
from ingest.errors import NotFound
from tests.fakes import HashEmbedder
from web.site import furnish

CHIDI = Person("chidi", "Chidi Okoro", role=Role.CONTRIBUTOR)
AMINA = Person("amina", "Amina Diallo", role=Role.CONTRIBUTOR)
SIFA = Person("sifa", "Sifa Mwangi", role=Role.STAFF)
JUMA = Person("juma", "Juma Otieno", role=Role.STAFF)
MEMBER = Person("moussa", "Moussa Sow", role=Role.MEMBER)
PEOPLE = {person.id: person for person in (CHIDI, AMINA, SIFA, JUMA, MEMBER)}
BOUNDARY = "----a-line-that-parts"
CAGE = Cage()  # of all houses: it begins with the first file that is read
atexit.register(CAGE.close)


def person_by_id(person_id: str) -> Person:
    if person_id not in PEOPLE:
        raise NotFound("There is no such account.")
    return PEOPLE[person_id]


class House:
    """Library, records, submissions, queue and uploads over one folder."""

    def __init__(self, folder: Path, **limits: int) -> None:
        self.folder = folder
        self.library = Library(folder, embedder=HashEmbedder())
        self.records = Records(self.library.store)
        self.published: list[str] = []
        self.submissions = Submissions(
            self.records,
            self.library,
            lambda connection, ids: self.published.extend(ids),
            forget=self._forget,
        )
        self.jobs = Jobs(self.records)
        self.uploads = Uploads(
            self.records,
            self.library,
            self.submissions,
            self.jobs,
            folder / "uploads",
            person_by_id=person_by_id,
            cage=CAGE,
            **limits,  # type: ignore[arg-type]
        )

    def _forget(self, connection: Connection, submission_id: str) -> Callable[[], None]:
        self.uploads.forget_submission(connection, submission_id)
        return lambda: None

    def close(self) -> None:
        self.jobs.stop()
        self.library.close()

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, who: Person, *files: tuple[str, bytes], **fields: str) -> list[Upload]:
        """Send files as one request, in small pieces."""
        with self.uploads.receiving(who, content_type()) as receiving:
            fed(receiving, body(*files, **fields))
            return self.uploads.receive(who, receiving)

    def work(self) -> int:
        """Let the queue do all that is due."""
        return self.jobs.do_due(self.uploads.handlers)

    def read(self, who: Person, name: str, content: bytes, **fields: str) -> Upload:
        """Send one file and let it be read."""
        [sent] = self.send(who, (name, content), **fields)
        self.work()
        return self.uploads.get(who, sent.id)

    def hand_in(self, who: Person, name: str, content: bytes, decision: str = "") -> Upload:
        """Send one file, confirm what was suggested, and let it be handed in."""
        upload = self.read(who, name, content)
        assert upload.suggestion is not None, upload.reason
        self.uploads.confirm(who, upload.id, upload.suggestion.source, decision)
        self.work()
        return self.uploads.get(who, upload.id)

    @property
    def kept(self) -> list[str]:
        """The names of the files in the folder of uploads."""
        return sorted(path.name for path in (self.folder / "uploads").iterdir())

    def app(self, who: Person | None = None) -> FastAPI:
        """The pages, for ``who``, else for whom the header ``X-Person`` names."""

        def person(request: Request) -> Person:
            return who or _person_of(request)

        app = FastAPI()
        app.include_router(upload_pages(self.uploads, person))
        furnish(app)
        explain_refusals(app, person)
        return app


def _person_of(request: Request) -> Person:
    return PEOPLE.get(request.headers.get("x-person", ""), VISITOR)


def content_type() -> str:
    return f"multipart/form-data; boundary={BOUNDARY}"


def body(*files: tuple[str, bytes], **fields: str) -> bytes:
    """A form as a browser writes it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="'.encode()
        escaped = name.encode("utf-8", "surrogatepass")
        for sign, written in ((b'"', b"%22"), (b"\r", b"%0D"), (b"\n", b"%0A")):  # as browsers write them
            escaped = escaped.replace(sign, written)
        parts.append(head + escaped + b'"\r\nContent-Type: application/pdf\r\n\r\n' + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def fed(receiving: Receiving, content: bytes, piece: int = 60_000) -> None:
    for start in range(0, len(content), piece):
        receiving.feed(content[start : start + piece])


def word_file(*paragraphs: str, title: str = "") -> bytes:
    """A Word document."""
    document = WordDocument()
    if title:
        document.add_heading(title, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


_WORDS = (
    "office teacher family lesson rule district village road school letter answer season morning worker "
    "week paper money garden water house plan visit young early slow clear large small often never always "
    "writes asks brings keeps opens learns helps shows finds builds calls under after before beside again"
).split()


def text_of(subject: str, sentences: int = 30) -> str:
    """Sentences about a subject; those about another share no run of words with them."""
    chance = random.Random(subject)
    some = lambda count: " ".join(chance.choices(_WORDS, k=count))  # noqa: E731
    return "\n\n".join(f"The {some(5)} about {subject} {some(14)}." for _ in range(sentences))
