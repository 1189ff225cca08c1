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
from typing import NamedTuple

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

SAME, ALIKE, HELD = 0.95, 0.2, 0.7  # resemblance; containment both ways; of one in the other


class Verdict(NamedTuple):
    """In which way a new text is like another, and what share of it (0 to 1) stands there."""

    way: Alike
    share: float


class Runs(NamedTuple):
    """The runs of words of a text, as numbers in reading order, and where its words stand."""

    numbers: tuple[int, ...]
    words: tuple[Span, ...]


def runs(text: str) -> Runs:
    """What a text is compared by. Accents, case and punctuation do not count."""
    spans = [Span(*match.span()) for match in _WORD.finditer(text, 0, _MOST)]
    words = [plain_letters(text[span.start : span.end]) for span in spans]
    last = max(len(words) - _RUN + 1, 1 if words else 0)
    return Runs(tuple(hash(tuple(words[at : at + _RUN])) for at in range(last)), tuple(spans))


def verdict(new: Runs, other: Runs) -> Verdict | None:
    """How ``new`` is like ``other``; None where it is not."""
    mine, theirs = frozenset(new.numbers), frozenset(other.numbers)
    if not mine or not theirs:
        return None
    shared = len(mine & theirs)
    inside, around = shared / len(mine), shared / len(theirs)
    if shared >= SAME * len(mine | theirs):
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
    theirs = frozenset(other.numbers)
    missing = [number not in theirs for number in new.numbers]
    for at in range(len(missing)):
        if all(missing[at : at + _MISSING]) and missing[at]:
            # the first of these runs still begins with words that stand in both
            first = min(at + (_RUN - 1 if at else 0), len(new.words) - 1)
            last = min(first + _SHOWN, len(new.words)) - 1
            return " ".join(text[new.words[first].start : new.words[last].end].split())
    return ""


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
