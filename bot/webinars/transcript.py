"""A transcript as its sentences: where and when each is said, by whom, and the vector stored of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoded import Vectors
from index.fusion import trust
from index.sentence_vectors import SentenceVectors
from ingest.domain import Cue, Span, Version

_USUAL = 15.0  # characters a second, where the file gives no times
_SLOW = 6.0  # characters a second: what takes longer holds a silence
_BREATH = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a transcript; moments in seconds, None where the file does not say.

    ``opens_turn``: the sentence before was somebody else's.
    """

    span: Span
    start: float | None
    end: float | None
    speaker: str | None
    opens_turn: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript to be looked into.

    ``vectors`` has a unit row for each of ``sentences``; ``trusted`` says from 0 to 1 how far they tell
    anything in ``language``.
    """

    version: Version
    language: str
    sentences: tuple[Spoken, ...]
    vectors: Vectors
    trusted: float

    def words(self, sentence: Spoken) -> str:
        """The very words of ``sentence``."""
        return self.version.quote(sentence.span)


def transcript(version: Version, language: str, stored: SentenceVectors, model: str) -> Transcript:
    """What is said in a transcript, of which ``model`` made the ``stored`` vectors.

    Sentences outside every cue (a preface) are no talk and are left out.
    """
    spoken: list[Spoken] = []
    rows: list[int] = []
    speaker_before: str | None = None
    for row, span in enumerate(stored.spans):
        if cues := version.places.cues_in(span):
            opens = not spoken or cues[0].speaker != speaker_before
            start, end = _moment(cues[0], span.start), _moment(cues[-1], span.end)
            spoken.append(Spoken(span, start, end, cues[0].speaker, opens))
            rows.append(row)
            speaker_before = cues[-1].speaker
    return Transcript(version, language, tuple(spoken), stored.vectors[rows], trust(language, model))


def talk_clock(sentences: Sequence[Spoken]) -> NDArray[np.float64]:
    """Seconds of talk before each sentence and, last, in all: shape (sentences + 1,). Silences do not count.

    A sentence lasts until the next one starts, but no longer than somebody slow takes to say it; where the
    times are missing or run backwards, as long as its length makes likely.
    """
    following = [one.start for one in sentences[1:]] + [sentences[-1].end] if sentences else []
    lasts = [_lasts(one, after) for one, after in zip(sentences, following, strict=True)]
    return np.concatenate([[0.0], np.cumsum(lasts)])


def start_of(sentences: Sequence[Spoken]) -> float | None:
    """When the first of ``sentences`` starts that has a time."""
    return next((one.start for one in sentences if one.start is not None), None)


def end_of(sentences: Sequence[Spoken]) -> float | None:
    """When the last of ``sentences`` ends that has a time."""
    return next((one.end for one in reversed(sentences) if one.end is not None), None)


def _lasts(sentence: Spoken, following: float | None) -> float:
    characters = sentence.span.end - sentence.span.start
    if sentence.start is None or following is None or following < sentence.start:
        return characters / _USUAL
    return min(following - sentence.start, characters / _SLOW + _BREATH)


def _moment(cue: Cue, offset: int) -> float | None:
    """When the character at ``offset`` is said, if all of the cue are said at the same pace."""
    if cue.start is None or cue.end is None:
        return cue.start
    length = cue.span.end - cue.span.start
    share = min(1.0, max(0.0, (offset - cue.span.start) / max(1, length)))
    return cue.start + share * (cue.end - cue.start)
