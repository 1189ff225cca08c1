"""Addresses of our pages with what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote_plus

_RESERVED = re.compile(r"[^\w.~-]")


def query_string(fields: Iterable[tuple[str, str]]) -> str:
    """``fields`` as they stand behind the ? of an address.

    Letters beyond ASCII stay as they are: browsers encode them when they ask, and encoded they are thrice as
    long in the page.
    """
    return "&".join(f"{name}={_written(value)}" for name, value in fields)


@lru_cache(maxsize=1_024)  # a page says the same words in each of its links
def _written(value: str) -> str:
    return _RESERVED.sub(_encoded, value)


def _encoded(sign: re.Match[str]) -> str:
    return quote_plus(sign.group())
