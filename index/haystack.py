"""The border to Haystack: the library as a document store and as a retriever.

Haystack's ``Document`` is spelled here and nowhere else in this package. A passage of the library comes out
as a Document whose meta says all that a hit knows. A Document that a component writes becomes a source of one
passage, beside which it is kept whole, so that it comes back exactly as it was.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.entries import Published
from index.hits import Hit
from index.intake import Foreign
from index.library import Library
from index.meta import described, place_of, plain_meta, source_of
from index.quiet import be_quiet
from index.scope import PUBLIC, STAFF, Reader, Scope
from ingest.domain import Passage, Span
from ingest.text import clean

be_quiet()

from haystack import Document, component, default_to_dict  # noqa: E402  (after it was told to be quiet)
from haystack.document_stores.errors import DocumentStoreError, DuplicateDocumentError  # noqa: E402
from haystack.document_stores.types import DuplicatePolicy  # noqa: E402
from haystack.utils.filters import document_matches_filter  # noqa: E402

Filters = dict[str, Any]

_OUTSIDE = "outside-"  # begins the id of every source that a component wrote
_HIT = "ujuzi_hit"  # the key under which such a Document, when it is found, carries its hit


class UjuziDocumentStore:
    """What ``reader`` may see of a library, as Haystack's DocumentStore protocol has it."""

    def __init__(self, library: Library, reader: Reader = PUBLIC) -> None:
        self.library = library
        self.reader = reader

    def to_dict(self) -> dict[str, Any]:
        """Where the library is and who reads it."""
        return default_to_dict(
            self,
            folder=str(self.library.folder),
            model=self.library.model,
            models=str(self.library.models),
            read_only=self.library.read_only,
            reader={"id": self.reader.id, "audiences": sorted(self.reader.audiences)},
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> UjuziDocumentStore:
        """Open the library that :meth:`to_dict` wrote of. LibraryInUse while another owns it."""
        given = data["init_parameters"]
        folder, models = Path(given["folder"]), Path(given["models"])
        library = Library(folder, model=given["model"], models=models, read_only=given["read_only"])
        return cls(library, Reader(given["reader"]["id"], frozenset(given["reader"]["audiences"])))

    def count_documents(self) -> int:
        """How many passages can be found."""
        return self.library.count(self.reader)[1]

    def filter_documents(self, filters: Filters | None = None) -> list[Document]:
        """The documents that ``filters`` match, in the order in which they were written."""
        published = self.library.published_passages(self.reader)
        documents = map(_document_of, published)
        return [one for one in documents if not filters or document_matches_filter(filters, one)]

    def write_documents(
        self, documents: list[Document], policy: DuplicatePolicy = DuplicatePolicy.NONE
    ) -> int:
        """Store documents, all of them or none; how many. ``NONE`` is taken as ``FAIL``.

        What comes back equals what was written, as far as JSON goes (its tuples are lists). Raises
        DuplicateDocumentError as ``policy`` says, DocumentStoreError for the id of a passage of the library's
        own, and ValueError for what is not a list of Documents or not JSON.
        """
        if not isinstance(documents, list) or not all(isinstance(one, Document) for one in documents):
            raise ValueError("Only a list of Documents can be written.")
        held = self._held(STAFF)
        wanted: dict[str, Document] = {}
        skipped = 0
        for document in documents:
            known = document.id in wanted or _holder(document.id, held) is not None
            if known and policy is DuplicatePolicy.SKIP:
                skipped += 1
                continue
            if known and policy is not DuplicatePolicy.OVERWRITE:
                raise DuplicateDocumentError(f"There is a document {document.id} already.")
            if _holder(document.id, held) not in (None, _outside_id(document.id)):
                raise DocumentStoreError(f"{document.id} is part of a document and changes only with it.")
            wanted[document.id] = document
        self.library.write_foreign([_foreign(one) for one in wanted.values()])
        return len(documents) - skipped

    def delete_documents(self, document_ids: list[str]) -> None:
        """Remove documents; ids that nothing has are passed over.

        A document of the library's own goes when all of its passages are named; naming a part of them raises
        DocumentStoreError, and nothing is removed.
        """
        held, named = self._held(self.reader), set(document_ids)
        holders = sorted({holder for one in named if (holder := _holder(one, held))})
        self.library.remove(*(holder for holder in holders if self._is_whole(holder, named)))

    def delete_all_documents(self) -> None:
        """Remove everything that can be found."""
        self.library.remove(*self._held(self.reader))

    def delete_by_filter(self, filters: Filters) -> int:
        """Remove the documents that ``filters`` match, as :meth:`delete_documents` does; how many."""
        found = self.filter_documents(filters)
        self.delete_documents([document.id for document in found])
        return len(found)

    def update_by_filter(self, filters: Filters, meta: dict[str, Any]) -> int:
        """Put ``meta`` over that of the documents that ``filters`` match; how many.

        DocumentStoreError where one of them is a passage of the library's own, and then nothing is changed.
        """
        found = self.filter_documents(filters)
        changed = [replace(document, meta={**document.meta, **meta}) for document in found]
        return self.write_documents(changed, DuplicatePolicy.OVERWRITE)

    def _held(self, reader: Reader) -> frozenset[str]:
        """The ids of the sources that ``reader`` may find."""
        return frozenset(source_id for source_id, _ in self.library.values("id", reader))

    def _is_whole(self, source_id: str, named: set[str]) -> bool:
        """Whether the document ids ``named`` are all of a source. DocumentStoreError where some are."""
        if source_id.startswith(_OUTSIDE):
            return True
        passages = self.library.passages(self.library.entry(source_id, self.reader))
        missing = {passage.id for passage in passages} - named
        if missing and len(missing) < len(passages):
            raise DocumentStoreError(f"{source_id} can only be removed whole; {min(missing)} is not named.")
        return not missing


@component
class UjuziRetriever:
    """Finds the passages of a library that fit a query, by words and by meaning."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        scope: Scope | None = None,
        reader: Reader | None = None,
        top_k: int = 10,
        filters: Filters | None = None,
    ) -> dict[str, list[Document]]:
        """The ``top_k`` documents for ``query``, the best first.

        ``scope`` and ``filters`` (Haystack's, over every key of meta) are applied before anything is ranked.
        A scope is cheap; filters are tried on every passage that ``reader`` may find.
        """
        reader = reader or PUBLIC
        only = None
        if filters:
            published = self._library.published_passages(reader)
            only = {one.row for one in published if document_matches_filter(filters, _document_of(one))}
        hits = self._library.search(query, scope or Scope(), reader, top=top_k, only=only)
        return {"documents": [self._document(hit) for hit in hits]}

    def _document(self, hit: Hit) -> Document:
        """A hit as a Document; where a component wrote it, what it wrote, which carries the hit along."""
        document = document_from_hit(hit)
        if not hit.source.id.startswith(_OUTSIDE):
            return document
        entry = self._library.entry(hit.source.id, STAFF, hit.passage.version)
        written = _written(self._library.store.foreign(entry.id))
        carried = document.to_dict(flatten=False)
        return replace(written, score=hit.score, meta={**written.meta, _HIT: carried})


def document_from_hit(hit: Hit) -> Document:
    """A hit as Haystack's components know it; :func:`hit_from_document` is the way back."""
    meta = {
        **plain_meta(hit.passage, hit.source, hit.place),
        "words": hit.words,
        "meaning": hit.meaning,
        "highlights": [list(span) for span in hit.highlights],
    }
    return Document(id=hit.passage.id, content=hit.passage.text, meta=meta, score=hit.score)


def hit_from_document(document: Document) -> Hit:
    """The hit that :func:`document_from_hit` was given, or that the retriever found. KeyError for others."""
    meta = document.meta
    if _HIT in meta:
        return hit_from_document(Document.from_dict(meta[_HIT]))
    text, span = document.content or "", Span(*meta["span"])
    return Hit(
        passage=Passage(meta["source_id"], meta["version"], meta["number"], text, span, meta["context"]),
        source=source_of(meta),
        place=place_of(meta),
        score=document.score or 0.0,
        words=meta["words"],
        meaning=meta["meaning"],
        highlights=tuple(Span(*span) for span in meta["highlights"]),
    )


def _document_of(published: Published) -> Document:
    """A published passage; where a component wrote it, exactly what it wrote."""
    if published.foreign is not None:
        return _written(published.foreign)
    passage = published.passage
    meta = plain_meta(passage, published.source, published.place)
    return Document(id=passage.id, content=passage.text, meta=meta)


def _written(whole: str) -> Document:
    document: Document = Document.from_dict(json.loads(whole))
    return document


def _outside_id(document_id: str) -> str:
    """The id of the source that a component's document becomes. No file's source is called like this."""
    return _OUTSIDE + sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _holder(document_id: str, held: frozenset[str]) -> str | None:
    """Which of the sources ``held`` a document's id belongs to: written by a component, or one of our own."""
    own = document_id.rpartition("@")[0]
    return next((source_id for source_id in (_outside_id(document_id), own) if source_id in held), None)


def _foreign(document: Document) -> Foreign:
    try:
        whole = json.dumps(document.to_dict(flatten=False))
    except TypeError as error:
        raise ValueError(f"Document {document.id} cannot be kept: its meta is not JSON ({error}).") from error
    text = clean(document.content or "")
    source = described(document.meta, _outside_id(document.id), document.id, text)
    return Foreign(source, text, source.title if document.meta.get("title") else "", whole)
