"""How long contributions wait for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Waited:
    """One submission from the moment it was submitted to the decision on it, in one of its rounds."""

    submitted_at: datetime
    decided_at: datetime
    decision: str

    @property
    def days(self) -> float:
        """How long that took, in days."""
        return (self.decided_at - self.submitted_at) / timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReviewTimes:
    """Decisions by month ("2026-11"), and how many days half and nine tenths of them took at most."""

    decisions: int
    half: float | None
    nine_tenths: float | None
    by_month: tuple[tuple[str, float, int], ...]  # month, days of half of its decisions, how many


def review_times(rounds: Iterable[Waited]) -> ReviewTimes:
    """The times of ``rounds``; without any there is no length to tell."""
    decided = sorted(rounds, key=lambda one: one.decided_at)
    days = [one.days for one in decided]
    months = dict.fromkeys(f"{one.decided_at:%Y-%m}" for one in decided)
    return ReviewTimes(
        decisions=len(decided),
        half=median(days) if days else None,
        nine_tenths=_nine_tenths(days),
        by_month=tuple(_month(month, decided) for month in months),
    )


def _month(month: str, decided: Sequence[Waited]) -> tuple[str, float, int]:
    days = [one.days for one in decided if f"{one.decided_at:%Y-%m}" == month]
    return month, median(days), len(days)


def _nine_tenths(days: Sequence[float]) -> float | None:
    if len(days) < 2:
        return days[0] if days else None
    return quantiles(days, n=10, method="inclusive")[-1]
