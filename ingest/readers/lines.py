"""Printed lines become paragraphs again.

A page knows lines only. Whether the next line goes on with the paragraph is judged by how full the line
is, how it ends and how the next begins; short lines that follow each other (tables, lists) stay lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_FULL = 0.85  # of the usual width: such a line was broken for lack of room
_FAIRLY_FULL = 0.7  # a line that ends no sentence may stop so far before a long word
_LEAST_WIDTH = 30  # characters: narrower columns cannot be told from lists
_BULLET = re.compile(r"^(?:[•●○◦▪▫■□►➢➤❖✓✔‣∙·▶▸\x7f\uf000-\uf0ff]|[-–—*o](?=\s))\s*(?=\S)")
_LONE_BULLET = re.compile(r"[•●○◦▪▫■□►➢➤❖✓✔‣∙·▶▸\x7f\uf000-\uf0ff]")
_LONE_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]")
_ITEM = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s+\S")
_LEADERS = re.compile(r"(?:\s?[.…_]){4,}\s*")  # the dots between an entry and its page number
_LEADER = " … "
_SENTENCE_END = re.compile(r"[.!?:;؟。][\"”’»)\]]*\d{0,3}$")  # a footnote's number may follow
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or lines that belong together, and what speaks for its going on on the next page."""

    text: str
    item: bool = False  # it begins with a list item
    ended: bool = True  # its last line ends a sentence
    full: bool = False  # its last line was broken for lack of room

    def goes_on_in(self, other: Block) -> bool:
        """Whether ``other``, at the top of the next page, is more of the same paragraph."""
        return not self.ended and not other.item and (self.full or other.text[0].islower())


def usual_width(lines: Iterable[str]) -> int:
    """The length in characters that the fuller lines have: nine tenths of the lines are not longer."""
    lengths = sorted(len(stripped) for line in lines if (stripped := line.strip()))
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def vocabulary(lines: Iterable[str]) -> frozenset[str]:
    """The words that stand in the middle of lines: by them a word broken at a line's end is mended."""
    words: Counter[str] = Counter()
    for line in lines:
        words.update(word.casefold() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line)[1:-1])
    return frozenset(words)


def blocks(lines: Sequence[str], width: int, known: frozenset[str]) -> Iterator[Block]:
    """The blocks of ``lines`` that were set to ``width`` characters; ``known`` as from ``vocabulary``."""
    pieces: list[str] = []
    before, first_is_item = "", False
    width = max(width, _LEAST_WIDTH)
    for line, item, gap in _marked(lines):
        if before and _goes_on(before, line, width, item, gap):
            dropped, space = seam(before, line, known)
            pieces[-1] = pieces[-1][: len(pieces[-1]) - dropped]
            pieces.append(space + line)
        elif before and (gap or _parts(before, line, width, item)):
            yield _block(pieces, first_is_item, before, width)
            pieces, first_is_item = [line], item
        else:
            first_is_item = first_is_item if before else item
            pieces.append(f"\n{line}" if before else line)
        before = line
    if pieces:
        yield _block(pieces, first_is_item, before, width)


def seam(before: str, line: str, known: frozenset[str]) -> tuple[int, str]:
    """How ``line`` goes on after ``before``: how many characters at its end go, and what comes between."""
    if not _LINE_END_HYPHEN.search(before) or not (second := _FIRST_WORD.match(line)):
        return 0, " "
    return int(_was_broken(before, second[0], known)), ""


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence or a list's introduction does."""
    return bool(_SENTENCE_END.search(text))


def _was_broken(text: str, second: str, known: frozenset[str]) -> bool:
    """Whether the hyphen that ends ``text`` only marks the break of a word."""
    if text[-1] == "\u00ad":
        return True
    match = _LAST_WORD.search(text[:-1])
    first = match[0] if match else ""
    if second[0].isupper() or first.isupper():
        return False
    whole, compound = (first + second).casefold(), f"{first}-{second}".casefold()
    if whole in known or compound in known:
        return compound not in known
    return not (first.casefold() in known and second.casefold() in known)


def _marked(lines: Sequence[str]) -> Iterator[tuple[str, bool, bool]]:
    """The filled lines without bullets; whether each begins a list item, and follows an empty line."""
    spaced_out = _spaced_out(lines)
    gap = bullet = False
    number = ""
    for raw in lines:
        line = _LEADERS.sub(_LEADER, raw).strip()
        if _LONE_BULLET.fullmatch(line):
            bullet = True
        elif line in ("", _LEADER.strip()):
            gap = gap or not spaced_out
        elif _LONE_NUMBER.fullmatch(line) and not number:
            number = f"{line} "
        else:
            text = number + _BULLET.sub("", line, count=1)
            yield text, bullet or text != line or bool(_ITEM.match(line)), gap
            gap = bullet = False
            number = ""
    if number:
        yield number.strip(), True, gap


def _goes_on(before: str, line: str, width: int, item: bool, gap: bool) -> bool:
    """Whether ``line`` goes on with the sentence or paragraph of the line ``before`` it."""
    if item or _LEADER in f"{before} ":
        return False
    lower = line[0].islower() or line[0] in ",;:.)"
    if gap:
        return lower and not ends_sentence(before) and len(before) >= _FAIRLY_FULL * width
    if lower or before.endswith(","):
        return True
    if not ends_sentence(before):
        return len(before) >= _FAIRLY_FULL * width
    is_title = len(line) < _FAIRLY_FULL * width and not ends_sentence(line)
    return len(before) >= _FULL * width and not is_title


def _parts(before: str, line: str, width: int, item: bool) -> bool:
    """Whether a paragraph ends between two lines that do not go on: if not, they are a list or a table."""
    if item:
        return False
    return ends_sentence(before) or len(line) >= _FAIRLY_FULL * width


def _block(pieces: Sequence[str], item: bool, last: str, width: int) -> Block:
    return Block("".join(pieces), item, ends_sentence(last), len(last) >= _FAIRLY_FULL * width)


def _spaced_out(lines: Sequence[str]) -> bool:
    """Whether most lines are followed by an empty one, so that these say nothing."""
    filled = [bool(line.strip()) for line in lines]
    followed = sum(here and not after for here, after in pairwise(filled))
    return sum(filled) > 4 and followed > 0.7 * sum(filled)
