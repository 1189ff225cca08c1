"""What changed between two versions of a document, cut to what pages of ours can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple

from index.differences import SAME, Change, Run, Unchanged, differences, words_changed
from index.entries import Entry
from index.library import Library
from index.scope import Reader
from ingest.domain import Person, Source, Span, Version
from ingest.errors import NotFound
from web.words import document_words, language_name, place_words, review_words, written

_PART = 14_000  # bytes of changes with their markup: a page of ours stays below 30 kB
_MARKUP = 330  # bytes of a block beside its words,
_RUN = 90  # and of each of its runs
_LONGEST = 2_000  # characters of one run in a block; a longer one goes on in the next
_AROUND = 160  # characters that are shown of what stayed the same, before a change and behind it
_LONGEST_FIELD = 600  # characters of a field of the description
_KEPT = 8  # comparisons


class Field(NamedTuple):
    """A field of the description that changed, in words; empty where it had no value."""

    name: str
    before: str
    after: str


class Block(NamedTuple):
    """Changed words with their surroundings, and where they stand in the later version.

    ``skipped`` counts the unchanged paragraphs before it; without ``runs`` they are the last of the text.
    """

    runs: tuple[Run, ...]
    skipped: int
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a document side by side: ``blocks`` are those of ``part`` (from 1) of ``parts``."""

    before: Entry
    after: Entry
    fields: tuple[Field, ...]
    added: int
    removed: int
    blocks: Sequence[Block]
    part: int
    parts: int

    def address(self, part: int) -> str:
        """The rest of an address of another part."""
        return f"?from={self.before.number}&to={self.after.number}&part={part}"


class Comparisons:
    """The versions of one library side by side; the latest are kept, for long ones take a while."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._compared = lru_cache(maxsize=_KEPT)(self._compare)

    def of(
        self, source_id: str, reader: Reader, before: int | None, after: int | None, part: int
    ) -> Compared:
        """What changed from version ``before`` to ``after``; without numbers, in the current version.

        Raises NotFound for what ``reader`` may not read.
        """
        current = self._library.entry(source_id, reader, after)
        versions = self._library.versions(source_id, reader)
        if before is None:
            earlier = [one for one in versions if one.number < current.number]
        else:
            earlier = [one for one in versions if one.number == before]
        if not earlier:
            raise NotFound("There is no earlier version of this document to compare it with.")
        was = earlier[-1]
        fields, blocks, added, removed = self._compared(was, current)
        parts = _parts(blocks)
        number = min(max(part, 1), len(parts))
        return Compared(was, current, fields, added, removed, parts[number - 1], number, len(parts))

    def _compare(self, was: Entry, current: Entry) -> tuple[tuple[Field, ...], list[Block], int, int]:
        old, new = self._library.words_of(was), self._library.words_of(current)
        changes = differences(old.text, new.text)
        added, removed = words_changed(changes)
        return tuple(_fields(was.source, current.source)), list(_blocks(changes, new)), added, removed


def _blocks(changes: Sequence[Change | Unchanged], version: Version) -> Iterator[Block]:
    skipped = 0
    for change in changes:
        if isinstance(change, Unchanged):
            skipped = change.paragraphs
            continue
        if not (runs := _without_end(change.runs)):
            continue
        first, *others = _cut(runs)
        where = _where(change, version)
        yield Block(tuple(first), skipped, place_words(version.place(where)), _link(version, where))
        yield from (Block(tuple(more), 0, "", "") for more in others)
        skipped = 0
    if skipped:
        yield Block((), skipped, "", "")


def _where(change: Change, version: Version) -> Span:
    """Where the changed words stand, or what follows them where some were only removed."""
    offset = change.start
    for run in change.runs:
        if run.kind != SAME:
            break
        offset += len(run.text)
    start = min(offset, max(len(version.text) - 1, 0))
    return Span(start, min(start + 1, len(version.text)))


def _link(version: Version, where: Span) -> str:
    return f"?version={version.number}&from={where.start}&to={where.end}#quote" if where.end else ""


def _cut(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs of a change in blocks of a bearable length, with little of what stayed the same."""
    block: list[Run] = []
    size = 0
    for run in _shortened(runs):
        for start in range(0, len(run.text), _LONGEST):
            piece = Run(run.kind, run.text[start : start + _LONGEST])
            if block and size + len(piece.text) > _LONGEST:
                yield block
                block, size = [], 0
            block.append(piece)
            size += len(piece.text)
    if block:
        yield block


def _shortened(runs: Sequence[Run]) -> Iterator[Run]:
    for number, run in enumerate(runs):
        room = _AROUND * ((number > 0) + (number < len(runs) - 1))
        if run.kind != SAME or len(run.text) <= room + _AROUND:
            yield run
        else:
            head = _until_space(run.text[:_AROUND]) if number else ""
            tail = _after_space(run.text[-_AROUND:]) if number < len(runs) - 1 else ""
            yield Run(SAME, f"{head} … {tail}")


def _without_end(runs: Sequence[Run]) -> list[Run]:
    """``runs`` without the empty lines before the next paragraph; none where nothing else changed."""
    kept = list(runs)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return [*kept[:-1], Run(kept[-1].kind, kept[-1].text.rstrip())] if kept else []


def _until_space(text: str) -> str:
    return text[: text.rfind(" ") + 1].rstrip() or text


def _after_space(text: str) -> str:
    return text[text.find(" ") + 1 :].lstrip()


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = [[]]
    room = _PART
    for block in blocks:
        size = _MARKUP + sum(_RUN + len(escape(run.text).encode()) for run in block.runs)
        if parts[-1] and size > room:
            parts.append([])
            room = _PART
        parts[-1].append(block)
        room -= size
    return parts


def _fields(before: Source, after: Source) -> Iterator[Field]:
    """What is said about the document, where that changed."""
    old, new = _described(before), _described(after)
    for name in old:
        if old[name] != new[name]:
            yield Field(name, old[name][:_LONGEST_FIELD], new[name][:_LONGEST_FIELD])


def _described(source: Source) -> dict[str, str]:
    return {
        "Title": source.title,
        "Kind": document_words(source),
        "Date": _day(source.date),
        "Language": language_name(source.language),
        "Countries": ", ".join(source.countries),
        "Corridors": ", ".join(source.corridors),
        "Sectors": ", ".join(source.sectors),
        "Themes": ", ".join(source.themes),
        "Webinar": source.event or "",
        "People": ", ".join(map(_named, source.people)),
        "Licence": source.licence,
        "Published at": source.link,
        "Review": review_words(source.tier),
        "Attached to": source.part_of or "",
        "Illustrative": "yes" if source.illustrative else "no",
    }


def _day(day: date | None) -> str:
    return written(day) if day else ""


def _named(person: Person) -> str:
    return f"{person.name} ({person.role})" if person.role else person.name
