"""Words that turn a statement round: denials, quantifiers, opposites, and who acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from bot.verification.claims import Claims, denied
from bot.verification.quantities import Quantity
from bot.verification.wordlists import (
    Stems,
    change_words,
    content,
    holds,
    role_words,
    stem_groups,
    stem_sides,
    without,
)

_NO_QUANTIFIERS = (("at", "most"), ("not", "onli"))
_BEFORE = ("befor",)
_NO_BEFORE = (("year", "befor"), ("month", "befor"), ("never", "befor"))
_EARLIER = (
    ("befor",), ("prior",), ("ahead",), ("until",), ("earlier",), ("first",), ("previous",), ("in", "advanc")
)  # fmt: skip
_ONLY = 4  # the line of "only" in the list of quantifiers


def turned_words(said: Claims, source: Claims) -> Iterator[str]:
    """What in ``said`` is turned round against ``source``, a reason each."""
    yield from _denials(said, source)
    yield from _quantifiers(said, source)
    yield from _opposites(said, source)
    yield from _roles(said, source)
    yield from _changes(said)
    yield from _hopes(said, source)


def _denials(said: Claims, source: Claims) -> Iterator[str]:
    plain, phrases, by_sense = stem_groups("negations")
    asserted = _reached(said, plain, phrases)
    denied_there = _reached(source, plain, phrases)
    said_words, source_words = content(without(said.stems, phrases)), content(source.stems)
    denying = {word for clause in said.clauses if _denies(clause.stems, plain) for word in clause.stems}
    for word in set(said_words) & set(denied_there) - denying:
        if source_words.count(word) == denied_there.count(word) and not _denies(said.stems, by_sense):
            yield f"negation: {word} is denied in the source"
    affirmed = {
        word for clause in source.clauses if not _denies(clause.stems, plain) for word in clause.stems
    }
    for clause in said.clauses:
        here = set(denied(clause.stems, plain, phrases))
        if here & affirmed and here.isdisjoint(denied_there) and not _denies(source.stems, by_sense):
            yield f"negation: {', '.join(here)} affirmed in the source"
    if asserted and not denied_there and not _denies(source.stems, (*plain, *by_sense)):
        yield "negation: none in the source"
    twice = {word for word in asserted if (word,) in by_sense}
    if twice and _denies(source.stems, by_sense) and not any((word,) in by_sense for word in denied_there):
        yield f"negation: {', '.join(twice)} is denied"
    for clause in source.clauses:
        yield from _left_out(said, set(denied(clause.stems, plain, phrases)), (*plain, *by_sense), phrases)


def _left_out(
    said: Claims, reached: set[str], negations: Sequence[Stems], phrases: Sequence[Stems]
) -> Iterator[str]:
    """A clause of the sentence that repeats what the source denies, and does not deny it."""
    for clause in said.clauses:
        repeated = reached & set(clause.stems)
        denies = _denies(without(clause.stems, phrases), negations)
        if repeated and 2 * len(repeated) >= len(reached) and not denies:
            yield f"negation: left out before {', '.join(repeated)}"


def _reached(text: Claims, plain: Sequence[Stems], phrases: Sequence[Stems]) -> list[str]:
    return [word for clause in text.clauses for word in denied(clause.stems, plain, phrases)]


def _denies(words: Stems, negations: Sequence[Stems]) -> bool:
    return any(holds(words, negation) for negation in negations)


def _quantifiers(said: Claims, source: Claims) -> Iterator[str]:
    degrees = stem_groups("quantifiers")
    in_said, in_source = (
        {index for index, words in enumerate(degrees) if _denies(without(text.stems, _NO_QUANTIFIERS), words)}
        for text in (said, source)
    )
    for index in in_said - in_source:
        if (in_source or index == _ONLY) and not (index == _ONLY and _only_so_many(said)):
            yield f"quantifier: {' '.join(degrees[index][0])}"


def _only_so_many(said: Claims) -> bool:
    """ "Only ten": a remark on a figure, which is checked by itself."""
    return any(said.text[: one.span.start].endswith("only ") for one in said.quantities)


def _opposites(said: Claims, source: Claims) -> Iterator[str]:
    """A word of the sentence whose side the evidence does not take, while it takes the other."""
    if holds(without(said.stems, _NO_BEFORE), _BEFORE) and not _denies(source.stems, _EARLIER):
        yield "opposite: before, with nothing of the kind in the source"
    for sides in stem_sides("opposites"):
        here, there = _sides_taken(said, sides), _sides_taken(source, sides)
        if here and there and here.isdisjoint(there):
            yield f"opposite: {' '.join(sides[min(here)][0])} / {' '.join(sides[min(there)][0])}"
        for one, other in permutations(there, 2):
            if _taken(said, source, sides[one], sides[other]):
                yield f"opposite: {' '.join(sides[one][0])} / {' '.join(sides[other][0])}, exchanged"


def _taken(said: Claims, source: Claims, side: Sequence[Stems], other: Sequence[Stems]) -> bool:
    """Whether a clause takes ``side`` of facts that the source has with the ``other`` side alone."""
    for clause in said.clauses:
        if _denies(clause.stems, side) and not _denies(clause.stems, other):
            with_side, with_other = (
                {fact for one in source.clauses if _denies(one.stems, words) for fact in one.facts}
                for words in (side, other)
            )
            numbers = {fact for fact in clause.facts if fact.startswith("number")}
            if numbers & with_other and not numbers & with_side:
                return True
    return False


def _sides_taken(text: Claims, sides: Sequence[Sequence[Stems]]) -> set[int]:
    """Which sides ``text`` takes. The longest phrase counts: "no more than" is not "more than"."""
    words, found = text.stems, set()
    phrases = ((phrase, number) for number, side in enumerate(sides) for phrase in side)
    for phrase, number in sorted(phrases, key=lambda item: len(item[0]), reverse=True):
        if holds(words, phrase):
            found.add(number)
            words = without(words, [phrase])
    return found


def _roles(said: Claims, source: Claims) -> Iterator[str]:
    """Who acts in the sentence has to occur in the evidence, if the evidence has somebody else instead."""
    roles = set(role_words().values())
    in_said, in_source = ({actor for actor, _ in text.actors} & roles for text in (said, source))
    if in_source - in_said:
        yield from (f"role: {role}" for role in in_said - in_source)


def _changes(said: Claims) -> Iterator[str]:
    """ "Rose from 5 to 3": the figures themselves say otherwise."""
    rises, falls = (_denies(said.stems, side) for side in change_words())
    before, after = _after_word(said, "from"), _after_word(said, "to")
    comparable = before and after and before.unit == after.unit and rises != falls
    if comparable and before and after and rises == (before.value > after.value):
        yield "opposite: rise / fall, by the figures"


def _after_word(said: Claims, word: str) -> Quantity | None:
    """The first quantity that comes right after ``word``."""
    for quantity in said.quantities:
        if said.text[: quantity.span.start].split()[-1:] == [word]:
            return quantity
    return None


def _hopes(said: Claims, source: Claims) -> Iterator[str]:
    """A number that the source calls a goal or a forecast is no result."""
    (goals,) = stem_groups("goals")
    if _denies(said.stems, goals):
        return
    for fact in {fact for clause in said.clauses for fact in clause.facts if fact.startswith("number")}:
        homes = [clause for clause in source.clauses if fact in clause.facts]
        if homes and all(_denies(clause.stems, goals) for clause in homes):
            yield f"opposite: {fact} is a goal in the source"
