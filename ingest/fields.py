"""The values of a description (front matter, sidecar, event file, command line), checked one by one.

A wrong value is a :class:`FileRejected` that names the key, the value and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from textwrap import shorten
from typing import NoReturn

from ingest.domain import Person
from ingest.errors import FileRejected
from ingest.text import clean, clean_line

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.-]{0,119}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_ARROW = re.compile(r"\s*(?:[-–=]>|→)\s*")
_MOST_SHOWN = 60  # characters of a wrong value in a message
_MOST_MINUTES = 7 * 24 * 60


class Fields:
    """One description of the file called ``name``. A key that is absent or empty has its default."""

    def __init__(self, values: Mapping[str, object], name: str) -> None:
        self._values = {key: value for key, value in values.items() if value not in (None, "", [], ())}
        self._name = name

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def reject(self, key: str, allowed: str) -> NoReturn:
        """Refuse the value of ``key``, saying what is ``allowed``."""
        if key not in self:
            raise FileRejected(self._name, f"A {key} is missing. {allowed}")
        shown = shorten(str(self._values[key]), _MOST_SHOWN, placeholder="...")
        raise FileRejected(self._name, f"Its {key} is given as {shown!r}. {allowed}")

    def text(self, key: str) -> str:
        """A line of text."""
        return clean_line(self._string(key, self._values.get(key, "")))

    def paragraphs(self, key: str) -> str:
        """Text of one or more paragraphs."""
        return clean(self._string(key, self._values.get(key, "")))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of lines; a single line becomes a list of one."""
        value = self._values.get(key, ())
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(filter(None, (clean_line(self._string(key, item)) for item in items)))

    def words(self, key: str) -> tuple[str, ...]:
        """A list of short items; a single string is cut at its commas."""
        value = self._values.get(key, ())
        items = self.texts(key)
        parts = (
            items
            if isinstance(value, (list, tuple))
            else [part for item in items for part in item.split(",")]
        )
        return tuple(dict.fromkeys(filter(None, (part.strip() for part in parts))))

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """One of a fixed set, written with spaces, hyphens or underscores; empty where absent."""
        word = _spaced(self.text(key))
        found = next((one for one in allowed if _spaced(one) == word), "")
        if word and not found:
            self.reject(key, f"It can be one of: {', '.join(allowed)}.")
        return found

    def some_of(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Items of a fixed set."""
        found = tuple(word.casefold() for word in self.words(key))
        if not set(found) <= set(allowed):
            self.reject(key, f"Each item can be one of: {', '.join(allowed)}.")
        return found

    def identifier(self, key: str) -> str:
        """A name for addresses; empty where absent."""
        word = self.text(key)
        if word and not _IDENTIFIER.fullmatch(word):
            self._not_identifier(key)
        return word

    def identifiers(self, key: str) -> tuple[str, ...]:
        """A list of names for addresses."""
        found = self.words(key)
        if not all(map(_IDENTIFIER.fullmatch, found)):
            self._not_identifier(key)
        return found

    def language(self, key: str) -> str:
        """A language code of two or three letters, without its region; empty where absent."""
        text = self.text(key)
        match = _LANGUAGE.fullmatch(text)
        if text and not match:
            self.reject(key, "Write a language code such as en, fr, pt, sw or ar.")
        return match[1].lower() if match else ""

    def address(self, key: str) -> str:
        """A web address; empty where absent."""
        text = self.text(key)
        if text and not _ADDRESS.fullmatch(text):
            self.reject(key, "Write a web address that begins with https:// or http://.")
        return text

    def day(self, key: str) -> date | None:
        """A date. Where only a year, or a year and a month is given, the first day of it."""
        value = self._values.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        match = _DAY.fullmatch(str(value).strip())
        try:
            if match:
                return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:  # such as the 30th of February
            pass
        return self.reject(key, "Write a date as 2026-03-31, 2026-03 or 2026.")

    def moment(self, key: str) -> datetime:
        """A date and time with its offset. Required."""
        value = self._values.get(key)
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.reject(key, "Write date, time and offset as 2026-02-10T12:00:00+03:00.")
        if moment.utcoffset() is None:
            self.reject(key, "Add the offset from UTC, as in 2026-02-10T12:00:00+03:00.")
        return moment

    def minutes(self, key: str) -> int | None:
        """A whole number of minutes."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not str(value).isdecimal() or not 0 < int(str(value)) <= _MOST_MINUTES:
            self.reject(key, "Write a whole number of minutes, such as 15.")
        return int(str(value))

    def flag(self, key: str) -> bool:
        """True or false; false where absent."""
        value = self._values.get(key, False)
        if str(value).casefold() not in ("true", "false"):
            self.reject(key, "Write true or false.")
        return str(value).casefold() == "true"

    def corridors(self, key: str) -> tuple[str, ...]:
        """From where to where people move, each as ``Tonga -> Australia``."""
        found = [_ARROW.split(word) for word in self.words(key)]
        if not all(len(ends) == 2 and all(ends) for ends in found):
            self.reject(key, "Write each as 'Tonga -> Australia', in quotes.")
        return tuple(f"{origin} -> {destination}" for origin, destination in found)

    def people(self, key: str) -> tuple[Person, ...]:
        """People as mappings of name and role, or by name only."""
        value = self._values.get(key, ())
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(self._person(key, item) for item in items)

    def mappings(self, key: str) -> list[Fields]:
        """A list of descriptions of their own."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.reject(key, "Write a list in which each item has its own 'key: value' lines.")
        return [Fields(item, self._name) for item in value]

    def _person(self, key: str, item: object) -> Person:
        person = Fields(item if isinstance(item, Mapping) else {"name": item}, self._name)
        if not (found := Person(person.text("name"), person.text("role"))).name:
            self.reject(key, "Write each person as {name: ..., role: ...} or as a name.")
        return found

    def _string(self, key: str, value: object) -> str:
        if isinstance(value, (bool, Mapping, list, tuple)):
            self.reject(key, "Write it as text, in quotes where it holds a colon or is yes, no, on or off.")
        return str(value)

    def _not_identifier(self, key: str) -> NoReturn:
        self.reject(key, "Use small letters a-z, digits, hyphens and dots, such as palm-scheme; 120 at most.")


def _spaced(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.casefold())
