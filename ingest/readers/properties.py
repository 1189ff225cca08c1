"""What a file says of itself in its properties, freed of what programs put there unasked."""

from __future__ import annotations

import re
from datetime import date, datetime

from ingest.language import LANGUAGE_SETTING
from ingest.text import clean_line

_PROGRAM_TITLE = re.compile(
    r"microsoft (word|powerpoint)\b|word document$|powerpoint presentation$"
    r"|(presentation|slide|document|untitled)\W*\d*$|.*\.(docx?|pptx?|pdf|indd|odt|rtf|qxd|html?)$"
    r"|\S+\.\w{2,4}$",
    re.IGNORECASE,
)
_PROGRAM_USER = re.compile(
    r"(python-(docx|pptx)|microsoft office user|(default )?user( \w+)?|admin(istrator)?|owner|author"
    r"|un(known|named)|\(?anonymous\)?|.*@.*)$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)


def described(title: object, authors: object, made: object, language: object) -> dict[str, object]:
    """The properties under the names of ``Source``'s fields; those that say nothing are left out."""
    found: dict[str, object] = {
        "title": _title(title),
        "people": [{"name": name, "role": "author"} for name in _names(authors)],
        "date": _date(made),
        LANGUAGE_SETTING: _language(language),
    }
    return {key: value for key, value in found.items() if value}


def _title(value: object) -> str:
    title = clean_line(value) if isinstance(value, str) else ""
    return "" if _PROGRAM_TITLE.match(title) else title


def _names(value: object) -> list[str]:
    """Names are separated by semicolons; a name without a space is a login."""
    parts = clean_line(value).split(";") if isinstance(value, str) else []
    names = [part.strip() for part in parts]
    return [name for name in names if " " in name and not _PROGRAM_USER.match(name)]


def _date(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) and value.year >= 1980 else None


def _language(value: object) -> str:
    match = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return match[0].lower() if match else ""
