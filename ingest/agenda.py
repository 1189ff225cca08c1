"""The programmes in a text: tables of sessions, and lists of them, as the readers write them.

Readers write a row as a line with bars between its filled cells, and more lines where a cell has more of
them; of a table on a printed page only the words are left. What follows a row, up to the next, belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.agenda_lines import STOP, Line
from ingest.agenda_rows import BAR, Row, columns_of, label_of, parted, row_of, timing_of
from ingest.announced import spoken_of
from ingest.when import announced

_LONGEST_LINE = 600  # characters: what is longer is prose
_OPEN = (",", ":", "-", "–", "(")  # what a line that goes on ends with
_MOST_BETWEEN = 12  # lines between two rows of a list


class Agenda(NamedTuple):
    """The rows of one programme, the words above its columns, and the numbers of its first and last line.

    ``is_printed`` says that its cells are not parted by bars, so that they had to be told by their words.
    """

    rows: tuple[Row, ...]
    head: str
    first: int
    last: int
    is_printed: bool


def agendas(lines: Sequence[Line]) -> Iterator[Agenda]:
    """The programmes among ``lines``, in order: two rows or more that say how long they take."""
    table = _Table()
    for number, line in enumerate(lines):
        if not table.take(number, line):
            yield from table.agenda()
            table = _Table()
            table.take(number, line)
    yield from table.agenda()


class _Table:
    """The rows that follow one another, as they come about."""

    def __init__(self) -> None:
        self._first = self._last = 0
        self._head = ""
        self._columns: tuple[str, ...] = ()
        self._rows: list[list[list[str]]] = []  # of cells of lines
        self._waiting: list[str] = []  # blocks of their own: they belong to the row if another one follows
        self._has_bars = False
        self._goes_on_in = -1  # the cell of the last row to which the next line belongs

    def take(self, number: int, line: Line) -> bool:
        """Whether ``line`` is part of the table. Where it has no row yet, whatever comes is taken."""
        if len(line.text) > _LONGEST_LINE or STOP.match(line.text):
            return not self._rows
        if columns := columns_of(line.text):
            return self._take_head(number, line.text, columns)
        if cells := self._opened(line.text):
            self._open_row(number, line.text, cells)
            return True
        return not self._rows or self._take_more(number, line)

    def agenda(self) -> Iterator[Agenda]:
        """What came about, if it is a programme."""
        rows = tuple(row_of(cells, self._columns) for cells in self._rows)
        if sum(row.is_timed for row in rows) >= 2:
            yield Agenda(rows, self._head, self._first, self._last, not self._has_bars)

    def _take_head(self, number: int, words: str, columns: tuple[str, ...]) -> bool:
        """A head that is repeated stands on top of a page: what follows it goes on with the row before."""
        if not self._rows:
            self._head, self._columns, self._first = words, columns, number
            self._has_bars = BAR in words
            return True
        if words != self._head or self._waiting:
            return False
        row = self._rows[-1]
        matter = (n for n, cell in enumerate(row) if not timing_of(cell[0]) and not label_of(cell[0]))
        self._goes_on_in = next(matter, -1)
        return True

    def _opened(self, line: str) -> list[str]:
        """The cells of the row that begins with ``line``; empty where none does."""
        cells = [cell.strip() for cell in line.split(BAR)]
        if len(cells) == 1 and not self._has_bars:
            return parted(line) if self._rows or not announced(line) else []
        is_row = label_of(cells[0]) or any(map(timing_of, cells)) or self._is_full(len(cells))
        return cells if is_row else []

    def _is_full(self, more: int) -> bool:
        """Whether the last row has no room under its columns for a line of ``more`` cells."""
        if not self._rows or not self._columns or self._goes_on_in >= 0:
            return False
        return len(self._rows[-1]) + more - 1 > len(self._columns)

    def _open_row(self, number: int, line: str, cells: Sequence[str]) -> None:
        if self._rows:
            _matter(self._rows[-1]).extend(self._waiting)
        elif not self._head or number - self._first > 1:  # a head that no row follows is none
            self._head, self._columns, self._first = "", (), number
            self._has_bars = BAR in line
        self._waiting = []
        self._goes_on_in = -1
        self._rows.append([[cell] for cell in cells])
        self._last = number

    def _take_more(self, number: int, line: Line) -> bool:
        """Whether what begins no row goes on with one."""
        apart = line.opens or bool(self._waiting)
        if line.level is not None or (apart and (self._has_bars or len(self._waiting) >= _MOST_BETWEEN)):
            return False
        row = self._rows[-1]
        first, *others = line.text.split(BAR)
        if line.opens:
            self._waiting.append(line.text)
        elif apart:
            _join(self._waiting, line.text)
        elif not self._has_bars:
            _join(_matter(row), line.text)
        else:
            row[self._goes_on_in].append(first)
            row += [[cell] for cell in others]
        self._last = number if not apart else self._last
        return True


def _matter(row: list[list[str]]) -> list[str]:
    """The last cell of a printed row, which holds more than its time."""
    if len(row[-1]) == 1 and timing_of(row[-1][0]):
        row.append([])
    return row[-1]


def _join(lines: list[str], line: str) -> None:
    """Append ``line`` of a printed page to ``lines``: to the last where it goes on with it."""
    goes_on = bool(lines) and (line[0].islower() or lines[-1].endswith(_OPEN))
    is_office = bool(lines) and ":" in lines[-1] and spoken_of(lines[-1]) is not None
    if goes_on or (is_office and spoken_of(line) is None):
        lines[-1] += f" {line}"
    else:
        lines.append(line)
