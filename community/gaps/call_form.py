"""What a call says: the words that a draft begins with, and what staff may make of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from string import Template
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community.errors import Invalid
from ingest.domain import THEMES
from ingest.text import clean, clean_line, plain_letters

ZONE = "Africa/Nairobi"
MOST_COUNTRIES = 20
TO_FILL = "(Say here, in your own words"  # how the place in a draft begins where staff says what is missing

_LONGEST = {"title": 200, "text": 6_000}  # code points
_LONGEST_COUNTRY = 60
_LONGEST_SLUG = 50


@dataclass(frozen=True, slots=True)
class CallForm:
    """A call as it is typed. ``deadline`` is "2026-03-31"; countries have commas or lines between them."""

    title: str
    text: str
    themes: Sequence[str] = ()
    countries: str = ""
    deadline: str = ""
    zone: str = ZONE


def draft_title(themes: Sequence[str], countries: Sequence[str]) -> str:
    """The title of a draft."""
    return f"Good practices{_on(themes)}{_in(countries)}"[: _LONGEST["title"]]


def draft_text(themes: Sequence[str], countries: Sequence[str]) -> str:
    """The text of a draft: nothing in it was written by a member."""
    text = (resources.files("community.gaps") / "call.txt").read_text(encoding="utf-8")
    return Template(text).substitute({"on": _on(themes), "in": _in(countries)}).strip()


def slug(title: str) -> str:
    """``title`` as a part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(title))[:_LONGEST_SLUG].strip("-") or "call"


def checked(form: CallForm) -> dict[str, str]:
    """What is stored of a form. Invalid, field by field."""
    words = {"title": clean_line(form.title), "text": clean(form.text)}
    day, zone = _day(form.deadline), form.zone.strip()
    wrong = _wrong_length(words)
    if day is None:
        wrong["deadline"] = "Write the day as year-month-day, such as 2026-03-31."
    if not _is_zone(zone):
        wrong["zone"] = "There is no such time zone. Write one as Africa/Nairobi or Europe/Paris."
    if wrong or day is None:
        raise Invalid(wrong)
    return words | {
        "themes": "\n".join(theme for theme in THEMES if theme in form.themes),
        "countries": "\n".join(_countries(form.countries)),
        "deadline": day.isoformat(),
        "zone": zone,
    }


def _wrong_length(words: Mapping[str, str]) -> dict[str, str]:
    empty = {name: "This cannot be empty." for name, text in words.items() if not text}
    return empty | {
        name: f"This has {len(text):,} characters. Shorten it to {_LONGEST[name]:,}."
        for name, text in words.items()
        if len(text) > _LONGEST[name]
    }


def _countries(typed: str) -> list[str]:
    names = (clean_line(one)[:_LONGEST_COUNTRY] for one in re.split(r"[,;\n]", typed))
    return list(dict.fromkeys(filter(None, names)))[:MOST_COUNTRIES]


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _on(themes: Sequence[str]) -> str:
    return f" on {' and '.join(themes)}" if themes else ""


def _in(countries: Sequence[str]) -> str:
    if not countries:
        return ""
    return (
        f" in {', '.join(countries[:-1])} and {countries[-1]}"
        if len(countries) > 1
        else f" in {countries[0]}"
    )
