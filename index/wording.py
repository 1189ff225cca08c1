"""What is typed into a search: words, "phrases in quotes", beginnings* and -exclusions.

A phrase, a beginning and an exclusion decide what may be found at all; the words, those of the phrases among
them, and the commonest of those that begin so, decide what comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.analysis import tokens
from ingest.domain import Span

_PART = re.compile(
    r"(?P<not>(?<!\S)[-−–](?=[\w\"“„«]))?"
    r"(?:[\"“„«](?P<phrase>[^\"“”„«»]*)[\"”“»](?P<tail>\*)?|(?P<word>[^\s\"“”„«»]+))"
)
_MOST = 8  # clauses that are required, and as many that are excluded; each is looked up in the whole library
_SHORTEST_BEGINNING = 2  # letters: one letter begins too many words to mean any


class Clause(NamedTuple):
    """Words that stand side by side, folded; of the last one only the beginning, where it ``is_open``."""

    words: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A search as it was typed. It may be found only where every one of ``required`` stands and none of
    ``excluded``; ``words`` are the whole words that are looked for.
    """

    words: str = ""
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The beginnings of words that are looked for."""
        return tuple(clause.words[-1] for clause in self.required if clause.is_open)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for; what must not be found alone says nothing."""
        return not self.words and not self.required

    @property
    def is_plain(self) -> bool:
        """Whether it is words and nothing else."""
        return not self.required and not self.excluded


@lru_cache(maxsize=64)
def read_wording(text: str) -> Wording:
    """The wording of ``text``. A mark that closes nothing, or a dash inside a word, is no syntax."""
    words: list[str] = []
    required: list[Clause] = []
    excluded: list[Clause] = []
    for part in _PART.finditer(text):
        written = part["phrase"] if part["word"] is None else part["word"]
        is_open = bool(part["tail"]) or written.rstrip(" ,.;:?!").endswith("*")
        clause = _clause(written, is_open=is_open)
        if part["not"]:
            excluded += [clause] if clause else []
            continue
        if clause and (part["word"] is None or clause.is_open):
            required.append(clause)
        words.append(" ".join(clause.words[:-1]) if clause and clause.is_open else written)
    return Wording(" ".join(" ".join(words).split()), tuple(required[:_MOST]), tuple(excluded[:_MOST]))


def places(text: str, clauses: Iterable[Clause]) -> list[Span]:
    """Where the words of ``clauses`` stand in ``text``, in rising order, apart from each other."""
    sought = list(clauses)
    found = tokens(text) if sought else []
    spans = [
        Span(found[start].span.start, found[start + len(clause.words) - 1].span.end)
        for clause in sought
        for start in range(len(found) - len(clause.words) + 1)
        if _stands(clause, [token.word for token in found[start : start + len(clause.words)]])
    ]
    return merged(spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """``spans`` in rising order, those that overlap made one."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start < whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def _clause(text: str, *, is_open: bool) -> Clause | None:
    """The clause of what was written; None where it holds no word, or begins too many."""
    words = tuple(token.word for token in tokens(text))
    if not words or (is_open and len(words) == 1 and len(words[0]) < _SHORTEST_BEGINNING):
        return None
    return Clause(words, is_open)


def _stands(clause: Clause, words: list[str]) -> bool:
    *before, last = clause.words
    return words[:-1] == before and (words[-1].startswith(last) if clause.is_open else words[-1] == last)
