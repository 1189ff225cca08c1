"""What the search page shows: the hits by document, as far as one page of them goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.pages.excerpts import Excerpt, excerpt
from bot.pages.exporting import Row
from bot.pages.spoken import said_in
from bot.pages.wanted import Wanted
from bot.webinars.webinar import moment_address, webinar_id
from index.finding import Finding, Found
from index.hits import Hit, link_to
from index.library import Library
from index.scope import Reader
from index.spelling import Misspelt, respelt
from ingest.domain import Place, Source, Version
from ingest.errors import UjuziError

DOCUMENTS_A_PAGE = 8
_LISTED_A_PAGE = 40  # documents, where no words are searched
_NEARLY = 0.8  # of the best score in a document: enough to be shown first if it has the very words
_READ = 10  # passages of a document that are read
_EXCERPT = 340  # characters
_SHORT_EXCERPT = 160
_OTHERS = 2  # further passages of a document that are shown
_EXPORTED = 200  # documents that are taken along
_EXPORTED_OF_ONE = 5  # passages of each


class Shown(NamedTuple):
    """A passage as it is shown: its excerpt, where the marked words of it stand, and what opens them.

    ``moment`` opens the webinar at the second at which they are said; empty where nothing was.
    """

    excerpt: Excerpt
    place: Place
    link: str
    moment: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one document, the best first. ``more`` counts all passages but the best.

    ``ticks`` are the moments of what was found in a recording, as shares from 0 to 100 of its ``length`` in
    seconds; ``plays``: the recording itself is here too.
    """

    source: Source
    best: Shown
    others: tuple[Shown, ...]
    more: int
    ticks: tuple[float, ...] = ()
    length: float = 0.0
    plays: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results of a search. ``searched`` is what was searched, with ``corrections`` made;
    ``offered`` the same with words that are likelier, None where there are none.

    ``groups`` are empty where no words were searched; ``listed`` are the documents then.
    """

    wanted: Wanted
    searched: Wanted
    corrections: tuple[Misspelt, ...]
    offered: Wanted | None
    finding: Finding
    groups: tuple[Group, ...]
    listed: tuple[Source, ...]

    @property
    def passages(self) -> int:
        """How many passages match, on all pages."""
        return self.finding.passages

    @property
    def documents(self) -> int:
        """How many documents match, on all pages."""
        return len(self.finding.documents)

    @property
    def sources(self) -> list[Source]:
        """The documents that this page shows."""
        return [*self.listed, *(group.source for group in self.groups)]

    @property
    def pages(self) -> int:
        """How many pages of results there are."""
        return -(-self.documents // _a_page(self.searched))


def find(library: Library, wanted: Wanted, reader: Reader) -> Results:
    """One page of results. Where a word stands nowhere, the one that was meant is searched in its place."""
    slips = library.misspelt(wanted.wording, reader)
    corrections = tuple(slip for slip in slips if not slip.passages and not wanted.exact)
    searched = _respelt(wanted, corrections)
    offers = [slip for slip in slips if slip not in corrections]
    offered = searched.spelt(respelt(searched.words, offers)) if offers else None
    finding = library.find(searched.wording, searched.scope, reader, mode=searched.mode, order=searched.order)
    first = (searched.page - 1) * _a_page(searched)
    shown = finding.documents[first : first + _a_page(searched)]
    if searched.wording.is_empty:
        listed = tuple(one.source for one in shown)
        return Results(wanted, searched, corrections, offered, finding, (), listed)
    hits = library.hits_in(finding, shown, reader, most=_READ)
    groups = tuple(_group(library, one, own, reader) for one, own in zip(shown, hits, strict=True) if own)
    return Results(wanted, searched, corrections, offered, finding, groups, ())


def rows(library: Library, results: Results, reader: Reader, site: str) -> list[Row]:
    """The best passages of the first documents, to take along. Raises UjuziError where there are no words."""
    if results.searched.wording.is_empty:
        raise UjuziError("There is no list to take along yet. Search for some words first.")
    documents = results.finding.documents[:_EXPORTED]
    found = library.hits_in(results.finding, documents, reader, most=_EXPORTED_OF_ONE)
    return [
        Row(hit.source, hit.passage.version, hit.place, hit.passage.text, f"{site.rstrip('/')}{hit.link}")
        for own in found
        for hit in own
    ]


def _respelt(wanted: Wanted, slips: Sequence[Misspelt]) -> Wanted:
    return replace(wanted, words=respelt(wanted.words, slips)) if slips else wanted


def _a_page(wanted: Wanted) -> int:
    return _LISTED_A_PAGE if wanted.wording.is_empty else DOCUMENTS_A_PAGE


def _group(library: Library, found: Found, hits: Sequence[Hit], reader: Reader) -> Group:
    best = next((hit for hit in hits if hit.highlights and hit.score > _NEARLY * hits[0].score), hits[0])
    others = [hit for hit in hits if hit is not best][:_OTHERS]
    version = library.words_of(found.listing.entry)
    length = max((cue.end for cue in version.places.cues if cue.end is not None), default=0.0)
    plays = bool(length) and library.recording(webinar_id(found.source), reader) is not None
    return Group(
        found.source,
        _shown(best, _EXCERPT, version, plays),
        tuple(_shown(hit, _SHORT_EXCERPT, version, plays) for hit in others),
        len(found.rows) - 1,
        _ticks(hits, length),
        length,
        plays,
    )


def _shown(hit: Hit, length: int, version: Version, plays: bool) -> Shown:
    cut = excerpt(hit, length)
    place = replace(version.place(said_in(cut, version)), heading=hit.place.heading)
    if not place.seconds:
        return Shown(cut, place, hit.link, "")
    moment = moment_address(hit.source, place.seconds[0], play=plays)
    return Shown(cut, place, link_to(version.source_id, version.number, cut.span), moment)


def _ticks(hits: Sequence[Hit], length: float) -> tuple[float, ...]:
    """When each passage was said, in parts of a hundred of ``length``."""
    moments = [hit.place.seconds[0] for hit in hits if hit.place.seconds]
    return tuple(round(100 * moment / length, 1) for moment in sorted(moments)) if length else ()
