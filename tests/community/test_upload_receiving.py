"""What comes in bad: too large, cut off, no form at all, more than the disk holds."""

from __future__ import annotations

import errno
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from community.errors import Invalid
from community.uploads.receiving import MOST_FILES, BadRequest, NoRoom, Receiving, TooMuch
from community.uploads.values import Stage
from ingest.media import LIMIT
from tests.community.upload_house import BOUNDARY, CHIDI, House, body, content_type, fed, word_file


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def _receiving(folder: Path, limit: int = 1_000, room: int = 10_000) -> Receiving:
    return Receiving(content_type(), folder, limit=limit, room=room)


@pytest.mark.parametrize("piece", [1, 7, 64, 100_000])
def test_files_and_fields_arrive_whatever_the_pieces(tmp_path: Path, piece: int) -> None:
    content = b"\r\n--" + bytes(range(256)) + BOUNDARY.encode()[:-1] + b"\r\n"
    with _receiving(tmp_path) as receiving:
        fed(receiving, body(("a.pdf", content), ("b.pdf", b""), batch="abc", note="ü"), piece)
        receiving.finish()
        receiving.accept()
    first, second = receiving.files
    assert (tmp_path / first.id).read_bytes() == content
    assert (first.given_name, first.size, second.size) == ("a.pdf", len(content), 0)
    assert receiving.fields == {"batch": "abc", "note": "ü"}


def test_what_is_not_accepted_leaves_nothing(tmp_path: Path) -> None:
    with _receiving(tmp_path) as receiving:
        fed(receiving, body(("a.pdf", b"x")))
        receiving.finish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_request_that_is_cut_off_leaves_nothing(tmp_path: Path, share: float) -> None:
    whole = body(("a.pdf", b"x" * 900), ("b.pdf", b"y" * 900))
    with pytest.raises(BadRequest), _receiving(tmp_path) as receiving:
        fed(receiving, whole[: int(share * len(whole))])
        receiving.finish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 400,
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, content_type: str) -> None:
    with pytest.raises(BadRequest):
        Receiving(content_type, tmp_path, limit=1, room=1)


@pytest.mark.parametrize(
    "content",
    [
        b"garbage" * 50,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n'.encode(),
        f"--{BOUNDARY}\r\n".encode() + b"A: " + b"x" * 10_000,
        f"--{BOUNDARY}\r\n".encode() + b"A: b\r\n" * 100,
        f"--{BOUNDARY}\r\nno header\r\n\r\nx".encode(),
    ],
)
def test_a_broken_form_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadRequest), _receiving(tmp_path) as receiving:
        fed(receiving, content)
        receiving.finish()
    assert list(tmp_path.iterdir()) == []


def test_a_file_above_the_limit_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    with House(tmp_path, limit=1_000) as house:
        large, fitting = house.send(CHIDI, ("large.pdf", b"x" * 1_001), ("fits.md", b"x" * 1_000))
        assert (large.stage, fitting.stage) == (Stage.REFUSED, Stage.RECEIVED)
        assert "is the most" in large.reason
        assert house.kept == [fitting.id]


def test_fifty_one_megabytes_are_refused_without_being_kept_in_memory(house: House) -> None:
    head, tail = body(("large.pdf", b"@")).split(b"@")
    piece = b"x" * 1_000_000
    with house.uploads.receiving(CHIDI, content_type()) as receiving:
        receiving.feed(head)
        for _ in range(51):
            receiving.feed(piece)
        assert house.kept == []  # it was dropped when it went beyond
        receiving.feed(tail)
        [upload] = house.uploads.receive(CHIDI, receiving)
    assert LIMIT == house.uploads.limit == 50_000_000
    assert upload.stage is Stage.REFUSED
    assert "51 MB" in upload.reason


def test_all_the_files_of_a_request_find_room_together_or_none(tmp_path: Path) -> None:
    with pytest.raises(TooMuch), _receiving(tmp_path, room=1_500) as receiving:
        fed(receiving, body(("a.pdf", b"x" * 900), ("b.pdf", b"x" * 900)))
    assert list(tmp_path.iterdir()) == []


def test_files_and_fields_are_counted(tmp_path: Path) -> None:
    with pytest.raises(TooMuch), _receiving(tmp_path) as receiving:
        fed(receiving, body(*[("a.pdf", b"x")] * (MOST_FILES + 1)))
    with pytest.raises(TooMuch), _receiving(tmp_path) as receiving:
        fed(receiving, body(**{f"field{number}": "x" for number in range(30)}))
    with pytest.raises(TooMuch), _receiving(tmp_path) as receiving:
        fed(receiving, body(note="x" * 5_000))
    assert list(tmp_path.iterdir()) == []


def test_a_form_without_a_file_says_so(house: House) -> None:
    for sent in (body(batch="a"), body(("", b""))):
        with pytest.raises(Invalid), house.uploads.receiving(CHIDI, content_type()) as receiving:
            fed(receiving, sent)
            house.uploads.receive(CHIDI, receiving)
    assert house.uploads.own(CHIDI) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("tool.pdf", b"MZ\x90\x00" * 50, "not a PDF"),
        ("tool.exe", b"MZ\x90\x00" * 50, "not read here"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", "really a web page"),
        ("zip.docx", b"PK\x03\x04 broken", "not a Word document"),
        ("clip.mp4", b"\x00\x00\x00\x18ftypmp42", "recording"),
    ],
)
def test_wrong_types_are_refused_with_what_to_do(house: House, name: str, content: bytes, said: str) -> None:
    upload = house.read(CHIDI, name, content)
    assert upload.stage is Stage.REFUSED
    assert said in upload.reason
    assert house.kept == []


def test_a_zip_bomb_is_refused(house: House) -> None:
    file = BytesIO(word_file("Words."))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", b"0" * 100_000_000)
    upload = house.read(CHIDI, "bomb.docx", file.getvalue())
    assert upload.stage is Stage.REFUSED
    assert "unpack" in upload.reason


def test_a_pdf_with_a_password_is_refused(house: House) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-256")
    file = BytesIO()
    writer.write(file)
    upload = house.read(CHIDI, "locked.pdf", file.getvalue())
    assert upload.stage is Stage.REFUSED
    assert "password" in upload.reason


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes; the test skips where none can be mounted."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_nothing_stays(tmp_path: Path, small_disk: Path) -> None:
    with House(tmp_path) as house:
        [before] = house.send(CHIDI, ("a.md", b"words"))
        with pytest.raises(NoRoom, match="disk"):
            house.send(CHIDI, ("b.pdf", b"x" * 1_000_000), ("c.pdf", b"x" * 3_000_000))
        assert house.kept == [before.id]
        house.work()  # and what was accepted before goes on
        assert house.uploads.get(CHIDI, before.id).stage is Stage.WAITING
        [after] = house.send(CHIDI, ("d.md", b"x" * 500_000))
        assert after.stage is Stage.RECEIVED
    assert list(small_disk.iterdir())


def test_a_folder_that_takes_no_more_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with _receiving(tmp_path) as receiving:
        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(NoRoom):
            fed(receiving, body(("a.pdf", b"x")))
    assert list(tmp_path.iterdir()) == []
