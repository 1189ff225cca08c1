"""A model's stream of words becomes plain sentences, each with the numbers that it cites.

What a model writes is never trusted as markup: links keep their text and lose their address, pictures and
HTML go, and so does what a model thinks aloud.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.domain import Span
from ingest.sentences import sentences
from ingest.text import clean_line


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence as the model wrote it: its words without the marks, and the numbers that stood in them."""

    text: str
    numbers: tuple[int, ...]


_MARK = re.compile(r"[\[【]\s*\^?\d{1,4}(?:\s*[,;–-]\s*\^?\d{1,4})*\s*[\]】]")
_LEADING_MARKS = re.compile(rf"(?:\s*{_MARK.pattern})+[.\s]*")
_BEGUN_MARK = re.compile(r"[\[【][\d\s,;^–-]*")
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*[^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:https?|ftp|javascript|data):\S+", re.IGNORECASE)
_LINE_START = re.compile(r"^\s*(?:[-*+•>|]+\s+|#{1,6}\s+|\d{1,2}[.)]\s+)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_]|[*_](?!\w)")
_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")


class Drafting:
    """Takes the stream piece by piece and gives back each sentence as soon as it is complete."""

    def __init__(self) -> None:
        self._text = ""

    def feed(self, piece: str) -> list[Draft]:
        """The sentences that ``piece`` completes. The last one waits, for marks may still follow it."""
        self._text = _THOUGHTS.sub(" ", self._text + piece)
        *complete, last = _cut(self._spoken()) or [Span(0, 0)]
        drafts = [draft for span in complete if (draft := draft_of(self._text[span.start : span.end]))]
        self._text = self._text[last.start :]
        return drafts

    def close(self) -> list[Draft]:
        """What is left at the end of the stream."""
        rest, self._text = self._spoken(), ""
        return [draft for span in _cut(rest) if (draft := draft_of(rest[span.start : span.end]))]

    def _spoken(self) -> str:
        """The text up to a thought that is not thought to its end."""
        thought = _OPEN_THOUGHT.search(self._text)
        return self._text[: thought.start()] if thought else self._text


def draft_of(text: str) -> Draft | None:
    """``text`` as a plain sentence with its numbers; None where nothing is left of it."""
    text = plain(text)
    numbers = tuple(dict.fromkeys(number for mark in _MARK.findall(text) for number in _numbers(mark)))
    words = _BEFORE_STOP.sub("", clean_line(_MARK.sub(" ", text)))
    if not any(character.isalnum() for character in words):
        words = ""
    return Draft(words, numbers) if words or numbers else None


def plain(text: str) -> str:
    """``text`` without markup of any kind, its citation marks kept."""
    text = _CODE.sub(" ", text)
    text = _LINK.sub(_link_text, _IMAGE.sub(" ", text))
    text = _TAG.sub(" ", _ADDRESS.sub(" ", text))
    return _EMPHASIS.sub("", _LINE_START.sub("", text))


def _link_text(match: re.Match[str]) -> str:
    """The words of a link; "[1](address)" stays a citation."""
    return f"[{match[1]}]" if match[1].strip().isdigit() else match[1]


def _numbers(mark: str) -> list[int]:
    """The numbers of one mark: "[1, 3]" has two, "[1-3]" three."""
    found: list[int] = []
    for part in re.split("[,;]", mark):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        found += range(ends[0], ends[1] + 1) if len(ends) == 2 and ends[1] - ends[0] < 20 else ends
    return found


def _cut(text: str) -> list[Span]:
    """The sentences of ``text``; marks after a full stop belong to the sentence before it."""
    cut: list[Span] = []
    for span in sentences(text):
        piece = text[span.start : span.end]
        marks = (_LEADING_MARKS.match(piece) or _BEGUN_MARK.fullmatch(piece)) if cut else None
        if marks:
            cut[-1] = Span(cut[-1].start, span.start + marks.end())
            span = Span(span.start + marks.end(), span.end)
        if span.start < span.end:
            cut.append(span)
    return cut
