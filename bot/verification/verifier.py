"""Does a document say what a sentence says? A sentence counts only if its cited passages support it.

Every number, date and name of the sentence has to occur in the evidence, among the same words and facts;
nothing may be denied, or replaced by its opposite, that the evidence affirms; and both have to be about the
same, by a similarity that is passed in. What is dropped in error is no harm: the quote takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.verification.bindings import misplaced_facts
from bot.verification.calendar import lies_between
from bot.verification.claims import Claims, claims
from bot.verification.naming import knows_name, spelled_out
from bot.verification.quantities import EQUAL, Quantity
from bot.verification.turned import turned_words
from index.encoded import Vectors
from index.models import Embedder
from ingest.sentences import sentences

Similarity = Callable[[str, Sequence[str]], Sequence[float]]

# Below this cosine (all-MiniLM-L6-v2) a sentence is about something else than every sentence that it cites;
# on the pairs beside the tests, faithful ones lie above it.
SIMILAR = 0.25
LIKE = 1.0  # what a cosine of 1 is worth beside shared words, when the sentences of the evidence are ranked


def likeness(embedder: Embedder) -> Similarity:
    """The cosine of texts by ``embedder``, as the checks want it; cited sentences are read once."""

    @lru_cache(maxsize=512)
    def vector(text: str) -> Vectors:
        return embedder.encode_passages([text])[0].whole

    return lambda text, others: [float(vector(text) @ vector(other)) for other in others]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the evidence supports a sentence; if not, ``reason`` says what is wrong, for the log."""

    supported: bool
    reason: str = ""


class Verifier:
    """Checks sentences with ``similarity``: a text against several, cosines in the same order."""

    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity

    def check(self, sentence: str, evidence: Sequence[str]) -> Verdict:
        """The verdict on ``sentence`` against the passages that it cites, taken together."""
        found = (text[span.start : span.end] for text in evidence for span in sentences(text))
        lines = [" ".join(line.split()) for line in found]  # a line each, whatever they were broken into
        if not lines:
            return Verdict(False, "meaning: no evidence")
        likeness = self._similarity(sentence, lines)
        said, source = claims(sentence), claims("\n".join(lines))
        near = claims("\n".join(lines[index] for index in lines_used(said, source, likeness)))
        reason = next(_contradictions(said, source, near), "")
        if not reason and max(likeness) < SIMILAR:
            reason = "meaning: about something else"
        return Verdict(not reason, reason)


def lines_used(said: Claims, source: Claims, likeness: Sequence[float]) -> list[int]:
    """The sentences of the evidence that ``said`` rests on: for each clause the one that shares most with it.

    A long passage holds most numbers and words somewhere; what supports a sentence stands together.
    """
    used = {max(range(len(likeness)), key=lambda line: likeness[line])}
    for number in range(len(said.clauses)):
        shared = [LIKE * one for one in likeness]
        for term in {mark.term for mark in said.marks if mark.clause == number and not mark.is_side}:
            lines = {mark.line for mark in source.places_of.get(term, ())}
            for line in lines:
                shared[line] += 1 / len(lines)
        used.add(max(range(len(shared)), key=lambda line: shared[line]))
    return sorted(used)


def _contradictions(said: Claims, source: Claims, near: Claims) -> Iterator[str]:
    yield from _numbers(said, source)
    yield from _dates(said, source)
    yield from _names(said, source)
    yield from turned_words(said, near)
    yield from misplaced_facts(said, source)


# numbers, dates, names: what the sentence has, the evidence must have


def _numbers(said: Claims, source: Claims) -> Iterator[str]:
    years = {float(year) for year, _ in source.times}
    for quantity in said.quantities:
        if quantity.value in (0.5, 1) and not quantity.unit:
            continue  # "half of them", "the first workers": hardly ever a figure
        known = quantity.value in years or _has(source.quantities, quantity)
        if not known and not lies_between(quantity, source.times):
            yield f"number: {quantity.value:g} {quantity.unit}".strip()
    for period in said.periods - source.periods:
        if not ((period == "year" and years) or (period == "month" and source.dates)):
            yield f"number: per {period}"


def _has(known: Sequence[Quantity], wanted: Quantity) -> bool:
    """Whether ``wanted`` is among ``known``; where its number has another unit, a bare number is another."""
    same = [one for one in known if abs(one.value - wanted.value) < EQUAL]
    with_unit = [one for one in same if one.unit]
    return any(wanted.agrees(one) for one in (with_unit if wanted.unit and with_unit else same))


def _dates(said: Claims, source: Claims) -> Iterator[str]:
    for date in said.dates:
        reckoned = date.day is None and (date.year, date.month) in source.times
        if not reckoned and not any(date.agrees(other) for other in source.dates):
            yield f"date: {date.day or ''} {date.month} {date.year or ''}"


def _names(said: Claims, source: Claims) -> Iterator[str]:
    for place in said.places:
        if place not in source.places:
            yield f"name: {place}"
    for name in said.names:
        if not knows_name(source.text, name) and not spelled_out(said.text, source.text, name):
            yield f"name: {name}"
