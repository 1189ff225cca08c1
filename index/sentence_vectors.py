"""The sentences of a version, each with the vector that was stored of it beside its passage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from index.encoded import Spans, Vectors
from index.indexing import readable, words_begin
from ingest.domain import Passage, Span
from ingest.sentences import sentences

TokenSpans = Callable[[str], Spans]  # where the tokens of a text stand: the model's dictionary, not the model


class SentenceVectors(NamedTuple):
    """Sentences in reading order: their spans in the version's text and ``vectors``, a unit row for each."""

    spans: tuple[Span, ...]
    vectors: Vectors


def located(passage: Passage, language: str, vectors: Vectors, token_spans: TokenSpans) -> SentenceVectors:
    """The stored ``vectors`` of a passage's sentences with the places of these.

    There is none for a sentence without a token (a row of signs, or what lies beyond the model's window);
    which these are, the tokens say.
    """
    found = sentences(passage.text, language)
    if len(found) != len(vectors):
        read, begin = token_spans(readable(passage)), words_begin(passage)
        found = [span for span in found if _holds_token(read, begin + span.start, begin + span.end)]
    offset = passage.span.start
    spans = [Span(offset + span.start, offset + span.end) for span in found]
    return SentenceVectors(tuple(spans[: len(vectors)]), vectors[: len(spans)])


def joined(parts: Iterable[SentenceVectors]) -> SentenceVectors:
    """The sentences of several passages one after the other."""
    all_parts = list(parts)
    spans = tuple(span for part in all_parts for span in part.spans)
    rows = [part.vectors for part in all_parts]
    return SentenceVectors(spans, np.concatenate(rows) if rows else np.empty((0, 0), dtype=np.float32))


def _holds_token(tokens: Spans, start: int, end: int) -> bool:
    return bool(((tokens[:, 0] >= start) & (tokens[:, 1] <= end)).any())
