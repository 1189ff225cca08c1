"""What every reader does alike: turn a parser's failure into a sentence, refuse bombs, never end empty."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

from ingest.builder import Reading, TextBuilder
from ingest.errors import FileRejected

MOST_TEXT = 20_000_000  # code points
_MOST_ENTRIES = 10_000
_MOST_UNPACKED = 200_000_000  # bytes
_MOST_RATIO = 200  # XML packs to about a tenth; only repetition packs to a two-hundredth
_RATIO_MATTERS = 20_000_000  # bytes


@contextmanager
def parsing(name: str, what: str) -> Iterator[None]:
    """Whatever a parser throws at a file of somebody else's making means that the file is damaged."""
    try:
        yield
    except FileRejected:
        raise
    except MemoryError as error:
        raise FileRejected(name, "It needs more memory than one file may take. Split it.") from error
    except Exception as error:  # parsers of damaged files raise every kind there is
        raise FileRejected(
            name, f"{what} is damaged and cannot be read. Open it, save it anew, and add that."
        ) from error


def check_archive(content: bytes, name: str) -> None:
    """FileRejected for an Office file that would unpack to more than a document ever needs."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed_too_well = unpacked > _RATIO_MATTERS and unpacked > _MOST_RATIO * len(content)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or packed_too_well:
        raise FileRejected(
            name, "It would unpack to far more than a document holds. Save it anew, with smaller pictures."
        )


def finished(builder: TextBuilder, properties: Mapping[str, object], name: str) -> Reading:
    """What ``builder`` holds; FileRejected where that is nothing, or more than anybody could read."""
    reading = builder.build({key: value for key, value in properties.items() if value})
    if not reading.text:
        raise FileRejected(name, "There is no text in it. Check that it is the file you meant.")
    check_length(len(reading.text), name)
    return reading


def check_length(length: int, name: str) -> None:
    """FileRejected for a text of more than ``MOST_TEXT`` code points."""
    if length > MOST_TEXT:
        raise FileRejected(
            name, f"It holds more than {MOST_TEXT // 1_000_000} million characters of text. Split it."
        )
