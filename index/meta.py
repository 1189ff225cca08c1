"""What is known of a passage as one flat mapping of values that JSON has, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import shorten
from typing import Any

from index.hits import link_to
from ingest.domain import Passage, Person, Place, Source
from ingest.errors import FileRejected
from ingest.metadata import describe

_LONGEST_TITLE = 80
_SOURCE_KEYS = (
    "title", "kind", "language", "date", "countries", "corridors", "sectors", "themes", "event", "people",
    "licence", "link", "illustrative", "tier", "part_of",
)  # fmt: skip


def plain_meta(passage: Passage, source: Source, place: Place) -> dict[str, Any]:
    """All that is known of a passage but its words. Lists, not tuples, so that filters can name them."""
    return {
        "source_id": source.id,
        "version": passage.version,
        "number": passage.number,
        "span": list(passage.span),
        "context": passage.context,
        "link": link_to(passage.source_id, passage.version, passage.span),
        "title": source.title,
        "kind": source.kind,
        "language": source.language,
        "date": source.date.isoformat() if source.date else None,
        "countries": list(source.countries),
        "corridors": list(source.corridors),
        "sectors": list(source.sectors),
        "themes": list(source.themes),
        "event": source.event,
        "people": [[person.name, person.role] for person in source.people],
        "licence": source.licence,
        "original_link": source.link,
        "illustrative": source.illustrative,
        "tier": source.tier,
        "part_of": source.part_of,
        "speakers": list(place.speakers),
        "pages": list(place.pages) if place.pages else None,
        "seconds": list(place.seconds) if place.seconds else None,
        "slide": place.slide,
        "heading": place.heading,
    }


def source_of(meta: Mapping[str, Any]) -> Source:
    """The source that :func:`plain_meta` was given."""
    return Source(
        id=meta["source_id"],
        title=meta["title"],
        kind=meta["kind"],
        language=meta["language"],
        date=date.fromisoformat(meta["date"]) if meta["date"] else None,
        countries=tuple(meta["countries"]),
        corridors=tuple(meta["corridors"]),
        sectors=tuple(meta["sectors"]),
        themes=tuple(meta["themes"]),
        event=meta["event"],
        people=tuple(Person(*person) for person in meta["people"]),
        licence=meta["licence"],
        link=meta["original_link"],
        illustrative=meta["illustrative"],
        tier=meta["tier"],
        part_of=meta["part_of"],
    )


def place_of(meta: Mapping[str, Any]) -> Place:
    """The place that :func:`plain_meta` was given."""
    return Place(
        pages=tuple(meta["pages"]) if meta["pages"] else None,
        seconds=tuple(meta["seconds"]) if meta["seconds"] else None,
        speakers=tuple(meta["speakers"]),
        slide=meta["slide"],
        heading=meta["heading"],
    )


def described(meta: Mapping[str, Any], source_id: str, identity: str, text: str) -> Source:
    """The source for a document from elsewhere: as ``meta`` describes it, where that is in our words."""
    given = {key: meta[key] for key in _SOURCE_KEYS if key in meta}
    known = {"id": source_id}
    heading = shorten(text, _LONGEST_TITLE, placeholder="...")
    try:
        return describe({}, given, known, name="", identity=identity, text=text, heading=heading)
    except FileRejected:  # it uses our keys in another sense
        return describe({}, None, known, name="", identity=identity, text=text, heading=heading)
