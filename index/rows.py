"""Rows of passages as a set that is made once and asked often."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class RowSet:
    """Rows of passages, never changed, as an array and as bits."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """Bit r is set for each row r, the lowest bit of a byte first."""
        bits = np.zeros(int(self.rows.max(initial=-1)) + 1, dtype=bool)
        bits[self.rows] = True
        return np.packbits(bits, bitorder="little")

    def among(self, wanted: Iterable[int]) -> RowSet:
        """Those that are also ``wanted``."""
        return RowSet(self.rows[np.isin(self.rows, np.fromiter(wanted, dtype=np.int64))])
