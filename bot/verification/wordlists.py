"""The English word lists of ``bot/verification/lexicon``, and texts as stems to compare with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from index.analysis import stem, stop_words, tokens

Stems = tuple[str, ...]
# "over" and "under" compare before a number and mean other things elsewhere ("took over", "under the rules").
_COMPARISONS = tuple(
    (re.compile(rf"\b(?:{words})(?=\s+(?:[A-Z]{{0,3}}\$|€|£|KSh\s?)?\d)", re.IGNORECASE), plain)
    for words, plain in (
        ("over|above|beyond", "more than"),
        ("under|below", "less than"),
        ("up", "increase"),
        ("down", "decrease"),
    )
)
# "No school may charge more than ..." bounds a figure and denies nothing.
_NO_MORE = re.compile(
    r"\b(?:no|not|never|nobody|none)\b((?:\s+[\w’']+){0,4}?)"
    r"\s+(more|later|longer|fewer|less) than"
    r"(?=\s+(?:\S*\s?\d|(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b))",
    re.IGNORECASE,
)
_AFTER = tuple(
    (re.compile(rf"(?:(?<=\d%)|(?<=cent))\s+(?:{words})\b", re.IGNORECASE), plain)
    for words, plain in (("above|higher|more", " increase"), ("below|lower|less|fewer", " decrease"))
)
# Words that go with anything: they tell two clauses of one field apart as little as "the" does.
_COMMON = "people person work worker one two use make take get give go"


def stems(text: str) -> Stems:
    """The stem of every word in order; "n't" counts as "not"."""
    apart = re.sub(r"(?<=\w)n['’]t\b", " not", text.replace("cannot", "can not"))
    apart = re.sub(r"\b[Nn]o\.?(?=\s*\d)", "number", apart)
    apart = _NO_MORE.sub(
        lambda match: f"{match[1]} at {'most' if match[2] in 'more later longer' else 'least'}", apart
    )
    for pattern, plain in (*_COMPARISONS, *_AFTER):
        apart = pattern.sub(plain, apart)
    return tuple(stem_of(token.word) for token in tokens(apart))


@lru_cache(maxsize=4096)
def stem_of(word: str) -> str:
    """The stem of a folded English word, the same for its irregular forms."""
    return stem(_irregular().get(word, word), "en")


@cache
def _irregular() -> dict[str, str]:
    return {form: line[0] for line in lexicon("irregular") for form in line}


def content(words: Iterable[str]) -> list[str]:
    """The stems of ``words`` that are neither function words nor too common to tell anything."""
    return [word for word in words if word not in _function_stems() and not word[0].isdigit()]


def tells(word: str) -> bool:
    """Whether a stem is no function word; one that goes with anything, as "work", tells something too."""
    return word not in _stopped() and not word[0].isdigit()


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
def stem_sides() -> tuple[tuple[tuple[Stems, ...], ...], ...]:
    """The lists of opposites as stems: per line its sides."""
    lines = [*_lines("opposites"), *_lines("antonyms")]
    sides = [
        [[stems(part) for part in side.strip().lstrip("~").split(",")] for side in line.split("|")]
        for line in lines
    ]
    return tuple(tuple(tuple(side) for side in line) for line in sides)


@cache
def _synonyms() -> dict[str, str]:
    return {phrase[0]: line[0][0] for line in stem_groups("synonyms") for phrase in line}


def meaning(word: str) -> str:
    """The stem that stands for all that mean the same as the stem ``word``."""
    return _synonyms().get(word, word)


@cache
def _side_phrases() -> dict[str, list[tuple[Stems, int, int]]]:
    """Every phrase of the opposites by its first stem, the longest first, with its line and side."""
    phrases: dict[str, list[tuple[Stems, int, int]]] = {}
    for line, sides in enumerate(stem_sides()):
        for number, side in enumerate(sides):
            for phrase in side:
                phrases.setdefault(phrase[0], []).append((phrase, line, number))
    return {first: sorted(found, key=lambda item: -len(item[0])) for first, found in phrases.items()}


def sides_taken(words: Stems) -> list[tuple[int, int, int]]:
    """The sides that ``words`` take: the number of the word, the line of the list, the side.

    The longest phrase counts: "no more than" is not "more than".
    """
    taken = []
    ends: dict[int, int] = {}
    for start, word in enumerate(words):
        for phrase, line, side in _side_phrases().get(word, ()):
            end = start + len(phrase)
            if words[start:end] == phrase and ends.get(line, 0) < end:
                taken.append((start, line, side))
                ends[line] = end
    return taken


@cache
def words_of_side(fact: str) -> frozenset[str]:
    """The meanings of the words for a side of the opposites, as the fact "side7 0" names it."""
    if not fact.startswith("side"):
        return frozenset()
    line, side = fact.removeprefix("side").split()
    return frozenset(meaning(word) for phrase in stem_sides()[int(line)][int(side)] for word in phrase)


@cache
def weak_sides() -> frozenset[str]:
    """The facts for the sides marked "~", which speak only for a source."""
    lines = enumerate([*_lines("opposites"), *_lines("antonyms")])
    return frozenset(
        f"side{line} {number}"
        for line, text in lines
        for number, side in enumerate(text.split("|"))
        if side.strip().startswith("~")
    )


def change_words() -> tuple[tuple[Stems, ...], ...]:
    """The two sides of the line about rising and falling."""
    return next(sides for sides in stem_sides() if stems("rise") in sides[0])


@cache
def role_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for the words for those who act, and the part that each names."""
    parts = {word: line[0] for line in lexicon("roles") for word in line}
    longest_first = sorted(parts, key=len, reverse=True)
    return re.compile(
        rf"\b({'|'.join(map(re.escape, longest_first))})(?:s|es)?\b(?! day)", re.IGNORECASE
    ), parts


@cache
def _function_stems() -> frozenset[str]:
    return _stopped() | {stem_of(word) for word in _COMMON.split()}


@cache
def _stopped() -> frozenset[str]:
    return frozenset(stem_of(word) for word in stop_words("en")) | {"|"}


@cache
def place_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for every name of a country or its people, and the one name that stands for each."""
    canonical = {name: line[0] for line in lexicon("places") for name in line}
    longest_first = sorted(canonical, key=len, reverse=True)
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?!\$| (?:dollar|shilling|pound)s?\b)"
    ), canonical
