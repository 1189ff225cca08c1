"""Which countries a question names, in any of our languages, by the names that the library uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from index.glossary import LANGUAGES
from ingest.text import plain_letters

# Names that readers use where the Unicode tables have others.
_USUAL = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Côte d'Ivoire",
    "ST": "São Tomé and Príncipe",
    "MM": "Myanmar",
    "TR": "Türkiye",
    "HK": "Hong Kong",
    "MO": "Macao",
    "PS": "Palestine",
}
_ALSO = {
    "ivory coast": "CI", "drc": "CD", "rdc": "CD", "dr congo": "CD", "congo": "CG", "uk": "GB", "usa": "US",
    "uae": "AE", "swaziland": "SZ", "turkey": "TR", "cape verde": "CV", "great britain": "GB",
    "emirates": "AE", "ksa": "SA", "drcongo": "CD", "cote divoire": "CI", "england": "GB", "angleterre": "GB",
    "inglaterra": "GB", "uingereza": "GB", "بريطانيا": "GB", "السعودية": "SA",
    "الإمارات": "AE", "أمريكا": "US",
}  # fmt: skip
_ARTICLES = re.compile(r"^(?:و|ب|ل|ك|ف)(?=\w{4})")
# "Ghana's", "Kenyan", "kényane", "Jordanian", "Omani": what can stand behind the name of a country
_PEOPLE = ("'s", "n", "ns", "ne", "nes", "an", "ans", "ian", "ians", "i", "is", "ese")
_SHORTEST_NAME = 4  # letters of a country before them
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST = 5  # words


def countries_in(text: str) -> tuple[str, ...]:
    """The English names of the countries that ``text`` names, in the order in which it does."""
    known = _names()
    words = _WORD.findall(plain_letters(text.replace("’", "'")))
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            name = " ".join(words[at : at + length])
            code = known.get(name) or known.get(_ARTICLES.sub("", name)) or _of_people(name, known)
            if code:
                found[country_name(code)] = None
                at += length - 1
                break
        at += 1
    return tuple(found)


def _of_people(name: str, known: Mapping[str, str]) -> str | None:
    countries = (name.removesuffix(ending) for ending in _PEOPLE if name.endswith(ending))
    return next((known[one] for one in countries if len(one) >= _SHORTEST_NAME and one in known), None)


def country_name(code: str) -> str:
    """How the library calls the country of two letters."""
    return _USUAL.get(code) or _territories("en")[code].replace("’", "'")


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    return Locale.parse(language).territories


@cache
def _names() -> Mapping[str, str]:
    """From every name in small plain letters to the code."""
    names = {plain_letters(name): code for name, code in _ALSO.items()}
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            if len(code) == 2 and code.isalpha():
                plain = " ".join(_WORD.findall(plain_letters(name.replace("’", "'"))))
                if len(plain) > 2:
                    names.setdefault(plain, code)
    return names
