"""What a model makes of a text: unit vectors of the whole and of each token. No model is needed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Span

Vectors = NDArray[np.float32]
Spans = NDArray[np.int64]


class TokenStates(NamedTuple):
    """What a model makes of each token of one text, in the light of the whole text.

    ``vectors`` has shape (tokens, dimensions), rows of length 1; ``spans`` has shape (tokens, 2): the code
    points between which each token stands. The model's own marks are left out.
    """

    vectors: Vectors
    spans: Spans

    def inside(self, span: Span) -> Vectors:
        """The vectors of the tokens that stand wholly in ``span``."""
        rows: Vectors = self.vectors[(self.spans[:, 0] >= span.start) & (self.spans[:, 1] <= span.end)]
        return rows

    def of_sentences(self, sentences: Sequence[Span]) -> Vectors:
        """A row for each of ``sentences`` that holds a token: the mean of its tokens.

        They were made in the light of the whole text ("late chunking": Günther et al., arXiv 2409.04701,
        2024), so that one pass through the model gives passage and sentences.
        """
        means = (mean_direction(self.inside(span)) for span in sentences)
        rows = [mean for mean in means if mean.any()]
        return np.stack(rows) if rows else np.empty((0, self.vectors.shape[1]), dtype=np.float32)


class Encoded(NamedTuple):
    """One text: a vector of the whole, (dimensions,), of length 1, and its tokens."""

    whole: Vectors
    tokens: TokenStates


def unit(rows: Vectors) -> Vectors:
    """``rows``, none of them nought, at length 1."""
    scaled: Vectors = rows / np.sqrt(np.vecdot(rows, rows))[..., None]
    return scaled.astype(np.float32, copy=False)


def mean_direction(rows: Vectors) -> Vectors:
    """The mean of ``rows``, shape (dimensions,), at length 1; nought where there are none."""
    if not len(rows):
        return np.zeros(rows.shape[1:], dtype=np.float32)
    mean = rows.mean(axis=0)
    scaled: Vectors = mean / (np.linalg.norm(mean) or 1.0)
    return scaled
