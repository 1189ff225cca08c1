"""Moments of the calendar as readers meet them: written out, in the zone they choose."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.domain import Event
from web.words import written

# One zone for each time that the community's countries have, named by a city that many know.
ZONES = (
    ("UTC", "UTC"),
    ("Africa/Abidjan", "Abidjan, Accra, Dakar"),
    ("Africa/Lagos", "Lagos, Luanda, Tunis"),
    ("Africa/Casablanca", "Casablanca"),
    ("Africa/Johannesburg", "Johannesburg, Harare, Kigali"),
    ("Africa/Cairo", "Cairo"),
    ("Africa/Nairobi", "Nairobi, Addis Ababa, Kampala"),
    ("Indian/Mauritius", "Port Louis, Victoria"),
    ("Europe/London", "London, Lisbon"),
    ("Europe/Berlin", "Berlin, Brussels, Geneva"),
    ("Asia/Riyadh", "Riyadh, Doha"),
    ("Asia/Dubai", "Dubai, Muscat"),
    ("Australia/Sydney", "Sydney"),
    ("Pacific/Tongatapu", "Nukuʻalofa"),
    ("America/New_York", "New York"),
)  # fmt: skip


class When(NamedTuple):
    """When an event is, for readers: "10 March 2026", "12:00 to 12:30", "Africa/Nairobi, UTC+03:00"."""

    day: str
    time: str
    zone: str
    start: str  # as machines read it, like the end
    end: str


def when(event: Event, zone: str = "") -> When:
    """When ``event`` is in ``zone``; in its own where that is empty or unknown."""
    start, end, name = event.start, event.end, event.time_zone
    if (chosen := _zone(zone)) is not None:
        start, end, name = start.astimezone(chosen), end.astimezone(chosen), zone
    end = end.astimezone(start.tzinfo)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%H:%M} on {written(end.date())}"
    offset = _offset(start)
    return When(
        day=f"{start:%A}, {written(start.date())}",
        time=f"{start:%H:%M} to {until}",
        zone=offset if name.startswith("UTC") else f"{name}, {offset}",
        start=start.isoformat(),
        end=end.isoformat(),
    )


def known_zone(name: str) -> str:
    """``name`` where it is one of the zones that are offered, else nothing."""
    return name if name in dict(ZONES) else ""


def _offset(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if known_zone(name) else None
    except (ZoneInfoNotFoundError, OSError):  # a system without zones shows the event's own time
        return None
