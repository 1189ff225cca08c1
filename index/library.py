"""The façade for documents: add, search, read, publish, withdraw, remove, list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock, Timeout

from index.analysis import highlight
from index.catalogue import Catalogue
from index.encoded import TokenStates
from index.entries import (
    DISCARDED,
    DRAFT,
    PUBLISHED,
    REPLACED,
    WITHDRAWN,
    Entry,
    PassageVectors,
    Published,
    Readable,
    Reading,
)
from index.facets import filter_of
from index.finding import Finding, Found, best_rows, find, ranked_within
from index.fusion import UNSCORED, Fused
from index.hits import Hit
from index.indexing import Indexing, OnRebuild, read_passages, readable
from index.intake import Added, Foreign, Prepared, Terms, concerns, foreign_draft, is_current, prepare
from index.models import BUNDLED, Embedder, load_embedder
from index.originals import Originals
from index.packing import unpack_pairs
from index.recordings import Recordings, may_play, must_be_webinar, transcribed
from index.rereading import WEIGHTS, Weights
from index.scope import PUBLIC, STAFF, Reader, Scope
from index.searching import Ranked, Search, Understood
from index.sentence_vectors import SentenceVectors, joined, located
from index.spelling import Misspelt, misspelt
from index.store import Store, Transaction
from index.wording import Wording, merged, places
from ingest.domain import Event, Passage, Place, Source, Span, Version
from ingest.errors import NotFound, UjuziError, Withdrawn
from ingest.reading import Document
from ingest.text import clean_line

_TOGETHER = 1_000  # passages that are embedded and indexed in one go

Also = Callable[[Transaction], None]  # writes what belongs to a change into the same transaction


class LibraryInUse(UjuziError):
    """Another process owns the data folder."""


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
        on_rebuild: OnRebuild | None = None,
    ) -> None:
        """Open the library in ``folder``, made when absent.

        ``models`` is where models are kept, by default inside ``folder``; ``embedder`` stands in for one.
        ``on_rebuild`` hears how many of how many documents are done when the derived indexes have to be made
        again. Raises LibraryInUse.
        """
        self.folder = folder
        self.model = embedder.name if embedder else model
        self.models = models or folder / "models"
        self._embedder = embedder
        self._loading = threading.Lock()
        self.read_only = read_only
        self._lock = FileLock(folder / "lock", timeout=0)
        if read_only:
            must_hold_library(folder)
        else:
            self._own()
        self.store = Store(folder / "ujuzi.db", read_only=read_only)
        self.originals = Originals(folder / "originals")
        self.recordings = Recordings(folder / "recordings")
        self._version = lru_cache(maxsize=256)(self.store.version)
        # what was asked over one catalogue holds until there is another
        self._search_over = lru_cache(maxsize=1)(self._make_search)
        self._programmes_over = lru_cache(maxsize=1)(self._find_programmes)
        self._events_over = lru_cache(maxsize=2)(self._find_events)
        self._indexing = Indexing(
            self.store,
            folder / "derived",
            self.model,
            lambda: self.embedder,
            read_only=read_only,
            on_rebuild=on_rebuild,
        )

    def close(self) -> None:
        """Save what is derived and let go of the folder."""
        self.store.close()
        self._lock.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def embedder(self) -> Embedder:
        """The model, loaded by whoever needs it first: at the start several do."""
        if self._embedder is None:
            with self._loading:
                self._embedder = self._embedder or load_embedder(self.model, self.models)
        return self._embedder

    def get_ready(self) -> None:
        """Load the model and take up the indexes, so that the first search does not wait for them."""
        with suppress(UjuziError):  # it is said to whoever searches
            self.embedder.encode_question("ready")  # first, for it loads beside what Python does meanwhile
            self.search("ready", top=1)

    def get_ready_beside(self) -> None:
        """The same in a thread, waited for until the model's code is imported: the rest is not Python's.

        A model that cannot be loaded keeps nobody from the pages; it is said to whoever searches.
        """
        imported = threading.Event()

        def load() -> None:
            try:
                with suppress(UjuziError):
                    self.embedder.count_tokens("ready")
            finally:
                imported.set()
            self.get_ready()

        threading.Thread(target=load, daemon=True).start()
        imported.wait()

    # what changes the library

    def add(
        self, document: Document, *, draft: bool = False, audience: str = "", known: bool = False
    ) -> Added:
        """Store one document; see :meth:`add_all`."""
        return next(self.add_all([document], draft=draft, audience=audience, known=known))

    def add_all(
        self,
        documents: Iterable[Document],
        *,
        draft: bool = False,
        audience: str = "",
        known: bool = False,
    ) -> Iterator[Added]:
        """Store documents, a transaction each, and say of each in turn what became of it.

        Same identity, bytes and description: unchanged. Otherwise a new version, and with it the old one
        stops answering; a new draft takes the place of the draft before. The same bytes under another
        identity: a duplicate, stored once, unless they may be ``known``. An ``audience`` goes before the one
        that a document names; without either it keeps that of its version before, else it is for everybody.
        """
        terms = Terms(draft, audience, known)
        waiting: list[Prepared] = []
        for document in documents:
            prepared = prepare(document, self.store, self.embedder.count_tokens, terms)
            if any(concerns(other.document, document) for other in waiting):
                yield from self._store_all(waiting, draft=draft)
                waiting, prepared = [], prepare(document, self.store, self.embedder.count_tokens, terms)
            waiting.append(prepared)
            if sum(len(one.passages) for one in waiting) >= _TOGETHER:
                yield from self._store_all(waiting, draft=draft)
                waiting = []
        yield from self._store_all(waiting, draft=draft)

    def publish(
        self,
        *source_ids: str,
        audience: str = "",
        tier: str | None = None,
        withdrawing: Mapping[str, str] = MappingProxyType({}),
        also: Also | None = None,
    ) -> list[Entry]:
        """Let the newest draft of each (else the withdrawn version) answer in the place of the one before.

        They keep the audience and the tier that they were stored with unless others are named; what is in
        ``withdrawing``, ids with a reason each, stops answering with them. All of it is one transaction, in
        which ``also`` can write more; if it raises, nothing has changed. Raises NotFound, and UjuziError
        where there is nothing to publish.
        """
        with self._changing(*source_ids, *withdrawing, also=also) as connection:
            for source_id, reason in withdrawing.items():
                self.store.set_state(connection, source_id, {PUBLISHED}, WITHDRAWN, clean_line(reason))
            for source_id in source_ids:
                ready = self._ready(source_id)
                source = ready.source if tier is None else replace(ready.source, tier=tier)
                self.store.publish(connection, ready.id, source, audience or ready.audience)
        return [self.entry(source_id, STAFF) for source_id in source_ids]

    def grade(self, *source_ids: str, tier: str, also: Also | None = None) -> None:
        """Mark what is published with another tier; it answers as before.

        One transaction, as in :meth:`publish`.
        """
        self._indexing.distrust()  # whether a description is current cannot be told from what is published
        with self._changing(*source_ids, also=also) as connection:
            for entry in self.store.entries(states={PUBLISHED}, source_ids=set(source_ids)):
                self.store.describe(connection, entry.id, replace(entry.source, tier=tier))

    def withdraw(self, *source_ids: str, reason: str = "", also: Also | None = None) -> None:
        """Stop sources from answering; whoever asks for them is told when, and for what ``reason``.

        They stay stored and can be published again; a draft that waits goes on waiting. One transaction, as
        in :meth:`publish`. Raises NotFound, and UjuziError where one is not published.
        """
        note = clean_line(reason)
        with self._changing(*source_ids, also=also) as connection:
            for source_id in source_ids:
                self._must_know(source_id)
                if not self.store.set_state(connection, source_id, {PUBLISHED}, WITHDRAWN, note):
                    raise UjuziError(f"{source_id} is not published, so that it cannot be withdrawn.")

    def discard(self, *source_ids: str, also: Also | None = None) -> None:
        """Give up the drafts that wait: they are never published, and only staff can read them.

        One transaction, as in :meth:`publish`. Raises NotFound, and UjuziError where one has no draft.
        """
        with self._changing(*source_ids, also=also) as connection:
            for source_id in source_ids:
                self._must_know(source_id)
                if not self.store.set_state(connection, source_id, {DRAFT}, DISCARDED):
                    raise UjuziError(f"{source_id} has no draft to discard.")

    def write_foreign(self, documents: Sequence[Foreign]) -> None:
        """Store each document as a source of exactly one passage: all of them, or none.

        The same document again changes nothing; a changed one is a new version.
        """
        with self._change():
            changed = [one for one in documents if not is_current(one, self.store)]
            if not changed:
                return
            whole = [(one.passage(1), one.source.language) for one in changed]
            vectors = read_passages(whole, self.embedder)
            drafts = [
                foreign_draft(one, own, self.store, self.model)
                for one, own in zip(changed, vectors, strict=True)
            ]
            for one in changed:
                self.originals.keep(one.whole.encode())
            with self.store.writing() as connection:
                for draft in drafts:
                    self.store.insert(connection, draft)
            self._indexing.refresh(*(one.source.id for one in changed))

    def remove(self, *source_ids: str) -> None:
        """Delete sources, all versions and originals of them; no file of the library keeps a word.

        A recording goes with the last programme of its webinar, and with the last transcript of it.
        """
        with self._change():
            entries = [entry for source_id in source_ids for entry in self._must_know(source_id)]
            announced = self._events_of(entries)
            with self.store.writing() as connection:
                for source_id in source_ids:
                    self.store.delete(connection, source_id)
            self._indexing.refresh(*source_ids)
            for digest in {entry.digest for entry in entries}:
                if not self.store.by_digest(digest):
                    self.originals.remove(digest)
            if spoken := transcribed(entry.source for entry in entries):
                spoken -= transcribed(entry.source for entry in self.store.entries())
            announced -= {event.id for event in self.store.events().values()}
            for webinar_id in announced | spoken:
                self.recordings.detach(webinar_id)
            self._indexing.purge()
            self.store.empty_journal()
            self.store.forget_places()
            self._version.cache_clear()

    def attach_recording(self, webinar_id: str, file: Path) -> Path:
        """Keep a copy of ``file`` as the recording of a webinar; see :meth:`Recordings.attach`.

        It touches no database, so that a library which is only read can do it beside the owner.
        """

        def must_be_known() -> None:
            entries = self.store.entries(states={DRAFT, PUBLISHED, WITHDRAWN})
            must_be_webinar(webinar_id, self._events_of(entries), [entry.source for entry in entries])

        return self.recordings.attach(webinar_id, file, must_be_known)

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
        wording: Wording = Wording(),
    ) -> list[Hit]:
        """The ``top`` passages for ``question`` that ``reader`` may see inside ``scope``, the best first.

        ``mode`` is hybrid, words or meaning; ``only`` leaves nothing but these rows of passages, ``wording``
        those in which its phrases stand and nothing that it excludes.
        """
        found = self._search.rank(question, scope, reader, mode, only, wording=wording)
        hits: list[Hit] = []
        rows = list(found.fused)
        for start in range(0, len(rows), max(top, 1)):  # more only if some were withdrawn in between
            hits += self._hits(rows[start : start + top], found, reader, wording).values()
            if len(hits) >= top:
                break
        return hits[:top]

    def rank(
        self,
        question: str,
        scope: Scope = Scope(),
        reader: Reader = PUBLIC,
        *,
        mode: str = "hybrid",
        weights: Weights = WEIGHTS,
    ) -> Mapping[int, Fused]:
        """All candidates that :meth:`search` would return, by the rows of their passages, the best first.

        For measuring: no words are read, so that it takes a fraction of the time; and other ``weights`` say
        what each part of the ranking is worth.
        """
        return self._search.rank(question, scope, reader, mode, weights=weights).fused

    def find(
        self,
        wording: Wording,
        scope: Scope = Scope(),
        reader: Reader = PUBLIC,
        *,
        mode: str = "hybrid",
        order: str = "relevance",
    ) -> Finding:
        """All documents that ``wording`` matches inside ``scope``, counted by what they could be limited to.

        ``order`` is relevance, newest or oldest.
        """
        return find(self._search, wording, scope, reader, mode=mode, order=order)

    def hits_in(
        self, finding: Finding, documents: Sequence[Found], reader: Reader = PUBLIC, *, most: int = 10
    ) -> list[list[Hit]]:
        """Of each of these documents that ``finding`` found, the ``most`` best passages that match."""
        ranked = ranked_within(self._search, finding, documents, reader)
        rows = [best_rows(document, ranked)[:most] for document in documents]
        hits = self._hits([row for own in rows for row in own], ranked, reader, finding.wording)
        return [[hits[row] for row in own if row in hits] for own in rows]

    def misspelt(self, wording: Wording, reader: Reader = PUBLIC) -> list[Misspelt]:
        """The words that hardly any passage holds, each with the one that ``reader`` probably meant."""

        def texts(rows: Sequence[int]) -> list[str]:
            found = self.store.passages(rows, reader.audiences).values()
            return [f"{one.passage.context}\n{one.passage.text}" for one in found]

        search = self._search
        heard = search.heard(search.understand(wording.words), reader)
        within = filter_of(Scope(), reader.audiences)
        return misspelt(wording.words, heard, search.derived.words, within, texts)

    def understand(self, question: str) -> Understood:
        """The words of ``question`` that carry meaning, with their stems and how rare they are here."""
        return self._search.understand(question)

    def read(
        self, source_id: str, reader: Reader = PUBLIC, number: int | None = None
    ) -> tuple[Entry, Version]:
        """A source's description and words: the published version, or the one by ``number``.

        Old versions stay readable, so that citations of them do; drafts and withdrawn ones only by staff.
        """
        entry = self.entry(source_id, reader, number)
        return entry, self._version(entry.id)

    def words_of(self, entry: Entry) -> Version:
        """The words of a version whose description was read before."""
        return self._version(entry.id)

    def place(self, passage: Passage, span: Span) -> Place:
        """Where ``span`` of a found passage's text stands."""
        return self._version(self.entry(passage.source_id, STAFF, passage.version).id).place(span)

    def token_states(self, passages: Sequence[Passage]) -> list[TokenStates]:
        """The tokens of what the model reads of found passages, as they were kept when these were stored."""
        packed = self.store.tokens_of(passages, self.model)
        return [self._token_states(passage, packed.get(passage.id)) for passage in passages]

    def sentence_vectors(self, entry: Entry) -> SentenceVectors:
        """The sentences of one version in reading order, with the vectors that were stored of them.

        Those of passages that this library's model has not read are left out.
        """
        stored = self.store.sentences_of(entry.id, self.model)
        language = entry.source.language
        return joined(
            located(passage, language, stored[row], lambda text: self.embedder.token_spans(text))
            for row, passage in self.store.passages_of(entry.id).items()
            if row in stored
        )

    def _token_states(self, passage: Passage, packed: bytes | None) -> TokenStates:
        text = readable(passage)
        if packed is None:  # removed since it was found, or read beside its owner with another model
            return self.embedder.encode_passages([text])[0].tokens
        return TokenStates(unpack_pairs(packed, self.embedder.dimensions), self.embedder.token_spans(text))

    def entry(self, source_id: str, reader: Reader = PUBLIC, number: int | None = None) -> Entry:
        """The description of a source's version that ``reader`` may see. Raises NotFound, or Withdrawn."""
        stored = self.store.entries(source_ids={source_id})
        seen = [entry for entry in stored if _may_read(entry, reader)]
        published = [entry for entry in seen if entry.state == PUBLISHED]
        asked = seen if number is None else [entry for entry in seen if entry.number == number]
        if not asked or not (published or "staff" in reader.audiences):
            if (gone := _withdrawn(stored, reader, number)) is not None:
                raise Withdrawn(_farewell(gone))
            raise NotFound(f"The library has no document called {source_id}.")
        if number is None:
            asked = published or [entry for entry in asked if entry.state != DISCARDED] or asked
        return asked[-1]

    def versions(self, source_id: str, reader: Reader = PUBLIC) -> list[Entry]:
        """The versions of a source that ``reader`` may read, the oldest first. Raises as :meth:`entry`."""
        self.entry(source_id, reader)
        stored = self.store.entries(source_ids={source_id})
        return sorted((one for one in stored if _may_read(one, reader)), key=lambda one: one.number)

    def attached_to(self, source_id: str, reader: Reader = PUBLIC) -> list[Source]:
        """The published sources that are attached to one, by title."""
        seen = (one.source for one in self._indexing.catalogue.visible(reader))
        own = (source for source in seen if source.part_of == source_id and source.id != source_id)
        return sorted(own, key=lambda source: source.title.casefold())

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
        return [listing.source for listing in self._indexing.catalogue.visible(reader)]

    def mentioning(self, word: str, reader: Reader = PUBLIC) -> frozenset[str]:
        """The ids of the published sources in which ``word`` stands, in any of its forms."""
        stems = {stem for own in self.understand(word).words.values() for stem in own}
        words = self._indexing.derived.words
        rows = words.search(dict.fromkeys(stems, 1.0), len(words)).keys()
        seen = self._indexing.catalogue.visible(reader)
        return frozenset(one.source.id for one in seen if not rows.isdisjoint(one.rows))

    def values(self, field: str, reader: Reader = PUBLIC) -> list[tuple[str, int]]:
        """The values that a field of the sources takes, with how many sources each, the most first."""
        return self._indexing.catalogue.values(field, reader).most_common()

    def published_passages(self, reader: Reader = PUBLIC) -> Iterator[Published]:
        """Every passage that can be found by ``reader``, in the order in which they were added."""
        return self.store.published(reader.audiences)

    def count(self, reader: Reader = STAFF) -> tuple[int, int]:
        """How many sources and passages are published for ``reader``."""
        listings = self._indexing.catalogue.visible(reader)
        return len(listings), sum(len(listing.rows) for listing in listings)

    def events(self, reader: Reader = PUBLIC) -> Sequence[Event]:
        """The events whose programme ``reader`` may see, the latest first and each once.

        Where several documents hold the programme of one, its event file has the last word.
        """
        return list(self._events_over(self._indexing.catalogue, reader.audiences))

    def recording(self, webinar_id: str, reader: Reader = PUBLIC) -> Path | None:
        """The recording of a webinar, if there is one that ``reader`` may hear; see :func:`may_play`.

        ``webinar_id`` is an event's, or a transcript's that has none.
        """
        path = self.recordings.path(webinar_id)
        if path is None:
            return None
        catalogue = self._indexing.catalogue
        told = self._programmes_over(catalogue)
        if "staff" in reader.audiences:  # who hear what is announced by a draft, too
            told = [*told, *self.store.events().items()]
        programmes = {row for row, event in told if event.id == webinar_id}
        entries = [catalogue[row].entry for row in programmes if row in catalogue]
        entries += [listing.entry for listing in catalogue.of_webinar(webinar_id)]
        entries += self.store.entries(states={DRAFT, WITHDRAWN})
        return path if may_play(webinar_id, entries, programmes, reader) else None

    # behind the scenes

    @property
    def _search(self) -> Search:
        """The search over the library as it is now."""
        return self._search_over(self._indexing.catalogue)

    def _make_search(self, catalogue: Catalogue) -> Search:
        return Search(self._indexing.derived, catalogue, self.embedder, self._readings)

    def _find_programmes(self, catalogue: Catalogue) -> Sequence[tuple[int, Event]]:
        """The published events, each with the row of the version that holds its programme."""
        return [(row, event) for row, event in self.store.events().items() if row in catalogue]

    def _find_events(self, catalogue: Catalogue, audiences: frozenset[str]) -> Sequence[Event]:
        stored = [(catalogue[row], event) for row, event in self._programmes_over(catalogue)]
        told = [(one.source.is_programme, event) for one, event in stored if one.entry.audience in audiences]
        told.sort(key=itemgetter(0), reverse=True)  # stable: then the document that was added first
        once: dict[str, Event] = {}
        for _, event in told:
            once.setdefault(event.id, event)
        return tuple(sorted(once.values(), key=lambda event: event.start, reverse=True))

    def _readings(self, rows: Sequence[int]) -> Mapping[int, Reading]:
        return self.store.readings(rows, self.model, self.embedder.dimensions)

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
        with self._indexing.turn:
            _ = self._indexing.derived
            yield

    @contextmanager
    def _changing(self, *source_ids: str, also: Also | None) -> Iterator[Transaction]:
        """One change of some sources in one transaction; when it has succeeded, the next search obeys."""
        with self._change():
            with self.store.writing() as connection:
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

    def _events_of(self, entries: Sequence[Entry]) -> set[str]:
        """The ids of the events whose programmes stand in these versions."""
        events = self.store.events()
        return {events[entry.id].id for entry in entries if entry.id in events}

    def _must_know(self, source_id: str) -> Sequence[Entry]:
        entries = self.store.entries(source_ids={source_id})
        if not entries:
            raise NotFound(f"The library has no document called {source_id}.")
        return entries

    def _store_all(self, waiting: Sequence[Prepared], *, draft: bool) -> Iterator[Added]:
        """Embed together, store apart, index together."""
        passages = [(passage, one.document.source.language) for one in waiting for passage in one.passages]
        vectors = read_passages(passages, self.embedder)
        offset = 0
        with self._change():
            for one in waiting:
                part = vectors[offset : offset + len(one.passages)]
                offset += len(one.passages)
                if one.is_new:
                    self._insert(one, part, draft=draft)
            if not draft:
                self._indexing.refresh(*(one.document.source.id for one in waiting if one.is_new))
            reports = [one.report(self.store) for one in waiting]
        yield from reports

    def _insert(self, one: Prepared, vectors: Sequence[PassageVectors], *, draft: bool) -> None:
        document = one.document
        self.originals.keep(document.content)
        with self.store.writing() as connection:
            version_id = self.store.insert(connection, one.draft(vectors, self.model, draft=draft))
            if document.event is not None:
                self.store.put_event(connection, version_id, document.event)

    def indexes_agree(self) -> bool:
        """Whether the derived indexes hold exactly what is published."""
        return self._indexing.agree()

    def rebuild_indexes(self) -> None:
        """Make the derived indexes again from the truth."""
        self._indexing.make_anew()

    @property
    def was_rebuilt(self) -> bool:
        """Whether the indexes that were on disk had to be made again, being harmed or stale."""
        return self._indexing.was_rebuilt

    def remove_strays(self) -> int:
        """Delete the originals that no version was made from (a power cut leaves them); how many."""
        with self._indexing.turn:
            used = {entry.digest for entry in self.store.entries()}
            strays = [digest for digest in self.originals.digests() if digest not in used]
            for digest in strays:
                self.originals.remove(digest)
            return len(strays)

    def _hits(
        self, rows: Sequence[int], found: Ranked, reader: Reader, wording: Wording = Wording()
    ) -> dict[int, Hit]:
        """The hits of those rows that are still there for ``reader``, by row: the truth has the last word."""
        passages = self.store.passages(rows, reader.audiences)
        catalogue = self._indexing.catalogue
        hits = {}
        for row in rows:
            one = passages.get(row)
            if one is not None and one.version in catalogue:
                fused = found.fused.get(row, UNSCORED)
                hits[row] = self._hit(catalogue[one.version].source, one, fused, found, wording)
        return hits

    def _hit(self, source: Source, one: Readable, fused: Fused, found: Ranked, wording: Wording) -> Hit:
        text = one.passage.text
        marked = highlight(text, found.stems, source.language, found.phrases)
        return Hit(
            passage=one.passage,
            source=source,
            place=one.place,
            score=fused.score,
            words=fused.words,
            meaning=fused.meaning,
            highlights=tuple(merged([*marked, *places(text, wording.required)])),
        )


def must_hold_library(folder: Path) -> None:
    """Raise NotFound where ``folder`` is not the data folder of a library."""
    if not (folder / "ujuzi.db").is_file():
        raise NotFound(f"There is no library in {folder}. Make one with: ujuzi add PATH --data {folder}")


def _withdrawn(stored: Sequence[Entry], reader: Reader, number: int | None) -> Entry | None:
    """Version ``number``, or the newest where nothing is published, if it was taken back from ``reader``."""
    if "staff" in reader.audiences:
        return None
    published = any(entry.state == PUBLISHED for entry in stored)
    theirs = [entry for entry in stored if entry.audience in reader.audiences]
    taken_back = [entry for entry in theirs if entry.state == WITHDRAWN]
    asked = [entry for entry in taken_back if entry.number == number] if published else taken_back
    return asked[-1] if asked else None


def _farewell(gone: Entry) -> str:
    """What is said of a version that was withdrawn: when and why, never what it was."""
    day = gone.changed_at
    said = f"This document was withdrawn from the library{f' on {day.day} {day:%B %Y}' if day else ''}."
    return f"{said} The reason given: {gone.note}" if gone.note else said


def _may_read(entry: Entry, reader: Reader) -> bool:
    """Whether a reader may open this version. Replaced ones stay open, so that citations do not rot."""
    if "staff" in reader.audiences:
        return True
    return entry.state in (PUBLISHED, REPLACED) and entry.audience in reader.audiences
