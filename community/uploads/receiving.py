"""A request with files becomes files on disk, piece by piece, so that its size never matters to memory.

Nothing of a request that breaks off stays. A file that is larger than it may be is read to its end, for only
then does a browser show the answer, but not kept.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ingest.errors import UjuziError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 100  # in one request
_MOST_FIELDS = 20
_MOST_FIELD = 2_000  # bytes
_NOT_A_FORM = "What arrived is not a form with files. Go back, choose the files again and send them."
_CUT_OFF = "The line broke before all had arrived, so nothing of it was kept. Send it again."


class BadRequest(UjuziError):
    """A request that is no whole form with files."""


class TooMuch(UjuziError):
    """More than one request may bring."""


@dataclass(slots=True)
class Arrived:
    """One file of a request. ``id`` is also its name on disk; one that is too large or empty is not kept."""

    id: str
    given_name: str
    size: int = 0
    digest: str = ""
    is_kept: bool = True


@dataclass(slots=True)
class _Part:
    """What is being read: a file, which is written, or a field, which is kept in memory."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    arrived: Arrived | None = None
    file: IO[bytes] | None = None
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    value: bytearray = field(default_factory=bytearray)


class NoRoom(UjuziError):
    """The disk takes no more; nothing of the request is kept."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of this library is full, so nothing of what you sent was kept. Tell whoever runs it, "
            "and send it again when there is room."
        )


class Receiving:
    """One request, as it comes. Unless it is whole and somebody accepts it, nothing of it stays.

        with Receiving(content_type, folder, limit=..., room=...) as receiving:
            for chunk in request:
                receiving.feed(chunk)
            receiving.finish()
            ...
            receiving.accept()

    ``limit`` is the most bytes of a file, ``room`` of all of them together.
    """

    def __init__(self, content_type: str, folder: Path, *, limit: int, room: int) -> None:
        """Raises BadRequest where the request is no form with files."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise BadRequest(_NOT_A_FORM)
        self.files: list[Arrived] = []
        self.fields: dict[str, str] = {}
        self._folder, self._limit, self._room = folder, limit, room
        self._part, self._others = _Part(), 0
        self._header = (bytearray(), bytearray())
        self._is_whole = self._is_accepted = False
        try:
            self._parser = MultipartParser(options[b"boundary"], self._callbacks())
        except FormParserError as error:
            raise BadRequest(_NOT_A_FORM) from error

    def __enter__(self) -> Receiving:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_accepted:
            self._discard()

    def feed(self, chunk: bytes) -> None:
        """The next bytes. Raises BadRequest, TooMuch, NoRoom."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise BadRequest(_NOT_A_FORM) from error
        except OSError as error:
            raise NoRoom from error

    def finish(self) -> None:
        """All has come, and stays whatever happens to the machine. Else BadRequest, NoRoom."""
        if not self._is_whole:
            raise BadRequest(_CUT_OFF)
        try:
            _sync(self._folder)
        except OSError as error:
            raise NoRoom from error

    def accept(self) -> None:
        """Let the files stay: their rows are written."""
        self._is_accepted = True

    def _discard(self) -> None:
        with suppress(OSError):  # what was not written yet finds no room now either
            if self._part.file is not None:
                self._part.file.close()
        for arrived in self.files:
            (self._folder / arrived.id).unlink(missing_ok=True)

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._write(data[start:end]),
            "on_part_end": self._close,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._part = _Part()

    def _end_header(self) -> None:
        name, value = self._header
        self._part.headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition"))
        if b"name" not in options:
            raise BadRequest(_NOT_A_FORM)
        self._part.name = options[b"name"].decode(errors="replace")
        if options.get(b"filename"):
            self._create(options[b"filename"].decode(errors="replace"))
            return
        self._others += 1  # a field, or the nameless empty file of a form that is sent without one
        if self._others > _MOST_FIELDS:
            raise TooMuch("The form has more fields than it should.")

    def _create(self, given_name: str) -> None:
        if len(self.files) >= MOST_FILES:
            raise TooMuch(f"At most {MOST_FILES} files can be sent at once. Send the others afterwards.")
        arrived = Arrived(secrets.token_hex(6), given_name)
        self.files.append(arrived)
        self._part.arrived = arrived
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._part.file = os.fdopen(os.open(self._folder / arrived.id, flags, 0o600), "wb")

    def _write(self, data: bytes) -> None:
        part, arrived = self._part, self._part.arrived
        if arrived is None:
            part.value += data
            if len(part.value) > _MOST_FIELD:
                raise TooMuch(f"The field {part.name} is too long.")
            return
        arrived.size += len(data)
        if arrived.size > self._limit:
            self._drop(part, arrived)
        elif part.file is not None:
            self._room -= len(data)
            if self._room < 0:
                raise TooMuch(
                    "That is more than can wait at once. Confirm or cancel some of your files, then send it."
                )
            part.file.write(data)
            part.digest.update(data)

    def _drop(self, part: _Part, arrived: Arrived) -> None:
        if part.file is not None:
            self._room += part.file.tell()
            part.file.close()
            part.file, arrived.is_kept = None, False
            (self._folder / arrived.id).unlink()

    def _close(self) -> None:
        part = self._part
        if part.arrived is None:
            self.fields.setdefault(part.name, part.value.decode(errors="replace"))
        elif part.file is not None:
            self._keep(part.file, part.arrived, part.digest.hexdigest())
            part.file = None

    def _keep(self, file: IO[bytes], arrived: Arrived, digest: str) -> None:
        file.flush()
        os.fsync(file.fileno())
        file.close()
        arrived.digest, arrived.is_kept = digest, arrived.size > 0
        if not arrived.is_kept:
            (self._folder / arrived.id).unlink()

    def _end(self) -> None:
        self._is_whole = True


def _sync(folder: Path) -> None:
    """Let the names of the files in ``folder`` outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
