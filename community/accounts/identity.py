"""Who somebody is to another house that vouches for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """``subject`` never changes: the issuer's address and its name for the person, a space between."""

    subject: str
    email: str
    email_verified: bool
    name: str
