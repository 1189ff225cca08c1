"""Days, hours and time zones as announcements write them, in English, French, Portuguese and Swahili.

Only what is certain counts: a span of days is no day, an abbreviation that several zones share is no zone,
and where a name and an offset disagree neither is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timezone, tzinfo
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.domain import Span
from ingest.text import plain_letters
from ingest.zones import Zone, offsets, zones

_MONTHS = (
    ("january", "jan", "janvier", "janv", "janeiro", "januari"),
    ("february", "feb", "fevrier", "fevr", "fevereiro", "fev", "februari"),
    ("march", "mar", "mars", "marco", "machi"),
    ("april", "apr", "avril", "avr", "abril", "abr", "aprili"),
    ("may", "mai", "maio", "mei"),
    ("june", "jun", "juin", "junho", "juni"),
    ("july", "jul", "juillet", "juil", "julho", "julai"),
    ("august", "aug", "aout", "agosto", "ago", "agosti"),
    ("september", "sept", "sep", "septembre", "setembro", "set", "septemba"),
    ("october", "oct", "octobre", "outubro", "out", "oktoba"),
    ("november", "nov", "novembre", "novembro", "novemba"),
    ("december", "dec", "decembre", "dezembro", "dez", "desemba"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_SEVERAL = r"(?:[-–—/&]|to|and|et|au|e|a)"  # between the first and the last day of what lasts longer
_DAY = re.compile(
    r"(?<![\d/.-])(?:"
    rf"(?P<several>\d{{1,2}}(?:st|nd|rd|th)?\s?{_SEVERAL}\s?)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?,?\s(?:of\s|de\s)?(?P<month>[^\W\d_]{3,9})\.?,?\s(?:of\s|de\s)?"
    r"|(?P<month_first>[^\W\d_]{3,9})\.?\s(?P<day_second>\d{1,2})(?:st|nd|rd|th)?"
    rf"(?P<more>\s?{_SEVERAL}\s?\d{{1,2}})?,?\s"
    r")(?P<year>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d/.-])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\d/-])"
    r"|(?<![\d/.-])(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<its_year>(?:19|20)\d\d)(?![\d/-])",
    re.IGNORECASE,
)
_CLOCK = (
    r"(?P<hour{0}>\d{{1,2}})(?:\s?(?:[:.]|[hH]\s?)\s?(?P<minute{0}>[0-5]\d)(?!\d))?"
    r"(?P<mark{0}>\s?[ap]\.?\s?m\b\.?|\s?h(?:rs|eures?)?\b)?"
)
_UNTIL = r"(?:[-–—]|to|until|till|à|a|às|até|hadi)"
_HOURS = re.compile(
    r"(?<![\d:.,/+$€£-])"
    + _CLOCK.format(1)
    + rf"(?:(?:\s?\(?[A-Z]{{3,4}}\)?)?\s?{_UNTIL}\s?"
    + _CLOCK.format(2)
    + r"(?![\d%])|(?![\d%]))",
    re.IGNORECASE,
)
_ANY_HOUR = re.compile(r"\d\s?(?:[:.h]|[ap]\.?\s?m)", re.IGNORECASE)
_SWAHILI = re.compile(r"\bsaa\s$", re.IGNORECASE)
_FAR = 60  # characters: a zone that stands further from an hour is of something else


class Day(NamedTuple):
    """A date, and where it stands."""

    span: Span
    date: date


class Hours(NamedTuple):
    """From when to when (None where the end is not said), and where this stands."""

    span: Span
    start: time
    end: time | None

    @property
    def minutes(self) -> int | None:
        """How long that is, over midnight where it ends before it starts; None without an end or a length."""
        if self.end is None:
            return None
        return (_minute(self.end) - _minute(self.start)) % (24 * 60) or None


class Announced(NamedTuple):
    """Hours with the zones that are named at them: where there are several, they have to be one."""

    hours: Hours
    zones: tuple[tzinfo, ...]


def days(line: str) -> list[Day]:
    """The days that ``line`` names with their year. 11/04 is in April; 04/25 can only be in April too."""
    found = ((Span(*match.span()), _date(match)) for match in _DAY.finditer(line))
    return [Day(span, day) for span, day in found if day is not None]


def hours(line: str) -> list[Hours]:
    """The hours that ``line`` gives; what is part of a date or an offset from GMT is none.

    Nor is what follows the Swahili "saa": there the hours may count from six in the morning.
    """
    if not _ANY_HOUR.search(line):
        return []
    masked = _masked(line, [day.span for day in days(line)])
    masked = _masked(masked, offsets(masked))
    matches = (
        match
        for match in _HOURS.finditer(masked)
        if not _SWAHILI.search(masked[max(match.start() - 5, 0) : match.start()])
    )
    found = ((Span(*match.span()), _start_and_end(match)) for match in matches)
    return [Hours(span, *ends) for span, ends in found if ends is not None]


def announced(line: str) -> list[Announced]:
    """The hours of ``line`` to which it gives a zone, behind each or before each."""
    found = hours(line)
    named = zones(line)
    if not found or not named:
        return []
    bounds = [0, *(one.span.start for one in found), len(line)]
    between = line[named[0].span.end : found[0].span.start]
    before_each = named[0].span.end <= found[0].span.start and not any(map(str.isalpha, between))
    pairs: list[Announced] = []
    for number, one in enumerate(found):
        first, last = (
            (bounds[number], one.span.start) if before_each else (one.span.start, bounds[number + 2])
        )
        near = [zone.zone for zone in named if first <= zone.span.start < last and _is_near(zone, one)]
        if near:
            pairs.append(Announced(one, tuple(near)))
    return pairs


def moment(day: date, clock: time, named: Sequence[tzinfo]) -> tuple[datetime, str] | None:
    """The moment of ``clock`` on ``day``, with its offset, and what its zone is called.

    None where ``named``, the zones that stand beside it, are not one on that day.
    """
    zone = next((one for one in named if isinstance(one, ZoneInfo)), named[0])
    found = datetime.combine(day, clock, zone)
    offset = found.utcoffset()
    if offset is None or any(datetime.combine(day, clock, one).utcoffset() != offset for one in named):
        return None
    return found.replace(tzinfo=timezone(offset)), str(zone)


def _is_near(zone: Zone, hours_: Hours) -> bool:
    return abs(zone.span.start - hours_.span.end) <= _FAR


def _date(match: re.Match[str]) -> date | None:
    if match["several"] or match["more"]:
        return None
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["first"]:
            first, second = int(match["first"]), int(match["second"])
            return date(int(match["its_year"]), *((second, first) if second <= 12 else (first, second)))
        month = _NUMBER_OF.get(plain_letters(match["month"] or match["month_first"]))
        return date(int(match["year"]), month, int(match["day"] or match["day_second"])) if month else None
    except ValueError:  # such as the 30th of February
        return None


def _start_and_end(match: re.Match[str]) -> tuple[time, time | None] | None:
    """The hours of ``match``: a number alone is none, and one mark of the afternoon may stand for both."""
    is_range = match["hour2"] is not None
    last = "2" if is_range else "1"
    if not (match[f"minute{last}"] or match[f"mark{last}"]):
        return None
    if not is_range and "." in match[0] and not match["mark1"]:  # 3.15 is rather a chapter
        return None
    for first_half, second_half in _halves(_half(match["mark1"]), _half(match["mark2"]), is_range):
        start = _time(match["hour1"], match["minute1"], first_half)
        end = _time(match["hour2"], match["minute2"], second_half) if is_range else None
        if start is not None and not is_range:
            return start, None
        if start is not None and end is not None and (start < end or match["mark1"] or not second_half):
            return start, end
    return None


def _halves(first: str, second: str, is_range: bool) -> list[tuple[str, str]]:
    """The halves of the day in which a start and an end can be, the likelier first."""
    if not is_range or bool(first) == bool(second):
        return [(first, second)]
    known = first or second
    other = "am" if known == "pm" else "pm"
    return [(known, known), (known, other) if first else (other, known)]


def _half(mark: str | None) -> str:
    """The half of the day that ``mark`` names, am or pm; empty where it is only the word for hours."""
    letters = "".join(filter(str.isalpha, mark or "")).lower()
    return letters if letters in ("am", "pm") else ""


def _time(hour: str, minute: str | None, half: str) -> time | None:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half == "pm" else 0) if 1 <= number <= 12 else 24
    return time(number, int(minute or 0)) if number < 24 else None


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _masked(line: str, spans: Sequence[Span]) -> str:
    """``line`` with as many tildes in the place of ``spans``."""
    return "".join(_parts(line, spans))


def _parts(line: str, spans: Sequence[Span]) -> Iterator[str]:
    for before, span in pairwise([Span(0, 0), *spans, Span(len(line), len(line))]):
        yield "~" * (before.end - before.start)
        yield line[before.end : span.start]
