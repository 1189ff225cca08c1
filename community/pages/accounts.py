"""The pages by which one comes in: signing in and out, registering, confirming an address, a new password."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator

from community.accounts.accounts import Accounts
from community.accounts.entrance import StillWaiting
from community.accounts.rows import Standing
from community.accounts.wording import Registration
from community.errors import Invalid, TooMany
from community.pages.cookies import SESSION_SECONDS, local, session_cookie
from community.pages.rendering import page
from community.pages.visiting import PersonOf

Typed = Annotated[str, Form()]
Ticked = Annotated[bool, BeforeValidator(bool), Form()]  # whatever a browser sends for a ticked box


def address_of(request: Request) -> str:
    """The network address of whoever asks, as the server tells it."""
    return request.client.host if request.client else ""


def later(response: Response, error: TooMany) -> Response:
    """``response`` with when the next try counts."""
    response.headers["Retry-After"] = str(error.seconds)
    return response


def told(what: str, email: str = "", house: str = "", status: int = 200) -> Response:
    """What happened to an account: ``what`` is one that the template knows, such as a standing.

    ``house`` is through which other house they sign in, where they have no password.
    """
    return page("account_told.html", status=status, what=what, email=email, house=house, then="/")


def sign_in_page(
    house: str,
    *,
    status: int = 200,
    email: str = "",
    then: str = "/",
    errors: Mapping[str, str] = MappingProxyType({}),
    trouble: str = "",
) -> Response:
    """The form to sign in. ``trouble`` is what went wrong before, ``errors`` what is wrong with a field."""
    return page(
        "sign_in.html",
        status=status,
        house=house,
        email=email,
        then=then,
        errors=errors,
        trouble=trouble,
    )


def account_pages(accounts: Accounts, person_of: PersonOf, house: str = "") -> APIRouter:
    """The routes of coming in. ``house``: what another house is called through which one may sign in."""
    router = APIRouter(include_in_schema=False)
    cookie = session_cookie(accounts.site)

    @router.get("/sign-in")
    def sign_in_form(request: Request, next: str = "/") -> Response:  # noqa: A002  (what it is called in addresses)
        if person_of(request).id:
            return RedirectResponse(local(next), 303)
        return sign_in_page(house, then=local(next))

    @router.post("/sign-in")
    def sign_in(
        request: Request,
        email: Typed = "",
        password: Typed = "",
        next: Typed = "/",  # noqa: A002
    ) -> Response:
        then = local(next)
        try:
            token = accounts.sign_in(email, password, address_of(request))
        except Invalid as error:
            return sign_in_page(house, status=400, email=email, then=then, errors=error.fields)
        except StillWaiting:
            return told(Standing.WAITING, status=202)
        except TooMany as error:
            return later(sign_in_page(house, status=429, email=email, then=then, trouble=str(error)), error)
        accounts.sign_out(cookie.of(request))  # of whoever sat here before
        response = RedirectResponse(then, 303)
        cookie.put(response, token, SESSION_SECONDS)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        accounts.sign_out(cookie.of(request))
        response = RedirectResponse("/", 303)
        cookie.take(response)
        return response

    @router.get("/register")
    def register_form() -> Response:
        return page("register.html", form=_BLANK, errors={}, house=house, trouble="")

    @router.post("/register")
    def register(
        request: Request,
        name: Typed = "",
        email: Typed = "",
        organisation: Typed = "",
        password: Typed = "",
        wants_to_contribute: Ticked = False,
        wants_news: Ticked = False,
        consents: Ticked = False,
    ) -> Response:
        form = Registration(name, email, organisation, password, consents, wants_to_contribute, wants_news)
        shown = partial(page, "register.html", form=form, house=house)
        try:
            accounts.register(form, address_of(request))
        except Invalid as error:
            return shown(status=400, errors=error.fields, trouble="")
        except TooMany as error:
            return later(shown(status=429, errors={}, trouble=str(error)), error)
        return told("registered", email)

    @router.get("/confirm")
    def confirm_form(token: str = "") -> Response:
        return page("confirm.html", token=token, house="", errors={})

    @router.post("/confirm")
    def confirm(request: Request, token: Typed = "", password: Typed = "") -> Response:
        shown = partial(page, "confirm.html", token=token, house="")
        try:
            return told(accounts.verify(token, password, address_of(request)))
        except Invalid as error:
            return shown(status=400, errors=error.fields)
        except TooMany as error:
            return later(shown(status=429, errors={"password": str(error)}), error)

    @router.get("/reset")
    def reset_form(token: str = "") -> Response:
        return page("reset.html", token=token, email="", errors={}, trouble="")

    @router.post("/reset")
    def reset(request: Request, token: Typed = "", email: Typed = "", password: Typed = "") -> Response:
        shown = partial(page, "reset.html", email=email)
        try:
            if not token:
                accounts.ask_reset(email, address_of(request))
                return told("reset asked", email)
            accounts.reset(token, password)
        except Invalid as error:
            # with a link that holds no more, the page offers another one
            still = "" if "token" in error.fields else token
            return shown(status=400, token=still, errors=error.fields, trouble="")
        except TooMany as error:
            return later(shown(status=429, token=token, errors={}, trouble=str(error)), error)
        return told("reset")

    return router


_BLANK = Registration("", "", "", "", consents=False)
