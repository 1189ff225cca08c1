"""The best passages read again: what a second look at fifty of them can cost, a search through all cannot.

Each is compared with the question token by token through the model's token vectors, those of rare words
counting most ("late interaction": Khattab and Zaharia, "ColBERT", SIGIR 2020); by its closest sentence; with
its neighbours in the document; and with the question moved towards the three best (Rocchio, 1971, here on
vectors). Nothing of it runs the model: all vectors were made when the passages were stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import tokens
from index.encoded import Encoded, TokenStates, Vectors, mean_direction, unit
from index.entries import Reading
from index.fusion import Fused
from index.packing import closest_pairs

TEACHERS = 3  # of the best passages the question is moved towards
MOVED = 0.6  # by this share of their mean
FULL = 850  # characters: a passage of so many is no fragment
TOPIC = 0.4  # what the closest sentence counts where nothing is asked: a sentence answers, a passage treats


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much beside the fused score of words and meaning (0 to 1).

    Tuned on corpus/questions.jsonl and on questions of SciFact's training part (docs/decisions.md).
    """

    neighbours: float = 0.25
    tokens: float = 1.2
    sentence: float = 0.5
    feedback: float = 0.35
    fullness: float = 0.45
    subject: float = 0.4


WEIGHTS = Weights()


class Neighbourhood(NamedTuple):
    """The best scores by words and by meaning among the passages right before and after one."""

    words: float
    meaning: float


class Reread(NamedTuple):
    """What a second look brings.

    ``neighbours`` is None for a passage that is its whole document. The three cosines are those of the
    question's tokens with the closest of the passage's, of its mean with the closest sentence, and of the
    question moved towards the best with the whole; ``fullness`` says from 0 to 1 how little the passage is a
    fragment, ``is_subject`` whether all that is asked for is its subject, by its title and headings.
    """

    neighbours: Neighbourhood | None
    tokens: float
    sentence: float
    feedback: float
    fullness: float
    is_subject: bool


def reread(
    question: Encoded,
    importance: Vectors,
    readings: Mapping[int, Reading],
    best: Sequence[int],
    neighbours: Mapping[int, Neighbourhood],
    subjects: Iterable[int],
) -> dict[int, Reread]:
    """What is seen of each of ``readings``, by row.

    ``importance`` weighs the question's tokens, shape (tokens,). The ``best`` of the rows, in their order,
    are those that teach; ``subjects`` are the rows whose title and headings name what is asked for.
    """
    rows = list(readings)
    closest = closest_pairs(question.tokens.vectors, [readings[row].tokens for row in rows])
    by_token = closest @ (importance / (importance.sum() or 1.0))
    mean = mean_direction(question.tokens.vectors)
    moved = _moved(question.whole, [readings[row].whole for row in best[:TEACHERS] if row in readings])
    on_it = frozenset(subjects)
    return {
        row: Reread(
            neighbours=neighbours.get(row),
            tokens=float(likeness),
            sentence=float((one.sentences @ mean).max(initial=0.0)),
            feedback=float(one.whole @ moved),
            fullness=min(1.0, one.characters / FULL) if row in neighbours else 1.0,
            is_subject=row in on_it,
        )
        for (row, one), likeness in zip(readings.items(), by_token, strict=True)
    }


def token_importance(text: str, states: TokenStates, rarity: Mapping[str, float]) -> Vectors:
    """How much each token of a question counts, shape (tokens,): as much as the word is rare that it is of.

    Tokens of words without ``rarity`` do not count, unless there are no others.
    """
    importance = np.zeros(len(states.spans), dtype=np.float32)
    for token in tokens(text):
        inside = (states.spans[:, 0] >= token.span.start) & (states.spans[:, 1] <= token.span.end)
        importance[inside] = rarity.get(token.word, 0.0)
    return importance if importance.any() else np.ones_like(importance)


def rerank(
    fused: Mapping[int, Fused],
    seen: Mapping[int, Reread],
    meaning_weight: float,
    trust: float,
    weights: Weights = WEIGHTS,
    *,
    asks: bool = True,
) -> dict[int, Fused]:
    """``fused`` with the scores of those passages that were ``seen`` again, these first, the best first.

    ``trust`` in the model, from 0 to 1, weighs the second look but for neighbours and subject: what balances
    its likenesses has no place where they tell nothing, and in Arabic, of which the model's window holds but
    a few lines, every passage is a fragment. What only names a topic (not ``asks``) is treated by a passage
    rather than by a sentence of it. All scores stay between 0 and 1.
    """
    again = list(seen.values())
    own = [fused[row] for row in seen]
    beside = [one.neighbours or own_ for one, own_ in zip(again, own, strict=True)]
    share = weights.neighbours
    words = [one.words + share * other.words for one, other in zip(own, beside, strict=True)]
    meaning = [one.meaning + share * other.meaning for one, other in zip(own, beside, strict=True)]
    parts = (
        (1 - meaning_weight, _by_highest(words)),
        (meaning_weight, _by_highest(meaning)),
        (trust * weights.tokens, _by_highest([one.tokens for one in again])),
        (trust * weights.sentence * (1.0 if asks else TOPIC), _by_highest([one.sentence for one in again])),
        (trust * weights.feedback, _by_highest([one.feedback for one in again])),
        (trust * weights.fullness, np.array([one.fullness for one in again])),
        (weights.subject, np.array([one.is_subject for one in again], dtype=float)),
    )
    most = sum(weight for weight, _ in parts)
    scores = np.sum([weight * part for weight, part in parts], axis=0) / most
    lowest = float(scores.min(initial=1.0))
    rescored = {row: one._replace(score=lowest * one.score) for row, one in fused.items()}
    rescored |= {
        row: fused[row]._replace(score=float(score)) for row, score in zip(seen, scores, strict=True)
    }
    return dict(sorted(rescored.items(), key=lambda item: (item[0] not in seen, -item[1].score, item[0])))


def _moved(question: Vectors, teachers: Sequence[Vectors]) -> Vectors:
    return unit(question + MOVED * np.mean(teachers, axis=0)) if teachers else question


def _by_highest(scores: Sequence[float]) -> NDArray[np.float64]:
    """Each score as a share of the highest, none below 0."""
    positive = np.maximum(np.asarray(scores, dtype=np.float64), 0.0)
    shares: NDArray[np.float64] = positive / (positive.max(initial=0.0) or 1.0)
    return shares
