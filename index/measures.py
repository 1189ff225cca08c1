"""Measures of ranking, as the literature defines them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2


def ndcg(ranking: Sequence[str], gains: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulated gain with linear gain (Järvelin and Kekäläinen, TOIS 2002), 0 to 1."""
    ideal = _discounted(sorted(gains.values(), reverse=True)[:depth])
    return _discounted([gains.get(document, 0) for document in ranking[:depth]]) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], relevant: frozenset[str], depth: int) -> float:
    """The share of the relevant documents that stand among the first ``depth``."""
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: frozenset[str], depth: int = 10) -> float:
    """One over the rank of the first relevant document among the first ``depth``, else 0."""
    ranks = (rank for rank, document in enumerate(ranking[:depth], start=1) if document in relevant)
    return 1 / first if (first := next(ranks, 0)) else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -int(-share * len(ordered) // 1))
    return ordered[rank - 1] if ordered else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
