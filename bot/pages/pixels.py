"""Rectangles on the picture of a PDF page, in its pixels from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterable
from ctypes import c_int
from typing import Any, NamedTuple

_FINE = 64  # parts of a pixel in which PDFium is asked for places: it answers in whole numbers
_APART = 1.2  # of the height of a line: what is printed further apart has a box of its own


class Box(NamedTuple):
    """A rectangle around printed words."""

    left: float
    top: float
    right: float
    bottom: float

    def wider(self, margin: float) -> Box:
        """The box with a margin on each side."""
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def rounded(self) -> Box:
        """The box in whole pixels."""
        return Box(*map(round, self))


class Pixels:
    """Turns the coordinates of a page, however it is turned, into pixels of its picture."""

    def __init__(self, page: Any, width: int) -> None:
        wide, high = page.get_size()
        self._page = page
        self._size = (width * _FINE, round(width * _FINE * high / wide))
        self._zero = self._asked(0, 0)
        across, up = self._asked(wide, 0), self._asked(0, high)
        self._across = [(to - at) / wide for to, at in zip(across, self._zero, strict=True)]
        self._up = [(to - at) / high for to, at in zip(up, self._zero, strict=True)]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is."""
        across, down = self.way(x, y)
        return self._zero[0] + across, self._zero[1] + down

    def way(self, x: float, y: float) -> tuple[float, float]:
        """A way on the page."""
        return x * self._across[0] + y * self._up[0], x * self._across[1] + y * self._up[1]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the page."""
        across, down = zip(self.point(left, bottom), self.point(right, top), strict=True)
        return Box(min(across), min(down), max(across), max(down))

    def _asked(self, x: float, y: float) -> tuple[float, float]:
        from pypdfium2.raw import FPDF_PageToDevice

        across, down = c_int(), c_int()
        FPDF_PageToDevice(self._page, 0, 0, *self._size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE


def joined(found: Iterable[Box]) -> list[Box]:
    """Boxes that stand side by side, as where a word is set in bold, made one."""
    joined: list[Box] = []
    for box in found:
        last = joined[-1] if joined else None
        if last is not None and _side_by_side(last, box):
            joined[-1] = Box(*map(min, last[:2], box[:2]), *map(max, last[2:], box[2:]))
        else:
            joined.append(box)
    return joined


def _side_by_side(one: Box, other: Box) -> bool:
    height = min(one.bottom - one.top, other.bottom - other.top)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = max(one.left, other.left) - min(one.right, other.right)
    return 2 * shared > height and apart < _APART * max(one.bottom - one.top, other.bottom - other.top)
