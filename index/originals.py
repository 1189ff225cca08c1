"""The files as they came, kept under the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.files import write_whole


class Originals:
    """A content-addressed folder: the same bytes are kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the file with ``digest`` is, or would be."""
        return self._folder / digest[:2] / digest

    def keep(self, content: bytes) -> str:
        """Keep ``content``; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        if not self.path(digest).is_file():
            write_whole(self.path(digest), content)
        return digest

    def remove(self, digest: str) -> None:
        """Delete the file with ``digest``, if it is there."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> list[str]:
        """The digests of all files that are kept."""
        return sorted(path.name for path in self._folder.glob("??/*") if not path.name.startswith("."))

    def read(self, digest: str) -> bytes | None:
        """The file with ``digest``; None where it is missing or is not what it was."""
        try:
            content = self.path(digest).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def is_intact(self, digest: str) -> bool:
        """Whether the file is there and still has its digest."""
        return self.read(digest) is not None
