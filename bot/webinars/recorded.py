"""A recorded webinar looked into: its chapters, speakers, questions and slides, worked out once a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from bot.webinars.alignment import Shown, align
from bot.webinars.chapters import Chapter, chapters, programme_chapters
from bot.webinars.questions import Question, questions
from bot.webinars.talk import Share, talk_time
from bot.webinars.transcript import Transcript, transcript
from bot.webinars.webinar import Webinar
from index.encoded import Vectors
from index.entries import Entry
from index.library import Library
from index.scope import Reader
from ingest.domain import Event, Source, Version

_KEPT = 64  # recordings that are remembered as they were looked into
_LEAST_SESSIONS = 2  # a programme of one session divides nothing


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides of a webinar, and when each of them is spoken of."""

    source: Source
    version: Version
    shown: tuple[Shown, ...]

    def title(self, slide: int) -> str:
        """What stands at the top of a slide; empty where nothing does."""
        span = self.version.places.slide_span(slide, len(self.version.text))
        inside = (mark.label for mark in self.version.places.headings if span.start <= mark.offset < span.end)
        return next(inside, "")


class _Found(NamedTuple):
    chapters: tuple[Chapter, ...]
    questions: tuple[Question, ...]
    decks: tuple[Deck, ...]


class Recorded:
    """What the transcript of a webinar holds. Versions never change, so that what was found can be kept."""

    def __init__(self, library: Library, entry: Entry, event: Event | None, decks: Sequence[Entry]) -> None:
        self.entry = entry
        self.version = library.words_of(entry)
        self._library = library
        self._sessions = event.sessions if event else ()
        self._decks = tuple(decks)

    @cached_property
    def length(self) -> float:
        """Seconds to the end of the last words; 0 where the file gives no times."""
        return max((cue.end for cue in self.version.places.cues if cue.end is not None), default=0.0)

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Who speaks for how long."""
        return talk_time(self.version)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The sessions of its programme as they were held, else chapters found in what is said."""
        return self._found.chapters

    @property
    def questions(self) -> tuple[Question, ...]:
        """What was asked, and where it was answered."""
        return self._found.questions

    @property
    def decks(self) -> tuple[Deck, ...]:
        """Its slides, with when they are spoken of."""
        return self._found.decks if self._decks else ()

    @cached_property
    def _found(self) -> _Found:
        """All that the sentences tell. Their vectors are not kept: they are larger than all else together."""
        stored = self._library.sentence_vectors(self.entry)
        talk = transcript(self.version, self.entry.source.language, stored, self._library.model)
        decks = tuple(self._deck(one, talk) for one in self._decks)
        return _Found(self._chapters(talk), questions(talk), decks)

    def _chapters(self, talk: Transcript) -> tuple[Chapter, ...]:
        held = len(self._sessions) >= _LEAST_SESSIONS
        of_programme = programme_chapters(talk, self._sessions, self._encode) if held else ()
        return of_programme or chapters(talk)

    def _deck(self, entry: Entry, talk: Transcript) -> Deck:
        words = self._library.words_of(entry)
        return Deck(entry.source, words, align(talk, words, self._library.sentence_vectors(entry)))

    def _encode(self, texts: Sequence[str]) -> Vectors:
        return np.stack([encoded.whole for encoded in self._library.embedder.encode_passages(texts)])


class Recordings:
    """The recorded webinars of a library, the latest that were asked for kept in memory."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._recorded = lru_cache(maxsize=_KEPT)(self._look_into)

    def of(self, webinar: Webinar, source: Source, reader: Reader) -> Recorded:
        """What the transcript ``source`` of ``webinar`` holds. Raises NotFound."""
        entry = self._library.entry(source.id, reader)
        decks = [self._library.entry(one.id, reader) for one in webinar.materials if one.kind == "slides"]
        return self._recorded(entry, webinar.event, tuple(decks))

    def _look_into(self, entry: Entry, event: Event | None, decks: tuple[Entry, ...]) -> Recorded:
        return Recorded(self._library, entry, event, decks)
