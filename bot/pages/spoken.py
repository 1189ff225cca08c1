"""Where in a recording a result of a search is heard."""

from __future__ import annotations

from bot.pages.excerpts import Excerpt
from ingest.domain import Cue, Span, Version


def said_in(cut: Excerpt, version: Version) -> Span:
    """What is said, of an excerpt from a transcript, where most of the marked words are heard together.

    A word counts once, and of what holds as many the first. The excerpt's own span where nothing has cues.
    """
    begin = cut.hit.passage.span.start
    marks = [Span(begin + mark.start, begin + mark.end) for mark in cut.hit.highlights]

    def heard(cue: Cue) -> int:
        inside = (mark for mark in marks if cue.span.start <= mark.start and mark.end <= cue.span.end)
        return sum(map(len, {version.quote(mark).casefold() for mark in inside}))

    best = max(version.places.cues_in(cut.span), key=heard, default=None)
    return best.span if best else cut.span
