"""Files beside a form: its attachments, and documents from which words are proposed. Bytes by their digest.

Names are only ever shown: on disk a file is called after its bytes, for a download after its row.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from community.records import metadata, now
from index.originals import Originals
from index.records import places_from_json, places_to_json, source_from_json, source_to_json
from ingest.cage import Cage
from ingest.errors import FileRejected, NotFound
from ingest.media import MediaType
from ingest.reading import Document, read_document

_TYPES = {
    MediaType.PDF: "application/pdf",
    MediaType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    MediaType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

_ENDINGS = {
    MediaType.PDF.value: "pdf",
    MediaType.DOCX.value: "docx",
    MediaType.PPTX.value: "pptx",
    MediaType.HTML.value: "html",
    MediaType.MARKDOWN.value: "md",
    MediaType.VTT.value: "vtt",
    MediaType.SRT.value: "srt",
}

_files = Table(
    "practice_files",
    metadata,
    Column("number", Integer, primary_key=True),  # in the order in which they came
    Column("id", String, nullable=False, unique=True),
    Column("submission_id", String, nullable=False, index=True),
    Column("use", String, nullable=False),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("added_at", String, nullable=False),
    sqlite_autoincrement=True,
)
# what a list of files shows; their words are read when they are needed
_SHOWN = [_files.c[name] for name in ("id", "submission_id", "use", "name", "digest", "size", "media_type")]


class Use(StrEnum):
    """What a file beside a form is for."""

    ATTACHMENT = "attachment"
    MATERIAL = "material"  # words are proposed from it; it is never submitted


@dataclass(frozen=True, slots=True)
class File:
    """One file beside a form. ``name`` is what its owner called it, ``size`` in bytes."""

    id: str
    submission_id: str
    use: Use
    name: str
    digest: str
    size: int
    media_type: str

    @property
    def download_name(self) -> str:
        """What it is called when it is fetched: nothing that a stranger chose."""
        return f"attachment-{self.id}.{_ENDINGS.get(self.media_type, 'txt')}"

    @property
    def content_type(self) -> str:
        """As what it is sent: nothing that a browser would run."""
        return _TYPES.get(MediaType(self.media_type), "application/octet-stream")


def read_file(content: bytes, name: str, cage: Cage) -> Document:
    """A file read inside ``cage``; FileRejected where the library cannot use it, and for a programme."""
    document = read_document(content, name, name, cage=cage)
    if document.media_type == MediaType.EVENT:
        raise FileRejected(name, "It describes a webinar and is no document. Attach what was said or shown.")
    return document


class Files:
    """The rows of files and the folder of their bytes. Who may do what is decided by whoever calls it."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    def of(self, connection: Connection, submission_id: str, use: Use) -> list[File]:
        """The files of a form in the order in which they came."""
        query = select(*_SHOWN).where(_files.c.submission_id == submission_id, _files.c.use == use)
        return [_file(row) for row in connection.execute(query.order_by(_files.c.number)).mappings()]

    def size(self, connection: Connection, submission_ids: Sequence[str]) -> int:
        """The bytes of all files of these forms."""
        query = select(func.coalesce(func.sum(_files.c.size), 0))
        return int(connection.execute(query.where(_files.c.submission_id.in_(submission_ids))).scalar_one())

    def get(self, connection: Connection, submission_id: str, file_id: str) -> File:
        """One file of this form; NotFound where it is another's."""
        query = select(*_SHOWN).where(_files.c.submission_id == submission_id, _files.c.id == file_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such file.")
        return _file(row)

    def content(self, file: File) -> bytes:
        """The bytes of a file as they came."""
        return self._originals.path(file.digest).read_bytes()

    def document(self, connection: Connection, file: File) -> Document:
        """What the file held when it was read."""
        row = connection.execute(select(_files).where(_files.c.id == file.id)).mappings().one()
        places, source = places_from_json(row["places"]), source_from_json(row["source"])
        return Document(
            source=source,
            text=row["text"],
            places=places,
            digest=file.digest,
            media_type=file.media_type,
            name=file.name,
            event=None,
            content=self.content(file),
        )

    def keep(self, document: Document) -> None:
        """Keep the bytes. Called before the row is written, so that no row lacks them."""
        self._originals.keep(document.content)

    def add(
        self, connection: Connection, submission_id: str, use: Use, document: Document, name: str
    ) -> File:
        """Write the row of a file whose bytes are kept."""
        file = File(
            id=secrets.token_hex(6),
            submission_id=submission_id,
            use=use,
            name=name,
            digest=document.digest,
            size=len(document.content),
            media_type=document.media_type,
        )
        connection.execute(
            insert(_files).values(
                id=file.id,
                submission_id=submission_id,
                use=use,
                name=name,
                digest=file.digest,
                size=file.size,
                media_type=str(file.media_type),
                source=source_to_json(document.source),
                text=document.text,
                places=places_to_json(document.places),
                added_at=now().isoformat(),
            )
        )
        return file

    def copy(self, connection: Connection, file_ids: Sequence[str], submission_id: str) -> None:
        """Put files of one form beside another, too."""
        query = select(_files).where(_files.c.id.in_(file_ids)).order_by(_files.c.number)
        for row in connection.execute(query).mappings().all():
            new = {"id": secrets.token_hex(6), "submission_id": submission_id, "number": None}
            connection.execute(insert(_files).values({**row, **new}))

    def remove(self, connection: Connection, file: File) -> None:
        """Delete the row of a file; :meth:`erase` its bytes once that is done for good."""
        connection.execute(delete(_files).where(_files.c.id == file.id))

    def remove_all(self, connection: Connection, submission_id: str) -> set[str]:
        """Delete the rows of all files of a form; their digests, to be given to :meth:`erase`."""
        own = _files.c.submission_id == submission_id
        digests = set(connection.scalars(select(_files.c.digest).where(own)))
        connection.execute(delete(_files).where(own))
        return digests

    def erase(self, connection: Connection, digests: Iterable[str]) -> None:
        """Delete these bytes, but for what a row needs."""
        for digest in digests:
            if not connection.execute(select(_files.c.id).where(_files.c.digest == digest).limit(1)).first():
                self._originals.remove(digest)

    def digests(self) -> list[str]:
        """The digests of all bytes that are kept."""
        return self._originals.digests()


def _file(row: RowMapping) -> File:
    return File(**{**row, "use": Use(row["use"])})


def attached(document: Document, main: Document, file: File) -> Document:
    """An attachment as it is handed in: under the practice, with its countries, themes and licence."""
    own, practice = document.source, main.source
    source = replace(
        practice,
        title=f"{practice.title}: {file.name}",
        kind="other" if own.kind == "good_practice" else own.kind,
        language=own.language,
        date=own.date or practice.date,
    )
    return replace(document, source=source, audience=main.audience)
