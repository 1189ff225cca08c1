"""Transcripts made up, through the real reader, splitter and library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bot.webinars.transcript import Transcript, transcript
from index.library import Library
from index.scope import STAFF
from index.sentence_vectors import SentenceVectors
from ingest.cage import Cage
from ingest.domain import Version
from ingest.reading import read_document
from tests.fakes import HashEmbedder

Line = tuple[float, float, str | None, str]  # start, end, speaker, words

Heard = Callable[..., Transcript]
Stored = Callable[..., tuple[Version, SentenceVectors]]


def vtt(lines: Sequence[Line]) -> str:
    """A WebVTT file."""
    cues = [
        f"{clock(start)} --> {clock(end)}\n{f'<v {speaker}>' if speaker else ''}{words}"
        for start, end, speaker, words in lines
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{round(seconds % 1 * 1000):03d}"


@pytest.fixture(scope="session")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


@pytest.fixture
def stored(tmp_path: Path, cage: Cage) -> Iterator[Stored]:
    """Store a document under a file name; its version and the vectors of its sentences."""
    with Library(tmp_path / "data", embedder=HashEmbedder()) as library:

        def store(content: str | bytes, name: str, **given: object) -> tuple[Version, SentenceVectors]:
            data = content if isinstance(content, bytes) else content.encode()
            library.add(read_document(data, name, name, cage=cage, overrides={"id": "one", **given}))
            entry, version = library.read("one", STAFF)
            return version, library.sentence_vectors(entry)

        yield store


@pytest.fixture
def heard(stored: Stored) -> Heard:
    """A transcript of cues, each with start, end, speaker and words."""

    def hear(lines: Sequence[Line], language: str = "en", model: str = HashEmbedder.name) -> Transcript:
        version, vectors = stored(vtt(lines), "talk.vtt", language=language)
        return transcript(version, language, vectors, model)

    return hear
