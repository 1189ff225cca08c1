"""An event as a file for calendar programs (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.domain import Event, Session
from ingest.text import clean, clean_line

_MAKER = "-//Ujuzi//Webinars//EN"


def calendar_file(event: Event, address: str, made: datetime) -> bytes:
    """The event in a calendar of its own. ``address`` is its page; ``made`` is when the file was made: of two
    files of one event, programs keep the later.

    Times are in UTC: each program shows them in its owner's zone, from which they attend, and none stumbles
    over a zone's name or rules. The description says when it is where it was announced.
    """
    from icalendar import Calendar
    from icalendar import Event as Entry

    entry = Entry()
    entry.add("uid", f"{clean_line(event.id)}@ujuzi")  # the same wherever the library is served from
    entry.add("dtstamp", made.astimezone(UTC))
    entry.add("dtstart", event.start.astimezone(UTC))
    entry.add("dtend", event.end.astimezone(UTC))
    entry.add("summary", clean_line(event.title))
    entry.add("description", "\n\n".join(filter(None, map(clean, _description(event)))))
    entry.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _description(event: Event) -> Iterator[str]:
    """What somebody who looks at their calendar needs to attend, a paragraph each."""
    if event.illustrative:
        yield "An illustrative event, written for demonstration; it does not take place."
    yield _announced(event)
    yield event.summary
    yield "\n".join(map(_item, event.sessions))
    if event.registration:
        yield f"Registration: {event.registration}"


def _announced(event: Event) -> str:
    start, end = event.start, event.end.astimezone(event.start.tzinfo)
    return f"{start.day} {start:%B %Y, %H:%M} to {end:%H:%M} ({event.time_zone})"


def _item(session: Session) -> str:
    minutes = f" ({session.minutes} minutes)" if session.minutes else ""
    return f"- {clean_line(session.title)}{minutes}"
