"""The published library as a folder of files that ``ujuzi add`` makes the same library of again.

Each original stands there byte for byte, in a folder of its kind and under its source's id, and beside it a
file that describes it whole. A manifest names the files that are ours: no others are replaced or removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.entries import PUBLISHED
from index.export_plan import Planned, planned
from index.files import write_whole
from index.library import Library
from ingest.domain import KINDS
from ingest.errors import UjuziError

MANIFEST = ".ujuzi-export"
WRITTEN, UNCHANGED, REMOVED, LEFT_OUT, FAILED = "written", "unchanged", "removed", "left out", "failed"


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one document (or recording, or file that is no longer published), and why."""

    path: str
    status: str
    source_id: str
    audience: str = ""
    reason: str = ""


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
        return _exported(plan, LEFT_OUT if plan.is_foreign else FAILED, plan.reason)
    original = library.originals.read(plan.entry.digest)
    if original is None:
        return _exported(plan, FAILED, "Its original file is missing or changed. Ask: ujuzi check")
    contents = {plan.path: original, plan.sidecar: plan.description.encode()}
    for name in contents:
        if reason := _in_the_way(folder, name, ours):
            return _exported(plan, FAILED, reason)
    written = [_write(folder / name, content) for name, content in contents.items()]
    return _exported(plan, WRITTEN if any(written) else UNCHANGED)


def _exported(plan: Planned, status: str, reason: str = "") -> Exported:
    return Exported(plan.path, status, plan.entry.source.id, plan.entry.audience, reason)


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
