"""The English word lists of ``bot/verification/lexicon``, and texts as stems to compare with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from index.analysis import stem, stop_words, tokens

Stems = tuple[str, ...]
# "over" and "under" compare before a number and mean other things elsewhere ("took over", "under the rules").
_COMPARISONS = tuple(
    (re.compile(rf"\b(?:{words})(?=\s+(?:[A-Z]{{0,3}}\$|€|£|KSh\s?)?\d)", re.IGNORECASE), plain)
    for words, plain in (
        ("over|above|beyond", "more than"),
        ("under|below|nearly|almost", "less than"),
        ("up", "increase"),
        ("down", "decrease"),
    )
)
# Words that go with anything: they tell two clauses of one field apart as little as "the" does.
_COMMON = "people person work worker one two use make take get give go"


def stems(text: str) -> Stems:
    """The stem of every word in order; "n't" counts as "not"."""
    apart = re.sub(r"(?<=\w)n['’]t\b", " not", text.replace("cannot", "can not"))
    apart = re.sub(r"\b[Nn]o\.?(?=\s*\d)", "number", apart)
    for pattern, plain in _COMPARISONS:
        apart = pattern.sub(plain, apart)
    return tuple(stem(token.word, "en") for token in tokens(apart))


def content(words: Iterable[str]) -> list[str]:
    """The stems of ``words`` that are neither function words nor too common to tell anything."""
    return [word for word in words if word not in _function_stems() and not word[0].isdigit()]


def holds(words: Stems, phrase: Stems) -> bool:
    """Whether ``phrase`` stands in ``words``."""
    return f" {' '.join(phrase)} " in f" {' '.join(words)} "


def without(words: Stems, phrases: Iterable[Stems]) -> Stems:
    """``words`` with the ``phrases`` taken out."""
    joined = f" {' '.join(words)} "
    for phrase in phrases:
        joined = joined.replace(f" {' '.join(phrase)} ", " | ")
    return tuple(joined.split())


def _lines(name: str) -> list[str]:
    text = (resources.files("bot.verification") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def lexicon(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a word list, each cut at its commas."""
    return tuple(tuple(part.strip() for part in line.split(",")) for line in _lines(name))


@cache
def stem_groups(name: str) -> tuple[tuple[Stems, ...], ...]:
    """A word list as stems: per line its phrases."""
    return tuple(tuple(stems(phrase) for phrase in line) for line in lexicon(name))


@cache
def stem_sides(name: str) -> tuple[tuple[tuple[Stems, ...], ...], ...]:
    """A list of opposites as stems: per line its sides."""
    sides = [[[stems(part) for part in side.split(",")] for side in line.split("|")] for line in _lines(name)]
    return tuple(tuple(tuple(side) for side in line) for line in sides)


def change_words() -> tuple[tuple[Stems, ...], ...]:
    """The two sides of the line about rising and falling."""
    return next(sides for sides in stem_sides("opposites") if stems("rise") in sides[0])


def judged_words(source: Stems) -> set[Stems]:
    """The words that ``source`` judges by their opposites; rising and falling are judged by the figures."""
    lines = [[phrase for side in line for phrase in side] for line in stem_sides("opposites")]
    return {
        phrase
        for line in lines
        if stems("rise") in line or any(holds(source, other) for other in line)
        for phrase in line
    }


@cache
def role_words() -> dict[str, str]:
    """The words for those who act, each with the part that it names."""
    return {word: line[0] for line in lexicon("roles") for word in line}


@cache
def _function_stems() -> frozenset[str]:
    return frozenset(stem(word, "en") for word in (*stop_words("en"), *_COMMON.split())) | {"|"}


@cache
def place_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for every name of a country or its people, and the one name that stands for each."""
    canonical = {name: line[0] for line in lexicon("places") for name in line}
    longest_first = sorted(canonical, key=len, reverse=True)
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?!\$| (?:dollar|shilling|pound)s?\b)"
    ), canonical
