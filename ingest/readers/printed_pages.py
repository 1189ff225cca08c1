"""Printed pages without what print adds: running headers and footers, page numbers; headings found again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_EDGE = 3  # lines at the top and at the bottom of a page that may be running lines
_MOST = 0.4  # of the pages: headers of left and right pages may differ
_LEAST_REPEATS = 3
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[0-9]{1,4}")
_LETTERS = re.compile(r"[^\W_]+")
_LINES_OF_A_HEADING = 3


class Heading(NamedTuple):
    """A title that the document's outline names, ``level`` 1 to 6."""

    label: str
    level: int


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """``pages`` without those first and last lines that recur on most of them, but for a counting number."""
    filled = sum(any(line.strip() for line in page) for page in pages)
    least = max(_LEAST_REPEATS, _MOST * filled)
    counts = Counter(
        key
        for number, page in enumerate(pages)
        for key in {key for index in _edges(page) for key in _keys(page[index], number)}
    )
    running = {key for key, count in counts.items() if count >= least}
    return _without_numbers([_without(page, number, running) for number, page in enumerate(pages)])


def cut_at_headings(page: Sequence[str], headings: Sequence[Heading]) -> Iterator[Heading | list[str]]:
    """The stretches of lines between those of ``headings`` that stand on the page as lines of their own."""
    wanted = {_letters(heading.label): heading for heading in reversed(headings)}
    lines: list[str] = []
    index = 0
    while index < len(page):
        heading, length = _heading_at(page, index, wanted)
        if heading is None:
            lines.append(page[index])
        else:
            yield lines
            yield heading
            del wanted[_letters(heading.label)]
            lines = []
        index += length
    yield lines


def _heading_at(page: Sequence[str], index: int, wanted: dict[str, Heading]) -> tuple[Heading | None, int]:
    """The heading that begins at line ``index`` and the number of its lines; else None and one line."""
    letters = ""
    if not wanted:
        return None, 1
    for length in range(1, min(_LINES_OF_A_HEADING, len(page) - index) + 1):
        letters += _letters(page[index + length - 1])
        if letters in wanted and letters:
            return wanted[letters], length
    return None, 1


def _letters(line: str) -> str:
    return "".join(_LETTERS.findall(line)).casefold()


def _edges(page: Sequence[str]) -> list[int]:
    """The indices of the first and last filled lines."""
    filled = [index for index, line in enumerate(page) if line.strip()]
    return sorted({*filled[:_EDGE], *filled[-_EDGE:]})


def _keys(line: str, page: int) -> set[str]:
    """What a line has in common with those of other pages: its words, or its words and a count of pages."""
    words = " ".join(line.split())
    keys = {words}
    for match in list(_NUMBER.finditer(words))[:8]:
        if len(match[0]) < 5:
            keys.add(f"{words[: match.start()]}#{int(match[0]) - page}{words[match.end() :]}")
    return keys


def _without(page: Sequence[str], number: int, running: set[str]) -> list[str]:
    gone = {index for index in _edges(page) if _keys(page[index], number) & running}
    return [line for index, line in enumerate(page) if index not in gone]


def _without_numbers(pages: Sequence[list[str]]) -> list[list[str]]:
    """``pages`` without numbers that stand alone as first or last line and count on from page to page.

    Unlike running lines they may begin anew with each chapter.
    """
    for edge in (0, -1):
        numbers = [_lone_number(page, edge) for page in pages]
        around = zip(numbers, [None, *numbers], [*numbers[1:], None], strict=False)
        pages = [
            _without_line(page, edge)
            if number is not None and (before == number - 1 or after == number + 1)
            else page
            for page, (number, before, after) in zip(pages, around, strict=True)
        ]
    return list(pages)


def _lone_number(page: Sequence[str], edge: int) -> int | None:
    """The number that is all of the first (``edge`` 0) or last (-1) filled line of ``page``."""
    filled = [line.strip() for line in page if line.strip()]
    return int(filled[edge]) if filled and _PAGE_NUMBER.fullmatch(filled[edge]) else None


def _without_line(page: Sequence[str], edge: int) -> list[str]:
    gone = [index for index, line in enumerate(page) if line.strip()][edge]
    return [line for index, line in enumerate(page) if index != gone]
