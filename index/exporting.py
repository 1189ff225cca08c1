"""The published library as a folder of files that ``ujuzi add`` makes the same library of again.

Each original stands there byte for byte, in a folder of its kind and under its source's id, and beside it a
file that describes it whole. A manifest names the files that are ours: no others are replaced or removed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

import yaml

from index.entries import PUBLISHED, Entry
from index.files import write_whole
from index.library import Library
from ingest.domain import KINDS, Source
from ingest.errors import FileRejected, UjuziError
from ingest.media import ending
from ingest.metadata import describe, identity_slug
from ingest.readers.front_matter import parse_yaml

MANIFEST = ".ujuzi-export"
WRITTEN, UNCHANGED, REMOVED, LEFT_OUT, FAILED = "written", "unchanged", "removed", "left out", "failed"

_HEAD = "# Written by ujuzi export. With the file beside it, ujuzi add takes it up as it was.\n"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,119}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.")  # names that Windows has no files for
_LISTS = ("countries", "corridors", "sectors", "themes")
_LINES = ("tier", "event", "part_of", "licence", "link")


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one document (or recording, or file that is no longer published), and why."""

    path: str
    status: str
    source_id: str
    audience: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A version with the files that it is written to, or ``reason`` why it cannot be."""

    entry: Entry
    path: str = ""
    description: str = ""
    reason: str = ""
    is_foreign: bool = False

    @property
    def sidecar(self) -> str:
        """Where its description is written."""
        return f"{self.path}.yaml"

    @property
    def paths(self) -> set[str]:
        """Both of its files."""
        return {self.path, self.sidecar} if self.path else set()

    def exported(self, status: str, reason: str = "") -> Exported:
        """What became of it."""
        return Exported(self.path, status, self.entry.source.id, self.entry.audience, reason)


def planned(entries: Iterable[Entry]) -> list[Planned]:
    """Where each of ``entries`` is written: the same for the same library, and no two files alike."""
    taken: set[str] = set()
    plans = []
    for entry in sorted(entries, key=lambda one: one.source.id):
        plan = _plan(entry, taken)
        taken |= plan.paths
        plans.append(plan)
    return plans


def _plan(entry: Entry, taken: set[str]) -> Planned:
    try:
        suffix = ending(entry.media_type, entry.file_name)
    except FileRejected:
        reason = "A component of another framework wrote it, which can write it again."
        return Planned(entry, reason=reason, is_foreign=True)
    text = _HEAD + yaml.safe_dump(
        described(entry), allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
    if reason := _lost(text, entry):
        return Planned(entry, reason=reason)
    folder = entry.source.kind if entry.source.kind in KINDS else "other"
    own, safe = entry.source.id, identity_slug(entry.source.id)
    names = [own, safe] if _PLAIN.fullmatch(own) and not _RESERVED.fullmatch(own) else [safe]
    for path in (f"{folder}/{name}{suffix}" for name in names):
        if taken.isdisjoint({path, f"{path}.yaml"}):
            return Planned(entry, path, text)
    return Planned(entry, reason="Another document has the same name for its file. Give it another id.")


def described(entry: Entry) -> dict[str, object]:
    """All that is said of a version, as it is written beside it; what says nothing is left out."""
    source = entry.source
    said: dict[str, object] = {
        "complete": True,
        "id": source.id,
        "title": source.title,
        "kind": source.kind,
        "language": source.language,
        "date": source.date,
        "audience": entry.audience,
        "people": [{"name": one.name, **({"role": one.role} if one.role else {})} for one in source.people],
        "illustrative": source.illustrative,
    }
    said |= {name: list(getattr(source, name)) for name in _LISTS}
    said |= {name: getattr(source, name) for name in _LINES}
    return {name: value for name, value in said.items() if value}


def _lost(text: str, entry: Entry) -> str:
    """What would not come back of a description; empty where all of it does."""
    try:
        back = _read_back(text, entry)
    except FileRejected as error:
        return f"Its description cannot be written: {error.reason}"
    names = (field.name for field in fields(Source))
    lost = [name for name in names if getattr(back, name) != getattr(entry.source, name)]
    return f"Its {', '.join(lost)} cannot be written so that it comes back the same." if lost else ""


def _read_back(text: str, entry: Entry) -> Source:
    values = parse_yaml(text, entry.file_name)
    assert isinstance(values, Mapping)
    name = entry.file_name
    return describe(
        {}, {str(key): value for key, value in values.items()}, None, name=name, identity=name, text=""
    )


def export(library: Library, folder: Path) -> Iterator[Exported]:
    """Bring ``folder`` to what ``library`` has published, and say what became of each document.

    Raises UjuziError where the folder holds anything but an earlier export; what is hidden, such as a
    repository of git, does not count.
    """
    ours = _taken_over(library, folder)
    plans = planned(library.store.entries(states={PUBLISHED}))
    wanted = set().union(*(plan.paths for plan in plans))
    free = {name for name in wanted if not os.path.lexists(folder / name)}
    _note(folder, ours | free)  # first: what is broken off is ours all the same
    there: set[str] = set()
    for plan in plans:
        exported = _export(library, folder, plan, ours)
        if exported.status in (WRITTEN, UNCHANGED):
            there |= plan.paths
        yield exported
    keep = there | (wanted & ours)
    yield from _without(folder, sorted(ours - keep))
    _note(folder, keep)
    yield from _recordings(library)


def _taken_over(library: Library, folder: Path) -> set[str]:
    """The files of the export that ``folder`` holds; it is made where it is not there."""
    inside = folder.resolve()
    if library.folder.resolve() in (inside, *inside.parents):
        raise UjuziError(f"{folder} belongs to the library itself. Export into another folder.")
    if folder.exists() and not folder.is_dir():
        raise UjuziError(f"{folder} is a file. Name a folder to export into.")
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    if manifest.is_file():
        return _noted(manifest)
    if any(not path.name.startswith(".") for path in folder.iterdir()):
        raise UjuziError(
            f"{folder} holds other files. Export into an empty folder, or into an earlier export."
        )
    return set()


def _noted(manifest: Path) -> set[str]:
    try:
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        return {name for name in files if _is_inside(name)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UjuziError(f"{manifest} cannot be read as the list of an export. Restore it.") from error


def _is_inside(name: str) -> bool:
    """Whether a manifest may name such a file: in the folder of a kind, and nothing that leads elsewhere."""
    parts = PurePosixPath(name).parts
    return len(parts) == 2 and parts[0] in KINDS and parts[1] != ".." and "\\" not in name


def _note(folder: Path, names: set[str]) -> None:
    content = json.dumps({"files": sorted(names)}, indent=1, ensure_ascii=False).encode() + b"\n"
    _write(folder / MANIFEST, content)


def _export(library: Library, folder: Path, plan: Planned, ours: set[str]) -> Exported:
    if plan.reason:
        return plan.exported(LEFT_OUT if plan.is_foreign else FAILED, plan.reason)
    digest = plan.entry.digest
    if not library.originals.is_intact(digest):
        return plan.exported(FAILED, "Its original file is missing or changed. Ask: ujuzi check")
    contents = {
        plan.path: library.originals.path(digest).read_bytes(),
        plan.sidecar: plan.description.encode(),
    }
    for name in contents:
        if reason := _in_the_way(folder, name, ours):
            return plan.exported(FAILED, reason)
    written = [_write(folder / name, content) for name, content in contents.items()]
    return plan.exported(WRITTEN if any(written) else UNCHANGED)


def _in_the_way(folder: Path, name: str, ours: set[str]) -> str:
    """Why nothing may be written there; empty where it may."""
    path = folder / name
    if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
        return f"{name} is a link that leads elsewhere. Remove it and export again."
    if path.exists() and name not in ours:
        return f"{name} is a file of somebody else's. Move it and export again."
    return ""


def _write(path: Path, content: bytes) -> bool:
    """Whether the file had to be written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True


def _without(folder: Path, names: Sequence[str]) -> Iterator[Exported]:
    """Remove files of ours that are no longer published, and their folders where nothing is left in them."""
    for name in names:
        path = folder / name
        if not path.is_file() or _in_the_way(folder, name, {name}):
            continue
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()
        yield Exported(name, REMOVED, "", reason="It is no longer published.")


def _recordings(library: Library) -> Iterator[Exported]:
    for webinar_id, path in sorted(library.recordings.webinars().items()):
        reason = f"Recordings are not copied. Keep {path.name} with: ujuzi backup FILE"
        yield Exported("", LEFT_OUT, webinar_id, reason=reason)
