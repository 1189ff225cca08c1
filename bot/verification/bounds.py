"""What stands at a number to say on which side of it the truth lies: "at least", "up to", "nearly"."""

from __future__ import annotations

import re

from bot.verification.quantities import Quantity

_UP = (
    "more than|over|above|beyond|upwards of|in excess of|exceed\\w*|greater than|at least|no fewer than|"
    "no less than|not less than|not fewer than|a minimum of|minimum|at the least"
)
_DOWN = (
    "less than|fewer than|under|below|at most|at the most|up to|as many as|no more than|not more than|"
    "a maximum of|maximum|a ceiling of|ceiling|a cap of|not exceed\\w*|within|nearly|almost|close to|"
    "close on|just under"
)
_BEFORE = re.compile(rf"(?:\b(?P<down>{_DOWN})|\b(?P<up>{_UP}))\s+(?:of\s+)?(?:some\s+)?$", re.IGNORECASE)
_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:(?P<up>or more|at least|and more|or longer|minimum)|"
    r"(?P<down>or less|or fewer|at most|maximum|or shorter))\b",
    re.IGNORECASE,
)
# "No school may charge more than" is "at most".
_DENIED = re.compile(
    r"\b(?:no|not|never|nobody|none|cannot|without|nor)\b(?:\s+[\w’']+){0,5}\s*$", re.IGNORECASE
)


def side(quantity: Quantity, text: str) -> str:
    """ "up" where the truth lies at the number or above, "down" at it or below, "" where nothing is said."""
    before, after = text[: quantity.span.start], text[quantity.span.end :]
    found = _BEFORE.search(before) or _AFTER.match(after)
    if not found:
        return ""
    up = bool(found["up"])
    denied = found.re is _BEFORE and up and _DENIED.search(re.split(r"[.;:,]", before[: found.start()])[-1])
    return "up" if up and not denied else "down"


_EARLIER = re.compile(r"\b(?:before|prior to|until|till|up to|avant|antes de)\s+(?:the\s+)?$", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:after|since|following|from|as of|depuis|après|desde|após)\s+(?:the\s+)?$", re.IGNORECASE
)


def order(start: int, text: str) -> str:
    """ "before" or "after", where one of them stands before the date that begins at ``start``."""
    before = text[:start]
    return "before" if _EARLIER.search(before) else "after" if _LATER.search(before) else ""
