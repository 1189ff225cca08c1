"""Groups of all questions, such that what is to stay together does, and ids are kept. Pure."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import RowMapping

from community.gaps.grouping import Numbers, closest, clusters, most_central
from community.gaps.likeness import Likeness
from community.gaps.values import lines
from community.gaps.vectors import QuestionVectors
from index.encoded import Vectors


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The questions of each group, and the one that stands for it: all by the ids of their rows."""

    members: dict[str, list[int]]
    central: dict[str, int]


def regrouped(
    rows: Sequence[RowMapping],
    vectors: Mapping[int, Vectors],
    together: Collection[str],
    central: Mapping[str, int],
    model: QuestionVectors,
) -> Regrouped:
    """Groups of the questions ``rows``.

    ``together`` are the ids of groups that are not torn apart: others only join them. ``central`` is which
    question stood for each group; it still does where the group is as it was.
    """
    texts: dict[str, list[RowMapping]] = {}  # the same words are looked at once
    for row in rows:
        texts.setdefault(row["understood"].casefold(), []).append(row)
    asked = list(texts.values())
    likeness = _likeness(asked, vectors, model)
    settled = _settled(asked, together)
    taken = {number for numbers in settled.values() for number in numbers}
    free = np.array([number for number in range(len(asked)) if number not in taken], dtype=np.int64)
    groups = {group_id: np.array(numbers, dtype=np.int64) for group_id, numbers in settled.items()}
    joined, apart = _joined(likeness, clusters(likeness, free), groups)
    named = joined | _named(apart, asked)
    before = {row["id"]: row["group_id"] for row in rows}
    members = {
        group_id: [row["id"] for number in numbers for row in asked[number]]
        for group_id, numbers in named.items()
    }
    same = {
        group_id: central[group_id]
        for group_id in _as_they_were(members, before)
        if central.get(group_id) in before
    }
    fresh = {
        group_id: _central(likeness, numbers, asked)
        for group_id, numbers in named.items()
        if group_id not in same
    }
    return Regrouped(members, same | fresh)


def _as_they_were(members: Mapping[str, Sequence[int]], before: Mapping[int, str]) -> set[str]:
    """The groups that nothing joined and nothing left; what was deleted does not count."""
    sizes = Counter(before.values())
    return {
        group_id
        for group_id, ids in members.items()
        if sizes[group_id] == len(ids) and all(before[number] == group_id for number in ids)
    }


def _likeness(
    asked: Sequence[Sequence[RowMapping]], vectors: Mapping[int, Vectors], model: QuestionVectors
) -> Likeness:
    found = [next((vectors[row["id"]] for row in rows if row["id"] in vectors), None) for rows in asked]
    width = next((len(vector) for vector in found if vector is not None), 1)
    none = np.zeros(width, dtype=np.float32)
    table = np.stack([none if vector is None else vector for vector in found]) if found else none[None, :0]
    words = [lines(rows[0]["terms"]) for rows in asked]
    return Likeness(words, [rows[0]["language"] for rows in asked], table, model.model, model.apart)


def _settled(asked: Sequence[Sequence[RowMapping]], together: Collection[str]) -> dict[str, list[int]]:
    """What belongs to the groups ``together``, as places in ``asked``."""
    settled: dict[str, list[int]] = {}
    for number, rows in enumerate(asked):
        own = next((row["group_id"] for row in rows if row["group_id"] in together), None)
        if own:
            settled.setdefault(own, []).append(number)
    return settled


def _joined(
    likeness: Likeness, found: Sequence[Numbers], settled: Mapping[str, Numbers]
) -> tuple[dict[str, Numbers], list[Numbers]]:
    """``settled`` with what means the same, and what means something else."""
    joined, apart = dict(settled), []
    names = list(settled)
    for group, best in zip(found, closest(likeness, found, list(settled.values())), strict=True):
        if best is None:
            apart.append(group)
        else:
            joined[names[best]] = np.concatenate([joined[names[best]], group])
    return joined, apart


def _named(found: Sequence[Numbers], asked: Sequence[Sequence[RowMapping]]) -> dict[str, Numbers]:
    """Each group under the id that most of its questions had; two that come from one share it out."""
    before = [
        Counter(row["group_id"] for number in group for row in asked[number] if row["group_id"])
        for group in found
    ]
    claims = [(count, place, group_id) for place, ids in enumerate(before) for group_id, count in ids.items()]
    names: dict[int, str] = {}
    for _, place, group_id in sorted(claims, key=lambda claim: (-claim[0], claim[1])):
        if place not in names and group_id not in names.values():
            names[place] = group_id
    return {names.get(place) or secrets.token_hex(6): group for place, group in enumerate(found)}


def _central(likeness: Likeness, group: Numbers, asked: Sequence[Sequence[RowMapping]]) -> int:
    weights = np.array([len(asked[number]) for number in group], dtype=np.float64)
    return int(asked[most_central(likeness, group, weights)][0]["id"])
