"""Documents for the library, made without files."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from index.encoded import Encoded
from ingest.builder import Reading, TextBuilder
from ingest.domain import Event, Source
from ingest.reading import Document
from tests.fakes import HashEmbedder


def text(identity: str, words: str, **described: Any) -> Document:
    """A document of one paragraph."""
    builder = TextBuilder()
    builder.paragraph(words)
    return document(identity, builder.build(), words.encode(), **described)


def sections(identity: str, parts: Sequence[str], **described: Any) -> Document:
    """A document with a heading above each part, so that each part is a passage."""
    builder = TextBuilder()
    for number, part in enumerate(parts, start=1):
        builder.heading(f"Part {number}", 1)
        builder.paragraph(part)
    return document(identity, builder.build(), "\n".join(parts).encode(), **described)


def talk(identity: str, turns: Sequence[tuple[str, str]], **described: Any) -> Document:
    """A transcript: who says what, ten seconds each, a heading above each turn."""
    builder = TextBuilder()
    for number, (speaker, words) in enumerate(turns):
        builder.heading(f"Turn {number + 1}", 1)
        builder.cue(words, 10.0 * number, 10.0 * (number + 1), speaker)
    return document(identity, builder.build(), repr(turns).encode(), kind="transcript", **described)


def document(
    identity: str, reading: Reading, content: bytes, event_: Event | None = None, **described: Any
) -> Document:
    """A reading with a description; its title is its identity unless another is given."""
    source = Source(id=identity, **{"title": identity.capitalize(), **described})
    name = f"{identity}.txt"
    digest = sha256(content).hexdigest()
    return Document(source, reading.text, reading.places, digest, "plain", name, event_, content)


class CountingEmbedder(HashEmbedder):
    """Counts the passages that it had to read."""

    def __init__(self, name: str = HashEmbedder.name) -> None:
        self.name = name
        self.encoded = 0

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        self.encoded += len(texts)
        return super().encode_passages(texts)
