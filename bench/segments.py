"""How well a row of boundaries agrees with another: found within some seconds, P_k and WindowDiff.

P_k: Beeferman, Berger and Lafferty, "Statistical models for text segmentation", Machine Learning 34, 1999.
WindowDiff: Pevzner and Hearst, "A critique and improvement of an evaluation metric for text segmentation",
Computational Linguistics 28(1), 2002. Both slide a window of half the mean length of a true segment over the
talk, here second by second: P_k is the share of windows in which one of the rows has a boundary and the other
none, WindowDiff that in which they have unlike numbers of them. Nought is best in both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

Seconds = Sequence[float]  # where segments begin, the first left out, in rising order


def matched(found: Seconds, gold: Seconds, within: float) -> int:
    """How many pairs of one of ``found`` and one of ``gold`` lie near, each in one pair at most."""
    pairs = number = 0
    for true in gold:
        while number < len(found) and found[number] < true - within:
            number += 1
        if number < len(found) and found[number] <= true + within:
            pairs += 1
            number += 1
    return pairs


def p_k(found: Seconds, gold: Seconds, start: float, end: float) -> float:
    """P_k over the talk from ``start`` to ``end``."""
    counts = _in_windows(found, gold, start, end)
    return sum((own > 0) != (true > 0) for own, true in counts) / len(counts)


def window_diff(found: Seconds, gold: Seconds, start: float, end: float) -> float:
    """WindowDiff over the talk from ``start`` to ``end``."""
    counts = _in_windows(found, gold, start, end)
    return sum(own != true for own, true in counts) / len(counts)


def _in_windows(found: Seconds, gold: Seconds, start: float, end: float) -> list[tuple[int, int]]:
    """How many boundaries each row has in each window."""
    width = max(1.0, (end - start) / (len(gold) + 1) / 2)
    begins = [start + second for second in range(max(1, int(end - start - width)))]
    return [(_between(found, one, one + width), _between(gold, one, one + width)) for one in begins]


def _between(row: Seconds, after: float, until: float) -> int:
    return bisect_right(row, until) - bisect_right(row, after)
