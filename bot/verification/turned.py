"""Words that turn a statement round: denials, quantifiers, opposites, and who acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.verification.bounds import order, side
from bot.verification.claims import Claims, denied
from bot.verification.quantities import FIGURES, Quantity
from bot.verification.wordlists import (
    Stems,
    change_words,
    content,
    holds,
    stem_groups,
    stems,
    without,
)

_REMARK = re.compile(r"\b(?:only|just|merely)\s+$", re.IGNORECASE)
# "Only joined in May", "only after a test": a remark on when and how.
_NO_LIMIT = re.compile(
    r"\b(?:only|just|merely)(?=\s+(?:\w+ed|in|when|after|once|since|until|if|a|from)\b)", re.IGNORECASE
)
_PREFIX = re.compile(r"(?:un|in|im|ir|dis|non)(\w{4,})")


def turned_words(said: Claims, source: Claims) -> Iterator[str]:
    """What in ``said`` is turned round against ``source``, a reason each."""
    yield from _denials(said, source)
    yield from _quantifiers(said, source)
    yield from _prefixes(said, source)
    yield from _bounds(said, source)
    yield from _times(said, source)
    yield from _changes(said)
    yield from _hopes(said, source)


def _denials(said: Claims, source: Claims) -> Iterator[str]:
    plain, phrases, by_sense, knowing = stem_groups("negations")
    asserted, denied_there = _reached(said, plain, phrases), _reached(source, plain, phrases)
    affirmed = {word for clause in source.clauses for word in _before_denial(clause.stems, plain)}
    if not _denies(said.stems, by_sense):
        plainly = {
            word for clause in said.clauses if not _denies(clause.stems, plain) for word in clause.stems
        }
        wrong = set(content(plainly)) & denied_there - affirmed - asserted
        yield from (f"negation: {word} is denied in the source" for word in wrong)
    unknown = any(
        (word,) in knowing for word in asserted
    )  # "it is not known": the source can say so in any way
    if asserted and not unknown and not _denies(source.stems, by_sense):
        if not _denies(source.stems, plain):
            yield "negation: none in the source"
        if set(content(asserted)) & affirmed and asserted.isdisjoint(denied_there):
            yield f"negation: {', '.join(asserted & affirmed)} affirmed in the source"
    twice = {word for word in asserted if (word,) in by_sense}
    if twice and _denies(source.stems, by_sense) and not any((word,) in by_sense for word in denied_there):
        yield f"negation: {', '.join(twice)} is denied"
    for clause in source.clauses:
        left_out = set(denied(clause.stems, plain, phrases)) - asserted
        yield from _left_out(said, left_out, (*plain, *by_sense), phrases)


def _left_out(
    said: Claims, reached: set[str], negations: Sequence[Stems], phrases: Sequence[Stems]
) -> Iterator[str]:
    """A clause of the sentence that repeats what the source denies, and does not deny it."""
    for clause in said.clauses:
        repeated = reached & set(clause.stems)
        denies = _denies(without(clause.stems, phrases), negations)
        if repeated and 2 * len(repeated) >= len(reached) and not denies:
            yield f"negation: left out before {', '.join(repeated)}"


def _before_denial(words: Stems, negations: Sequence[Stems]) -> Stems:
    """``words`` up to the first negation."""
    starts = [i for i in range(len(words)) if any(words[i : i + len(one)] == one for one in negations)]
    return words[: starts[0]] if starts else words


def _reached(text: Claims, plain: Sequence[Stems], phrases: Sequence[Stems]) -> set[str]:
    """The words that are denied."""
    return {word for clause in text.clauses for word in denied(clause.stems, plain, phrases)}


def _denies(words: Stems, negations: Sequence[Stems]) -> bool:
    return any(holds(words, negation) for negation in negations)


def _quantifiers(said: Claims, source: Claims) -> Iterator[str]:
    """ "Only" where the source has nothing of the kind; how many of them is among the opposites."""
    only, no_limit = stem_groups("only")
    limits = _denies(without(stems(_NO_LIMIT.sub(" ", said.text)), no_limit), only) and not _only_so_many(
        said
    )
    if limits and not _denies(without(source.stems, no_limit), only):
        yield "quantifier: only"


def _only_so_many(said: Claims) -> bool:
    """ "Only ten": a remark on a figure, which is checked by itself."""
    return any(_REMARK.search(said.text[: one.span.start]) for one in said.quantities)


def _prefixes(said: Claims, source: Claims) -> Iterator[str]:
    """ "Unresolved" where the source has "resolved", and the other way round."""
    plain, _, by_sense, _ = stem_groups("negations")
    for one, other in ((said, source), (source, said)):
        if _denies(other.stems, (*plain, *by_sense)):
            continue
        for word in set(one.stems) - set(other.stems):
            rest = _PREFIX.fullmatch(word)
            if rest and rest[1] in other.stems and rest[1] not in one.stems:
                yield f"negation: {word}"


def _bounds(said: Claims, source: Claims) -> Iterator[str]:
    """ "At most 14" where the source has "at least 14"."""
    for quantity in said.quantities:
        here = side(quantity, said.text)
        there = {side(other, source.text) for other in source.quantities if quantity.agrees(other)}
        if here and there and "" not in there and here not in there:
            yield f"opposite: {quantity.value:g} is a bound on the other side"


def _times(said: Claims, source: Claims) -> Iterator[str]:
    """ "Before March" where the source has "after March"."""
    for date in said.dates:
        here = order(date.span.start, said.text)
        there = {order(other.span.start, source.text) for other in source.dates if date.agrees(other)}
        if here and there and "" not in there and here not in there:
            yield f"opposite: {here} the date"


def _changes(said: Claims) -> Iterator[str]:
    """ "Rose from 5 to 3": the figures themselves say otherwise."""
    rises, falls = (_denies(said.stems, words) for words in change_words())
    before, after = _after_word(said, "from"), _after_word(said, "to")
    comparable = before and after and after.unit in ("", before.unit) and rises != falls
    if comparable and before and after and rises == (before.value > after.value):
        yield "opposite: rise / fall, by the figures"


def _after_word(text: Claims, word: str) -> Quantity | None:
    """The first quantity that comes right after ``word``."""
    for quantity in text.quantities:
        if text.text[: quantity.span.start].lower().split()[-1:] == [word]:
            return quantity
    return None


def _hopes(said: Claims, source: Claims) -> Iterator[str]:
    """A number that the source calls a goal or a forecast is no result."""
    goals, reports = stem_groups("goals")
    if _denies(said.stems, (*goals, *reports)):
        return
    for fact in {fact for clause in said.clauses for fact in clause.facts if fact.startswith(FIGURES)}:
        homes = [clause for clause in source.clauses if fact in clause.facts]
        if homes and all(_denies(clause.stems, goals) for clause in homes):
            yield f"opposite: {fact} is a goal in the source"
