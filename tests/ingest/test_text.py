"""Bytes of every common encoding become the same clean text, and what is no text is refused."""

from __future__ import annotations

import codecs
import random
import unicodedata

import pytest

from ingest.errors import FileRejected
from ingest.text import clean, clean_line, decode

FRENCH = "Les compétences acquises à l’étranger seront reconnues, dès l’été, près de Ségou. " * 3


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "cp1252"),
    ],
)
def test_the_encoding_is_found(mark: bytes, encoding: str) -> None:
    assert decode(mark + FRENCH.encode(encoding), "note.txt") == FRENCH


def test_utf_8_that_was_cut_off_keeps_its_other_letters() -> None:
    content = "Les compétences sont reconnues à l’arrivée, là où l’été".encode()[:-1]
    assert decode(content, "a.txt") == "Les compétences sont reconnues à l’arrivée, là où l’ét\ufffd"


def test_portuguese_of_windows_is_found() -> None:
    text = (
        "A formação dos trabalhadores começou há três anos. As competências são reconhecidas; não há taxas. "
        * 5
    )
    assert decode(text.encode("cp1252"), "nota.txt") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_lost_its_mark_is_found(encoding: str) -> None:
    assert decode("Skills and migration".encode(encoding), "note.txt") == "Skills and migration"


@pytest.mark.parametrize(
    "content", [codecs.BOM_UTF16_LE + b"abc", codecs.BOM_UTF8 + b"\xff\xff", b"\x00\x00\x00\x01" * 50]
)
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(FileRejected, match=r"note\.txt: "):
        decode(content, "note.txt")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\u2028d\fe", "a\nb\nc\nd\ne"),
        ("a\n\n\n\n b \t c\u00a0d ", "a\n\nb c d"),
        ("pay\u200bments \u202eevil\u202c \ufeffhere\x07", "payments evil here"),
        ("soft\u00adware, e\u0301te\u0301", "software, été"),
        ("\U000e0041\ue000\ud800", ""),
        ("عربي ١٢", "عربي ١٢"),
    ],
)
def test_only_what_a_reader_sees_is_kept(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_line_is_one_line() -> None:
    assert clean_line(" Skills \n\n and\tmigration ") == "Skills and migration"


def test_random_text_comes_out_without_anything_invisible() -> None:
    chance = random.Random(1)
    alphabet = "ab .é\n\r\t\u200b\u202e\u00ad\x00\x1b\u2029\ufeffعع\u3000日"
    for _ in range(300):
        cleaned = clean("".join(chance.choices(alphabet, k=60)))
        assert clean(cleaned) == cleaned
        assert cleaned == cleaned.strip()
        assert "  " not in cleaned
        assert "\n\n\n" not in cleaned
        assert {unicodedata.category(c) for c in cleaned if c != "\n"}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
