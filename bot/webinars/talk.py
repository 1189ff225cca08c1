"""Who speaks when: the turns of a transcript, and each speaker's share of the talk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.domain import Cue, Span, Version

PAUSE = 10.0  # seconds: after a longer silence the same speaker begins a new turn
BREATH = 1.0  # seconds: a shorter silence does not part a stretch of talk

Stretch = tuple[float, float]  # seconds from the beginning of the recording


@dataclass(frozen=True, slots=True)
class Turn:
    """What ``speaker`` says in one go, from ``start`` to ``end`` (seconds); None where the file does not say.

    ``span`` is the turn's place in the version's text.
    """

    speaker: str | None
    start: float | None
    end: float | None
    span: Span
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one speaker (None: nobody is named) says of a recording.

    ``seconds`` are those in which one of the speaker's cues lasts; ``share`` is their part, from 0 to 1, of
    what all speakers have, or of the characters said where the file gives no times. In ``stretches``
    silences of under a second are closed.
    """

    speaker: str | None
    seconds: float
    share: float
    turns: int
    stretches: tuple[Stretch, ...]


def turns(version: Version) -> tuple[Turn, ...]:
    """The turns of a transcript in reading order; none where the version has no cues."""
    groups: list[list[Cue]] = []
    for cue in version.places.cues:
        if groups and _goes_on(groups[-1], cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return tuple(map(_turn, groups))


def talk_time(version: Version) -> tuple[Share, ...]:
    """Each speaker's share of the talk, the longest first."""
    by_speaker: dict[str | None, list[Turn]] = defaultdict(list)
    for turn in turns(version):
        by_speaker[turn.speaker].append(turn)
    seconds = {speaker: _seconds(own) for speaker, own in by_speaker.items()}
    said = {speaker: float(_characters(own)) for speaker, own in by_speaker.items()}
    measure = seconds if any(seconds.values()) else said
    whole = sum(measure.values()) or 1.0
    shares = [
        Share(speaker, seconds[speaker], measure[speaker] / whole, len(own), _joined(_intervals(own), BREATH))
        for speaker, own in by_speaker.items()
    ]
    return tuple(sorted(shares, key=lambda one: (-one.seconds, -said[one.speaker], one.speaker or "")))


def _goes_on(before: Sequence[Cue], cue: Cue) -> bool:
    """Whether ``cue`` belongs to the turn of the cues ``before`` it."""
    if cue.speaker != before[0].speaker:
        return False
    ends = [one.end for one in before if one.end is not None]
    return not ends or cue.start is None or cue.start - max(ends) <= PAUSE


def _turn(cues: Sequence[Cue]) -> Turn:
    starts = [cue.start for cue in cues if cue.start is not None]
    ends = [cue.end for cue in cues if cue.end is not None]
    span = Span(cues[0].span.start, cues[-1].span.end)
    return Turn(cues[0].speaker, min(starts, default=None), max(ends, default=None), span, tuple(cues))


def _intervals(own: Iterable[Turn]) -> list[Stretch]:
    """From when to when each cue lasts, where both are known, by their starts."""
    cues = (cue for turn in own for cue in turn.cues)
    return sorted(
        (cue.start, cue.end)
        for cue in cues
        if cue.start is not None and cue.end is not None and cue.end > cue.start
    )


def _joined(intervals: Iterable[Stretch], gap: float) -> tuple[Stretch, ...]:
    """``intervals``, sorted by their starts, with those made one that lie no more than ``gap`` apart."""
    stretches: list[Stretch] = []
    for start, end in intervals:
        if stretches and start - stretches[-1][1] <= gap:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return tuple(stretches)


def _seconds(own: Sequence[Turn]) -> float:
    return sum(end - start for start, end in _joined(_intervals(own), 0.0))


def _characters(own: Iterable[Turn]) -> int:
    return sum(cue.span.end - cue.span.start for turn in own for cue in turn.cues)
