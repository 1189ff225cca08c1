"""Vectors in few bytes come back as directions that rank alike."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoded import Vectors, unit
from index.packing import closest_pairs, pack_bytes, pack_pairs, unpack_bytes, unpack_pairs


def directions(count: int, dimensions: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, dimensions))
    return unit(rows.astype(np.float32))


@pytest.mark.parametrize("dimensions", [384, 30, 1])
def test_two_bits_a_component_keep_the_direction(dimensions: int) -> None:
    rows = directions(200, dimensions, 1)
    content = pack_pairs(rows)
    assert len(content) == 200 * -(-dimensions // 4)
    again = unpack_pairs(content, dimensions)
    assert again.shape == rows.shape and again.dtype == np.float32
    assert np.allclose(np.linalg.norm(again, axis=1), 1, atol=1e-5)
    assert (rows * again).sum(axis=1).min() > 0.85


def test_a_vector_that_lies_along_few_components_keeps_its_direction() -> None:
    """Models have components that outweigh all others; without the turn these rows would all look alike."""
    rows = np.zeros((3, 384), dtype=np.float32)
    rows[0, 5], rows[1, 6], rows[2, [5, 300]] = 1, 1, 0.7
    again = unpack_pairs(pack_pairs(unit(rows)), 384)
    assert (unit(rows) * again).sum(axis=1).min() > 0.85
    assert abs(again[0] @ again[1]) < 0.2


def test_likeness_is_nearly_what_it_was() -> None:
    rows, questions = directions(300, 384, 2), directions(20, 384, 3)
    error = questions @ unpack_pairs(pack_pairs(rows), 384).T - questions @ rows.T
    assert np.abs(error).max() < 0.1 and abs(error.mean()) < 0.002


def test_a_byte_a_component_is_all_but_exact() -> None:
    rows = directions(50, 384, 4)
    assert (rows * unpack_bytes(pack_bytes(rows), 384)).sum(axis=1).min() > 0.9999


def test_nothing_packs_to_nothing() -> None:
    none = np.empty((0, 384), dtype=np.float32)
    for pack, unpack in ((pack_bytes, unpack_bytes), (pack_pairs, unpack_pairs)):
        assert pack(none) == b"" and unpack(b"", 384).shape == (0, 384)


def test_what_was_packed_can_be_read_for_ever() -> None:
    """The layout is on disk in every library: this may not change without raising tables.SCHEMA."""
    rows = unit(np.array([[1, 0, 0, 0, 0], [0.2, -0.5, 0.1, 0.7, -0.4]], dtype=np.float32))
    assert pack_pairs(rows).hex() == "bf02d601"


@pytest.mark.parametrize("dimensions", [384, 30])
def test_the_closest_of_packed_vectors_is_found_without_unpacking_them(dimensions: int) -> None:
    texts = [directions(count, dimensions, count) for count in (5, 1, 40)]
    questions = directions(7, dimensions, 9)
    packed = [pack_pairs(texts[0]), b"", pack_pairs(texts[1]), pack_pairs(texts[2])]
    closest = closest_pairs(questions, packed)
    assert closest.shape == (4, 7) and not closest[1].any()
    for row, content in zip(closest, packed, strict=True):
        if content:
            there = unpack_pairs(content, dimensions)
            assert np.allclose(row, (questions @ there.T).max(axis=1), atol=2e-3)
    assert closest_pairs(questions, []).shape == (0, 7)
    assert closest_pairs(questions[:0], packed).shape == (4, 0)
