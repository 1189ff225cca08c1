"""The contributor's pages: what can be contributed, what became of one's own, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from community.errors import Invalid
from community.pages.rendering import page
from community.pages.review_views import STATE_LOOKS, STATE_WORDS, edit_address, headings, people_in, steps
from community.pages.visiting import PersonOf
from community.people import Person, Role
from community.submissions import State, Submissions
from community.submissions.wording import ago

Text = Annotated[str, Form()]
Names = Callable[[Set[str]], Mapping[str, str]]

_GROUPS = (
    ("To do", (State.CHANGES_ASKED, State.DRAFT)),
    ("Being reviewed", (State.SUBMITTED, State.IN_REVIEW)),
    ("In the library", (State.PUBLISHED,)),
    ("Closed", (State.WITHDRAWN, State.REPLACED, State.DECLINED)),
)


def contribution_pages(submissions: Submissions, person_of: PersonOf, names: Names) -> APIRouter:
    """/contribute, /contributions and what is done there. ``names`` gives those of people by their ids."""
    router = APIRouter(include_in_schema=False)

    def show(who: Person, submission_id: str, status: int = 200, **typed: object) -> Response:
        one = submissions.get(who, submission_id)
        if one.author_id != who.id:
            return RedirectResponse(f"/review/{one.id}", 303)
        talks = submissions.comments.of(who, one.id)
        decided = submissions.reviews.decided(who, one.id)
        reviews = submissions.reviews.of(who, one.id)
        judges = {by.reviewer_id for by in decided} | {by.reviewer_id for by in reviews}
        values: dict[str, Any] = {
            "one": one,
            "acts": submissions.acts(who, one.id),
            "steps": steps(one),
            "talks": talks,
            "headings": headings(submissions.read(who, one.id)[0], talks) if talks else {},
            "decided": decided,
            "reviews": [review for review in reviews if review.version == one.version],
            "edit": edit_address(one),
            "names": names(people_in([one], talks, judges)),
            "state": STATE_WORDS[one.state],
            "look": STATE_LOOKS.get(one.state, ""),
            "ago": lambda then: ago(then, submissions.clock()),
            **{"errors": {}, "text": "", "replied": 0, **typed},
        }
        return page("contribution.html", status=status, **values)

    @router.get("/contribute")
    def contribute(request: Request) -> Response:
        who = person_of(request)
        return page("contribute.html", who=who, may=who.may(Role.CONTRIBUTOR), is_member=who.may(Role.MEMBER))

    @router.post("/contribute/good-practice")
    def begin(request: Request, title: Text = "", call: Text = "") -> Response:
        one = submissions.begin(person_of(request), form="practice", title=title, call_id=call)
        return RedirectResponse(edit_address(one), 303)

    @router.get("/contributions")
    def own(request: Request, deleted: str = "") -> Response:
        who = person_of(request)
        mine = submissions.own(who)
        groups = [(name, [one for one in mine if one.state in states]) for name, states in _GROUPS]
        return page(
            "contributions.html",
            groups=[(name, some) for name, some in groups if some],
            is_deleted=bool(deleted),
            may=who.may(Role.CONTRIBUTOR),
            names=names(people_in(mine)),
            words=STATE_WORDS,
            looks=STATE_LOOKS,
            edit=edit_address,
            ago=lambda then: ago(then, submissions.clock()),
        )

    @router.get("/contributions/{submission_id}")
    def contribution(request: Request, submission_id: str) -> Response:
        return show(person_of(request), submission_id)

    @router.post("/contributions/{submission_id}/take-back")
    def take_back(request: Request, submission_id: str, revision: Annotated[int, Form()]) -> Response:
        submissions.take_back(person_of(request), submission_id, revision)
        return _back(submission_id)

    @router.post("/contributions/{submission_id}/delete")
    def delete(request: Request, submission_id: str, revision: Annotated[int, Form()]) -> Response:
        submissions.delete(person_of(request), submission_id, revision)
        return RedirectResponse("/contributions?deleted=1", 303)

    @router.post("/contributions/{submission_id}/reply")
    def reply(
        request: Request, submission_id: str, comment: Annotated[int, Form()], text: Text = ""
    ) -> Response:
        who = person_of(request)
        try:
            submissions.comments.reply(who, submission_id, comment, text)
        except Invalid as error:
            return show(who, submission_id, 400, errors=error.fields, text=text, replied=comment)
        return _back(submission_id, f"#c{comment}")

    @router.post("/contributions/{submission_id}/done")
    def done(
        request: Request, submission_id: str, comment: Annotated[int, Form()], done: Text = ""
    ) -> Response:
        submissions.comments.mark_done(person_of(request), submission_id, comment, done == "yes")
        return _back(submission_id, f"#c{comment}")

    @router.post("/contributions/{submission_id}/new-version")
    def renew(request: Request, submission_id: str) -> Response:
        who = person_of(request)
        one = submissions.renew(who, submission_id)
        return RedirectResponse(f"/contributions/{one.id}", 303)

    return router


def _back(submission_id: str, place: str = "") -> Response:
    return RedirectResponse(f"/contributions/{submission_id}{place}", 303)
