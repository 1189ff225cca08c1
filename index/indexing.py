"""The catalogue and the derived indexes of one library, kept to the truth."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue
from index.derived import Derived
from index.encoded import Encoded, Vectors
from index.entries import Listing, PassageVectors
from index.facets import Facets, facets_of
from index.models import Embedder
from index.packing import pack_pairs
from index.rows import Rows
from index.store import Store
from index.words import Words, passage_words
from ingest.domain import Passage, Span
from ingest.sentences import sentences

_REBUILT_TOGETHER = 50  # documents
_BATCH = 128  # passages whose tokens are held in memory at full length, 1.5 kB each

OnRebuild = Callable[[int, int], None]


class Indexing:
    """What is searched. ``turn`` is held while it changes; ``catalogue`` is replaced, never altered."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        model: str,
        embedder: Callable[[], Embedder],
        *,
        read_only: bool,
        on_rebuild: OnRebuild | None,
    ) -> None:
        self.catalogue = Catalogue(store.listings())
        self.turn = threading.RLock()
        self.was_rebuilt = False  # whether the indexes that were on disk were harmed or stale
        self._store = store
        self._folder = folder
        self._model = model
        self._embedder = embedder
        self._read_only = read_only
        self._on_rebuild = on_rebuild
        self._derived: Derived | None = None

    @property
    def listings(self) -> list[Listing]:
        """What is published."""
        return self.catalogue.listings

    @property
    def derived(self) -> Derived:
        """The derived indexes, taken up from disk or made again from the truth, once."""
        if self._derived is None:
            with self.turn:
                if self._derived is None:
                    self._derived = self._taken_up()
        return self._derived

    def _taken_up(self) -> Derived:
        folder = self._folder
        derived = Derived(None if self._read_only else folder, self._embedder().dimensions)
        checksum = self._store.checksum(self._model)
        if not derived.load(folder, checksum, self._store.count_passages()):
            self.was_rebuilt = (folder / "manifest.json").is_file()
            self._rebuild(derived)
            derived.save(checksum)
        return derived

    def refresh(self, *source_ids: str) -> None:
        """Bring the catalogue and the derived indexes to the truth for some sources.

        Where that fails (a full disk), what is listed is true all the same, and the indexes are made anew.
        """
        if not source_ids:
            return
        try:
            self._bring_to_truth(source_ids)
        except BaseException:
            self._derived = None
            self.catalogue = Catalogue(self._store.listings())
            raise

    def _bring_to_truth(self, source_ids: Sequence[str]) -> None:
        derived = self.derived
        wanted = set(source_ids)
        now = self._store.listings(wanted)
        before = [listing for listing in self.catalogue.listings if listing.source.id in wanted]
        current, known = {one.entry.id for one in now}, {one.entry.id for one in before}
        added = [listing for listing in now if listing.entry.id not in known]
        gone = [listing for listing in before if listing.entry.id not in current]
        renewed = [listing for listing in now if listing.entry.id in known and listing not in before]
        replaced = [listing.entry.id for listing in (*gone, *renewed)]
        derived.apply(
            self._words([*added, *renewed]),  # by what they are described as they are found
            self._vectors(added),
            replaced,
            [row for listing in gone for row in listing.rows],
        )
        self.catalogue = self.catalogue.with_changes([*added, *renewed], replaced)
        derived.save(self._store.checksum(self._model))

    def distrust(self) -> None:
        """Before a change that could not be told from what is published: broken off, all is made anew."""
        self.derived.distrust()

    def agree(self) -> bool:
        """Whether the derived indexes hold exactly what is published."""
        passages = self._store.count_passages()
        return len(self.derived.words) == passages == len(self.derived.vectors)

    def make_anew(self) -> None:
        """Make the derived indexes again from the truth."""
        with self.turn:
            self._rebuild(self.derived)
            self.derived.save(self._store.checksum(self._model))

    def purge(self) -> None:
        """Leave no trace of removed words in the files of the word index."""
        self.derived.words.fill_anew(self._all_words())
        self.derived.save(self._store.checksum(self._model))

    def _rebuild(self, derived: Derived) -> None:
        listings = self.catalogue.listings
        rows = np.concatenate([np.empty(0, np.int64), *(listing.rows for listing in listings)])
        derived.begin_anew(len(rows), lambda count: self._sample(rows, count))

        def taken_up() -> Iterator[Words]:
            for start in range(0, len(listings), _REBUILT_TOGETHER):
                some = listings[start : start + _REBUILT_TOGETHER]
                derived.vectors.apply(self._vectors(some), ())
                yield from self._words(some)
                if self._on_rebuild:
                    self._on_rebuild(start + len(some), len(listings))

        derived.words.fill_anew(taken_up())

    def _sample(self, rows: Rows, count: int) -> Vectors:
        """The stored vectors of about ``count`` of the passages ``rows``, from everywhere."""
        vectors = self._store.vectors(rows[:: max(1, len(rows) // count)].tolist(), self._model)
        return np.stack(list(vectors.values())) if vectors else np.empty((0, 0), dtype=np.float32)

    def _words(self, listings: Sequence[Listing]) -> list[Words]:
        by_version = {listing.entry.id: listing for listing in listings}
        facets = {row: of_row for listing in listings for row, of_row in _facets(listing)}
        return [
            passage_words(row, version, passage, by_version[version].source.language, facets[row])
            for row, (version, passage) in self._store.passages_in(*by_version).items()
        ]

    def _all_words(self) -> Iterator[Words]:
        listings = self.catalogue.listings
        for start in range(0, len(listings), _REBUILT_TOGETHER):
            yield from self._words(listings[start : start + _REBUILT_TOGETHER])

    def _vectors(self, listings: Sequence[Listing]) -> dict[int, Vectors]:
        """The stored vectors; passages that this model has not seen yet are embedded now."""
        rows = [row for listing in listings for row in listing.rows]
        vectors = self._store.vectors(rows, self._model)
        if len(vectors) < len(rows):
            vectors |= self._read_missing(listings, vectors.keys())
        return vectors

    def _read_missing(self, listings: Sequence[Listing], known: Set[int]) -> dict[int, Vectors]:
        language = {listing.entry.id: listing.source.language for listing in listings}
        missing = {
            row: (passage, language[version])
            for row, (version, passage) in self._store.passages_in(*language).items()
            if row not in known
        }
        fresh = dict(zip(missing, read_passages(list(missing.values()), self._embedder()), strict=True))
        if not self._read_only:
            with self._store.writing() as connection:
                self._store.put_vectors(connection, fresh, self._model)
        return {row: made.whole for row, made in fresh.items()}


def _facets(listing: Listing) -> Iterator[tuple[int, Facets]]:
    """Each row of one version with its facets, which differ by who speaks."""
    speakers: dict[int, list[str]] = {row: [] for row in listing.rows}
    for name, rows in listing.speakers.items():
        for row in rows:
            speakers[row].append(name)
    of_all = facets_of(listing.source, listing.entry.audience)
    for row, names in speakers.items():
        yield row, facets_of(listing.source, listing.entry.audience, names) if names else of_all


def read_passages(passages: Sequence[tuple[Passage, str]], embedder: Embedder) -> list[PassageVectors]:
    """The vectors of passages, each given with the language that its sentences are found by."""
    made: list[PassageVectors] = []
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        encoded = embedder.encode_passages([readable(passage) for passage, _ in batch])
        made += [_vectors_of(*one, own) for one, own in zip(batch, encoded, strict=True)]
    return made


def _vectors_of(passage: Passage, language: str, encoded: Encoded) -> PassageVectors:
    offset = words_begin(passage)
    spans = [Span(offset + span.start, offset + span.end) for span in sentences(passage.text, language)]
    tokens = encoded.tokens
    return PassageVectors(encoded.whole, tokens.of_sentences(spans), pack_pairs(tokens.vectors))


def readable(passage: Passage) -> str:
    """What the model reads of a passage: its context on a line of its own, then its words."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def words_begin(passage: Passage) -> int:
    """Where the passage's own words begin in what the model reads of it."""
    return len(readable(passage)) - len(passage.text)
