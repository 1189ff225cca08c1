"""Conversations in plain text: who opens each turn, and when, where the text says it.

[00:12:30] Anna: text        (12:30) text        [00:12:30 - 00:12:41] text
00:12:30 Anna: text          Anna (00:12:30): text
Anna   12:30                 on a line of its own, the text below it
Anna: text
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.captions import seconds
from ingest.readers.speakers import accepted_names, names_recur, split_label

_T = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_BRACKETED = re.compile(
    rf"[\[(](?P<start>{_T})(?:\s*(?:-->|[-–])\s*(?P<end>{_T}))?[\])]\s*[-–:]?\s*(?P<rest>.*)"
)
_BARE = re.compile(rf"(?P<start>{_T})\s+(?P<rest>\S.*)")
_AFTER_NAME = re.compile(rf"(?P<name>[^\[\](]{{1,80}}?)\s*[\[(](?P<start>{_T})[\])]\s*:?\s*(?P<rest>.*)")
_NAME_LINE = re.compile(rf"(?P<name>\S.{{0,79}}?)\s+(?P<start>{_T})")
_SENTENCE_END = re.compile(r"[.?!…؟][\"'”’)\]]*$")

_LEAST_TURNS = 3
_LEAST_UNTIMED_TURNS = 4
_MOSTLY = 0.5  # of the lines, or of the blocks between blank lines, open a turn
_IN_ORDER = 0.8  # of the moments do not lie before the one that they follow
_SENTENCES = 0.4  # of the turns end like a sentence: what people say does, the fields of a form do not


@dataclass(frozen=True, slots=True)
class Turn:
    """What ``speaker`` says from ``start`` to ``end`` (seconds); None where the text does not say."""

    speaker: str | None
    start: float | None
    end: float | None
    said: str


_Form = Callable[[str], Turn | None]


def turns(text: str) -> tuple[str, list[Turn]] | None:
    """What stands before the first turn, and the turns; None where ``text`` is no conversation.

    A turn without an end of its own ends where the next one starts; of the last one we do not know.
    """
    lines = text.split("\n")
    blocks = [block.split("\n", 1)[0] for block in text.split("\n\n")]
    for form in (_bracketed, _after_name, _bare, _name_line):
        if _is_timed(form, lines, blocks):
            before, found = _collected(form, lines)
            return (before, found) if len(found) >= _LEAST_TURNS else None
    return _collected(_labelled, lines) if _is_untimed(lines, blocks) else None


def _bracketed(line: str) -> Turn | None:
    match = _BRACKETED.fullmatch(line)
    if match is None:
        return None
    name, said = split_label(match["rest"]) or (None, match["rest"])
    return Turn(name, seconds(match["start"]), seconds(match["end"] or ""), said)


def _bare(line: str) -> Turn | None:
    match = _BARE.fullmatch(line)
    label = split_label(match["rest"]) if match else None
    return Turn(label[0], seconds(match["start"]), None, label[1]) if match and label else None


def _after_name(line: str) -> Turn | None:
    match = _AFTER_NAME.fullmatch(line)
    label = split_label(match["name"] + ":") if match else None
    return Turn(label[0], seconds(match["start"]), None, match["rest"]) if match and label else None


def _name_line(line: str) -> Turn | None:
    match = _NAME_LINE.fullmatch(line)
    label = split_label(match["name"] + ":") if match else None
    return Turn(label[0], seconds(match["start"]), None, "") if match and label else None


def _labelled(line: str) -> Turn | None:
    label = split_label(line)
    return Turn(label[0], None, None, label[1]) if label else None


def _is_timed(form: _Form, lines: Sequence[str], blocks: Sequence[str]) -> bool:
    found = [turn for turn in map(form, lines) if turn]
    moments = [turn.start for turn in found if turn.start is not None]
    if len(moments) < _LEAST_TURNS:
        return False
    names = Counter(turn.speaker for turn in found if turn.speaker)
    forward = sum(before <= after for before, after in pairwise(moments))
    mostly = form is _name_line or _share(form, lines, blocks) >= _MOSTLY
    return mostly and forward >= _IN_ORDER * (len(moments) - 1) and names_recur(names)


def _is_untimed(lines: Sequence[str], blocks: Sequence[str]) -> bool:
    found = [turn for turn in map(_labelled, lines) if turn]
    names = [turn.speaker for turn in found if turn.speaker]
    if len(found) < _LEAST_UNTIMED_TURNS or len(set(names)) < 2 or _are_fields(names):
        return False
    sentences = sum(bool(_SENTENCE_END.search(turn.said)) for turn in found)
    return (
        names_recur(Counter(names))
        and sentences >= _SENTENCES * len(found)
        and _share(_labelled, lines, blocks) >= _MOSTLY
    )


def _are_fields(labels: Sequence[str]) -> bool:
    """Whether the same labels return in the same order, as in a list of records."""
    followers: dict[str, set[str]] = {}
    for label, after in pairwise(labels):
        followers.setdefault(label, set()).add(after)
    return len(set(labels)) > 2 and all(len(after) == 1 for after in followers.values())


def _share(form: _Form, lines: Sequence[str], blocks: Sequence[str]) -> float:
    """The share of ``lines`` or of ``blocks`` that open a turn, the higher one: lines may be wrapped."""
    filled = [line for line in lines if line]
    return max(sum(1 for line in some if form(line)) / max(1, len(some)) for some in (filled, blocks))


def _collected(form: _Form, lines: Sequence[str]) -> tuple[str, list[Turn]]:
    """The turns; a line that opens none continues the one before."""
    openings = [form(line) for line in lines]
    names = _names(openings)
    before: list[str] = []
    found: list[tuple[Turn, list[str]]] = []
    for line, opening in zip(lines, openings, strict=True):
        if opening is not None and (opening.speaker is None or opening.speaker in names):
            found.append((opening, [opening.said]))
        elif found:
            found[-1][1].append(line)
        else:
            before.append(line)
    ended = _ends([turn for turn, _ in found])
    spoken = [" ".join(filter(None, said)) for _, said in found]
    return "\n".join(before), [
        Turn(turn.speaker, turn.start, end, said)
        for turn, end, said in zip([turn for turn, _ in found], ended, spoken, strict=True)
        if said
    ]


def _names(openings: Sequence[Turn | None]) -> frozenset[str]:
    """All names of timed turns; of untimed ones those that the evidence accepts."""
    if any(turn is not None and turn.start is not None for turn in openings):
        return frozenset(turn.speaker for turn in openings if turn and turn.speaker)
    return accepted_names([turn.speaker for turn in openings if turn])


def _ends(found: Sequence[Turn]) -> list[float | None]:
    """Each turn's own end, else the next one's start where that does not lie before its own start."""
    ends: list[float | None] = []
    for index, turn in enumerate(found):
        following = found[index + 1].start if index + 1 < len(found) else None
        end = turn.end if turn.end is not None else following
        backwards = end is not None and turn.start is not None and end < turn.start
        ends.append(None if backwards else end)
    return ends
