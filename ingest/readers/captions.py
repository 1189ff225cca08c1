"""WebVTT and SRT by one forgiving grammar: cue times, and the lines that stand under them.

Our own parser, because webvtt-py drops cues without a word where a time has a comma or more than 99 minutes
or cannot be read, loses text after a blank line, and refuses SRT without numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

from ingest.text import clean

Voice = tuple[str | None, str]  # speaker, None where the file names nobody; words

_TIMING = re.compile(r"(?P<start>[^\s>]*?)\s*-->\s*(?P<end>\S*)")
_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})(?:[.,](\d{1,9}))?(?!\d)")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)(?=\s|$)")
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3})\b", re.MULTILINE)

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+(?P<name>[^<>]*))?>|</v>")
_BREAK = re.compile(r"<br\s*/?>|\\N")
# Tags of WebVTT and SRT, tags with attributes, bare tags of any name, and the times inside a cue. What merely
# looks alike ("2<3,5>1", an address in angle brackets) stays.
_TAG = re.compile(
    r"</?(?:b|c|i|u|s|v|lang|ruby|rt|font|span)(?:[.\s][^<>]*)?>"
    r"|</?[A-Za-z]\w*/?>|<[A-Za-z]\w*(?:\s+\w+=[^<>]*)>|<\s*\d+:[\d:.]+>"
)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]\w*);")

_ROLLING = 0.3  # the share of cues that repeat the end of the one before, from which captions roll
_ROLLING_LEAST = 3  # cues
_ROLLING_GAP = 0.1  # seconds: the next cue follows at once, people who repeat themselves pause


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines shown from ``start`` to ``end`` (seconds); None where the file's time makes no sense."""

    start: float | None
    end: float | None
    lines: tuple[str, ...] = ()


_Timed = tuple[Caption, list[str]]  # a cue still without lines, and the lines that it is to have


@dataclass(frozen=True, slots=True)
class Captions:
    """What stands in a caption file, cues in the file's order."""

    cues: tuple[Caption, ...]
    notes: tuple[str, ...] = ()
    language: str = ""


def parse(text: str, webvtt: bool) -> Captions:
    """The cues of ``text``. Only WebVTT has NOTE, STYLE and REGION blocks."""
    cues: list[_Timed] = []
    notes: list[str] = []
    language = ""
    for block in clean(text).split("\n\n"):
        aside = _ASIDE.match(block) if webvtt else None
        if block.startswith("WEBVTT") and (declared := _LANGUAGE.search(block)):
            language = declared[1].lower()
        if aside is None or "-->" in block:
            _read_block(block.split("\n"), cues)
        elif aside[1] == "NOTE":
            notes.append(block)
    return Captions(tuple(replace(cue, lines=tuple(lines)) for cue, lines in cues), tuple(notes), language)


def chronological(cues: Sequence[Caption]) -> list[Caption]:
    """``cues`` by their start; one without a start stays behind the one that it followed. Each only once."""
    keyed: list[tuple[float, Caption]] = []
    for cue in cues:
        before = keyed[-1][0] if keyed else 0.0
        keyed.append((before if cue.start is None else cue.start, cue))
    keyed.sort(key=lambda item: item[0])
    return list(dict.fromkeys(cue for _, cue in keyed if cue.lines))


def unrolled(cues: Sequence[Caption]) -> list[Caption]:
    """``cues`` without the lines that automatic captions show a second time while the next one grows."""
    shown = [[line for line in cue.lines if words(line).strip()] for cue in cues]
    plain = [[words(line).strip() for line in lines] for lines in shown]
    repeated = [
        _overlap(before, after) if _touch(cue, following) else 0
        for (before, after), (cue, following) in zip(pairwise(plain), pairwise(cues), strict=True)
    ]
    rolling = sum(map(bool, repeated))
    if rolling < max(_ROLLING_LEAST, _ROLLING * len(cues)):
        return list(cues)
    kept = [cues[0]]
    for cue, lines, overlap in zip(cues[1:], shown[1:], repeated, strict=True):
        if fresh := tuple(lines[overlap:]):
            kept.append(replace(cue, lines=fresh))
        else:
            kept[-1] = replace(kept[-1], end=cue.end)
    return kept


def voices(lines: Sequence[str]) -> Iterator[Voice]:
    """Who says what in one cue, by its ``<v Name>`` tags."""
    text = "\n".join(lines)
    speaker, start = None, 0
    for tag in _VOICE.finditer(text):
        yield speaker, words(text[start : tag.start()])
        speaker, start = words(tag["name"] or "").strip() or None, tag.end()
    yield speaker, words(text[start:])


def words(text: str) -> str:
    """``text`` without tags, and with entities as the characters that they stand for."""
    text = _TAG.sub("", _BREAK.sub("\n", _OVERRIDE.sub("", text))).replace("\\h", " ")
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text)


def seconds(time: str) -> float | None:
    """The seconds of ``MM:SS.mmm`` or ``HH:MM:SS.mmm`` at the start of ``time``; minutes may exceed 59."""
    match = _TIME.match(time)
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) + float(f"0.{match[4] or 0}")


def _read_block(lines: Sequence[str], cues: list[_Timed]) -> None:
    """Add what stands up to a blank line: as a rule an identifier, times and text of one cue.

    Lines without times continue the cue before; ahead of the first cue there is only the header.
    """
    start = 0
    for index, line in enumerate(lines):
        if timing := _timing(line):
            before = lines[start:index]
            if before and (index == 1 or before[-1].isdigit()):  # its identifier
                before = before[:-1]
            if cues:
                cues[-1][1].extend(before)
            cues.append((timing, []))
            start = index + 1
    if cues:
        cues[-1][1].extend(lines[start:])


def _timing(line: str) -> Caption | None:
    """A cue of these times, still without text. An end before the start is no end."""
    match = _TIMING.match(line)
    if match is None or not re.search(r"\d:|:\d", match["start"] + " " + match["end"]):
        return None
    start, end = seconds(match["start"]), seconds(match["end"])
    backwards = start is not None and end is not None and end < start
    return Caption(start, None if backwards else end)


def _touch(cue: Caption, following: Caption) -> bool:
    if cue.end is None or following.start is None:
        return False
    return following.start <= cue.end + _ROLLING_GAP


def _overlap(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the start of ``after`` repeat the end of ``before``."""
    longest = min(len(before), len(after))
    return next((n for n in range(longest, 0, -1) if before[-n:] == after[:n]), 0)
