"""Two lists of scores become one: words (BM25) and meaning (cosine), weighed by what is known of both.

Both lists are united and every member has both of its true scores before anything is compared; each score
is divided by the highest of its kind (floor 0). Fusing by rank throws away how sure each half is: measured
with the bundled model it is 0.005 to 0.035 nDCG@10 below (docs/decisions.md). The best are then reread: a
passage is as good as its best sentence, and a fragment of a document seldom holds the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from index.models import BUNDLED

MEANING_WEIGHT = 0.5
# Beside the fused score (0 to 1), for the passages that are reread: tuned on corpus/questions.jsonl
# (docs/decisions.md).
SENTENCE_WEIGHT = 0.7
FULLNESS_WEIGHT = 0.45
SUBJECT_WEIGHT = 0.4
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


class Reread(NamedTuple):
    """What a second look brings.

    The cosine of the closest sentence, how little the passage is a fragment (0 to 1), and whether all that
    is asked for is its subject, by its title and headings.
    """

    likeness: float
    fullness: float
    is_subject: bool


class Fused(NamedTuple):
    """The fused score of one passage (0 to 1) beside the two that it was made from."""

    score: float
    words: float
    meaning: float


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


def rerank(fused: Mapping[int, Fused], reread: Mapping[int, Reread], trust: float = 1.0) -> dict[int, Fused]:
    """``fused`` with the scores of the passages that were ``reread``, which must be its best, the best first.

    ``trust`` in the model weighs the second look as a whole: what balances the sentences has no place where
    they tell nothing, and in Arabic, of which the model's window holds a few lines, every passage is a
    fragment. All scores are brought back to 0 to 1, so that those that were not reread stay behind.
    """
    closest = max((one.likeness for one in reread.values()), default=0.0) or 1.0
    most = 1 + trust * (SENTENCE_WEIGHT + FULLNESS_WEIGHT + SUBJECT_WEIGHT)

    def score(row: int) -> float:
        if (one := reread.get(row)) is None:
            return fused[row].score / most
        again = SENTENCE_WEIGHT * one.likeness / closest + FULLNESS_WEIGHT * one.fullness
        return (fused[row].score + trust * (again + SUBJECT_WEIGHT * one.is_subject)) / most

    rescored = {row: fused[row]._replace(score=score(row)) for row in fused}
    return dict(sorted(rescored.items(), key=lambda item: (-item[1].score, item[0])))
