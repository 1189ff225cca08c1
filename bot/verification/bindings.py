"""Facts that all stand in the evidence but belong to other things there: swapped figures, names, ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.verification.claims import Claims, Clause, claims
from bot.verification.wordlists import content, stems

_NEAR = 4  # words between two actors of one action
_SMALL = 2  # content words of a clause in which a single one can tell what it is about
_MUTUAL = frozenset(("with", "and", "or", "in", "of", "between"))  # tie two actors without a direction


def misplaced_facts(said: Claims, source: Claims) -> Iterator[str]:
    """What in ``said`` is tied to something else in ``source``, a reason each."""
    yield from _strays(said, source)
    yield from _bindings(said, source)
    yield from _years(said, source)
    yield from _order(said, source)
    yield from _directions(said, source)


def _strays(said: Claims, source: Claims) -> Iterator[str]:
    """A number that stands, in the evidence, in a sentence about nothing that this one speaks of."""
    lines = [claims(line) for line in source.text.splitlines() if line.strip()]
    for quantity in said.quantities:
        homes = [line for line in lines if any(quantity.agrees(other) for other in line.quantities)]
        if homes and not any(home.content & said.content or _share_names(home, said) for home in homes):
            yield f"binding: {quantity.value:g} stands elsewhere"


def _share_names(one: Claims, other: Claims) -> bool:
    here, there = ({*text.places, *text.names, *(actor for actor, _ in text.actors)} for text in (one, other))
    return not here.isdisjoint(there)


def _bindings(said: Claims, source: Claims) -> Iterator[str]:
    for kind in ("number", "date", "name", "place", "role"):
        for clause in said.clauses:
            if _bound_elsewhere(clause, source.clauses, kind):
                yield f"binding: {', '.join(sorted(clause.facts))}"


def _bound_elsewhere(clause: Clause, source: Sequence[Clause], kind: str) -> bool:
    """Whether most words of ``clause`` stand, in the evidence, with other facts of that kind than here."""
    facts = {fact for fact in clause.facts if fact.startswith(kind)}
    if not facts or not all(any(fact in other.facts for other in source) for fact in facts):
        return False
    against = in_favour = voters = 0
    themselves = {word for fact in facts for word in stems(fact)}
    words = [word for word in dict.fromkeys(content(clause.stems)) if word not in themselves]
    places = [fact for fact in clause.facts - facts if fact.startswith("place")]
    words = [word for word in words if not any(word.startswith(fact[6:11].casefold()) for fact in places)]
    for position, word in enumerate([*words, *places]):
        homes = [other for other in source if word in other.stems or word in other.facts]
        there = {fact for home in homes for fact in home.facts if fact.startswith(kind)}
        if len(homes) == 1 and there:
            voters += 1
            weight = 1 if position else 2  # what a clause begins with is what it is about
            in_favour += weight if there & facts else 0
            against += 0 if there & facts else weight
    if voters == 1 and len(words) > _SMALL:
        return False
    return against > in_favour * (1 if kind in ("number", "date") else against)


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
