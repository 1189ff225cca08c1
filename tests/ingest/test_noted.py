"""Marks become notes; the white space around them stays what it was."""

from __future__ import annotations

import pytest

from ingest.builder import TextBuilder
from ingest.readers.noted import Piece, add_noted


@pytest.mark.parametrize(
    ("space", "kept"), [(" ", " "), ("\u00a0", " "), ("\t", " "), ("\n", "\n"), (" \n\n", "\n\n"), ("", "")]
)
def test_white_space_around_a_mark(space: str, kept: str) -> None:
    builder = TextBuilder()
    add_noted(builder, [Piece(f"The employer pays{space}", ("P01",)), Piece("in advance.")])
    reading = builder.build()
    assert reading.text == f"The employer pays{kept}in advance."
    assert [(note.offset, note.text) for note in reading.places.notes] == [(17, "P01")]
