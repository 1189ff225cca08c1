"""The rows of a programme as sessions: their titles, topics and people, and how long each takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import NamedTuple

from ingest.agenda import Agenda
from ingest.agenda_rows import Row
from ingest.announced import handed_over, listed, spoken_of
from ingest.domain import Person, Session

_DAY = 24 * 60  # minutes
_LONGEST = 12 * 60
_NUMBERED_TOPIC = re.compile(r"(?:topic|th[èe]me|tema|mada|sujet|assunto)\s?\d", re.IGNORECASE)


class _Told(NamedTuple):
    """What a row says: what it is called beside its moderator, whom it names, and the lines of its matter."""

    subject: str
    people: tuple[Person, ...]
    matter: tuple[str, ...]


class _Above(NamedTuple):
    """The row that only stands above others ("Session 2"): its moderator and its subject are theirs."""

    label: str = ""
    subject: str = ""
    people: tuple[Person, ...] = ()


def sessions_of(agenda: Agenda, start: datetime, end: datetime) -> tuple[Session, ...]:
    """The sessions of an event from ``start`` to ``end``, each with the minutes that its row gives."""
    return tuple(_sessions(agenda.rows, _minutes(agenda.rows, start, end)))


def _sessions(rows: Sequence[Row], minutes: Sequence[int | None]) -> Iterator[Session]:
    above = [_Above()]  # the innermost last
    for row, following, length in zip(rows, [*rows[1:], None], minutes, strict=True):
        told = _told(row)
        while row.label and len(above) > 1 and not _is_within(row.label, above[-1].label):
            above.pop()
        if _stands_above(row, following):
            subject = " ".join(filter(None, (told.subject, *told.matter)))
            above.append(_Above(row.label, subject, (*above[-1].people, *told.people)))
        elif told != _Told("", (), ()):
            yield _session(row.label or above[-1].label, told, above[-1], length)


def _told(row: Row) -> _Told:
    said = [(line, spoken_of(line)) for line in row.lines]
    people = [person for _, told in said if told for person in told.people]
    people += [person for line in row.people for person in listed(line)]
    subject = next((told.rest for _, told in said if told and told.rest), "")
    return _Told(subject, tuple(people), tuple(line for line, told in said if told is None))


def _is_within(label: str, above: str) -> bool:
    """Whether ``label`` is of a part of what is labelled ``above``, as Session 3A of Session 3."""
    return bool(above) and label.casefold().startswith(above.casefold())


def _stands_above(row: Row, following: Row | None) -> bool:
    """Whether a row without a time of its own only says what the next ones share."""
    if row.is_timed or not row.label or following is None:
        return False
    if not following.label:
        return following.is_timed
    return following.label != row.label and _is_within(following.label, row.label)


def _session(label: str, told: _Told, above: _Above, minutes: int | None) -> Session:
    handed = [handed_over(line) for line in told.matter]
    lines = tuple(words for words, _ in handed)
    bodies = [body for _, of_line in handed for body in of_line]
    several = len(lines) != 1
    subject = told.subject or (above.subject if several else "")
    if not subject and lines and not (label and several and _NUMBERED_TOPIC.match(lines[0])):
        subject, *topics = lines
    else:
        topics = list(lines)
    title = ": ".join(filter(None, (label, subject.rstrip(" :"))))
    people = dict.fromkeys((*above.people, *told.people, *bodies))
    return Session(
        title or ", ".join(person.name for person in people), minutes, tuple(topics), tuple(people)
    )


def _minutes(rows: Sequence[Row], start: datetime, end: datetime) -> list[int | None]:
    """How long each row takes: as it says, or until the next one begins, or the last until the end.

    The last only where the rows count in the time zone of the event, which they show by beginning with it.
    """
    begins = [row.timing.start for row in rows if row.timing.start is not None]
    until = [*begins[1:], end.time()] if begins and begins[0] == start.time() else begins[1:]
    following = dict(zip(begins, until, strict=False))
    return [
        row.timing.minutes or _between(row.timing.start, following.get(row.timing.start))
        if row.timing.start is not None
        else row.timing.minutes
        for row in rows
    ]


def _between(start: time, end: time | None) -> int | None:
    if end is None:
        return None
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % _DAY
    return minutes if 0 < minutes <= _LONGEST else None
