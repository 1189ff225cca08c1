"""When the documents of a search are from, as bars: a month each while they span few years, else a year each.

A search that is narrowed to one year shows its months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.pages.limits import WHEN, period_words
from bot.pages.wanted import Wanted

_MOST_BARS = 36  # that still can be told apart and pressed
_FEWEST = 3  # periods with documents; fewer are read sooner in the list of years
WIDTH, HEIGHT = 720, 64  # of the picture, in its own units
_LEAST_HEIGHT = 3  # of a bar, so that one document is seen among hundreds


class Bar(NamedTuple):
    """One period: where its bar stands in the picture, and the search narrowed to it."""

    label: str
    documents: int
    address: str
    chosen: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of the periods that have documents, "month" or "year", and the first and the last in words."""

    bars: tuple[Bar, ...]
    each: str
    first: str
    last: str


def timeline(counts: Mapping[str, int], wanted: Wanted) -> Timeline | None:
    """The picture of ``counts`` by year and by month.

    None where a list says it better, and for a search whose address is too long to stand in each bar.
    """
    each, shown, first, last = _shown(counts, wanted)
    if len(shown) < _FEWEST or last - first >= _MOST_BARS or not wanted.is_short:
        return None
    step = WIDTH / (last - first + 1)
    most = max(shown.values())
    bars = tuple(
        _bar(period, documents, documents / most, step * (_number(period) - first), step, wanted)
        for period, documents in sorted(shown.items())
    )
    return Timeline(bars, each, period_words(_period(each, first)), period_words(_period(each, last)))


def _shown(counts: Mapping[str, int], wanted: Wanted) -> tuple[str, dict[str, int], int, int]:
    """Month or year, the periods with their documents, and the numbers of the first and the last."""
    months = {period: count for period, count in counts.items() if "-" in period}
    chosen = {period[:4] for period in wanted.values(WHEN)} & {period[:4] for period in months}
    if len(chosen) == 1:
        (year,) = chosen
        of_year = {period: count for period, count in months.items() if period[:4] == year}
        return "month", of_year, _number(f"{year}-01"), _number(f"{year}-12")
    numbers = [_number(period) for period in months]
    if numbers and max(numbers) - min(numbers) < _MOST_BARS:
        return "month", months, min(numbers), max(numbers)
    years = {period: count for period, count in counts.items() if "-" not in period}
    numbers = [_number(period) for period in years] or [0]
    return "year", years, min(numbers), max(numbers)


def _bar(period: str, documents: int, share: float, x: float, step: float, wanted: Wanted) -> Bar:
    height = max(_LEAST_HEIGHT, round(share * HEIGHT, 1))
    width = round(min(step * 0.8, WIDTH / 12), 1)
    at = round(x + (step - width) / 2, 1)
    address = wanted.limited(WHEN, period).address
    chosen = period in wanted.values(WHEN)
    return Bar(period_words(period), documents, address, chosen, at, HEIGHT - height, width, height)


def _number(period: str) -> int:
    """A year as it is, a month counted from the first of year 0."""
    year, _, month = period.partition("-")
    return 12 * int(year) + int(month) - 1 if month else int(year)


def _period(each: str, number: int) -> str:
    return f"{number:04}" if each == "year" else f"{number // 12}-{number % 12 + 1:02}"
