"""The guard before the whole app: orders from other sites, and bodies that are too large."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from typing import Annotated
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Form, Request, UploadFile, WebSocket
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.browser.serving import running
from web.guard import MEGABYTE, Guard
from web.site import furnish

SITE = "https://ujuzi.example.org"


@pytest.fixture
def done() -> list[str]:
    """What the app did."""
    return []


@pytest.fixture
def app(done: list[str]) -> FastAPI:
    """An app that takes forms, files and anything else."""
    app = FastAPI()

    @app.post("/forms")
    def form(name: Annotated[str, Form()] = "") -> str:
        done.append("form")
        return name

    @app.post("/uploads/{number}")
    def upload(number: str, file: UploadFile) -> int:
        done.append("upload")
        return len(file.file.read())

    @app.api_route("/anything", methods=["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST"])
    async def anything(request: Request) -> int:
        size = len(await request.body())
        done.append("anything")
        return size

    @app.websocket("/talk")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    furnish(app)
    app.add_middleware(Guard, site=SITE, larger={"/uploads/*": 3 * MEGABYTE})
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, headers={"accept": "text/html"})


OURS = [
    ({"origin": "https://ujuzi.example.org"}, "ujuzi.example.org"),
    ({"origin": "https://ujuzi.example.org"}, "127.0.0.1:7860"),  # a proxy that puts its own host in
    ({"origin": "https://Ujuzi.example.org"}, "ujuzi.example.org"),
    ({"origin": "http://127.0.0.1:7860"}, "127.0.0.1:7860"),
    ({"origin": "http://localhost:7860", "sec-fetch-site": "same-origin"}, "localhost:7860"),
    ({"sec-fetch-site": "same-origin"}, "ujuzi.example.org"),
    ({"sec-fetch-site": "none"}, "ujuzi.example.org"),
    ({}, "ujuzi.example.org"),  # a program
]
FOREIGN = [
    ({"origin": "https://evil.example"}, "ujuzi.example.org"),
    ({"origin": "https://ujuzi.example.org.evil.example"}, "ujuzi.example.org"),
    ({"origin": "https://evil.example/ujuzi.example.org"}, "ujuzi.example.org"),
    ({"origin": "http://ujuzi.example.org"}, "ujuzi.example.org"),  # not encrypted
    ({"origin": "https://other.example.org", "sec-fetch-site": "same-site"}, "ujuzi.example.org"),
    ({"origin": "http://127.0.0.1:8000"}, "127.0.0.1:7860"),
    ({"origin": "null"}, "ujuzi.example.org"),
    ({"origin": ""}, ""),
    ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, "ujuzi.example.org"),
    ({"sec-fetch-site": "cross-site"}, "ujuzi.example.org"),
    ({"sec-fetch-site": "same-site"}, "ujuzi.example.org"),
]
ROUTES = [("POST", "/forms"), ("PUT", "/anything"), ("DELETE", "/anything"), ("PATCH", "/anything")]


@pytest.mark.parametrize(("said", "route"), list(product(OURS, ROUTES)))
def test_an_order_from_our_own_pages_passes(
    client: TestClient, done: list[str], said: tuple[dict[str, str], str], route: tuple[str, str]
) -> None:
    headers, host = said
    assert client.request(*route, headers={**headers, "host": host}).status_code == 200
    assert done


@pytest.mark.parametrize(("said", "route"), list(product(FOREIGN, [*ROUTES, ("POST", "/uploads/1")])))
def test_an_order_from_elsewhere_does_nothing(
    client: TestClient, done: list[str], said: tuple[dict[str, str], str], route: tuple[str, str]
) -> None:
    headers, host = said
    response = client.request(*route, headers={**headers, "host": host})
    assert response.status_code == 403 and not done
    assert "from a page of another site" in response.text and "<h1>" in response.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_open_to_links_from_elsewhere(client: TestClient, method: str) -> None:
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert client.request(method, "/anything", headers=elsewhere).status_code == 200


def test_a_socket_from_elsewhere_is_closed(client: TestClient) -> None:
    with client.websocket_connect("/talk", headers={"origin": SITE}) as socket:
        assert socket.receive_text() == "hello"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/talk", headers={"origin": "https://evil.example"}),
    ):
        pass


# sizes


@pytest.fixture
def served(app: FastAPI) -> Iterator[http.client.HTTPConnection]:
    """A connection to the app behind a real server."""
    with running(app) as address:
        host = urlsplit(address).netloc
        with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
            yield connection


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000


def test_a_body_is_taken_up_to_its_limit_and_no_further(client: TestClient, done: list[str]) -> None:
    assert client.post("/anything", content=b"x" * MEGABYTE).text == str(MEGABYTE)
    refused = client.post("/anything", content=b"x" * (MEGABYTE + 1))
    assert refused.status_code == 413 and done == ["anything"]
    assert "1 MB" in refused.text and "Nothing was stored" in refused.text


def test_a_length_without_end_is_too_large(client: TestClient, done: list[str]) -> None:
    """More digits than Python turns into a number."""
    assert client.post("/anything", headers={"content-length": "9" * 5_000}).status_code == 413
    assert not done


def test_a_path_may_take_more(client: TestClient, done: list[str]) -> None:
    content = b"x" * (2 * MEGABYTE)
    assert client.post("/uploads/1", files={"file": ("a.txt", content)}).text == str(len(content))
    assert client.post("/anything/uploads/1", content=content).status_code == 413
    refused = client.post("/uploads/1", files={"file": ("a.txt", b"x" * 3 * MEGABYTE)})
    assert refused.status_code == 413 and "3 MB" in refused.text and done == ["upload"]


@pytest.mark.parametrize("path", ["/anything", "/forms"])
def test_a_body_of_unknown_length_is_cut_where_it_is_too_long(
    served: http.client.HTTPConnection, done: list[str], path: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    served.request("POST", path, body=chunks(MEGABYTE + 500_000), headers=headers, encode_chunked=True)
    response = served.getresponse()
    assert response.status == 413 and b"1 MB" in response.read() and not done


def test_a_file_of_unknown_length_is_cut_too(served: http.client.HTTPConnection, done: list[str]) -> None:
    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from chunks(4 * MEGABYTE)
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    served.request("POST", "/uploads/1", body=body(), headers=headers, encode_chunked=True)
    response = served.getresponse()
    assert response.status == 413 and b"3 MB" in response.read() and not done


def test_a_sender_reads_the_refusal_though_they_were_still_sending(
    served: http.client.HTTPConnection,
) -> None:
    served.request("POST", "/anything", body=b"x" * (2 * MEGABYTE))
    assert served.getresponse().status == 413


def test_a_sender_without_end_is_not_read_without_end(served: http.client.HTTPConnection) -> None:
    served.putrequest("POST", "/anything")
    served.putheader("Content-Length", str(10**15))
    served.endheaders()
    sent = threading.Event()

    def send() -> None:
        try:
            for chunk in chunks(50 * MEGABYTE):
                served.send(chunk)
        except OSError:
            pass  # cut off, as it should be
        sent.set()

    threading.Thread(target=send, daemon=True).start()
    assert sent.wait(60)


def test_an_app_that_has_begun_to_answer_is_not_interrupted() -> None:
    async def streams(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        while (await receive()).get("more_body"):  # type: ignore[operator]
            pass
        await send({"type": "http.response.body", "body": b"read"})  # type: ignore[operator]

    client = TestClient(Guard(streams, SITE, most=10))  # type: ignore[arg-type]
    assert client.post("/", content=iter([b"x" * 8, b"x" * 8])).text == "read"


def test_a_fault_of_the_app_stays_one() -> None:
    async def breaks(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        TestClient(Guard(breaks, SITE)).get("/")  # type: ignore[arg-type]
