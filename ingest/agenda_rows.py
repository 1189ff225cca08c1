"""The rows of a programme: what a line says of one session, in cells divided by bars or in words alone.

A row is known by what stands in it: the length or the hours of a session, or its number ("Session 2").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import NamedTuple

from ingest.text import plain_letters
from ingest.when import hours
from ingest.zones import zones

BAR = " | "
NUMBERED = (
    r"(?:session|s[ée]ance|sess[ãa]o|panel|painel|part(?:ie|e)?|kipindi)\s?(?:\d{1,2}[a-z]?|[ivx]{1,4})\b"
)
_LABEL = re.compile(rf"({NUMBERED})\s?(?:[:.–—-]\s?)?(.*)", re.IGNORECASE)
_LENGTH = (
    r"(?:(\d{1,3})\s?(?:min(?:ute|uto)?s?\b\.?|['’′])|dakika\s(\d{1,3})\b"
    r"|(\d)\s?(?:h(?:ou)?rs?|heures?|horas?)\b\.?(?:,?\s(?:and\s|et\s|e\s)?([1-5]?\d)(?:\s?min\w*\.?)?)?)"
)
_ALONE = re.compile(rf"\(?{_LENGTH}\)?", re.IGNORECASE)
_AHEAD = re.compile(rf"\(?{_LENGTH}\)?\s?[:.–—-]?\s(?=\S)", re.IGNORECASE)
_ASIDE = re.compile(rf"\s?\({_LENGTH}\)", re.IGNORECASE)
_BEHIND = re.compile(rf"\s?[,:–—-]\s{_LENGTH}$", re.IGNORECASE)
_FIGURE = re.compile(r"\d{1,3}")
_SHORT = re.compile(r"(\d)\s?h\s?([0-5]\d)?", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[•●○◦▪■►➢✓·▶▸]\s?|[-–—*o]\s)(?=\S)")
_COLUMNS = (
    (
        "length",
        r"duration|minutes?\b|mins?\b|length|allo(?:cat|t)t?ed time|time alloc|duree|duracao|dakika|muda",
    ),
    ("hours", r"time\b|timing|times\b|hours?\b|horaire|heure|hora\b|horario|saa\b"),
    (
        "people",
        r"speaker|presenter|facilitator|moderator|lead|responsib|in charge|who\b|panell?ist|intervenant"
        r"|orateur|orador|palestrante|responsave|responsable|animat|mzungumzaji|wazungumzaji|msemaji",
    ),
    (
        "topic",
        r"focus|topic|content|activit|agenda|title|subject|descri|theme|sujet|contenu|titre|tema\b|titulo"
        r"|conteudo|assunto|atividade|mada\b|item|discussion|programme|presentation|what\b",
    ),
    ("label", r"session|seance|sessao|panel|part\b|no\b|n°|#|kipindi"),
)
_NAMES_TIME = re.compile("min|time|timing|length|dur|dakika|muda|hour|hor[aá]|heure|saa", re.IGNORECASE)
_WITHIN = ("and", "of", "/", "&")
_JOINING = (*_WITHIN, "area", "areas")  # words of a head that name no column of their own
_MOST_IN_HEAD = 6  # words in the cell of a head
_LONGEST_ITEM = 150  # characters


class Timing(NamedTuple):
    """How long a row says that it takes, in minutes, and from and until when; None where it does not say."""

    minutes: int | None = None
    start: time | None = None
    end: time | None = None


class Row(NamedTuple):
    """One row: its number ("Session 2"), its time, the lines of its matter, those of its column of people."""

    label: str
    timing: Timing
    lines: tuple[str, ...]
    people: tuple[str, ...] = ()

    @property
    def is_timed(self) -> bool:
        """Whether it says how long it takes, or when it begins."""
        return self.timing != Timing()


def columns_of(line: str) -> tuple[str, ...]:
    """What the columns hold (length, hours, people, topic, label, or nothing that is known) above which
    ``line`` stands; empty where it is no head of a programme.
    """
    cells = line.split(BAR)
    if len(cells) == 1:
        return _columns_of_words(line) if _NAMES_TIME.search(line) else ()
    if any(len(cell.split()) > _MOST_IN_HEAD or timing_of(cell) for cell in cells):
        return ()
    found = tuple(map(_column, cells))
    return found if _is_head(found) else ()


def timing_of(cell: str, column: str = "") -> Timing | None:
    """The time that a cell holds and nothing else. In the column of lengths a figure alone is minutes."""
    if column == "length" and (match := _SHORT.fullmatch(cell)):
        return Timing(_positive(int(match[1]) * 60 + int(match[2] or 0)))
    if column == "length" and _FIGURE.fullmatch(cell):
        return Timing(_positive(int(cell)))
    if match := _ALONE.fullmatch(cell):
        return Timing(_minutes(match))
    if not (found := hours(cell)):
        return None
    rest = cell[: found[0].span.start] + cell[found[0].span.end :]
    length = _ALONE.search(rest)
    rest = _ALONE.sub("", rest)
    for zone in reversed(zones(rest)):
        rest = rest[: zone.span.start] + rest[zone.span.end :]
    if any(map(str.isalnum, rest)):
        return None
    return Timing(_minutes(length) if length else found[0].minutes, found[0].start, found[0].end)


def label_of(cell: str) -> tuple[str, str] | None:
    """The number of a session that ``cell`` begins with, and what follows it."""
    match = _LABEL.fullmatch(cell)
    if match is None or match[2][:1].islower():  # "part 2 of the act"
        return None
    return match[1], match[2].strip()


def parted(line: str) -> list[str]:
    """The cells of a row that is written without bars; empty where ``line`` begins no row."""
    label, rest = label_of(line) or ("", line)
    ahead = [label] if label else []
    if timing_of(rest):
        return [*ahead, rest]
    if match := _AHEAD.match(rest):
        return [*ahead, match[0].rstrip(" :.–—-"), rest[match.end() :]]
    if (found := hours(rest)) and not rest[: found[0].span.start].strip("([ "):
        return _parted_at_hours(ahead, rest, found[0].span.end)
    match = _BEHIND.search(rest) or (_ASIDE.search(rest) if _is_item(rest) else None)
    if match:
        return [*ahead, match[0].strip(" (),:–—-"), rest[: match.start()] + rest[match.end() :]]
    return [label, *([rest] if rest else [])] if label else []


def row_of(cells: Sequence[Sequence[str]], columns: Sequence[str]) -> Row:
    """The row of ``cells``, each of one or more lines, under ``columns``.

    Readers leave empty cells out. So a cell is told by its column only where all are filled, else by what it
    holds.
    """
    if len(cells) == len(columns):
        times = [_timing_in(cell, column) for cell, column in zip(cells, columns, strict=True)]
        if any(times):
            return _row_by_columns(cells, columns, [one for one in times if one])
    return _row_by_content(cells, columns)


def _columns_of_words(line: str) -> tuple[str, ...]:
    """The columns of a head of which only the words are left, each column one of them, or "Focus Area"."""
    words = [word for word in line.split() if word.casefold() not in _JOINING]
    found = tuple(map(_column, words)) if 3 <= len(words) <= _MOST_IN_HEAD else ()
    is_head = all(found) and len(set(found)) == len(found) and line.split()[-1] not in _WITHIN
    return found if is_head and _is_head(found) else ()


def _column(cell: str) -> str:
    plain = plain_letters(cell)
    known = (name for name, pattern in _COLUMNS if re.search(rf"(?<![a-z])(?:{pattern})", plain))
    return next(known, "hours" if zones(cell) else "")


def _is_head(columns: Sequence[str]) -> bool:
    return not {"length", "hours"}.isdisjoint(columns) and not {"topic", "people", "label"}.isdisjoint(
        columns
    )


def _timing_in(cell: Sequence[str], column: str) -> Timing | None:
    return timing_of(" ".join(cell), column) if column in ("length", "hours") else None


def _row_by_columns(cells: Sequence[Sequence[str]], columns: Sequence[str], times: Sequence[Timing]) -> Row:
    label = ""
    lines: list[str] = []
    people: list[str] = []
    for cell, column in zip(cells, columns, strict=True):
        if column == "label":
            label, rest = label_of(" ".join(cell)) or ("", " ".join(cell))
            lines += [rest] if rest else []
        elif column == "topic":
            lines += cell
        elif column == "people":
            people += cell
    return Row(label, _merged(times), _bare(lines), _bare(people))


def _row_by_content(cells: Sequence[Sequence[str]], columns: Sequence[str]) -> Row:
    label = ""
    times: list[Timing] = []
    others: list[list[str]] = []
    for cell in cells:
        words = " ".join(cell)
        if timing := timing_of(words):
            times.append(timing)
        elif not label and (found := label_of(words)):
            label, rest = found
            others += [[rest]] if rest else []
        else:
            others.append(list(cell))
    has_people = bool(columns) and columns[-1] == "people" and len(others) > 1
    people = others.pop() if has_people else []
    return Row(label, _merged(times), _bare([line for cell in others for line in cell]), _bare(people))


def _merged(times: Sequence[Timing]) -> Timing:
    """One time of several cells; a length of its own says more than the hours."""
    minutes = [one.minutes for one in times if one.minutes and one.start is None]
    start = next((one for one in times if one.start is not None), Timing())
    return Timing(minutes[0] if minutes else start.minutes, start.start, start.end)


def _bare(lines: Sequence[str]) -> tuple[str, ...]:
    """``lines`` without bullets, and without those that only hold a number."""
    bare = (_BULLET.sub("", line, count=1).strip() for line in lines)
    return tuple(line for line in bare if line and not _FIGURE.fullmatch(line))


def _is_item(line: str) -> bool:
    """Whether ``line`` can be an item of a list and no sentence."""
    return len(line) <= _LONGEST_ITEM and not line.endswith(".")


def _parted_at_hours(ahead: Sequence[str], rest: str, end: int) -> list[str]:
    """A row that begins with hours; a length or a zone in brackets behind them belongs to them."""
    aside = re.match(r"\s?\([^()]{1,20}\)", rest[end:])
    if aside and timing_of(rest[: end + aside.end()]):
        end += aside.end()
    words = rest[end:].lstrip(" ):.–—-,")
    return [*ahead, rest[:end], words] if words else []


def _minutes(match: re.Match[str]) -> int | None:
    minutes, dakika, whole, more = match.groups()
    return _positive(int(minutes or dakika or 0) or int(whole) * 60 + int(more or 0))


def _positive(minutes: int) -> int | None:
    return minutes or None
