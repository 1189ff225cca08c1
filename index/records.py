"""Domain values to and from the plain data that the database keeps."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from ingest.domain import Cue, Event, Mark, Note, Person, PlaceMap, Session, Source, Span


def source_to_json(source: Source) -> str:
    """A source as JSON, dates in ISO form."""
    return json.dumps(asdict(source), ensure_ascii=False, default=date.isoformat)


def source_from_json(text: str) -> Source:
    """The source that :func:`source_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    for name in ("countries", "corridors", "sectors", "themes"):
        data[name] = tuple(data[name])
    data["people"] = _people(data["people"])
    data["date"] = date.fromisoformat(data["date"]) if data["date"] else None
    return Source(**data)


def places_to_json(places: PlaceMap) -> str:
    """A place map as compact JSON: lists of numbers and labels."""
    return json.dumps(
        {
            "pages": places.pages,
            "slides": places.slides,
            "headings": places.headings,
            "cues": [(*cue.span, cue.start, cue.end, cue.speaker) for cue in places.cues],
            "notes": places.notes,
        },
        ensure_ascii=False,
    )


def places_from_json(text: str) -> PlaceMap:
    """The place map that :func:`places_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    return PlaceMap(
        pages=tuple(data["pages"]),
        slides=tuple(data["slides"]),
        headings=tuple(Mark(*mark) for mark in data["headings"]),
        cues=tuple(Cue(Span(*cue[:2]), *cue[2:]) for cue in data["cues"]),
        notes=tuple(Note(*note) for note in data["notes"]),
    )


def event_to_json(event: Event) -> str:
    """An event as JSON, moments in ISO form with their offset."""
    return json.dumps(asdict(event), ensure_ascii=False, default=datetime.isoformat)


def event_from_json(text: str) -> Event:
    """The event that :func:`event_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    for name in ("start", "end"):
        data[name] = datetime.fromisoformat(data[name])
    for name in ("organisers", "materials", "themes", "countries"):
        data[name] = tuple(data[name])
    data["sessions"] = tuple(
        Session(**{**item, "topics": tuple(item["topics"]), "people": _people(item["people"])})
        for item in data["sessions"]
    )
    return Event(**data)


def _people(items: list[dict[str, str]]) -> tuple[Person, ...]:
    return tuple(Person(**item) for item in items)
