"""Long lists in pages, each as long as a page of ours can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

A_PAGE = 12_000  # bytes of a list, markup included: with the rest of a page they stay below 30 kB
_MARKUP = 220  # bytes of an item beside its words and its links
_MOST = 25  # items

Item = TypeVar("Item")


class Listed(NamedTuple, Generic[Item]):
    """One page of a list, its number and how many pages there are."""

    items: Sequence[Item]
    page: int
    pages: int


def listed(items: Sequence[Item], page: int, size: Callable[[Item], int]) -> Listed[Item]:
    """The page of that number of ``items``, else the last. ``size`` is what an item takes beside its markup.

    An item that is too large for a page has one of its own.
    """
    pages: list[list[Item]] = [[]]
    room = A_PAGE
    for item in items:
        cost = size(item) + _MARKUP
        if pages[-1] and (cost > room or len(pages[-1]) == _MOST):
            pages.append([])
            room = A_PAGE
        pages[-1].append(item)
        room -= cost
    number = min(page, len(pages))
    return Listed(pages[number - 1], number, len(pages))


def bytes_of(text: str) -> int:
    """How long ``text`` is in a page, where each of its letters is written as it is."""
    return len(text.encode())
