"""What is refused to a person, as pages; a visitor is led to where one signs in."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from community.errors import Conflict, Invalid, NotAllowed, TooMany
from community.pages.cookies import sign_in_address
from community.pages.visiting import PersonOf
from web.site import explained


def explain_refusals(app: FastAPI, person_of: PersonOf) -> None:
    """Answer what the community refuses with pages that say what to do."""

    def not_allowed(request: Request, error: Exception) -> Response:
        if request.method in ("GET", "HEAD") and not person_of(request).id:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(sign_in_address(asked), 303)
        return explained(403, "forbidden", str(error))

    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(Invalid, _invalid)


def _conflict(_request: Request, error: Exception) -> Response:
    return explained(409, "conflict", str(error))


def _too_many(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    response = explained(429, "often", str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _invalid(_request: Request, error: Exception) -> Response:
    return explained(400, "refused", str(error))
