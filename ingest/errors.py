"""What can go wrong while a file is read, in sentences for the person who brought it.

UjuziError                 every message says what, which file, and what to do
├── FileRejected           one file cannot be used; nothing of it is stored
└── NotFound               the library has no such document
    └── Withdrawn          it had one, which was taken back
"""

from __future__ import annotations

from pathlib import PurePath


class UjuziError(Exception):
    """A message that can be shown to a person as it is."""


class FileRejected(UjuziError):
    """A file that cannot be used: ``reason`` says why and what to do about it."""

    def __init__(self, name: str | PurePath, reason: str) -> None:
        self.name = str(name)
        self.reason = reason
        super().__init__(f"{self.name}: {reason}")

    def __reduce__(self) -> tuple[type[FileRejected], tuple[str, str]]:
        return FileRejected, (self.name, self.reason)


class NotFound(UjuziError):
    """The library holds no document of that name that this reader may see."""


class Withdrawn(NotFound):
    """A document that this reader could once see was withdrawn. Nothing more is said of it."""
