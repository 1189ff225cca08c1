"""A citation as the chat shows it: the quote marked among the words around it, and what can be copied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer import Citation
from bot.pages.history import changes_address
from bot.pages.on_slides import OnSlide, on_slide
from bot.webinars.alignment import slide_beside
from bot.webinars.recorded import Recordings
from bot.webinars.webinar import moment_address, webinar, webinar_id
from index.entries import PUBLISHED, REPLACED, Entry
from index.library import Library
from index.scope import Reader
from ingest.domain import Source, Span, clock
from ingest.errors import NotFound
from web.pieces import Piece, pieces
from web.words import document_words, place_words, review_words, written

_AROUND = 140  # characters that are shown before a quote, and behind it
_SPACE = re.compile(r"\s")
_GAP = "\n\n"  # between two blocks of a document


@dataclass(frozen=True, slots=True)
class Replaced:
    """What took the place of a version that is cited: its number, since when, and what shows the changes."""

    number: int
    day: date | None
    changes: str


@dataclass(frozen=True, slots=True)
class Card:
    """One source of an answer. ``pieces`` are its quote, marked, with the words before and behind.

    Of words from a recording, ``moment`` opens the webinar when they are said, ``plays`` where the recording
    itself is here, and ``slide`` is the one that is spoken of then.
    """

    citation: Citation
    pieces: tuple[Piece, ...]
    begins_within: bool
    ends_within: bool
    moment: str = ""
    plays: bool = False
    slide: OnSlide | None = None
    replaced: Replaced | None = None

    @property
    def opens(self) -> str:
        """What its link does, in words."""
        place = self.citation.place
        if place.seconds is not None:
            return f"Open at {clock(place.seconds[0])}"
        if place.pages is not None:
            return f"Open at p. {place.pages[0]}"
        return f"Open at slide {place.slide}" if place.slide is not None else "Open"

    def reference(self, site: str) -> str:
        """What can be copied: where the words stand, the words, and the address that shows them there."""
        citation = self.citation
        source = citation.source
        told = (
            document_words(source),
            review_words(source.tier) if source.tier else "",
            "illustrative" if source.illustrative else "",
        )
        kind = ", ".join(filter(None, told))
        day = written(source.date) if source.date else ""
        place = place_words(citation.place)
        about = ", ".join(part for part in (f"{source.title} ({kind})", place, day) if part)
        return f"{about}: “{citation.quote}” {site.rstrip('/')}{citation.link}"


class Cards:
    """The citations of one library as cards."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._recordings = Recordings(library)

    def of(self, citation: Citation, reader: Reader) -> Card:
        """``citation`` with the words around its quote; the bare quote where its document has just gone."""
        try:
            entry, version = self._library.read(citation.source.id, reader, citation.version)
        except NotFound:
            return Card(citation, (Piece(citation.quote, marked=True, first=True),), True, True)
        text = version.text
        shown = _with_surroundings(text, citation.span)
        cut = tuple(pieces(text, shown, [citation.span]))
        begins, ends = _is_within(text, shown.start), _is_within(text, shown.end)
        plain = Card(citation, cut, begins, ends, replaced=self._replaced(entry, reader))
        is_current = entry.state == PUBLISHED  # a moment's page shows what is said now
        return self._spoken(plain, reader) if citation.place.seconds and is_current else plain

    def is_gone(self, source: Source, version: int, reader: Reader) -> bool:
        """Whether that version answers ``reader`` no more: it was withdrawn, removed or restricted."""
        try:
            return self._library.entry(source.id, reader, version).state not in (PUBLISHED, REPLACED)
        except NotFound:
            return True

    def _replaced(self, entry: Entry, reader: Reader) -> Replaced | None:
        if entry.state != REPLACED:
            return None
        current = self._library.entry(entry.source.id, reader).number
        return Replaced(current, entry.changed_at, changes_address(entry.source.id, entry.number, current))

    def _spoken(self, plain: Card, reader: Reader) -> Card:
        """``plain`` with what the webinar has beside these words."""
        citation = plain.citation
        assert citation.place.seconds is not None
        identity = webinar_id(citation.source)
        plays = self._library.recording(identity, reader) is not None
        moment = moment_address(citation.source, citation.place.seconds[0], play=plays)
        slide = self._slide(citation, identity, reader)
        return replace(plain, moment=moment, plays=plays, slide=slide)

    def _slide(self, citation: Citation, identity: str, reader: Reader) -> OnSlide | None:
        """The slide that is spoken of where the words stand."""
        try:
            recorded = self._recordings.of(webinar(self._library, identity, reader), citation.source, reader)
        except NotFound:
            return None
        for deck in recorded.decks:
            number = slide_beside(deck.shown, citation.span)
            if number is not None:
                return on_slide(deck, next(one for one in deck.shown if one.slide == number))
        return None


def _with_surroundings(text: str, quote: Span) -> Span:
    """``quote`` and whole words on both sides of it, never beyond its own block."""
    earliest = max(0, quote.start - _AROUND)
    block = text.rfind(_GAP, earliest, quote.start)
    start = block + len(_GAP) if block >= 0 else _after_space(text, earliest, quote.start)
    latest = min(len(text), quote.end + _AROUND)
    block = text.find(_GAP, quote.end, latest)
    end = block if block >= 0 else _before_space(text, quote.end, latest)
    return Span(start, end)


def _after_space(text: str, start: int, end: int) -> int:
    """The beginning of the first whole word in ``text[start:end]``."""
    if start == 0:
        return 0
    space = _SPACE.search(text, start, end)
    return space.end() if space else end


def _before_space(text: str, start: int, end: int) -> int:
    """The end of the last whole word in ``text[start:end]``."""
    if end == len(text):
        return end
    spaces: Sequence[re.Match[str]] = list(_SPACE.finditer(text, start, end))
    return spaces[-1].start() if spaces else start


def _is_within(text: str, offset: int) -> bool:
    """Whether ``offset`` lies inside a block of the text, not at one of its ends."""
    return 0 < offset < len(text) and _GAP not in text[max(0, offset - 2) : offset + 2]
