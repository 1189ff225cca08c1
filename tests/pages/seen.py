"""A page as a person sees it."""

from __future__ import annotations

from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from index.library import Library
from ingest.domain import Span


def see(
    client: TestClient, address: str, status: int = 200, headers: dict[str, str] | None = None
) -> BeautifulSoup:
    """The page at ``address``, which must be a whole page of ours under 30 kB."""
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.text
    assert len(response.content) < 30_000, (address[:200], len(response.content))
    page = BeautifulSoup(response.text, "lxml")
    assert page.h1 is not None
    assert page.find("nav", attrs={"aria-label": "Main"}) is not None
    assert page.title is not None and page.title.text.endswith("Ujuzi")
    return page


def text_of(page: BeautifulSoup, selector: str) -> str:
    """The words of all that ``selector`` finds, with single spaces."""
    return " ".join(" ".join(found.get_text(" ").split()) for found in page.select(selector))


def span_of(library: Library, source_id: str, words: str) -> Span:
    """Where ``words`` stand in the published version."""
    start = library.read(source_id)[1].text.index(words)
    return Span(start, start + len(words))
