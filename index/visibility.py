"""Which versions a reader may open, and what is said of one that was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.entries import DISCARDED, PUBLISHED, REPLACED, WITHDRAWN, Entry
from index.scope import Reader
from ingest.errors import NotFound, Withdrawn


def may_read(entry: Entry, reader: Reader) -> bool:
    """Whether a reader may open this version. Replaced ones stay open, so that citations do not rot."""
    if "staff" in reader.audiences:
        return True
    return entry.state in (PUBLISHED, REPLACED) and entry.audience in reader.audiences


def opened(source_id: str, stored: Sequence[Entry], reader: Reader, number: int | None) -> Entry:
    """Of the versions of a source, the one that ``reader`` is shown: by ``number``, or the one that answers.

    Staff are shown the newest where none answers. Raises NotFound, or Withdrawn.
    """
    seen = [entry for entry in stored if may_read(entry, reader)]
    published = [entry for entry in seen if entry.state == PUBLISHED]
    asked = seen if number is None else [entry for entry in seen if entry.number == number]
    if not asked or not (published or "staff" in reader.audiences):
        if (gone := _withdrawn(stored, reader, number)) is not None:
            raise Withdrawn(_farewell(gone))
        raise unknown(source_id)
    if number is None:
        asked = published or [entry for entry in asked if entry.state != DISCARDED] or asked
    return asked[-1]


def newest(stored: Iterable[Entry], reader: Reader) -> list[Entry]:
    """Of each source the version that answers, else the newest, where ``reader`` may see it, by title."""
    found: dict[str, Entry] = {}
    for entry in stored:
        known = found.get(entry.source.id)
        hidden = known is not None and known.state == PUBLISHED
        if may_read(entry, reader) and not hidden:
            found[entry.source.id] = entry
    return sorted(found.values(), key=lambda entry: entry.source.title.casefold())


def unknown(source_id: str) -> NotFound:
    """What is said of a source that is not here, or that the reader is not to know of."""
    return NotFound(f"The library has no document called {source_id}.")


def _withdrawn(stored: Sequence[Entry], reader: Reader, number: int | None) -> Entry | None:
    """Version ``number``, or the newest where nothing is published, if it was taken back from ``reader``."""
    if "staff" in reader.audiences:
        return None
    published = any(entry.state == PUBLISHED for entry in stored)
    theirs = [entry for entry in stored if entry.audience in reader.audiences]
    taken_back = [entry for entry in theirs if entry.state == WITHDRAWN]
    asked = [entry for entry in taken_back if entry.number == number] if published else taken_back
    return asked[-1] if asked else None


def _farewell(gone: Entry) -> str:
    """What is said of a version that was withdrawn: when and why, never what it was."""
    day = gone.changed_at
    said = f"This document was withdrawn from the library{f' on {day.day} {day:%B %Y}' if day else ''}."
    return f"{said} The reason given: {gone.note}" if gone.note else said
