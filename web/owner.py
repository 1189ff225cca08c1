"""The doors of whoever owns the data folder: on this machine only, with the token that only they can read."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable

from fastapi import Request
from starlette.exceptions import HTTPException


def owner_only(token: str) -> Callable[[Request], None]:
    """A dependency that lets nobody in but the holder of ``token`` on this machine."""

    def authorised(request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not _is_here(request) or not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403, "Only the owner of the library may do this.")

    return authorised


def _is_here(request: Request) -> bool:
    """Whether somebody asks from this machine; a proxy may put anything in the place of an address."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
