"""What of a file cannot be read, or is hidden in it: told to its owner, and to whoever reviews it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import pairwise

from ingest.reading import Document

_SHOWN = 12  # numbers of pages in a sentence
_MOST_UNPACKED = 20_000_000  # bytes
_WORDS_OF_OFFICE = re.compile(r"(?:word/document|ppt/slides/slide\d+)\.xml")
# what turns text around, hides in it or spells tags; joiners are left out: Arabic and emoji need them
_HIDDEN = re.compile("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def notes_on(document: Document) -> tuple[str, ...]:
    """A sentence about the pages of a PDF without text, one about the slides without words."""
    empty = (
        (
            "page",
            "No text could be read on {}. If it is a picture of text, run text recognition (OCR).",
        ),
        ("slide", "There are no words on {}: it may be a picture, or hidden."),
    )
    begins = (document.places.pages, document.places.slides)
    return tuple(
        words.format(_listed(kind, numbers))
        for (kind, words), offsets in zip(empty, begins, strict=True)
        if (numbers := _empty(offsets, len(document.text)))
    )


def hidden_signs(content: bytes) -> int:
    """How many signs of a file its readers do not see, as far as can be counted without reading it anew.

    Of Office files the body is looked at, of other files the bytes as UTF-8; of a PDF nothing.
    """
    if content[:5] == b"%PDF-":
        return 0
    return sum(len(_HIDDEN.findall(part.decode(errors="ignore"))) for part in _parts(content))


def _parts(content: bytes) -> Iterator[bytes]:
    if not content.startswith(b"PK"):
        yield content.removeprefix(b"\xef\xbb\xbf")  # the mark of an encoding hides nothing
        return
    # it was read in the cage: that its directory is whole and small is known, the rest is not worth a failure
    with suppress(zipfile.BadZipFile, zlib.error), zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            if _WORDS_OF_OFFICE.fullmatch(entry.filename) and entry.file_size < _MOST_UNPACKED:
                yield archive.read(entry)


def _empty(offsets: Sequence[int], length: int) -> list[int]:
    """The numbers, from 1, of the stretches in which nothing stands. Where nothing is cut, none."""
    return [number for number, (start, end) in enumerate(pairwise([*offsets, length]), 1) if start >= end]


def _listed(kind: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{kind} {numbers[0]}"
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"{kind}s {shown}{more}"
