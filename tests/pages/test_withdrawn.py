"""What is told of documents that are no longer there, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.pages.library_routes import pages
from index.library import Library
from index.scope import Reader
from ingest.cage import Cage
from ingest.errors import NotFound, Withdrawn
from ingest.reading import read_document
from tests.fakes import HashEmbedder
from tests.pages.seen import see, text_of
from web.site import furnish

MEMBER = {"x-audience": "members"}
STAFF = {"x-audience": "staff"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A document in two versions and one for members, both withdrawn, and one that was removed."""
    texts = [
        ("fees", "The fee is eighty shillings.", "public"),
        ("fees", "The fee is abolished.", "public"),
        ("minutes", "Members met in private.", "members"),
        ("removed", "This was a mistake.", "public"),
    ]
    with Library(tmp_path, embedder=HashEmbedder()) as library, Cage() as cage:
        for name, text, audience in texts:
            file = f"{name}.txt"
            about = {"id": name, "title": f"About {name}"}
            document = read_document(text.encode(), file, file, cage=cage, overrides=about)
            library.add(document, audience=audience)
        library.withdraw("fees")
        library.withdraw("minutes")
        library.remove("removed")
        yield library


@pytest.fixture
def client(library: Library) -> TestClient:
    def reader_of(request: Request) -> Reader:
        return Reader("reader", frozenset({"public", request.headers.get("x-audience", "public")}))

    app = FastAPI()
    app.include_router(pages(library, reader_of))
    furnish(app)
    return TestClient(app, headers={"accept": "text/html"})


@pytest.mark.parametrize("query", ["", "?version=1", "?version=2&from=0&to=7", "?version=9"])
def test_every_link_to_a_withdrawn_document_says_so_without_its_words(client: TestClient, query: str) -> None:
    page = see(client, f"/sources/fees{query}", status=410)
    assert page.h1.text == "Withdrawn"
    assert not {"About", "shillings", "abolished"} & set(page.text.replace(".", " ").split())


def test_only_those_whom_it_was_for_are_told(client: TestClient) -> None:
    unknown = see(client, "/sources/minutes", status=404)
    never = see(client, "/sources/never", status=404)
    assert text_of(unknown, "main").replace("minutes", "never") == text_of(never, "main")
    assert see(client, "/sources/minutes", status=410, headers=MEMBER).h1.text == "Withdrawn"


def test_staff_reads_it_still(client: TestClient) -> None:
    assert "abolished" in text_of(see(client, "/sources/fees", headers=STAFF), ".text")
    see(client, "/sources/fees?version=9", status=404, headers=STAFF)


def test_of_what_was_removed_nothing_is_known(client: TestClient) -> None:
    see(client, "/sources/removed", status=404)


def test_published_again_it_is_back_with_its_old_version(client: TestClient, library: Library) -> None:
    library.publish("fees")
    assert "abolished" in text_of(see(client, "/sources/fees"), ".text")
    assert "version 2 replaced it" in text_of(see(client, "/sources/fees?version=1"), ".notice")


def test_beside_a_new_version_the_one_that_was_withdrawn_stays_so(library: Library) -> None:
    with Cage() as cage:
        better = read_document(b"No fee at all.", "fees.txt", "fees.txt", cage=cage, overrides={"id": "fees"})
    library.add(better, draft=True)
    library.publish("fees")
    assert library.entry("fees").number == 3
    with pytest.raises(Withdrawn):
        library.entry("fees", number=2)
    with pytest.raises(NotFound, match="no document called fees"):
        library.entry("fees", number=4)
