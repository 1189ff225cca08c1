"""PDF: the text of each page, without what repeats on every page, in paragraphs that may cross pages."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from typing import Any

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import Destination

from ingest.builder import Reading, TextBuilder
from ingest.errors import FileRejected
from ingest.readers.guard import check_length, finished, parsing
from ingest.readers.lines import Block, blocks, seam, usual_width, vocabulary
from ingest.readers.printed_pages import Heading, cut_at_headings, without_running_lines
from ingest.readers.properties import described

MOST_PAGES = 2_000
_STREAM = 20_000_000  # bytes that one compressed stream may unpack to
_TOKENS = 500_000  # operands and operators in one page's content
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": _STREAM,
    "lzw_maximum_output_length": _STREAM,
    "run_length_maximum_output_length": _STREAM,
    "brotli_maximum_output_length": _STREAM,
    "jbig2_maximum_output_length": _STREAM,
    "array_based_stream_maximum_output_length": _STREAM,
    "stream_parsing_work_maximum_count": _TOKENS,
    "jbig2dec_binary": None,  # a program from the search path is not to be run on strangers' files
}
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_ARABIC_SHAPES = re.compile(r"[\ufb50-\ufdfb\ufe70-\ufefc]+")  # a letter as it is drawn inside a word, or two
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_STRAY_SPACE = re.compile(
    r"(?<! ) +(?=[.,](?:\s|$))|(?<=[^\W\d_]) (?=-[^\W\d_])"
)  # from letters set one by one
_UNNAMED = re.compile(r"/[A-Za-z]{1,3}\d+")  # a glyph of which the file does not say what letter it is
_MOST_UNNAMED = 0.3  # of the text
_CODED = re.compile(r"/G(\d{2,3})(?!\d)")  # some programs name each letter by its decimal code


def read(content: bytes, name: str) -> Reading:
    """The text with its pages. FileRejected if it is damaged, locked, scanned, or too long."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its notes on damage are not for our readers
    with parsing(name, "The PDF"), _within_limits(name):
        reader = _opened(content, name)
        pages = without_running_lines(list(_pages(reader, name)))
        headings = _headings(reader)
        properties = _properties(reader)
    if not any(line.strip() for page in pages for line in page):
        raise FileRejected(
            name,
            "No page has text of its own: it looks scanned. Run text recognition (OCR) and add the result.",
        )
    if _unnamed_share(pages) > _MOST_UNNAMED:
        raise FileRejected(
            name, "It does not say which letters it shows. Run text recognition (OCR) and add the result."
        )
    builder = TextBuilder()
    page_before = -1
    for page, element, gap in _set_in_blocks(pages, headings):
        _turn_pages(builder, page - page_before)
        page_before = page
        if isinstance(element, Heading):
            builder.heading(element.label, element.level)
        elif gap is None:
            builder.paragraph(element.text)
        else:
            builder.continue_paragraph(element.text, gap)
    _turn_pages(builder, len(pages) - 1 - page_before)
    return finished(builder, properties, name)


def _unnamed_share(pages: Sequence[Sequence[str]]) -> float:
    lengths = [(len(line), sum(map(len, _UNNAMED.findall(line)))) for page in pages for line in page]
    return sum(unnamed for _, unnamed in lengths) / sum(length for length, _ in lengths)


def _turn_pages(builder: TextBuilder, count: int) -> None:
    for _ in range(count):
        builder.page()


@contextmanager
def _within_limits(name: str) -> Iterator[None]:
    """Hold pypdf to our limits: they are bound to the context, so other threads do not share them."""
    try:
        with apply_configuration(**_LIMITS):
            yield
    except LimitReachedError as error:
        raise FileRejected(
            name, "A page or picture in it is too complex to be read. Print it to a new PDF and add that."
        ) from error


def _opened(content: bytes, name: str) -> PdfReader:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise FileRejected(name, "It is protected by a password. Save a copy without one and add that.")
    if not reader.pages:
        raise FileRejected(name, "It has no pages. Check that it was saved and copied in full.")
    if len(reader.pages) > MOST_PAGES:
        raise FileRejected(name, f"It has more than {MOST_PAGES:,} pages. Split it.")
    return reader


def _pages(reader: PdfReader, name: str) -> Iterator[list[str]]:
    """The lines of each page."""
    length = 0
    for page in reader.pages:
        text = _CODED.sub(_decoded, _text(page)).translate(_LIGATURES)
        text = _ARABIC_SHAPES.sub(_letters, _STRAY_SPACE.sub("", text))
        length += len(text)
        check_length(length, name)
        yield text.splitlines()


def _text(page: PageObject) -> str:
    """The text of ``page``, what is written from right to left in the order in which it is read."""
    drawn: list[tuple[str, float]] = []

    def draw(text: str, matrix: Sequence[float], position: Sequence[float], *_: object) -> None:
        across = position[4] * matrix[0] + position[5] * matrix[2] + matrix[4]
        drawn.extend((part, across) for part in re.split("(\n)", text) if part)

    text = page.extract_text(visitor_text=draw)
    if not _RIGHT_TO_LEFT.search(text):
        return text
    lines = [list(line) for _, line in groupby(drawn, key=lambda piece: piece[0] == "\n")]
    return "".join(piece for line in lines for piece in _as_read(line))


def _as_read(line: Sequence[tuple[str, float]]) -> list[str]:
    """The pieces of a line. Many programs draw from left to right even what is read the other way."""
    pieces = [piece for piece, _ in line]
    words = "".join(pieces)
    places = [across for piece, across in line if piece.strip()]
    right_to_left = 2 * len(_RIGHT_TO_LEFT.findall(words)) > sum(map(str.isalpha, words))
    if not right_to_left or places != sorted(places):
        return pieces
    return [piece if _LATIN.search(piece) else piece.translate(_MIRRORED) for piece in reversed(pieces)]


def _letters(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _decoded(match: re.Match[str]) -> str:
    return bytes([int(match[1])]).decode("cp1252", errors="ignore") if int(match[1]) < 256 else match[0]


def _headings(reader: PdfReader) -> dict[int, list[Heading]]:
    """The entries of the outline by page, counted from 0. A broken outline costs the headings only."""
    found: dict[int, list[Heading]] = {}
    try:
        for title, destination, level in _entries(reader.outline, 1):
            page = reader.get_destination_page_number(destination)
            if page is not None:
                found.setdefault(page, []).append(Heading(title, min(level, 6)))
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return {}
    return found


def _entries(outline: Iterable[object], level: int) -> Iterator[tuple[str, Destination, int]]:
    for entry in outline:
        if isinstance(entry, Destination):
            yield str(entry.title or ""), entry, level
        elif isinstance(entry, list):
            yield from _entries(entry, level + 1)


def _properties(reader: PdfReader) -> dict[str, object]:
    """Title, author, date and language. Broken properties cost themselves only."""
    try:
        information = reader.metadata
        language = reader.root_object.get("/Lang")
        if information is None:
            return described(None, None, None, language)
        return described(information.title, information.author, information.creation_date, language)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return {}


def _set_in_blocks(
    pages: Sequence[Sequence[str]], headings: dict[int, list[Heading]]
) -> Iterator[tuple[int, Heading | Block, str | None]]:
    """Page (from 0), heading or block, and what joins it to the block before; None where it begins anew."""
    everything = [line for page in pages for line in page]
    common, known = usual_width(everything), vocabulary(everything)
    page_before = 0
    before: Heading | Block | None = None
    gap: str | None = None
    for page, lines in enumerate(pages):
        for element in _elements(lines, headings.get(page, ()), common, known):
            next_gap = None
            if page > page_before and isinstance(before, Block) and isinstance(element, Block):
                before, next_gap = _over_the_page(before, element, known)
            if before is not None:
                yield page_before, before, gap
            page_before, before, gap = page, element, next_gap
    if before is not None:
        yield page_before, before, gap


def _elements(
    lines: Sequence[str], headings: Sequence[Heading], common: int, known: frozenset[str]
) -> Iterator[Heading | Block]:
    width = max(usual_width(lines), common)
    for stretch in cut_at_headings(lines, headings):
        if isinstance(stretch, Heading):
            yield stretch
        else:
            yield from blocks(stretch, width, known)


def _over_the_page(before: Block, block: Block, known: frozenset[str]) -> tuple[Block, str | None]:
    """``before`` without the hyphen that broke its last word, and what joins ``block`` to it, if anything."""
    if not before.goes_on_in(block):
        return before, None
    dropped, gap = seam(before.text, block.text, known)
    return replace(before, text=before.text[: len(before.text) - dropped]), gap
