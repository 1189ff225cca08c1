"""Figures as pictures: where each bar stands, in the units of a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 720, 160
_GAP = 0.2  # of a bar's step
_LEAST = 2  # units of height, so that one is seen among hundreds


class Part(NamedTuple):
    """One part of a bar: what it counts, and its rectangle."""

    kind: str
    value: float
    x: float
    y: float
    width: float
    height: float


class Bar(NamedTuple):
    """One bar: what it is of, and its parts from the ground up."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """All that it counts."""
        return sum(part.value for part in self.parts)


class Chart(NamedTuple):
    """A row of bars, and what the highest of them counts."""

    bars: tuple[Bar, ...]
    most: float


def bars(labels: Sequence[str], counts: Sequence[Sequence[tuple[str, float]]]) -> Chart:
    """A bar for each of ``labels``; ``counts`` holds its parts, (kind, count), from the ground up."""
    most = max((sum(count for _, count in parts) for parts in counts), default=0)
    step = WIDTH / max(len(labels), 1)
    return Chart(
        tuple(
            Bar(label, _stacked(parts, number * step, step, most))
            for number, (label, parts) in enumerate(zip(labels, counts, strict=True))
        ),
        most,
    )


def _stacked(parts: Sequence[tuple[str, float]], x: float, step: float, most: float) -> tuple[Part, ...]:
    stacked: list[Part] = []
    top = float(HEIGHT)
    for kind, count in parts:
        height = max(HEIGHT * count / most, _LEAST) if count else 0.0
        top -= height
        part = Part(kind, count, x + step * _GAP / 2, max(top, 0.0), step * (1 - _GAP), height)
        stacked.append(Part(*part[:2], *(round(value, 1) for value in part[2:])))
    return tuple(stacked)
