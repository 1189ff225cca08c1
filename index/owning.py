"""Who has a data folder: exactly one process may change the library in it."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import NotFound, UjuziError


class LibraryInUse(UjuziError):
    """Another process owns the data folder."""


def own(folder: Path) -> FileLock:
    """The lock on ``folder``, held until it is released; the folder is made when absent.

    Raises LibraryInUse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryInUse(
            f"Another process is using the library in {folder}. Stop it, or wait until it is done."
        ) from error
    return lock


def must_hold_library(folder: Path) -> None:
    """Raise NotFound where ``folder`` is not the data folder of a library."""
    if not (folder / "ujuzi.db").is_file():
        raise NotFound(f"There is no library in {folder}. Make one with: ujuzi add PATH --data {folder}")
