"""The part of a passage that is shown: where the most of what was searched stands together."""

from __future__ import annotations

from bot.pages.excerpts import excerpt
from index.hits import Hit
from ingest.domain import Passage, Place, Source, Span

FILLING = "Nothing of it stands in these words that only take up room here. " * 4


def hit(text: str, *words: str) -> Hit:
    """A passage in which every occurrence of ``words`` is marked."""
    marks = sorted(
        Span(start, start + len(word))
        for word in words
        for start in range(len(text))
        if text.startswith(word, start)
    )
    passage = Passage("talk", 1, 1, text, Span(1_000, 1_000 + len(text)))
    return Hit(passage, Source("talk", "Talk"), Place(), 1.0, highlights=tuple(marks))


def test_several_words_together_are_shown_rather_than_one_again_and_again() -> None:
    text = f"A fee is a fee is a fee is a fee. {FILLING}The airfare and the visa come first."
    cut = excerpt(hit(text, "fee", "airfare", "visa"), 80)
    assert "airfare and the visa" in "".join(piece.text for piece in cut.pieces)
    assert cut.begins_within and not cut.ends_within
    assert text[cut.span.start - 1_000 : cut.span.end - 1_000] == "airfare and the visa"


def test_without_marks_the_beginning_is_shown() -> None:
    cut = excerpt(hit(f"It begins here. {FILLING}"), 60)
    assert "".join(piece.text for piece in cut.pieces).startswith("It begins here.")
    assert cut.span.start == 1_000 and cut.ends_within
