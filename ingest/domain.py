"""The words of the library: what a document is, and where in it a passage stands.

Everything here is a frozen value without input or output. A :class:`Span` counts Unicode code points of
``Version.text``; the place of anything that is quoted follows from its span through :meth:`PlaceMap.place`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

KINDS = ("concept_note", "good_practice", "transcript", "slides", "report", "guideline", "other")

TIERS = ("checked", "peer reviewed")  # how closely a document was reviewed, the closest last
NOT_REVIEWED = "not reviewed"  # the tier of every other, in words; it is kept as ""
AUDIENCES = ("public", "members", "staff")  # who may read a version

HEADING_MARK = " > "  # between the title and the headings of a passage's context

THEMES = (
    # the four components of a skills partnership
    "skills matching",
    "recognition and portability",
    "training and support",
    "return and reintegration",
    # the steps of building one
    "stakeholders",
    "needs",
    "action plan",
    "funding",
    "monitoring",
)


class Span(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in or answers for a source, with the role in which they do."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the library, described. Its words are in its :class:`Version`."""

    id: str
    title: str
    kind: str = "other"
    language: str = "en"
    date: date | None = None
    countries: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    event: str | None = None
    people: tuple[Person, ...] = ()
    licence: str = ""
    link: str = ""
    illustrative: bool = False
    tier: str = ""  # one of TIERS; empty where nobody reviewed it
    part_of: str | None = None  # the id of the source that it is attached to

    @property
    def review(self) -> str:
        """Its tier in a word: one of TIERS, or NOT_REVIEWED."""
        return self.tier or NOT_REVIEWED

    @property
    def is_programme(self) -> bool:
        """Whether it is the programme of its event."""
        return self.kind == "other" and self.id == f"event-{self.event}"


@dataclass(frozen=True, slots=True)
class Session:
    """One item of an event's programme. ``minutes`` is None where the programme gives no length."""

    title: str
    minutes: int | None = None
    topics: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One webinar: when it is, who runs it, and what its programme holds."""

    id: str
    title: str
    start: datetime
    end: datetime
    time_zone: str
    summary: str = ""
    organisers: tuple[str, ...] = ()
    registration: str = ""
    recording: str = ""
    notes: str = ""
    sessions: tuple[Session, ...] = ()
    materials: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """What one speaker said between two moments (seconds). None where the file does not say: who, or when."""

    span: Span
    start: float | None
    end: float | None
    speaker: str | None = None


class Mark(NamedTuple):
    """Where something begins: a heading (``level`` 1 to 6) or a slide's title (``level`` 0)."""

    offset: int
    label: str
    level: int


class Note(NamedTuple):
    """The source that a document itself gives for the words that end at ``offset``."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands, in the terms of its own medium. ``str(place)`` is what a reader sees."""

    pages: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None
    speakers: tuple[str, ...] = ()
    slide: int | None = None
    heading: str | None = None

    @property
    def speaker(self) -> str | None:
        """The speakers as one string, or None where the file names nobody."""
        return ", ".join(self.speakers) or None

    def __str__(self) -> str:
        if self.seconds is not None:
            start, end = self.seconds
            return ", ".join([f"{clock(start)}-{clock(end)}", *self.speakers])
        if self.pages is not None:
            first, last = self.pages
            return f"p. {first}" if first == last else f"pp. {first}-{last}"
        if self.slide is not None:
            return f"slide {self.slide}"
        return self.speaker or self.heading or ""


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The offsets at which pages, slides, headings, cues and notes of a text begin, in rising order."""

    pages: tuple[int, ...] = ()
    slides: tuple[int, ...] = ()
    headings: tuple[Mark, ...] = ()
    cues: tuple[Cue, ...] = ()
    notes: tuple[Note, ...] = ()

    def place(self, span: Span) -> Place:
        """The place of ``span``: its page range, its moments and speakers, its slide, its heading."""
        cues = self.cues_in(span)
        return Place(
            pages=self._pages(span),
            seconds=_seconds(cues),
            speakers=tuple(dict.fromkeys(cue.speaker for cue in cues if cue.speaker)),
            slide=_ordinal(self.slides, span.start),
            heading=self.heading(span.start),
        )

    def cues_in(self, span: Span) -> Sequence[Cue]:
        """The cues that share at least one character with ``span``."""
        first = bisect_right(self.cues, span.start, key=lambda cue: cue.span.end)
        last = bisect_right(self.cues, max(span.end - 1, span.start), key=lambda cue: cue.span.start)
        return self.cues[first:last]

    def heading(self, offset: int) -> str | None:
        """The innermost heading that ``offset`` stands under."""
        number = _ordinal([mark.offset for mark in self.headings], offset)
        return self.headings[number - 1].label if number else None

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """The headings that ``offset`` stands under, outermost first."""
        path: list[Mark] = []
        for mark in self.headings:
            if mark.offset > offset:
                break
            path = [above for above in path if above.level < mark.level] + [mark]
        return tuple(mark.label for mark in path)

    def slide_span(self, number: int, length: int) -> Span:
        """Where slide ``number`` (from 1), else page, of a text of ``length`` stands."""
        begins = self.slides or self.pages
        return Span(begins[number - 1], begins[number] if number < len(begins) else length)

    def notes_in(self, span: Span) -> tuple[str, ...]:
        """The sources that the document itself gives for the words of ``span``."""
        first = bisect_right(self.notes, span.start, key=lambda note: note.offset)
        last = bisect_right(self.notes, span.end, key=lambda note: note.offset)
        return tuple(dict.fromkeys(note.text for note in self.notes[first:last]))

    def _pages(self, span: Span) -> tuple[int, int] | None:
        first = _ordinal(self.pages, span.start)
        last = _ordinal(self.pages, max(span.end - 1, span.start))
        return (first, last) if first and last else None


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document's words. ``digest`` is the SHA-256 of the original's bytes."""

    source_id: str
    number: int
    text: str
    digest: str
    places: PlaceMap = field(default_factory=PlaceMap)

    def place(self, span: Span) -> Place:
        """Where ``span`` of this text stands."""
        return self.places.place(span)

    def quote(self, span: Span) -> str:
        """The very words of ``span``."""
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is searched. ``context`` (title and headings) is read with it but is not quoted."""

    source_id: str
    version: int
    number: int
    text: str
    span: Span
    context: str = ""

    @property
    def id(self) -> str:
        """The passage's address: source, version and number."""
        return f"{self.source_id}@{self.version}:{self.number}"


def clock(seconds: float) -> str:
    """Seconds as a reader writes them: ``12:30``, and ``1:02:30`` from an hour on."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes:02d}:{whole % 60:02d}"


def _seconds(cues: Sequence[Cue]) -> tuple[float, float] | None:
    """From the first moment that ``cues`` give to the last; None where they give none."""
    moments = [moment for cue in cues for moment in (cue.start, cue.end) if moment is not None]
    return (min(moments), max(moments)) if moments else None


def _ordinal(offsets: Sequence[int], offset: int) -> int | None:
    """The number, from 1, of the last of ``offsets`` at or before ``offset``."""
    return bisect_right(offsets, offset) or None
