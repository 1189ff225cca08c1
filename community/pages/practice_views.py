"""What the pages of the form show: its sections, what stands in each field, a document as it will appear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from community.practices.drafts import Draft, Prefilled
from community.practices.fields import FIELDS, Practice
from community.practices.material import Proposed
from community.practices.template import DESCRIPTION, RIGHTS, TEMPLATE, UNPLACED, Field
from community.practices.writing import field_at
from community.submissions import Talk
from community.submissions.shelf import Read
from ingest.domain import Source
from ingest.reading import Document

_CELLS = " | "  # stands between the cells of a table


class Section(NamedTuple):
    """Fields that belong together, under a heading with an address of its own."""

    id: str
    title: str
    fields: tuple[Field, ...]


SECTIONS = (
    Section("about", "About this text", DESCRIPTION),
    Section("practice", "The practice", TEMPLATE[:4]),
    Section("run", "How it is run", TEMPLATE[4:8]),
    Section("came", "What came of it", TEMPLATE[8:12]),
    Section("check", "To check and to ask", TEMPLATE[12:]),
    Section("rights", "Licence and consent", RIGHTS),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One block of a preview. ``kind`` is heading, table, list or paragraph."""

    kind: str
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table."""
        return [line.split(_CELLS) for line in self.lines]


def sections(practice: Practice) -> Sequence[Section]:
    """The form from top to bottom; words without a place come first, where there are any."""
    left = Section("left", UNPLACED.label, (UNPLACED,))
    return (left, *SECTIONS) if practice.text(UNPLACED.id) else SECTIONS


def blocks(document: Document) -> Iterator[Shown]:
    """A document as its page shows it: a heading that only repeats the title is left out."""
    headings = {mark.offset for mark in document.places.headings}
    offset = 0
    for block in document.text.split("\n\n"):
        lines = tuple(block.split("\n"))
        if offset not in headings:
            yield Shown(_kind(lines), lines)
        elif not _repeats(block, document.source):
            yield Shown("heading", lines)
        offset += len(block) + 2


def by_field(prefilled: Sequence[Prefilled]) -> Mapping[str, list[Prefilled]]:
    """What was taken from documents, field by field."""
    return {one.id: [taken for taken in prefilled if taken.field == one.id] for one in FIELDS.values()}


def remarks(read: Read, talks: Iterable[Talk]) -> Mapping[str, list[Talk]]:
    """What reviewers said and is not settled, by the field whose text it is about.

    Under "" stands what is about the whole, or about words that are gone.
    """
    found: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        if not talk.comment.is_resolved:
            found[field_at(read.words, talk.span.start) if talk.span else ""].append(talk)
    return dict(found)


def proposed_fields(proposed: Sequence[Proposed]) -> list[tuple[Field, list[Proposed]]]:
    """The fields of the template, each with the words that are proposed for it."""
    return [(one, [words for words in proposed if words.field == one.id]) for one in TEMPLATE]


def differing(typed: Practice, stored: Draft) -> Mapping[str, str]:
    """What stands in the other window where that is something else; "(empty)" where it is nothing."""
    return {
        name: stored.practice.text(name) or "(empty)"
        for name in FIELDS
        if stored.practice.words(name) != typed.words(name)
    }


def word_count(practice: Practice) -> int:
    """The words of what will be the text."""
    return sum(len(practice.text(one.id).split()) for one in TEMPLATE)


def _kind(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return "paragraph"
    return "table" if 2 * sum(_CELLS in line for line in lines) >= len(lines) else "list"


def _repeats(heading: str, source: Source) -> bool:
    return heading.casefold() == source.title.casefold()
