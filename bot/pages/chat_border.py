"""The border to the framework: of all its addresses, those that the chat needs, and no large parcels."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.rendering import SECURITY_HEADERS

# What the page in the browser asks for. The framework has some seventy addresses more: uploads, files, saved
# states, recordings, proxies. A new version of it may bring others, so what is not named here is closed.
_EXACTLY = {
    "GET": {"/", "/config", "/theme.css"}
    | {f"/gradio_api/{name}" for name in ("app_id", "info", "queue/data", "startup-events")},
    "POST": {f"/gradio_api/{name}" for name in ("cancel", "queue/join", "reset")},
}
_BELOW = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_LARGEST = 1_000_000  # bytes of a request: far more than a question that is told to be too long


class ChatBorder:
    """ASGI middleware around the mounted framework."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the chat needs; anything else is not there."""
        if scope["type"] == "http" and not _is_open(scope["method"], scope["path"]):
            raise HTTPException(404)
        await self._app(scope, _limited(receive), _guarded(send))


def _is_open(method: str, path: str) -> bool:
    method = "GET" if method == "HEAD" else method
    return path in _EXACTLY.get(method, ()) or (method == "GET" and path.startswith(_BELOW))


def _limited(receive: Receive) -> Receive:
    """``receive``, which stops where a request grows too large."""
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > _LARGEST:
            raise HTTPException(413)
        return message

    return received


def _guarded(send: Send) -> Send:
    """``send``, which adds the headers of our own pages."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SECURITY_HEADERS)
        await send(message)

    return sent
