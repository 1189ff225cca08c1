"""What changed between two texts: by paragraphs first, by sentences inside those, by words inside these.

The work that it takes is bounded, however long and strange the texts are (see :mod:`index.alignment`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from index.alignment import Allowance, aligned

SAME, REMOVED, ADDED = "same", "removed", "added"

_PARAGRAPH = re.compile(r"(?:(?!\n\n).)+(?:\n\n)?|\n\n", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?…؟。][\"'”’»)]{0,3}\s+|\n+")
_WORD = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")
_PAIRED = 500  # sentences in the place of as many others that are compared one by one
_ALIKE = 0.4  # share of the words that two stretches have in common: below it none was made from the other
_STRAY = 2  # words that stay between two larger changes and only tear them apart


class Run(NamedTuple):
    """Words that stayed the same, were removed or were added."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Changed paragraphs. ``start`` is where what they became stands in the text after."""

    runs: tuple[Run, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs that stayed as they were; ``text`` are their words."""

    paragraphs: int
    text: str


def differences(before: str, after: str) -> list[Change | Unchanged]:
    """Both texts from beginning to end, what stayed and what changed in turn."""
    allowance = Allowance()
    old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    found: list[Change | Unchanged] = []
    offset = 0
    for one in aligned([text.rstrip() for text in old], [text.rstrip() for text in new], allowance):
        became = "".join(new[one.c : one.d])
        if one.same:
            found.append(Unchanged(one.d - one.c, became))
        else:
            found.append(Change(_runs("".join(old[one.a : one.b]), became, allowance), offset))
        offset += len(became)
    return found


def words_changed(changes: Sequence[Change | Unchanged]) -> tuple[int, int]:
    """How many words were added and how many removed."""
    counts: Counter[str] = Counter()
    for change in changes:
        for run in change.runs if isinstance(change, Change) else ():
            counts[run.kind] += len(run.text.split())
    return counts[ADDED], counts[REMOVED]


def _runs(before: str, after: str, allowance: Allowance) -> tuple[Run, ...]:
    """Changed paragraphs, sentence by sentence."""
    old, new = _sentences(before), _sentences(after)
    runs: list[Run] = []
    for one in aligned([text.strip() for text in old], [text.strip() for text in new], allowance):
        if one.same:
            runs.append(Run(SAME, "".join(new[one.c : one.d])))
        elif one.b - one.a == one.d - one.c <= _PAIRED:
            for was, became in zip(old[one.a : one.b], new[one.c : one.d], strict=True):
                runs += _reworded(was, became, allowance)
        else:
            runs += _reworded("".join(old[one.a : one.b]), "".join(new[one.c : one.d]), allowance)
    return tuple(_joined(runs))


def _sentences(text: str) -> list[str]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if end > start]


def _reworded(before: str, after: str, allowance: Allowance) -> list[Run]:
    """A changed sentence word by word, where enough of it is left."""
    whole = [Run(REMOVED, before), Run(ADDED, after)]
    old, new = _WORD.findall(before), _WORD.findall(after)
    shared = sum((Counter(_words(old)) & Counter(_words(new))).values())
    if 2 * shared < _ALIKE * (len(_words(old)) + len(_words(new))) or not shared:
        return whole
    runs: list[Run] = []
    for one in aligned(old, new, allowance):
        if one.same:
            runs.append(Run(SAME, "".join(new[one.c : one.d])))
        else:
            runs += [Run(REMOVED, "".join(old[one.a : one.b])), Run(ADDED, "".join(new[one.c : one.d]))]
    return _without_strays(runs)


def _words(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in pieces if piece[0].isalnum()]


def _without_strays(runs: Sequence[Run]) -> list[Run]:
    """``runs`` with what stayed by chance, a word or two between changes, counted among those."""
    kept: list[Run] = []
    for number, run in enumerate(runs):
        inside = 0 < number < len(runs) - 1
        if run.kind == SAME and inside and len(_words(_WORD.findall(run.text))) <= _STRAY:
            around = len(runs[number - 1].text) + len(runs[number + 1].text)
            if around > 3 * len(run.text):
                kept += [Run(REMOVED, run.text), Run(ADDED, run.text)]
                continue
        kept.append(run)
    return kept


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Neighbours of one kind made one; what was removed stands before what was added in its place."""
    for changed, group in groupby(runs, key=lambda run: run.kind != SAME):
        some = list(group)
        for kind in (REMOVED, ADDED) if changed else (SAME,):
            if text := "".join(run.text for run in some if run.kind == kind):
                yield Run(kind, text)
