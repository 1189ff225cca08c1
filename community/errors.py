"""What can be refused to a person, in sentences for that person.

UjuziError
├── NotAllowed       this person may not do this; a visitor may be able to once signed in
├── Conflict         somebody else was quicker; nothing is changed, what was typed is kept
├── TooMany          too many tries; says when the next one counts
└── Invalid          what was typed cannot be taken as it is, field by field
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.errors import UjuziError


class NotAllowed(UjuziError):
    """This person may not do this."""


class Conflict(UjuziError):
    """Somebody else changed the same thing in the meantime; nothing of it was overwritten."""


class TooMany(UjuziError):
    """Tried too often. ``seconds`` until the next try counts."""

    def __init__(self, message: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(message)


class Invalid(UjuziError):
    """What was typed cannot be taken: ``fields`` says what to do, by the name of the field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))
