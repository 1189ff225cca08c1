"""Which way a line of text runs."""

from __future__ import annotations

import unicodedata


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction says so, as browsers decide it."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((one for one in directions if one in ("L", "R", "AL")), "L") != "L"
