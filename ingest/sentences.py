"""Sentences as exact spans of a text."""

from __future__ import annotations

from sentencex import get_sentence_boundaries

from ingest.domain import Span

_LINE_IS_A_SENTENCE = 4  # words: a shorter line (a cell, a label) stays with the line before


def sentences(text: str, language: str = "en", start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, without white space or bars around; in lists, the lines."""
    piece = text[start:end]
    found = []
    for boundary in get_sentence_boundaries(language, piece):
        offset = start + int(boundary["start_index"])
        for line in _lines(str(boundary["text"])):
            span = _trimmed(text, offset + line.start, offset + line.end)
            if span.start < span.end:
                found.append(span)
    return found


def _lines(text: str) -> list[Span]:
    """``text`` cut at those line ends that separate whole phrases."""
    spans = [Span(0, 0)]
    offset = 0
    for line in text.splitlines(keepends=True):
        previous = spans[-1]
        alone = len(line.split()) >= _LINE_IS_A_SENTENCE
        if alone and previous.end > previous.start:
            spans.append(Span(offset, offset + len(line)))
        else:
            spans[-1] = Span(previous.start, offset + len(line))
        offset += len(line)
    return spans


def _parts(character: str) -> bool:
    """Whether ``character`` stands between sentences or cells and belongs to neither."""
    return character.isspace() or character == "|"


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and _parts(text[start]):
        start += 1
    while end > start and _parts(text[end - 1]):
        end -= 1
    return Span(start, end)
