"""PDF pages as pictures, the quoted words marked as with a yellow pen, and the words that lie over them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.pages.locating import Sought
from bot.pages.text_layer import Layer, boxes, layer
from ingest.errors import NotFound

WIDTH = 900  # pixels
MARGIN = 2  # pixels around marked words
_TALLEST = 2_000  # pixels, whatever shape a page claims to have
_COLOURS = 96
_MARKER = (255, 226, 90)
_KEPT = 48  # pictures in memory, of some 100 kB each


class Pictures:
    """Draws pages and keeps the latest. PDFium works on one document at a time, hence the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages = lru_cache(maxsize=_KEPT)(self._draw)
        self._layers = lru_cache(maxsize=_KEPT)(self._read)

    def page(self, path: Path, number: int, sought: Sought) -> bytes:
        """Page ``number`` (from 1) of the PDF at ``path`` as a PNG, ``sought`` marked where it is found.

        Raises NotFound where there is no such page, or none that can be drawn.
        """
        return self._pages(path, number, sought)

    def layer(self, path: Path, number: int, sought: Sought) -> Layer | None:
        """What lies over that picture, in pixels of one ``WIDTH`` wide; None where there is no picture."""
        try:
            return self._layers(path, number, sought)
        except NotFound:
            return None

    def _draw(self, path: Path, number: int, sought: Sought) -> bytes:
        with self._opened(path) as document:
            return _png(document[number - 1], sought)

    def _read(self, path: Path, number: int, sought: Sought) -> Layer:
        with self._opened(path) as document:
            return layer(document[number - 1], WIDTH, sought)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Any]:
        import pypdfium2

        try:
            with self._lock, pypdfium2.PdfDocument(path) as document:
                yield document
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise NotFound("This page cannot be shown as a picture.") from error


def _png(page: Any, sought: Sought) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    width, height = page.get_size()
    image = page.render(scale=min(WIDTH / width, _TALLEST / height)).to_pil().convert("RGB")
    if marked := boxes(page, image.width, sought):
        ink = Image.new("RGB", image.size, "white")
        pen = ImageDraw.Draw(ink)
        for box in marked:
            pen.rectangle(box.wider(MARGIN), fill=_MARKER)
        image = ImageChops.multiply(image, ink)
    file = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
