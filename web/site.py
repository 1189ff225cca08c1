"""What every site of ours has: the files of the look, a sign of life, and pages for what goes wrong."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from ingest.errors import NotFound, UjuziError, Withdrawn
from web.assets import assets
from web.rendering import Templates, secured

_page = Templates("web").page


def explained(status: int, reason: str, message: str) -> Response:
    """A page about what went wrong: ``reason`` is one that its template knows, ``message`` the sentence."""
    return _page("error.html", status=status, reason=reason, message=message)


def furnish(app: FastAPI) -> None:
    """Give ``app`` what every site has.

    A browser is answered with a page where something is not there, is refused, or breaks.
    """
    router = APIRouter(include_in_schema=False)
    for address, show in (("/static/{name}", _asset), ("/favicon.ico", _icon), ("/health", _health)):
        router.add_api_route(address, show, methods=["GET", "HEAD"])
    app.include_router(router)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Withdrawn, _withdrawn)
    app.add_exception_handler(UjuziError, _refused)
    app.add_exception_handler(HTTPException, _unknown_address)
    app.add_exception_handler(Exception, _broken)


def _asset(request: Request, name: str) -> Response:
    """A file of the look. Its address names its digest, so that it may be kept for a year."""
    asset = assets().get(name)
    if asset is None:
        raise NotFound("There is no such file.")
    current = request.query_params.get("v") == asset.digest
    keep = "public, max-age=31536000, immutable" if current else "no-cache"
    headers = {"Cache-Control": keep, "ETag": f'"{asset.digest}"'}
    return secured(Response(asset.content, media_type=asset.media_type, headers=headers))


def _icon(request: Request) -> Response:
    """For whoever asks for an icon without having read our pages."""
    return _asset(request, "icon.svg")


def _health() -> Response:
    return JSONResponse({"ok": True}, headers={"Cache-Control": "no-store"})


def _not_found(_request: Request, error: Exception) -> Response:
    return explained(404, "missing", str(error))


def _withdrawn(_request: Request, error: Exception) -> Response:
    return explained(410, "withdrawn", str(error))


def _refused(_request: Request, error: Exception) -> Response:
    return explained(400, "refused", str(error))


async def _unknown_address(request: Request, error: Exception) -> Response:
    """A page for people; programs get what FastAPI says."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
        return explained(404, "missing", "There is no page at this address.")
    return await http_exception_handler(request, error)


def _broken(_request: Request, _error: Exception) -> Response:
    return explained(500, "broken", "This page could not be made. The fault is on our side.")
