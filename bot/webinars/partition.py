"""A row of blocks parted in the best way, by dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Worth = NDArray[
    np.float64
]  # what the blocks from i to j - 1 are worth as one part, shape (blocks + 1,) twice


def best_parts(worths: Sequence[Worth], *, may_skip: bool = False) -> list[tuple[int, int]]:
    """The parts, one for each of ``worths`` in order, that together hold all blocks and are worth most.

    ``worths[k][i, j]`` is the worth of blocks i to j - 1 as part k; only i < j counts. Where parts may be
    skipped, an empty one is worth nothing.
    """
    blocks = len(worths[0]) - 1
    backwards = np.where(np.tri(blocks + 1, dtype=bool), -np.inf, 0.0)
    best = np.full(blocks + 1, -np.inf)
    best[0] = 0.0
    begins: list[NDArray[np.intp]] = []
    for worth in worths:
        reached = best[:, None] + worth + backwards
        if may_skip:
            np.fill_diagonal(reached, best)
        begin = reached.argmax(axis=0)
        begins.append(begin)
        best = reached[begin, np.arange(blocks + 1)]
    return _traced(begins, blocks)


def _traced(begins: Sequence[NDArray[np.intp]], blocks: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    end = blocks
    for begin in reversed(begins):
        parts.append((int(begin[end]), end))
        end = int(begin[end])
    return parts[::-1]
