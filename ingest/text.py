"""Bytes to clean text: the encoding found, invisible and control characters neutralised.

Text is cleaned here, before it is stored and before any span is counted, and never afterwards.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.errors import FileRejected

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Form feed and vertical tab separate lines; the other controls, the format characters (zero-width,
# bidirectional, soft hyphen, tags), surrogates and private use carry nothing that a reader could see.
_LINE_BREAKS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_TRAILING = re.compile(r" *\n *")
_BLANK_LINES = re.compile(r"\n{3,}")
_MOST_MARKS = 30  # as in Unicode's stream-safe text; no script needs as many
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}


def decode(content: bytes, name: str) -> str:
    """``content`` as text: by its byte-order mark, else UTF-8, else the Windows encoding it must be in.

    UTF-8 with a few broken letters, as where a file was cut off, keeps the others and shows these as U+FFFD.
    Raises FileRejected where it is no text at all.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding, name)
    if b"\x00" in content[:4096]:
        return _unmarked_utf16(content, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(content) or _windows(content, name)


def clean(text: str) -> str:
    """``text`` with one kind of line break, single spaces, at most one blank line, nothing invisible.

    Canonical composition (NFC) is applied, so that one accented letter is one code point everywhere.
    """
    text = _LINE_BREAKS.sub("\n", text)
    unseen = {ord(c): None for c in set(text) - {"\n", "\t"} if unicodedata.category(c) in _INVISIBLE}
    text = _few_marks(text.translate(unseen) if unseen else text)
    text = _TRAILING.sub("\n", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _few_marks(text: str) -> str:
    """``text`` with at most ``_MOST_MARKS`` accents on one letter: to sort n of them takes n² steps."""
    marks = "".join(sign for sign in set(text) if unicodedata.combining(sign))
    return re.sub(f"([{marks}]{{{_MOST_MARKS}}})[{marks}]+", r"\1", text) if marks else text


def clean_line(text: str) -> str:
    """``text`` cleaned and folded onto one line: for titles, names and headings."""
    return " ".join(clean(text).split())


def plain_letters(text: str) -> str:
    """``text`` in small letters without accents, to compare words by."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRejected(
            name,
            f"It is not the {encoding.upper()} text that it seems to be. Save it as UTF-8 and try again.",
        ) from error


def _damaged_utf8(content: bytes) -> str:
    """UTF-8 in which more letters beyond ASCII are whole than broken; empty where that is not so."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return text if whole > broken else ""


def _windows(content: bytes, name: str) -> str:
    """What old Windows programs write: Arabic where most letters lie beyond ASCII, else Western European.

    Guessing by letter frequency, as detection libraries do, took Portuguese for Czech in short captions.
    """
    beyond = sum(byte > 0x7F for byte in content)
    latin = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in content)
    return _strict(content, "cp1256" if beyond > latin else "cp1252", name)


def _unmarked_utf16(content: bytes, name: str) -> str:
    """Text full of zero bytes is UTF-16 that lost its mark, or no text at all."""
    encoding = "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"
    text = content[: len(content) // 2 * 2].decode(encoding, errors="replace")
    start = text[:4096]
    unreadable = sum(c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cn", "Co") for c in start)
    if unreadable - start.count("\n") - start.count("\r") - start.count("\t") > len(start) // 50:
        raise FileRejected(name, "It holds binary data, not text. Check that it is the file you meant.")
    return text
