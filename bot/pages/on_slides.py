"""Slides beside what is said on them."""

from __future__ import annotations

from typing import NamedTuple

from bot.webinars.alignment import Shown
from bot.webinars.recorded import Deck
from index.hits import link_to
from ingest.domain import Span


class OnSlide(NamedTuple):
    """A slide that is spoken of from some moment on."""

    number: int
    title: str
    deck: str
    link: str
    start: float | None
    end: float | None


def on_slide(deck: Deck, shown: Shown) -> OnSlide:
    """A slide of ``deck`` where it is spoken of."""
    version = deck.version
    span = version.places.slide_span(shown.slide, len(version.text))
    words = version.quote(span).rstrip()
    link = link_to(version.source_id, version.number, Span(span.start, span.start + len(words)))
    return OnSlide(shown.slide, deck.title(shown.slide), deck.source.title, link, shown.start, shown.end)
