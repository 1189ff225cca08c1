"""A webinar: what belongs to one event, or to a recording that no programme announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from index.library import Library
from index.scope import Reader
from ingest.domain import Event, Source
from ingest.errors import NotFound, Withdrawn

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Webinar:
    """One webinar. ``id`` is its event's, or that of its transcript where it has no programme.

    ``transcripts`` hold what was said, an English one first; ``materials`` are its other documents.
    """

    id: str
    event: Event | None
    transcripts: tuple[Source, ...]
    materials: tuple[Source, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.event.title if self.event else self.transcripts[0].title

    @property
    def day(self) -> date | None:
        """The day on which it is, where it begins; None where nothing says so."""
        return self.event.start.date() if self.event else self.transcripts[0].date

    @property
    def illustrative(self) -> bool:
        """Whether it was written for demonstration."""
        return self.event.illustrative if self.event else self.transcripts[0].illustrative

    def is_over(self, now: datetime) -> bool:
        """Whether it has been."""
        return self.event.end <= now if self.event else True


def webinar_id(source: Source) -> str:
    """The webinar that a document belongs to: its event's, or its own, as of a recording without event."""
    return source.event or source.id


def webinar_address(webinar: str) -> str:
    """The page of a webinar."""
    return f"/webinars/{quote(webinar)}"


def moment_address(source: Source, seconds: float, *, play: bool = False) -> str:
    """The page of a webinar at a moment of its transcript ``source``, from which its recording starts to
    ``play`` by itself.

    What stands behind the ? finds the moment without JavaScript, what stands behind the # scrolls to it. The
    transcript is named where it is not called as its webinar, so that the link leads to the same words when
    the webinar gets another one.
    """
    webinar, second = webinar_id(source), int(seconds)
    named = "" if source.id == webinar else f"transcript={quote(source.id, safe='')}&"
    return f"{webinar_address(webinar)}?{named}t={second}{'&play=yes' if play else ''}#t={second}"


def webinars(library: Library, reader: Reader) -> list[Webinar]:
    """All webinars that ``reader`` may see, the latest first; those without a date last."""
    sources = library.sources(reader)
    by_webinar: dict[str, list[Source]] = {}
    for source in sources:
        by_webinar.setdefault(webinar_id(source), []).append(source)
    events = {event.id: event for event in library.events(reader)}
    ids = dict.fromkeys([*events, *(webinar_id(one) for one in sources if one.kind == "transcript")])
    by_id = {source.id: source for source in sources}
    found = [_webinar(one, events.get(one), by_webinar.get(one, []), by_id) for one in ids]
    return sorted(found, key=_latest_first)


def webinar(library: Library, identity: str, reader: Reader) -> Webinar:
    """One webinar. Raises NotFound, or Withdrawn."""
    for one in webinars(library, reader):
        if one.id == identity:
            return one
    _say_if_withdrawn(library, identity, reader)
    raise NotFound("The library has no webinar at this address.")


def transcript_of(library: Library, webinar: Webinar, identity: str, reader: Reader) -> Source | None:
    """The transcript of ``webinar`` that is called so, else its first; None where it has none.

    Raises NotFound where none is called so, or Withdrawn.
    """
    named = (one for one in webinar.transcripts if one.id == identity)
    found = next(named if identity else iter(webinar.transcripts), None)
    if found is None and identity:
        _say_if_withdrawn(library, identity, reader)
        raise NotFound("This webinar has no such transcript.")
    return found


def _latest_first(webinar: Webinar) -> tuple[int, float, str]:
    day = (webinar.day or date.min).toordinal()
    start = webinar.event.start if webinar.event else _EARLIEST
    return -day, -(start - _EARLIEST).total_seconds(), webinar.title.casefold()


def _say_if_withdrawn(library: Library, identity: str, reader: Reader) -> None:
    try:
        library.entry(identity, reader)
    except Withdrawn:
        raise
    except NotFound:
        return


def _webinar(identity: str, event: Event | None, own: Sequence[Source], by_id: dict[str, Source]) -> Webinar:
    transcripts = sorted(
        (one for one in own if one.kind == "transcript"), key=lambda one: (one.language != "en", one.id)
    )
    named = [by_id[one] for one in event.materials if one in by_id] if event else []
    others = [*named, *(one for one in own if one.kind != "transcript" and not one.is_programme)]
    materials = dict.fromkeys(one for one in others if one.kind != "transcript")
    return Webinar(identity, event, tuple(transcripts), tuple(materials))
