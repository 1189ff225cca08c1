"""The routes of the webinars' pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.pages.clocks import ZONES, known_zone, when
from bot.pages.rendering import page
from bot.pages.webinar_at import At, asked_for, number
from bot.pages.webinars import Shows
from bot.webinars.recorded import Recordings
from bot.webinars.webinar import Webinar, transcript_of, webinar, webinar_address, webinars
from index.library import Library
from index.scope import Reader
from ingest.domain import Session
from web.lists import Listed, bytes_of, listed

Now = Callable[[], datetime]

_MARKED_UP = 80  # bytes of a webinar in the list beside its title and address, more than other items take


def webinar_pages(
    library: Library, reader_of: Callable[[Request], Reader], now: Now = partial(datetime.now, UTC)
) -> APIRouter:
    """The pages of the webinars of ``library``, each as far as ``reader_of`` its request may see it.

    ``now`` tells the time, and so what is over and what is to come. What else is at addresses below that of a
    webinar has to be declared before these pages: an id may hold slashes.
    """
    shown = _Webinars(library, reader_of, now)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/webinars", shown.series, methods=["GET", "HEAD"])
    router.add_api_route("/webinars/{webinar_id:path}", shown.one, methods=["GET", "HEAD"])
    return router


class _Webinars:
    def __init__(self, library: Library, reader_of: Callable[[Request], Reader], now: Now) -> None:
        self._library = library
        self._reader_of = reader_of
        self._recordings = Recordings(library)
        self._now = now

    def series(self, request: Request) -> Response:
        """All webinars: those to come, the next first, then those that were."""
        reader, now = self._reader_of(request), self._now()
        zone = known_zone(request.query_params.get("zone", ""))
        every = webinars(self._library, reader)
        coming = [one for one in reversed(every) if not one.is_over(now)]
        past = [one for one in every if one.is_over(now)]
        shown = listed([*coming, *past], number(request.query_params.get("page", "")) or 1, _size)
        return page(
            "webinars.html",
            shown=shown,
            coming=[one for one in shown.items if not one.is_over(now)],
            past=[one for one in shown.items if one.is_over(now)],
            zone=zone,
            zones=ZONES,
            when=partial(when, zone=zone),
            address=webinar_address,
            has_recording=lambda one: self._library.recording(one.id, reader) is not None,
        )

    def one(self, request: Request, webinar_id: str) -> Response:
        """One webinar: what was said, or what is to come."""
        reader = self._reader_of(request)
        found = webinar(self._library, webinar_id, reader)
        at = asked_for(webinar_id, request.query_params)
        source = transcript_of(self._library, found, at.transcript, reader)
        at = replace(at, transcript="" if source is None or source.id == webinar_id else source.id)
        shows = Shows(self._recordings.of(found, source, reader), at) if source else None
        view = at.view or ("transcript" if shows and (shows.parts or not found.event) else "programme")
        return page(
            "webinar.html",
            languages=("en", source.language) if source else ("en",),
            webinar=found,
            at=at,
            view=view,
            shows=shows,
            found=shows.found(self._library, reader) if shows and view == "search" else [],
            sessions=_programme(found, at),
            documents=listed(found.materials, at.page, lambda one: bytes_of(one.title)),
            when=when(found.event, at.zone) if found.event else None,
            recording=self._library.recording(found.id, reader),
            is_over=found.is_over(self._now()),
            site=str(request.base_url),
        )


def _size(webinar: Webinar) -> int:
    return bytes_of(webinar.title) + len(webinar_address(webinar.id)) + _MARKED_UP


def _programme(found: Webinar, at: At) -> Listed[Session]:
    return listed(found.event.sessions if found.event else (), at.page, lambda one: bytes_of(repr(one)))
