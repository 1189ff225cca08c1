"""Signing in through another house, by OpenID Connect: authorization code, PKCE, state and nonce.

Authlib speaks the protocol: it discovers the house, sends people there, and verifies what it says of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from community.accounts import vouchers
from community.accounts.identity import Identity
from community.accounts.throttle import Throttle
from community.accounts.vouchers import Purpose
from community.records import Records, now
from ingest.errors import UjuziError

WITHIN = timedelta(minutes=10)  # there and back
_PATIENCE = 10  # seconds for the other house to answer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Another house that vouches for people. ``label`` is what readers call it."""

    issuer: str
    client_id: str
    secret: str
    label: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send somebody, and the state that their browser keeps until they are back."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back, and the page that they wanted."""

    identity: Identity
    then: str


class Away(UjuziError):
    """The other house could not be asked, or said nothing that makes sense."""


class OpenId:
    """The way to one other house and back."""

    def __init__(
        self, records: Records, house: House, site: str, clock: Callable[[], datetime] = now
    ) -> None:
        """``site``: our address, below which the house sends people back to ``/sign-in/back``.

        Raises UjuziError where anybody on the way could speak for the house.
        """
        if not _is_safe(house.issuer):
            raise UjuziError(f"The OpenID provider is asked by https only, not at {house.issuer}.")
        self.label = house.label
        self._house = house
        self._records = records
        self._back = f"{site.rstrip('/')}/sign-in/back"
        self._clock = clock
        self._throttle = Throttle()

    def leave(self, then: str, address: str) -> Departure:
        """Where to send somebody who wants ``then``. Raises TooMany, Away."""
        self._throttle.leave(address)
        at, unguessed = self._clock(), {"nonce": token_urlsafe(), "code_verifier": token_urlsafe(48)}
        with self._records.writing() as connection:
            vouchers.sweep(connection, at)
            detail = {**unguessed, "then": then}
            state = vouchers.issue(connection, Purpose.OPENID, "", at + WITHIN, detail)
        made = self._asked(
            lambda: self._client.create_authorization_url(self._back, state=state, **unguessed)
        )
        return Departure(made["url"], state)

    def come_back(self, state: str, kept: str, code: str) -> Arrival:
        """Who came back with ``state`` and ``code``; ``kept`` is the state that their browser had.

        Raises UjuziError where they did not leave from here, or too long ago, or the house did not send them;
        Away.
        """
        with self._records.writing() as connection:
            voucher = vouchers.redeem(connection, Purpose.OPENID, state, self._clock())
        if voucher is None or not kept or kept != state:
            raise UjuziError("This sign-in was not begun here, or took too long. Begin it again.")
        claims = self._asked(lambda: self._claims(code, voucher.detail))
        return Arrival(_identity(self._house.issuer, claims), voucher.detail["then"])

    def _claims(self, code: str, detail: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the house says of somebody, verified."""
        token = self._client.fetch_access_token(self._back, code=code, code_verifier=detail["code_verifier"])
        claims: Mapping[str, Any] = self._client.parse_id_token(token, nonce=detail["nonce"])
        if "email" in claims:
            return claims
        told: Mapping[str, Any] = self._client.userinfo(token=token)
        if told["sub"] != claims["sub"]:
            raise ValueError("userinfo is about somebody else")
        return told  # and not a mixture: who says that an address is verified has to say which

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """What the house answers. It can fail in every way that there is."""
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
        from joserfc.errors import JoseError

        try:
            return ask()
        except (AuthlibBaseError, JoseError) as error:  # it refuses the code, or what it says does not hold
            _log.warning("%s let a sign-in fail: %s", self._house.issuer, type(error).__name__)
            raise UjuziError(
                f"{self.label} did not confirm who you are. Begin again, or use your password."
            ) from error
        except Exception as error:
            _log.warning("Signing in through %s failed: %s", self._house.issuer, type(error).__name__)
            raise Away(
                f"{self.label} could not be asked who you are. Try again in a while, or use your password."
            ) from error

    @cached_property
    def _client(self) -> Any:
        return _client(self._house)


def _client(house: House) -> Any:
    """Authlib's client for one house."""
    from authlib.integrations.base_client.sync_app import (  # type: ignore[import-untyped]
        BaseApp,
        OAuth2Mixin,
    )
    from authlib.integrations.base_client.sync_openid import OpenIDMixin  # type: ignore[import-untyped]
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

    class Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib has no types
        client_cls = OAuth2Client

        def load_server_metadata(self) -> Any:
            metadata = super().load_server_metadata()
            if metadata.get("issuer") != house.issuer:
                self.server_metadata.clear()  # it is asked again the next time
                raise ValueError("the house calls itself otherwise")
            return metadata

    return Client(
        None,
        client_id=house.client_id,
        client_secret=house.secret,
        server_metadata_url=f"{house.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "timeout": _PATIENCE,
        },
    )


def _is_safe(issuer: str) -> bool:
    where = urlsplit(issuer)
    return where.scheme == "https" or where.hostname in ("localhost", "127.0.0.1", "::1")


def _identity(issuer: str, claims: Mapping[str, Any]) -> Identity:
    email = str(claims.get("email") or "")
    return Identity(
        issuer=issuer,
        name_there=str(claims["sub"]),
        email=email,
        # a letter that only looks like one of ours would be cleaned into the address of somebody else
        email_verified=claims.get("email_verified") is True and email.isascii(),
        name=str(claims.get("name") or ""),
    )
