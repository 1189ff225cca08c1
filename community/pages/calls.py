"""The public pages of calls for good practices, and where staff writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from community.errors import Invalid
from community.gaps.call_form import CallForm
from community.gaps.calls import Call, Calls, CallState
from community.gaps.groups import Gaps
from community.gaps.values import Kept
from community.pages.cookies import sign_in_address
from community.pages.rendering import page
from community.pages.visiting import PersonOf
from community.people import Person, Role
from ingest.domain import THEMES
from ingest.errors import NotFound

Text = Annotated[str, Form()]
_BESIDE = 12  # questions that stand beside the form


def call_pages(calls: Calls, gaps: Gaps, person_of: PersonOf) -> APIRouter:
    """/calls, /calls/ID, and for staff /calls/ID/edit with what is done there."""
    router = APIRouter(include_in_schema=False)

    def form(who: Person, call_id: str, typed: CallForm | None = None, **wrong: str) -> Response:
        who.must_be(Role.STAFF)
        call = calls.call(who, call_id)
        values: dict[str, Any] = {"call": call, "typed": typed or _typed(call), "errors": wrong}
        status = 400 if wrong else 200
        return page("call_form.html", status=status, themes=THEMES, asked=_asked(gaps, who, call), **values)

    @router.get("/calls")
    def overview(request: Request) -> Response:
        who = person_of(request)
        others = (
            [one for one in calls.all(who) if one.state is not CallState.OPEN] if who.may(Role.STAFF) else []
        )
        return page("calls.html", calls=calls.open(), others=others)

    @router.get("/calls/{call_id}")
    def one(request: Request, call_id: str) -> Response:
        who = person_of(request)
        call = calls.call(who, call_id)
        sign_in = sign_in_address(f"/calls/{call.id}")
        return page(
            "call.html",
            call=call,
            who=who,
            may=who.may(Role.CONTRIBUTOR),
            staff=who.may(Role.STAFF),
            sign_in=sign_in,
        )

    @router.get("/calls/{call_id}/edit")
    def edit(request: Request, call_id: str) -> Response:
        return form(person_of(request), call_id)

    @router.post("/calls/{call_id}/edit")
    def save(
        request: Request,
        call_id: str,
        title: Text = "",
        text: Text = "",
        countries: Text = "",
        deadline: Text = "",
        zone: Text = "",
        then: Text = "",
        themes: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        who = person_of(request)
        typed = CallForm(title, text, tuple(themes or ()), countries, deadline, zone)
        try:
            calls.save(who, call_id, typed)
            if then == "publish":
                calls.publish(who, call_id)
        except Invalid as error:
            return form(who, call_id, typed, **error.fields)
        return RedirectResponse(f"/calls/{call_id}", 303)

    @router.post("/calls/{call_id}/close")
    def close(request: Request, call_id: str) -> Response:
        calls.close(person_of(request), call_id)
        return RedirectResponse(f"/calls/{call_id}", 303)

    return router


def _typed(call: Call) -> CallForm:
    deadline = call.deadline.isoformat()
    return CallForm(call.title, call.text, call.themes, ", ".join(call.countries), deadline, call.zone)


def _asked(gaps: Gaps, who: Person, call: Call) -> list[Kept]:
    """What members asked, to be read while one writes: each question once."""
    try:
        kept = gaps.questions(who, call.group_id) if call.group_id else []
    except NotFound:
        return []
    once = {one.question.casefold(): one for one in reversed(kept)}
    return [replace(one, words="") for one in once.values()][:_BESIDE]
