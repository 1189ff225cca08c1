"""Requests of somebody who does not come by a browser: bodies that nobody may send, headers that are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.pages.doors import doors
from community.gaps.calls import Calls
from community.gaps.groups import Gaps
from community.pages.gaps import gap_pages
from community.records import Records
from community.uploads.receiving import Receiving, TooMuch
from index.library import Library
from ingest.errors import NotFound
from tests.community.upload_house import BOUNDARY, CHIDI, SIFA, House, content_type, fed
from tests.fakes import HashEmbedder
from web.guard import Guard
from web.site import furnish

STRANGE_ORIGINS = ("http://[", "http://[::1", "//[", "http://]evil", "null", "file://", "")


@pytest.fixture(scope="module")
def owners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The doors of whoever owns the library, behind the guard."""
    with Library(tmp_path_factory.mktemp("library"), embedder=HashEmbedder()) as library:
        app = FastAPI()
        app.include_router(doors(library, "the token"))
        furnish(app)
        app.add_middleware(Guard, site="http://testserver", larger={"/library/files": 1_000_000_000})
        yield app


def answered_unread(app: FastAPI, path: str, **headers: str) -> int:
    """The status with which ``app`` answers a large form of which it has read nothing."""
    given = {"content-type": "multipart/form-data; boundary=x", "content-length": "900000000", **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("testserver", 80),
        "scheme": "http",
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("It was read before it was known who sends it.")

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    with start_blocking_portal() as portal:  # a thread: in this one a browser's loop may run
        portal.call(app, scope, receive, send)
    return statuses[0]


def test_of_files_that_a_stranger_sends_to_the_owners_door_nothing_is_read(owners: FastAPI) -> None:
    assert answered_unread(owners, "/library/files") == 403
    assert answered_unread(owners, "/library/files", authorization="Bearer another") == 403


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_an_origin_that_is_no_address_is_foreign(owners: FastAPI, origin: str) -> None:
    browser = TestClient(owners, raise_server_exceptions=False)
    sent = browser.post("/library/publish", headers={"origin": origin})
    assert sent.status_code == 403 and "another site" in sent.text


@pytest.mark.parametrize("number", [2**63, 10**30, -(2**70)])
def test_a_question_of_an_impossible_number_is_not_there(tmp_path: Path, number: int) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        records = Records(library.store)
        gaps = Gaps(records, library, lambda _id: None)
        app = FastAPI()
        app.include_router(gap_pages(gaps, Calls(records, gaps), lambda request: SIFA))
        furnish(app)
        sent = TestClient(app, raise_server_exceptions=False).post(f"/gaps/uncertain/{number}")
    assert sent.status_code == 404


@pytest.mark.parametrize("part", ['name="f"', 'name="f"; filename=""'])
def test_parts_without_end_are_refused_though_they_share_a_name(tmp_path: Path, part: str) -> None:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n\r\n\r\n".encode()
    with Receiving(content_type(), tmp_path, limit=1_000, room=1_000) as receiving, pytest.raises(TooMuch):
        fed(receiving, head * 500)


def test_no_file_takes_the_place_of_a_form(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        form = house.submissions.begin(CHIDI, form="practice", title="Training")
        with pytest.raises(NotFound):
            house.send(CHIDI, ("a.txt", b"Another text."), submission=form.id)
        assert house.kept == []
