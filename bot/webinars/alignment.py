"""A deck beside the talk: which slide (or page) is spoken of when, by stored vectors and rare words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.webinars.cohesion import Floats
from bot.webinars.likeness import likeness
from bot.webinars.transcript import Transcript, end_of, start_of
from index.encoded import Vectors
from index.sentence_vectors import SentenceVectors
from ingest.domain import Span, Version

_AROUND = 2  # sentences on either side: one alone may sound like any slide
_CLEARLY = 0.75  # spreads by which a sentence has to be more like its slide than like the others
_ENOUGH = 4.0  # sentences of average length that one spread above that makes a stretch


@dataclass(frozen=True, slots=True)
class Shown:
    """A slide or page, counted from 1, and the stretch of the transcript in which it is spoken of.

    ``start`` and ``end`` in seconds, None where the transcript gives no times.
    """

    slide: int
    span: Span
    start: float | None
    end: float | None


def align(talk: Transcript, deck: Version, stored: SentenceVectors) -> tuple[Shown, ...]:
    """The slides (else pages) of ``deck`` that are spoken of, in their order, each with its stretch.

    Slides come in the order of the deck; those that nobody speaks of, or only out of turn, are left out.
    ``stored`` holds the sentences of the deck, from the model that made the transcript's.
    """
    slides = _slides(deck)
    if not talk.sentences or not slides:
        return ()
    vectors = [_inside(slide, stored) for slide in slides]
    fits = likeness(talk, [deck.quote(slide) for slide in slides], vectors)
    lengths = np.array([one.span.end - one.span.start for one in talk.sentences], dtype=np.float64)
    gains = (_smooth(fits) - _CLEARLY) * (lengths / (lengths.mean() or 1.0))[:, None]
    return tuple(_shown(talk, number, *part) for number, part in _in_turn(gains))


def slide_at(shown: Sequence[Shown], seconds: float) -> int | None:
    """The slide that is spoken of at ``seconds``; None where none is."""
    for one in shown:
        if one.start is not None and one.end is not None and one.start <= seconds <= one.end:
            return one.slide
    return None


def slide_beside(shown: Sequence[Shown], span: Span) -> int | None:
    """The slide that is spoken of in most of ``span`` of the transcript; None where none is."""
    overlaps = {one.slide: min(one.span.end, span.end) - max(one.span.start, span.start) for one in shown}
    most = max(overlaps, key=lambda slide: overlaps[slide], default=None)
    return most if most is not None and overlaps[most] > 0 else None


def _slides(deck: Version) -> list[Span]:
    """Where the slides of a deck stand, or the pages of a document."""
    begins = deck.places.slides or deck.places.pages
    return [Span(start, end) for start, end in pairwise((*begins, len(deck.text)))]


def _inside(slide: Span, stored: SentenceVectors) -> Vectors:
    """The vectors of the sentences of one slide."""
    first = bisect_left(stored.spans, slide.start, key=lambda span: span.start)
    last = bisect_left(stored.spans, slide.end, key=lambda span: span.start)
    return stored.vectors[first:last]


def _smooth(fits: Floats) -> Floats:
    """Each row as the mean of the rows around it."""
    until = np.concatenate([np.zeros((1, fits.shape[1])), fits.cumsum(axis=0)])
    rows = np.arange(len(fits))
    first, last = np.maximum(rows - _AROUND, 0), np.minimum(rows + _AROUND + 1, len(fits))
    means: Floats = (until[last] - until[first]) / (last - first)[:, None]
    return means


def _in_turn(gains: Floats) -> list[tuple[int, tuple[int, int]]]:
    """The slides, from 1, with the sentences from i to j - 1 of each, in order and worth most together.

    ``gains`` has shape (sentences, slides). A stretch costs ``_ENOUGH``; slides and sentences may be left
    out. ``reached[s][j]`` is what the first s slides are worth in the first j sentences.
    """
    sentences, slides = gains.shape
    until = np.concatenate([np.zeros((1, slides)), gains.cumsum(axis=0)])
    reached = [np.zeros(sentences + 1)]
    begins: list[NDArray[np.intp]] = []
    for slide in range(slides):
        opened = reached[-1] - until[:, slide]
        highest = np.maximum.accumulate(opened)
        begins.append(np.maximum.accumulate(np.where(opened == highest, np.arange(sentences + 1), 0)))
        closed = highest + until[:, slide] - _ENOUGH
        reached.append(np.maximum.accumulate(np.maximum(reached[-1], closed)))
    return _traced(reached, begins)


def _traced(
    reached: Sequence[Floats], begins: Sequence[NDArray[np.intp]]
) -> list[tuple[int, tuple[int, int]]]:
    parts: list[tuple[int, tuple[int, int]]] = []
    end = len(reached[0]) - 1
    for slide in range(len(begins), 0, -1):
        if reached[slide][end] > reached[slide - 1][end]:
            last = int(np.searchsorted(reached[slide], reached[slide][end]))  # it rose there, and not since
            first = int(begins[slide - 1][last])
            parts.append((slide, (first, last)))
            end = first
    return parts[::-1]


def _shown(talk: Transcript, slide: int, first: int, last: int) -> Shown:
    own = talk.sentences[first:last]
    return Shown(slide, Span(own[0].span.start, own[-1].span.end), start_of(own), end_of(own))
