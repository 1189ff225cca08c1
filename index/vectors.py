"""The vector index: inner products over half-precision vectors, in memory, derived from the truth.

While there are few, all of them are compared. Beyond that they lie in lists, each round a centre found by
k-means, and a question is compared with those in the lists that are nearest to it (an inverted file: Jégou,
Douze and Schmid, IEEE TPAMI 33(1), 2011; here without compression but for the half precision).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np

from index.encoded import Vectors
from index.files import whole_file
from index.rows import Rows, RowSet

faiss: Any = _faiss  # its own annotations leave out what its Python layer adds

EXACT_UP_TO = 20_000  # vectors: to compare so many takes 2 ms
_TRAINED_ON = 16  # vectors a list, for k-means
_ROUNDS = 6  # of k-means
_MOST_SEARCHED = 224  # lists
_TOGETHER = 20_000  # vectors that are handled at once
_NOWHERE = -1


class VectorIndex:
    """Passage rows to unit vectors. Searches and changes take turns; one change at a time."""

    def __init__(self, dimensions: int, exact_up_to: int = EXACT_UP_TO) -> None:
        self._exact_up_to = exact_up_to
        self._index = _lists_round(np.zeros((1, dimensions), dtype=np.float32))
        # by row, also of one that was removed; _NOWHERE for one that was never here
        self._list_of = np.empty(0, dtype=np.int16)
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def lists(self) -> int:
        """How many lists the vectors lie in; one while all are compared."""
        return int(self._index.nlist)

    def expect(self, count: int, sample: Callable[[int], Vectors]) -> None:
        """Make the lists for ``count`` vectors at once, while there are none, from a sample of them.

        ``sample`` gives at most so many vectors as it is asked for.
        """
        lists = self._lists_for(count)
        if lists > 1 and len(vectors := sample(lists * _TRAINED_ON)) >= lists:
            self._index = _lists_round(_centres(vectors, lists))

    def apply(self, added: Mapping[int, Vectors], removed: Sequence[int]) -> None:
        """Remove and add passages by row.

        Where the vectors have outgrown their lists, more lists are made, beside those that are searched.
        """
        with self._turn:
            if removed:
                self._index.remove_ids(np.asarray(removed, dtype=np.int64))
            if added:
                rows = np.fromiter(added, dtype=np.int64, count=len(added))
                self._note(rows, _put(self._index, rows, np.stack(list(added.values()))))
        if (lists := self._lists_for(len(self))) > self.lists:
            self._divide(lists)

    def search(self, vector: Vectors, top: int, allowed: RowSet | None = None) -> dict[int, float]:
        """The ``top`` passages by cosine with ``vector``, inside the rows ``allowed`` if given.

        The fewer are allowed, the more lists are searched, so that as many passages are compared.
        """
        if allowed is not None and not len(allowed):
            return {}
        selector = None if allowed is None else faiss.IDSelectorBitmap(allowed.bits)
        faiss.omp_set_num_threads(1)  # of this thread; to start others for one question costs 15 ms
        with self._turn:
            lists = _searched(self.lists)
            if allowed is not None:
                lists = min(self.lists, -(-lists * len(self) // len(allowed)))
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=lists)
            scores, rows = self._index.search(vector[None, :], top, params=parameters)
        return _found(rows, scores)

    def scores(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The cosines of just these passages with ``vector``; those that are not here are left out."""
        with self._turn:
            wanted = np.asarray(rows, dtype=np.int64)
            wanted = wanted[wanted < len(self._list_of)]
            lists = np.unique(self._list_of[wanted]).astype(np.int64)
            lists = lists[lists != _NOWHERE]
            if not len(lists):
                return {}
            return self._search_lists(vector, lists, wanted)

    def above(self, vector: Vectors, least: float, allowed: RowSet | None = None) -> Rows:
        """The rows of all passages whose cosine with ``vector`` is more than ``least``, inside ``allowed`` if
        given, in the lists that a search of everything looks through; in rising order.
        """
        selector = None if allowed is None else faiss.IDSelectorBitmap(allowed.bits)
        faiss.omp_set_num_threads(1)
        with self._turn:
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=_searched(self.lists))
            _, _, rows = self._index.range_search(vector[None, :], least, params=parameters)
        return np.sort(rows)

    def _search_lists(self, vector: Vectors, lists: Rows, wanted: Rows) -> dict[int, float]:
        question = np.ascontiguousarray(vector[None, :])
        far = np.zeros(len(lists), dtype=np.float32)
        scores, rows = np.empty((1, len(wanted)), np.float32), np.empty((1, len(wanted)), np.int64)
        parameters = faiss.SearchParametersIVF(sel=faiss.IDSelectorBatch(wanted), nprobe=len(lists))
        arrays = [faiss.swig_ptr(array) for array in (lists, far, scores, rows)]
        self._index.search_preassigned_c(1, faiss.swig_ptr(question), len(wanted), *arrays, False, parameters)
        return _found(rows, scores)

    def _lists_for(self, count: int) -> int:
        """One while every vector is compared, else some four times the root of their number."""
        if count <= self._exact_up_to:
            return 1
        return int(2 ** round(np.log2(4 * np.sqrt(count))))

    def _divide(self, lists: int) -> None:
        """Lay the vectors in new lists. Questions go on being answered from the old ones meanwhile."""
        divided = _lists_round(_centres(self._sample(lists * _TRAINED_ON), lists))
        laid = [(rows.copy(), _put(divided, rows, vectors)) for rows, vectors in _contents(self._index)]
        with self._turn:
            self._index = divided
            for rows, lists_ in laid:
                self._note(rows, lists_)

    def _sample(self, count: int) -> Vectors:
        """About ``count`` of the vectors, from everywhere."""
        step = max(1, len(self) // count)
        return np.concatenate([vectors[::step] for _, vectors in _contents(self._index)])

    def _note(self, rows: Rows, lists: Rows) -> None:
        """Remember in which list each of ``rows`` lies."""
        if (beyond := int(rows.max()) + 1 - len(self._list_of)) > 0:
            more = np.full(beyond + len(self._list_of) // 8, _NOWHERE, dtype=np.int16)
            self._list_of = np.concatenate([self._list_of, more])
        self._list_of[rows] = lists

    def save(self, path: Path) -> str:
        """Write the index to ``path``, whole or not at all; the SHA-256 of what was written."""
        seen = hashlib.sha256()
        with whole_file(path) as file:

            def write(content: bytes) -> int:
                seen.update(content)
                return file.write(content)

            faiss.write_index(self._index, faiss.PyCallbackIOWriter(write))
        return seen.hexdigest()

    @classmethod
    def load(cls, path: Path, digest: str, dimensions: int) -> VectorIndex | None:
        """The index that :meth:`save` wrote, or None where the file is not the one with ``digest``."""
        if not path.is_file():
            return None
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                return None
        index = cls(dimensions)
        index._index = faiss.read_index(str(path))
        for number in range(index._index.nlist):
            if len(rows := _rows_in(index._index, number)):
                index._note(rows, np.full(len(rows), number))
        return index


def _searched(lists: int) -> int:
    """How many of ``lists`` a question is compared with.

    Of the nearest ten by exact search those hold .985 (made-up vectors, which are found like real ones, see
    ``bench/synthetic.py``), of 200,000 vectors in 2,048 lists as of 1,000,000 in 4,096.
    """
    return min(lists, _MOST_SEARCHED, round(float(20 * lists ** (1 / 3))))


def _lists_round(centres: Vectors) -> Any:
    """An empty index with a list for each of ``centres``, shape (lists, dimensions)."""
    dimensions = centres.shape[1]
    nearest = faiss.IndexFlatIP(dimensions)
    nearest.add(centres)
    whole = False  # vectors are kept as they are, not as what they differ from their centre by
    index = faiss.IndexIVFScalarQuantizer(
        nearest,
        dimensions,
        len(centres),
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        whole,
    )
    index.is_trained = True  # half precision needs no training, and the centres are given
    index.own_fields = True  # the centres live as long as the index,
    nearest.this.disown()  # and Python leaves them to it
    return index


def _centres(vectors: Vectors, lists: int) -> Vectors:
    """The centres of ``lists`` groups of ``vectors``, of length 1, always the same for the same vectors."""
    faiss.omp_set_num_threads(1)  # questions keep the other cores
    means = faiss.Kmeans(
        vectors.shape[1],
        lists,
        niter=_ROUNDS,
        spherical=True,
        seed=1,
        min_points_per_centroid=1,
        max_points_per_centroid=len(vectors),
    )
    means.train(vectors)
    centres: Vectors = means.centroids
    return centres


def _put(index: Any, rows: Rows, vectors: Vectors) -> Rows:
    """Add ``vectors`` under ``rows``; the list that each went to."""
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    nearest: Rows = np.ascontiguousarray(index.quantizer.search(vectors, 1)[1][:, 0])
    rows = np.ascontiguousarray(rows)
    index.add_core(len(rows), *(faiss.swig_ptr(array) for array in (vectors, rows, nearest)))
    return nearest


def _contents(index: Any) -> Iterator[tuple[Rows, Vectors]]:
    """Everything in the lists of ``index``, some at a time; the rows are a view of it."""
    for number in range(index.nlist):
        rows = _rows_in(index, number)
        codes = faiss.rev_swig_ptr(index.invlists.get_codes(number), len(rows) * index.code_size)
        vectors = codes.view(np.float16).reshape(len(rows), index.d)
        for start in range(0, len(rows), _TOGETHER):
            some = slice(start, start + _TOGETHER)
            yield rows[some], vectors[some].astype(np.float32)


def _rows_in(index: Any, number: int) -> Rows:
    """The rows in one list: a view that holds until the list is changed."""
    size = index.invlists.list_size(number)
    rows: Rows = faiss.rev_swig_ptr(index.invlists.get_ids(number), size)
    return rows


def _found(rows: Rows, scores: Vectors) -> dict[int, float]:
    return {int(row): float(score) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0}
