"""The vector index: exact inner products over half-precision vectors, in memory, derived from the truth."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np
from numpy.typing import NDArray

from index.encoded import Vectors

faiss: Any = _faiss  # its own annotations leave out what its Python layer adds


class VectorIndex:
    """Passage rows to unit vectors. Searches and changes take turns."""

    def __init__(self, dimensions: int) -> None:
        flat = faiss.IndexScalarQuantizer(
            dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._index = faiss.IndexIDMap2(flat)
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def apply(self, added: Mapping[int, Vectors], removed: Sequence[int]) -> None:
        """Remove and add passages by row."""
        with self._turn:
            if removed:
                self._index.remove_ids(np.asarray(removed, dtype=np.int64))
            if added:
                rows = np.fromiter(added, dtype=np.int64, count=len(added))
                self._index.add_with_ids(np.stack(list(added.values())), rows)

    def search(self, vector: Vectors, top: int, allowed: NDArray[np.int64] | None = None) -> dict[int, float]:
        """The ``top`` passages by cosine with ``vector``, inside the rows ``allowed`` if given."""
        parameters = None
        if allowed is not None:
            if not len(allowed):
                return {}
            bits = np.zeros(int(allowed.max()) + 1, dtype=bool)
            bits[allowed] = True
            packed = np.packbits(bits, bitorder="little")
            selector = faiss.IDSelectorBitmap(packed)
            parameters = faiss.SearchParameters(sel=selector)
        faiss.omp_set_num_threads(1)  # of this thread; to start others for one question costs 15 ms
        with self._turn:
            scores, rows = self._index.search(vector[None, :], top, params=parameters)
        return {int(row): float(score) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0}

    def scores(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The cosines of just these passages with ``vector``; those that are not here are left out."""
        with self._turn:
            stored = {row: self._vector(row) for row in rows}
        return {row: float(there @ vector) for row, there in stored.items() if there is not None}

    def _vector(self, row: int) -> Vectors | None:
        try:
            vector: Vectors = self._index.reconstruct(row)
        except RuntimeError:  # removed since its words were found
            return None
        return vector

    def save(self, path: Path) -> str:
        """Write the index to ``path``, whole or not at all; the SHA-256 of what was written."""
        with self._turn:
            content = faiss.serialize_index(self._index).tobytes()
        write_whole(path, content)
        return hashlib.sha256(content).hexdigest()

    @classmethod
    def load(cls, path: Path, digest: str, dimensions: int) -> VectorIndex | None:
        """The index that :meth:`save` wrote, or None where the file is not the one with ``digest``."""
        if not path.is_file():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            return None
        index = cls(dimensions)
        index._index = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
        return index


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` in one step that a power cut cannot halve."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
