"""The library's values as the JSON that every door speaks (command line, HTTP, tests)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.entries import Entry
from index.hits import Hit
from index.intake import Added
from ingest.domain import Passage, Place, Source, Version


def source_json(source: Source, version: int) -> dict[str, Any]:
    """A source in brief, as hits and citations carry it."""
    brief = {"id": source.id, "title": source.title, "kind": source.kind, "version": version}
    brief |= {"tier": source.tier} if source.tier else {}
    return brief | ({"illustrative": True} if source.illustrative else {})


def place_json(place: Place) -> dict[str, Any]:
    """A place: its label for people, and its parts for programs."""
    return {
        "label": str(place),
        "pages": list(place.pages) if place.pages else None,
        "seconds": [round(second, 3) for second in place.seconds] if place.seconds else None,
        "speaker": place.speaker,
        "slide": place.slide,
        "heading": place.heading,
    }


def hit_json(hit: Hit, rank: int) -> dict[str, Any]:
    """A hit; ``highlights`` count in its ``text``, ``span`` in the source's text."""
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "passage_id": hit.passage.id,
        "text": hit.passage.text,
        "span": list(hit.passage.span),
        "highlights": [list(span) for span in hit.highlights],
        "source": source_json(hit.source, hit.passage.version),
        "place": place_json(hit.place),
        "link": hit.link,
    }


def search_json(query: str, mode: str, took_ms: float, hits: Sequence[Hit]) -> dict[str, Any]:
    """What a search found."""
    found = [hit_json(hit, rank) for rank, hit in enumerate(hits, start=1)]
    return {"query": query, "mode": mode, "took_ms": round(took_ms, 1), "hits": found}


def entry_json(entry: Entry) -> dict[str, Any]:
    """A source with everything that is known of it."""
    source = entry.source
    return {
        "id": source.id,
        "title": source.title,
        "kind": source.kind,
        "version": entry.number,
        "state": entry.state,
        "language": source.language,
        "date": source.date.isoformat() if source.date else None,
        "countries": list(source.countries),
        "corridors": list(source.corridors),
        "sectors": list(source.sectors),
        "themes": list(source.themes),
        "event": source.event,
        "people": [{"name": person.name, "role": person.role} for person in source.people],
        "licence": source.licence,
        "link": source.link,
        "illustrative": source.illustrative,
        "tier": source.tier,
        "part_of": source.part_of,
        "audience": entry.audience,
        "file": entry.file_name,
        "digest": entry.digest,
    }


def show_json(entry: Entry, version: Version, passages: Sequence[Passage]) -> dict[str, Any]:
    """A whole document: ``text[span[0]:span[1]]`` is what a citation quotes."""
    return {
        "source": entry_json(entry),
        "text": version.text,
        "passages": [
            {
                "id": passage.id,
                "number": passage.number,
                "span": list(passage.span),
                "place": place_json(version.place(passage.span)),
            }
            for passage in passages
        ],
    }


def added_json(report: Added) -> dict[str, Any]:
    """What became of one file."""
    return {
        "path": report.path,
        "status": report.status,
        "source_id": report.source_id,
        "passages": report.passages,
        "reason": report.reason or None,
    }
