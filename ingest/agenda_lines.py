"""The lines of a text in which a programme is looked for: what a page ran together is parted again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.agenda_rows import BAR, NUMBERED, columns_of
from ingest.announced import ROLES
from ingest.builder import Reading

STOP = re.compile(r"(?:note|n\.?b\.?|nota)\s?:", re.IGNORECASE)
_STOP_WITHIN = re.compile(r" (?=(?:Note|N\.B\.|Nota)\s?:)")
_BROKEN_LABEL = re.compile(r"(\w?) (Session|S[ée]ance|Sess[ãa]o)\n(\d{1,2}[A-Za-z]?)(?=\n)")
_BROKEN_AT_START = re.compile(r"^(Session|S[ée]ance|Sess[ãa]o)\n(\d{1,2}[A-Za-z]?)$", re.MULTILINE)
_ROW_WITHIN = re.compile(
    rf"\s(?=(?:{NUMBERED})(?:\s[A-ZÀ-Þ(\d]|$)|\d{{1,3}}\s?min(?:ute|uto)?s?\b"
    rf"|(?:topic|th[èe]me|tema|sujet)\s\d{{1,2}}\s?:|(?:{ROLES})(?:\s\d{{1,2}})?\s?:)",
    re.IGNORECASE,
)
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 6  # words
_LONGEST_TABLE = 60  # lines


class Line(NamedTuple):
    """One line of a text. ``opens`` says that a block begins with it; ``level`` is that of a heading."""

    text: str
    opens: bool = False
    level: int | None = None


def lines_of(reading: Reading) -> list[Line]:
    """The filled lines of a text, those of printed tables with a line for each row."""
    levels = {mark.offset: mark.level for mark in reading.places.headings}
    text = _BROKEN_LABEL.sub(r"\1\n\2 \3", reading.text)  # as long as before: the offsets stay
    text = _BROKEN_AT_START.sub(r"\1 \2", text)
    found: list[Line] = []
    offset, opens, in_table = 0, True, 0
    for line in text.split("\n"):
        level = levels.get(offset)
        for part in _parts(line, in_table=in_table > 0 and level is None):
            in_table = _LONGEST_TABLE if columns_of(part) and BAR not in part else in_table - 1
            in_table = 0 if level is not None or STOP.match(part) else in_table
            found.append(Line(part, opens, level))
            opens = False
        opens = not line.strip()
        offset += len(line) + 1
    return found


def _parts(line: str, *, in_table: bool) -> Iterator[str]:
    """``line`` cut where a note begins, behind the head of a table and, in a table, before each row."""
    if BAR in line:
        yield line.strip()
        return
    head = _head_ahead(line)
    if head:
        yield head
    for part in _STOP_WITHIN.split(line[len(head) :]):
        rows = _ROW_WITHIN.split(part) if in_table or head else [part]
        yield from filter(None, map(str.strip, rows))


def _head_ahead(line: str) -> str:
    """The words of the columns that ``line`` begins with, where there is more behind them."""
    words = line.split(" ", _MOST_COLUMNS + 1)[: _MOST_COLUMNS + 1]
    heads = (" ".join(words[:length]) for length in range(len(words), _FEWEST_COLUMNS - 1, -1))
    return next((head for head in heads if head.strip() and columns_of(head)), "")
