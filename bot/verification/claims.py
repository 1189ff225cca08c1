"""What a sentence claims, taken apart: its clauses with their words, names, numbers and denials.

The word lists in ``bot/verification/lexicon`` are English; digits and names are found in any language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.verification.dates import Date, dates
from bot.verification.quantities import Quantity, periods, quantities
from bot.verification.wordlists import Stems, content, place_names, role_words, stems, without
from index.analysis import fold, stem, tokens

_CLAUSE = re.compile(
    r"\n|(?<=[.!?])\s(?=[A-Z])|[;:]|\((?![A-Z]+\))|(?<![A-Z])\)|,(?!\d)"
    r"|\b(?:and|but|while|whilst|whereas|which|who|although|though|because|since(?! \d)|next to)\b"
)
_CAPITAL = re.compile(r"(?<![\w-])[^\W\d_a-z][\w.&]*(?:['’-][^\W\d_]+)*")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]*[A-Z0-9]")
_JOINING = frozenset("of the and for on in de des du la et".split())
_CURRENCIES = frozenset("A AU US NZ C KSh Ksh KES AUD USD EUR GBP ZAR TZS UGX".split())
# A number that is part of a name, as in "Act No. 22", belongs to nothing but that name.
_TITLE = re.compile(r"\b(?:No\.?|Act|Article|Objective|Convention|Recommendation|Proclamation|Paper)\s*$")
_MONEY = re.compile(r"\s+(?:dollar|shilling|pound)s?\b")
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
# Content words that a denial reaches within its clause: "no" and "without" deny a thing, "not" an action.
_REACH = {"no": 2, "without": 2, "none": 2}
_REACH_OF_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between commas and conjunctions: its stems in order, and the facts that stand in it."""

    stems: Stems
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claims:
    """A text with everything in it that can be checked."""

    text: str
    stems: Stems
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    periods: frozenset[str]
    places: tuple[str, ...]
    names: tuple[str, ...]
    clauses: tuple[Clause, ...]
    actors: tuple[tuple[str, int], ...]
    directions: dict[str, set[str]]

    @property
    def content(self) -> frozenset[str]:
        """The stems that carry meaning."""
        return frozenset(content(self.stems))


@lru_cache(maxsize=512)
def claims(text: str) -> Claims:
    """``text`` taken apart."""
    return Claims(
        text,
        stems(text),
        tuple(quantities(text)),
        tuple(dates(text)),
        frozenset(periods(text)),
        tuple(place for place, _ in _places(text)),
        tuple(_names(text)),
        tuple(_clauses(text)),
        tuple(_actors(text)),
        _directions(text),
    )


def _places(text: str) -> list[tuple[str, int]]:
    """The countries that ``text`` names, by whatever name, each with its offset."""
    pattern, canonical = place_names()
    return [(canonical[match.group()], match.start()) for match in pattern.finditer(text)]


def _names(text: str) -> list[str]:
    """Capitalised words and acronyms that are no country, month or currency, nor merely begin a sentence."""
    pattern, _ = place_names()
    without_places = pattern.sub(lambda match: "~" * len(match.group()), text)
    found = []
    for match in _CAPITAL.finditer(without_places):
        word = re.sub(r"['’]s?$", "", match.group()).rstrip(".")
        before = without_places[: match.start()].rstrip(" \"'“‘(*")
        begins = not before or before[-1] in ".!?:\n"
        after = without_places[match.end() :]
        if word.casefold() in _MONTHS or word in _CURRENCIES or len(word) < 2 or _MONEY.match(after):
            continue
        if not begins or _ACRONYM.fullmatch(word):
            found.append(word)
    return found


def knows_name(evidence: str, name: str) -> bool:
    """Whether ``name`` stands in ``evidence``, in another case, inflected, or as initials for words there."""
    wanted = fold(name)
    words = [token.word for token in tokens(evidence)]
    if all(any(_same_name(part, word) for word in words) for part in re.split(r"[-’'.&]", wanted) if part):
        return True
    return name.isupper() and name in _initials(evidence)


def _same_name(name: str, word: str) -> bool:
    if name == word or stem(name, "en") == stem(word, "en"):
        return True
    short, long = sorted((name, word), key=len)
    return len(short) >= 5 and len(long) - len(short) <= 3 and long.startswith(short[:-1])


def _initials(text: str) -> set[str]:
    """The initials of every run of capitalised words: "World Health Organization" is WHO."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[^\W_]+", text):
        if word[0].isupper():
            runs[-1].append(word[0])
        elif word not in _JOINING:
            runs.append([])
    return {"".join(run[a:b]) for run in runs for a in range(len(run)) for b in range(a + 2, len(run) + 1)}


def spelled_out(sentence: str, evidence: str, name: str) -> bool:
    """Whether ``name`` is part of words in ``sentence`` whose initials stand in ``evidence``."""
    acronyms = {word for word in re.findall(r"\w+", evidence) if _ACRONYM.fullmatch(word)}
    return any(initials in acronyms and name[0] in initials for initials in _initials(sentence))


def _clauses(text: str) -> list[Clause]:
    names = set(_names(text))
    inner = [match.start() for match in _CLAUSE.finditer(text) if not _in_a_list_of_names(match, text)]
    edges = [0, *inner, len(text)]
    return [
        _clause(text[start:end], names) for start, end in pairwise(edges) if text[start:end].strip(" ,;:()")
    ]


def _in_a_list_of_names(match: re.Match[str], text: str) -> bool:
    """Whether the comma or "and" only parts names: "Tunisia, Morocco and Egypt"."""
    before, after = text[: match.start()].split()[-1:], text[match.end() :].split()[:1]
    listing = match.group() in (",", "and") and before and after
    return bool(listing and before[0][0].isupper() and after[0][0].isupper())


def _clause(text: str, known: set[str]) -> Clause:
    numbers = {
        f"number {one.value:g}" for one in quantities(text) if not _TITLE.search(text[: one.span.start])
    }
    days = {f"date {date.month} {date.year}" for date in dates(text)}
    names = {f"name {fold(name)}" for name in _names(f"~ {text}") if name in known}
    places = {f"place {place}" for place, _ in _places(text)}
    roles = {f"role {actor}" for actor, _ in _actors(text) if actor in role_words()}
    return Clause(stems(text), frozenset(numbers | days | names | places | roles))


def denied(words: Stems, negations: Sequence[Stems], phrases: Sequence[Stems]) -> list[str]:
    """The content stems that a negation in ``words`` (one clause) reaches."""
    reached: list[str] = []
    cleared = without(words, phrases)
    for index, word in enumerate(cleared):
        if (word,) in negations:
            reached += content(cleared[index + 1 :])[: _REACH.get(word, _REACH_OF_OTHERS)]
    return reached


def _actors(text: str) -> list[tuple[str, int]]:
    """Who acts: countries, acronyms and parts (employer, worker ...), each with the number of its word."""
    words = tokens(text)
    numbers = {token.span.start: number for number, token in enumerate(words)}
    roles = role_words()
    found = {numbers[offset]: place for place, offset in _places(text) if offset in numbers}
    for number, token in enumerate(words):
        role = roles.get(token.word) or roles.get(token.word.removesuffix("s"))
        written = text[token.span.start : token.span.end]
        if role or _ACRONYM.fullmatch(written):
            found.setdefault(number, role or written)
    return sorted(((actor, number) for number, actor in found.items()), key=lambda item: item[1])


def _directions(text: str) -> dict[str, set[str]]:
    """The part that each country plays: people come *from* it or are called after it, or are *in* it."""
    pattern, canonical = place_names()
    parts: dict[str, set[str]] = {}
    for match in pattern.finditer(text):
        place, before = canonical[match.group()], text[: match.start()].split()[-1:]
        preposition = before[0].casefold() if before else ""
        if preposition in ("from", "leaving") or match.group() != place:
            parts.setdefault(place, set()).add("origin")
        elif preposition in ("to", "in", "into", "towards"):
            parts.setdefault(place, set()).add("destination")
    return parts
