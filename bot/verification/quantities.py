"""The numbers of a text as values, so that "A$1.9 billion" and "1.9bn Australian dollars" agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.verification.dates import dates
from ingest.domain import Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, where that is money, time or a share ("" otherwise)."""

    value: float
    unit: str
    span: Span

    @property
    def kind(self) -> str:
        """What may be mistaken for it: another year, share or figure."""
        if not self.unit and 1900 <= self.value < 2100:
            return "year"
        return self.unit if self.unit == "percent" else "figure"

    def agrees(self, other: Quantity) -> bool:
        """Whether ``other`` is the same amount; a unit that one of them leaves out does not matter."""
        units = {self.unit, other.unit}
        same_unit = (
            len(units) == 1 or "" in units or ("dollar" in units and any("D$" in one for one in units))
        )
        return same_unit and abs(self.value - other.value) < EQUAL


EQUAL = 1e-9  # values nearer than this are the same
FIGURES = ("year", "percent", "figure")  # the kinds of quantities
_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
} | {"dozen": 12, "half": 0.5}
# French and Portuguese words that are no English ones.
_SMALL |= {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11,
    "douze": 12, "quinze": 15, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7,
    "oito": 8, "nove": 9, "dez": 10, "doze": 12,
}  # fmt: skip
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12} | {
    f"{word.removesuffix('y') + 'ie' if word.endswith('y') else word}th": value
    for word, value in {**_SMALL, **_TENS}.items()
    if word not in ("one", "two", "three", "five", "eight", "nine", "twelve", "half", "dozen", "zero")
}
_MAGNITUDES = {
    "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "millions": 1e6, "milliards": 1e9, "milhões": 1e6, "milhão": 1e6,
    "hundredth": 100, "thousandth": 1e3, "millionth": 1e6, "k": 1e3, "m": 1e6, "bn": 1e9,
}  # fmt: skip
_SYMBOLS = {
    "a$": "AUD$", "au$": "AUD$", "aud": "AUD$", "us$": "USD$", "usd": "USD$", "nz$": "NZD$", "c$": "CAD$",
    "$": "dollar", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "ksh": "KES", "kes": "KES",
    "zar": "ZAR", "tzs": "TZS", "ugx": "UGX",
}  # fmt: skip
_UNITS = {
    "%": "percent", "percent": "percent", "per cent": "percent", "percentage": "percent",
    "dollar": "dollar", "australian dollar": "AUD$", "us dollar": "USD$", "american dollar": "USD$",
    "new zealand dollar": "NZD$", "euro": "EUR", "pound": "GBP", "kenyan shilling": "KES", "shilling": "KES",
    "tanzanian shilling": "TZS", "ugandan shilling": "UGX", "rand": "ZAR",
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "month": "month",
    "year": "year", "decade": "decade", "heure": "hour", "jour": "day", "semaine": "week", "mois": "month",
    "an": "year", "année": "year", "hora": "hour", "dia": "day", "semana": "week", "mês": "month",
    "meses": "month", "ano": "year",
}  # fmt: skip
_KINDS_OF_DAY = ("business", "working", "calendar", "full", "whole", "consecutive")
_PERIODS = {
    "hourly": "hour", "daily": "day", "weekly": "week", "fortnight": "week", "fortnightly": "week",
    "monthly": "month", "yearly": "year", "annual": "year", "annually": "year",
} | {unit: unit for unit in ("minute", "hour", "day", "week", "month", "year", "decade")}  # fmt: skip
_WHOLE = {(12.0, "month"): "year", (24.0, "hour"): "day", (7.0, "day"): "week", (60.0, "minute"): "hour"}
_TOKEN = re.compile(
    r"(?P<symbol>(?:\b(?:AU|US|NZ|A|C))?\$|[€£]|\b(?:KSh|Ksh|KES|AUD|USD|EUR|GBP|ZAR|TZS|UGX)\b)"
    r"|(?<![\w.])(?P<digits>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<suffix>(?:st|nd|rd|th|k|m|bn)\b)?(?![A-Za-z_])"
    r"|(?P<word>[^\W\d_]+)|(?P<other>%|[^\s\w])"
)
_SCHOOL_YEAR = re.compile(r"\b((?:19|20)(\d{2}))[-–/](\d{2})\b(?!-)")
_FRACTION = re.compile(r"\b(a|one|two|three|four) (half|third|quarter|fifth)(s)?\b(?! part)", re.IGNORECASE)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5}
_SHARE = re.compile(r"\s+(?:in|out\s+of)\s+(?:every\s+|a\s+)?$", re.I)
_ONE_IN = re.compile(r"(?:\s+[^\W\d]+){1,3}\s+in\s+(?:every\s+)?$")  # "one migrant in twenty"
_RANGE = re.compile(r"\s*(?:to|and|or|-|–)\s*(?:[A-Z]{0,3}\$|€|£|KSh)?\s*$")


def quantities(text: str) -> list[Quantity]:
    """The numbers of ``text`` outside its dates (years included), in digits or English words."""
    found = [*_school_years(text), *_fractions(text)]
    for span in [*(one.span for one in found), *(date.span for date in dates(text))]:
        text = text[: span.start] + "|" * (span.end - span.start) + text[span.end :]
    tokens = list(_TOKEN.finditer(text))
    index = 0
    while index < len(tokens):
        quantity, used = _quantity(tokens, index)
        if quantity is not None:
            found.append(quantity)
        index += used
    found.sort(key=lambda quantity: quantity.span)
    return _shares(_ranges(found, text), text)


def _school_years(text: str) -> list[Quantity]:
    """ "2016-17" is two years."""
    return [
        Quantity(float(year), "", Span(*match.span()))
        for match in _SCHOOL_YEAR.finditer(text)
        for year in (match[1], match[1][:2] + match[3])
    ]


def _fractions(text: str) -> list[Quantity]:
    """ "Three quarters" is 75 percent; "a third" only before "of"."""
    found = []
    for match in _FRACTION.finditer(text):
        above = 1 if match[1].casefold() in ("a", "one") else _SMALL[match[1].casefold()]
        if match[3] or text[match.end() :].startswith(" of "):
            share = round(100 * above / _PARTS[match[2].casefold()], 6)
            found.append(Quantity(share, "percent", Span(*match.span())))
    return found


def periods(text: str) -> set[str]:
    """The units of time that ``text`` speaks of: "weekly" and "a fortnight" are about weeks."""
    words = re.findall(r"[a-z]+", text.casefold())
    units = {_PERIODS.get(word) or _PERIODS.get(word.removesuffix("s")) for word in words}
    whole = {_WHOLE.get((quantity.value, quantity.unit)) for quantity in quantities(text)}
    return {unit for unit in units | whole if unit}


def _quantity(tokens: Sequence[re.Match[str]], start: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at token ``start``, if one does, and how many tokens were read."""
    index = start
    unit = ""
    if tokens[index]["symbol"] and index + 1 < len(tokens) and tokens[index + 1]["digits"]:
        unit = _SYMBOLS[tokens[index]["symbol"].casefold()]
        index += 1
    value, used = _value(tokens[index:])
    if not used:
        return _fortnight(tokens, start), 1
    index += used
    after, read = _unit(tokens[index:])
    span = Span(tokens[start].start(), tokens[index + read - 1].end())
    return Quantity(round(value, 6), unit or after, span), index + read - start


def _fortnight(tokens: Sequence[re.Match[str]], index: int) -> Quantity | None:
    if not tokens[index].group().casefold().startswith("fortnight"):
        return None
    return Quantity(2, "week", Span(*tokens[index].span()))


def _value(tokens: Sequence[re.Match[str]]) -> tuple[float, int]:
    """The number that ``tokens`` begin with and how many of them it takes; 0 tokens where they do not."""
    first = tokens[0]
    if first["digits"]:
        total = _digits(first["digits"])
        suffix = _MAGNITUDES.get(first["suffix"] or "")
        total, used = total * (suffix or 1), 1
        return _magnitudes(tokens, total, used)
    return _words(tokens)


def _digits(text: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(\.\d+)?", text)
    return float(re.sub(r"[,\s]", "", text) if grouped else text.replace(",", "."))


def _magnitudes(tokens: Sequence[re.Match[str]], value: float, used: int) -> tuple[float, int]:
    while used < len(tokens) and tokens[used].group().casefold() in _MAGNITUDES:
        value *= _MAGNITUDES[tokens[used].group().casefold()]
        used += 1
    return value, used


def _words(tokens: Sequence[re.Match[str]]) -> tuple[float, int]:
    """A number in words: "twenty-six", "two hundred and forty", "half a million", "thousandth"."""
    total = current = 0.0
    used = 0
    for index, token in enumerate(tokens):
        word = token.group().casefold()
        if word in _SMALL or word in _TENS or word in _ORDINALS:
            if current and not _continues(tokens, index):
                break
            current += {**_ORDINALS, **_SMALL, **_TENS}[word]
        elif word in _MAGNITUDES and len(word) > 2:
            current = (current or 1) * _MAGNITUDES[word]
            if _MAGNITUDES[word] > 100:
                total, current = total + current, 0.0
        elif not (used and _joins(tokens, index)):
            break
        else:
            continue
        used = index + 1
    return total + current, used


def _continues(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether the number word at ``index`` goes on with the one before: "twenty six", not "sixty first"."""
    before, word = tokens[index - 1].group().casefold(), tokens[index].group().casefold()
    return before in (*_MAGNITUDES, "-", "and") or (before in _TENS and word in _SMALL)


def _joins(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether token ``index`` ties two words of one number: the hyphen of "twenty-six", "half a million"."""
    before, word = tokens[index - 1].group().casefold(), tokens[index].group().casefold()
    after = tokens[index + 1].group().casefold() if index + 1 < len(tokens) else ""
    if word == "-":
        return before in _TENS and (after in _SMALL or after in _ORDINALS)
    if word == "a":
        return before == "half" and after in _MAGNITUDES
    return word == "and" and before in _MAGNITUDES and (after in _SMALL or after in _TENS)


def _unit(tokens: Sequence[re.Match[str]]) -> tuple[str, int]:
    """The unit right after a number, and how many tokens it takes."""
    words = [token.group().casefold() for token in tokens[:5]]
    skipped = 1 if words[:1] == ["-"] and len(words) > 1 and words[1].isalpha() else 0
    if words[skipped : skipped + 1] and words[skipped] in _KINDS_OF_DAY:
        skipped += 1
    for length in (3, 2, 1):
        phrase = " ".join(words[skipped : skipped + length])
        unit = _UNITS.get(phrase) or _UNITS.get(phrase.removesuffix("s"))
        if unit and len(words) >= skipped + length:
            return unit, skipped + length
    return "", 0


def _ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """In "5 to 10 US dollars" and "US$2.5-5 million" both ends take the unit and the magnitude."""
    for index in range(len(found) - 1):
        low, high = found[index], found[index + 1]
        if not _RANGE.fullmatch(text[low.span.end : high.span.start]):
            continue
        large = text[low.span.start : high.span.end].casefold()
        for word in ("million", "billion"):
            if large.endswith(word) or f"{word} " in large[low.span.end - low.span.start :]:
                low = replace(low, value=low.value * _MAGNITUDES[word]) if low.value < 1e3 else low
        found[index] = replace(low, unit=low.unit or high.unit)
        found[index + 1] = replace(high, unit=high.unit or low.unit)
    return found


def _shares(found: list[Quantity], text: str) -> list[Quantity]:
    """ "Nine in ten" is 90 percent, whichever way it is written."""
    kept: list[Quantity] = []
    for quantity in found:
        between = text[kept[-1].span.end : quantity.span.start] if kept else ""
        one_in = kept and kept[-1].value == 1 and quantity.value < 1900 and _ONE_IN.fullmatch(between)
        if kept and (_SHARE.fullmatch(between) or one_in) and quantity.value >= kept[-1].value:
            part = kept.pop()
            share = round(100 * part.value / quantity.value, 6)
            kept.append(Quantity(share, "percent", Span(part.span.start, quantity.span.end)))
        else:
            kept.append(quantity)
    return kept
