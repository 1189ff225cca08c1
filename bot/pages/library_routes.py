"""The routes of searching, of the list of documents and of each document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from bot.pages import choosing, searching, sheets, sources
from bot.pages.changes import Comparisons
from bot.pages.exporting import FORMATS, About, exported
from bot.pages.history import belongings, mains_of
from bot.pages.pictures import Pictures
from bot.pages.rendering import fragment, page
from bot.pages.timeline import timeline
from bot.pages.wanted import LONGEST, read_wanted
from index.library import Library
from index.scope import Reader
from ingest.domain import Span
from ingest.errors import NotFound
from web.rendering import secured
from web.words import document_words, kind_order

_DOCUMENTS_A_PAGE = 60
_LARGEST = 12  # digits of a number in an address
_HEAVIEST = 30_000  # bytes of a page of results; one that would be heavier shows less
_LEANEST = 2  # 1: one passage a document, 2: and no choices but those that are made


def pages(library: Library, reader_of: Callable[[Request], Reader]) -> APIRouter:
    """The pages of ``library``, each as far as ``reader_of`` its request may see it."""
    shown = _Pages(library, reader_of)
    router = APIRouter(include_in_schema=False)
    for address, show in (
        ("/search", shown.search),
        ("/search/export", shown.export),
        ("/sources", shown.documents),
        ("/sources/{source_id:path}/original", shown.original),
        ("/sources/{source_id:path}/changes", shown.changes),
        ("/sources/{source_id:path}/pages/{number}.png", shown.picture),
        ("/sources/{source_id:path}/pages/{number}.svg", shown.printed_words),
        ("/sources/{source_id:path}", shown.document),
    ):
        router.add_api_route(address, show, methods=["GET", "HEAD"])
    return router


class _Pages:
    def __init__(self, library: Library, reader_of: Callable[[Request], Reader]) -> None:
        self._library = library
        self._reader_of = reader_of
        self._pictures = Pictures()
        self._comparisons = Comparisons(library)

    def search(self, request: Request) -> Response:
        """Passages by document; with no words, the documents inside the limits, or what there is to find."""
        reader = self._reader_of(request)
        wanted = read_wanted(request.query_params)
        results = searching.find(self._library, wanted, reader)
        filled = partial(
            page,
            "search.html",
            wanted=wanted,
            results=results,
            loosenings=choosing.loosenings(self._library, results, reader),
            chips=choosing.chips(self._library, results.searched, reader),
            choices=choosing.choices(self._library, results, reader),
            timeline=timeline(results.finding.counts["periods"], results.searched),
            mains=mains_of(self._library, results.sources, reader),
            formats=FORMATS,
            longest=LONGEST,
        )
        return _light(filled)

    def export(self, request: Request) -> Response:
        """The list of results as a file to take along."""
        reader = self._reader_of(request)
        results = searching.find(self._library, read_wanted(request.query_params), reader)
        rows = searching.rows(self._library, results, reader, str(request.base_url))
        limits = tuple(chip.label for chip in choosing.chips(self._library, results.searched, reader))
        about = About(results.searched.words, limits, date.today())
        export = exported(request.query_params.get("format", ""), rows, about)
        headers = {
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Cache-Control": "private, no-cache",
        }
        return secured(Response(export.content, media_type=export.media_type, headers=headers))

    def documents(self, request: Request) -> Response:
        """All documents, by kind."""
        reader = self._reader_of(request)
        entries = self._library.entries(reader)
        entries.sort(key=lambda entry: (kind_order(entry.source.kind), not entry.source.is_programme))
        number = _number(request, "page") or 1
        last = max(1, -(-len(entries) // _DOCUMENTS_A_PAGE))
        number = min(number, last)
        first = (number - 1) * _DOCUMENTS_A_PAGE
        shown = entries[first : first + _DOCUMENTS_A_PAGE]
        by_kind = groupby(shown, key=lambda entry: document_words(entry.source, 2))
        groups = [(name, list(some)) for name, some in by_kind]
        mains = mains_of(self._library, (entry.source for entry in shown), reader)
        return page(
            "documents.html", groups=groups, count=len(entries), number=number, last=last, mains=mains
        )

    def document(self, request: Request, source_id: str) -> Response:
        """A document with the quote marked."""
        opened = self._open(request, source_id, part=_number(request, "part"))
        original = self._library.original(opened.entry)
        plain = sheets.sheets(opened, self._pictures, original)
        filled = partial(
            page,
            "source.html",
            languages=("en", opened.source.language),
            opened=opened,
            event=next((one for one in self._library.events() if one.id == opened.source.event), None),
            citation=opened.citation(str(request.base_url)),
            has_original=original.is_file(),
            own=belongings(self._library, self._reader_of(request), opened.entry),
        )
        response = filled(sheets={sheet.number: sheet for sheet in plain})
        if not plain:
            return response
        return filled(sheets={one.number: one for one in sheets.with_words(plain, len(response.body))})

    def changes(self, request: Request, source_id: str) -> Response:
        """What changed from one version of a document to another."""
        before, after, part = (_number(request, name) for name in ("from", "to", "part"))
        reader = self._reader_of(request)
        compared = self._comparisons.of(source_id, reader, before, after, part or 1)
        return page("changes.html", languages=("en", compared.after.source.language), compared=compared)

    def picture(self, request: Request, source_id: str, number: str) -> Response:
        """A page of a PDF as it looks, the quote marked."""
        opened, wanted = self._printed_page(request, source_id, number)
        sought = opened.sought_on(wanted)
        key = f"{opened.entry.digest} {wanted} {sought}"
        tag = f'"{hashlib.sha256(key.encode()).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return secured(Response(status_code=304, headers=headers))
        picture = self._pictures.page(self._library.original(opened.entry), wanted, sought)
        return secured(Response(picture, media_type="image/png", headers=headers))

    def printed_words(self, request: Request, source_id: str, number: str) -> Response:
        """The words of a page of a PDF where they are printed."""
        opened, wanted = self._printed_page(request, source_id, number)
        sheet = sheets.sheet(opened, self._pictures, self._library.original(opened.entry), wanted)
        if sheet is None:
            raise NotFound("This page cannot be shown as a picture.")
        drawing = fragment("sheet.svg", sheet=sheet, language=opened.source.language)
        headers = {"Cache-Control": "private, no-cache"}
        return secured(Response(drawing, media_type="image/svg+xml", headers=headers))

    def original(self, request: Request, source_id: str) -> Response:
        """The file as it was added: to keep, never to run in our name."""
        entry = self._library.entry(source_id, self._reader_of(request), _number(request, "version"))
        path = self._library.original(entry)
        if not path.is_file():
            raise NotFound("The original file of this document is not kept here.")
        response = FileResponse(path, filename=entry.file_name, media_type="application/octet-stream")
        response.headers["Cache-Control"] = "private, no-cache"
        return secured(response)

    def _printed_page(self, request: Request, source_id: str, number: str) -> tuple[sources.Opened, int]:
        """The document and the number of one of its printed pages. Raises NotFound."""
        opened = self._open(request, source_id)
        wanted = _digits(number) or 0
        if not opened.has_pictures or not 1 <= wanted <= len(opened.spans):
            raise NotFound(f"This document has no picture of a page {number[:_LARGEST]}.")
        return opened, wanted

    def _open(self, request: Request, source_id: str, part: int | None = None) -> sources.Opened:
        start, end = _number(request, "from"), _number(request, "to")
        quote = Span(start, end) if start is not None and end is not None else None
        version = _number(request, "version")
        return sources.open_source(self._library, self._reader_of(request), source_id, version, quote, part)


def _light(filled: Callable[..., Response]) -> Response:
    """The page with as much beside the results as is light enough for a slow line."""
    for lean in range(_LEANEST):
        response = filled(lean=lean)
        if len(response.body) <= _HEAVIEST:
            return response
    return filled(lean=_LEANEST)


def _number(request: Request, name: str) -> int | None:
    return _digits(request.query_params.get(name, ""))


def _digits(text: str) -> int | None:
    """A number from an address; None for what is none, or none that could mean anything here."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LARGEST else None
