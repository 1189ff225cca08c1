"""Unit vectors in few bytes: one a component for sentences, a quarter of one for tokens.

Two bits are enough after a turn that spreads every direction over all components: these are then near to
normal, whatever model made the vectors, and have the four best levels that are known for a normal value
("TurboQuant": Zandieh et al., arXiv 2504.19874, 2025; the levels: Max, IRE Trans. Inf. Theory 6(1), 1960).
The turn here is a cosine transform with no chance in it, so that what was packed can be read for ever.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.encoded import Vectors, unit

_LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], dtype=np.float32)
_BOUNDS = (-0.9816, 0.0, 0.9816)
_IN_A_BYTE = 4
_SHIFTS = np.arange(0, 8, 2, dtype=np.uint8)
_OF_A_BYTE = _LEVELS[(np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS) & 3]  # (256, 4)
# The same four levels in a byte each, their proportions kept to a thousandth: many times quicker to look up.
_WHOLE_OF_A_BYTE = np.rint(_OF_A_BYTE * (10 / _LEVELS[-1])).astype(np.int8).view(np.uint32).ravel()  # (256,)


def pack_bytes(rows: Vectors) -> bytes:
    """Unit vectors as int8, the largest component of each at full scale: its length is no information."""
    scale = 127 / np.abs(rows).max(axis=1, keepdims=True)
    content: bytes = np.rint(rows * scale).astype(np.int8).tobytes()
    return content


def unpack_bytes(content: bytes, dimensions: int) -> Vectors:
    """What :func:`pack_bytes` packed, shape (rows, ``dimensions``)."""
    return unit(np.frombuffer(content, dtype=np.int8).reshape(-1, dimensions).astype(np.float32))


def pack_pairs(rows: Vectors) -> bytes:
    """Unit vectors in two bits a component."""
    dimensions = rows.shape[1]
    turned = rows @ _turn(dimensions).T * math.sqrt(dimensions)  # numpy's root would widen it
    codes = np.zeros((len(rows), _width(dimensions) * _IN_A_BYTE), dtype=np.uint8)
    for bound in _BOUNDS:  # in a ninth of the time that np.digitize takes
        codes[:, :dimensions] += turned >= bound
    quarters = [codes[:, place::_IN_A_BYTE] << shift for place, shift in enumerate(_SHIFTS)]
    content: bytes = np.bitwise_or.reduce(quarters).tobytes()
    return content


def unpack_pairs(content: bytes, dimensions: int) -> Vectors:
    """What :func:`pack_pairs` packed, shape (rows, ``dimensions``)."""
    in_bytes = np.frombuffer(content, dtype=np.uint8).reshape(-1, _width(dimensions))
    turned = _OF_A_BYTE[in_bytes].reshape(len(in_bytes), _width(dimensions) * _IN_A_BYTE)
    return unit(turned[:, :dimensions] @ _turn(dimensions))


def closest_pairs(rows: Vectors, packed: Sequence[bytes]) -> Vectors:
    """The cosine of each of ``rows`` with the closest vector of each text that :func:`pack_pairs` packed.

    The shape is (texts, rows); a text without vectors is like nothing.
    """
    dimensions = rows.shape[1]
    in_bytes = np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(-1, _width(dimensions))
    levels = _WHOLE_OF_A_BYTE[in_bytes].view(np.int8)[:, :dimensions].astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", levels, levels))
    # the turn keeps angles, so that the few rows are turned instead of the many packed ones being turned back
    cosines = (rows @ _turn(dimensions).T) @ levels.T / lengths
    counts = np.array([len(one) for one in packed], dtype=np.int64) // _width(dimensions)
    closest = np.zeros((len(packed), len(rows)), dtype=np.float32)
    if len(levels):
        starts = (counts.cumsum() - counts)[counts > 0]
        closest[counts > 0] = np.maximum.reduceat(cosines, starts, axis=1).T
    return closest


def _width(dimensions: int) -> int:
    """Bytes a row."""
    return -(-dimensions // _IN_A_BYTE)


@cache
def _turn(dimensions: int) -> Vectors:
    """The orthonormal cosine transform (DCT-II), a square matrix."""
    place = np.arange(dimensions)
    matrix = np.cos(np.pi * (place + 0.5) * place[:, None] / dimensions) * np.sqrt(2 / dimensions)
    matrix[0] /= np.sqrt(2)
    turn: Vectors = matrix.astype(np.float32)
    return turn
