"""txtai with a hybrid index over stored texts, as its pages on hybrid search and on queries recommend.

Chosen: ``hybrid=True`` and ``content=True`` with every default (BM25 over Unicode words, normalised scores,
both halves weighing the same, ten candidates from each half for each result, Faiss as it picks it by size).
``method="sentence-transformers"``: its default of plain transformers reads 512 tokens where the model was
made for 256. A group is a condition of its SQL, with every document as candidate: by default so few are that
hardly any is of the group. Vectors that are given come in by its external method.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings

from bench.peers.system import Found, Question, Setup, Text, Vector

_EVERYWHERE = "SELECT id, text, score FROM txtai WHERE similar(:question)"
_IN_GROUP = "SELECT id, text, score FROM txtai WHERE similar(:question, {count}) AND origin = :group"


class Txtai:
    """One index."""

    name = "txtai"
    version = version("txtai")

    def __init__(self, setup: Setup) -> None:
        self._folder = setup.folder / "index"
        self._model = str(setup.model)
        self._embeddings: Any = None
        self._given: dict[str, list[Vector]] = defaultdict(list)  # a vector for each time that it is asked

    def prepare(self) -> None:
        """As in the protocol."""
        self._embeddings = _hybrid(path=self._model, method="sentence-transformers")

    def index(self, texts: Iterable[Text]) -> None:
        """As in the protocol."""
        if self._embeddings is None:
            self._embeddings = _hybrid(method="external", transform=self._vectors_of)
        self._embeddings.index(self._rows(texts))

    def search(self, question: Question, top: int) -> list[Found]:
        """As in the protocol."""
        if question.vector is not None:
            self._given[question.text].append(question.vector)
        statement = _IN_GROUP.format(count=self._embeddings.count()) if question.group else _EVERYWHERE
        asked = {"question": question.text, "group": question.group}
        found = self._embeddings.search(statement, top, parameters=asked)
        return [Found(one["id"], one["score"], one["text"]) for one in found]

    def save(self) -> None:
        """As in the protocol."""
        self._embeddings.save(str(self._folder))

    def load(self) -> None:
        """As in the protocol."""
        self._embeddings = Embeddings()
        self._embeddings.load(str(self._folder))

    def _rows(self, texts: Iterable[Text]) -> Iterator[tuple[str, dict[str, str], None]]:
        for one in texts:
            if one.vector is not None:
                self._given[one.whole].append(one.vector)
            yield one.id, {"text": one.whole, "origin": one.group}, None

    @cached_property
    def _vectors_of(self) -> Any:
        """What the external method asks: it has to be a plain function."""

        def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
            return np.stack([self._vector(text) for text in texts])

        return vectors

    def _vector(self, text: str) -> Vector:
        if self._given.get(text):
            return self._given[text].pop()
        return self._encoder.encode(text)

    @cached_property
    def _encoder(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(self._model, device="cpu", local_files_only=True)


def _hybrid(**model: object) -> Embeddings:
    return Embeddings(hybrid=True, content=True, **model)
