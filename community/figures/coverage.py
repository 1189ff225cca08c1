"""Which themes are covered for which countries, and which are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ingest.domain import THEMES, Source


@dataclass(frozen=True, slots=True)
class Row:
    """One country: how many documents treat each theme, in the order of THEMES, and how many there are.

    ``asked`` is how many people asked about it without an answer.
    """

    country: str
    themes: tuple[int, ...]
    documents: int
    asked: int = 0

    @property
    def gaps(self) -> int:
        """How many themes nothing is said about."""
        return self.themes.count(0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A row for each country that the library or its readers speak of, the best covered first."""

    rows: tuple[Row, ...]
    totals: tuple[int, ...]  # documents of each theme, whatever the country
    without_country: int
    without_theme: int

    @property
    def empty(self) -> int:
        """How many pairs of country and theme have no document."""
        return sum(row.gaps for row in self.rows)


def coverage(sources: Collection[Source], asked: Counter[str]) -> Coverage:
    """The pairs of theme and country among ``sources``; ``asked`` counts people by country in vain.

    An illustrative document covers nothing: it is an example of a document.
    """
    real = [source for source in sources if not source.illustrative]
    documents = Counter(country for source in real for country in set(source.countries))
    pairs = Counter(_pairs(real))
    countries = sorted({*documents, *asked}, key=lambda one: (-documents[one], -asked[one], one.casefold()))
    return Coverage(
        rows=tuple(
            Row(country, _of(country, pairs), documents[country], asked[country]) for country in countries
        ),
        totals=tuple(sum(theme in source.themes for source in real) for theme in THEMES),
        without_country=sum(not source.countries for source in real),
        without_theme=sum(not source.themes for source in real),
    )


def _pairs(sources: Iterable[Source]) -> Iterable[tuple[str, str]]:
    return (
        (country, theme)
        for source in sources
        for country in set(source.countries)
        for theme in set(source.themes)
    )


def _of(country: str, pairs: Counter[tuple[str, str]]) -> tuple[int, ...]:
    return tuple(pairs[country, theme] for theme in THEMES)


def themes_of(row: Row) -> Sequence[tuple[str, int]]:
    """The themes of a row with their counts."""
    return list(zip(THEMES, row.themes, strict=True))
