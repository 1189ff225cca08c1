"""Questions that mean the same come together. Pure: likeness in, groups out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from community.gaps.likeness import ALIKE, Likeness, Likenesses

Numbers = NDArray[np.int64]

_TOGETHER = 512  # rows that are compared with all others at once


def clusters(likeness: Likeness, among: Numbers) -> list[Numbers]:
    """The questions ``among`` all, in groups whose members are ALIKE on average (average linkage).

    Two groups that are joined have a pair that is alike, so that only what hangs together by such pairs has
    to be looked at as a whole: thousands of questions take no square of thousands in memory.
    """
    from scipy.sparse import coo_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    if not len(among):
        return []
    first, second = _pairs(likeness, among)
    pairs = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(len(among), len(among)))
    number, labels = connected_components(pairs, directed=False)
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(number + 1))
    parts = (among[order[start:end]] for start, end in pairwise(bounds))
    return [group for part in parts for group in _split(likeness, part)]


def closest(likeness: Likeness, groups: Sequence[Numbers], others: Sequence[Numbers]) -> list[int | None]:
    """Of each group which of ``others`` is the most like it; None where none is ALIKE on average."""
    if not groups or not others:
        return [None] * len(groups)
    rows = np.concatenate(groups)
    blocks = (rows[start : start + _TOGETHER] for start in range(0, len(rows), _TOGETHER))
    columns = np.concatenate(others)
    by_other = np.concatenate([_means(likeness.between(block, columns), others, axis=1) for block in blocks])
    means = _means(by_other, groups, axis=0)
    best = means.argmax(axis=1)
    return [int(other) if means[group, other] >= ALIKE else None for group, other in enumerate(best)]


def _means(table: Likenesses, groups: Sequence[Numbers], axis: int) -> Likenesses:
    """``table`` with the lines that belong to one group, which follow each other, as one: their mean."""
    sizes = np.array([len(group) for group in groups])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    means: Likenesses = np.add.reduceat(table, starts, axis=axis) / np.expand_dims(sizes, 1 - axis)
    return means


def most_central(likeness: Likeness, group: Numbers, weights: NDArray[np.float64]) -> int:
    """The question of ``group`` that is the most like all of it, each being asked ``weights`` times."""
    if len(group) < 3:
        return int(group[np.argmax(weights)])
    if len(group) > _TOGETHER:
        group, weights = group[:_TOGETHER], weights[:_TOGETHER]
    return int(group[np.argmax(likeness.between(group, group) @ weights)])


def _pairs(likeness: Likeness, among: Numbers) -> tuple[Numbers, Numbers]:
    """The pairs that are alike, as places in ``among``."""
    first, second = [], []
    for start in range(0, len(among), _TOGETHER):
        rows, columns = np.nonzero(likeness.between(among[start : start + _TOGETHER], among[start:]) >= ALIKE)
        first.append(rows + start)
        second.append(columns + start)
    return np.concatenate(first), np.concatenate(second)


def _split(likeness: Likeness, part: Numbers) -> list[Numbers]:
    if len(part) < 3:  # a single one, or a pair that is alike
        return [part]
    from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]

    apart = _condensed(likeness, part)
    labels = fcluster(linkage(apart, "average"), 1 - ALIKE, "distance")
    return [part[labels == label] for label in np.unique(labels)]


def _condensed(likeness: Likeness, part: Numbers) -> NDArray[np.float64]:
    """How far apart any two of ``part`` are, the half of a table that says it all, row by row."""
    rows: list[Likenesses] = []
    for start in range(0, len(part), _TOGETHER):
        block = 1 - likeness.between(part[start : start + _TOGETHER], part[start:])
        rows += [np.maximum(row[place + 1 :], 0) for place, row in enumerate(block)]
    return np.concatenate(rows).astype(np.float64)
