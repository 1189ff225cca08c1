"""The demonstration library as Ujuzi stores it, read once for all of its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.cage import Cage
from ingest.reading import Document, find_files, read_document, read_sidecar

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="session")
def stored() -> dict[str, Document]:
    """Every document of the library by its identity."""
    files = find_files([CORPUS])
    with Cage() as cage:
        read = [
            read_document(
                file.path.read_bytes(),
                file.path.name,
                file.identity,
                cage=cage,
                sidecar=read_sidecar(file.path),
            )
            for file in files
        ]
    documents = {document.source.id: document for document in read}
    assert len(documents) == len(files), "two files share an identity"
    return documents
