"""The door of this package: files found, each read with what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from ingest.builder import Reading
from ingest.domain import Event, PlaceMap, Source
from ingest.errors import FileRejected
from ingest.media import MediaType, media_type
from ingest.metadata import describe
from ingest.readers.event import read_event
from ingest.readers.front_matter import parse_yaml
from ingest.text import decode

_SIDECARS = (".yaml", ".yml")


class ReadsFiles(Protocol):
    """Turns bytes into a Reading: a :class:`ingest.cage.Cage`."""

    def read(self, source: bytes, name: str) -> Reading:
        """What the file called ``name`` holds; FileRejected where it cannot be used."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read and described. ``digest`` is the SHA-256 of ``content`` in hexadecimal."""

    source: Source
    text: str
    places: PlaceMap
    digest: str
    media_type: str
    name: str
    event: Event | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A file to add. ``identity`` is its path as it was given, with forward slashes."""

    path: Path
    identity: str


def read_document(
    content: bytes,
    name: str,
    identity: str,
    *,
    cage: ReadsFiles,
    sidecar: Mapping[str, object] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Document:
    """The file called ``name``, read inside ``cage`` and described. FileRejected where it cannot be used."""
    reading = cage.read(content, name)
    kind = media_type(content, name)  # not before: the content has proved harmless in the cage
    headings = reading.places.headings
    source = describe(
        reading.properties,
        sidecar,
        overrides,
        name=name,
        identity=identity,
        text=reading.text,
        heading=headings[0].label if headings else "",
    )
    return Document(
        source=source,
        text=reading.text,
        places=reading.places,
        digest=sha256(content).hexdigest(),
        media_type=kind,
        name=name,
        event=read_event(content, name) if kind is MediaType.EVENT else None,
        content=content,
    )


def read_sidecar(path: Path) -> Mapping[str, object] | None:
    """What ``file.ext.yaml`` or ``file.yaml`` beside the file at ``path`` says of it; None without one."""
    for candidate in _sidecars_of(path):
        if candidate.is_file() and not _is_event(values := _load(candidate)):
            if not isinstance(values, dict):
                raise FileRejected(candidate.name, "It holds no 'key: value' lines that describe a document.")
            return {str(key): value for key, value in values.items()}
    return None


def find_files(paths: Iterable[Path]) -> list[Found]:
    """The files at ``paths``; folders are walked in the order of their names.

    Left out: what is hidden, Python's own files, sidecars, which belong to the file beside them, and what a
    folder's own ``.ujuziignore`` names (a file name or pattern a line). Everything else is
    kept, so that what has no reader is refused by name.
    """
    found = {file: None for path in paths for file in _files(path)}
    sidecars = {candidate for file in found for candidate in _sidecars_of(file) if candidate in found}
    return [Found(file, file.as_posix()) for file in found if file not in sidecars or _is_event_file(file)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        left_out = _left_out(path)
        inside = sorted(path.rglob("*"))
        yield from (file for file in inside if _is_kept(file.relative_to(path), left_out) and file.is_file())
    else:
        raise FileRejected(path, "There is no such file or folder. Check the path.")


def _left_out(folder: Path) -> list[str]:
    """The patterns of the names that a folder keeps to itself."""
    listed = folder / ".ujuziignore"
    return listed.read_text(encoding="utf-8").split("\n") if listed.is_file() else []


def _is_kept(path: Path, left_out: Sequence[str]) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    ignored = any(fnmatch(part, pattern) for part in path.parts for pattern in left_out)
    return not hidden and not ignored and path.suffix != ".py"


def _sidecars_of(path: Path) -> list[Path]:
    """Where the description of ``path`` could stand, the most specific name first."""
    if path.suffix.lower() in _SIDECARS:
        return []
    longer = [path.with_name(path.name + suffix) for suffix in _SIDECARS]
    return longer + [path.with_suffix(suffix) for suffix in _SIDECARS]


def _load(path: Path) -> object:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileRejected(path.name, f"It cannot be opened: {error.strerror}.") from error
    return parse_yaml(decode(content, path.name), path.name)


def _is_event_file(path: Path) -> bool:
    """Whether a YAML file is an event. One that cannot be read is a sidecar: its document will say why."""
    try:
        return _is_event(_load(path))
    except FileRejected:
        return False


def _is_event(values: object) -> bool:
    return isinstance(values, dict) and "start" in values and "end" in values
