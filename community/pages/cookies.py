"""The cookie that holds a session's token, and where a sign-in leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from fastapi.responses import Response

from community.accounts.sessions import OLDEST

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class Asking(Protocol):
    """A request as far as it is read here: FastAPI's and Gradio's alike."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies that the browser sent."""


class Cookie:
    """A cookie that no script reads and no other site sends along; with encryption, only ever encrypted."""

    def __init__(self, name: str, site: str) -> None:
        """``site``: our address; by its scheme it is known whether everything is encrypted."""
        self._secure = site.startswith("https://")
        self.name = f"__Host-{name}" if self._secure else name

    def of(self, request: Asking) -> str:
        """What the browser sent; empty where it sent nothing."""
        return request.cookies.get(self.name, "")

    def put(self, response: Response, value: str, seconds: int) -> None:
        """Let the browser keep ``value`` that long."""
        response.set_cookie(
            self.name, value, seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def take(self, response: Response) -> None:
        """Let the browser forget it."""
        response.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite="lax")


def session_cookie(site: str) -> Cookie:
    """The cookie of sessions."""
    return Cookie("ujuzi", site)


SESSION_SECONDS = int(OLDEST.total_seconds())


def local(address: str) -> str:
    """``address`` if it is a page of ours, else the first page."""
    return address if _LOCAL.fullmatch(address) else "/"


def sign_in_address(then: str) -> str:
    """Where to sign in, and be led on to ``then``."""
    return "/sign-in" if local(then) == "/" else f"/sign-in?next={quote(then, safe='/')}"
