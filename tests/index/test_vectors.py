"""Vectors in lists are found as surely as by comparing all, whatever came, went or lay on disk between."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from bench import synthetic
from index.encoded import Vectors
from index.rows import RowSet
from index.vectors import VectorIndex

COUNT, EXACT_UP_TO, TOP = 6_000, 1_000, 10
QUESTIONS = synthetic.question_vectors(100)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return next(synthetic.vectors(COUNT))


@pytest.fixture
def in_lists(vectors: Vectors) -> VectorIndex:
    """Grown from few to many, so that its vectors were laid in more and more lists."""
    return filled(vectors, EXACT_UP_TO)


def filled(vectors: Vectors, exact_up_to: int) -> VectorIndex:
    index = VectorIndex(synthetic.DIMENSIONS, exact_up_to)
    for start in range(0, len(vectors), 500):
        index.apply(by_row(vectors, range(start, start + 500)), ())
    return index


def by_row(vectors: Vectors, rows: Iterable[int]) -> dict[int, Vectors]:
    return {row: vectors[row] for row in rows}


def nearest(vectors: Vectors, question: Vectors, rows: Iterable[int]) -> set[int]:
    """The best by comparing all of ``rows``."""
    among = np.fromiter(rows, dtype=np.int64)
    return set(among[np.argsort(-(vectors[among] @ question))[:TOP]].tolist())


def recall(index: VectorIndex, vectors: Vectors, rows: range | set[int]) -> float:
    found = [len(index.search(one, TOP).keys() & nearest(vectors, one, rows)) for one in QUESTIONS]
    return sum(found) / TOP / len(QUESTIONS)


def test_the_nearest_are_found_in_lists_too(in_lists: VectorIndex, vectors: Vectors) -> None:
    assert in_lists.lists == 256  # of 6,000, four times the root, as a power of two
    assert recall(in_lists, vectors, range(COUNT)) >= 0.98


def test_few_vectors_are_all_compared(vectors: Vectors) -> None:
    few = filled(vectors, COUNT)
    assert few.lists == 1 and recall(few, vectors, range(COUNT)) == 1.0


def test_a_scope_of_few_is_searched_exactly_and_fully(in_lists: VectorIndex, vectors: Vectors) -> None:
    few = range(17, COUNT, 100)
    allowed = RowSet(np.array(few))
    for question in QUESTIONS:
        assert in_lists.search(question, TOP, allowed).keys() == nearest(vectors, question, few)
    assert in_lists.search(QUESTIONS[0], COUNT, allowed).keys() == set(few)
    assert in_lists.search(QUESTIONS[0], TOP, RowSet(np.array([], dtype=np.int64))) == {}


def test_scores_are_cosines_and_tell_what_is_absent(in_lists: VectorIndex, vectors: Vectors) -> None:
    question = QUESTIONS[0]
    scores = in_lists.scores(question, [5, 4_711, COUNT + 9, 5_000_000])
    assert scores == pytest.approx({5: vectors[5] @ question, 4_711: vectors[4_711] @ question}, abs=1e-3)
    assert in_lists.scores(question, []) == {} == VectorIndex(synthetic.DIMENSIONS).scores(question, [1])


def test_what_was_removed_is_never_found_and_the_rest_still_is(
    in_lists: VectorIndex, vectors: Vectors
) -> None:
    gone = set().union(*(in_lists.search(question, 3) for question in QUESTIONS))
    in_lists.apply({}, sorted(gone))
    left = set(range(COUNT)) - gone
    assert len(in_lists) == len(left)
    assert recall(in_lists, vectors, left) >= 0.96  # the very nearest are gone
    assert in_lists.scores(QUESTIONS[0], sorted(gone)) == {}
    in_lists.apply(by_row(vectors, gone), ())
    assert recall(in_lists, vectors, range(COUNT)) >= 0.98


def test_lists_made_at_once_are_as_good_as_those_that_grew(vectors: Vectors) -> None:
    index = VectorIndex(synthetic.DIMENSIONS, EXACT_UP_TO)
    index.expect(COUNT, lambda count: vectors[:: max(1, COUNT // count)])
    index.apply(by_row(vectors, range(COUNT)), ())
    assert recall(index, vectors, range(COUNT)) >= 0.98
    index = VectorIndex(synthetic.DIMENSIONS, EXACT_UP_TO)
    index.expect(COUNT, lambda _: np.empty((0, 0), dtype=np.float32))  # none is stored yet
    index.apply(by_row(vectors, range(COUNT)), ())
    assert recall(index, vectors, range(COUNT)) >= 0.98


def test_the_same_vectors_make_the_same_index(vectors: Vectors, tmp_path: Path) -> None:
    assert len({filled(vectors, EXACT_UP_TO).save(tmp_path / "vectors") for _ in range(2)}) == 1


def test_what_is_loaded_answers_and_changes_like_what_was_saved(
    in_lists: VectorIndex, vectors: Vectors, tmp_path: Path
) -> None:
    path = tmp_path / "vectors"
    digest = in_lists.save(path)
    loaded = VectorIndex.load(path, digest, synthetic.DIMENSIONS)
    assert loaded is not None and len(loaded) == COUNT
    gone = list(in_lists.search(QUESTIONS[0], 5))
    for index in (in_lists, loaded):
        index.apply({COUNT: vectors[1]}, gone)
    for question in QUESTIONS:
        assert loaded.search(question, TOP) == in_lists.search(question, TOP)
    assert loaded.scores(QUESTIONS[0], range(COUNT + 1)) == in_lists.scores(QUESTIONS[0], range(COUNT + 1))
    assert [one.name for one in tmp_path.iterdir()] == ["vectors"]
    content = bytearray(path.read_bytes())
    content[-1] ^= 0xFF
    path.write_bytes(content)
    assert VectorIndex.load(path, digest, synthetic.DIMENSIONS) is None
    assert VectorIndex.load(tmp_path / "nothing", digest, synthetic.DIMENSIONS) is None


def test_questions_are_answered_while_vectors_move_to_more_lists(vectors: Vectors) -> None:
    index = VectorIndex(synthetic.DIMENSIONS, EXACT_UP_TO)
    index.apply(by_row(vectors, range(EXACT_UP_TO)), ())
    best = [nearest(vectors, question, range(EXACT_UP_TO)) for question in QUESTIONS]
    stop, missed, asked = threading.Event(), [], 0

    def ask() -> None:
        nonlocal asked
        allowed = RowSet(np.arange(EXACT_UP_TO))
        while not stop.is_set():
            at = asked % len(QUESTIONS)
            missed.append(len(best[at] - index.search(QUESTIONS[at], TOP, allowed).keys()))
            asked += 1

    asking = threading.Thread(target=ask)
    asking.start()
    for start in range(EXACT_UP_TO, COUNT, 1_000):
        index.apply(by_row(vectors, range(start, start + 1_000)), ())
    stop.set()
    asking.join()
    assert asked and sum(missed) / TOP / asked <= 0.02
