"""What comes in: a document is compared with what is stored, cut into passages, made ready to be stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from index.entries import DRAFT, PUBLISHED, Draft, Entry, PassageVectors
from index.store import Store
from ingest.domain import Passage, Source, Span, Version
from ingest.media import MediaType
from ingest.reading import Document
from ingest.splitting import CountTokens, split


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: added, unchanged, replaced, duplicate or rejected, and why."""

    path: str
    status: str
    source_id: str | None = None
    passages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A document as a component of another framework wrote it: ``whole`` is all of it, as JSON.

    ``text``, cleaned, is what is searched and shown of it; ``context`` is read with it but is not quoted.
    """

    source: Source
    text: str
    context: str
    whole: str

    @property
    def digest(self) -> str:
        """The SHA-256 of ``whole``, which is its original."""
        return hashlib.sha256(self.whole.encode()).hexdigest()

    def passage(self, version: int) -> Passage:
        """All of its words as the one passage of ``version``."""
        return Passage(self.source.id, version, 1, self.text, Span(0, len(self.text)), self.context)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document whose passages are cut, waiting for their vectors; or the verdict that it needs none."""

    document: Document
    version: Version
    passages: Sequence[Passage]
    status: str
    audience: str

    @property
    def is_new(self) -> bool:
        """Whether it has to be stored."""
        return self.status in ("added", "replaced")

    def draft(self, vectors: Sequence[PassageVectors], model: str, *, draft: bool) -> Draft:
        """What is stored of it, with the vectors of each of its passages."""
        return Draft(
            source=self.document.source,
            version=self.version,
            passages=self.passages,
            vectors=vectors,
            model=model,
            file_name=self.document.name,
            media_type=self.document.media_type,
            state=DRAFT if draft else PUBLISHED,
            audience=self.audience,
        )

    def report(self, store: Store) -> Added:
        """What became of it."""
        source_id, reason = self.document.source.id, ""
        if self.status == "duplicate":
            source_id = _twins(self.document, store)[0].source.id
            reason = f"The library has the same file already, as {source_id}."
        return Added(self.document.name, self.status, source_id, len(self.passages), reason)


@dataclass(frozen=True, slots=True)
class Terms:
    """How documents are stored: as drafts or published, and for whom; ``known`` also those whose bytes are
    stored under another identity.

    ``audience`` may be empty. Then it is the one that the document names, else that of its version before,
    else everybody.
    """

    draft: bool = False
    audience: str = ""
    known: bool = False


def prepare(document: Document, store: Store, count_tokens: CountTokens, terms: Terms) -> Prepared:
    """Compare ``document`` with what is stored; if it is new or changed, cut it into passages."""
    before = store.entries(source_ids={document.source.id})
    number = store.next_number(document.source.id)
    version = Version(document.source.id, number, document.text, document.digest, document.places)
    current = [entry for entry in before if entry.state == (DRAFT if terms.draft else PUBLISHED)]
    named = terms.audience or document.audience
    audience = named or next((entry.audience for entry in reversed(current or before)), "public")
    if any(_same(entry, document) and named in ("", entry.audience) for entry in current):
        return Prepared(document, version, (), "unchanged", audience)
    if not (before or terms.known or document.is_complete) and _twins(document, store):
        return Prepared(document, version, (), "duplicate", audience)
    source = document.source
    is_event_file = document.media_type == MediaType.EVENT
    if is_event_file and document.event is not None and document.event.illustrative:
        passages: list[
            Passage
        ] = []  # the programme of a session that never was is there to be read, not to be cited
    else:
        passages = split(version, source.title, source.language, count_tokens)
    return Prepared(document, version, passages, "replaced" if current else "added", audience)


def is_current(one: Foreign, store: Store) -> bool:
    """Whether this very document is what the library holds of it."""
    entries = store.entries(states={PUBLISHED}, source_ids={one.source.id})
    return any(entry.digest == one.digest for entry in entries)


def foreign_draft(one: Foreign, vectors: PassageVectors, store: Store, model: str) -> Draft:
    """What is stored of a document of another framework."""
    before = store.entries(source_ids={one.source.id})
    number = store.next_number(one.source.id)
    return Draft(
        source=one.source,
        version=Version(one.source.id, number, one.text, one.digest),
        passages=[one.passage(number)],
        vectors=[vectors],
        model=model,
        file_name=f"{one.source.id}.json",
        media_type="application/json",
        audience=before[-1].audience if before else "public",
        foreign=one.whole,
    )


def concerns(waiting: Document, document: Document) -> bool:
    """Whether what becomes of ``document`` depends on one that is not stored yet."""
    return waiting.source.id == document.source.id or waiting.digest == document.digest


def _twins(document: Document, store: Store) -> list[Entry]:
    """What stands in the library, or waits as a draft, made from the same bytes."""
    same = store.by_digest(document.digest)
    return [entry for entry in same if entry.state in (DRAFT, PUBLISHED)]


def _same(entry: Entry, document: Document) -> bool:
    return entry.digest == document.digest and entry.source == document.source
