"""The façade for documents: add, search, read, publish, withdraw, remove, list."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from index.changes import Also, Changes
from index.encoded import TokenStates
from index.entries import DRAFT, PUBLISHED, WITHDRAWN, Entry, Published
from index.finding import Finding, Found, find
from index.fusion import Fused
from index.hits import Hit
from index.indexing import Indexing, OnRebuild, readable
from index.inquiries import Inquiries
from index.intake import Added, Foreign, Terms
from index.models import BUNDLED, Embedder, load_embedder
from index.originals import Originals
from index.owning import must_hold_library, own
from index.packing import unpack_pairs
from index.recordings import Recordings
from index.rereading import WEIGHTS, Weights
from index.scope import PUBLIC, STAFF, Reader, Scope
from index.searching import Understood
from index.sentence_vectors import SentenceVectors, joined, located
from index.spelling import Misspelt
from index.store import Store
from index.visibility import may_read, newest, opened
from index.webinars import Webinars
from index.wording import Wording
from ingest.domain import Event, Passage, Place, Source, Span, Version
from ingest.errors import UjuziError
from ingest.reading import Document


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
        self.read_only = read_only
        self._embedder = embedder
        self._loading = threading.Lock()
        if read_only:
            must_hold_library(folder)
        self._lock = None if read_only else own(folder)
        self.store = Store(folder / "ujuzi.db", read_only=read_only)
        self.originals = Originals(folder / "originals")
        self.recordings = Recordings(folder / "recordings")
        self._version = lru_cache(maxsize=256)(self.store.version)

        def loaded() -> Embedder:
            return self.embedder

        indexing = Indexing(
            self.store, folder / "derived", self.model, loaded, read_only=read_only, on_rebuild=on_rebuild
        )
        self._indexing = indexing
        self._webinars = Webinars(self.store, indexing, self.recordings)
        self._inquiries = Inquiries(self.store, indexing, self.model, loaded)
        self._changes = Changes(self.store, self.originals, indexing, self._webinars, self.model, loaded)

    def close(self) -> None:
        """Let go of the database and of the folder."""
        self.store.close()
        if self._lock is not None:
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
        return self._changes.add_all(documents, Terms(draft, audience, known))

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
        self._changes.publish(source_ids, audience, tier, withdrawing, also)
        return [self.entry(source_id, STAFF) for source_id in source_ids]

    def grade(self, *source_ids: str, tier: str, also: Also | None = None) -> None:
        """Mark what is published with another tier; it answers as before.

        One transaction, as in :meth:`publish`.
        """
        self._changes.grade(source_ids, tier, also)

    def withdraw(self, *source_ids: str, reason: str = "", also: Also | None = None) -> None:
        """Stop sources from answering; whoever asks for them is told when, and for what ``reason``.

        They stay stored and can be published again; a draft that waits goes on waiting. One transaction, as
        in :meth:`publish`. Raises NotFound, and UjuziError where one is not published.
        """
        self._changes.withdraw(source_ids, reason, also)

    def discard(self, *source_ids: str, also: Also | None = None) -> None:
        """Give up the drafts that wait: they are never published, and only staff can read them.

        One transaction, as in :meth:`publish`. Raises NotFound, and UjuziError where one has no draft.
        """
        self._changes.discard(source_ids, also)

    def write_foreign(self, documents: Sequence[Foreign]) -> None:
        """Store each document as a source of exactly one passage: all of them, or none.

        The same document again changes nothing; a changed one is a new version.
        """
        self._changes.write_foreign(documents)

    def remove(self, *source_ids: str) -> None:
        """Delete sources, all versions and originals of them; no file of the library keeps a word.

        A recording goes with the last programme of its webinar, and with the last transcript of it.
        """
        self._changes.remove(source_ids)
        self._version.cache_clear()

    def remove_discarded(self, versions: Set[tuple[str, int]], also: Also | None = None) -> None:
        """Delete drafts that were given up, by source and number; no file of the library keeps a word.

        Others among ``versions`` stay. One transaction, as in :meth:`publish`.
        """
        self._changes.remove_discarded(versions, also)
        self._version.cache_clear()

    def attach_recording(self, webinar_id: str, file: Path) -> Path:
        """Keep a copy of ``file`` as the recording of a webinar; see :meth:`Recordings.attach`.

        It touches no database, so that a library which is only read can do it beside the owner.
        """
        return self._webinars.attach(webinar_id, file)

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
        return self._inquiries.hits(question, scope, reader, mode, top, only, wording)

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
        return self._inquiries.search.rank(question, scope, reader, mode, weights=weights).fused

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
        return find(self._inquiries.search, wording, scope, reader, mode=mode, order=order)

    def hits_in(
        self, finding: Finding, documents: Sequence[Found], reader: Reader = PUBLIC, *, most: int = 10
    ) -> list[list[Hit]]:
        """Of each of these documents that ``finding`` found, the ``most`` best passages that match."""
        return self._inquiries.hits_in(finding, documents, reader, most)

    def misspelt(self, wording: Wording, reader: Reader = PUBLIC) -> list[Misspelt]:
        """The words that hardly any passage holds, each with the one that ``reader`` probably meant."""
        return self._inquiries.misspelt(wording, reader)

    def understand(self, question: str, reader: Reader = PUBLIC) -> Understood:
        """The words of ``question`` that carry meaning, with their stems and how rare they are here.

        A word that stands only in what ``reader`` may not see is to them as one that stands nowhere.
        """
        return self._inquiries.understand(question, reader)

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
        return opened(source_id, self.store.entries(source_ids={source_id}), reader, number)

    def versions(self, source_id: str, reader: Reader = PUBLIC) -> list[Entry]:
        """The versions of a source that ``reader`` may read, the oldest first. Raises as :meth:`entry`."""
        stored = self.store.entries(source_ids={source_id})
        opened(source_id, stored, reader, None)
        return sorted((one for one in stored if may_read(one, reader)), key=lambda one: one.number)

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
        return newest(self.store.entries(states={DRAFT, PUBLISHED, WITHDRAWN}), reader)

    def sources(self, reader: Reader = PUBLIC) -> list[Source]:
        """What is published for ``reader``, in no particular order."""
        return [listing.source for listing in self._indexing.catalogue.visible(reader)]

    def mentioning(self, word: str, reader: Reader = PUBLIC) -> frozenset[str]:
        """The ids of the published sources in which ``word`` stands, in any of its forms."""
        return self._inquiries.mentioning(word, reader)

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
        return self._webinars.events(reader)

    def recording(self, webinar_id: str, reader: Reader = PUBLIC) -> Path | None:
        """The recording of a webinar, if there is one that ``reader`` may hear; see :func:`may_play`.

        ``webinar_id`` is an event's, or a transcript's that has none.
        """
        return self._webinars.recording(webinar_id, reader)

    # behind the scenes

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
        return self._changes.remove_strays()
