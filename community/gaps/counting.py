"""The daily counts, which are written with what they count and outlive its words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, insert, update

from community.gaps.tables import cited_days, days

_NOTHING = {"asked": 0, "answered": 0, "helpful": 0, "unhelpful": 0}


def count(connection: Connection, day: date, **more: int) -> None:
    """Add to the counts of ``day``: asked, answered, helpful, unhelpful."""
    added = {name: days.c[name] + number for name, number in more.items()}
    if (
        added
        and not connection.execute(update(days).where(days.c.day == day.isoformat()).values(added)).rowcount
    ):
        connection.execute(insert(days).values(_NOTHING | more | {"day": day.isoformat()}))


def count_cited(connection: Connection, day: date, source_ids: Collection[str]) -> None:
    """One more answer on ``day`` that rests on each of these sources."""
    for source_id in source_ids:
        this = (cited_days.c.day == day.isoformat()) & (cited_days.c.source_id == source_id)
        added = update(cited_days).where(this).values(answers=cited_days.c.answers + 1)
        if not connection.execute(added).rowcount:
            row = {"day": day.isoformat(), "source_id": source_id, "answers": 1}
            connection.execute(insert(cited_days).values(row))
