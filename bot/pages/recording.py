"""What a webinar has besides its page: its recording, to be played from any moment, and a calendar entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from bot.webinars.calendar import calendar_file
from index.library import Library
from index.recordings import media_type
from index.scope import Reader
from ingest.errors import NotFound
from web.rendering import secured

_KEEP = {"Cache-Control": "private, no-cache"}  # who may hear it is asked each time


def recording_pages(library: Library, reader_of: Callable[[Request], Reader]) -> APIRouter:
    """The recordings and calendar entries of ``library``, as far as ``reader_of`` a request may have them."""
    router = APIRouter(prefix="/webinars/{webinar_id}", include_in_schema=False)

    @router.api_route("/recording", methods=["GET", "HEAD"])
    def recording(request: Request, webinar_id: str) -> Response:
        path = library.recording(webinar_id, reader_of(request))
        if path is None:
            raise NotFound("This webinar has no recording here.")
        response = FileResponse(
            path,
            filename=path.name,
            media_type=media_type(path),
            content_disposition_type="inline",
            stat_result=path.stat(),
            headers=_KEEP,
        )
        tag = response.headers["etag"]
        if request.headers.get("if-none-match") == tag:
            return secured(Response(status_code=304, headers={**_KEEP, "ETag": tag}))
        return secured(response)

    @router.api_route("/event.ics", methods=["GET", "HEAD"])
    def calendar(request: Request, webinar_id: str) -> Response:
        seen = library.events(reader_of(request))
        event = next((event for event in seen if event.id == webinar_id), None)
        if event is None:
            raise NotFound("The library has no programme of this webinar.")
        address = f"{request.base_url}webinars/{quote(event.id)}"
        headers = {**_KEEP, "Content-Disposition": f'inline; filename="{quote(event.id)}.ics"'}
        content = calendar_file(event, address, datetime.now(UTC))
        return secured(Response(content, media_type="text/calendar; charset=utf-8", headers=headers))

    return router
