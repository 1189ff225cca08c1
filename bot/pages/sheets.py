"""The pages of print that are shown, with the words over their pictures where a page of ours has room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.pages.pictures import WIDTH, Pictures
from bot.pages.pixels import Box
from bot.pages.rendering import fragment
from bot.pages.sources import Opened
from bot.pages.text_layer import Layer

_LARGEST_PAGE = 29_500  # bytes of a page of ours
_MARGIN = 4  # pixels between quoted words and the line around them


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of print: its ``layer``, and as ``words`` the markup of that layer's lines if it came along."""

    number: int
    layer: Layer
    words: str = ""

    @property
    def width(self) -> int:
        """How wide the picture is, in the pixels that the layer is measured in."""
        return WIDTH

    @property
    def boxes(self) -> list[Box]:
        """The boxes around the quoted words."""
        return [box.wider(_MARGIN).rounded() for box in self.layer.boxes]

    @property
    def printed(self) -> str:
        """The markup of the layer's lines."""
        return fragment("printed_words.svg", lines=self.layer.lines)


def sheets(opened: Opened, pictures: Pictures, original: Path) -> list[Sheet]:
    """The pages that are shown; none where they have no pictures."""
    numbers = range(opened.window.first, opened.window.last + 1) if opened.has_pictures else ()
    found = [sheet(opened, pictures, original, number) for number in numbers]
    return [one for one in found if one is not None]


def sheet(opened: Opened, pictures: Pictures, original: Path, number: int) -> Sheet | None:
    """Page ``number`` without its words; None where it has no picture."""
    layer = pictures.layer(original, number, opened.sought_on(number))
    return Sheet(number, layer) if layer else None


def with_words(plain: Iterable[Sheet], size: int) -> Iterator[Sheet]:
    """The sheets with their words where these fit a page of ours that has ``size`` bytes without any."""
    room = _LARGEST_PAGE - size
    for sheet in plain:
        words = sheet.printed
        needed = len(words.encode())
        fits = needed <= room
        room -= needed if fits else 0
        yield replace(sheet, words=words) if fits else sheet
