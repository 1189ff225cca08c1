"""How long each speaker of a recording speaks, in words and drawn along its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.webinars.talk import Share

_MOST_STRETCHES = 60  # of one speaker that are drawn; shorter gaps are closed until there are no more
_WIDTH = 1_000


class Strip(NamedTuple):
    """One speaker's talk: ``path`` is the outline of when, in a picture that is 1000 wide and 10 high.

    It is empty where the file gives no times.
    """

    share: Share
    time: str
    percent: int
    path: str


def strips(shares: Sequence[Share], length: float) -> list[Strip]:
    """Each share of a recording of ``length`` seconds; 0 where it is not known."""
    return [
        Strip(
            share,
            _said(share.seconds),
            round(100 * share.share),
            _path(share.stretches, length) if length else "",
        )
        for share in shares
    ]


def _said(seconds: float) -> str:
    """A length as people say it: "40 s", "12 min"; nothing where it is not known."""
    if not seconds:
        return ""
    return f"{max(seconds, 1):.0f} s" if seconds < 59.5 else f"{seconds / 60:.0f} min"


def _path(stretches: Sequence[tuple[float, float]], length: float) -> str:
    """The stretches as the outline of bars, near ones drawn as one where there are too many."""
    bars = [(_WIDTH * start / length, _WIDTH * end / length) for start, end in stretches]
    gap = 1.0
    while len(bars) > _MOST_STRETCHES:
        bars, gap = _closed(bars, gap), 2 * gap
    return "".join(f"M{start:.0f} 0h{max(end - start, 2):.0f}v10H{start:.0f}z" for start, end in bars)


def _closed(bars: Sequence[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """``bars`` with gaps of up to ``gap`` closed."""
    closed = [bars[0]]
    for start, end in bars[1:]:
        if start - closed[-1][1] <= gap:
            closed[-1] = (closed[-1][0], max(end, closed[-1][1]))
        else:
            closed.append((start, end))
    return closed
