"""Everything that a search matches: what is counted, narrowed, put in order and turned page by page.

What matches does not depend on what the search is limited to, so that the number beside a limit is the number
of documents that are found when it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from index.catalogue import Catalogue
from index.columns import NO_DAY, Mask
from index.entries import Listing
from index.facets import filter_of
from index.rows import Rows, RowSet
from index.scope import FIELDS, Reader, Scope
from index.searching import Ranked, Search
from index.wording import Wording
from ingest.domain import Source

ORDERS = ("relevance", "newest", "oldest")
_LIMITS = (*FIELDS, "speakers")
COUNTED = tuple(field for field in _LIMITS if field != "sources")  # of which each document has its own
_MOST_OF = 0.75  # of three words or more so many have to stand in a passage, of two both
_ALIKE = 0.55  # cosine: a passage matches by meaning alone
_CLOSE = 0.3  # cosine: below it, a passage that shares no word with the search is not among the best either


@dataclass(frozen=True, slots=True)
class Found:
    """A document that was found: its listing, and the rows of its passages that match, in reading order."""

    listing: Listing
    rows: Rows

    @property
    def source(self) -> Source:
        """The document's description."""
        return self.listing.source


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search matched inside its scope.

    ``documents`` in the order that was asked for. ``counts`` gives for each field of a scope how many
    documents have each value, with that field itself left open; ``opened`` how many there would be with it
    left open. ``ranked`` holds the scores of the best passages inside the scope.
    """

    wording: Wording
    mode: str
    documents: Sequence[Found]
    passages: int
    counts: Mapping[str, Mapping[str, int]]
    opened: Mapping[str, int]
    ranked: Ranked


def find(
    search: Search,
    wording: Wording,
    scope: Scope,
    reader: Reader,
    *,
    mode: str = "hybrid",
    order: str = ORDERS[0],
) -> Finding:
    """Everything that ``wording`` matches for ``reader`` inside ``scope``; all there where it is empty.

    ``order`` is one of ORDERS. Raises UjuziError for an unknown mode.
    """
    whole = scope.is_everything
    ranked = everywhere = search.rank(wording.words, Scope(), reader, mode, wording=wording, again=whole)
    if wording.is_empty:
        matched = search.catalogue.rows_within(Scope(), reader)
    else:
        matched = _matched(search, wording, everywhere, reader, mode)
        if not whole:
            ranked = search.rank(wording.words, scope, reader, mode, wording=wording)
    counting = Counting(search.catalogue, matched, scope, reader)
    return Finding(
        wording,
        mode,
        _documents(search.catalogue, counting.rows, ranked, order),
        len(counting.rows),
        {field: counting.of(field) for field in COUNTED},
        {field: counting.opened(field) for field in _LIMITS if getattr(scope, field)},
        ranked,
    )


class Counting:
    """How many of the documents with ``matched`` rows have which value, inside a scope."""

    def __init__(self, catalogue: Catalogue, matched: Rows, scope: Scope, reader: Reader) -> None:
        self._catalogue = catalogue
        self._matched = catalogue.published(matched)
        self._scope = scope
        self._reader = reader
        self.rows = self._rows_within(scope)
        self._documents = self._documents_of(self.rows)

    def of(self, field: str) -> dict[str, int]:
        """How many documents have each value of ``field``, with that field left open, the most first."""
        if field == "speakers":
            counts = self._of_speakers(self._rows_left_open(field))
        else:
            counts = self._catalogue.columns.column(field).counts(self._documents_left_open(field))
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def opened(self, field: str) -> int:
        """How many documents there are with ``field`` left open."""
        return int(self._documents_left_open(field).sum())

    def _documents_left_open(self, field: str) -> Mask:
        rows = self._rows_left_open(field)
        return self._documents if rows is self.rows else self._documents_of(rows)

    def _rows_left_open(self, field: str) -> Rows:
        if not getattr(self._scope, field):
            return self.rows
        changes: dict[str, object] = {field: ()}
        return self._rows_within(replace(self._scope, **changes))  # type: ignore[arg-type]

    def _rows_within(self, scope: Scope) -> Rows:
        mask = self._catalogue.columns.mask(scope, self._reader.audiences)
        rows = self._matched[mask[self._catalogue.positions_of(self._matched)]]
        if not scope.speakers:
            return rows
        spoken = self._catalogue.columns.speakers.of(scope.speakers)
        return np.intersect1d(rows, spoken, assume_unique=True)

    def _documents_of(self, rows: Rows) -> Mask:
        mask = np.zeros(len(self._catalogue.in_order), dtype=bool)
        mask[self._catalogue.positions_of(rows)] = True
        return mask

    def _of_speakers(self, rows: Rows) -> dict[str, int]:
        """In how many documents each speaker says something of what was found."""
        column = self._catalogue.columns.speakers
        there = np.isin(column.having, rows)
        documents = self._catalogue.positions_of(column.having[there])
        once = np.unique(np.stack([column.values[there], documents]), axis=1)
        return column.named(np.bincount(once[0], minlength=len(column.written)))


def _matched(search: Search, wording: Wording, everywhere: Ranked, reader: Reader, mode: str) -> Rows:
    """The rows that hold most of the words, those alike in meaning, and the best of the ranking."""
    best = ((row, everywhere.fused[row]) for row in everywhere.best)
    rows = [np.array([row for row, one in best if one.words > 0 or one.meaning >= _CLOSE], dtype=np.int64)]
    if mode != "meaning":
        rows.append(_worded(search, wording, reader))
    if everywhere.asked is not None:
        rows.append(_alike(search, wording, everywhere, reader))
    return np.unique(np.concatenate(rows))


def _worded(search: Search, wording: Wording, reader: Reader) -> Rows:
    """The rows that hold most of the words that any passage holds, by one name or another."""
    understood = search.understand(wording.words)
    if not understood.words:
        return _all(search, wording, reader) if wording.required else np.empty(0, dtype=np.int64)
    heard = search.heard(understood, reader)
    groups = [understood.phrases_of(word) for word, passages in heard.items() if passages]
    least = len(groups) if len(groups) < 3 else ceil(_MOST_OF * len(groups))
    within = filter_of(Scope(), reader.audiences)
    within = replace(within, required=wording.required, excluded=wording.excluded)
    return search.derived.words.matching(groups, least, within)


def _all(search: Search, wording: Wording, reader: Reader) -> Rows:
    """The rows of everything that ``wording`` lets be found."""
    selection = search.selected(Scope(), reader, None, wording)
    if selection.everything:
        return search.catalogue.rows_within(Scope(), reader)
    return np.sort(selection.rows.rows)


def _alike(search: Search, wording: Wording, everywhere: Ranked, reader: Reader) -> Rows:
    selection = search.selected(Scope(), reader, None, wording)
    allowed: RowSet | None = None if selection.everything else selection.rows
    assert everywhere.asked is not None
    return search.derived.vectors.above(everywhere.asked.whole, _ALIKE, allowed)


def ranked_within(search: Search, finding: Finding, documents: Sequence[Found], reader: Reader) -> Ranked:
    """The ranking of ``finding`` with scores for all these ``documents``, also those that came too late."""
    fused = finding.ranked.fused
    late = [one.source.id for one in documents if fused.keys().isdisjoint(one.rows.tolist())]
    if not late:
        return finding.ranked
    words = finding.wording.words
    more = search.rank(words, Scope(sources=tuple(late)), reader, finding.mode, wording=finding.wording)
    return replace(finding.ranked, fused={**fused, **more.fused})


def best_rows(document: Found, ranked: Ranked) -> list[int]:
    """The rows of a document that was found, the best first, those without a score behind them."""
    places = {row: place for place, row in enumerate(ranked.fused)}
    return sorted(document.rows.tolist(), key=lambda row: places.get(row, len(places)))


def _documents(catalogue: Catalogue, rows: Rows, ranked: Ranked, order: str) -> list[Found]:
    """The documents that ``rows`` belong to, in order."""
    positions = catalogue.positions_of(rows)
    starts = np.flatnonzero(np.diff(positions, prepend=-1))
    ends = [*starts.tolist(), len(rows)][1:]
    found = [
        Found(catalogue.in_order[position], rows[start:end])
        for position, start, end in zip(positions[starts].tolist(), starts.tolist(), ends, strict=True)
    ]
    days = catalogue.columns.days[positions[starts]]
    if order == "oldest":
        places = np.lexsort((days, days == NO_DAY))
    elif order == "newest":
        places = np.argsort(-days, kind="stable")
    else:
        places = np.lexsort((-days, _best_places(rows, starts, ranked)))
    return [found[place] for place in places.tolist()]


def _best_places(rows: Rows, starts: Rows, ranked: Ranked) -> Rows:
    """The place in the ranking of the best passage of each document; behind all where none has one."""
    of_row = {row: place for place, row in enumerate(ranked.fused)}
    places = np.full(len(rows), len(of_row))
    scored = np.fromiter(of_row, dtype=np.int64, count=len(of_row))
    known = scored[np.isin(scored, rows)]
    places[np.searchsorted(rows, known)] = [of_row[row] for row in known.tolist()]
    return np.minimum.reduceat(places, starts) if len(starts) else places
