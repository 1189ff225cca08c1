"""What is refused before it is read: orders from pages of other sites, and bodies that are too large."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.site import explained

MEGABYTE = 1_000_000
_DIGITS = 20  # of a length that is read; with more it is too large anyway
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})
_FOREIGN = (
    "This was sent from a page of another site, so nothing was done. If you filled in a form of ours, open "
    "it again at its own address and send it from there."
)


class Guard:
    """ASGI middleware before the whole app, the chat included.

    A browser says in ``Origin`` and ``Sec-Fetch-Site`` whose page sends something; whoever says neither is no
    browser, and has no cookies of somebody else's.
    """

    def __init__(
        self,
        app: ASGIApp,
        site: str,
        larger: Mapping[str, int] = MappingProxyType({}),
        most: int = MEGABYTE,
    ) -> None:
        """``site``: our own address. ``most``: bytes of a body; ``larger``: the same for patterns of paths.

        In a pattern * stands for anything, as in ``/contributions/*/form/attachments``.
        """
        self._app = app
        self._site = urlsplit(site.lower())
        self._larger = dict(larger)
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket" and self._is_foreign(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] not in _HARMLESS and self._is_foreign(Headers(scope=scope)):
            await explained(403, "foreign", _FOREIGN)(scope, receive, send)
        else:
            await _Measured(self._limit(scope["path"])).answer(self._app, scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            try:
                return not self._is_ours(urlsplit(origin.lower()), headers.get("host", "").lower())
            except ValueError:  # it is no address
                return True
        return headers.get("sec-fetch-site", "").lower() in _FROM_ELSEWHERE

    def _is_ours(self, origin: SplitResult, host: str) -> bool:
        if origin.netloc == self._site.netloc:
            return origin.scheme == self._site.scheme
        # behind a proxy that ends the encryption we do not know by which scheme we were reached
        return origin.scheme in ("http", "https") and bool(host) and origin.netloc == host

    def _limit(self, path: str) -> int:
        return max(
            [self._most, *(limit for pattern, limit in self._larger.items() if fnmatchcase(path, pattern))]
        )


class _Measured:
    """One request whose body may have ``most`` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._read = 0
        self._answered = False

    @property
    def _is_too_large(self) -> bool:
        return self._read > self._most

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let ``app`` answer, or say that the body is too large."""

        async def measured() -> Message:
            message = await receive()
            self._read += len(message.get("body", b""))
            # to the app, whose own complaint about that is held back below
            return {"type": "http.disconnect"} if self._is_too_large else message

        async def held_back(message: Message) -> None:
            if self._answered or not self._is_too_large:
                self._answered = True
                await send(message)

        if _announced(scope) > self._most:
            self._read = self._most + 1
        else:
            try:
                await app(scope, measured, held_back)
            except Exception:
                if self._answered or not self._is_too_large:
                    raise
        if self._is_too_large and not self._answered:
            await self._drain(receive)
            await self._refusal()(scope, receive, send)

    async def _drain(self, receive: Receive) -> None:
        """Throw away what is still coming: a browser that is cut off shows no word of ours. It has an end."""
        rest = self._most
        while rest > 0:
            message = await receive()
            rest -= len(message.get("body", b""))
            if not message.get("more_body", False):
                return

    def _refusal(self) -> Response:
        limit = f"{self._most / MEGABYTE:,.0f} MB"
        return explained(
            413, "large", f"This is more than can be taken here at once: {limit}. Nothing was stored."
        )


def _announced(scope: Scope) -> int:
    """How long the body will be, as far as it is said."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said[:_DIGITS]) if said.isdecimal() else 0
