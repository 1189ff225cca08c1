"""The vectors that were stored of a document's sentences come back with the very sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.encoded import Spans
from index.library import Library
from index.scope import STAFF
from index.sentence_vectors import located
from ingest.cage import Cage
from ingest.domain import Passage, Span
from ingest.reading import read_document
from tests.fakes import HashEmbedder

TEXT = "# Fees\n\nThe employer pays the airfare. Nurses sit a test.\n\n## Return\n\nReturnees open workshops."


def test_each_sentence_has_its_own_vector(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library, Cage() as cage:
        library.add(read_document(TEXT.encode(), "fees.md", "fees.md", cage=cage, overrides={"id": "fees"}))
        entry, version = library.read("fees", STAFF)
        found = library.sentence_vectors(entry)
    words = [version.quote(span) for span in found.spans]
    assert words == ["The employer pays the airfare.", "Nurses sit a test.", "Returnees open workshops."]
    assert found.vectors.shape == (3, 64)
    likeness = found.vectors @ np.stack([HashEmbedder().encode_question(one).whole for one in words]).T
    assert likeness.argmax(axis=1).tolist() == [0, 1, 2]
    assert (np.diag(likeness) > 0.95).all()


def test_a_document_that_is_not_searched_has_none(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library, Cage() as cage:
        library.add(read_document(TEXT.encode(), "fees.md", "fees.md", cage=cage, overrides={"id": "fees"}))
        entry = library.entry("fees", STAFF)
    with Library(tmp_path, model="another", read_only=True) as other:
        found = other.sentence_vectors(entry)
    assert (found.spans, found.vectors.shape) == ((), (0, 0))


def test_a_sentence_without_tokens_takes_no_vector_of_another() -> None:
    passage = Passage("one", 1, 1, "It rains. --- ---. It snows.", Span(10, 38), "Weather")

    def token_spans(text: str) -> Spans:
        begins = [text.index(word) for word in ("rains", "snows")]
        return np.array([(begin, begin + 5) for begin in begins], dtype=np.int64)

    vectors = np.eye(2, dtype=np.float32)
    found = located(passage, "en", vectors, token_spans)
    assert [passage.text[start - 10 : end - 10] for start, end in found.spans] == ["It rains.", "It snows."]
    assert found.vectors.tolist() == vectors.tolist()
