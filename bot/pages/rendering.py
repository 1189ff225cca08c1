"""Templates become responses: the words that readers see for our values, and the headers of every page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.webinars.webinar import webinar_address
from ingest.domain import KINDS, Place, Source, Span, clock

STATIC = Path(__file__).parent / "static"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}
_KIND_WORDS = {
    "concept_note": ("concept note", "concept notes"),
    "good_practice": ("good practice", "good practices"),
    "transcript": ("webinar transcript", "webinar transcripts"),
    "slides": ("slides", "slides"),
    "report": ("report", "reports"),
    "guideline": ("guide", "guides"),
    "other": ("other document", "other documents"),
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese", "sw": "Swahili",
}  # fmt: skip


class Piece(NamedTuple):
    """A run of text that is marked or is not. ``first`` is true for the piece in which a mark begins."""

    text: str
    marked: bool = False
    first: bool = False
    note: int | None = None  # the number of the note that follows the piece


class Asset(NamedTuple):
    """A file of the folder ``static``, with a short digest of its bytes."""

    content: bytes
    media_type: str
    digest: str


def page(name: str, *, status: int = 200, languages: Sequence[str] = ("en",), **values: object) -> Response:
    """The template ``name`` filled in. ``languages``: of the page and, after it, of what it shows."""
    response = HTMLResponse(_environment().get_template(name).render(values), status)
    response.headers["Content-Language"] = ", ".join(dict.fromkeys(languages))
    response.headers["Cache-Control"] = "no-cache"  # what is withdrawn must be gone at the next look
    return secured(response)


def secured(response: Response) -> Response:
    """``response`` with the headers that keep a page to its own machine."""
    response.headers.update(SECURITY_HEADERS)
    return response


@cache
def assets() -> dict[str, Asset]:
    """The files of the look, by name."""
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    contents = {path: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in types}
    return {
        path.name: Asset(content, types[path.suffix], hashlib.sha256(content).hexdigest()[:12])
        for path, content in contents.items()
    }


def asset_address(name: str) -> str:
    """Where a file of the look is. The address changes when the file does, so that it can be kept."""
    return f"/static/{name}?v={assets()[name].digest}"


def fragment(name: str, **values: object) -> str:
    """The template ``name`` filled in, as a piece of a page."""
    return _environment().get_template(name).render(values)


def kind_words(kind: str, count: int = 1) -> str:
    """A kind of document as readers call it: "good practice", "good practices"."""
    one, many = _KIND_WORDS.get(kind, _KIND_WORDS["other"])
    return one if count == 1 else many


def document_words(source: Source, count: int = 1) -> str:
    """What a document is, as readers call it: its kind, or the programme of a webinar."""
    if source.is_programme:
        return "webinar programme" if count == 1 else "webinar programmes"
    return kind_words(source.kind, count)


def kind_order(kind: str) -> int:
    """Where a kind stands in lists."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def language_name(code: str) -> str:
    """The English name of a language; its code where we have none."""
    return _LANGUAGES.get(code, code)


def written(day: date) -> str:
    """A date written out: "18 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 passage", "1,204 passages"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def begun(words: str) -> str:
    """``words`` as a line begins: the first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def place_words(place: Place) -> str:
    """A place with its heading before it: "“Financing”, pp. 3-4"."""
    label = str(place)
    heading = f"“{place.heading}”" if place.heading and place.heading != label else ""
    label = f"“{label}”" if label and label == place.heading else label
    return ", ".join(part for part in (heading, label) if part)


def pieces(text: str, within: Span, marks: Iterable[Span]) -> Iterator[Piece]:
    """``text[within]`` cut where ``marks`` (in rising order, apart from each other) begin and end."""
    at = within.start
    for mark in marks:
        start, end = max(mark.start, at), min(mark.end, within.end)
        if start < end:
            if at < start:
                yield Piece(text[at:start])
            yield Piece(text[start:end], marked=True, first=start == mark.start)
            at = end
    if at < within.end:
        yield Piece(text[at : within.end])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(asset=asset_address)
    environment.filters.update(
        begun=begun,
        clock=clock,
        counted=counted,
        document=document_words,
        kind=kind_words,
        webinar_address=webinar_address,
        language=language_name,
        place=place_words,
        written=written,
    )
    return environment
