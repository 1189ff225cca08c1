"""Who somebody is to another house that vouches for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """``issuer`` is that house's address, ``name_there`` its name for the person, which never changes."""

    issuer: str
    name_there: str
    email: str
    email_verified: bool
    name: str

    @property
    def subject(self) -> str:
        """Both together, as they are stored."""
        return f"{self.issuer} {self.name_there}"
