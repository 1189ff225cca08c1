"""A part of the site that takes seconds to load: loaded beside the running app, and waited for on demand."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send


class Loaded(NamedTuple):
    """An app, and what has to be entered in the server's loop before it is asked and left at the end."""

    app: ASGIApp
    lifespan: Callable[[], AbstractAsyncContextManager[object]]


class Late:
    """ASGI app in the place of the one that ``load`` will return, which runs in a thread."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Begin to load, and go on at once."""
        self._loaded: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
        over = asyncio.Event()
        living = asyncio.create_task(self._live(over))
        living.add_done_callback(self._tell)
        yield
        over.set()
        await asyncio.wait([living])

    async def _live(self, over: asyncio.Event) -> None:
        loaded = await asyncio.to_thread(self._load)
        async with loaded.lifespan():
            self._loaded.set_result(loaded.app)
            await over.wait()

    def _tell(self, living: asyncio.Task[None]) -> None:
        """Whoever waits hears what the loading broke on."""
        if not living.cancelled() and (error := living.exception()) and not self._loaded.done():
            self._loaded.set_exception(error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, as soon as there is something to pass on to."""
        app = await asyncio.shield(self._loaded)
        await app(scope, receive, send)


@contextmanager
def uncollected() -> Iterator[None]:
    """To load large libraries in: what they make stays, and looking for garbage in it takes a fifth more."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
