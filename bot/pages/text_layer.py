"""The words of a PDF page where they are printed, to be selected over its picture; and where a quote stands.

Everything is measured in the pixels of a picture that is ``width`` wide, from its upper left corner. A page
that is turned is measured as it is shown: upright.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_double
from typing import Any, NamedTuple

from bot.pages.locating import Sought, locate
from bot.pages.pixels import Box, Pixels, joined

_GAP = 1.2  # of the letters' size: what stands further apart is another line (the cell of a table, a column)
_RAISED = 0.6  # of the letters' size: what stands higher or lower is another line
_ALIGNED = 0.98  # cosine of the directions of letters on one line
_BREAKS = "\r\n"
_HYPHENS = "\x02\ufffe"  # PDFium's for a hyphen at which a word is broken: the next line follows at once
_ALEFS, _LAM = "\u0622\u0623\u0625\u0627", "\u0644"
_MOST_SIGNS = 20_000  # of a page; a full one has 4,500
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Line(NamedTuple):
    """Words on one baseline, in the order in which they are read.

    The baseline begins at ``x``, ``y`` (at its right end where it is read from there), is ``length`` long and
    turned by ``turn`` degrees, clockwise. ``size`` is that of the letters.
    """

    text: str
    x: int
    y: int
    length: int
    size: int
    turn: int = 0
    right_to_left: bool = False


class Layer(NamedTuple):
    """What lies over the picture of a page: how tall that is, its words, and boxes around those quoted."""

    height: int
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]


def layer(page: Any, width: int, sought: Sought) -> Layer:
    """The layer for a page of PDFium's, as far as ``_MOST_SIGNS``."""
    wide, high = page.get_size()
    text, to_pixels = page.get_textpage(), Pixels(page, width)
    signs = _signs(text)
    lines = [line for line in _lines(_printed(text, signs, to_pixels)) if line.text]
    return Layer(round(width * high / wide), tuple(lines), tuple(_boxes(text, signs, to_pixels, sought)))


def boxes(page: Any, width: int, sought: Sought) -> list[Box]:
    """Boxes around the words that are sought, one for each line of print; none where they are not found."""
    if not sought.quote:
        return []
    text = page.get_textpage()
    return _boxes(text, _signs(text), Pixels(page, width), sought)


def _boxes(text: Any, signs: Sequence[str], to_pixels: Pixels, sought: Sought) -> list[Box]:
    found = [
        to_pixels.box(*text.get_rect(number))
        for run in locate(sought, signs)
        for number in range(text.count_rects(run.start, run.end - run.start))
    ]
    return joined(found)


def _signs(text: Any) -> list[str]:
    """The signs of a page by their number, as they are read.

    PDFium turns round what is read from the right, and with it the two letters of a glyph for lam and alef,
    which is turned back here. Of other glyphs for several letters one cannot see whether it turned them.
    """
    from pypdfium2.raw import FPDFText_GetUnicode

    count = min(text.count_chars(), _MOST_SIGNS)
    signs = [chr(FPDFText_GetUnicode(text, number)) for number in range(count)]
    for number in range(count - 1):
        turned = signs[number] in _ALEFS and signs[number + 1] == _LAM
        if turned and _origin(text, number) == _origin(text, number + 1):
            signs[number : number + 2] = _LAM, signs[number]
    return signs


def _origin(text: Any, number: int) -> tuple[float, float]:
    from pypdfium2.raw import FPDFText_GetCharOrigin

    x, y = c_double(), c_double()
    FPDFText_GetCharOrigin(text, number, x, y)
    return x.value, y.value


class _Word(NamedTuple):
    """Signs between spaces: where the baseline of the first begins, its direction, the size of the letters.

    ``start`` and ``end``: how far they reach along the baseline from there. ``breaks``: a line ends here.
    """

    text: str
    at: tuple[float, float]
    direction: tuple[float, float]
    size: float
    start: float
    end: float
    breaks: bool


def _printed(text: Any, signs: Sequence[str], to_pixels: Pixels) -> Iterator[_Word]:
    """The words of a page. PDFium puts a space, or a break, wherever it sees a gap, but for broken words."""
    start = None
    for number, sign in enumerate([*signs, "\n"]):
        start = number if start is None and not sign.isspace() else start
        if start is not None and (sign.isspace() or sign in _HYPHENS):
            end = number + (sign in _HYPHENS)
            seen = "".join(map(_seen, signs[start:end]))
            yield _word(text, start, end - 1, to_pixels, seen, sign in _BREAKS + _HYPHENS)
            start = None


def _word(text: Any, first: int, last: int, to_pixels: Pixels, seen: str, breaks: bool) -> _Word:
    from pypdfium2.raw import FS_MATRIX, FPDFText_GetFontSize, FPDFText_GetMatrix

    matrix = FS_MATRIX()
    FPDFText_GetMatrix(text, first, matrix)
    size = math.hypot(*to_pixels.way(matrix.c, matrix.d)) * FPDFText_GetFontSize(text, first)
    across, down = to_pixels.way(matrix.a, matrix.b)
    stretch = math.hypot(across, down) or 1.0
    direction = across / stretch, down / stretch
    at, to = to_pixels.point(*_origin(text, first)), to_pixels.point(*_origin(text, last))
    way, _ = _along(at, to, direction)
    end = max(
        _reach(text, first, to_pixels, direction, size), way + _reach(text, last, to_pixels, direction, size)
    )
    return _Word(seen, at, direction, size, min(0.0, way), end, breaks)


def _reach(text: Any, number: int, to_pixels: Pixels, direction: tuple[float, float], size: float) -> float:
    """How far a glyph reaches along its baseline: as its box does, where that is not askew."""
    from pypdfium2.raw import FS_RECTF, FPDFText_GetLooseCharBox

    rectangle = FS_RECTF()
    FPDFText_GetLooseCharBox(text, number, rectangle)
    box = to_pixels.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    if abs(direction[0]) > _ALIGNED:
        return box.right - box.left
    return box.bottom - box.top if abs(direction[1]) > _ALIGNED else size / 2


def _along(
    here: tuple[float, float], there: tuple[float, float], direction: tuple[float, float]
) -> tuple[float, float]:
    """How far in ``direction``, and how far aside of it, one point is from another."""
    (x, y), across, down = direction, there[0] - here[0], there[1] - here[1]
    return across * x + down * y, down * x - across * y


def _lines(words: Iterable[_Word]) -> Iterator[Line]:
    """The words in lines: they end at breaks, at wide gaps, and where the direction changes."""
    line: list[_Word] = []
    for word in words:
        if line and (line[-1].breaks or not _goes_on(line[-1], word)):
            yield _line(line)
            line = []
        line.append(word)
    if line:
        yield _line(line)


def _goes_on(before: _Word, word: _Word) -> bool:
    along, aside = _along(before.at, word.at, before.direction)
    gap = max(along + word.start - before.end, before.start - along - word.end)
    aligned = before.direction[0] * word.direction[0] + before.direction[1] * word.direction[1]
    return aligned > _ALIGNED and abs(aside) < _RAISED * before.size and gap < _GAP * before.size


def _line(words: Sequence[_Word]) -> Line:
    (x, y), direction = words[0].at, words[0].direction
    ways = [_along((x, y), word.at, direction)[0] for word in words]
    start = min(way + word.start for way, word in zip(ways, words, strict=True))
    end = max(way + word.end for way, word in zip(ways, words, strict=True))
    text = " ".join(word.text for word in words if word.text)
    right_to_left = _reads_from_the_right(text)
    at = end if right_to_left else start
    return Line(
        text,
        round(x + at * direction[0]),
        round(y + at * direction[1]),
        max(1, round(end - start)),
        max(1, round(words[0].size)),
        round(math.degrees(math.atan2(direction[1], direction[0]))),
        right_to_left,
    )


def _seen(sign: str) -> str:
    """A sign as it is stored in the library: letters instead of their shapes, nothing that cannot be seen."""
    if sign in _HYPHENS:
        return "-"
    if "\ufb00" <= sign <= "\ufefc":
        return unicodedata.normalize("NFKC", sign)
    return "" if unicodedata.category(sign) in _UNSEEN else sign


def _reads_from_the_right(text: str) -> bool:
    directions = [unicodedata.bidirectional(sign) for sign in text]
    return directions.count("L") < directions.count("R") + directions.count("AL")
