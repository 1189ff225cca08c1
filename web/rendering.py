"""Templates become responses, with the headers that every page has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from fastapi.responses import HTMLResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from ingest.domain import clock
from web.assets import asset_address
from web.viewer import viewer
from web.words import begun, counted, document_words, kind_words, language_name, place_words, written

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


class Templates:
    """The templates of one package's pages, and behind them those that all pages share."""

    def __init__(self, package: str, **filters: Callable[..., object]) -> None:
        """``package`` holds a folder ``templates``; ``filters`` are what they know beside the common ones."""
        self._package = package
        self._filters = filters

    def page(
        self, name: str, *, status: int = 200, languages: Sequence[str] = ("en",), **values: object
    ) -> Response:
        """The template ``name`` filled in. ``languages``: of the page and, after it, of what it shows."""
        response = HTMLResponse(self.fragment(name, **values), status)
        response.headers["Content-Language"] = ", ".join(dict.fromkeys(languages))
        # what is withdrawn must be gone at the next look, and what one reader sees is not for another
        response.headers["Cache-Control"] = "private, no-cache"
        return secured(response)

    def fragment(self, name: str, **values: object) -> str:
        """The template ``name`` filled in, as a piece of a page."""
        return self._environment.get_template(name).render(values)

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=ChoiceLoader([PackageLoader(self._package), PackageLoader("web")]),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        environment.globals.update(asset=asset_address, viewer=viewer)
        environment.filters.update(
            begun=begun,
            clock=clock,
            counted=counted,
            document=document_words,
            kind=kind_words,
            language=language_name,
            place=place_words,
            written=written,
            **self._filters,
        )
        return environment


def secured(response: Response) -> Response:
    """``response`` with the headers that keep a page to its own machine."""
    response.headers.update(SECURITY_HEADERS)
    return response
