"""A practice as the document that the library stores: Markdown with front matter, the same for the same form.

What people typed stays text: nothing in it becomes a heading, a tag, a table, a note or front matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

import yaml

from community.practices.fields import Practice
from community.practices.template import TEMPLATE
from ingest.cage import Cage
from ingest.domain import Version
from ingest.metadata import identity_slug
from ingest.reading import Document, read_document

_SPECIAL = re.compile(r"[\\`*_\[<&|~]")
_OPENING = re.compile(r"[!-/:-@\[-`{-~]")  # of a line: all ASCII signs can be taken for themselves
_NUMBER = re.compile(r"\A(\d+)([.)])(?=\s|$)")
_ITEM = re.compile(r"[-*•–] (?=\S)")
# Our reader of Markdown looks for [^ and for ** in what is left once the backslashes are gone. It drops what
# cannot be seen after that: such a sign between them keeps them apart and is in no stored text.
_TAKEN_TOGETHER = re.compile(r"\\\[(?=\^)|\\\*(?=\\\*)")
_KEPT_APART = "\\g<0>\u200b"
_PERIOD = "Years of the practice: "
_LABELLED = {one.label: one.id for one in TEMPLATE}
_LISTED = ("countries", "corridors", "sectors", "themes")


def document_of(practice: Practice, today: date, cage: Cage) -> Document:
    """The document of a practice, read as any other file is. FileRejected where it holds no words.

    It is the programme of no webinar, whatever it says, and its id is for whoever hands it in to give.
    """
    name = f"{identity_slug(practice.title)}.md"
    document = read_document(markdown(practice, today).encode(), name, name, cage=cage)
    return replace(document, event=None, source=replace(document.source, event=None))


def markdown(practice: Practice, today: date) -> str:
    """The file of a practice. Headings are the labels of the fields, so that citations name them."""
    sections = [_section(one.label, practice.text(one.id)) for one in TEMPLATE if practice.text(one.id)]
    period = [f"{_PERIOD}{escaped(practice.text('period'))}."] if practice.text("period") else []
    opening = [block for block in [_body(practice.text("summary")), *period] if block]
    return f"---\n{_front_matter(practice, today)}---\n" + "\n\n".join([*opening, *sections]) + "\n"


def field_at(version: Version, offset: int) -> str:
    """The id of the field whose text stands at ``offset`` of what :func:`markdown` wrote; empty for none."""
    heading = version.places.heading(offset)
    if heading is not None:
        return _LABELLED.get(heading, "")
    block = version.text[:offset].rpartition("\n\n")[2] + version.text[offset : offset + len(_PERIOD)]
    return "period" if block.startswith(_PERIOD) else "summary"


def escaped(line: str) -> str:
    """One line of text as Markdown that reads as this very line."""
    opening = "\\" + line[:1] if _OPENING.match(line) else line[:1]
    written = opening + _SPECIAL.sub(r"\\\g<0>", line[1:])
    return _TAKEN_TOGETHER.sub(_KEPT_APART, _NUMBER.sub(r"\1\\\2", written))


def _front_matter(practice: Practice, today: date) -> str:
    described = {
        "title": practice.title,
        "kind": "good_practice",
        "language": practice.text("language") or "en",
        "date": practice.text("date") or today.isoformat(),
        **{name: list(practice.words(name)) for name in _LISTED},
        "licence": practice.text("licence"),
        "audience": "members" if practice.is_for_members else "public",
    }
    return yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=10_000)


def _section(label: str, text: str) -> str:
    return f"## {label}\n\n{_body(text)}"


def _body(text: str) -> str:
    return "\n\n".join(part for block in text.split("\n\n") for part in _parts(block.split("\n")))


def _parts(lines: list[str]) -> Iterator[str]:
    """The lists of a block, and every other line as a paragraph: together they would be shown as a list."""
    for is_list, group in groupby(lines, key=lambda line: bool(_ITEM.match(line))):
        if is_list:
            yield "\n".join("- " + escaped(line[2:]) for line in group)
        else:
            yield from map(escaped, group)
