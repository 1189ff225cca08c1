"""A small real library behind the real pages, and a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.pages.library_routes import pages
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from ingest.cage import Cage
from ingest.reading import Document, read_document
from tests.fakes import HashEmbedder
from tests.ingest import documents
from web.site import furnish

PALM = """---
id: palm
title: The PALM scheme
kind: good_practice
date: 2026-03-18
countries: [Kenya, Australia, Papua New Guinea]
themes: [funding]
event: learning
licence: CC BY 4.0
link: https://example.org/palm
references: {P01: "https://example.org/airfare (2024)"}
---
# The PALM scheme

The scheme brings seasonal workers to farms and packing sheds.

## Financing

The employer pays the airfare first and carries 300 dollars of it.[^P01] Wages bear the rest.

- Housing is arranged by the grower.
- Insurance is deducted weekly.

| Item | First payer |
|---|---|
| Visa | Employer |
| Clothing | Worker |
"""
WEBINAR = """WEBVTT

00:00:01.000 --> 00:00:09.000
<v Moderator>Welcome to the webinar on recognition.

00:12:30.000 --> 00:12:41.000
<v Country liaison officer>The employer pays superannuation from the first day.

01:02:05.000 --> 01:02:20.000
<v Moderator>We close with the question of portability.
""" + "".join(
    f"\n01:0{minute}:00.000 --> 01:0{minute}:50.000\n<v Moderator>{'Thanks go to everybody. ' * 16}\n"
    for minute in (3, 4, 5)
)
HANDBOOK = [
    ["Handbook of partnerships", "The first page explains how stakeholders are brought together."],
    ["A second page says that bilateral cooper-", "ation needs a joint committee, which meets"],
    ["twice a year in the two capitals.", "The third page closes the handbook."],
]
HOSTILE = """<script>alert("x")</script> & <b>bold</b> "quarantine" procedures

<img src=x onerror=alert(1)>"""
ARABIC = "# الاعتراف بالمهارات\n\nيحصل العامل على شهادة تثبت مهاراته قبل السفر."
FIRST = "# Fees\n\nThe recruitment fee is eighty shillings."
SECOND = "# Fees\n\nThe recruitment fee is abolished for everybody."


def long_text(sections: int = 36) -> str:
    """A document of many sections that all differ."""
    body = "Apprentices of workshop {0} repair tractors, and master number {0} signs their logbook. "
    return "\n\n".join(f"## Section {n}\n\n{body.format(n) * 8}" for n in range(1, sections + 1))


def _documents(cage: Cage) -> Iterator[Document]:
    def read(content: str | bytes, name: str, **overrides: object) -> Document:
        encoded = content if isinstance(content, bytes) else content.encode()
        return read_document(encoded, name, name, cage=cage, overrides=overrides)

    yield read(PALM, "palm.md")
    yield read(WEBINAR, "webinar.vtt", id="webinar", title="Recognition", event="learning", illustrative=True)
    yield read(documents.pdf(HANDBOOK), "handbook.pdf", id="handbook", title="Handbook", kind="guideline")
    yield read(documents.slides(), "deck.pptx", id="deck")
    yield read(long_text(), "workshops.md", id="workshops", title="Workshops", kind="report")
    yield read(
        HOSTILE,
        "hostile.txt",
        id="hostile",
        title="<i>Hostile</i>",
        licence="<u>",
    )
    yield read(ARABIC, "shahada.md", id="shahada", language="ar")
    yield read(FIRST, "fees.md", id="fees", title="Fees", kind="report")
    yield read(SECOND, "fees.md", id="fees", title="Fees", kind="report")
    yield read("# Gone\n\nThe obsolete guarantee.", "gone.md", id="gone", title="Gone")


@pytest.fixture(scope="package")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A practice, a webinar, a PDF, slides, long, hostile and Arabic text, a replaced and a withdrawn one."""
    with Library(tmp_path_factory.mktemp("library"), embedder=HashEmbedder()) as library:
        with Cage() as cage:
            for document in _documents(cage):
                assert library.add(document).status in ("added", "replaced")
            secret = read_document(b"Members know the password.", "members.txt", "members.txt", cage=cage)
            library.add(secret, audience="members")
        library.withdraw("gone")
        yield library


@pytest.fixture(scope="package")
def app(library: Library) -> FastAPI:
    """The pages alone. A request that says so is staff's."""

    def reader_of(request: Request) -> Reader:
        return STAFF if "x-staff" in request.headers else PUBLIC

    app = FastAPI()
    app.include_router(pages(library, reader_of))
    furnish(app)
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A visitor's browser; what breaks is answered, as in life."""
    return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})
