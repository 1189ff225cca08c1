"""What a file is called on our pages. On disk it has a name of ours, whatever it was called."""

from __future__ import annotations

import re

from ingest.text import clean_line

_SEPARATORS = re.compile(r"[/\\]")
_NOT_FOR_NAMES = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)", re.IGNORECASE)
_MOST = 120  # characters of a name
_MOST_SUFFIX = 12
_MOST_FOLDERS = 3
_NAMELESS = "unnamed file"


def shown_name(given: str) -> str:
    """``given``, which may be a path in a folder, without what misleads or breaks: at most 120 characters.

    A name that has nothing readable becomes "unnamed file".
    """
    *_, name = _parts(given) or [_NAMELESS]
    return name


def shown_path(given: str) -> str:
    """As :func:`shown_name`, with the nearest folders before it: of many captions only these differ."""
    return "/".join(_parts(given)[-1 - _MOST_FOLDERS :]) or _NAMELESS


def _parts(given: str) -> list[str]:
    return [name for part in _SEPARATORS.split(given) if (name := _readable(part))]


def _readable(part: str) -> str:
    name = _NOT_FOR_NAMES.sub("-", clean_line(part)).strip(" .-\u2010\u2011\u2012\u2013\u2014")
    if _RESERVED.match(name):
        name = f"file {name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    """The ending stays: it says what kind of file it is."""
    stem, dot, suffix = name.rpartition(".")
    if len(name) <= _MOST or not stem or len(suffix) > _MOST_SUFFIX:
        return name[:_MOST]
    return stem[: _MOST - len(suffix) - 1].rstrip() + dot + suffix
