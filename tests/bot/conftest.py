"""Answering over a handful of documents of the demonstration library, read and embedded once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from index.adding import add_files
from index.library import Library
from index.models import BUNDLED, Embedder, load_embedder
from ingest.reading import Document, find_files
from tests.bot.checking import CORPUS, Make

DOCUMENTS = (
    "good_practices/palm-scheme.md",
    "good_practices/kenya-rpl.md",
    "good_practices/kenya-home-care-training.md",
    "good_practices/kenya-uk-nurses.md",
    "good_practices/tanzania-veta-rpl.md",
    "guides/glossary.md",
    "languages/palm-na-rpl-sw.md",
    "transcripts/2026-02-10-learning-from-palm.vtt",
    "events/2024-04-11-skills-partnerships.yaml",
)


@pytest.fixture(scope="session")
def embedder(models: Path) -> Embedder:
    """The bundled model."""
    return load_embedder(BUNDLED, models)


@pytest.fixture(scope="session")
def shelf(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the library that the tests ask; nobody has it open."""
    folder = tmp_path_factory.mktemp("shelf") / "library"
    with Library(folder, embedder=embedder) as library:
        added = list(add_files(library, find_files([CORPUS / name for name in DOCUMENTS])))
        assert [one.status for one in added] == ["added"] * len(DOCUMENTS)
    return folder


@pytest.fixture(scope="session")
def library(shelf: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library that no test changes."""
    folder = tmp_path_factory.mktemp("asked") / "library"
    shutil.copytree(shelf, folder)
    with Library(folder, embedder=embedder) as library:
        yield library


@pytest.fixture
def own_library(shelf: Path, embedder: Embedder, tmp_path: Path) -> Iterator[Library]:
    """The same documents in a library that this test may change."""
    shutil.copytree(shelf, tmp_path / "own")
    with Library(tmp_path / "own", embedder=embedder) as library:
        yield library


@pytest.fixture
def make(embedder: Embedder, tmp_path: Path) -> Iterator[Make]:
    """Makes a library of the documents that it is given."""
    with Library(tmp_path / "made", embedder=embedder) as library:

        def made(*documents: Document) -> Library:
            assert all(one.status == "added" for one in library.add_all(documents))
            return library

        yield made


@pytest.fixture(scope="session")
def assistant(library: Library) -> Assistant:
    """The assistant that quotes."""
    return Assistant(library)
