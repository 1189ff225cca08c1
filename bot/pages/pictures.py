"""PDF pages as pictures, the quoted words marked as with a yellow pen."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from ingest.errors import NotFound

WIDTH = 900  # pixels
_TALLEST = 2_000  # pixels, whatever shape a page claims to have
_COLOURS = 96
_MARKER = (255, 226, 90)
_MARGIN = 2  # pixels around marked words
_LONGEST_QUOTE = 4_000  # characters that are looked for
_MOST_WORDS = 5_000  # of a page that is searched
_SLACK = 12  # words that the page may have more, or fewer, than the quote
_KEPT = 48  # pictures in memory, of some 100 kB each


class Word(NamedTuple):
    """A word as it is compared (letters and digits, folded), and the signs of the page that it fills."""

    letters: str
    start: int
    end: int


class Run(NamedTuple):
    """Neighbouring signs of a page, ``start`` up to ``end``."""

    start: int
    end: int


class Pictures:
    """Draws pages and keeps the latest. PDFium works on one document at a time, hence the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = lru_cache(maxsize=_KEPT)(self._draw)
        self.height = lru_cache(maxsize=1_024)(self._height)

    def page(self, path: Path, number: int, quote: str) -> bytes:
        """Page ``number`` (from 1) of the PDF at ``path`` as a PNG, ``quote`` marked where it is found.

        Raises NotFound where there is no such page, or none that can be drawn.
        """
        return self._kept(path, number, quote[:_LONGEST_QUOTE])

    def _height(self, path: Path, number: int) -> int | None:
        """How tall the picture of a page will be at its width of ``WIDTH``; None where there will be none."""
        try:
            with self._opened(path) as document:
                width, height = document.get_page_size(number - 1)
                return int(WIDTH * height / width)
        except NotFound:
            return None

    def _draw(self, path: Path, number: int, quote: str) -> bytes:
        with self._opened(path) as document:
            return _png(document[number - 1], quote)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Any]:
        import pypdfium2

        try:
            with self._lock, pypdfium2.PdfDocument(path) as document:
                yield document
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise NotFound("This page cannot be shown as a picture.") from error


def locate(quote: str, signs: Sequence[str]) -> list[Run]:
    """Where the words of ``quote`` stand among the signs of a page.

    Spaces, hyphens, case and accents are not compared. A quote that does not stand there as it is, is aligned
    by words; nothing is returned where less than half of its letters are found.
    """
    words = list(_words(quote))
    there = list(_words(signs))
    if not words or len(there) > _MOST_WORDS:
        return []
    return _verbatim(words, there) or _aligned([word.letters for word in words], there)


def _verbatim(words: Sequence[Word], there: Sequence[Word]) -> list[Run]:
    """The one run whose letters are those of ``words``, wherever the words are broken."""
    wanted = "".join(word.letters for word in words)
    owners = [word for word in there for _ in word.letters]
    at = "".join(word.letters for word in there).find(wanted)
    return [Run(owners[at].start, owners[at + len(wanted) - 1].end)] if at >= 0 else []


def _aligned(wanted: Sequence[str], there: Sequence[Word]) -> list[Run]:
    letters = [word.letters for word in there]
    longest = SequenceMatcher(None, wanted, letters, autojunk=False).find_longest_match()
    first = max(0, longest.b - longest.a - _SLACK)
    near = there[first : longest.b - longest.a + len(wanted) + _SLACK]
    matcher = SequenceMatcher(None, wanted, [word.letters for word in near], autojunk=False)
    matches = [match for match in matcher.get_matching_blocks() if match.size]
    found = sum(len(word) for match in matches for word in wanted[match.a : match.a + match.size])
    if 2 * found < sum(map(len, wanted)):
        return []
    return [Run(near[match.b].start, near[match.b + match.size - 1].end) for match in matches]


def _words(signs: Sequence[str]) -> Iterator[Word]:
    letters, start = "", 0
    for index, sign in enumerate([*signs, " "]):
        folded = _letters(sign)
        if folded and not letters:
            start = index
        if letters and not folded and not unicodedata.combining(sign):
            yield Word(letters, start, index)
            letters = ""
        letters += folded


def _letters(sign: str) -> str:
    """The letters and digits of one sign without case and accents; a ligature has several."""
    return "".join(c for c in unicodedata.normalize("NFKD", sign).casefold() if c.isalnum())


def _png(page: Any, quote: str) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    width, height = page.get_size()
    bitmap = page.render(scale=min(WIDTH / width, _TALLEST / height))
    image = bitmap.to_pil().convert("RGB")
    if boxes := list(_boxes(page, bitmap.get_posconv(page), quote)):
        ink = Image.new("RGB", image.size, "white")
        pen = ImageDraw.Draw(ink)
        for box in boxes:
            pen.rectangle(box, fill=_MARKER)
        image = ImageChops.multiply(image, ink)
    file = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _boxes(page: Any, converter: Any, quote: str) -> Iterator[tuple[int, int, int, int]]:
    """The rectangles, in pixels, of the signs that make up ``quote``."""
    from pypdfium2.raw import FPDFText_GetUnicode

    text = page.get_textpage()
    signs = [chr(FPDFText_GetUnicode(text, index)) for index in range(text.count_chars())] if quote else []
    for run in locate(quote, signs):
        for number in range(text.count_rects(run.start, run.end - run.start)):
            left, bottom, right, top = text.get_rect(number)
            corners = [converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)]
            across, down = zip(*corners, strict=True)  # a turned page turns its rectangles
            yield (
                min(across) - _MARGIN,
                min(down) - _MARGIN,
                max(across) + _MARGIN,
                max(down) + _MARGIN,
            )
