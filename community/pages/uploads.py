"""/uploads: files are sent, their progress is followed, their descriptions confirmed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect

from community.errors import Conflict, Invalid, TooMany
from community.pages.rendering import fragment, page
from community.pages.upload_views import (
    KIND_CHOICES,
    LOOKS,
    STAGES,
    THEME_CHOICES,
    accepted,
    batches,
    folder_of,
    grouped,
    size_words,
)
from community.people import Person
from community.uploads.describing import described, typed
from community.uploads.receiving import BadRequest, NoRoom, TooMuch
from community.uploads.uploads import Uploads
from community.uploads.values import Stage, Upload
from community.uploads.wording import alike
from ingest.errors import UjuziError
from web.lists import bytes_of, listed

PersonOf = Callable[[Request], Person]

_STATUS: Mapping[type[UjuziError], int] = {TooMany: 429, TooMuch: 413, NoRoom: 507}
_REFUSALS = (BadRequest, TooMuch, NoRoom, TooMany, Invalid)
_MARKUP = 900  # bytes of one file in the list
_MOST_FIELDS = 40


def upload_pages(uploads: Uploads, person_of: PersonOf) -> APIRouter:
    """The routes below /uploads."""
    router = APIRouter(include_in_schema=False)

    def listing(who: Person, number: int) -> dict[str, object]:
        own = uploads.own(who)
        together = batches(own)
        shown = listed([one for batch in together for one in batch.uploads], number, _size)
        return {
            "batches": grouped(shown.items),
            "whole": {batch.id: batch for batch in together},
            "listed": shown,
            "stuck": uploads.stuck(who),
            "stages": STAGES,
            "looks": LOOKS,
            "size": size_words,
            "folder": folder_of,
            "at_work": any(one.stage.is_at_work for one in own),
        }

    def show(
        who: Person,
        *,
        number: int = 1,
        status: int = 200,
        submission: str = "",
        call: str = "",
        error: str = "",
    ) -> Response:
        sending = {"batch": secrets.token_hex(6), "accept": accepted(who), "limit": uploads.limit}
        named = {"submission": submission, "call": call, "error": error}
        values: dict[str, Any] = {**listing(who, number), **sending, **named}
        return page("uploads.html", status=status, **values)

    @router.get("/uploads")
    def own(request: Request, number: int = 1, submission: str = "", call: str = "") -> Response:
        return show(person_of(request), number=max(number, 1), submission=submission, call=call)

    @router.get("/uploads/list")
    def state(request: Request, number: int = 1) -> Response:
        """The list alone, for a page that brings itself up to date."""
        values = listing(person_of(request), max(number, 1))
        body = {"html": fragment("upload_list.html", **values), "at_work": values["at_work"]}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @router.post("/uploads")
    async def receive(request: Request) -> Response:
        who = await run_in_threadpool(person_of, request)
        asks_for_data = "application/json" in request.headers.get("accept", "")
        try:
            received = await _received(uploads, who, request)
        except ClientDisconnect:
            return Response(status_code=400)  # there is nobody to read it
        except _REFUSALS as error:
            await _drain(request, uploads.limit)
            status = _STATUS.get(type(error), 400)
            if asks_for_data:
                return JSONResponse({"message": str(error)}, status)
            return await run_in_threadpool(show, who, status=status, error=str(error))
        if asks_for_data:
            return JSONResponse({"files": [{"id": one.id, "reason": one.reason} for one in received]})
        return RedirectResponse("/uploads", 303)

    def confirming(
        upload: Upload,
        form: Mapping[str, str | Sequence[str]] | None = None,
        errors: Mapping[str, str] | None = None,
        conflict: str = "",
    ) -> Response:
        assert upload.suggestion is not None
        known = [like for like in upload.likenesses if like.is_known]
        return page(
            "upload.html",
            status=409 if conflict else 400 if errors else 200,
            upload=upload,
            form={"decision": "", **typed(upload.suggestion.source), **(form or {})},
            reasons=upload.suggestion.reasons,
            errors=errors or {},
            conflict=conflict,
            likenesses=known,
            alike=alike,
            kinds=KIND_CHOICES,
            themes=THEME_CHOICES,
            size=size_words,
            folder=folder_of(upload),
        )

    @router.get("/uploads/{upload_id}")
    def one(request: Request, upload_id: str) -> Response:
        who = person_of(request)
        upload = uploads.get(who, upload_id)
        if upload.stage is not Stage.WAITING:
            return RedirectResponse("/uploads", 303)
        return confirming(upload)

    @router.post("/uploads/{upload_id}")
    async def confirm(request: Request, upload_id: str) -> Response:
        form = _read(await request.form(max_fields=_MOST_FIELDS, max_files=0))
        return await run_in_threadpool(confirmed, request, upload_id, form)

    def confirmed(request: Request, upload_id: str, form: Mapping[str, str | Sequence[str]]) -> Response:
        who = person_of(request)
        upload = uploads.get(who, upload_id)
        decision = str(form["decision"])
        if decision == "cancel":
            uploads.cancel(who, upload_id)
            return RedirectResponse("/uploads", 303)
        if upload.suggestion is None:
            raise Conflict("This file has not been read yet.")
        try:
            uploads.confirm(who, upload_id, described(form, upload.suggestion.source), decision)
        except Invalid as error:
            return confirming(upload, form, error.fields)
        return RedirectResponse(_next(uploads.own(who), upload), 303)

    @router.post("/uploads/{upload_id}/cancel")
    def cancel(request: Request, upload_id: str) -> Response:
        uploads.cancel(person_of(request), upload_id)
        return RedirectResponse("/uploads", 303)

    @router.post("/uploads/together/{batch}/cancel")
    def cancel_batch(request: Request, batch: str) -> Response:
        uploads.cancel_batch(person_of(request), batch)
        return RedirectResponse("/uploads", 303)

    return router


async def _received(uploads: Uploads, who: Person, request: Request) -> list[Upload]:
    """The files of a request, written as they come, whatever the disk's speed without holding up others."""
    content_type = request.headers.get("content-type", "")
    with await run_in_threadpool(uploads.receiving, who, content_type) as receiving:
        async for chunk in request.stream():
            await run_in_threadpool(receiving.feed, chunk)
        return await run_in_threadpool(uploads.receive, who, receiving)


async def _drain(request: Request, most: int) -> None:
    """Throw away what is still coming, within reason: a browser that is cut off shows no word of ours."""
    with suppress(ClientDisconnect, RuntimeError):  # gone, or all of it has been read
        async for chunk in request.stream():
            most -= len(chunk)
            if most < 0:
                return


def _read(form: FormData) -> dict[str, str | Sequence[str]]:
    """The fields as text; a tick that is not set is no theme."""
    fields = {name: str(value) for name, value in form.items() if name != "themes"}
    return {"decision": "", **fields, "themes": [str(value) for value in form.getlist("themes")]}


def _next(own: Sequence[Upload], upload: Upload) -> str:
    """The next file of the same batch that waits, else the list."""
    waiting = (one.id for one in own if one.batch == upload.batch and one.stage is Stage.WAITING)
    following = next((one for one in waiting if one != upload.id), "")
    return f"/uploads/{following}" if following else "/uploads"


def _size(upload: Upload) -> int:
    notes = sum(bytes_of(note) for note in upload.notes)
    return _MARKUP + 2 * bytes_of(upload.path) + bytes_of(upload.reason) + notes
