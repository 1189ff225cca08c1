"""The routes of the server-rendered pages, and the pages for what is not there or goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from itertools import groupby

from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.pages import searching, sources
from bot.pages.pictures import Pictures
from bot.pages.rendering import assets, document_words, kind_order, page, secured
from index.library import Library
from index.scope import Reader
from ingest.domain import Span
from ingest.errors import NotFound, UjuziError

_DOCUMENTS_A_PAGE = 60
_LARGEST = 12  # digits of a number in an address


def pages(library: Library, reader_of: Callable[[Request], Reader]) -> APIRouter:
    """The pages of ``library``, each as far as ``reader_of`` its request may see it."""
    shown = _Pages(library, reader_of)
    router = APIRouter(include_in_schema=False)
    for address, show in (
        ("/search", shown.search),
        ("/sources", shown.documents),
        ("/sources/{source_id:path}/original", shown.original),
        ("/sources/{source_id:path}/pages/{number}.png", shown.picture),
        ("/sources/{source_id:path}", shown.document),
        ("/static/{name}", _asset),
        ("/favicon.ico", _icon),
        ("/health", _health),
    ):
        router.add_api_route(address, show, methods=["GET", "HEAD"])
    return router


def error_pages(app: FastAPI) -> None:
    """Let ``app`` answer a browser with a page where something is not there, is refused, or breaks."""
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(UjuziError, _refused)
    app.add_exception_handler(HTTPException, _unknown_address)
    app.add_exception_handler(Exception, _broken)


class _Pages:
    def __init__(self, library: Library, reader_of: Callable[[Request], Reader]) -> None:
        self._library = library
        self._reader_of = reader_of
        self._pictures = Pictures()

    def search(self, request: Request) -> Response:
        """Passages by document; with no words, the documents inside the limits, or what there is to find."""
        reader = self._reader_of(request)
        wanted = searching.wanted(request.query_params)
        found = searching.find(self._library, wanted, reader) if wanted.words else None
        nothing = found is not None and not found.passages
        narrowed = not wanted.scope.is_everything
        return page(
            "search.html",
            wanted=wanted,
            found=found,
            listed=searching.browse(self._library, wanted, reader) if narrowed and not found else [],
            loosenings=searching.loosenings(self._library, wanted, reader) if nothing else [],
            chips=searching.chips(self._library, wanted),
            choices=searching.choices(self._library, wanted, reader),
            documents=sum(count for _, count in self._library.values("kind", reader)),
            longest=searching.LONGEST,
        )

    def documents(self, request: Request) -> Response:
        """All documents, by kind."""
        entries = self._library.entries(self._reader_of(request))
        entries.sort(key=lambda entry: (kind_order(entry.source.kind), not entry.source.is_programme))
        number = _number(request, "page") or 1
        last = max(1, -(-len(entries) // _DOCUMENTS_A_PAGE))
        number = min(number, last)
        first = (number - 1) * _DOCUMENTS_A_PAGE
        shown = entries[first : first + _DOCUMENTS_A_PAGE]
        by_kind = groupby(shown, key=lambda entry: document_words(entry.source, 2))
        groups = [(name, list(some)) for name, some in by_kind]
        return page("documents.html", groups=groups, count=len(entries), number=number, last=last)

    def document(self, request: Request, source_id: str) -> Response:
        """A document with the quote marked."""
        opened = self._open(request, source_id, part=_number(request, "part"))
        original = self._library.original(opened.entry)
        pictured = opened.has_pictures and self._pictures.height(original, opened.window.first) is not None
        return page(
            "source.html",
            languages=("en", opened.source.language),
            opened=opened,
            event=next((one for one in self._library.events() if one.id == opened.source.event), None),
            citation=opened.citation(str(request.base_url)),
            has_original=original.is_file(),
            pictured=pictured,
            height_of=partial(self._pictures.height, original),
        )

    def picture(self, request: Request, source_id: str, number: str) -> Response:
        """A page of a PDF as it looks, the quote marked."""
        opened = self._open(request, source_id)
        wanted = _digits(number) or 0
        if not opened.has_pictures or not 1 <= wanted <= len(opened.spans):
            raise NotFound(f"This document has no picture of a page {number[:_LARGEST]}.")
        words = opened.quoted_on(wanted)
        key = f"{opened.entry.digest} {wanted} {words}"
        tag = f'"{hashlib.sha256(key.encode()).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return secured(Response(status_code=304, headers=headers))
        picture = self._pictures.page(self._library.original(opened.entry), wanted, words)
        return secured(Response(picture, media_type="image/png", headers=headers))

    def original(self, request: Request, source_id: str) -> Response:
        """The file as it was added: to keep, never to run in our name."""
        entry = self._library.entry(source_id, self._reader_of(request), _number(request, "version"))
        path = self._library.original(entry)
        if not path.is_file():
            raise NotFound("The original file of this document is not kept here.")
        response = FileResponse(path, filename=entry.file_name, media_type="application/octet-stream")
        response.headers["Cache-Control"] = "private, no-cache"
        return secured(response)

    def _open(self, request: Request, source_id: str, part: int | None = None) -> sources.Opened:
        start, end = _number(request, "from"), _number(request, "to")
        quote = Span(start, end) if start is not None and end is not None else None
        version = _number(request, "version")
        return sources.open_source(self._library, self._reader_of(request), source_id, version, quote, part)


def _number(request: Request, name: str) -> int | None:
    return _digits(request.query_params.get(name, ""))


def _digits(text: str) -> int | None:
    """A number from an address; None for what is none, or none that could mean anything here."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LARGEST else None


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
    return page("error.html", status=404, reason="missing", message=str(error))


def _refused(_request: Request, error: Exception) -> Response:
    return page("error.html", status=400, reason="refused", message=str(error))


async def _unknown_address(request: Request, error: Exception) -> Response:
    """A page for people; programs get what FastAPI says."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
        return page("error.html", status=404, reason="missing", message="There is no page at this address.")
    return await http_exception_handler(request, error)


def _broken(_request: Request, _error: Exception) -> Response:
    return page(
        "error.html",
        status=500,
        reason="broken",
        message="This page could not be made. The fault is on our side.",
    )
