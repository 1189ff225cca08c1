"""The events of the library and their recordings: which there are, and who may see and hear them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from index.catalogue import Catalogue
from index.entries import DRAFT, PUBLISHED, WITHDRAWN, Entry
from index.indexing import Indexing
from index.recordings import Recordings, may_play, must_be_webinar, transcribed
from index.scope import Reader
from index.store import Store
from ingest.domain import Event


class Told(NamedTuple):
    """The webinars that some versions tell of, by id: the programme, and the transcript."""

    announced: set[str]
    spoken: set[str]


class Webinars:
    """What the versions of one library tell of webinars."""

    def __init__(self, store: Store, indexing: Indexing, recordings: Recordings) -> None:
        self._store = store
        self._indexing = indexing
        self._recordings = recordings
        # what was asked over one catalogue holds until there is another
        self._programmes_over = lru_cache(maxsize=1)(self._find_programmes)
        self._events_over = lru_cache(maxsize=2)(self._find_events)

    def events(self, reader: Reader) -> list[Event]:
        """As :meth:`Library.events`."""
        return list(self._events_over(self._indexing.catalogue, reader.audiences))

    def recording(self, webinar_id: str, reader: Reader) -> Path | None:
        """As :meth:`Library.recording`."""
        path = self._recordings.path(webinar_id)
        if path is None:
            return None
        catalogue = self._indexing.catalogue
        told = self._programmes_over(catalogue)
        if "staff" in reader.audiences:  # who hear what is announced by a draft, too
            told = [*told, *self._store.events().items()]
        programmes = {row for row, event in told if event.id == webinar_id}
        entries = [catalogue[row].entry for row in programmes if row in catalogue]
        entries += [listing.entry for listing in catalogue.of_webinar(webinar_id)]
        entries += self._store.entries(states={DRAFT, WITHDRAWN})
        return path if may_play(webinar_id, entries, programmes, reader) else None

    def attach(self, webinar_id: str, file: Path) -> Path:
        """As :meth:`Library.attach_recording`."""

        def must_be_known() -> None:
            entries = self._store.entries(states={DRAFT, PUBLISHED, WITHDRAWN})
            must_be_webinar(webinar_id, self._announced(entries), [entry.source for entry in entries])

        return self._recordings.attach(webinar_id, file, must_be_known)

    def told_by(self, entries: Collection[Entry]) -> Told:
        """The webinars that these versions tell of."""
        return Told(self._announced(entries), transcribed(entry.source for entry in entries))

    def let_go(self, told: Told) -> None:
        """Delete the recordings of those of which no version has the programme, or none the transcript, any
        more.
        """
        if not any(told):
            return
        left = self.told_by(self._store.entries())
        for webinar_id in (told.announced - left.announced) | (told.spoken - left.spoken):
            self._recordings.detach(webinar_id)

    def _announced(self, entries: Collection[Entry]) -> set[str]:
        """The ids of the events whose programmes stand in these versions."""
        events = self._store.events()
        return {events[entry.id].id for entry in entries if entry.id in events}

    def _find_programmes(self, catalogue: Catalogue) -> Sequence[tuple[int, Event]]:
        """The published events, each with the row of the version that holds its programme."""
        return [(row, event) for row, event in self._store.events().items() if row in catalogue]

    def _find_events(self, catalogue: Catalogue, audiences: frozenset[str]) -> Sequence[Event]:
        stored = [(catalogue[row], event) for row, event in self._programmes_over(catalogue)]
        told = [(one.source.is_programme, event) for one, event in stored if one.entry.audience in audiences]
        told.sort(key=itemgetter(0), reverse=True)  # stable: then the document that was added first
        once: dict[str, Event] = {}
        for _, event in told:
            once.setdefault(event.id, event)
        return tuple(sorted(once.values(), key=lambda event: event.start, reverse=True))
