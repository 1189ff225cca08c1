"""Files and folders into a library: each is read in the cage, described, stored; one report a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from index.intake import Added
from index.library import Library
from ingest.cage import Cage, content_of
from ingest.errors import FileRejected
from ingest.reading import Document, Found, read_document, read_sidecar


def add_files(
    library: Library,
    files: Iterable[Found],
    overrides: Mapping[str, object] | None = None,
    *,
    draft: bool = False,
) -> Iterator[Added]:
    """Add ``files``; what became of each, in an order that keeps good ones together.

    A file that cannot be used is reported as rejected with the reason, and everything else is kept.
    """
    rejected: deque[Added] = deque()
    accepted: deque[str] = deque()
    with Cage() as cage:
        documents = _documents(files, overrides or {}, cage, rejected, accepted)
        for added in library.add_all(documents, draft=draft):
            yield from _drained(rejected)
            yield replace(added, path=accepted.popleft())
    yield from _drained(rejected)


def _documents(
    files: Iterable[Found],
    overrides: Mapping[str, object],
    cage: Cage,
    rejected: deque[Added],
    accepted: deque[str],
) -> Iterator[Document]:
    for file in files:
        try:
            document = _read(file.path, file.identity, overrides, cage)
        except FileRejected as error:
            rejected.append(Added(file.identity, "rejected", reason=error.reason))
        else:
            accepted.append(file.identity)
            yield document


def _read(path: Path, identity: str, overrides: Mapping[str, object], cage: Cage) -> Document:
    content = content_of(path, path.name)
    sidecar = read_sidecar(path)
    return read_document(content, path.name, identity, cage=cage, sidecar=sidecar, overrides=overrides)


def _drained(reports: deque[Added]) -> Iterator[Added]:
    while reports:
        yield reports.popleft()
