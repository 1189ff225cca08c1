"""Tables as text: a line for each row, bars between its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.text import clean_line


def table(rows: Sequence[Sequence[str]]) -> str:
    """``rows`` of cells as lines.

    A row without a first cell belongs to the row above, whose first cell spans both. Empty lines set such a
    group apart, so that it can be read on its own.
    """
    return "".join(lines(rows)).strip()


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row with the line ends that stand before it; nothing for a row in which nothing stands."""
    words = [_row(row) for row in rows]
    groups: list[list[int]] = [[]]
    for index, row in enumerate(rows):
        if words[index]:
            if row[0].strip():
                groups.append([])
            groups[-1].append(index)
    set_apart = {group[0] for before, group in pairwise(groups) if len(before) > 1 or len(group) > 1}
    return [
        ("\n\n" if index in set_apart else "\n") + line if line else "" for index, line in enumerate(words)
    ]


def _row(cells: Iterable[str]) -> str:
    """The filled cells divided by bars. Paragraphs and items within a cell keep a line each."""
    return " | ".join(filter(None, map(_cell, cells)))


def _cell(text: str) -> str:
    return "\n".join(filter(None, map(clean_line, text.splitlines())))
