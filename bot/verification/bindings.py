"""Facts that stand in the evidence but belong to other things there: swapped figures, names, parts, ways.

The idea: cover a fact of the sentence and see which fact of its kind stands, in the evidence, among the words
that stand around it here. If that is clearly another one, the sentence has put it in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

from bot.verification import naming
from bot.verification.claims import Claims, Mark
from bot.verification.quantities import FIGURES
from bot.verification.wordlists import content, meaning, stems, weak_sides, words_of_side

_NEAR = 4  # words between two actors of one action
_MUTUAL = frozenset(("with", "and", "or", "in", "of", "between"))  # tie two actors without a direction
# A shared term counts by how near it stands to the fact, in words; borders of clauses and lines add to it.
_HALF, _CLAUSE, _LINE = 5.0, 4, 8
_FAR = 30  # words from which on nothing counts
_FACT = 1.5  # the worth of a shared fact beside that of a shared word
# Two facts of the sentence are exchanged if together they fit better by so much the other way round; if
# neither fits worse by more than ``_HARDLY``, a smaller gain will do.
_EXCHANGED, _HARDLY, _EXCHANGED_BOTH = 0.5, 0.2, 0.12
# A fact is replaced if another of its kind, which the sentence leaves out, fits better by so much. Names take
# too many forms to be compared so. A side that the source takes nowhere, or a part that it does not name, has
# no fit of its own.
_REPLACED = {"role": 0.28, "spot": 0.6, "date": 0.28, "place": 1.0, "year": 1.2, "acronym": 1.2}
_REPLACED_ELSE, _OPPOSED, _OPPOSED_NEW, _PART_NEW = 0.5, 0.65, 0.75, 0.4
_STRAY = 0.02  # a figure that fits less stands in a part of the passage that is about something else
# A source that speaks of people in general may mean anybody.
_ANYBODY = frozenset(("peopl", "person"))
# Kinds that can take each other's place.
_GROUPS = {"year": "when", "date": "when"}


def misplaced_facts(said: Claims, source: Claims) -> Iterator[str]:
    """What in ``said`` is tied to something else in ``source``, a reason each."""
    yield from _exchanged(said, source)
    yield from _replaced(said, source)
    yield from _payers(said, source)
    yield from _years(said, source)
    yield from _from_and_to(said, source)
    yield from _listed(said, source)
    yield from _order(said, source)
    yield from _directions(said, source)


def _exchanged(said: Claims, source: Claims) -> Iterator[str]:
    """Two facts that would fit the evidence better the other way round."""
    fit = cache(_Fit(said, source).of)
    facts = [mark for mark in said.marks if mark.is_fact and mark.term in source.places_of]
    for one, other in combinations(facts, 2):
        if one.term == other.term or _group(one.kind) != _group(other.kind):
            continue
        without = frozenset((one.term, other.term))
        gains = (
            fit(one, other.term, without) - fit(one, one.term, without),
            fit(other, one.term, without) - fit(other, other.term, without),
        )
        if sum(gains) > (_EXCHANGED_BOTH if min(gains) > -_HARDLY else _EXCHANGED):
            yield f"binding: {one.term} and {other.term} exchanged"


def _replaced(said: Claims, source: Claims) -> Iterator[str]:
    """A fact around whose words the evidence has another of its kind, which the sentence leaves out."""
    fit = cache(_Fit(said, source).of)
    for mark in said.marks:
        margin = _margin(mark, source)
        if margin is None:
            continue
        own = fit(mark, mark.term)
        if mark.kind in FIGURES and own < _STRAY:
            yield f"binding: {mark.term} stands elsewhere"
        for rival in source.kinds.get(mark.kind, ()):
            score = 0.0 if rival in said.places_of else fit(mark, rival)
            if score > own + margin:
                yield f"binding: {mark.term} ({own:.1f}), not {rival} ({score:.1f})"


def _margin(mark: Mark, source: Claims) -> float | None:
    """By how much another fact has to fit better than ``mark``; None where none can take its place."""
    known = mark.term in source.places_of
    if not mark.is_fact or mark.kind == "name" or mark.term in weak_sides():
        return None
    if mark.is_side:
        return _OPPOSED if known else _OPPOSED_NEW
    if known:
        return _REPLACED.get(mark.kind, _REPLACED_ELSE)
    return _PART_NEW if mark.kind == "role" and _ANYBODY.isdisjoint(source.stems) else None


def _payers(said: Claims, source: Claims) -> Iterator[str]:
    """Who pays has to be somebody who pays in the source."""
    here, there = _who_pays(said), _who_pays(source)
    if here and there and here.isdisjoint(there):
        yield f"role: {', '.join(here)} pays"


def _who_pays(text: Claims) -> set[str]:
    """The parts that pay: the last one named before the verb, or the first after "by"."""
    found = set()
    for pays in text.places_of.get(meaning(stems("pay")[0]), ()):
        if text.stems[pays.position - 1 : pays.position] == ("s",):
            continue  # "the worker's pay"
        parts = [mark for mark in text.marks if mark.kind == "role" and mark.clause == pays.clause]
        before = [mark for mark in parts if mark.position < pays.position]
        after = [mark for mark in parts if text.stems[mark.position - 2 : mark.position].count("by")]
        found |= {mark.term for mark in after[:1] or sorted(before, key=lambda mark: mark.position)[-1:]}
    return found


def _group(kind: str) -> str:
    return _GROUPS.get(kind, kind)


class _Fit:
    """How well the words around a fact of ``said`` fit the places of ``source`` that have a certain fact."""

    def __init__(self, said: Claims, source: Claims) -> None:
        self._said = said
        self._source = source

    def of(self, mark: Mark, fact: str, without: frozenset[str] = frozenset()) -> float:
        """The fit of the best place of ``fact`` in the source with what stands around ``mark``."""
        context = self._context(mark, without | words_of_side(mark.term) | words_of_side(fact))
        return max((self._at(place, context) for place in self._source.places_of.get(fact, ())), default=0.0)

    def _context(self, mark: Mark, without: frozenset[str]) -> dict[str, float]:
        """The terms around ``mark`` that the source has too, each with its weight."""
        weights: dict[str, float] = {}
        for other in self._said.marks:
            if other.kind == mark.kind or other.is_side or other.term in without:
                continue
            homes = self._source.places_of.get(other.term, ())
            if homes:
                weight = _closeness(mark, other) / len({home.clause for home in homes})
                weight *= _FACT if other.is_fact else 1
                weights[other.term] = max(weights.get(other.term, 0.0), weight)
        return weights

    def _at(self, place: Mark, context: dict[str, float]) -> float:
        places = self._source.places_of
        return sum(
            weight * max(_closeness(place, one) for one in places[term]) for term, weight in context.items()
        )


def _closeness(one: Mark, other: Mark) -> float:
    """1 for neighbours, a half at ``_HALF`` words, 0 from ``_FAR`` on."""
    distance = abs(one.position - other.position) - 1
    distance += _CLAUSE * abs(one.clause - other.clause) + _LINE * abs(one.line - other.line)
    return 1 / (1 + max(distance, 0) / _HALF) if distance < _FAR else 0.0


def _years(said: Claims, source: Claims) -> Iterator[str]:
    """ "17.2 million in 2010" is not "17.2 million in 2019"."""
    there = dict(_in_years(source))
    for value, year in _in_years(said):
        if there.get(value, year) != year:
            yield f"binding: {value:g} in {year:g}"


def _in_years(text: Claims) -> Iterator[tuple[float, float]]:
    for figure, year in pairwise(text.quantities):
        if text.text[figure.span.end : year.span.start].strip() == "in" and 1900 <= year.value < 2100:
            yield figure.value, year.value


def _from_and_to(said: Claims, source: Claims) -> Iterator[str]:
    """ "From 26 to 14" is not "from 14 to 26"."""
    there = set(_ways(source))
    for start, end in _ways(said):
        if (end, start) in there and (start, end) not in there:
            yield f"order: from {start:g} to {end:g}"


def _ways(text: Claims) -> Iterator[tuple[float, float]]:
    for start, end in pairwise(text.quantities):
        before, between = text.text[: start.span.start].lower(), text.text[start.span.end : end.span.start]
        if before.split()[-1:] == ["from"] and between.split()[-1:] == ["to"]:
            yield start.value, end.value


def _listed(said: Claims, source: Claims) -> Iterator[str]:
    """ "Jordan, Nigeria and Viet Nam" are not "Jordan, Ecuador and Viet Nam"."""
    there = naming.lists(source.text)
    for own in naming.lists(said.text):
        for other in there:
            odd, left_out = own - other, other - own
            if len(odd) == len(left_out) == 1 and not any(odd < one and one & own - odd for one in there):
                yield f"binding: {', '.join(odd)}, not {', '.join(left_out)}, beside {', '.join(own & other)}"


def _order(said: Claims, source: Claims) -> Iterator[str]:
    """ "Fiji overtook Vanuatu" is not "Vanuatu overtook Fiji"."""
    if ("by" in said.stems) != ("by" in source.stems):
        return  # the one is active, the other passive
    for first, action, second in _actions(said):
        for one, same_action, other in _actions(source):
            if (one, other) == (second, first) and first != second and action & same_action:
                yield f"order: {first} {action & same_action} {second}"


def _actions(text: Claims) -> Iterator[tuple[str, set[str], str]]:
    """Who does what to whom: two neighbouring actors with the few words between them."""
    for (first, start), (second, end) in pairwise(text.actors):
        between = text.stems[start + 1 : end]
        if len(between) <= _NEAR and _MUTUAL.isdisjoint(between):
            yield first, set(content(between)), second


def _directions(said: Claims, source: Claims) -> Iterator[str]:
    """Two places that have changed roles: origin in the one text, destination in the other."""
    changed = [
        place
        for place, roles in said.directions.items()
        if (there := source.directions.get(place)) and roles.isdisjoint(there)
    ]
    if len(changed) >= 2:
        yield f"direction: {', '.join(changed)}"
