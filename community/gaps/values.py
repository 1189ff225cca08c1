"""What is kept of a question, and what is said of it. Frozen values, nothing is stored here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

REASONS = {
    "other question": "It answers something else than I asked",
    "incomplete": "Something is missing",
    "out of date": "It is out of date",
    "wrong source": "It rests on a source that does not fit",
    "other": "Something else",
}
BESIDE = "beside the point"  # the reason that staff gives, not an asker, for an answer that is none


@dataclass(frozen=True, slots=True)
class Kept:
    """One question in the log, its words masked. ``helpful`` is "yes", "no" or empty.

    ``cited`` names the versions that its answer rested on; ``answered_by`` the source that came later.
    """

    id: int
    asked_at: datetime
    question: str
    understood: str
    language: str
    countries: tuple[str, ...]
    found: bool
    confidence: float
    cited: tuple[tuple[str, int], ...]
    helpful: str
    reason: str
    words: str
    is_awaited: bool
    group_id: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Day:
    """What was asked on one day, in counts."""

    day: date
    asked: int = 0
    answered: int = 0
    helpful: int = 0
    unhelpful: int = 0


class GroupState(StrEnum):
    """What became of a group of questions."""

    OPEN = "open"
    DRAFTED = "call drafted"
    ANSWERED = "answered"
    SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same: how many people asked, how often, about where, since when.

    ``question`` stands for all of them. ``countries`` and ``reasons`` come with how many people, the most
    first. ``again`` counts how often it was asked since staff decided; ``note`` is why it was set aside.
    """

    id: str
    question: str
    people: int
    times: int
    countries: tuple[tuple[str, int], ...]
    languages: tuple[str, ...]
    since: datetime
    latest: datetime
    reasons: tuple[tuple[str, int], ...]
    awaited: int
    state: GroupState = GroupState.OPEN
    note: str = ""
    source_id: str = ""
    call_id: str = ""
    again: int = 0


def kept_of(row: Mapping[Any, Any]) -> Kept:
    """A row of the log as a value."""
    return Kept(
        id=row["id"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        question=row["question"],
        understood=row["understood"],
        language=row["language"],
        countries=lines(row["countries"]),
        found=row["found"],
        confidence=row["confidence"],
        cited=tuple((source_id, number) for source_id, number in json.loads(row["cited"])),
        helpful=row["helpful"],
        reason=row["reason"],
        words=row["words"],
        is_awaited=bool(row["person_id"]),
        group_id=row["group_id"],
        answered_by=row["answered_by"],
    )


def lines(stored: str) -> tuple[str, ...]:
    """Values that are stored one a line."""
    return tuple(stored.split("\n")) if stored else ()
