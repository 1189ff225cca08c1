"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.domain import Passage, Place, Source, Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    ``score`` is the fused score that ranked it (0 to 1 within one search), ``words`` its BM25 score,
    ``meaning`` its cosine with the question. ``highlights`` are spans of ``passage.text``.
    """

    passage: Passage
    source: Source
    place: Place
    score: float
    words: float = 0.0
    meaning: float = 0.0
    highlights: tuple[Span, ...] = ()

    @property
    def link(self) -> str:
        """The page of ours that opens the document at this passage."""
        return link_to(self.passage.source_id, self.passage.version, self.passage.span)


def link_to(source_id: str, version: int, span: Span) -> str:
    """The address, below the site's root, at which these very words are shown marked."""
    return f"/sources/{source_id}?version={version}&from={span.start}&to={span.end}#quote"
