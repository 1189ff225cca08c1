"""What a file is called: two hundred hostile names, and some honest ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from community.uploads.names import shown_name, shown_path
from tests.community.upload_house import CHIDI, House

ATTACKS = (
    "../../etc/passwd", "..\\..\\windows\\system32\\a.dll", "/etc/shadow", "C:\\boot.ini",
    "....//....//a.pdf", "~/.ssh/id_rsa", "a\x00.pdf", "\x00", "report.pdf\x00.exe", "a\nb.pdf",
    "a\rb.pdf", "a\tb.pdf", "\x1b[31mred.pdf", "a\x7f.pdf", "\u202efdp.exe", "report\u202efdp.exe",
    "\u2066a\u2069.pdf", "a\u200b.pdf", "\ufeffa.pdf", "a\u2028b.pdf", "\U000e0041.pdf", "a.pdf.exe",
    "a.exe", "a.pdf ", "a.pdf.", ".htaccess", ".env", "..", ".", "...", "", " ", "-rf", "--help", "-",
    "–n.pdf", "CON", "con.pdf", "NUL.txt", "aux.md", "COM1", "LPT9.docx", "PRN", "a" * 300,
    "a" * 300 + ".pdf", "ä" * 300 + ".pdf", "<script>alert(1)</script>.pdf",
    "\"><img src=x onerror=alert(1)>.pdf", "';DROP TABLE uploads;--.pdf", "{{7*7}}.pdf", "${7*7}.pdf",
    "%2e%2e%2fa.pdf", "a%00.pdf", "`id`.pdf", "$(id).pdf", "a|b.pdf", "a;b.pdf", "a&b.pdf", "a*b?.pdf",
    "a:b.pdf", "file:///etc/passwd", "раssport.pdf", "ｆｕｌｌ.pdf", "K\u212aa.pdf", "e\u0301.pdf",
    "\u0301.pdf", "تقرير.pdf", "报告.pdf", "📄.pdf", "\ud800.pdf", "=cmd|calc!A1.pdf",
)  # fmt: skip
HOSTILE = (*ATTACKS, *(f"folder/{one}" for one in ATTACKS), *(f"{one}/x" for one in ATTACKS))
SAFE = re.compile(r'[^\x00-\x1f\x7f\u200b\u2028\u202a-\u202e\u2066-\u2069\ufeff<>:"|?*/\\]{1,120}')


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_misleads(name: str) -> None:
    shown = shown_name(name)
    assert SAFE.fullmatch(shown)
    assert shown[0] not in "-. "
    assert shown[-1] not in ". "
    assert shown.encode()
    assert all(SAFE.fullmatch(part) for part in shown_path(name).split("/"))


def test_there_are_two_hundred_of_them() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Concept note (final) v2.docx", "Concept note (final) v2.docx"),
        ("Rapport d'activité – été 2026.pdf", "Rapport d'activité – été 2026.pdf"),
        ("تقرير الهجرة.pdf", "تقرير الهجرة.pdf"),
        ("C:\\Users\\me\\transcript.vtt", "transcript.vtt"),
        ("con.pdf", "file con.pdf"),
        ("../../etc/passwd", "passwd"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("-rf", "rf"),
        ("\x00", "unnamed file"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_an_honest_name_stays_and_a_hostile_one_is_cleaned(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_the_folders_of_a_file_are_kept_for_its_title() -> None:
    assert shown_path("a/b/Webinar 3/x/transcript.vtt") == "b/Webinar 3/x/transcript.vtt"
    assert shown_path("../../transcript.vtt") == "transcript.vtt"


def test_on_disk_every_name_is_ours(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with House(folder, most_waiting=500) as house:
        for start in range(0, len(HOSTILE), 50):
            house.send(CHIDI, *((name, b"words") for name in HOSTILE[start : start + 50] if name))
        assert len(house.kept) == len([name for name in HOSTILE if name])
        assert all(re.fullmatch(r"[0-9a-f]{12}", name) for name in house.kept)
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in (folder / "uploads").iterdir())
        assert (folder / "uploads").stat().st_mode & 0o777 == 0o700
        assert [path.name for path in tmp_path.iterdir()] == ["library"]
