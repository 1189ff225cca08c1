"""What an address of a webinar's page asks for, and the addresses that ask for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from bot.pages.clocks import known_zone
from bot.webinars.webinar import webinar_address
from web.addresses import query_string

VIEWS = ("transcript", "programme", "speakers", "questions", "documents", "search")
LONGEST_SEARCH = 200  # characters
_LONGEST_NAME = 200  # characters of a speaker or a transcript
_LARGEST = 8  # digits of a number in an address


@dataclass(frozen=True, slots=True)
class At:
    """What an address of a webinar's page asks for.

    ``second`` is a moment of the recording; ``part`` counts from 1, as does ``page``; ``play``: the recording
    starts by itself. ``transcript`` is empty for the one that is called as its webinar.
    """

    webinar: str
    view: str = ""
    second: int | None = None
    part: int | None = None
    page: int = 1
    words: str = ""
    speaker: str = ""
    transcript: str = ""
    zone: str = ""
    play: bool = False

    @property
    def address(self) -> str:
        """The address that asks for exactly this."""
        fields = [
            ("view", self.view), ("q", self.words), ("speaker", self.speaker),
            ("transcript", self.transcript), ("zone", self.zone),
            ("part", str(self.part) if self.part else ""), ("page", str(self.page) if self.page > 1 else ""),
            ("t", "" if self.second is None else str(self.second)), ("play", "yes" if self.play else ""),
        ]  # fmt: skip
        query = query_string((name, value) for name, value in fields if value)
        anchor = "" if self.second is None else f"#t={self.second}"
        return webinar_address(self.webinar) + (f"?{query}" if query else "") + anchor

    def showing(self, view: str) -> str:
        """The address of another view of the same webinar."""
        shown = "" if view == VIEWS[0] else view
        return At(self.webinar, shown, transcript=self.transcript, zone=self.zone).address

    def of(self, transcript: str) -> str:
        """The address of another transcript of the same webinar."""
        return At(self.webinar, transcript=transcript, zone=self.zone).address

    def moment(self, seconds: float) -> str:
        """The address of a moment in the transcript: a link that stays."""
        return At(self.webinar, second=int(seconds), transcript=self.transcript).address

    def turned_to(self, page: int) -> str:
        """The address of another page of the same list."""
        return replace(self, page=page, second=None, play=False).address

    def reading(self, part: int) -> str:
        """The address of another part of the transcript."""
        return At(self.webinar, part=part, transcript=self.transcript, zone=self.zone).address

    def saying(self, speaker: str) -> str:
        """The address of what one speaker says."""
        shown = At(self.webinar, "speakers", speaker=speaker, transcript=self.transcript, zone=self.zone)
        return shown.address


def asked_for(webinar: str, query: QueryParams) -> At:
    """What an address asks for; whatever cannot be understood counts as absent."""
    view = query.get("view", "")
    words = " ".join(query.get("q", "").split())[:LONGEST_SEARCH].strip()
    second = number(query.get("t", ""))
    return At(
        webinar,
        view="search" if words else view if view in VIEWS and view != "search" else "",
        second=second,
        part=number(query.get("part", "")) or None,
        page=number(query.get("page", "")) or 1,
        words=words,
        speaker=query.get("speaker", "")[:_LONGEST_NAME],
        transcript=query.get("transcript", "")[:_LONGEST_NAME],
        zone=known_zone(query.get("zone", "")),
        play="play" in query and second is not None,
    )


def number(text: str) -> int | None:
    """A whole number in an address; None for what is none, or too large to mean anything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LARGEST else None
