"""/contributions/ID/form: a good practice is written, saved as one types, looked at and handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response

from community.errors import Conflict, Invalid, NotAllowed
from community.pages.practice_views import blocks, by_field, differing, remarks, sections, word_count
from community.pages.rendering import page
from community.pages.visiting import PersonOf
from community.people import Person
from community.practices.drafts import Draft
from community.practices.fields import FIELDS, Practice, practice_of, problems
from community.practices.practices import Practices
from community.practices.refused import Changed, NoRoom
from community.practices.template import CRITERIA
from community.practices.word_template import word_file
from community.submissions import Act, State, Submission, Submissions
from community.submissions.wording import ago
from ingest.errors import NotFound, UjuziError
from web.rendering import secured

CallTitle = Callable[[str], str]  # the title of a call by its id; empty where there is none
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIGNED_OUT = (
    "You have been signed out. Sign in in another tab; your text is still here, and is saved when you come "
    "back to it."
)
_NEXT = {"files": "/files", "preview": "/preview"}  # buttons that save and go on to another page
_STATUS: Mapping[type[UjuziError], int] = {
    Changed: 409,
    Conflict: 409,
    NotAllowed: 403,
    NotFound: 404,
    NoRoom: 507,
    Invalid: 400,
}


def practice_pages(
    practices: Practices, submissions: Submissions, person_of: PersonOf, call_title: CallTitle
) -> APIRouter:
    """The pages of the form itself; those of its files are in ``practice_files``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/contribute/good-practice.docx")
    def template() -> Response:
        return download(word_file(), "good-practice.docx", WORD)

    @router.get("/contributions/{submission_id}/form")
    def form(request: Request, submission_id: str, saved: str = "") -> Response:
        who = person_of(request)
        submission = submissions.get(who, submission_id)
        draft = practices.practice(who, submission_id)
        if Act.EDIT in submissions.acts(who, submission_id):
            return show(who, submission, draft, is_saved=bool(saved))
        return page(
            "practice_read.html",
            one=submission,
            draft=draft,
            sections=sections(draft.practice),
            files=practices.files.attachments(who, submission_id),
            taken=by_field(draft.prefilled),
        )

    @router.post("/contributions/{submission_id}/form")
    async def write(request: Request, submission_id: str) -> Response:
        typed = await request.form()
        values = {name: [str(value) for value in typed.getlist(name)] for name in FIELDS}
        revision, button = str(typed.get("revision", "")), str(typed.get("do", "save"))
        act = saved if "application/json" in request.headers.get("accept", "") else written
        who = await run_in_threadpool(person_of, request)
        practice = await run_in_threadpool(practice_of, values)  # of megabytes it takes a second
        return await run_in_threadpool(act, who, submission_id, practice, _number(revision), button)

    def saved(who: Person, submission_id: str, typed: Practice, revision: int, _button: str) -> Response:
        """For the page's script, which saves while somebody types: what to show, as data."""
        try:
            _must_be_signed_in(who)
            draft = practices.save(who, submission_id, typed, revision)
        except SignedOut as error:
            return _told(401, str(error))
        except Changed as changed:
            return _told(409, str(changed), revision=changed.stored.revision)
        except (Conflict, NotAllowed, NotFound, NoRoom, Invalid) as error:
            return _told(_STATUS.get(type(error), 400), str(error))
        wrong = problems(draft.practice, for_submission=False)
        return JSONResponse({"revision": draft.revision, "problems": wrong, "words": word_count(typed)})

    def written(who: Person, submission_id: str, typed: Practice, revision: int, button: str) -> Response:
        """For a browser: the next page, or the same with what was typed and what is wrong."""
        here = f"/contributions/{submission_id}"
        try:
            _must_be_signed_in(who)
            practices.save(who, submission_id, typed, revision)
            if button == "submit":
                practices.submit(who, submission_id)
                return RedirectResponse(here, 303)
        except (SignedOut, Conflict, NotAllowed, NotFound, NoRoom, Invalid) as error:
            return again(who, submission_id, typed, revision, error)
        return RedirectResponse(f"{here}/form{_NEXT.get(button, '?saved=1#saved')}", 303)

    def again(who: Person, submission_id: str, typed: Practice, revision: int, error: UjuziError) -> Response:
        """The form with what was typed: nothing of it is lost, whatever went wrong."""
        if isinstance(error, (SignedOut, NotFound)):
            return kept(submission_id, typed, revision, error)
        submission = submissions.get(who, submission_id)
        stored = practices.practice(who, submission_id)
        if not isinstance(error, (Changed, NoRoom, Invalid)):
            if stored.practice == typed:  # handed in by the press of the button before this one
                return RedirectResponse(f"/contributions/{submission_id}", 303)
            return kept(submission_id, typed, revision, error)
        # only who has seen what stands there may write over it
        is_newest = isinstance(error, Changed) or stored.practice == typed
        draft = Draft(typed, stored.prefilled, stored.revision if is_newest else revision, stored.saved_at)
        wrong = error.fields if isinstance(error, Invalid) else {}
        other = differing(typed, stored) if isinstance(error, Changed) else {}
        message = "" if isinstance(error, Invalid) else str(error)
        status = _STATUS.get(type(error), 400)
        return show(who, submission, draft, status=status, errors=wrong, other=other, message=message)

    def kept(submission_id: str, typed: Practice, revision: int, error: UjuziError) -> Response:
        """What was typed, for somebody who is signed out or whose form is being reviewed, or gone, by now."""
        return page(
            "practice_kept.html",
            status=_STATUS.get(type(error), 401),
            id=submission_id,
            typed=[(one, typed.words(one.id)) for one in FIELDS.values() if typed.words(one.id)],
            revision=revision,
            is_signed_out=isinstance(error, SignedOut),
            is_gone=isinstance(error, NotFound),
            message=str(error),
        )

    def show(who: Person, submission: Submission, draft: Draft, status: int = 200, **shown: Any) -> Response:
        talks = submissions.comments.of(who, submission.id)
        values: dict[str, Any] = {
            "one": submission,
            "draft": draft,
            "practice": draft.practice,
            "sections": sections(draft.practice),
            "files": practices.files.attachments(who, submission.id),
            "taken": by_field(draft.prefilled),
            "words": word_count(draft.practice),
            "criteria": CRITERIA,
            "remarks": remarks(submissions.read(who, submission.id)[0], talks) if talks else {},
            "ago": lambda then: ago(then, submissions.clock()),
            "call": call_title(submission.call_id) if submission.call_id else "",
            "errors": problems(draft.practice, for_submission=False),
            "other": {},
            "message": "",
            "is_saved": False,
        }
        return page("practice_form.html", status=status, **{**values, **shown})

    @router.get("/contributions/{submission_id}/form/preview")
    def preview(request: Request, submission_id: str) -> Response:
        who = person_of(request)
        submission = submissions.get(who, submission_id)
        document = practices.preview(who, submission_id)
        draft = practices.practice(who, submission_id)
        return page(
            "practice_preview.html",
            languages=("en", document.source.language),
            one=submission,
            source=document.source,
            blocks=blocks(document),
            files=practices.files.attachments(who, submission_id),
            missing=problems(draft.practice, for_submission=True),
            is_author=submission.author_id == who.id,
            may_edit=Act.EDIT in submissions.acts(who, submission_id),
            is_draft=submission.state == State.DRAFT,
        )

    @router.get("/contributions/{submission_id}/form/good-practice.docx")
    def filled(request: Request, submission_id: str) -> Response:
        draft = practices.practice(person_of(request), submission_id)
        return download(word_file(draft.practice), "good-practice.docx", WORD)

    return router


class SignedOut(UjuziError):
    """Who typed this is not signed in any more."""


def _must_be_signed_in(who: Person) -> None:
    if not who.id:
        raise SignedOut(_SIGNED_OUT)


def _told(status: int, message: str, **more: object) -> Response:
    return JSONResponse({"message": message, **more}, status)


def _number(text: str) -> int:
    """A revision as a form sends it; one that is none is older than all."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file to keep, never to be opened as a page of ours. ``name`` is ours, too."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return secured(Response(content, media_type=media_type, headers=headers))
