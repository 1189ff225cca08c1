"""Check, back up and restore a library."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.library import Library
from index.recordings import is_recording, transcribed
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
    if abandoned := library.recordings.remove_abandoned():
        what = f"{abandoned} recordings had been copied in part when that was broken off."
        problems.append(Problem("", what, repaired=True))
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
    for webinar_id in sorted(_unclaimed(library)):
        yield Problem(
            webinar_id,
            "Its recording belongs to no webinar of the library. Add its programme or its transcript, or "
            f"delete it with: ujuzi recording {webinar_id} --remove",
        )


def _unclaimed(library: Library) -> set[str]:
    """The webinars that have a recording but neither a programme nor a transcript."""
    events = {event.id for event in library.store.events().values()}
    spoken = transcribed(entry.source for entry in library.store.entries())
    return set(library.recordings.webinars()) - events - spoken


def back_up(library: Library, file: Path) -> None:
    """Write database, originals and recordings to ``file``, a zip archive, whole or not at all.

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
            for recording in library.recordings.webinars().values():
                _pack_recording(packed, recording)
        archive.replace(file)


def _pack_recording(packed: zipfile.ZipFile, recording: Path) -> None:
    """As it is, for it is compressed already; another that takes its place meanwhile disturbs nothing."""
    name = zipfile.ZipInfo(f"recordings/{recording.name}")
    with (
        suppress(FileNotFoundError),  # detached since
        recording.open("rb") as source,
        packed.open(name, "w", force_zip64=True) as target,
    ):
        shutil.copyfileobj(source, target)


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
        for recording in sorted((unpacked / "recordings").glob("*")):
            (folder / "recordings").mkdir(exist_ok=True)
            shutil.move(recording, folder / "recordings" / recording.name)
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
    """Whether a backup of ours holds such a file: an archive cannot name any other into being."""
    digest = name.removeprefix("originals/")
    is_original = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    return name == "ujuzi.db" or is_original or is_recording(name.removeprefix("recordings/"))
