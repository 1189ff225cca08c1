"""The dates of a text that name a month, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.domain import Span

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAMES = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    )
    for number, name in enumerate(names.split(), 1)
}
_DATE = re.compile(
    r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b"
    r"|\b(?:(?P<before>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"(?P<month>{'|'.join(_NAMES)})\b"
    r"(?:\s+(?P<after>\d{1,2})(?:st|nd|rd|th)?\b(?!\s*%))?"
    r"(?:,?\s+(?:of\s+|de\s+)?(?P<year>(?:19|20)\d{2}))?\b"
)
_BEGINS = re.compile(r"(?:^|[.!?:\n])\W*$")


@dataclass(frozen=True, slots=True)
class Date:
    """A month, with its day and its year where they are given."""

    day: int | None
    month: int
    year: int | None
    span: Span

    def agrees(self, other: Date) -> bool:
        """Whether the two can be the same date: nothing that both give differs."""
        days = self.day is None or self.day == other.day
        return (
            self.month == other.month
            and days
            and (None in (self.year, other.year) or self.year == other.year)
        )


def dates(text: str) -> list[Date]:
    """The dates of ``text`` that name a month, English or ISO."""
    found = []
    for match in _DATE.finditer(text):
        if match["iso"]:
            year, month, day = (int(part) for part in match["iso"].split("-"))
            found.append(Date(day, month, year, Span(*match.span())))
        elif _is_month(match, text):
            given = match["before"] or match["after"]
            found.append(
                Date(
                    int(given) if given else None,
                    _NAMES[match["month"]],
                    int(match["year"]) if match["year"] else None,
                    Span(*match.span()),
                )
            )
    return found


def _is_month(match: re.Match[str], text: str) -> bool:
    """ "May" and "March" are no months where they begin a sentence and no number stands beside them."""
    if match["month"] not in ("May", "March") or match["before"] or match["after"] or match["year"]:
        return True
    return not _BEGINS.search(text[: match.start()])
