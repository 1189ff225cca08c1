"""Who asks, and whom the header of a page greets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from community.accounts.accounts import Accounts
from community.notices import Notices
from community.pages.cookies import Asking, session_cookie
from community.people import Person, Role
from web.viewer import Door, Viewer, greeting

PersonOf = Callable[[Asking], Person]
DoorsFor = Callable[[Person], Sequence[Door]]

# Below these are no pages of ours: files of the look, and what the chat's script asks for.
_UNGREETED = ("/static/", "/gradio_api/", "/assets/", "/health", "/favicon.ico")


def person_of(accounts: Accounts) -> PersonOf:
    """A function that says who sent a request, FastAPI's or Gradio's; asked anew each time."""
    cookie = session_cookie(accounts.site)
    return lambda request: accounts.person_of(cookie.of(request))


def unkept(response: Response) -> Response:
    """``response``, whose addresses of people not even the browser keeps for whoever sits there next."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def doors_for(notices: Notices, behind_staff: DoorsFor) -> DoorsFor:
    """The doors of the header by who somebody is. ``behind_staff``: those on the staff's own page."""

    def doors(who: Person) -> Sequence[Door]:
        found = [Door("calls", "Calls", "/calls")]
        if who.may(Role.CONTRIBUTOR):
            found.append(Door("contribute", "Contribute", "/contribute"))
        if who.may(Role.STAFF):
            behind = behind_staff(who)
            names = " ".join(["staff", *(door.name for door in behind)])
            found.append(Door(names, "Staff", "/staff", sum(door.waiting for door in behind)))
        if who.id:
            return [*found, Door("me", who.name, "/me", notices.new(who))]
        return [*found, Door("sign-in", "Sign in", "/sign-in")]

    return doors


class Visiting:
    """ASGI middleware: while a request is answered, pages greet whoever sent it."""

    def __init__(self, app: ASGIApp, person_of: PersonOf, doors: DoorsFor) -> None:
        self._app = app
        self._person_of = person_of
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["path"].startswith(_UNGREETED):
            await self._app(scope, receive, send)
            return
        viewer = await run_in_threadpool(self._viewer, Request(scope))
        with greeting(viewer):
            await self._app(scope, receive, send)

    def _viewer(self, request: Request) -> Viewer:
        return Viewer(tuple(self._doors(self._person_of(request))))
