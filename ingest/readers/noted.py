"""Text with marks in it that name a source: the marks go, and what they name is noted where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.builder import TextBuilder


class Piece(NamedTuple):
    """Words of a block, and the sources that the document gives right after them."""

    text: str
    notes: tuple[str, ...] = ()


def add_noted(builder: TextBuilder, pieces: Sequence[Piece]) -> None:
    """Append ``pieces`` as one block; white space between them is kept, and each note at its place."""
    begun = False
    gap = ""
    for piece in pieces:
        if piece.text.strip():
            gap = gap or _gap(piece.text[: len(piece.text) - len(piece.text.lstrip())])
            if begun:
                builder.continue_paragraph(piece.text, gap)
            else:
                begun = builder.paragraph(piece.text) is not None
            gap = _gap(piece.text[len(piece.text.rstrip()) :])
        else:
            gap = gap or _gap(piece.text)
        for note in piece.notes if begun else ():
            builder.note(note)


def _gap(space: str) -> str:
    return next((gap for gap in ("\n\n", "\n") if gap in space), " " if space else "")
