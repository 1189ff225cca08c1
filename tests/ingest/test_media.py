"""What is turned away at the door, each with its own sentence."""

from __future__ import annotations

import pytest

from ingest import media
from ingest.errors import FileRejected
from ingest.media import MediaType, media_type
from tests.ingest import documents

PDF = documents.pdf([["A page."]])
WORD = documents.word()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
CUES = b"00:01.000 --> 00:02.000\nHello.\n"


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PDF, "a.pdf", MediaType.PDF),
        (b"\n\n" + PDF, "REPORT.PDF", MediaType.PDF),
        (WORD, "a.docx", MediaType.DOCX),
        (documents.slides(), "a.pptx", MediaType.PPTX),
        (b"<p>Hello", "a.htm", MediaType.HTML),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>Hello", "a.html", MediaType.HTML),
        (b"# Hello", "a.md", MediaType.MARKDOWN),
        (b"Hello", "a.b.txt", MediaType.PLAIN),
        (b"WEBVTT\n\n" + CUES, "a.vtt", MediaType.VTT),
        (CUES, "lost-its-first-line.vtt", MediaType.VTT),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n", "a.srt", MediaType.SRT),
        (b"id: a", "a.yaml", MediaType.EVENT),
    ],
)
def test_name_and_content_agree(content: bytes, name: str, expected: MediaType) -> None:
    assert media_type(content, name) is expected


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"x", "a.xyz", r"end in \.xyz are not read here\. Save it as PDF"),
        (b"x", "README", "without an ending"),
        (b"", "a.pdf", "empty"),
        (b" \r\n\x00\x00", "a.txt", "empty"),
        (PDF, "a.docx", r"named \.docx but is really a PDF\. Name it \.pdf"),
        (PDF, "a.txt", "really a PDF"),
        (WORD, "a.pdf", "really a Word document"),
        (WORD, "a.pptx", r"Name it \.docx"),
        (documents.archive({"a.txt": b"x"}), "a.pdf", "really an archive. Unpack"),
        (documents.archive({"xl/workbook.xml": b"x"}), "a.docx", "really a spreadsheet"),
        (documents.archive({"mimetype": b"x", "META-INF/manifest.xml": b"x"}), "a.docx", "another office"),
        (OLE, "a.docx", "old Office format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password-protected"),
        (b"<html><body>x", "a.txt", "really a web page"),
        (b"<!-- saved --><!doctype html><p>x", "a.md", "really a web page"),
        (b"\x89PNG\r\n", "a.pdf", "really an image. Only text can be searched"),
        (b"just words", "a.pdf", "is not a PDF, or it is damaged"),
        (b"PK\x03\x04 cut off", "a.docx", "is not a Word document, or it is damaged"),
        (b"PK\x03\x04 cut off", "a.pptx", "is not a presentation, or it is damaged"),
        (b"WORDS\n\nHello.", "a.vtt", "no times"),
        (b"Hello.", "a.srt", "no times"),
        (OLE, "a.doc", r"old Office format.*save it as \.docx"),
        (b"{\\rtf1", "a.rtf", r"save it as \.docx"),
        (b"x", "a.xlsx", "a spreadsheet"),
        (b"x", "a.jpg", "an image.*OCR"),
        (b"x", "a.mp4", "a recording.*transcript.*'ujuzi recording ID FILE'"),
        (b"x", "a.7z", "an archive.*Unpack"),
        (b"x", "a.eml", "an e-mail"),
        (b"x", "a.epub", "an electronic book"),
    ],
)
def test_what_is_turned_away(content: bytes, name: str, words: str) -> None:
    with pytest.raises(FileRejected, match=words) as caught:
        media_type(content, name)
    assert caught.value.name == name
    assert caught.value.reason.endswith(".")


def test_a_file_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LIMIT", 3_000_000)
    with pytest.raises(FileRejected, match="It has 4 MB, and 3 MB is the most"):
        media_type(b"x" * 4_000_000, "a.txt")
