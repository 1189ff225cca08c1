"""A version is cut into passages: along headings and turns, at the ends of sentences, where the topic shifts.

Where a stretch is too long for one passage, its pieces are made about equal, and among the sentence ends
near the ideal length that one is taken where a paragraph or a speaker's turn ends and where the words
before and after have least in common (Hearst, "TextTiling", Computational Linguistics 23(1), 1997).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from ingest.domain import HEADING_MARK, Passage, PlaceMap, Span, Version
from ingest.sentences import sentences

MOST_WORDS = 200
IDEAL_WORDS = 160
LEAST_WORDS = 60
MOST_TOKENS = 254  # of the 256 that the bundled model reads, two are its own marks
MOST_CONTEXT_TOKENS = 60
_NEIGHBOURS = 6  # sentences on either side that are compared to see whether the topic shifts
_MOST_TITLE = 12  # words
_WORD = re.compile(r"\w+")

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is too long for any passage."""

    span: Span
    words: int
    tokens: int
    opens_block: bool  # a paragraph or a speaker's turn begins here


def split(version: Version, title: str, language: str, count_tokens: CountTokens) -> list[Passage]:
    """The passages of ``version`` in reading order.

    No passage crosses a heading or exceeds ``MOST_TOKENS`` together with its context, which is the title
    and the headings above it. Every word of the text outside headings stands in exactly one passage.
    """
    passages: list[Passage] = []
    for section in _sections(version):
        path = version.places.heading_path(section.start)
        context = _context((title, *path), count_tokens)
        room = MOST_TOKENS - count_tokens(context)
        units = list(_units(version, section, language, room, count_tokens))
        for piece in _pieces(units, version.text, room):
            span = Span(piece[0].span.start, piece[-1].span.end)
            number = len(passages) + 1
            passages.append(
                Passage(version.source_id, version.number, number, version.quote(span), span, context)
            )
    return passages


def _sections(version: Version) -> Iterator[Span]:
    """The stretches between headings, without the headings' own lines."""
    start = 0
    for mark in version.places.headings:
        if version.text[start : mark.offset].strip():
            yield Span(start, mark.offset)
        start = mark.offset + len(mark.label)
    if version.text[start:].strip():
        yield Span(start, len(version.text))


def _context(labels: Sequence[str], count_tokens: CountTokens) -> str:
    """Title and headings, shortened from the right until they leave room for the passage."""
    words = HEADING_MARK.join(dict.fromkeys(labels)).split(" ")
    while words and count_tokens(" ".join(words)) > MOST_CONTEXT_TOKENS:
        words = words[: -max(1, len(words) // 8)]
    return " ".join(words)


def _units(
    version: Version, section: Span, language: str, room: int, count_tokens: CountTokens
) -> Iterator[_Unit]:
    text = version.text
    end_before = None
    for sentence in sentences(text, language, section.start, section.end):
        opens = end_before is None or "\n\n" in text[end_before : sentence.start]
        for part, words, tokens in _fitting(text, sentence, room, version.places, count_tokens):
            yield _Unit(part, words, tokens, opens)
            opens = False
        end_before = sentence.end


def _fitting(
    text: str, span: Span, room: int, places: PlaceMap, count_tokens: CountTokens
) -> Iterator[tuple[Span, int, int]]:
    """``span`` whole if it fits into a passage, else halved: at a cue, else at a space, else anywhere.

    Each part comes with the numbers of its words and of its tokens.
    """
    words = text[span.start : span.end]
    count = len(words.split())
    if count <= MOST_WORDS and (tokens := count_tokens(words)) <= room:
        yield span, count, tokens
        return
    cut = _middle([cue.span.start for cue in places.cues_in(span)], span)
    if cut is None and count > 1:
        cut = _middle([span.start + match.end() for match in re.finditer(r"\s+", words)], span)
    cut = cut or (span.start + span.end) // 2
    first_end = span.start + len(text[span.start : cut].rstrip())
    yield from _fitting(text, Span(span.start, first_end), room, places, count_tokens)
    yield from _fitting(text, Span(cut, span.end), room, places, count_tokens)


def _middle(offsets: Sequence[int], span: Span) -> int | None:
    inside = [offset for offset in offsets if span.start < offset < span.end]
    centre = (span.start + span.end) / 2
    return min(inside, key=lambda offset: abs(offset - centre), default=None)


def _pieces(units: Sequence[_Unit], text: str, room: int) -> Iterator[Sequence[_Unit]]:
    start = 0
    remaining = sum(unit.words for unit in units)
    while start < len(units):
        end = _end_of_piece(units, start, text, room, remaining)
        yield units[start:end]
        remaining -= sum(unit.words for unit in units[start:end])
        start = end


def _end_of_piece(units: Sequence[_Unit], start: int, text: str, room: int, remaining: int) -> int:
    """The index after the last unit of the piece at ``start``, with ``remaining`` words to come in all."""
    words = tokens = 0
    fits = [start + 1]
    lengths = {start + 1: units[start].words}
    for index in range(start, len(units)):
        words += units[index].words
        tokens += units[index].tokens
        if index > start and (words > MOST_WORDS or tokens > room):
            break
        fits.append(index + 1)
        lengths[index + 1] = words
    if fits[-1] == len(units):
        return len(units)
    target = remaining / max(2, ceil(remaining / IDEAL_WORDS))
    least = min(LEAST_WORDS, lengths[fits[-1]])
    candidates = [end for end in fits if lengths[end] >= least]
    return max(candidates, key=lambda end: _fitness(units, end, text, lengths[end], target))


def _fitness(units: Sequence[_Unit], end: int, text: str, words: int, target: float) -> float:
    """How good an end ``units[end - 1]`` is for a piece: near the target, at a block's end, a new topic."""
    distance = abs(words - target) / target
    block = (-0.6 if _leads_on(units[end - 1], text) else 0.4) * units[end].opens_block
    return block - distance - _cohesion(units, end, text)


def _leads_on(unit: _Unit, text: str) -> bool:
    """Whether this unit belongs to what follows it: it announces a list, or its block looks like a heading.

    Headings are known where a document marks them. Printed pages mostly do not.
    """
    words = text[unit.span.start : unit.span.end]
    letters = sum(map(str.isalpha, words))
    is_short = unit.opens_block and unit.words <= _MOST_TITLE
    return words.endswith(":") or (is_short and words[-1].isalnum() and letters > len(words) / 2)


def _cohesion(units: Sequence[_Unit], end: int, text: str) -> float:
    """The cosine between the words of the sentences before and after ``end``, from 0 to 1."""
    before = _bag(units[max(0, end - _NEIGHBOURS) : end], text)
    after = _bag(units[end : end + _NEIGHBOURS], text)
    shared = sum(count * after[word] for word, count in before.items())
    return shared / (_length(before) * _length(after) or 1.0)


def _bag(units: Sequence[_Unit], text: str) -> Counter[str]:
    stretch = " ".join(text[unit.span.start : unit.span.end] for unit in units).casefold()
    return Counter(word for word in _WORD.findall(stretch) if len(word) > 3)  # shorter: function words


def _length(bag: Counter[str]) -> float:
    return sqrt(sum(count * count for count in bag.values()))
