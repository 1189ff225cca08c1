"""The chapters of a recording, found from its transcript, or its programme found in the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.webinars.cohesion import Cohesion, Floats, cohesion_of
from bot.webinars.partition import Worth, best_parts
from bot.webinars.programme import Encode, session_parts
from bot.webinars.titles import titles
from bot.webinars.transcript import Transcript, end_of, start_of
from ingest.domain import Session, Span

MOST = 40  # chapters
SHORTEST = 120.0  # seconds of talk: what is shorter, such as greetings, belongs to a neighbour
_LONGEST = 720.0  # seconds of talk, if so many are enough
_AN_HOUR = 10  # chapters, twice as many in four times as long
_TOO_SHORT = 20.0  # what it costs, in the measure of the weights below
_TOO_LONG = 5.0
# What counts how much; tuned on every other of the calls that bench/chapters.py measures, never on our own.
_UNITY = 20.0  # for being of one piece, as a share of a chapter's part of all variation
_EVEN = 0.5  # against chapters of very different lengths
TURN = 0.5  # for beginning with a speaker
CHAIR = 0.5  # and, beside it, with who speaks most often


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a recording; ``start`` and ``end`` in seconds, None where the file gives no times.

    ``title`` is that of the ``session`` that the stretch is, else of words copied from the stretch. It may
    be empty.
    """

    title: str
    span: Span
    start: float | None
    end: float | None
    session: Session | None = None


def chapters(talk: Transcript) -> tuple[Chapter, ...]:
    """Chapters from what is said alone: of 2 to 12 minutes, 4 to 15 in an hour, never more than ``MOST``."""
    if not talk.sentences:
        return ()
    cohesion = cohesion_of(talk)
    count = _count(float(cohesion.clock[-1]), cohesion.blocks)
    worth = _UNITY * count * cohesion.unity - _unevenness(cohesion, count) + begins_well(cohesion)
    stretches = [_sentences(cohesion, part) for part in best_parts([worth] * count)]
    named = titles(talk, stretches)
    return tuple(_chapter(talk, *stretch, title) for stretch, title in zip(stretches, named, strict=True))


def programme_chapters(
    talk: Transcript, sessions: Sequence[Session], encode: Encode | None = None
) -> tuple[Chapter, ...]:
    """The sessions of a programme in order, each with the stretch in which it is held.

    A session that nobody seems to have held is left out. ``encode`` makes unit vectors of texts, with the
    model that made the transcript's; without it shared words decide.
    """
    if not talk.sentences or not sessions:
        return ()
    cohesion = cohesion_of(talk)
    parts = session_parts(talk, cohesion, sessions, begins_well(cohesion), encode)
    return tuple(
        _chapter(talk, *_sentences(cohesion, part), session.title, session)
        for session, part in zip(sessions, parts, strict=True)
        if part[0] < part[1]
    )


def begins_well(cohesion: Cohesion) -> Floats:
    """What it is worth that a part begins where somebody begins to speak, shape (blocks + 1, 1)."""
    worth = TURN * cohesion.opens_turn + CHAIR * cohesion.opens_chair
    worth[0] = 0.0  # every way of parting begins there
    column: Floats = np.append(worth, 0.0)[:, None]
    return column


def _count(seconds: float, blocks: int) -> int:
    """How many chapters so much talk has."""
    wanted = round(_AN_HOUR * float(np.sqrt(seconds / 3600)))
    return max(1, min(wanted, int(seconds / SHORTEST), blocks, MOST))


def _unevenness(cohesion: Cohesion, count: int) -> Worth:
    """What the lengths of parts cost when there are ``count``."""
    lengths = cohesion.lengths
    target = float(cohesion.clock[-1]) / count
    cost = _EVEN * np.log(np.maximum(lengths, 1.0) / max(target, 1.0)) ** 2
    longest = max(_LONGEST, 2 * target)
    cost += np.where(lengths < SHORTEST, _TOO_SHORT, 0.0)
    cost += np.where(lengths > longest, _TOO_LONG + (lengths - longest) / 60, 0.0)
    unevenness: Worth = cost
    return unevenness


def _sentences(cohesion: Cohesion, part: tuple[int, int]) -> tuple[int, int]:
    """The sentences of the blocks of ``part``, from the first to before the last."""
    return int(cohesion.firsts[part[0]]), int(cohesion.firsts[part[1]])


def _chapter(talk: Transcript, first: int, last: int, title: str, session: Session | None = None) -> Chapter:
    own = talk.sentences[first:last]
    return Chapter(title, Span(own[0].span.start, own[-1].span.end), start_of(own), end_of(own), session)
