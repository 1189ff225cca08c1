"""The files of uploads: as they came, and, once they were read, what was read of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from index.files import write_whole
from index.records import (
    event_from_json,
    event_to_json,
    places_from_json,
    places_to_json,
    source_from_json,
    source_to_json,
)
from ingest.domain import Source
from ingest.reading import Document

_READ = ".read"  # ends the name of what was read of a file


class Kept:
    """A folder that is never served. A file is called by its upload's id, whatever its owner calls it."""

    def __init__(self, folder: Path) -> None:
        """The folder, made when absent, for nobody but the owner of the process."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder

    def path(self, upload_id: str) -> Path:
        """Where the file is as it came."""
        return self.folder / upload_id

    def keep(self, upload_id: str, document: Document) -> None:
        """Keep what was read, until it is stored."""
        path = self._read(upload_id)
        write_whole(path, _to_json(document).encode())
        path.chmod(0o600)

    def document(self, upload_id: str, source: Source) -> Document:
        """What was read, under the description that its owner confirmed."""
        read = _from_json(self._read(upload_id).read_text(), self.path(upload_id).read_bytes())
        return replace(read, source=replace(source, event=source.event or read.source.event))

    def text(self, upload_id: str) -> str:
        """The words that were read; empty where there are none any more."""
        try:
            return str(json.loads(self._read(upload_id).read_text())["text"])
        except FileNotFoundError:
            return ""

    def remove(self, upload_id: str) -> None:
        """Delete all that is kept of an upload."""
        self.path(upload_id).unlink(missing_ok=True)
        self._read(upload_id).unlink(missing_ok=True)

    def tidy(self, wanted: Collection[str]) -> None:
        """Delete what belongs to none of the ``wanted`` uploads: a broken line or a power cut left it."""
        for path in self.folder.iterdir():
            if path.name.removesuffix(_READ) not in wanted:
                path.unlink(missing_ok=True)

    def _read(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}{_READ}"


def _to_json(document: Document) -> str:
    return json.dumps(
        {
            "source": source_to_json(document.source),
            "text": document.text,
            "places": places_to_json(document.places),
            "event": document.event and event_to_json(document.event),
            "digest": document.digest,
            "media_type": document.media_type,
            "name": document.name,
        },
        ensure_ascii=False,
    )


def _from_json(text: str, content: bytes) -> Document:
    stored = json.loads(text)
    return Document(
        source=source_from_json(stored["source"]),
        text=stored["text"],
        places=places_from_json(stored["places"]),
        digest=stored["digest"],
        media_type=stored["media_type"],
        name=stored["name"],
        event=stored["event"] and event_from_json(stored["event"]),
        content=content,
    )
