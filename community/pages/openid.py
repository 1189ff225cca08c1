"""The routes by which one signs in through another house."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from community.accounts.accounts import Accounts
from community.accounts.entrance import CONFIRM_WITHIN, StillWaiting
from community.accounts.openid import WITHIN, Away, OpenId
from community.accounts.rows import Standing
from community.accounts.vouchers import new_token
from community.errors import Invalid, NotAllowed, TooMany
from community.pages.accounts import Typed, address_of, later, sign_in_page, told
from community.pages.cookies import SESSION_SECONDS, Cookie, local, session_cookie
from community.pages.rendering import page
from ingest.errors import UjuziError


def openid_pages(accounts: Accounts, openid: OpenId) -> APIRouter:
    """``/sign-in/elsewhere`` sends somebody away, ``/sign-in/back`` lets them in.

    Whose address the other house does not vouch for confirms it at ``/confirm/elsewhere``, in the browser in
    which they came: else whoever presses the button of that letter would make an account for a stranger.
    """
    router = APIRouter(include_in_schema=False)
    session, site = session_cookie(accounts.site), accounts.site
    away, mailed = Cookie("ujuzi-away", site), Cookie("ujuzi-mailed", site)

    @router.get("/sign-in/elsewhere")
    def leave(request: Request, next: str = "/") -> Response:  # noqa: A002  (what it is called in addresses)
        try:
            departure = openid.leave(local(next), address_of(request))
        except UjuziError as refusal:
            return _refused(openid.label, refusal)
        response = RedirectResponse(departure.address, 303)
        away.put(response, departure.state, int(WITHIN.total_seconds()))
        return response

    @router.get("/sign-in/back")
    def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        try:
            response = _let_in(request, state, code, refused=bool(error))
        except StillWaiting:
            response = told(Standing.WAITING, status=202)
        except UjuziError as refusal:
            response = _refused(openid.label, refusal)
        away.take(response)
        return response

    def _let_in(request: Request, state: str, code: str, *, refused: bool) -> Response:
        if refused:
            raise UjuziError(f"{openid.label} did not say who you are, so you are not signed in.")
        arrival, browser = openid.come_back(state, away.of(request), code), new_token()
        token = accounts.arrive(arrival.identity, browser, address_of(request))
        if not token:
            response = told("elsewhere")
            mailed.put(response, browser, int(CONFIRM_WITHIN.total_seconds()))
            return response
        accounts.sign_out(session.of(request))  # of whoever sat here before
        response = RedirectResponse(arrival.then, 303)
        session.put(response, token, SESSION_SECONDS)
        return response

    @router.get("/confirm/elsewhere")
    def confirm_form(token: str = "") -> Response:
        return page("confirm.html", token=token, house=openid.label, errors={})

    @router.post("/confirm/elsewhere")
    def confirm(request: Request, token: Typed = "") -> Response:
        try:
            standing = accounts.verify_elsewhere(token, mailed.of(request))
        except Invalid as error:
            return page("confirm.html", status=400, token=token, house=openid.label, errors=error.fields)
        response = told(standing, house=openid.label)
        mailed.take(response)
        return response

    return router


def _refused(house: str, refusal: UjuziError) -> Response:
    """The form to sign in, for there is another way; the status says whose fault it is."""
    if isinstance(refusal, TooMany):
        return later(sign_in_page(house, status=429, trouble=str(refusal)), refusal)
    status = 502 if isinstance(refusal, Away) else 403 if isinstance(refusal, NotAllowed) else 400
    return sign_in_page(house, status=status, trouble=str(refusal))
