"""Words that the library does not hold, or hardly, and those that it holds and that look like them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from index.analysis import tokens
from index.facets import Filter
from index.words import WordIndex

_SHORTEST = 4  # letters: shorter words look like too many others
_TWO_SLIPS = 7  # letters: a word so long may differ in two
_FEW = 2  # passages: a word that stands in more is no slip
_TIMES = 20  # as often a word has to stand that is offered for one that stands somewhere

Texts = Callable[[Sequence[int]], Sequence[str]]


class Misspelt(NamedTuple):
    """A word as it was typed, folded, the one that was probably meant, as documents write it, and in how many
    passages the first stands.
    """

    word: str
    meant: str
    passages: int = 0


class _Near(NamedTuple):
    """A word that looks like another: folded, as it is mostly written, and in how many passages it stands."""

    word: str
    written: str
    passages: int


def misspelt(
    text: str, heard: Mapping[str, int], words: WordIndex, allowed: Filter, texts: Texts
) -> list[Misspelt]:
    """Those words of ``text`` that stand nowhere and have one like them in a passage inside ``allowed``; and
    those that stand in one or two and differ by a slip from one that stands there twenty times as often.

    ``heard`` says in how many passages each word stands, in any of its forms. ``texts`` gives the words of
    passages that may be read, so that nothing else is ever proposed.
    """
    typed = dict.fromkeys(token.word for token in tokens(text) if heard.get(token.word, _FEW + 1) <= _FEW)
    found = []
    for word in typed:
        if len(word) >= _SHORTEST and word.isalpha():
            near = _nearest(word, heard[word], words, allowed, texts)
            found += [Misspelt(word, near.written, heard[word])] if near else []
    return found


def respelt(text: str, corrections: Sequence[Misspelt]) -> str:
    """``text`` with the misspelt words replaced, everything else as it was typed."""
    meant = {one.word: one.meant for one in corrections}
    pieces, at = [], 0
    for token in tokens(text):
        if token.word in meant:
            pieces += [text[at : token.span.start], meant[token.word]]
            at = token.span.end
    return "".join([*pieces, text[at:]])


def _nearest(word: str, stands: int, words: WordIndex, allowed: Filter, texts: Texts) -> _Near | None:
    """The word that differs in the fewest letters, and of these the one in most passages."""
    for slips in (1, 2) if len(word) >= _TWO_SLIPS and not stands else (1,):
        near = _alike(word, slips, texts(words.like(word, slips, allowed)))
        counted = [_Near(one, written, words.passages_with(one, allowed)) for one, written in near]
        if counted:
            best = max(counted, key=lambda one: (one.passages, one.word))
            return best if best.passages >= _TIMES * stands else None
    return None


def _alike(word: str, slips: int, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words of ``texts`` that differ from ``word`` in so many letters, each as it is mostly written."""
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        for token in tokens(text):
            near = abs(len(token.word) - len(word)) <= slips
            if near and token.word != word and OSA.distance(token.word, word, score_cutoff=slips) <= slips:
                written = text[token.span.start : token.span.end]
                spellings.setdefault(token.word, Counter())[written] += 1
    for folded, own in spellings.items():
        yield folded, max(own, key=lambda one: (own[one], one))
