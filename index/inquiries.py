"""What is asked of the library: the search over it as it is now, and hits that the truth confirms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache

from index.analysis import highlight
from index.catalogue import Catalogue
from index.entries import Readable, Reading
from index.facets import filter_of
from index.finding import Finding, Found, best_rows, ranked_within
from index.fusion import UNSCORED, Fused
from index.hits import Hit
from index.indexing import Indexing
from index.models import Embedder
from index.scope import Reader, Scope
from index.searching import Ranked, Search, Understood
from index.spelling import Misspelt, misspelt
from index.store import Store
from index.wording import Wording, merged, places
from ingest.domain import Source


class Inquiries:
    """Questions to one library."""

    def __init__(
        self, store: Store, indexing: Indexing, model: str, embedder: Callable[[], Embedder]
    ) -> None:
        self._store = store
        self._indexing = indexing
        self._model = model
        self._embedder = embedder
        # what was asked over one catalogue holds until there is another
        self._search_over = lru_cache(maxsize=1)(self._make_search)

    @property
    def search(self) -> Search:
        """The search over the library as it is now."""
        return self._search_over(self._indexing.catalogue)

    def hits(
        self,
        question: str,
        scope: Scope,
        reader: Reader,
        mode: str,
        top: int,
        only: Set[int] | None,
        wording: Wording,
    ) -> list[Hit]:
        """As :meth:`Library.search`."""
        found = self.search.rank(question, scope, reader, mode, only, wording=wording)
        hits: list[Hit] = []
        rows = list(found.fused)
        for start in range(0, len(rows), max(top, 1)):  # more only if some were withdrawn in between
            hits += self._confirmed(rows[start : start + top], found, reader, wording).values()
            if len(hits) >= top:
                break
        return hits[:top]

    def hits_in(
        self, finding: Finding, documents: Sequence[Found], reader: Reader, most: int
    ) -> list[list[Hit]]:
        """As :meth:`Library.hits_in`."""
        ranked = ranked_within(self.search, finding, documents, reader)
        rows = [best_rows(document, ranked)[:most] for document in documents]
        hits = self._confirmed([row for own in rows for row in own], ranked, reader, finding.wording)
        return [[hits[row] for row in own if row in hits] for own in rows]

    def understand(self, question: str, reader: Reader) -> Understood:
        """As :meth:`Library.understand`."""
        search = self.search
        understood = search.understand(question)
        return understood.heard_by(search.heard(understood, reader), search.rarity(0))

    def misspelt(self, wording: Wording, reader: Reader) -> list[Misspelt]:
        """As :meth:`Library.misspelt`."""

        def texts(rows: Sequence[int]) -> list[str]:
            found = self._store.passages(rows, reader.audiences).values()
            return [f"{one.passage.context}\n{one.passage.text}" for one in found]

        heard = self.understand(wording.words, reader).passages
        within = filter_of(Scope(), reader.audiences)
        return misspelt(wording.words, heard, self.search.derived.words, within, texts)

    def mentioning(self, word: str, reader: Reader) -> frozenset[str]:
        """As :meth:`Library.mentioning`."""
        search = self.search
        stems = {stem for own in search.understand(word).words.values() for stem in own}
        words = search.derived.words
        rows = words.search(dict.fromkeys(stems, 1.0), len(words)).keys()
        seen = search.catalogue.visible(reader)
        return frozenset(one.source.id for one in seen if not rows.isdisjoint(one.rows))

    def _make_search(self, catalogue: Catalogue) -> Search:
        return Search(self._indexing.derived, catalogue, self._embedder(), self._readings)

    def _readings(self, rows: Sequence[int]) -> Mapping[int, Reading]:
        return self._store.readings(rows, self._model, self._embedder().dimensions)

    def _confirmed(
        self, rows: Sequence[int], found: Ranked, reader: Reader, wording: Wording
    ) -> dict[int, Hit]:
        """The hits of those rows that are still there for ``reader``, by row: the truth has the last word."""
        passages = self._store.passages(rows, reader.audiences)
        catalogue = self._indexing.catalogue
        hits = {}
        for row in rows:
            one = passages.get(row)
            if one is not None and one.version in catalogue:
                fused = found.fused.get(row, UNSCORED)
                hits[row] = _hit(catalogue[one.version].source, one, fused, found, wording)
        return hits


def _hit(source: Source, one: Readable, fused: Fused, found: Ranked, wording: Wording) -> Hit:
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
