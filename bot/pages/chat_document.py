"""The document that the chat stands in: our header in it at once, nothing foreign, and a content policy."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.pages.rendering import fragment

# The framework introduces itself to link previews, with a picture on another host.
_FOREIGN = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')
_SCRIPT = re.compile(r"<script\b")
_BODY = re.compile(r"<body\b[^>]*>")
# 'unsafe-eval': gr.HTML makes a function of its template, which is ours; values are put in as they are.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class ChatDocument:
    """ASGI middleware for the address ``/``; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and answer one for the chat with our document."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        whole = _Whole(send)
        await self._app(scope, receive, whole.send)


class _Whole:
    """Gathers a response and sends it, when it is complete, as our document."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take one message of the response."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_whole()
        else:
            await self._send(message)

    async def _send_whole(self) -> None:
        nonce = secrets.token_urlsafe(16)
        headers = MutableHeaders(raw=self._start["headers"])
        if headers.get("content-type", "").startswith("text/html"):
            self._body = document(self._body.decode(), nonce).encode()
            headers["content-length"] = str(len(self._body))
            headers["content-security-policy"] = _POLICY.format(nonce=nonce)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers["cache-control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def document(html: str, nonce: str) -> str:
    """The framework's page as ours. ``nonce`` lets its own scripts, and no others, run."""
    html = _FOREIGN.sub("", html)
    html = html.replace("</head>", fragment("chat_head.html") + "</head>", 1)
    html = _SCRIPT.sub(f'<script nonce="{nonce}"', html)
    body = _BODY.search(html)
    at = body.end() if body else 0
    return html[:at] + fragment("chat_body.html") + html[at:]
