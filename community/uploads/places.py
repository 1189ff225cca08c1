"""The countries that a text names, and from where to where it says that people move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple

import yaml
from babel import Locale, UnknownLocaleError

from ingest.domain import Span

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_CODE = re.compile(r"[A-Z]{2}")
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AQ"}  # codes of CLDR that are none
_IN_BRACKETS = re.compile(r"\s*\(.*\)")
_LOCALES = {"pt": ("pt", "pt_PT")}  # Quênia, Quénia
# everyday words of the language, written alike
_WORDS_TOO = {("ar", "مالي"), ("sw", "Mali")}
_ARABIC_BEFORE = re.compile(r"[وف]?[بكل]?")  # "and", "in", "to" are written together with the name
_AND = r"(?:\s*,\s*(?:and|et|e|na)?\s*|\s+(?:and|or|et|ou|e|na)\s+)(?:the\s+|la\s+|le\s+|l['’])?"
_FROM = re.compile(
    r"(?:\bfrom|\bdepuis|\bde|\bdu|\bdes|\bd['’]|\bda|\bdo|\bkutoka|من)\s*(?:the\s+|la\s+|le\s+|l['’])?\Z",
    re.I,
)
_TO = re.compile(
    r"(?P<way>[^.!?\n]{0,60}?)(?:->|→|\b(?:to|into|in|vers|à|au|aux|en|para|em|na|no|kwenda|hadi|nchini)\b|إلى|في)"
    r"\s*(?:the\s+|la\s+|le\s+|les\s+|l['’]|a\s+|o\s+|os\s+)?",
    re.I,
)
_BEFORE = 12  # code points that the word for "from" may take
_MOST = 2_000_000  # code points


class Mention(NamedTuple):
    """A country that is named in a text, as this library writes it, and where."""

    country: str
    span: Span
    is_people: bool = False  # or a thing of theirs: "Kenyan"


class Corridor(NamedTuple):
    """From where to where people move, and the words that say so."""

    origin: str
    destination: str
    span: Span

    def __str__(self) -> str:
        return f"{self.origin} -> {self.destination}"


def mentions(text: str, language: str) -> list[Mention]:
    """The countries and peoples named in ``text``, in its language or in English, in reading order.

    Names count as they are written: with a capital letter where the language has one.
    """
    names, text = _names(language), text.replace("’", "'")
    found: list[Mention] = []
    end = 0
    for match in _WORD.finditer(text, 0, _MOST):
        if match.start() >= end and (mention := _mention(text, match, names)):
            found.append(mention)
            end = mention.span.end
    return found


def corridors(text: str, named: Sequence[Mention]) -> list[Corridor]:
    """From where to where, as "from Kenya and Uganda to Qatar" says it; each origin with each destination."""
    groups = list(_groups(text, named))
    return [
        Corridor(origin.country, destination.country, Span(one[0].span.start, other[-1].span.end))
        for one, other in pairwise(groups)
        if _leads(text, one, other)
        for origin in one
        for destination in other
        if origin.country != destination.country
    ]


def _groups(text: str, named: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Countries that are listed one after the other."""
    group: list[Mention] = []
    for mention in named:
        if group and not re.fullmatch(_AND, text[group[-1].span.end : mention.span.start]):
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _leads(text: str, one: Sequence[Mention], other: Sequence[Mention]) -> bool:
    """Whether people go from ``one`` to ``other``: "from Kenya to", "Kenyan nurses in", "Kenya ->"."""
    between = text[one[-1].span.end : other[0].span.start]
    if other[0].is_people or not _TO.fullmatch(between):
        return False
    before = text[max(0, one[0].span.start - _BEFORE) : one[0].span.start]
    return one[0].is_people or "->" in between or "→" in between or bool(_FROM.search(before))


def _mention(
    text: str, match: re.Match[str], names: Mapping[str, Sequence[tuple[str, str, bool]]]
) -> Mention | None:
    for start, word in _readings(match):
        for name, country, is_people in names.get(word, ()):
            end = start + len(name)
            if text.startswith(name, start) and not text[end : end + 1].isalnum():
                return Mention(country, Span(start, end), is_people)
    return None


def _readings(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    """A word as it stands, and, of an Arabic one, without what is written together with it."""
    word = match[0]
    first = _first_word(word)
    yield match.start(), first
    if before := _ARABIC_BEFORE.match(word):
        for length in range(1, before.end() + 1):
            yield match.start() + length, first[length:]


@cache
def _names(language: str) -> Mapping[str, Sequence[tuple[str, str, bool]]]:
    """First word -> the names that begin with it, the longest first, each with its country."""
    known: dict[str, tuple[str, bool]] = {}
    for code, country in _written().items():
        listed = _listed().get(code, {})
        for one in listed.get("people", ()):
            known[one] = known[f"{one}s"] = (country, True)
        known.update(dict.fromkeys(listed.get("also", ()), (country, False)))
    for locale in ("en", *_LOCALES.get(language, (language,))):
        for code, name in _territories(locale).items():
            if (language, name) not in _WORDS_TOO:
                known |= dict.fromkeys(_peoples(name, language), (_written()[code], True))
                known[name] = (_written()[code], False)
    by_word: dict[str, list[tuple[str, str, bool]]] = {}
    for name in sorted(known, key=len, reverse=True):
        by_word.setdefault(_first_word(name), []).append((name, *known[name]))
    return by_word


def _first_word(name: str) -> str:
    return re.split(r"[\s'-]", name)[0].rstrip(".")


def _peoples(name: str, language: str) -> Iterator[str]:
    """What is regular: Wakenya and Mkenya; of an Arabic name the adjective."""
    if language == "sw":
        yield from (prefix + name.lower() for prefix in ("Wa", "M"))
    elif language == "ar" and " " not in name:
        stem = re.sub(r"(?:يا|ا|ة|ية)\Z", "", name.removeprefix("ال"))
        yield from (
            f"{article}{stem}{ending}" for article in ("", "ال") for ending in ("ي", "ية", "يين", "يون")
        )
        if name.startswith("ال"):
            yield "لل" + name[2:]


@cache
def _written() -> Mapping[str, str]:
    """How this library writes the countries, by their codes."""
    return {code: str(_listed().get(code, {}).get("name", name)) for code, name in _territories("en").items()}


@cache
def _listed() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        (resources.files("community.uploads") / "countries.yaml").read_text("utf-8")
    )
    return found


@cache
def _territories(locale: str) -> Mapping[str, str]:
    try:
        named = Locale.parse(locale).territories
    except UnknownLocaleError:
        return {}
    return {
        code: _IN_BRACKETS.sub("", name).replace("’", "'").replace(" & ", " and ")
        for code, name in named.items()
        if _CODE.fullmatch(code) and code not in _NO_COUNTRIES
    }
