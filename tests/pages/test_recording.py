"""A recording over HTTP: any part of it, to whoever may hear it and nobody else; and its calendar entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from httpx import Response

from bot.pages.recording import recording_pages
from index.library import Library
from index.scope import PUBLIC, Reader
from ingest.domain import Event
from tests.clips import wav
from tests.fakes import HashEmbedder
from tests.index import made
from web.site import furnish

ADDRESS = "/webinars/palm/recording"
MEMBER = Reader("member", frozenset({"public", "members"}))
START = datetime(2026, 2, 10, 9, tzinfo=UTC)


def programme(webinar_id: str) -> made.Document:
    event = Event(webinar_id, "Who pays", START, START.replace(hour=10), "Africa/Nairobi")
    return made.text(f"event-{webinar_id}", f"Programme of {webinar_id}.", event_=event, event=webinar_id)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wav(tmp_path_factory.mktemp("clips") / "clip.wav", minutes=0.1, hertz=440)


@pytest.fixture
def library(tmp_path: Path, clip: Path) -> Iterator[Library]:
    """A public webinar and one for members, both with a recording."""
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(programme("palm"))
        library.add(programme("secret"), audience="members")
        for webinar_id in ("palm", "secret"):
            library.attach_recording(webinar_id, clip)
        yield library


@pytest.fixture
def client(library: Library) -> TestClient:
    """A visitor's browser; a request that says so is a member's."""

    def reader_of(request: Request) -> Reader:
        return MEMBER if "x-member" in request.headers else PUBLIC

    app = FastAPI()
    app.include_router(recording_pages(library, reader_of))
    furnish(app)
    return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})


def part(client: TestClient, wanted: str, **headers: str) -> Response:
    return client.get(ADDRESS, headers={"range": wanted, **headers})


def test_the_whole_recording(client: TestClient, clip: Path) -> None:
    response = client.get(ADDRESS)
    assert response.status_code == 200 and response.content == clip.read_bytes()
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-disposition"] == 'inline; filename="palm.wav"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "private, no-cache"


def test_a_head_tells_the_length_and_sends_nothing(client: TestClient, clip: Path) -> None:
    response = client.head(ADDRESS)
    assert response.status_code == 200 and response.content == b""
    assert response.headers["content-length"] == str(clip.stat().st_size)


# The clip has 44 bytes of header and 6 seconds of 8,000 samples.
SIZE = 48_044


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=24044-", 24_044, SIZE - 1),
        ("bytes=1000-1999", 1_000, 1_999),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        ("bytes=48000-99999", 48_000, SIZE - 1),
        ("bytes=48043-48043", SIZE - 1, SIZE - 1),
    ],
)
def test_a_part(client: TestClient, clip: Path, wanted: str, first: int, last: int) -> None:
    response = part(client, wanted)
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert response.headers["content-length"] == str(last - first + 1)
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.content == clip.read_bytes()[first : last + 1]


def test_several_parts(client: TestClient, clip: Path) -> None:
    response = part(client, "bytes=0-3,1000-1002,-2")
    assert response.status_code == 206
    kind, boundary = response.headers["content-type"].split("; boundary=")
    assert kind == "multipart/byteranges"
    pieces = response.content.split(f"--{boundary}".encode())
    assert pieces[0] == b"" and pieces[-1] == b"--"
    contents = [piece.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for piece in pieces[1:-1]]
    whole = clip.read_bytes()
    assert contents == [whole[:4], whole[1000:1003], whole[-2:]]
    assert f"content-range: bytes 1000-1002/{SIZE}".encode() in pieces[2].lower()


@pytest.mark.parametrize("wanted", ["bytes=48044-", "bytes=99999-", "bytes=-0"])
def test_beyond_the_end(client: TestClient, wanted: str) -> None:
    response = part(client, wanted)
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "wanted", ["bytes=", "bytes=x-y", "bytes=5-3", "pages=1-2", "0-3", "bytes=0-1" * 900]
)
def test_what_is_no_range_sends_no_wrong_part(client: TestClient, wanted: str) -> None:
    assert part(client, wanted).status_code in (200, 400)


def test_a_part_of_a_recording_that_was_replaced_is_the_whole_new_one(
    client: TestClient, library: Library, tmp_path: Path
) -> None:
    tag = client.get(ADDRESS).headers["etag"]
    assert part(client, "bytes=0-1", **{"if-range": tag}).status_code == 206
    other = wav(tmp_path / "other.wav", minutes=0.1)
    library.attach_recording("palm", other)
    response = part(client, "bytes=0-1", **{"if-range": tag})
    assert response.status_code == 200 and response.content == other.read_bytes()


def test_what_a_browser_has_is_not_sent_again(client: TestClient) -> None:
    tag = client.get(ADDRESS).headers["etag"]
    again = client.get(ADDRESS, headers={"if-none-match": tag})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert client.get(ADDRESS, headers={"if-none-match": '"other"'}).status_code == 200


def test_who_may_hear_it_is_asked_each_time(client: TestClient, library: Library) -> None:
    member = {"x-member": "yes"}
    response = client.get("/webinars/secret/recording", headers=member)
    assert response.status_code == 200
    known = {"if-none-match": response.headers["etag"], "range": "bytes=0-1"}
    for method in ("GET", "HEAD"):
        for headers in ({}, known):
            refused = client.request(method, "/webinars/secret/recording", headers=headers)
            assert refused.status_code == 404 and "etag" not in refused.headers
    library.withdraw("event-secret")
    assert client.get("/webinars/secret/recording", headers=member | known).status_code == 404


@pytest.mark.parametrize(
    "webinar_id",
    [
        "nothing",
        "..",
        "%2e%2e",
        "..%2fsecret",
        "%2e%2e%2f%2e%2e%2fsecret",
        "%2fetc%2fpasswd",
        "palm%00",
        "palm%0a",
        "PALM",
        "palm.wav",
        "linked",
        "*",
        "x" * 5_000,
    ],
)
def test_an_address_reaches_nothing_else(
    client: TestClient, library: Library, tmp_path: Path, webinar_id: str
) -> None:
    (tmp_path / "secret.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVE")
    library.add(programme("linked"))
    (library.folder / "recordings" / "linked.wav").symlink_to(tmp_path / "secret.wav")
    for address in ("recording", "event.ics") if webinar_id != "linked" else ("recording",):
        response = client.get(f"/webinars/{webinar_id}/{address}")
        assert response.status_code == 404
        assert response.headers["content-type"].startswith("text/html")


def test_the_calendar_entry_of_a_webinar(client: TestClient) -> None:
    response = client.get("/webinars/palm/event.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["content-disposition"] == 'inline; filename="palm.ics"'
    assert b"\r\nURL:http://testserver/webinars/palm\r\n" in response.content
    assert b"\r\nDTSTART:20260210T090000Z\r\n" in response.content
    assert client.get("/webinars/secret/event.ics").status_code == 404
    assert client.get("/webinars/secret/event.ics", headers={"x-member": "yes"}).status_code == 200
