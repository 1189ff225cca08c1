"""Times that a text implies: "two months later" after January 2024 is March 2024."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from bot.verification.dates import Date
from bot.verification.quantities import Quantity

Time = tuple[int, int]  # a year, and a month from 1 or 0 where only the year is known
_LATER = re.compile(r"\W*(?:later|after|on|afterwards)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\W*(?:earlier|before|ago|previously)\b", re.IGNORECASE)


def times(text: str, dates: Iterable[Date], quantities: Sequence[Quantity]) -> frozenset[Time]:
    """The years and months that ``text`` names or reckons from those that it names."""
    named = {(date.year, date.month) for date in dates if date.year}
    named |= {(year, 0) for year, _ in named}
    named |= {(int(one.value), 0) for one in quantities if one.kind == "year"}
    reckoned = set(named)
    for step, time in product(quantities, named):
        after = text[step.span.end :]
        sign = 1 if _LATER.match(after) else -1 if _EARLIER.match(after) else 0
        if sign and step.unit in ("year", "month"):
            reckoned |= _moved(time, sign * int(step.value), step.unit)
    return frozenset(reckoned)


def _moved(time: Time, steps: int, unit: str) -> set[Time]:
    year, month = time
    if unit == "year":
        return {(year + steps, month), (year + steps, 0)}
    if not month:
        return set()
    months = 12 * year + month - 1 + steps
    return {(months // 12, months % 12 + 1), (months // 12, 0)}


def lies_between(length: Quantity, known: Iterable[Time]) -> bool:
    """Whether two of the ``known`` times are ``length`` apart."""
    if length.unit not in ("year", "month"):
        return False
    points = [12 * year + month for year, month in known if (month > 0) == (length.unit == "month")]
    apart = length.value * (12 if length.unit == "year" else 1)
    return any(abs(one - other) == apart for one, other in product(points, points))
