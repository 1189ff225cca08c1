"""The versions of a document as its page lists them, and what else belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.pages.sources import address
from index.entries import DISCARDED, DRAFT, PUBLISHED, REPLACED, WITHDRAWN, Entry
from index.library import Library
from index.scope import Reader
from ingest.domain import Source
from ingest.errors import NotFound
from web.words import written

_AUDIENCES = {"public": "for everybody", "members": "for members", "staff": "for staff only"}
_STATES = {
    PUBLISHED: "the current one",
    REPLACED: "replaced",
    DRAFT: "a draft that waits",
    WITHDRAWN: "withdrawn",
    DISCARDED: "a draft that was given up",
}
_DATED = (REPLACED, WITHDRAWN)


class Version(NamedTuple):
    """One version: its address, that of what changed in it (empty for the first), and whether it is open."""

    entry: Entry
    link: str
    changes: str
    is_open: bool

    @property
    def state(self) -> str:
        """What became of it, in words."""
        entry = self.entry
        day = entry.changed_at if entry.state in _DATED else None
        return f"{_STATES[entry.state]}{f' on {written(day)}' if day else ''}"

    @property
    def readers(self) -> str:
        """Who may read it as things stand, in words."""
        seen = self.entry.state in (PUBLISHED, REPLACED)
        return _AUDIENCES[self.entry.audience if seen else "staff"]


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to an open document, as far as the reader may see it.

    ``versions`` are empty where there is only the one that everybody sees; ``main`` is what it is attached
    to. ``changes`` leads from an old version to what changed since, and is empty elsewhere.
    """

    versions: tuple[Version, ...]
    main: Source | None
    attachments: tuple[Source, ...]
    changes: str = ""


def belongings(library: Library, reader: Reader, opened: Entry) -> Belongings:
    """What belongs to the version that is open."""
    entries = library.versions(opened.source.id, reader)
    told = len(entries) > 1 or opened.state != PUBLISHED or opened.audience != "public"
    current = next((one.number for one in entries if one.state == PUBLISHED), opened.number)
    return Belongings(
        tuple(_versions(entries, opened)) if told else (),
        main_of(library, opened.source, reader),
        tuple(library.attached_to(opened.source.id, reader)),
        changes_address(opened.source.id, opened.number, current) if opened.state == REPLACED else "",
    )


def _versions(entries: list[Entry], opened: Entry) -> Iterable[Version]:
    """The newest first."""
    before = [None, *entries]
    for earlier, entry in reversed(list(zip(before, entries, strict=False))):
        changes = changes_address(entry.source.id, earlier.number, entry.number) if earlier else ""
        yield Version(entry, address(entry.source.id, entry.number), changes, entry.number == opened.number)


def changes_address(source_id: str, before: int, after: int) -> str:
    """The page that shows what changed from one version of a document to another."""
    return f"{address(source_id, after, path='/changes').partition('?')[0]}?from={before}&to={after}"


def main_of(library: Library, source: Source, reader: Reader) -> Source | None:
    """What ``source`` is attached to, if ``reader`` may see it."""
    if source.part_of in (None, source.id):
        return None
    try:
        return library.entry(str(source.part_of), reader).source
    except NotFound:
        return None


def mains_of(library: Library, sources: Iterable[Source], reader: Reader) -> dict[str, Source]:
    """What each of some sources is attached to, by its id; those that are attached to nothing left out."""
    found = {source.id: main_of(library, source, reader) for source in sources}
    return {source_id: main for source_id, main in found.items() if main is not None}
