"""The chat's door to the web: what it serves, what it refuses, and that every event asks who is there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount
from starlette.websockets import WebSocketDisconnect

from bot.assistant import Assistant
from bot.pages.asking import Thread
from bot.pages.chat import build, mount
from bot.pages.chat_document import document
from index.library import Library
from index.scope import PUBLIC, Reader
from tests.pages.seen import see, text_of
from tests.scripted import ScriptedAssistant, small_library
from web.site import furnish

ENDLESS = {("GET", "/gradio_api/heartbeat/{session_hash}")}  # an open door that is never done answering


class Stranger(Exception):
    """Nobody may ask."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library") / "data") as library:
        yield library


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the framework puts files that it takes for its own."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def chat(library: Library, temporary: Path) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    furnish(app)
    mount(app, lambda: build(cast("Assistant", ScriptedAssistant(library)), library, lambda request: PUBLIC))
    return app


@pytest.fixture(scope="module")
def client(chat: FastAPI) -> Iterator[TestClient]:
    with TestClient(chat) as client:
        yield client


def test_the_page_names_no_other_host_and_lets_only_its_own_scripts_run(client: TestClient) -> None:
    answer = client.get("/")
    assert set(re.findall(r"https?://[^\"'\s<&\\]+", answer.text)) <= {
        "http://testserver",
        "http://testserver/",
    }
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce and "default-src 'self'" in policy and "unsafe-inline'; script" in policy
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts and all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert client.get("/").headers["content-security-policy"] != policy
    assert "<title>Ask – Ujuzi</title>" in answer.text and 'class="site-header"' in answer.text
    assert "needs JavaScript, which is off in your browser. Asking does not" in answer.text


def test_an_unknown_address_is_a_page_for_people_beside_the_chat_too(client: TestClient) -> None:
    page = see(client, "/nowhere", status=404, headers={"accept": "text/html"})
    assert "no page at this address" in text_of(page, "main")
    assert client.get("/nowhere").json() == {"detail": "Not Found"}


def test_no_script_of_a_document_gets_the_nonce() -> None:
    html = document("<html><head></head><body class='a'><p>x</p></body></html>", "N")
    assert html.index('class="site-header"') < html.index("<p>x</p>")
    assert re.findall(r"<script[^>]*>", html) == re.findall(r'<script nonce="N"[^>]*>', html)


@pytest.mark.parametrize("door", ["/gradio_api/file=", "/file=", "/gradio_api/file/"])
def test_no_file_of_the_machine_is_handed_out(client: TestClient, temporary: Path, door: str) -> None:
    cached = temporary / "cached.txt"
    cached.write_text("left here by the framework")
    for path in ("/etc/passwd", "../../etc/passwd", __file__, str(cached)):
        assert client.get(f"{door}{path}").status_code in (403, 404)


@pytest.mark.parametrize("event", range(6))
def test_no_event_copies_a_file_of_the_machine(client: TestClient, temporary: Path, event: int) -> None:
    file = {"path": __file__, "meta": {"_type": "gradio.FileData"}}
    count = len(client.get("/config").json()["dependencies"][event]["inputs"])
    sent = {"data": [file] * count, "fn_index": event, "session_hash": f"session-{event}"}
    assert client.post("/gradio_api/queue/join", json=sent).status_code == 200
    with client.stream("GET", f"/gradio_api/queue/data?session_hash=session-{event}") as stream:
        told = stream.read().decode()
    assert "process_completed" in told
    assert not list(temporary.rglob(Path(__file__).name))


def test_no_file_is_taken_in(client: TestClient, temporary: Path) -> None:
    before = sorted(temporary.rglob("*"))
    files = {"files": ("a.txt", b"x")}
    assert client.post("/gradio_api/upload", files=files).status_code == 404
    assert sorted(temporary.rglob("*")) == before


def test_of_the_frameworks_addresses_only_those_that_the_chat_needs_are_open(chat: FastAPI) -> None:
    late = cast("Any", next(route for route in chat.routes if isinstance(route, Mount)).app)
    with TestClient(chat) as client:
        assert client.get("/").status_code == 200
        framework = late._loaded.result()
        while not isinstance(framework, FastAPI):  # our own border stands around it
            framework = framework._app
        offered = {(method, path) for route in framework.routes for method, path in _addresses(route)}
        assert len(offered) > 60
        answers = {
            (method, path)
            for method, path in offered - ENDLESS
            if client.request(method, re.sub(r"{[^}]*}", "x", path)).status_code != 404
        }
    assert answers == {
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/favicon.ico"),  # ours
        ("GET", "/config"),
        ("GET", "/theme.css"),
        *(("GET", f"/gradio_api/{name}") for name in ("app_id", "info", "queue/data", "startup-events")),
        *(("POST", f"/gradio_api/{name}") for name in ("cancel", "queue/join", "reset")),
    }


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/static/js/x.js", "/gradio_api/info"])
def test_whatever_is_served_keeps_to_its_own_machine(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_request_without_measure_is_broken_off(client: TestClient) -> None:
    parcel = b'{"data": ["' + b"x" * 2_000_000 + b'"]}'
    assert client.post("/gradio_api/queue/join", content=parcel).status_code == 413
    pieces = (parcel[at : at + 100_000] for at in range(0, len(parcel), 100_000))  # of no declared length
    assert client.post("/gradio_api/queue/join", content=pieces).status_code == 413


def test_no_socket_is_opened(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/queue/join"):
        pass


def test_no_event_is_offered_as_an_api(client: TestClient) -> None:
    offered = client.get("/gradio_api/info").json()
    assert offered["named_endpoints"] == {} and offered["unnamed_endpoints"] == {}


def test_every_event_asks_who_is_there(library: Library) -> None:
    def refuse(_request: Any) -> Reader:
        raise Stranger

    blocks = build(cast("Assistant", ScriptedAssistant(library)), library, refuse)
    functions = [function.fn for function in blocks.fns.values() if function.fn is not None]
    assert len(functions) == 6
    for function in functions:
        with pytest.raises(Stranger):
            _run(function)


def test_events_wait_in_a_short_queue_and_run_side_by_side(library: Library) -> None:
    blocks = build(cast("Assistant", ScriptedAssistant(library)), library, lambda request: PUBLIC)
    assert blocks._queue.max_size == 64
    assert {function.concurrency_limit for function in blocks.fns.values()} == {8}
    assert {function.api_visibility for function in blocks.fns.values()} == {"private"}


def _addresses(route: Any) -> Iterator[tuple[str, str]]:
    """The methods and paths of a route, or of the router that the framework includes."""
    for one in [route] if hasattr(route, "path") else route.original_router.routes:
        for method in one.methods:
            yield method, one.path


def _run(function: Any) -> None:
    """Call an event's function as its signature wants, and take the first thing that it yields."""
    from gradio import EventData

    values = {"question": "What?", "thread": Thread(), "pressed": EventData(None, {"question": "What?"})}
    names = list(inspect.signature(function).parameters)
    result = function(*(values.get(name, []) for name in names))
    if inspect.isgenerator(result):
        next(result)
