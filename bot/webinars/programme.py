"""A programme found in the transcript of what happened: its sessions in order, by dynamic programming.

Each sentence is compared with the words of every session, and who speaks with those who were announced; a
session should be of one piece, begin where somebody begins to speak, and be about as long as it was planned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bot.webinars.cohesion import Cohesion, Floats
from bot.webinars.likeness import likeness
from bot.webinars.partition import best_parts
from bot.webinars.transcript import Transcript
from index.analysis import fold
from index.encoded import Vectors
from ingest.domain import Session

Encode = Callable[[Sequence[str]], Vectors]  # texts -> a unit row for each

# Set by hand before anything was measured.
_LIKENESS = 12.0  # what all sentences in their sessions are worth if none is like any other session
_PEOPLE = 4.0  # what all sentences are worth if each is said by somebody announced for it alone
_PLANNED = 2.0  # against lengths that differ from the planned ones
_UNITY = 20.0  # for sessions of one piece


def session_parts(
    talk: Transcript, cohesion: Cohesion, sessions: Sequence[Session], begins: Floats, encode: Encode | None
) -> list[tuple[int, int]]:
    """The blocks of each of ``sessions``, from the first to before the last: none where it was skipped."""
    fits = _LIKENESS * _likeness(talk, sessions, encode) + _PEOPLE * _people(talk, sessions)
    said = np.add.reduceat(fits * _weights(talk)[:, None], cohesion.firsts[:-1], axis=0)
    until = np.concatenate([np.zeros((1, len(sessions))), said.cumsum(axis=0)])
    common = _UNITY * cohesion.unity + begins
    worths = [
        common + until[None, :, number] - until[:, None, number] - _late(cohesion, share)
        for number, share in enumerate(_planned(sessions))
    ]
    return best_parts(worths, may_skip=True)


def _weights(talk: Transcript) -> Floats:
    """Each sentence's part of all that is said, shape (sentences,)."""
    lengths = np.array([one.span.end - one.span.start for one in talk.sentences], dtype=np.float64)
    return lengths / (lengths.sum() or 1.0)


def _likeness(talk: Transcript, sessions: Sequence[Session], encode: Encode | None) -> Floats:
    """How much each sentence is like each session's title and topics, shape (sentences, sessions)."""
    parts = [(one.title, *one.topics) for one in sessions]
    vectors = None if encode is None else [encode(own) for own in parts]
    return likeness(talk, [" ".join(own) for own in parts], vectors)


def _people(talk: Transcript, sessions: Sequence[Session]) -> Floats:
    """How much more a sentence's speaker was announced for each session, shape (sentences, sessions)."""
    announced = [{_name(person.name) for person in one.people} for one in sessions]
    known = {one.speaker: _name(one.speaker) for one in talk.sentences if one.speaker}
    rows = {
        speaker: [float(any(name in other or other in name for other in names)) for names in announced]
        for speaker, name in known.items()
    }
    nobody = [0.0] * len(sessions)
    there = np.array([rows.get(one.speaker, nobody) if one.speaker else nobody for one in talk.sentences])
    fits: Floats = there - there.mean(axis=1, keepdims=True)
    return fits


def _name(name: str) -> str:
    return " ".join(fold(word) for word in name.split())


def _planned(sessions: Sequence[Session]) -> list[float]:
    """The share of the time that each session was to take; where one has no length, all have the same."""
    minutes = [float(one.minutes or 0) for one in sessions]
    return [own / sum(minutes) for own in minutes] if all(minutes) else [1 / len(sessions)] * len(sessions)


def _late(cohesion: Cohesion, share: float) -> Floats:
    """What it costs that a session of so much of the time is of each length."""
    planned = max(1.0, share * float(cohesion.clock[-1]))
    cost: Floats = _PLANNED * np.log(np.maximum(cohesion.lengths, 1.0) / planned) ** 2
    return cost
