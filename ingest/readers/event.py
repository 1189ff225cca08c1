"""The programme of a webinar: an event file in YAML, as a value to work with and as a text to cite."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.builder import Reading, TextBuilder
from ingest.domain import THEMES, Event, Person, Session
from ingest.errors import FileRejected
from ingest.fields import Fields
from ingest.readers.front_matter import parse_yaml
from ingest.readers.guard import finished
from ingest.text import decode

_REQUIRED = ("id", "title", "start", "end")
_NO_EVENT = (
    f"It describes no event, which has at least {', '.join(_REQUIRED)}. If it describes a document, put that "
    "document beside it, under the same name."
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def read(content: bytes, name: str) -> Reading:
    """The programme as text: when, who, what about, then a section for each session."""
    event = read_event(content, name)
    builder = TextBuilder()
    builder.heading(event.title, 1)
    for paragraph in _opening(event):
        builder.paragraph(paragraph)
    for session in event.sessions:
        builder.heading(session.title, 2)
        for paragraph in _programme(session):
            builder.paragraph(paragraph)
    if event.notes:
        builder.heading("Notes", 2)
        builder.paragraph(event.notes)
    return finished(builder, _properties(event), name)


def read_event(content: bytes, name: str) -> Event:
    """The event of a YAML file. FileRejected where something is missing, malformed or contradictory."""
    values = parse_yaml(decode(content, name), name)
    fields = Fields(values if isinstance(values, dict) else {}, name)
    if not all(key in fields for key in _REQUIRED):
        raise FileRejected(name, _NO_EVENT)
    start, end = fields.moment("start"), fields.moment("end")
    if end <= start:
        fields.reject("end", f"An event ends after its start, {start.isoformat()}.")
    return Event(
        id=fields.identifier("id"),
        title=fields.text("title"),
        start=start,
        end=end,
        time_zone=_time_zone(fields, start),
        summary=fields.paragraphs("summary"),
        organisers=fields.texts("organisers"),
        registration=fields.address("registration"),
        recording=fields.address("recording"),
        notes=fields.paragraphs("notes"),
        sessions=tuple(_session(item) for item in fields.mappings("sessions")),
        materials=fields.identifiers("materials"),
        themes=fields.some_of("themes", THEMES),
        countries=fields.words("countries"),
        illustrative=fields.flag("illustrative"),
    )


def _session(fields: Fields) -> Session:
    return Session(
        title=fields.text("title") or fields.reject("title", "Each session needs a title."),
        minutes=fields.minutes("minutes"),
        topics=fields.texts("topics"),
        people=fields.people("people"),
    )


def _time_zone(fields: Fields, start: datetime) -> str:
    """The zone by name, which must agree with the offset of ``start``; else that offset."""
    zone = fields.text("time_zone")
    if not zone:
        return start.tzname() or "UTC"
    try:
        offset = start.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fields.reject("time_zone", "Write a zone such as Africa/Nairobi or UTC.")
    if offset != start.utcoffset():
        fields.reject("time_zone", f"The start, {start.isoformat()}, has another offset from UTC.")
    return zone


def _properties(event: Event) -> dict[str, object]:
    """Its document has an id of its own: the transcript of a session often bears the event's."""
    return {
        "id": f"event-{event.id}",
        "title": event.title,
        "kind": "other",
        "date": event.start.date(),
        "event": event.id,
        "countries": list(event.countries),
        "themes": list(event.themes),
        "people": [
            {"name": person.name, "role": person.role}
            for person in dict.fromkeys(person for session in event.sessions for person in session.people)
        ],
        "link": event.registration,
        "illustrative": event.illustrative,
    }


def _opening(event: Event) -> list[str]:
    paragraphs = [_when(event)]
    if event.organisers:
        paragraphs.append(f"Organised by {_listed(event.organisers)}.")
    if event.illustrative:
        paragraphs.append("An illustrative event, written for demonstration.")
    paragraphs.append(event.summary)
    if event.registration:
        paragraphs.append(f"Registration: {event.registration}")
    if event.recording:
        paragraphs.append(f"Recording: {event.recording}")
    return paragraphs


def _programme(session: Session) -> list[str]:
    """Minutes and people in one paragraph, the topics in the next."""
    facts = []
    if session.minutes:
        facts.append(f"{session.minutes} minute{'s' * (session.minutes > 1)}.")
    if session.people:
        facts.append(f"With {_listed(map(_named, session.people))}.")
    return [" ".join(facts), "\n".join(session.topics)]


def _when(event: Event) -> str:
    """``Tuesday, 10 February 2026, 12:00 to 12:30 (Africa/Nairobi, UTC+03:00).``"""
    start, end = event.start, event.end.astimezone(event.start.tzinfo)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{_day(end)}, {end:%H:%M}"
    offset = f"UTC{start.isoformat()[-6:]}"
    zone = offset if event.time_zone.startswith("UTC") else f"{event.time_zone}, {offset}"
    return f"{_day(start)}, {start:%H:%M} to {until} ({zone})."


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _named(person: Person) -> str:
    return f"{person.name} ({person.role})" if person.role not in ("", person.name) else person.name


def _listed(items: Iterable[str]) -> str:
    """``A, B and C``; with semicolons where an item has a comma of its own."""
    *first, last = items
    separator = "; " if any("," in item for item in (*first, last)) else ", "
    return f"{separator.join(first)} and {last}" if first else last
