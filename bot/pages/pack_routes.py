"""A webinar to take along: its pack as a file for word processors, or as a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.pages import word
from bot.pages.pack_text import PackText, pack_text
from bot.pages.pack_word import word_pack
from bot.webinars.pack import pack
from bot.webinars.recorded import Recordings
from bot.webinars.webinar import transcript_of, webinar
from index.library import Library
from index.scope import Reader
from web.rendering import secured

_KEPT = 16  # files of each kind: some hundred kilobytes each, and a second's work
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80  # characters


def pack_pages(library: Library, reader_of: Callable[[Request], Reader]) -> APIRouter:
    """The packs of the webinars of ``library``, each as far as ``reader_of`` its request may see it.

    They have to be declared before the webinars' own pages, whose ids may hold slashes.
    """
    recordings = Recordings(library)
    kept = lru_cache(maxsize=_KEPT)
    word_file, pdf_file = kept(word_pack), kept(_pdf)
    router = APIRouter(prefix="/webinars/{webinar_id:path}", include_in_schema=False)

    def asked(request: Request, webinar_id: str) -> PackText:
        reader = reader_of(request)
        found = webinar(library, webinar_id, reader)
        chosen = transcript_of(library, found, request.query_params.get("transcript", ""), reader)
        whole = pack(library, recordings, found, chosen, reader)
        return pack_text(whole, str(request.base_url), date.today())

    @router.api_route("/pack.docx", methods=["GET", "HEAD"])
    def as_word(request: Request, webinar_id: str) -> Response:
        return _file(word_file(asked(request, webinar_id)), word.MEDIA_TYPE, f"{webinar_id}.docx")

    @router.api_route("/pack.pdf", methods=["GET", "HEAD"])
    def as_pdf(request: Request, webinar_id: str) -> Response:
        return _file(pdf_file(asked(request, webinar_id)), "application/pdf", f"{webinar_id}.pdf")

    return router


def _pdf(text: PackText) -> bytes:
    from bot.pages.pack_pdf import pdf_pack

    return pdf_pack(text)


def _file(content: bytes, media_type: str, name: str) -> Response:
    """A file that a browser saves under a name of plain letters."""
    plain = _NO_NAME.sub("-", name)[-_LONGEST_NAME:].lstrip("-.")
    headers = {
        "Content-Disposition": f'attachment; filename="{plain}"',
        "Cache-Control": "private, no-cache",
    }
    return secured(Response(content, media_type=media_type, headers=headers))
