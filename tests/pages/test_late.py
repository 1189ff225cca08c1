"""What takes long to load keeps nobody waiting who does not ask for it."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NoReturn

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from starlette.types import Message

from bot.pages.chat import mount
from bot.pages.late import Late, Loaded, uncollected


def site(load: Callable[[], Loaded]) -> FastAPI:
    """A page at ``/quick``, and behind it what ``load`` returns."""
    late = Late(load)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with late.lifespan():
            yield

    app = FastAPI(lifespan=lifespan)
    app.add_api_route("/quick", lambda: PlainTextResponse("at once"))
    app.mount("/", late)
    return app


def test_the_other_pages_do_not_wait_and_whoever_asks_is_answered() -> None:
    gate = threading.Event()
    lived: list[str] = []

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        lived.append("begun")
        yield
        await asyncio.sleep(0.2)  # the server goes down only when all is put away
        lived.append("ended")

    def load() -> Loaded:
        assert gate.wait(30)
        return Loaded(PlainTextResponse("at last"), lifespan)

    with TestClient(site(load)) as client:
        assert client.get("/quick").text == "at once"
        assert lived == []
        threading.Timer(0.2, gate.set).start()
        assert [client.get("/").text for _ in range(2)] == ["at last", "at last"]
        assert lived == ["begun"]
    assert lived == ["begun", "ended"]


def test_whoever_goes_away_while_waiting_takes_nothing_from_those_who_stay() -> None:
    gate = threading.Event()

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        yield

    def load() -> Loaded:
        assert gate.wait(30)
        return Loaded(PlainTextResponse("at last"), lifespan)

    async def ask(late: Late, said: list[str]) -> None:
        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            said.append(message["type"])

        await late({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)

    async def both() -> list[str]:
        late, said = Late(load), list[str]()
        async with late.lifespan():
            gone, stays = (asyncio.create_task(ask(late, said)) for _ in range(2))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(0)
            gate.set()
            await stays
        return said

    with start_blocking_portal() as portal:  # a loop of its own: the browser's tests leave theirs running
        assert portal.call(both) == ["http.response.start", "http.response.body"]


def test_what_the_loading_broke_on_is_told_to_whoever_asks_and_to_nobody_else() -> None:
    def load() -> Loaded:
        raise RuntimeError("no framework here")

    with TestClient(site(load)) as client:
        for _ in range(2):
            with pytest.raises(RuntimeError, match="no framework here"):
                client.get("/")
            assert client.get("/quick").text == "at once"


def test_what_a_search_needs_is_loaded_before_the_chat() -> None:
    done: list[str] = []

    def make() -> NoReturn:
        done.append("chat")
        raise RuntimeError("no framework here")

    app = FastAPI()
    mount(app, make, first=lambda: done.append("first"), then=lambda: done.append("then"))
    with TestClient(app) as client, pytest.raises(RuntimeError, match="no framework here"):
        client.get("/")
    assert done == ["first", "chat"]


def test_garbage_is_looked_for_again_after_the_loading_even_if_it_broke() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
