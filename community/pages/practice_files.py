"""Files beside the form: attachments, a filled Word form, documents from which words are taken."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import ClientDisconnect

from community.errors import Invalid
from community.pages.practice_views import proposed_fields
from community.pages.practices import download
from community.pages.rendering import page
from community.pages.upload_views import ACCEPT, size_words
from community.pages.visiting import PersonOf
from community.people import Person
from community.practices.beside import MOST_FILES, Take
from community.practices.practices import Practices
from community.practices.refused import NoRoom
from community.submissions import Submissions
from community.uploads.receiving import BadRequest, TooMuch
from community.uploads.receiving import NoRoom as NoRoomToReceive
from ingest.errors import FileRejected, NotFound

_REFUSED = (FileRejected, Invalid, BadRequest, TooMuch, NoRoom, NoRoomToReceive)
_TICKED = Annotated[list[str], Form()]


def practice_file_pages(practices: Practices, submissions: Submissions, person_of: PersonOf) -> APIRouter:
    """The pages below /contributions/ID/form/files and /contributions/ID/form/words."""
    router = APIRouter(include_in_schema=False)
    form = "/contributions/{submission_id}/form"
    beside = practices.files

    def files(who: Person, submission_id: str, refused: tuple[str, ...] = (), status: int = 200) -> Response:
        values: dict[str, Any] = {
            "materials": beside.materials(who, submission_id),
            "files": beside.attachments(who, submission_id),
            "most": MOST_FILES,
            "limit": beside.most_bytes,
            "accept": ACCEPT,
            "size": size_words,
            "refused": refused,
        }
        return page("practice_files.html", status=status, one=submissions.get(who, submission_id), **values)

    async def take(request: Request, submission_id: str, act: Take) -> Response | None:
        """Hand each file of the request to ``act``; the page that says what was refused, if anything was."""
        who = await run_in_threadpool(person_of, request)
        stream = request.stream()
        content_type = request.headers.get("content-type", "")
        try:
            opened = await run_in_threadpool(beside.receiving, who, submission_id, content_type)
            with opened as receiving:
                async for chunk in stream:
                    await run_in_threadpool(receiving.feed, chunk)
                refused = await run_in_threadpool(beside.received, who, submission_id, receiving, act)
        except ClientDisconnect:
            return Response(status_code=400)  # there is nobody to read it
        except _REFUSED as error:
            with suppress(ClientDisconnect):  # a browser that is cut off shows no word of ours
                async for _ in stream:
                    pass
            refused = (error,)
        if not refused:
            return None
        status = 507 if any(isinstance(one, (NoRoom, NoRoomToReceive)) for one in refused) else 400
        told = tuple(map(str, refused))
        return await run_in_threadpool(files, who, submission_id, told, status)

    @router.get(form + "/files")
    def show(request: Request, submission_id: str) -> Response:
        return files(person_of(request), submission_id)

    @router.post(form + "/files")
    async def attach(request: Request, submission_id: str) -> Response:
        refused = await take(request, submission_id, beside.attach)
        return refused or _to(submission_id, "/files")

    @router.post(form + "/files/{file_id}/detach")
    def detach(request: Request, submission_id: str, file_id: str) -> Response:
        beside.detach(person_of(request), submission_id, file_id)
        return _to(submission_id, "/files")

    @router.get(form + "/files/{file_id}")
    def fetch(request: Request, submission_id: str, file_id: str) -> Response:
        file, content = beside.download(person_of(request), submission_id, file_id)
        return download(content, file.download_name, file.content_type)

    @router.post(form + "/word")
    async def word(request: Request, submission_id: str) -> Response:
        refused = await take(request, submission_id, practices.lay_over)
        return refused or _to(submission_id, "?saved=1#saved")

    @router.post(form + "/words")
    async def material(request: Request, submission_id: str) -> Response:
        refused = await take(request, submission_id, beside.add_material)
        if refused:
            return refused
        return await run_in_threadpool(newest, request, submission_id)

    def newest(request: Request, submission_id: str) -> Response:
        *_, last = beside.materials(person_of(request), submission_id)
        return _to(submission_id, f"/words?{urlencode({'document': last.id})}")

    @router.get(form + "/words")
    def words(
        request: Request, submission_id: str, document: Annotated[str, Query()] = "", source: str = ""
    ) -> Response:
        who = person_of(request)
        one = submissions.get(who, submission_id)
        # somebody pastes the address of a document of the library
        chosen = document or f"library:{source.strip().partition('?')[0].rpartition('/')[2]}"
        try:
            material, proposed = practices.proposals(who, submission_id, chosen)
        except NotFound as error:
            return files(who, submission_id, (str(error),), 404)
        fields = proposed_fields(proposed)
        draft = practices.practice(who, submission_id)
        return page(
            "practice_words.html",
            one=one,
            draft=draft,
            fields=fields,
            document=chosen,
            material=material,
            found=sum(bool(own) for _, own in fields),
        )

    @router.post(form + "/words/use")
    def use(
        request: Request,
        submission_id: str,
        document: Annotated[str, Form()],
        words: _TICKED = [],  # noqa: B006 - FastAPI copies it
        all_first: Annotated[str, Form()] = "",
    ) -> Response:
        who = person_of(request)
        before = practices.practice(who, submission_id).prefilled
        draft = practices.use(who, submission_id, document, words, all_first=bool(all_first))
        first = next((f"{one.field}-field" for one in draft.prefilled if one not in before), "saved")
        return _to(submission_id, f"?saved=1#{first}")

    return router


def _to(submission_id: str, where: str) -> Response:
    return RedirectResponse(f"/contributions/{submission_id}/form{where}", 303)
