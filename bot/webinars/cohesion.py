"""A recording in blocks of some seconds, and how much any stretch of them is of one piece.

A stretch of one piece is one whose sentences lie close to their mean: what is summed is how far the mean of
each part lies from the mean of all ("kernel change points": Arlot, Celisse and Harchaoui, JMLR 20(162), 2019;
with vectors of words: Alemi and Ginsparg, arXiv 1503.05543, 2015).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.webinars.transcript import Spoken, Transcript, talk_clock
from index.analysis import terms

Floats = NDArray[np.float64]

_MOST_BLOCKS = 600  # a table of so many squared is filled in milliseconds
_LONGEST = 150  # characters: a longer sentence counts no more
_WORDS = 0.2  # what the words count beside vectors that can be trusted in full
_COMMON = 0.5  # of the sentences: a word in more of them tells nothing
_VOCABULARY = 2_000  # words at most, so that the longest recording fits into some ten megabytes


@dataclass(frozen=True, slots=True)
class Cohesion:
    """``firsts`` holds the first sentence of each block and, last, how many sentences there are.

    ``clock`` holds the seconds of talk before each block and in all. ``unity[i, j]`` is how much more than
    the whole the blocks from i to j - 1 are of one piece, as a share of all variation. ``opens_turn`` and
    ``opens_chair``: a speaker, and who speaks most often, begins with the block.
    """

    firsts: NDArray[np.intp]
    clock: Floats
    unity: Floats
    opens_turn: NDArray[np.bool_]
    opens_chair: NDArray[np.bool_]

    @property
    def blocks(self) -> int:
        """How many there are."""
        return len(self.firsts) - 1

    @property
    def lengths(self) -> Floats:
        """The seconds of talk of the blocks from i to j - 1, shape (blocks + 1, blocks + 1)."""
        lengths: Floats = self.clock[None, :] - self.clock[:, None]
        return lengths


def cohesion_of(talk: Transcript) -> Cohesion:
    """The cohesion of a recording with at least one sentence."""
    sentences = talk.sentences
    seconds = talk_clock(sentences)
    firsts = _firsts(sentences, seconds)
    weights = np.array([min(_LONGEST, one.span.end - one.span.start) for one in sentences], dtype=np.float64)
    share = 1 - (1 - _WORDS) * talk.trusted
    unity = (1 - share) * _unity(talk.vectors.astype(np.float64), weights, firsts)
    unity += share * _unity(_words(talk), weights, firsts)
    starts = firsts[:-1]
    opens = np.array([one.opens_turn for one in sentences])[starts]
    chair = _chair(sentences)
    is_chair = np.array([one.speaker == chair for one in sentences])[starts]
    return Cohesion(firsts, seconds[firsts], unity, opens, opens & is_chair)


def _firsts(sentences: Sequence[Spoken], seconds: Floats) -> NDArray[np.intp]:
    """Where blocks begin: with every sentence, or in a long recording with whoever speaks after a while."""
    step = seconds[-1] / _MOST_BLOCKS if len(sentences) > _MOST_BLOCKS else 0.0
    firsts = [0]
    for index, sentence in enumerate(sentences[1:], 1):
        since = seconds[index] - seconds[firsts[-1]]
        if since >= (step if sentence.opens_turn else 2 * step):
            firsts.append(index)
    return np.array([*firsts, len(sentences)], dtype=np.intp)


def _unity(rows: Floats, weights: Floats, firsts: NDArray[np.intp]) -> Floats:
    """See :class:`Cohesion`; ``rows`` has a row for each sentence."""
    mean = weights @ rows / weights.sum()
    varied = weights[:, None] * (rows - mean)
    sums = np.add.reduceat(varied, firsts[:-1], axis=0)
    until = np.concatenate([np.zeros((1, rows.shape[1])), sums.cumsum(axis=0)])
    squares = np.vecdot(until, until)
    apart = squares[None, :] + squares[:, None] - 2 * until @ until.T
    heavy = np.concatenate([[0.0], weights.cumsum()])[firsts]
    weight = np.maximum(heavy[None, :] - heavy[:, None], 1e-9)
    variation = float(weights @ np.vecdot(rows - mean, rows - mean))
    unity: Floats = apart / weight / (variation or 1.0)
    return unity


def _words(talk: Transcript) -> Floats:
    """A unit row for each sentence (or nought) over the stems that recur but are not common."""
    bags = [Counter(terms(talk.words(one), talk.language)) for one in talk.sentences]
    held = Counter(word for bag in bags for word in bag)
    kept = [word for word, count in held.most_common() if 1 < count <= max(2, _COMMON * len(bags))]
    kept = kept[:_VOCABULARY]
    column = {word: index for index, word in enumerate(kept)}
    rows = np.zeros((len(bags), max(1, len(kept))))
    for row, bag in enumerate(bags):
        for word in bag.keys() & column.keys():
            rows[row, column[word]] = bag[word] * log(len(bags) / held[word])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = np.divide(rows, lengths, out=rows, where=lengths > 0)
    return scaled


def _chair(sentences: Sequence[Spoken]) -> str | None:
    """Who takes the floor most often."""
    openings = Counter(one.speaker for one in sentences if one.opens_turn)
    return openings.most_common(1)[0][0]
