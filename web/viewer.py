"""Whom a page greets: what stands at the end of its header.

It is set once for each request, before any route runs, and read by the header alone. What somebody may see or
do is never decided by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple


class Door(NamedTuple):
    """A link of the header; ``waiting`` things are behind it.

    A page says which door is current by one of the words of ``name``: a door may lead to several pages.
    """

    name: str
    label: str
    address: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Viewer:
    """The doors that the header offers beside those that everybody has."""

    doors: tuple[Door, ...] = ()


NOBODY = Viewer()

_viewer: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)


def viewer() -> Viewer:
    """Whom the page that is being made greets."""
    return _viewer.get()


@contextmanager
def greeting(one: Viewer) -> Iterator[None]:
    """While it lasts, pages greet ``one``."""
    token = _viewer.set(one)
    try:
        yield
    finally:
        _viewer.reset(token)
