"""The door of this package: files found, each read with what is said about it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from ingest.builder import Reading
from ingest.domain import Event, PlaceMap, Source
from ingest.errors import FileRejected
from ingest.fields import Fields
from ingest.media import MediaType, media_type
from ingest.metadata import audience_of, describe
from ingest.programme import programme_of
from ingest.readers.event import read_event
from ingest.readers.front_matter import parse_yaml
from ingest.text import clean_line, decode

_SIDECARS = (".yaml", ".yml")
_OPENING = 200  # code points: a letterhead, the number of a form
_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2})*[.)](?!\d)")


class ReadsFiles(Protocol):
    """Turns bytes into a Reading: a :class:`ingest.cage.Cage`."""

    def read(self, source: bytes, name: str) -> Reading:
        """What the file called ``name`` holds; FileRejected where it cannot be used."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read and described. ``digest`` is the SHA-256 of ``content`` in hexadecimal.

    ``name`` is without what no reader could see, and without bytes that are no text. ``audience`` is who may
    read it, where the file or what describes it says so. ``is_complete``: its description came beside it and
    is all that counts, so that it is a document of its own even where another has the same bytes.
    """

    source: Source
    text: str
    places: PlaceMap
    digest: str
    media_type: str
    name: str
    event: Event | None
    content: bytes
    audience: str = ""
    is_complete: bool = False


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
    """The file called ``name``, read inside ``cage`` and described. FileRejected where it cannot be used.

    A ``sidecar`` that says ``complete: true`` is the whole description: nothing is taken from the file.
    """
    reading = cage.read(content, name)
    kind = media_type(content, name)  # not before: the content has proved harmless in the cage
    is_complete = bool(sidecar) and Fields(sidecar or {}, name).flag("complete")
    own = {} if is_complete else reading.properties
    source = describe(
        own,
        sidecar,
        overrides,
        name=name,
        identity=identity,
        text=reading.text,
        heading=_opening_heading(reading),
    )
    event = read_event(content, name) if kind is MediaType.EVENT else programme_of(reading, source)
    if event is not None and source.event is None:
        source = replace(source, event=event.id)
    return Document(
        source=source,
        text=reading.text,
        places=reading.places,
        digest=sha256(content).hexdigest(),
        media_type=kind,
        name=clean_line(name),
        event=event,
        content=content,
        audience=audience_of(own, sidecar, overrides, name=name),
        is_complete=is_complete,
    )


def _opening_heading(reading: Reading) -> str:
    """The heading that the text opens with: one that comes later, or has a number, names a chapter."""
    first = next(iter(reading.places.headings), None)
    if first is None or first.offset > _OPENING or _NUMBERED.match(first.label):
        return ""
    return first.label


def read_sidecar(path: Path) -> Mapping[str, object] | None:
    """What ``file.ext.yaml`` or ``file.yaml`` beside the file at ``path`` says of it; None without one.

    FileRejected where that cannot be used, or where there is no file at ``path``.
    """
    if not _mode(path):
        raise FileRejected(path.name, "There is no such file. Check its path.")
    for candidate in filter(_is_file, _sidecars_of(path)):
        try:
            values = _load(candidate)
        except FileRejected as error:
            raise _badly_described(path, candidate, error.reason) from error
        if not _is_event(values):
            if not isinstance(values, dict):
                raise _badly_described(path, candidate, "It holds no 'key: value' lines.")
            return {str(key): value for key, value in values.items()}
    return None


def find_files(paths: Iterable[Path]) -> list[Found]:
    """The files at ``paths``; folders are walked in the order of their names, and into folders by links.

    Left out: what is hidden, Python's own files, sidecars, which belong to the file beside them, what a
    folder's own ``.ujuziignore`` names (a file name or pattern a line), and pipes and devices. Everything
    else is kept, what is missing or cannot be opened too, so that whoever opens it refuses it by name.
    """
    found = {file: None for path in paths for file in _files(path)}
    sidecars = {candidate for file in found for candidate in _sidecars_of(file) if candidate in found}
    return [Found(file, file.as_posix()) for file in found if file not in sidecars or _is_event_file(file)]


def _files(path: Path) -> Iterator[Path]:
    if stat.S_ISDIR(_mode(path)):
        left_out = _left_out(path)
        yield from (file for file in sorted(_inside(path)) if _is_kept(file.relative_to(path), left_out))
    elif _is_special(path):
        raise FileRejected(path, "It is no file but a pipe or a device. Save what comes out of it as a file.")
    else:
        yield path


def _inside(folder: Path) -> Iterator[Path]:
    """Everything below ``folder`` but pipes and devices. A folder that links lead to again is seen once."""
    refused: list[OSError] = []
    seen = {os.path.realpath(folder)}
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=refused.append):
        below = {os.path.realpath(Path(parent, name)): name for name in sorted(folders, reverse=True)}
        folders[:] = [name for real, name in below.items() if real not in seen]
        seen.update(below)
        yield from (path for name in files if not _is_special(path := Path(parent, name)))
    yield from (Path(os.fsdecode(error.filename)) for error in refused)


def _is_special(path: Path) -> bool:
    """Whether it is there, but neither a file nor a folder: reading it may never end."""
    mode = _mode(path)
    return bool(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(_mode(path))


def _mode(path: Path) -> int:
    """What kind of thing ``path`` is, for :mod:`stat`; 0 where it leads nowhere: opening it says why."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _left_out(folder: Path) -> list[str]:
    """The patterns of the names that a folder keeps to itself."""
    listed = folder / ".ujuziignore"
    return [line.strip() for line in _text(listed).splitlines()] if _is_file(listed) else []


def _is_kept(path: Path, left_out: Sequence[str]) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    ignored = any(fnmatch(part, pattern) for part in path.parts for pattern in left_out)
    return not hidden and not ignored and path.suffix != ".py"


def _sidecars_of(path: Path) -> list[Path]:
    """Where the description of ``path`` could stand, the most specific name first."""
    longer = [path.with_name(path.name + suffix) for suffix in _SIDECARS]
    if path.suffix.lower() in _SIDECARS:
        return longer  # of an event: under the shorter name it would describe itself
    return longer + [path.with_suffix(suffix) for suffix in _SIDECARS]


def _badly_described(path: Path, sidecar: Path, reason: str) -> FileRejected:
    return FileRejected(path.name, f"The file {sidecar.name} beside it, which describes it: {reason}")


def _load(path: Path) -> object:
    return parse_yaml(_text(path), path.name)


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        raise FileRejected(path.name, f"It cannot be opened: {error.strerror}.") from error


def _is_event_file(path: Path) -> bool:
    """Whether a YAML file is an event. One that cannot be read is a sidecar: its document will say why."""
    try:
        return _is_event(_load(path))
    except FileRejected:
        return False


def _is_event(values: object) -> bool:
    return isinstance(values, dict) and "start" in values and "end" in values
