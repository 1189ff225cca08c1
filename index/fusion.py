"""Two lists of scores become one: words (BM25) and meaning (cosine), weighed by what is known of both.

Both lists are united and every member has both of its true scores before anything is compared; each score
is divided by the highest of its kind (floor 0). Fusing by rank throws away how sure each half is: measured
with the bundled model it is 0.005 to 0.035 nDCG@10 below (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from index.models import BUNDLED

MEANING_WEIGHT = 0.5
SAME_MOMENT = 0.8  # what a passage counts that stands beside a better one in a recording
# How far the bundled model, which was trained on English, can be trusted with a question in another
# language: those in our letters share names and word parts with English (elsewhere: set on the Portuguese and
# Swahili questions of the corpus); 0 where it tells nothing (Arabic: nDCG@10 0.06 against 0.92 for words).
_TRUST_IN_ENGLISH_MODEL = {"en": 1.0, "fr": 0.7, "es": 0.6}
_TRUST_ELSEWHERE = 0.45
_UNKNOWN_SCRIPTS = {"ar", "am"}


def trust(language: str, model: str) -> float:
    """From 0 to 1: how far ``model`` understands a question in ``language``, beside one in English."""
    if model != BUNDLED:
        return 1.0
    if language in _UNKNOWN_SCRIPTS:
        return 0.0
    return _TRUST_IN_ENGLISH_MODEL.get(language, _TRUST_ELSEWHERE)


def meaning_weight(language: str, model: str) -> float:
    """The share of meaning for a question in ``language``, given what ``model`` understands."""
    return MEANING_WEIGHT * trust(language, model)


class Fused(NamedTuple):
    """The fused score of one passage (0 to 1) beside the two that it was made from."""

    score: float
    words: float
    meaning: float


UNSCORED = Fused(0.0, 0.0, 0.0)


def fuse(
    words: Mapping[int, float], meaning: Mapping[int, float], meaning_weight: float = MEANING_WEIGHT
) -> dict[int, Fused]:
    """Every passage of either list with its fused score, the best first.

    Both mappings hold true scores for all passages that are to be ranked; a passage that one of them lacks
    scores 0 there (no term of the question, or no vector).
    """
    best_word = max(0.0, 0.0, *words.values()) or 1.0
    best_meaning = max(0.0, 0.0, *meaning.values()) or 1.0
    fused = {}
    for row in words.keys() | meaning.keys():
        word, close = words.get(row, 0.0), meaning.get(row, 0.0)
        score = meaning_weight * max(0.0, close / best_meaning) + (1 - meaning_weight) * (word / best_word)
        fused[row] = Fused(score, word, close)
    return dict(sorted(fused.items(), key=lambda item: (-item[1].score, item[0])))


def apart(fused: Mapping[int, Fused], beside: Callable[[int], Iterable[int]]) -> dict[int, Fused]:
    """``fused`` with less for the passages that stand ``beside`` a better one, the best first.

    In a recording they belong to the same moment; whoever searches recordings is better served by another one
    (the idea of maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998). They lose a share of what
    they score above the last of all.
    """
    last = min((one.score for one in fused.values()), default=0.0)
    scores = {row: one.score for row, one in fused.items()}
    left = [(-score, row) for row, score in scores.items()]
    heapify(left)
    spread: dict[int, Fused] = {}
    while left:
        score, row = heappop(left)
        if row in spread or -score > scores[row]:
            continue  # this is where it stood before it was lowered
        spread[row] = fused[row]._replace(score=-score)
        for other in beside(row):
            if other in scores and other not in spread:
                scores[other] = last + SAME_MOMENT * (scores[other] - last)
                heappush(left, (-scores[other], other))
    return spread
