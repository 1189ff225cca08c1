"""The façade for documents: add, search, read, publish, withdraw, remove, list."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from index.analysis import highlight
from index.catalogue import Catalogue
from index.derived import Derived
from index.fusion import Fused
from index.hits import Hit
from index.models import BUNDLED, Embedder, Vectors, load_embedder
from index.originals import Originals
from index.scope import PUBLIC, STAFF, Reader, Scope
from index.searching import Ranked, Search, Understood
from index.store import DRAFT, PUBLISHED, REPLACED, WITHDRAWN, Draft, Entry, Listing, Published, Store
from index.words import Words, passage_words
from ingest.domain import Event, Passage, Place, Source, Span, Version
from ingest.errors import NotFound, UjuziError
from ingest.reading import Document
from ingest.splitting import split

_TOGETHER = 1_000  # passages that are embedded and indexed in one go
_REBUILT_TOGETHER = 50  # documents


class LibraryInUse(UjuziError):
    """Another process owns the data folder."""


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
class _Prepared:
    """A document whose passages are cut, waiting for their vectors; or the verdict that it needs none."""

    document: Document
    version: Version
    passages: Sequence[Passage]
    status: str


class Library:
    """One data folder. Exactly one process may own it; ``read_only`` looks in from beside that process."""

    def __init__(
        self,
        folder: Path,
        *,
        model: str = BUNDLED,
        models: Path | None = None,
        read_only: bool = False,
        embedder: Embedder | None = None,
        on_rebuild: Callable[[int, int], None] | None = None,
    ) -> None:
        """Open the library in ``folder``, made when absent.

        ``models`` is where models are kept, by default inside ``folder``; ``embedder`` stands in for one.
        ``on_rebuild`` hears how many of how many documents are done when the derived indexes have to be made
        again. Raises LibraryInUse.
        """
        self.folder = folder
        self.model = embedder.name if embedder else model
        self.models = models or folder / "models"
        self._given_embedder = embedder
        self.read_only = read_only
        self._lock = FileLock(folder / "lock", timeout=0)
        if read_only:
            must_hold_library(folder)
        else:
            self._own()
        self._changing = threading.RLock()
        self.store = Store(folder / "ujuzi.db", read_only=read_only)
        self.originals = Originals(folder / "originals")
        self._version = lru_cache(maxsize=256)(self.store.version)
        self._catalogue = Catalogue(self.store.listings())
        self._on_rebuild = on_rebuild
        self.was_rebuilt = False  # whether the indexes that were on disk were harmed or stale

    def close(self) -> None:
        """Save what is derived and let go of the folder."""
        self.store.close()
        self._lock.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The model; loaded when it is first needed."""
        return self._given_embedder or load_embedder(self.model, self.models)

    # what changes the library

    def add(self, document: Document, *, draft: bool = False, audience: str = "public") -> Added:
        """Store one document; see :meth:`add_all`."""
        return next(self.add_all([document], draft=draft, audience=audience))

    def add_all(
        self, documents: Iterable[Document], *, draft: bool = False, audience: str = "public"
    ) -> Iterator[Added]:
        """Store documents, a transaction each, and say of each in turn what became of it.

        Same identity, bytes and description: unchanged. Otherwise a new version, and with it the old one
        stops answering. The same bytes under another identity: a duplicate, stored once.
        """
        waiting: list[_Prepared] = []
        for document in documents:
            prepared = self._prepare(document, draft=draft)
            if any(_concerns(other.document, document) for other in waiting):
                yield from self._store_all(waiting, draft=draft, audience=audience)
                waiting, prepared = [], self._prepare(document, draft=draft)
            waiting.append(prepared)
            if sum(len(one.passages) for one in waiting) >= _TOGETHER:
                yield from self._store_all(waiting, draft=draft, audience=audience)
                waiting = []
        yield from self._store_all(waiting, draft=draft, audience=audience)

    def publish(self, source_id: str, *, audience: str = "") -> Entry:
        """Let the newest draft (or withdrawn version) answer in the place of the one before.

        It keeps the audience that it was stored for unless another is named.
        """
        with self._change():
            ready = self.store.entries(states={DRAFT, WITHDRAWN}, source_id=source_id)
            if not ready:
                self._must_know(source_id)
                raise UjuziError(f"{source_id} has no draft or withdrawn version to publish.")
            with self.store.writing() as connection:
                self.store.set_state(connection, source_id, {PUBLISHED}, REPLACED)
                self.store.publish(connection, ready[-1].id, audience or ready[-1].audience)
            self._refresh(source_id)
            return self.entry(source_id, STAFF)

    def withdraw(self, source_id: str) -> None:
        """Stop a source from answering. It stays stored and can be published again."""
        with self._change():
            self._must_know(source_id)
            with self.store.writing() as connection:
                self.store.set_state(connection, source_id, {PUBLISHED, DRAFT}, WITHDRAWN)
            self._refresh(source_id)

    def write_foreign(self, documents: Sequence[Foreign]) -> None:
        """Store each document as a source of exactly one passage: all of them, or none.

        The same document again changes nothing; a changed one is a new version.
        """
        with self._change():
            changed = [one for one in documents if not self._is_current(one)]
            if not changed:
                return
            vectors = self.embedder.encode_passages([readable(one.passage(1)) for one in changed])
            drafts = list(map(self._foreign_draft, changed, vectors))
            for one in changed:
                self.originals.keep(one.whole.encode())
            with self.store.writing() as connection:
                for draft in drafts:
                    self.store.insert(connection, draft)
            self._refresh(*(one.source.id for one in changed))

    def remove(self, *source_ids: str) -> None:
        """Delete sources, all versions and originals of them; no file of the library keeps a word."""
        with self._change():
            entries = [entry for source_id in source_ids for entry in self._must_know(source_id)]
            with self.store.writing() as connection:
                for source_id in source_ids:
                    self.store.delete(connection, source_id)
                    self.store.delete_event(connection, source_id)
            self._refresh(*source_ids)
            for digest in {entry.digest for entry in entries}:
                if not self.store.by_digest(digest):
                    self.originals.remove(digest)
            self._derived.words.fill_anew(self._all_words())
            self._derived.save(self.store.checksum(self.model))
            self.store.empty_journal()
            self._version.cache_clear()

    # what reads it

    def search(
        self,
        question: str,
        scope: Scope = Scope(),
        reader: Reader = PUBLIC,
        *,
        mode: str = "hybrid",
        top: int = 10,
        only: Set[int] | None = None,
    ) -> list[Hit]:
        """The ``top`` passages for ``question`` that ``reader`` may see inside ``scope``, the best first.

        ``mode`` is hybrid, words or meaning; ``only`` leaves nothing but these rows of passages.
        """
        search = Search(self._derived, self._catalogue, self.embedder)
        found = search.rank(question, scope, reader, mode, only)
        hits: list[Hit] = []
        rows = list(found.fused)
        for start in range(0, len(rows), max(top, 1)):  # more only if some were withdrawn in between
            hits += self._hits(rows[start : start + top], found, reader)
            if len(hits) >= top:
                break
        return hits[:top]

    def understand(self, question: str) -> Understood:
        """The words of ``question`` that carry meaning, with their stems and how rare they are here."""
        return Search(self._derived, self._catalogue, self.embedder).understand(question)

    def read(
        self, source_id: str, reader: Reader = PUBLIC, number: int | None = None
    ) -> tuple[Entry, Version]:
        """A source's description and words: the published version, or the one by ``number``.

        Old versions stay readable, so that citations of them do; drafts and withdrawn ones only by staff.
        """
        entry = self.entry(source_id, reader, number)
        return entry, self._version(entry.id)

    def place(self, passage: Passage, span: Span) -> Place:
        """Where ``span`` of a found passage's text stands."""
        return self._version(self.entry(passage.source_id, STAFF, passage.version).id).place(span)

    def entry(self, source_id: str, reader: Reader = PUBLIC, number: int | None = None) -> Entry:
        """The description of a source's version that ``reader`` may see. Raises NotFound."""
        seen = [entry for entry in self.store.entries(source_id=source_id) if _may_read(entry, reader)]
        published = [entry for entry in seen if entry.state == PUBLISHED]
        asked = seen if number is None else [entry for entry in seen if entry.number == number]
        if not asked or not (published or "staff" in reader.audiences):
            raise NotFound(f"The library has no document called {source_id}.")
        return published[-1] if number is None and published else asked[-1]

    def original(self, entry: Entry) -> Path:
        """The file that ``entry`` was made from, under the name of its digest."""
        return self.originals.path(entry.digest)

    def passages(self, entry: Entry) -> list[Passage]:
        """The passages of one version in reading order."""
        return list(self.store.passages_of(entry.id).values())

    def entries(self, reader: Reader = PUBLIC) -> list[Entry]:
        """The newest version of every source that ``reader`` may see, by title."""
        newest: dict[str, Entry] = {}
        for entry in self.store.entries(states={DRAFT, PUBLISHED, WITHDRAWN}):
            known = newest.get(entry.source.id)
            hidden = known is not None and known.state == PUBLISHED
            if _may_read(entry, reader) and not hidden:
                newest[entry.source.id] = entry
        return sorted(newest.values(), key=lambda entry: entry.source.title.casefold())

    def sources(self, reader: Reader = PUBLIC) -> list[Source]:
        """What is published for ``reader``, in no particular order."""
        return [listing.source for listing in self._catalogue.visible(reader)]

    def values(self, field: str, reader: Reader = PUBLIC) -> list[tuple[str, int]]:
        """The values that a field of the sources takes, with how many sources each, the most first."""
        return self._catalogue.values(field, reader).most_common()

    def published_passages(self, reader: Reader = PUBLIC) -> Iterator[Published]:
        """Every passage that can be found by ``reader``, in the order in which they were added."""
        return self.store.published(reader.audiences)

    def count(self, reader: Reader = STAFF) -> tuple[int, int]:
        """How many sources and passages are published for ``reader``."""
        listings = self._catalogue.visible(reader)
        return len(listings), sum(len(listing.rows) for listing in listings)

    def events(self, reader: Reader = PUBLIC) -> Sequence[Event]:
        """The events whose programme ``reader`` may see, the latest first."""
        seen = {listing.source.id for listing in self._catalogue.visible(reader)}
        return [event for event in self.store.events() if event.id in seen]

    # behind the scenes

    def _own(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LibraryInUse(
                f"Another process is using the library in {self.folder}. Stop it, or wait until it is done."
            ) from error

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One change at a time. The derived indexes are taken up first: after it they would look stale."""
        with self._changing:
            _ = self._derived
            yield

    def _must_know(self, source_id: str) -> Sequence[Entry]:
        entries = self.store.entries(source_id=source_id)
        if not entries:
            raise NotFound(f"The library has no document called {source_id}.")
        return entries

    def _prepare(self, document: Document, *, draft: bool) -> _Prepared:
        before = self.store.entries(source_id=document.source.id)
        number = max((entry.number for entry in before), default=0) + 1
        version = Version(document.source.id, number, document.text, document.digest, document.places)
        current = [entry for entry in before if entry.state == (DRAFT if draft else PUBLISHED)]
        if any(_same(entry, document) for entry in current):
            return _Prepared(document, version, (), "unchanged")
        if not before and self._twins(document):
            return _Prepared(document, version, (), "duplicate")
        source = document.source
        if document.event is not None and document.event.illustrative:
            passages = []  # the programme of a session that never was is there to be read, not to be cited
        else:
            passages = split(version, source.title, source.language, self.embedder.count_tokens)
        return _Prepared(document, version, passages, "replaced" if current else "added")

    def _twins(self, document: Document) -> list[Entry]:
        """What stands in the library, or waits as a draft, made from the same bytes."""
        same = self.store.by_digest(document.digest)
        return [entry for entry in same if entry.state in (DRAFT, PUBLISHED)]

    def _store_all(self, waiting: Sequence[_Prepared], *, draft: bool, audience: str) -> Iterator[Added]:
        """Embed together, store apart, index together."""
        texts = [readable(passage) for one in waiting for passage in one.passages]
        vectors = self.embedder.encode_passages(texts) if texts else None
        offset = 0
        report: list[Added] = []
        with self._change():
            touched: list[str] = []
            for one in waiting:
                source = one.document.source
                if one.status in ("added", "replaced") and vectors is not None:
                    part = vectors[offset : offset + len(one.passages)]
                    offset += len(one.passages)
                    self._insert(one, part, draft=draft, audience=audience)
                    touched.append(source.id)
                report.append(self._added(one))
            if not draft:
                self._refresh(*touched)
        yield from report

    def _insert(self, one: _Prepared, vectors: Vectors, *, draft: bool, audience: str) -> None:
        document = one.document
        self.originals.keep(document.content)
        with self.store.writing() as connection:
            self.store.insert(
                connection,
                Draft(
                    source=document.source,
                    version=one.version,
                    passages=one.passages,
                    vectors=vectors,
                    model=self.model,
                    file_name=document.name,
                    media_type=document.media_type,
                    state=DRAFT if draft else PUBLISHED,
                    audience=audience,
                ),
            )
            if document.event is not None:
                self.store.put_event(connection, document.event)

    def _is_current(self, one: Foreign) -> bool:
        entries = self.store.entries(states={PUBLISHED}, source_id=one.source.id)
        return any(entry.digest == one.digest for entry in entries)

    def _foreign_draft(self, one: Foreign, vector: Vectors) -> Draft:
        before = self.store.entries(source_id=one.source.id)
        number = max((entry.number for entry in before), default=0) + 1
        return Draft(
            source=one.source,
            version=Version(one.source.id, number, one.text, one.digest),
            passages=[one.passage(number)],
            vectors=vector[None, :],
            model=self.model,
            file_name=f"{one.source.id}.json",
            media_type="application/json",
            audience=before[-1].audience if before else "public",
            foreign=one.whole,
        )

    def _added(self, one: _Prepared) -> Added:
        document = one.document
        source_id, reason = document.source.id, ""
        if one.status == "duplicate":
            source_id = self._twins(document)[0].source.id
            reason = f"The library has the same file already, as {source_id}."
        return Added(document.name, one.status, source_id, len(one.passages), reason)

    def _refresh(self, *source_ids: str) -> None:
        """Bring the catalogue and the derived indexes to the truth for some sources."""
        if not source_ids:
            return
        derived = self._derived
        wanted = set(source_ids)
        now = self.store.listings(wanted)
        before = [listing for listing in self._catalogue.listings if listing.source.id in wanted]
        current, known = {one.entry.id for one in now}, {one.entry.id for one in before}
        added = [listing for listing in now if listing.entry.id not in known]
        gone = [listing for listing in before if listing.entry.id not in current]
        derived.apply(
            self._words(added),
            self._vectors(added),
            [listing.entry.id for listing in gone],
            [row for listing in gone for row in listing.rows],
        )
        self._catalogue = self._catalogue.with_changes(added, [listing.entry.id for listing in gone])
        derived.save(self.store.checksum(self.model))

    @cached_property
    def _derived(self) -> Derived:
        """The derived indexes, taken up from disk or made again from the truth."""
        with self._changing:
            folder = self.folder / "derived"
            derived = Derived(None if self.read_only else folder, self.embedder.dimensions)
            checksum = self.store.checksum(self.model)
            if not derived.load(folder, checksum, self.store.count_passages()):
                self.was_rebuilt = (folder / "manifest.json").is_file()
                self._rebuild(derived)
                derived.save(checksum)
            return derived

    def indexes_agree(self) -> bool:
        """Whether the derived indexes hold exactly what is published."""
        passages = self.store.count_passages()
        return len(self._derived.words) == passages == len(self._derived.vectors)

    def rebuild_indexes(self) -> None:
        """Make the derived indexes again from the truth."""
        with self._changing:
            self._rebuild(self._derived)
            self._derived.save(self.store.checksum(self.model))

    def remove_strays(self) -> int:
        """Delete the originals that no version was made from (a power cut leaves them); how many."""
        with self._changing:
            used = {entry.digest for entry in self.store.entries()}
            strays = [digest for digest in self.originals.digests() if digest not in used]
            for digest in strays:
                self.originals.remove(digest)
            return len(strays)

    def _rebuild(self, derived: Derived) -> None:
        derived.begin_anew()
        listings = self._catalogue.listings
        for start in range(0, len(listings), _REBUILT_TOGETHER):
            some = listings[start : start + _REBUILT_TOGETHER]
            derived.apply(self._words(some), self._vectors(some))
            if self._on_rebuild:
                self._on_rebuild(start + len(some), len(listings))

    def _words(self, listings: Iterable[Listing]) -> list[Words]:
        return [
            passage_words(row, listing.entry.id, passage, listing.source.language)
            for listing in listings
            for row, passage in self.store.passages_of(listing.entry.id).items()
        ]

    def _all_words(self) -> Iterator[Words]:
        for listing in self._catalogue.listings:
            yield from self._words([listing])

    def _vectors(self, listings: Iterable[Listing]) -> dict[int, Vectors]:
        """The stored vectors; passages that this model has not seen yet are embedded now."""
        vectors: dict[int, Vectors] = {}
        for listing in listings:
            known = self.store.vectors_of(listing.entry.id, self.model)
            missing = {
                row: passage
                for row, passage in self.store.passages_of(listing.entry.id).items()
                if row not in known
            }
            if missing:
                made = self.embedder.encode_passages([readable(passage) for passage in missing.values()])
                fresh = dict(zip(missing, made, strict=True))
                if not self.read_only:
                    with self.store.writing() as connection:
                        self.store.put_vectors(connection, fresh, self.model)
                known |= fresh
            vectors |= known
        return vectors

    def _hits(self, rows: Sequence[int], found: Ranked, reader: Reader) -> Iterator[Hit]:
        """The hits of those rows that are still there for ``reader``: the truth has the last word."""
        passages = self.store.passages(rows, reader.audiences)
        catalogue = self._catalogue
        for row in rows:
            if row in passages and passages[row][0] in catalogue:
                version_id, passage = passages[row]
                with suppress(NotFound):  # removed since the line above
                    place = self._version(version_id).place(passage.span)
                    yield self._hit(catalogue[version_id].source, passage, place, found.fused[row], found)

    def _hit(self, source: Source, passage: Passage, place: Place, fused: Fused, found: Ranked) -> Hit:
        return Hit(
            passage=passage,
            source=source,
            place=place,
            score=fused.score,
            words=fused.words,
            meaning=fused.meaning,
            highlights=highlight(passage.text, found.stems, source.language),
        )


def must_hold_library(folder: Path) -> None:
    """Raise NotFound where ``folder`` is not the data folder of a library."""
    if not (folder / "ujuzi.db").is_file():
        raise NotFound(f"There is no library in {folder}. Make one with: ujuzi add PATH --data {folder}")


def readable(passage: Passage) -> str:
    """What the model reads of a passage: its context on a line of its own, then its words."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def _same(entry: Entry, document: Document) -> bool:
    return entry.digest == document.digest and entry.source == document.source


def _concerns(waiting: Document, document: Document) -> bool:
    """Whether what becomes of ``document`` depends on one that is not stored yet."""
    return waiting.source.id == document.source.id or waiting.digest == document.digest


def _may_read(entry: Entry, reader: Reader) -> bool:
    """Whether a reader may open this version. Replaced ones stay open, so that citations do not rot."""
    if "staff" in reader.audiences:
        return True
    return entry.state in (PUBLISHED, REPLACED) and entry.audience in reader.audiences
