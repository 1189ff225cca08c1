"""The vectors of questions that nothing answered, kept as rows with the name of the model that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, insert, select

from community.gaps.tables import question_vectors as table
from index.encoded import Vectors
from index.glossary import glossary
from index.library import Library
from ingest.errors import UjuziError

_TOGETHER = 500  # rows that are asked for at once
_APART = 10  # terms of the glossary that are compared


class QuestionVectors:
    """What the library's model makes of questions."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def model(self) -> str:
        """The name of the model."""
        return self._library.model

    def made(self, texts: Sequence[str]) -> list[Vectors] | None:
        """A vector for each text; None where the model cannot be loaded: they are made another time."""
        try:
            return [self._library.embedder.encode_question(text).whole for text in texts]
        except UjuziError:
            return None

    @cached_property
    def apart(self) -> float:
        """The cosine that the model gives texts that have nothing to do with each other, on average."""
        concepts = glossary().concepts
        vectors = self.made([one[0].text for one in concepts[:: max(1, len(concepts) // _APART)]])
        if vectors is None:
            return 0.0
        rows = np.stack(vectors)
        return float((rows @ rows.T)[np.triu_indices(len(rows), 1)].mean())

    def put(self, connection: Connection, made: Mapping[int, Vectors]) -> None:
        """Keep vectors by the ids of their questions."""
        rows = [
            {"question_id": number, "model": self.model, "vector": vector.astype(np.float16).tobytes()}
            for number, vector in made.items()
        ]
        if rows:
            connection.execute(insert(table), rows)

    def kept(self, connection: Connection, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors that are there, by the ids of their questions."""
        found: dict[int, Vectors] = {}
        for start in range(0, len(ids), _TOGETHER):
            some = table.c.question_id.in_(ids[start : start + _TOGETHER])
            query = select(table.c.question_id, table.c.vector).where(table.c.model == self.model, some)
            for number, vector in connection.execute(query):
                found[number] = np.frombuffer(vector, dtype=np.float16).astype(np.float32)
        return found
