"""Tables as text: a line for each row, bars between its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.text import clean_line


def table(rows: Sequence[Sequence[str]]) -> str:
    """``rows`` of cells as lines.

    A row without a first cell belongs to the row above, whose first cell spans both. Where there are such
    rows, an empty line parts the groups, so that each can be read on its own.
    """
    return "".join(lines(rows)).strip()


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row with the line ends that stand before it; nothing for a row in which nothing stands."""
    words = [_row(row) for row in rows]
    opens = [bool(row and row[0].strip()) for row in rows]
    grouped = not all(opening for opening, line in list(zip(opens, words, strict=True))[1:] if line)
    return [
        ("\n\n" if grouped and opening else "\n") + line if line else ""
        for opening, line in zip(opens, words, strict=True)
    ]


def _row(cells: Iterable[str]) -> str:
    """The filled cells divided by bars. Paragraphs and items within a cell keep a line each."""
    return " | ".join(filter(None, map(_cell, cells)))


def _cell(text: str) -> str:
    return "\n".join(filter(None, map(clean_line, text.splitlines())))
