"""The routes by which one signs in through another house."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from community.accounts.accounts import Accounts
from community.accounts.openid import WITHIN, OpenId
from community.pages.accounts import address_of, sign_in_page
from community.pages.cookies import SESSION_SECONDS, Cookie, local, session_cookie
from community.pages.rendering import page
from ingest.errors import UjuziError


def openid_pages(accounts: Accounts, openid: OpenId) -> APIRouter:
    """``/sign-in/elsewhere`` sends somebody away, ``/sign-in/back`` lets them in."""
    router = APIRouter(include_in_schema=False)
    session, away = session_cookie(accounts.site), Cookie("ujuzi-away", accounts.site)

    @router.get("/sign-in/elsewhere")
    def leave(request: Request, next: str = "/") -> Response:  # noqa: A002  (what it is called in addresses)
        try:
            departure = openid.leave(local(next), address_of(request))
        except UjuziError as error:
            return sign_in_page(openid.label, status=400, trouble=str(error))
        response = RedirectResponse(departure.address, 303)
        away.put(response, departure.state, int(WITHIN.total_seconds()))
        return response

    @router.get("/sign-in/back")
    def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        try:
            response = _let_in(request, state, code, refused=bool(error))
        except UjuziError as refusal:
            response = sign_in_page(openid.label, status=400, trouble=str(refusal))
        away.take(response)
        return response

    def _let_in(request: Request, state: str, code: str, *, refused: bool) -> Response:
        if refused:
            raise UjuziError(f"{openid.label} did not say who you are, so you are not signed in.")
        arrival = openid.come_back(state, away.of(request), code)
        token = accounts.arrive(arrival.identity, address_of(request))
        if not token:
            return page("account_told.html", what="elsewhere", email="")
        accounts.sign_out(session.of(request))  # of whoever sat here before
        response = RedirectResponse(arrival.then, 303)
        session.put(response, token, SESSION_SECONDS)
        return response

    return router
