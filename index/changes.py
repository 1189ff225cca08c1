"""What changes the library: one change at a time, each source in one transaction, the indexes right after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace

from index.entries import DISCARDED, DRAFT, PUBLISHED, WITHDRAWN, Entry, PassageVectors
from index.indexing import Indexing, read_passages
from index.intake import Added, Foreign, Prepared, Terms, concerns, foreign_draft, is_current, prepare
from index.models import Embedder
from index.originals import Originals
from index.store import Store, Transaction
from index.visibility import unknown
from index.webinars import Webinars
from ingest.errors import UjuziError
from ingest.reading import Document
from ingest.text import clean_line

_TOGETHER = 1_000  # passages that are embedded and indexed in one go

Also = Callable[[Transaction], None]  # writes what belongs to a change into the same transaction


class Changes:
    """The changes of one library. What each promises stands in :class:`Library`."""

    def __init__(
        self,
        store: Store,
        originals: Originals,
        indexing: Indexing,
        webinars: Webinars,
        model: str,
        embedder: Callable[[], Embedder],
    ) -> None:
        self._store = store
        self._originals = originals
        self._indexing = indexing
        self._webinars = webinars
        self._model = model
        self._embedder = embedder

    def add_all(self, documents: Iterable[Document], terms: Terms) -> Iterator[Added]:
        """Store documents; as many are embedded together as no other of them depends on."""
        waiting: list[Prepared] = []
        for document in documents:
            prepared = self._prepare(document, terms)
            if any(concerns(other.document, document) for other in waiting):
                yield from self._store_all(waiting, terms)
                waiting, prepared = [], self._prepare(document, terms)
            waiting.append(prepared)
            if sum(len(one.passages) for one in waiting) >= _TOGETHER:
                yield from self._store_all(waiting, terms)
                waiting = []
        yield from self._store_all(waiting, terms)

    def publish(
        self,
        source_ids: Sequence[str],
        audience: str,
        tier: str | None,
        withdrawing: Mapping[str, str],
        also: Also | None,
    ) -> None:
        """Let the next version of each answer."""
        with self._changing(*source_ids, *withdrawing, also=also) as connection:
            for source_id, reason in withdrawing.items():
                self._store.set_state(connection, source_id, {PUBLISHED}, WITHDRAWN, clean_line(reason))
            for source_id in source_ids:
                ready = self._ready(source_id)
                source = ready.source if tier is None else replace(ready.source, tier=tier)
                self._store.publish(connection, ready.id, source, audience or ready.audience)

    def grade(self, source_ids: Sequence[str], tier: str, also: Also | None) -> None:
        """Mark what is published with another tier."""
        self._indexing.distrust()  # whether a description is current cannot be told from what is published
        with self._changing(*source_ids, also=also) as connection:
            for entry in self._store.entries(states={PUBLISHED}, source_ids=set(source_ids)):
                self._store.describe(connection, entry.id, replace(entry.source, tier=tier))

    def withdraw(self, source_ids: Sequence[str], reason: str, also: Also | None) -> None:
        """Stop what is published from answering."""
        note = clean_line(reason)
        with self._changing(*source_ids, also=also) as connection:
            for source_id in source_ids:
                self._must_know(source_id)
                if not self._store.set_state(connection, source_id, {PUBLISHED}, WITHDRAWN, note):
                    raise UjuziError(f"{source_id} is not published, so that it cannot be withdrawn.")

    def discard(self, source_ids: Sequence[str], also: Also | None) -> None:
        """Give up the drafts that wait."""
        with self._changing(*source_ids, also=also) as connection:
            for source_id in source_ids:
                self._must_know(source_id)
                if not self._store.set_state(connection, source_id, {DRAFT}, DISCARDED):
                    raise UjuziError(f"{source_id} has no draft to discard.")

    def write_foreign(self, documents: Sequence[Foreign]) -> None:
        """Store documents of another framework: all of them, or none."""
        with self._change():
            changed = [one for one in documents if not is_current(one, self._store)]
            if not changed:
                return
            whole = [(one.passage(1), one.source.language) for one in changed]
            vectors = read_passages(whole, self._embedder())
            drafts = [
                foreign_draft(one, own, self._store, self._model)
                for one, own in zip(changed, vectors, strict=True)
            ]
            for one in changed:
                self._originals.keep(one.whole.encode())
            with self._store.writing() as connection:
                for draft in drafts:
                    self._store.insert(connection, draft)
            self._indexing.refresh(*(one.source.id for one in changed))

    def remove(self, source_ids: Sequence[str]) -> None:
        """Delete sources, and every trace of their words on the disk."""
        with self._change():
            entries = [entry for source_id in source_ids for entry in self._must_know(source_id)]
            told = self._webinars.told_by(entries)
            with self._store.writing() as connection:
                for source_id in source_ids:
                    self._store.delete(connection, source_id)
            self._indexing.refresh(*source_ids)
            self._webinars.let_go(told)
            self._indexing.purge()
            self._leave_no_trace(entries)

    def remove_discarded(self, versions: Set[tuple[str, int]], also: Also | None) -> None:
        """Delete drafts that were given up, and every trace of their words on the disk."""
        with self._change():
            stored = self._store.entries(states={DISCARDED}, source_ids={one for one, _ in versions})
            entries = [entry for entry in stored if (entry.source.id, entry.number) in versions]
            with self._changing(also=also) as connection:
                for entry in entries:
                    self._store.delete_version(connection, entry.id)
            self._leave_no_trace(entries)

    def remove_strays(self) -> int:
        """Delete the originals that no version was made from; how many."""
        with self._indexing.turn:
            used = {entry.digest for entry in self._store.entries()}
            strays = [digest for digest in self._originals.digests() if digest not in used]
            for digest in strays:
                self._originals.remove(digest)
            return len(strays)

    def _leave_no_trace(self, deleted: Sequence[Entry]) -> None:
        """Of deleted versions: their originals, unless others need them, and what the journal holds."""
        for digest in {entry.digest for entry in deleted}:
            if not self._store.by_digest(digest):
                self._originals.remove(digest)
        self._store.empty_journal()
        self._store.forget_places()

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One change at a time. The derived indexes are taken up first: after it they would look stale."""
        with self._indexing.turn:
            _ = self._indexing.derived
            yield

    @contextmanager
    def _changing(self, *source_ids: str, also: Also | None) -> Iterator[Transaction]:
        """One change of some sources in one transaction; when it has succeeded, the next search obeys."""
        with self._change():
            with self._store.writing() as connection:
                yield connection
                if also is not None:
                    also(connection)
            self._indexing.refresh(*source_ids)

    def _ready(self, source_id: str) -> Entry:
        """What is to be published next: what was withdrawn comes back where nothing took its place."""
        stored = self._must_know(source_id)
        ready = [entry for entry in stored if entry.state == DRAFT]
        if not any(entry.state == PUBLISHED for entry in stored):
            ready = ready or [entry for entry in stored if entry.state == WITHDRAWN]
        if not ready:
            raise UjuziError(f"{source_id} has no draft or withdrawn version to publish.")
        return ready[-1]

    def _must_know(self, source_id: str) -> Sequence[Entry]:
        entries = self._store.entries(source_ids={source_id})
        if not entries:
            raise unknown(source_id)
        return entries

    def _prepare(self, document: Document, terms: Terms) -> Prepared:
        return prepare(document, self._store, self._embedder().count_tokens, terms)

    def _store_all(self, waiting: Sequence[Prepared], terms: Terms) -> Iterator[Added]:
        """Embed together, store apart, index together."""
        passages = [(passage, one.document.source.language) for one in waiting for passage in one.passages]
        vectors = iter(read_passages(passages, self._embedder()))
        with self._change():
            parts = [[next(vectors) for _ in one.passages] for one in waiting]
            now = [one if self._is_next(one) else self._prepare(one.document, terms) for one in waiting]
            for one, part in zip(now, parts, strict=True):
                if one.is_new:
                    self._insert(one, part, terms)
            if not terms.draft:
                self._indexing.refresh(*(one.document.source.id for one in now if one.is_new))
            reports = [one.report(self._store) for one in now]
        yield from reports

    def _is_next(self, one: Prepared) -> bool:
        """Whether no other version of its source came, or went, since it was compared with what is stored."""
        return not one.is_new or one.version.number == self._store.next_number(one.version.source_id)

    def _insert(self, one: Prepared, vectors: Sequence[PassageVectors], terms: Terms) -> None:
        document = one.document
        self._originals.keep(document.content)
        with self._store.writing() as connection:
            version_id = self._store.insert(connection, one.draft(vectors, self._model, draft=terms.draft))
            if document.event is not None:
                self._store.put_event(connection, version_id, document.event)
