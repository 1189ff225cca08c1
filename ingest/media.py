"""What kind of file this is, by its name and by its first bytes; what cannot be read is turned away here."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

from ingest.errors import FileRejected
from ingest.text import decode

LIMIT = 50_000_000  # bytes


class MediaType(StrEnum):
    """The kinds of file that there is a reader for."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    VTT = "vtt"
    SRT = "srt"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class _Form:
    """What a file turns out to be, in words, and what its owner can do if we do not read it."""

    label: str
    advice: str = ""
    media_type: MediaType | None = None


READABLE = "PDF, Word (.docx), PowerPoint (.pptx), web page, Markdown, plain text, WebVTT or SRT"
_SAVE_AS_OFFICE = "Open it in an office program and save it as .docx, .pptx or PDF."

_PDF = _Form("a PDF", "Name it .pdf and add it again.", MediaType.PDF)
_DOCX = _Form("a Word document", "Name it .docx and add it again.", MediaType.DOCX)
_PPTX = _Form("a PowerPoint presentation", "Name it .pptx and add it again.", MediaType.PPTX)
_HTML = _Form("a web page", "Name it .html and add it again.", MediaType.HTML)
_OLD_OFFICE = _Form("a document in an old Office format", _SAVE_AS_OFFICE)
_OTHER_OFFICE = _Form("a document that another office program made", _SAVE_AS_OFFICE)
_LOCKED_OFFICE = _Form("a password-protected Office document", "Remove the password and add it again.")
_SHEET = _Form("a spreadsheet", "Put what matters into a document, or print it to PDF.")
_IMAGE = _Form("an image", "Only text can be searched: run text recognition (OCR) and save it as PDF.")
_RECORDING = _Form(
    "a recording",
    "Add its transcript, as WebVTT (.vtt), SRT or text; the recording itself is attached to its webinar with "
    "'ujuzi recording ID FILE'.",
)
_ARCHIVE = _Form("an archive", "Unpack it and add the files that are in it.")
_MAIL = _Form("an e-mail", "Save its attachment, or its text as PDF, and add that.")
_BOOK = _Form("an electronic book", "Save it as PDF.")

_SUFFIXES = {
    MediaType.PDF: ".pdf",
    MediaType.DOCX: ".docx",
    MediaType.PPTX: ".pptx",
    MediaType.HTML: ".html .htm .xhtml",
    MediaType.MARKDOWN: ".md .markdown",
    MediaType.PLAIN: ".txt .text",
    MediaType.VTT: ".vtt",
    MediaType.SRT: ".srt",
    MediaType.EVENT: ".yaml .yml",
}
_TYPE_OF = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_UNREADABLE = (
    (_OLD_OFFICE, ".doc .dot .ppt .pps .pot .wpd .wps"),
    (_OTHER_OFFICE, ".odt .ott .odp .rtf .pages .key .docm .dotx .dotm .pptm .ppsx .potx"),
    (_SHEET, ".xls .xlsx .xlsm .xlsb .ods .csv .tsv .numbers"),
    (_IMAGE, ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic .svg"),
    (_RECORDING, ".mp3 .mp4 .m4a .m4v .wav .ogg .oga .ogv .opus .flac .aac .wma .mov .avi .mkv .webm .wmv"),
    (_ARCHIVE, ".zip .7z .rar .tar .gz .tgz .bz2 .xz .zst"),
    (_MAIL, ".eml .msg .mbox"),
    (_BOOK, ".epub .mobi .azw3"),
)
_FORM_OF = {suffix: form for form, suffixes in _UNREADABLE for suffix in suffixes.split()}

_SIGNATURES = (
    (b"{\\rtf", _OTHER_OFFICE),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"ID3", _RECORDING),
    (b"OggS", _RECORDING),
    (b"RIFF", _RECORDING),
    (b"fLaC", _RECORDING),
    (b"\x1a\x45\xdf\xa3", _RECORDING),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
)
_PDF_MARK = b"%PDF-"  # readers accept some bytes before it
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_CONTENTS = (
    ("word/", _DOCX),
    ("ppt/", _PPTX),
    ("xl/", _SHEET),
    ("META-INF/container.xml", _BOOK),
    ("META-INF/manifest.xml", _OTHER_OFFICE),
)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_CUE_TIMES = re.compile(r"\d:\d\d[.,]\d{1,3}[^\S\n]*-->")
_LABELS = {MediaType.PDF: "a PDF", MediaType.DOCX: "a Word document", MediaType.PPTX: "a presentation"}
_TEXTS = {MediaType.HTML, MediaType.MARKDOWN, MediaType.PLAIN, MediaType.VTT, MediaType.SRT, MediaType.EVENT}


def media_type(content: bytes, name: str) -> MediaType:
    """The kind of the file called ``name``. FileRejected where there is no reader for it, it is empty,
    larger than ``LIMIT``, or not what its name says.
    """
    if len(content) > LIMIT:
        raise FileRejected(name, too_large(len(content)))
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileRejected(name, "The file is empty. Check that it was saved and copied in full.")
    named = _by_name(name)
    actual = _by_content(content)
    if actual is not None and actual.media_type is not named:
        suffix = PurePath(name).suffix
        raise FileRejected(name, f"It is named {suffix} but is really {actual.label}. {actual.advice}")
    if actual is None and named not in _TEXTS:
        raise FileRejected(
            name, f"It is named .{named} but is not {_LABELS[named]}, or it is damaged. Save it again."
        )
    if named in (MediaType.VTT, MediaType.SRT):
        _check_captions(content, name)
    return named


def ending(kind: str, name: str) -> str:
    """How a file of ``kind`` has to end to be read as one: as ``name`` does, if that is one of its endings.

    FileRejected for a kind that is not read here.
    """
    if kind not in _SUFFIXES:
        raise FileRejected(name, f"Files of the kind {kind} are not read here.")
    endings = _SUFFIXES[MediaType(kind)].split()
    own = PurePath(name).suffix.lower()
    return own if own in endings else endings[0]


def too_large(size: int) -> str:
    """The sentence for a file of ``size`` bytes, which is more than ``LIMIT``."""
    return (
        f"It has {size / 1e6:.0f} MB, and {LIMIT / 1e6:.0f} MB is the most that is read. "
        "Split it, or save it with smaller pictures."
    )


def _by_name(name: str) -> MediaType:
    suffix = PurePath(name).suffix.lower()
    if suffix in _TYPE_OF:
        return _TYPE_OF[suffix]
    if form := _FORM_OF.get(suffix):
        raise FileRejected(name, f"It is {form.label}, which is not read here. {form.advice}")
    what = f"Files that end in {suffix}" if suffix else "Files without an ending"
    raise FileRejected(name, f"{what} are not read here. Save it as {READABLE}.")


def _by_content(content: bytes) -> _Form | None:
    """What the bytes say; None where they say nothing, as with text."""
    if _PDF_MARK in content[:1024]:
        return _PDF
    if content.startswith(_OLE_MARK):
        return _LOCKED_OFFICE if "EncryptedPackage".encode("utf-16-le") in content else _OLD_OFFICE
    if content.startswith(_ZIP_MARKS):
        return _by_zip(content)
    if content[4:8] == b"ftyp":
        return _RECORDING
    if _HTML_START.match(content[:4096]):
        return _HTML
    return next((form for mark, form in _SIGNATURES if content.startswith(mark)), None)


def _by_zip(content: bytes) -> _Form | None:
    """What a zip file holds; None where its directory is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ArithmeticError, EOFError, NotImplementedError, OSError, ValueError):
        return None
    for beginning, form in _ZIP_CONTENTS:
        if any(entry.startswith(beginning) for entry in names):
            return form
    return _ARCHIVE


def _check_captions(content: bytes, name: str) -> None:
    """Captions have cue times. A WebVTT file that lost its first line is still one."""
    text = decode(content, name)
    if not (text.lstrip().startswith("WEBVTT") or _CUE_TIMES.search(text)):
        raise FileRejected(
            name, "It holds no times such as 00:01:02.000 --> 00:01:05.000. Export the captions again."
        )
