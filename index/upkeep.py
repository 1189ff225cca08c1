"""Check, back up and restore a library."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.library import Library
from index.store import Store, text_digest
from ingest.errors import UjuziError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was stored; ``source_id`` is empty where the whole library is meant."""

    source_id: str
    what: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict over a library. It is ok where nothing is left unrepaired."""

    sources: int
    passages: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether every document is as it was stored and the indexes agree with them."""
        return all(problem.repaired for problem in self.problems)


def check(library: Library) -> Checked:
    """Compare every text with its digest, passage with its span, original with its name, index with truth."""
    problems = [*_problems(library)]
    agree = library.indexes_agree()
    if not agree:
        library.rebuild_indexes()
    if not agree or library.was_rebuilt:
        problems.append(Problem("", "The search indexes did not match the documents.", repaired=True))
    if strays := library.remove_strays():
        problems.append(Problem("", f"{strays} original files belonged to no document.", repaired=True))
    sources, passages = library.count()
    return Checked(sources, passages, tuple(problems))


def _problems(library: Library) -> Iterator[Problem]:
    if (verdict := library.store.integrity()) != "ok":
        yield Problem("", f"The database is damaged: {verdict}")
        return
    digests = library.store.text_digests()
    for entry in library.store.entries():
        version = library.store.version(entry.id)
        if text_digest(version.text) != digests[entry.id]:
            yield Problem(
                entry.source.id, f"The text of version {entry.number} has changed since it was stored."
            )
        for passage in library.store.passages_of(entry.id).values():
            if version.quote(passage.span) != passage.text:
                yield Problem(entry.source.id, f"Passage {passage.id} no longer stands in its text.")
        if not library.originals.is_intact(entry.digest):
            yield Problem(entry.source.id, f"The original file {entry.file_name} is missing or changed.")


def back_up(library: Library, file: Path) -> None:
    """Write the database and the originals to ``file``, a zip archive, whole or not at all.

    An original that is missing is left out; :func:`check` tells of it, here and where it is restored.
    """
    if not file.resolve().parent.is_dir():
        raise UjuziError(f"{file}: there is no folder {file.resolve().parent}. Make it first.")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as scratch:
        database, archive = Path(scratch) / "ujuzi.db", Path(scratch) / "backup.zip"
        library.store.backup(database)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(database, "ujuzi.db")
            for digest in sorted({entry.digest for entry in library.store.entries()}):
                if (original := library.originals.path(digest)).is_file():
                    packed.write(original, f"originals/{digest}")
        archive.replace(file)


def restore(file: Path, folder: Path) -> None:
    """Make the library in ``folder``, which must hold none, from the backup ``file``."""
    if (folder / "ujuzi.db").exists():
        raise UjuziError(f"{folder} holds a library already. Restore into an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        unpacked = Path(scratch)
        _unpack(file, unpacked)
        for original in sorted((unpacked / "originals").glob("*")):
            target = folder / "originals" / original.name[:2] / original.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(original, target)
        shutil.move(unpacked / "ujuzi.db", folder / "ujuzi.db")  # last: it says that all is there


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            names = packed.namelist()
            if "ujuzi.db" not in names or packed.testzip() is not None:
                raise UjuziError(f"{file}: this is not an undamaged backup of a library. Take another one.")
            packed.extractall(folder, [name for name in names if _expected(name)])
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UjuziError(f"{file}: this backup cannot be read ({error}). Take another one.") from error
    (folder / "originals").mkdir(exist_ok=True)
    try:
        store = Store(folder / "ujuzi.db")  # a backup of an earlier version is brought up to date
    except UjuziError as error:
        raise UjuziError(f"{file}: the database in this backup cannot be used. {error}") from error
    with closing(store):
        if store.integrity() != "ok":
            raise UjuziError(f"{file}: the database in this backup is damaged. Take another one.")


def _expected(name: str) -> bool:
    digest = name.removeprefix("originals/")
    return name == "ujuzi.db" or (len(digest) == 64 and set(digest) <= set("0123456789abcdef"))
