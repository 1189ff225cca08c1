"""Time zones as announcements name them: an abbreviation, an offset, a region of Africa, a city of it."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.domain import Span

_NAMED = {
    "EAT": "Africa/Nairobi",
    "CAT": "Africa/Maputo",
    "SAST": "Africa/Johannesburg",
    "WAT": "Africa/Lagos",
    "east": "Africa/Nairobi",
    "central": "Africa/Maputo",
    "south": "Africa/Johannesburg",
    "west": "Africa/Lagos",
    "est": "Africa/Nairobi",
    "centrale": "Africa/Maputo",
    "australe": "Africa/Johannesburg",
    "ouest": "Africa/Lagos",
    "oriental": "Africa/Nairobi",
    "ocidental": "Africa/Lagos",
    "austral": "Africa/Johannesburg",
    "mashariki": "Africa/Nairobi",
}
_HOURS_OF = {"GMT": 0, "UTC": 0, "CET": 1, "CEST": 2, "BST": 1}
_ZONE = re.compile(
    r"\b(?:GMT|UTC|TU)(?:\s?\+\s?|[-−–])(?P<hours>\d{1,2})(?!\d)(?::?(?P<minutes>[0-5]\d))?"
    r"|\b(?P<short>EAT|CAT|SAST|WAT|GMT|UTC|CEST|CET|BST)\b"
    r"|\b(?P<side>East|Central|South|West) African? (?:Standard )?Time\b"
    r"|[Hh]eure (?:d['’]|de l['’])Afrique (?:de l['’])?(?P<cote>[Ee]st|[Oo]uest|[Cc]entrale|[Aa]ustrale)\b"
    r"|[Hh]ora da África (?P<lado>[Oo]riental|[Cc]entral|[Oo]cidental|[Aa]ustral)\b"
    r"|\b[Aa]frika (?P<upande>[Mm]ashariki)\b"
    r"|\bAfrica/(?P<name>[A-Z][A-Za-z_]{2,20})\b"
    r"|\b(?P<city>[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?) (?:local )?[Tt]ime\b"
    r"|\b(?:[Hh]eure|[Hh]ora) (?:local[e]? )?de (?P<ville>[A-Z][a-z]{2,15}(?:[ -][A-Z][a-z]{2,15})?)\b"
)
_MOST_OFFSET = timedelta(hours=14)


class Zone(NamedTuple):
    """A time zone, and where it stands."""

    span: Span
    zone: tzinfo


def zones(text: str) -> list[Zone]:
    """The time zones that ``text`` names."""
    found = ((Span(*match.span()), _zone(match)) for match in _ZONE.finditer(text))
    return [Zone(span, zone) for span, zone in found if zone is not None]


def offsets(text: str) -> list[Span]:
    """Where ``text`` gives an offset in figures, as in GMT+3: these are no hours."""
    return [Span(*match.span()) for match in _ZONE.finditer(text) if match["hours"]]


def names_zone(text: str) -> bool:
    """Whether ``text`` can name a zone anywhere: a quick look at what may be long."""
    return _ZONE.search(text) is not None


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match["hours"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        ahead = "+" in match[0]
        return timezone(offset if ahead else -offset) if offset <= _MOST_OFFSET else None
    if match["short"] in _HOURS_OF:
        return timezone(timedelta(hours=_HOURS_OF[match["short"]]))
    sides = (match[group] for group in ("side", "cote", "lado", "upande"))
    word = match["short"] or next((side.lower() for side in sides if side), "")
    place = match["name"] or match["city"] or match["ville"]
    name = _NAMED.get(word) or f"Africa/{str(place).replace(' ', '_')}"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
