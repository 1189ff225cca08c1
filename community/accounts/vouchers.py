"""What is sent to somebody to be given back once: a link that confirms an address, or lets one sign in anew.

Only the hash of a token is stored, so that the database alone opens nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, delete, insert, select

from community.records import metadata

_vouchers = Table(
    "vouchers",
    metadata,
    Column("hash", String, primary_key=True),
    Column("purpose", String, nullable=False),
    Column("about", String, nullable=False, index=True),  # an address or a person's id; empty: nobody's
    Column("detail", Text, nullable=False),
    Column("until", String, nullable=False, index=True),
)


class Purpose(StrEnum):
    """What a token is good for; it is good for nothing else."""

    CONFIRM = "confirm"
    CONFIRM_ELSEWHERE = "confirm elsewhere"  # the same for whom another house knows
    RESET = "reset"
    OPENID = "openid"  # the way to another house and back


@dataclass(frozen=True, slots=True)
class Voucher:
    """What was promised when a token was given out."""

    about: str
    detail: Mapping[str, Any]


def new_token() -> str:
    """32 random bytes, to be written into a cookie or an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored in the place of a token. It is random, so that one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(
    connection: Connection,
    purpose: Purpose,
    about: str,
    until: datetime,
    detail: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """A token that can be redeemed for ``purpose`` once, before ``until``."""
    token = new_token()
    row = {"purpose": purpose, "about": about, "detail": json.dumps(dict(detail)), "until": until.isoformat()}
    connection.execute(insert(_vouchers).values(row | {"hash": hash_of(token)}))
    return token


def look_at(connection: Connection, purpose: Purpose, token: str, at: datetime) -> Voucher | None:
    """What a token is good for at that moment, if for anything."""
    row = (
        connection.execute(
            select(_vouchers).where(
                _vouchers.c.hash == hash_of(token),
                _vouchers.c.purpose == purpose,
                _vouchers.c.until > at.isoformat(),
            )
        )
        .mappings()
        .first()
    )
    return Voucher(row["about"], json.loads(row["detail"])) if row else None


def redeem(connection: Connection, purpose: Purpose, token: str, at: datetime) -> Voucher | None:
    """The same, and it is good for nothing afterwards."""
    voucher = look_at(connection, purpose, token, at)
    connection.execute(delete(_vouchers).where(_vouchers.c.hash == hash_of(token)))
    return voucher


def cancel(connection: Connection, purpose: Purpose, about: str) -> None:
    """Nothing that was given out about that holds any more."""
    connection.execute(delete(_vouchers).where(_vouchers.c.purpose == purpose, _vouchers.c.about == about))


def sweep(connection: Connection, at: datetime) -> None:
    """Forget what is too old."""
    connection.execute(delete(_vouchers).where(_vouchers.c.until <= at.isoformat()))
