"""The programme that a document holds, as an event: read out of its words, and nothing added to them.

There is one where sessions that say how long they take stand in a table or a list, and a day, hours and a
time zone are named with them. Where one of these is missing, or two of them disagree, there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from ingest.agenda import Agenda, agendas
from ingest.agenda_lines import Line, lines_of
from ingest.agenda_rows import columns_of
from ingest.agenda_sessions import sessions_of
from ingest.announced import organisers
from ingest.builder import Reading
from ingest.domain import THEMES, Event, Session, Source
from ingest.text import plain_letters
from ingest.when import Announced, announced, days, moment
from ingest.zones import names_zone, zones

_LONGEST = timedelta(hours=12)
_NEAR = 4  # lines between a day and its hours
_LONGEST_LINE = 2_000  # characters that are looked through for hours
_MOST_SLOTS = 20  # before the sessions, and after them: those further away are of something else
_NEAR_TITLE = 12  # lines between a title and the sessions
_MOST_TITLE = 200  # characters of a line in a printed programme
_LENGTH = re.compile(r"\d\s?min(?:ute|uto)?s?\b", re.IGNORECASE)
_MOST_SLUG = 60
_TOPIC = re.compile(
    r"(?:topic|(?:webinar )?title|theme|subject|sujet|th[èe]me|titre|tema|t[íi]tulo|mada)\s?:\s(?P<title>.+)",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(
    r"\s(?:date|time|venue|platform|register|registration|heure|lieu|hora|local|inscri\w+)\b[^:]{0,20}:",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:webinar|webinaire|webin[áa]rio|seminar|s[ée]minaire|semin[áa]rio|workshop|atelier|oficina|dialogue"
    r"|conference|conf[ée]rence|confer[êe]ncia|warsha)",
    re.IGNORECASE,
)
_PROGRAMME = re.compile(r"program|agenda|schedule|ordre du jour|ratiba", re.IGNORECASE)
_MARK = re.compile(r"^[^\w(\"«“]+")
_NUMBER = re.compile(r"^(?:\d{1,2}|[a-z])[.)]\s?", re.IGNORECASE)
_REGISTERING = re.compile(
    r"\bregist(?!r(?:y|ar))|\binscri|\binscre|\bsign(?:ing)? up|\brsvp|jisajil|kujiandikish|usajili",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_AFTER_ADDRESS = ".,;:!?)]}'’”»"
_OTHER_NAMES = {"skills matching": ("matching skills",)}


class _Slot(NamedTuple):
    """Hours that are announced, the day that is named with them, and the line in which they stand."""

    line: int
    day: date
    announced: Announced


class _When(NamedTuple):
    start: datetime
    end: datetime
    time_zone: str


def programme_of(reading: Reading, source: Source) -> Event | None:
    """The event whose programme stands in ``reading``, the words of ``source``; None where there is none.

    Its id is the event that the source names, else the day and the title. What is said about the source
    itself (countries, themes, whether it is illustrative) holds for the event too.
    """
    if reading.places.cues or not names_zone(reading.text):
        return None
    lines = lines_of(reading)
    with_zone = [number for number, line in enumerate(lines) if names_zone(line.text[:_LONGEST_LINE])]
    slots = [slot for number in with_zone for slot in _slots(lines, number)]
    if not slots and not any(columns_of(lines[number].text) for number in with_zone):
        return None
    for agenda in agendas(lines):
        when = _when(agenda, lines, slots)
        sessions = sessions_of(agenda, when.start, when.end) if when else ()
        if when and len(sessions) > 1 and not (agenda.is_printed and any(map(_ran_together, sessions))):
            title = _title(lines[: agenda.first]) or source.title
            return Event(
                id=source.event or f"{when.start:%Y-%m-%d}-{_slug(title)}",
                title=title,
                start=when.start,
                end=when.end,
                time_zone=when.time_zone,
                organisers=organisers(reading.text),
                registration=_registration(lines),
                sessions=sessions,
                themes=source.themes or _themes(lines),
                countries=source.countries,
                illustrative=source.illustrative,
            )
    return None


def _ran_together(session: Session) -> bool:
    """Whether the words of a session hold those of another one, whose cells were not found."""
    words = (session.title, *session.topics, *(person.role for person in session.people))
    return any(_LENGTH.search(one) or len(one) > _MOST_TITLE for one in words)


# when it is


def _slots(lines: Sequence[Line], number: int) -> Iterator[_Slot]:
    """The hours of a line, if a day is named with them."""
    found = announced(lines[number].text[:_LONGEST_LINE])
    day = _day_near(lines, number) if found else None
    if day is not None:
        yield from (_Slot(number, day, one) for one in found)


def _when(agenda: Agenda, lines: Sequence[Line], slots: Sequence[_Slot]) -> _When | None:
    """When it begins and ends: by the hours of its rows if its head names their zone, else as announced.

    What is announced last before its rows counts; only if nothing is, what comes after them.
    """
    zone = [named.zone for named in zones(agenda.head)[:1]]
    if zone and (found := _by_rows(agenda, lines, zone)):
        return found
    before = bisect_left(slots, agenda.first, key=lambda slot: slot.line)
    after = bisect_right(slots, agenda.last, key=lambda slot: slot.line)
    nearest = sorted(slots[max(before - _MOST_SLOTS, 0) : before], key=lambda slot: -slot.line)
    tried = (_between(slot, agenda) for slot in (*nearest, *slots[after : after + _MOST_SLOTS]))
    return next((when for when in tried if when), None)


def _by_rows(agenda: Agenda, lines: Sequence[Line], zone: Sequence[tzinfo]) -> _When | None:
    timed = [row.timing for row in agenda.rows if row.is_timed]
    day = _day_near(lines, agenda.first)
    first, last = timed[0], timed[-1]
    if day is None or first.start is None or last.start is None:
        return None
    start = moment(day, first.start, zone)
    end = moment(day, last.end or last.start, zone)
    if start is None or end is None:
        return None
    length = timedelta(0) if last.end else timedelta(minutes=last.minutes or 0)
    return _checked(start[0], end[0] + length, start[1])


def _between(slot: _Slot, agenda: Agenda) -> _When | None:
    """From when it begins to when it ends or, where that is not said, as long as its sessions take."""
    hours, zones_ = slot.announced
    start = moment(slot.day, hours.start, zones_)
    minutes = hours.minutes
    if start is not None and hours.end is None:
        lengths = [session.minutes or 0 for session in sessions_of(agenda, start[0], start[0])]
        minutes = sum(lengths) if all(lengths) else None
    if start is None or minutes is None:
        return None
    return _checked(start[0], start[0] + timedelta(minutes=minutes), start[1])


def _checked(start: datetime, end: datetime, time_zone: str) -> _When | None:
    return _When(start, end, time_zone) if start < end <= start + _LONGEST else None


def _day_near(lines: Sequence[Line], number: int) -> date | None:
    """The day that is named in a line or, the nearest first, close before it or after it."""
    near = [number, *(number - away for away in range(1, _NEAR + 1)), *(number + away for away in (1, 2))]
    found = (days(lines[at].text[:_LONGEST_LINE]) for at in near if 0 <= at < len(lines))
    return next((of_line[0].date for of_line in found if of_line), None)


# what it is called, and what is said of it


def _title(before: Sequence[Line]) -> str:
    """The topic that is named close before the sessions, else the heading above them that names a webinar."""
    for line in reversed(before[-_NEAR_TITLE:]):
        if match := _TOPIC.match(line.text):
            return _NEXT_LABEL.split(match["title"], maxsplit=1)[0].strip()
    headings = (_MARK.sub("", words) for words in _headings_above(before))
    return next((words for words in headings if _EVENT.search(words) and not _PROGRAMME.search(words)), "")


def _headings_above(before: Sequence[Line]) -> Iterator[str]:
    """The headings under which the next line stands, the innermost first."""
    innermost = 7
    for line in reversed(before):
        if line.level is not None and line.level < innermost:
            innermost = line.level
            yield line.text


def _themes(lines: Sequence[Line]) -> tuple[str, ...]:
    """The themes that a line begins with; one of a single word, a word like others, has to be all of it."""
    return tuple(theme for theme in THEMES if any(_is_about(line.text, theme) for line in lines))


def _is_about(line: str, theme: str) -> bool:
    words = _NUMBER.sub("", line, count=1).casefold()
    return any(
        words.startswith(name) if " " in name else words == name
        for name in (theme, *_OTHER_NAMES.get(theme, ()))
    )


def _registration(lines: Sequence[Line]) -> str:
    """The first web address that follows the word for registering in its line."""
    for line in lines:
        word = _REGISTERING.search(line.text)
        address = _ADDRESS.search(line.text, word.end()) if word else None
        if address:
            return address[0].rstrip(_AFTER_ADDRESS)
    return ""


def _slug(title: str) -> str:
    """``title`` for an address; what has no letter of ours is a webinar."""
    words = re.sub(r"[^a-z0-9]+", "-", plain_letters(title)).strip("-")
    short = words[:_MOST_SLUG].rpartition("-")[0] if len(words) > _MOST_SLUG else words
    return short or "webinar"
