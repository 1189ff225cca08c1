"""Does a document say what a sentence says? A sentence counts only if its cited passages support it.

Every number, date, name and denial of the sentence has to occur in the evidence, bound to the same things
there; no word may stand against a word of the evidence; and sentence and evidence have to be about the same,
by a similarity that is passed in. The checks prefer dropping a true sentence to keeping a false one: the
caller can always put the quote in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.verification.bindings import misplaced_facts
from bot.verification.claims import Claims, claims, knows_name, spelled_out
from bot.verification.turned import turned_words
from bot.verification.wordlists import content, judged_words, role_words
from index.analysis import stem
from index.models import Embedder
from ingest.sentences import sentences

Similarity = Callable[[str, Sequence[str]], Sequence[float]]

# Calibrated on tests/bot/verification_pairs.jsonl with all-MiniLM-L6-v2: the least similar faithful sentence
# has cosine 0.47 with its evidence.
SIMILAR = 0.40
NEAREST = 3  # sentences of the evidence that a sentence is checked against
# A word that is not in the evidence, and without which the sentence would be closer to it by this much, is a
# claim of its own.
STRANGE = 0.06
_ROOT = 5  # letters that words of one root share


def likeness(embedder: Embedder) -> Similarity:
    """The cosine of texts by ``embedder``, as the checks want it."""

    def similarity(text: str, others: Sequence[str]) -> list[float]:
        vectors = embedder.encode_passages([text, *others])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    return similarity


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
        verdict = Verdict(False, "meaning: no evidence")
        for few in self._nearest(sentence, evidence):
            verdict = self._check(claims(sentence), few)
            if verdict.supported:
                break
        return verdict

    def _check(self, said: Claims, evidence: Sequence[str]) -> Verdict:
        source = claims("\n".join(evidence))
        reason = next(_contradictions(said, source), "") or self._foreign(said, source, evidence)
        return Verdict(not reason, reason)

    def _nearest(self, sentence: str, evidence: Sequence[str]) -> Iterator[list[str]]:
        """The sentences that ``sentence`` can have come from: all, or of many the nearest one, two, three.

        A long passage holds most numbers and words somewhere; what supports a sentence stands together.
        """
        found = [text[span.start : span.end] for text in evidence for span in sentences(text)]
        if len(found) <= NEAREST:
            yield found
            return
        scores = self._similarity(sentence, found)
        best = sorted(range(len(found)), key=lambda index: -scores[index])[:NEAREST]
        for count in range(1, NEAREST + 1):
            yield [found[index] for index in sorted(best[:count])]

    def _foreign(self, said: Claims, source: Claims, evidence: Sequence[str]) -> str:
        """What in the sentence is about something else than the evidence, by meaning; "" where nothing is."""
        whole = [*evidence, source.text]
        closest = max(self._similarity(said.text, whole))
        if closest < SIMILAR:
            return "meaning: about something else"
        shortened = _without_each_new_word(said, source)
        if not shortened:
            return ""
        scores = self._similarity(source.text, [said.text, *shortened.values()])
        gains = {word: score - scores[0] for word, score in zip(shortened, scores[1:], strict=True)}
        word, gain = max(gains.items(), key=lambda item: item[1])
        return f"meaning: {word}" if gain > STRANGE else ""


def _without_each_new_word(said: Claims, source: Claims) -> dict[str, str]:
    """The sentence with one word left out, for each of its words that the evidence does not have."""
    new = {}
    judged = judged_words(source.stems)
    units = [range(quantity.span.start, quantity.span.end) for quantity in said.quantities]
    for match in re.finditer(r"[^\W\d_]+", said.text):
        word = match.group()
        if any(match.start() in unit for unit in units):
            continue
        if role_words().get(word.casefold().removesuffix("s"), "") in {actor for actor, _ in source.actors}:
            continue  # "employer" where the source has "grower"
        own = stem(word.casefold(), "en")
        if (own,) in judged:
            continue
        if content([own]) and not any(_kin(own, other) for other in source.stems):
            new[word] = said.text[: match.start()].rstrip() + said.text[match.end() :]
    return new


def _kin(word: str, other: str) -> bool:
    """Whether two stems belong to one word: "memoranda" and "memorandum"."""
    return word == other or (len(word) > _ROOT and word[:_ROOT] == other[:_ROOT])


def _contradictions(said: Claims, source: Claims) -> Iterator[str]:
    yield from _numbers(said, source)
    yield from _dates(said, source)
    yield from _names(said, source)
    yield from turned_words(said, source)
    yield from misplaced_facts(said, source)


# numbers, dates, names: what the sentence has, the evidence must have


def _numbers(said: Claims, source: Claims) -> Iterator[str]:
    years = {float(date.year) for date in source.dates if date.year}
    years |= {one.value for one in source.quantities if not one.unit and 1900 <= one.value < 2100}
    for quantity in said.quantities:
        if quantity.value == 1 and not quantity.unit:
            continue  # "one of them", "the first workers": hardly ever a figure
        if quantity.value in years or any(quantity.agrees(other) for other in source.quantities):
            continue
        yield f"number: {quantity.value:g} {quantity.unit}".strip()
    for period in said.periods - source.periods:
        if not ((period == "year" and years) or (period == "month" and source.dates)):
            yield f"number: per {period}"


def _dates(said: Claims, source: Claims) -> Iterator[str]:
    for date in said.dates:
        if not any(date.agrees(other) for other in source.dates):
            yield f"date: {date.day or ''} {date.month} {date.year or ''}"


def _names(said: Claims, source: Claims) -> Iterator[str]:
    for place in said.places:
        if place not in source.places:
            yield f"name: {place}"
    for name in said.names:
        if not knows_name(source.text, name) and not spelled_out(said.text, source.text, name):
            yield f"name: {name}"
