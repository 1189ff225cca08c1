"""Who and where: the countries, names and parts (employer, worker ...) that a text speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.verification.wordlists import place_names, role_names
from index.analysis import fold, stem, tokens
from ingest.domain import Span

_CAPITAL = re.compile(r"(?<![\w-])[^\W\d_a-z][\w.&]*(?:['’-][^\W\d_]+)*")
ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&]*[A-Z0-9]\b")
_JOINING = frozenset("of the and for on in de des du la et".split())
_CURRENCIES = frozenset("A AU US NZ C KSh Ksh KES AUD USD EUR GBP ZAR TZS UGX".split())
_LISTING = re.compile(r"(?:, ?|,? (?:and|or) )(?:the )?")
_MONEY = re.compile(r"\s+(?:dollar|shilling|pound)s?\b")
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)


def places(text: str) -> list[tuple[str, Span]]:
    """The countries that ``text`` names, by whatever name, each with where it stands."""
    pattern, canonical = place_names()
    return [(canonical[match.group()], Span(*match.span())) for match in pattern.finditer(text)]


def roles(text: str) -> list[tuple[str, Span]]:
    """The parts that ``text`` names (employer, worker ...), each with where it stands."""
    pattern, parts = role_names()
    found = [match for match in pattern.finditer(text) if match[1] != "Union"]
    return [(parts[match[1].casefold()], Span(*match.span())) for match in found]


def names(text: str) -> list[str]:
    """Capitalised words and acronyms that are no country, month or currency, nor merely begin a sentence."""
    pattern, _ = place_names()
    without_places = pattern.sub(lambda match: "~" * len(match.group()), text)
    found = []
    for match in _CAPITAL.finditer(without_places):
        word = re.sub(r"['’]s?$", "", match.group()).rstrip(".")
        before = without_places[: match.start()].rstrip(" \"'“‘(*")
        begins = not before or before[-1] in ".!?:\n"
        after = without_places[match.end() :]
        if (
            not word[0].isupper()
            or word.casefold() in _MONTHS
            or word in _CURRENCIES
            or len(word) < 2
            or _MONEY.match(after)
        ):
            continue
        if not begins or ACRONYM.fullmatch(word):
            found.append(word)
    return found


def knows_name(evidence: str, name: str) -> bool:
    """Whether ``name`` stands in ``evidence``, in another case, inflected, or as initials for words there."""
    words = [token.word for token in tokens(evidence)]
    parts = [fold(part) for part in re.split(r"[-’'.&]", name) if part and not part.islower()]
    if all(any(_same_name(part, word) for word in words) for part in parts):
        return True
    return name.isupper() and (name in _initials(evidence) or _initials_of_words(name, words))


def _same_name(name: str, word: str) -> bool:
    if name == word or stem(name, "en") == stem(word, "en"):
        return True
    short, long = sorted((name, word), key=len)
    return len(short) >= 5 and len(long) - len(short) <= 3 and long.startswith(short[:-1])


def _initials(text: str) -> dict[str, set[str]]:
    """The words behind the initials of every run of capitalised words: "World Health Organization" is WHO."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[^\W_]+", text):
        if word[0].isupper():
            runs[-1].append(word)
        elif word not in _JOINING:
            runs.append([])
    initials: dict[str, set[str]] = {}
    for run in runs:
        for start in range(len(run)):
            for end in range(start + 2, len(run) + 1):
                own = run[start:end]
                initials.setdefault("".join(word[0] for word in own), set()).update(own)
    return initials


def _initials_of_words(name: str, words: Sequence[str]) -> bool:
    """Whether ``name`` is short for words one after another: "NGO" for "non-governmental organisation"."""
    firsts = "".join(word[0] for word in words if word not in _JOINING)
    return len(name) >= 3 and name.casefold() in firsts


def spelled_out(sentence: str, evidence: str, name: str) -> bool:
    """Whether ``name`` is part of words in ``sentence`` whose initials stand in ``evidence``."""
    acronyms = {word for word in re.findall(r"\w+", evidence) if ACRONYM.fullmatch(word)}
    return any(short in acronyms and name in words for short, words in _initials(sentence).items())


def lists(text: str) -> list[frozenset[str]]:
    """Countries, acronyms or other names that ``text`` lists side by side: "Jordan, Ecuador and Viet Nam"."""
    found = [(span, place, "place") for place, span in places(text)]
    rest = place_names()[0].sub(lambda match: "~" * len(match.group()), text)
    for name in set(names(f"~ {text}")):
        kind = "acronym" if ACRONYM.fullmatch(name) else "name"
        found += [(Span(*one.span()), name, kind) for one in re.finditer(rf"\b{re.escape(name)}\b", rest)]
    found.sort(key=lambda item: item[0].start)
    runs: list[set[str]] = []
    end, before = 0, ""
    for span, name, kind in found:
        if kind == before and _LISTING.fullmatch(text[end : span.start]):
            runs[-1].add(name)
        else:
            runs.append({name})
        end, before = span.end, kind
    return [frozenset(run) for run in runs if len(run) > 1]


def actors(text: str) -> list[tuple[str, int]]:
    """Who acts: countries, acronyms and parts (employer, worker ...), each with the number of its word."""
    numbers = {token.span.start: number for number, token in enumerate(tokens(text))}
    found = [*places(text), *roles(text)]
    found += [(match.group(), Span(*match.span())) for match in ACRONYM.finditer(text)]
    actors = {numbers[span.start]: actor for actor, span in reversed(found) if span.start in numbers}
    return sorted(((actor, number) for number, actor in actors.items()), key=lambda item: item[1])


def directions(text: str) -> dict[str, set[str]]:
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
