"""One's own page: notices, details, password, sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from community.accounts.accounts import Accounts
from community.accounts.wording import Details
from community.errors import Invalid, TooMany
from community.notices import Notices
from community.pages.accounts import Ticked, Typed, address_of, later
from community.pages.cookies import session_cookie
from community.pages.rendering import page
from community.pages.visiting import PersonOf, unkept
from community.people import Person, Role

_NOTICES = 20


def own_pages(accounts: Accounts, notices: Notices, person_of: PersonOf) -> APIRouter:
    """The routes below ``/me``."""
    router = APIRouter(include_in_schema=False)
    cookie = session_cookie(accounts.site)

    def own_page(
        request: Request,
        who: Person,
        status: int = 200,
        details: Details | None = None,
        errors: dict[str, str] | None = None,
        done: str = "",
    ) -> Response:
        shown = page(
            "me.html",
            status=status,
            who=who,
            details=details or Details(who.name, who.organisation, who.keeps_questions, who.wants_news),
            notices=notices.of(who, _NOTICES),
            sessions=accounts.sessions(who, cookie.of(request)),
            contributes=who.may(Role.CONTRIBUTOR),
            errors=errors or {},
            done=done,
        )
        return unkept(shown)

    @router.get("/me")
    def me(request: Request, done: str = "") -> Response:
        who = person_of(request)
        who.must_be(Role.MEMBER)
        return own_page(request, who, done=done)

    @router.post("/me/notices")
    def seen(request: Request) -> Response:
        who = person_of(request)
        who.must_be(Role.MEMBER)
        notices.mark_seen(who)
        return RedirectResponse("/me", 303)

    @router.post("/me/details")
    def change_details(
        request: Request,
        name: Typed = "",
        organisation: Typed = "",
        keeps_questions: Ticked = False,
        wants_news: Ticked = False,
    ) -> Response:
        who, details = person_of(request), Details(name, organisation, keeps_questions, wants_news)
        try:
            accounts.change_details(who, details)
        except Invalid as error:
            return own_page(request, who, 400, details, error.fields)
        return RedirectResponse("/me?done=details", 303)

    @router.post("/me/password")
    def change_password(request: Request, old: Typed = "", new: Typed = "") -> Response:
        who = person_of(request)
        try:
            accounts.change_password(who, old, new, cookie.of(request), address_of(request))
        except Invalid as error:
            return own_page(request, who, 400, errors=error.fields)
        except TooMany as error:
            return later(own_page(request, who, 429, errors={"old": str(error)}), error)
        return RedirectResponse("/me?done=password", 303)

    @router.post("/me/sign-out-everywhere")
    def sign_out_everywhere(request: Request) -> Response:
        accounts.sign_out_everywhere(person_of(request))
        response = RedirectResponse("/", 303)
        cookie.take(response)
        return response

    return router
