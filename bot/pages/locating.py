"""Where the words of a quote stand among the signs of a printed page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_LONGEST = 4_000  # characters of a quote that are looked for
_MOST_WORDS = 5_000  # of a page that is searched
_SLACK = 12  # words that the page may have more, or fewer, than the quote


class Sought(NamedTuple):
    """What is looked for on a page: the words of a quote, and the words of the page that come before them."""

    quote: str = ""
    before: str = ""


class Word(NamedTuple):
    """A word as it is compared (letters and digits, folded), and the signs of the page that it fills."""

    letters: str
    start: int
    end: int


class Run(NamedTuple):
    """Neighbouring signs of a page, ``start`` up to ``end``."""

    start: int
    end: int


def locate(sought: Sought, signs: Sequence[str]) -> list[Run]:
    """Where a quote stands among the signs of a page.

    Spaces, hyphens, case and accents are not compared. A quote that does not stand there as it is, is aligned
    by words; nothing is returned where less than half of its letters are found. Of words that the page says
    several times those are meant before which about as much is printed.
    """
    words = list(_words(sought.quote[:_LONGEST]))
    there = list(_words(signs))
    if not words or len(there) > _MOST_WORDS:
        return []
    wanted = [word.letters for word in words]
    passed = sum(len(word.letters) for word in _words(sought.before))
    return _verbatim("".join(wanted), there, passed) or _aligned(wanted, there)


def _verbatim(wanted: str, there: Sequence[Word], passed: int) -> list[Run]:
    """Of the runs whose letters are ``wanted``, wherever words are broken, that after about ``passed``."""
    owners = [word for word in there for _ in word.letters]
    found = list(_occurrences(wanted, "".join(word.letters for word in there)))
    if not found:
        return []
    at = min(found, key=lambda start: abs(start - passed))
    return [Run(owners[at].start, owners[at + len(wanted) - 1].end)]


def _occurrences(wanted: str, letters: str) -> Iterator[int]:
    at = letters.find(wanted)
    while at >= 0:
        yield at
        at = letters.find(wanted, at + 1)


def _aligned(wanted: Sequence[str], there: Sequence[Word]) -> list[Run]:
    letters = [word.letters for word in there]
    longest = SequenceMatcher(None, wanted, letters, autojunk=False).find_longest_match()
    first = max(0, longest.b - longest.a - _SLACK)
    near = there[first : longest.b - longest.a + len(wanted) + _SLACK]
    matcher = SequenceMatcher(None, wanted, [word.letters for word in near], autojunk=False)
    matches = [match for match in matcher.get_matching_blocks() if match.size]
    found = sum(len(word) for match in matches for word in wanted[match.a : match.a + match.size])
    if 2 * found < sum(map(len, wanted)):
        return []
    return [Run(near[match.b].start, near[match.b + match.size - 1].end) for match in matches]


def _words(signs: Sequence[str]) -> Iterator[Word]:
    letters, start = "", 0
    for index, sign in enumerate([*signs, " "]):
        folded = _letters(sign)
        if folded and not letters:
            start = index
        if letters and not folded and not unicodedata.combining(sign):
            yield Word(letters, start, index)
            letters = ""
        letters += folded


def _letters(sign: str) -> str:
    """The letters and digits of one sign without case and accents; a ligature has several."""
    return "".join(c for c in unicodedata.normalize("NFKD", sign).casefold() if c.isalnum())
