"""The reviewers' pages: what waits, one submission passage by passage, the checklist, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from community.audit import Audit
from community.errors import Conflict, Invalid
from community.pages.contributions import Names, Text
from community.pages.rendering import page
from community.pages.review_desk import Desk, Flags, Typed, asked_in, no_flags, typed_in
from community.pages.review_views import STATE_LOOKS, STATE_WORDS, people_in
from community.pages.visiting import PersonOf
from community.people import Person, Role
from community.submissions import Act, State, Submission, Submissions
from community.submissions.wording import ago
from ingest.domain import Span
from web.lists import bytes_of, listed

Number = Annotated[int, Form()]
Page = Annotated[int, Query(ge=1, le=10_000)]

_FACTS = 400  # bytes of what a list says of a submission beside its title
_UNDER_REVIEW = (State.IN_REVIEW, State.CHANGES_ASKED)
_DECIDED = (State.PUBLISHED, State.DECLINED, State.WITHDRAWN, State.REPLACED)
_SHELVES: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "waiting": ("Waiting", (State.SUBMITTED,)),
    "mine": ("Mine", _UNDER_REVIEW),
    "others": ("With others", _UNDER_REVIEW),
    "decided": ("Decided", _DECIDED),
}


def review_pages(
    submissions: Submissions,
    audit: Audit,
    person_of: PersonOf,
    names: Names,
    flags: Flags = no_flags,
) -> APIRouter:
    """/review and what is done there; ``flags`` says what to look at in a submission: likenesses, traps."""
    router = APIRouter(include_in_schema=False)
    reviews, comments = submissions.reviews, submissions.comments
    desk = Desk(submissions, audit, names, flags)

    def staff(request: Request) -> Person:
        who = person_of(request)
        who.must_be(Role.STAFF)
        return who

    @router.get("/review")
    def waiting(request: Request, show: str = "waiting", state: str = "", number: Page = 1) -> Response:
        who = staff(request)
        show = show if show in _SHELVES else "waiting"
        shelves = {name: _on(shelf, submissions, who) for name, shelf in _SHELVES.items()}
        some = [one for one in shelves[show] if state in ("", one.state)]
        found = listed(some[::-1] if show == "decided" else some, number, _size)
        return page(
            "review.html",
            show=show,
            state=state,
            who=who,
            shelves=[(name, _SHELVES[name][0], len(shelves[name])) for name in _SHELVES],
            states=_SHELVES[show][1] if len(_SHELVES[show][1]) > 1 else (),
            found=found,
            names=names(people_in(found.items)),
            words=STATE_WORDS,
            looks=STATE_LOOKS,
            ago=lambda then: ago(then, submissions.clock()),
        )

    @router.get("/review/{submission_id}")
    def review(request: Request, submission_id: str) -> Response:
        return desk.show(staff(request), submission_id, asked_in(request))

    @router.post("/review/{submission_id}/take")
    def take(request: Request, submission_id: str, revision: Number) -> Response:
        reviews.take(staff(request), submission_id, revision)
        return _back(submission_id)

    @router.post("/review/{submission_id}/comment")
    def comment(
        request: Request,
        submission_id: str,
        version: Number,
        passage: Number = 0,
        start: Number = 0,
        end: Number = 0,
        text: Text = "",
        for_staff: Text = "",
    ) -> Response:
        who = staff(request)
        span = Span(start, end) if passage else None
        hidden = for_staff == "yes"
        try:
            said = comments.say(who, submission_id, text, version=version, span=span, for_staff=hidden)
        except (Invalid, Conflict) as error:
            typed = Typed(comment=passage, start=start, end=end, text=text, for_staff=hidden)
            return desk.show(who, submission_id, typed, error)
        return _back(submission_id, passage=passage, place=f"#c{said.id}")

    @router.post("/review/{submission_id}/reply")
    def reply(request: Request, submission_id: str, comment: Number, text: Text = "") -> Response:
        who = staff(request)
        try:
            comments.reply(who, submission_id, comment, text)
        except (Invalid, Conflict) as error:
            return desk.show(who, submission_id, Typed(replied=comment, text=text), error)
        return _back(submission_id, place=f"#c{comment}")

    @router.post("/review/{submission_id}/resolve")
    def resolve(request: Request, submission_id: str, comment: Number, resolved: Text = "") -> Response:
        comments.resolve(staff(request), submission_id, comment, resolved == "yes")
        return _back(submission_id, place=f"#c{comment}")

    @router.post("/review/{submission_id}/decision")
    def decide(request: Request, submission_id: str, typed: Annotated[Typed, Depends(typed_in)]) -> Response:
        who = staff(request)
        try:
            reviews.judge(who, submission_id, typed.version, typed.judgements)
            desk.decide(who, submission_id, typed)
        except (Invalid, Conflict) as error:
            return desk.show(who, submission_id, typed, error)
        return _back(submission_id, place="#decide" if typed.decision == "save" else "")

    @router.get("/review/{submission_id}/withdraw")
    def ask_withdrawal(request: Request, submission_id: str) -> Response:
        return withdrawal(staff(request), submission_id)

    def withdrawal(who: Person, submission_id: str, reason: str = "", error: str = "") -> Response:
        one = submissions.get(who, submission_id)
        may = Act.WITHDRAW in submissions.acts(who, submission_id)
        if not may and not error:
            return _back(submission_id)
        status = 400 if error else 200
        return page("review_withdraw.html", status=status, one=one, reason=reason, error=error)

    @router.post("/review/{submission_id}/withdraw")
    def withdraw(request: Request, submission_id: str, revision: Number, reason: Text = "") -> Response:
        who = staff(request)
        try:
            reviews.withdraw(who, submission_id, revision, reason)
        except Invalid as error:
            return withdrawal(who, submission_id, reason, str(error))
        return _back(submission_id)

    @router.post("/review/{submission_id}/restore")
    def restore(request: Request, submission_id: str, revision: Number) -> Response:
        reviews.restore(staff(request), submission_id, revision)
        return _back(submission_id)

    @router.post("/review/{submission_id}/new-version")
    def renew(request: Request, submission_id: str) -> Response:
        one = submissions.renew(staff(request), submission_id)
        return RedirectResponse(f"/contributions/{one.id}", 303)

    return router


def _on(shelf: tuple[str, tuple[State, ...]], submissions: Submissions, who: Person) -> list[Submission]:
    """What lies on one shelf for ``who``, that longest waiting first."""
    name, states = shelf
    found = submissions.handed_in(who, states)
    if states != _UNDER_REVIEW:
        return found
    return [one for one in found if (one.reviewer_id == who.id) == (name == "Mine")]


def _size(one: Submission) -> int:
    """How long one is in a list."""
    return bytes_of(one.title) + _FACTS


def _back(submission_id: str, *, passage: int = 0, place: str = "") -> Response:
    at = f"?passage={passage}" if passage else ""
    return RedirectResponse(f"/review/{submission_id}{at}{place}", 303)
