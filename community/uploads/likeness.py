"""How alike two texts are, by the runs of words that they share.

After Broder, "On the resemblance and containment of documents" (1997): a text is the set of its runs of
five words. Of two texts, resemblance is what they share of all their runs, containment what one has of the
other's. Candidates come from searching the library for sentences of the new text; the verdict is by the words
alone, so that a translation, or another text on the same subject, is no likeness.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from community.uploads.values import Alike
from ingest.domain import Span
from ingest.sentences import sentences
from ingest.text import plain_letters

_RUN = 5  # words
_WORD = re.compile(r"\w+")
_MOST = 2_000_000  # code points of a text that are compared
_ASKED = 12  # sentences that the library is searched for
_CANDIDATES = 12
_USUAL = range(8, 41)  # words of a sentence that is worth searching for
_MISSING = 3  # runs in a row that the other text lacks: one is a corrected word
_SHOWN = 25  # words
_SPREAD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)

SAME, ALIKE, HELD = 0.95, 0.2, 0.7  # resemblance; containment both ways; of one in the other


class Verdict(NamedTuple):
    """In which way a new text is like another, and what share of it (0 to 1) stands there."""

    way: Alike
    share: float


class Runs(NamedTuple):
    """A number for each run of words of a text: in reading order, and each once, sorted."""

    numbers: NDArray[np.uint32]
    different: NDArray[np.uint32]


def runs(text: str) -> Runs:
    """What a text is compared by. Accents, case and punctuation do not count."""
    words = [match[0] for match in _words(text)]
    sums = {word: crc32(plain_letters(word).encode()) for word in set(words)}
    values = np.array([sums[word] for word in words], dtype=np.uint64)
    size = min(_RUN, len(words))
    last = len(words) - size + 1 if words else 0
    found = np.zeros(last, dtype=np.uint64)
    for at in range(size):
        found = (found + values[at : at + last]) * _SPREAD  # modulo 2^64; its upper half is mixed best
        found ^= found >> _HALF
    numbers = (found >> _HALF).astype(np.uint32)
    return Runs(numbers, np.unique(numbers))


def verdict(new: Runs, other: Runs) -> Verdict | None:
    """How ``new`` is like ``other``; None where it is not."""
    mine, theirs = new.different.size, other.different.size
    if not mine or not theirs:
        return None
    shared = np.intersect1d(new.different, other.different, assume_unique=True).size
    inside, around = shared / mine, shared / theirs
    if shared >= SAME * (mine + theirs - shared):
        return Verdict(Alike.SAME_TEXT, inside)
    if inside >= HELD and around < inside / 2:
        return Verdict(Alike.INSIDE, inside)
    if around >= HELD and inside < around / 2:
        return Verdict(Alike.AROUND, inside)
    if min(inside, around) >= ALIKE:
        return Verdict(Alike.NEW_VERSION, inside)
    return None


def first_difference(text: str, new: Runs, other: Runs) -> str:
    """The first words of the new text that the other lacks; empty where there are none."""
    missing = ~np.isin(new.numbers, other.different)
    for at in np.flatnonzero(missing):
        if missing[at : at + _MISSING].all():
            # the first of these runs still begins with words that stand in both
            return _shown(text, int(at) + (_RUN - 1 if at else 0))
    return ""


def _shown(text: str, first: int) -> str:
    """The words of ``text`` from the one of this number on, or its last."""
    spans = [match.span() for match in islice(_words(text), first + _SHOWN)]
    start = min(first, len(spans) - 1)
    return " ".join(text[spans[start][0] : spans[-1][1]].split())


def _words(text: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(text, 0, _MOST)


def candidates(text: str, language: str, search: Callable[[str], Sequence[str]]) -> list[str]:
    """The documents in which ``search`` finds sentences of ``text``; the likeliest first."""
    found: dict[str, float] = defaultdict(float)
    for sentence in telling_sentences(text, language):
        for rank, name in enumerate(dict.fromkeys(search(sentence)), start=1):
            found[name] += 1 / rank
    return sorted(found, key=lambda name: -found[name])[:_CANDIDATES]


def telling_sentences(text: str, language: str) -> Iterator[str]:
    """Of each stretch of the text, the sentence with the most different words of a usual length."""
    found = [span for span in sentences(text[:_MOST], language) if _is_usual(text, span)]
    size = -(-len(found) // _ASKED) or 1
    for start in range(0, len(found), size):
        best = max(found[start : start + size], key=lambda span: len(_different(text, span)))
        yield text[best.start : best.end]


def _is_usual(text: str, span: Span) -> bool:
    return len(text[span.start : span.end].split()) in _USUAL


def _different(text: str, span: Span) -> set[str]:
    return {word for word in _WORD.findall(text[span.start : span.end].casefold()) if len(word) > 4}
