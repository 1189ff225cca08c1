"""The package's door: what is found in a folder, and one file read and described."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.cage import Cage
from ingest.errors import FileRejected
from ingest.reading import Found, find_files, read_document, read_sidecar

CORPUS = Path(__file__).parents[2] / "corpus"
EVENT = "id: fees\ntitle: Fees\nstart: 2026-02-10T12:00:00+03:00\nend: 2026-02-10T13:00:00+03:00\n"
CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Employers pay the fare."


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "README.md": "# Read me",
        "b/fees.vtt": CAPTIONS.decode(),
        "b/fees.yaml": "title: Who pays",
        "b/fares.pdf": "x",
        "b/fares.pdf.yml": "kind: report",
        "a/fees.yaml": EVENT,
        "a/fees.md": "An event is no sidecar of what stands beside it.",
        "a/broken.yaml": "a: b: c",
        "a/broken.md": "Its sidecar is broken.",
        "a/photo.png": "x",
        "a/alone.yaml": "title: nothing beside it",
        "a/make.py": "",
        "a/__pycache__/make.txt": "",
        ".hidden/x.md": "",
        "a/.x.md": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def names(found: list[Found], folder: Path) -> list[str]:
    return [file.path.relative_to(folder).as_posix() for file in found]


def test_a_folder_gives_its_documents_in_order_and_nothing_else(folder: Path) -> None:
    assert names(find_files([folder]), folder) == [
        "README.md",
        *["a/alone.yaml", "a/broken.md", "a/fees.md", "a/fees.yaml", "a/photo.png"],
        *["b/fares.pdf", "b/fees.vtt"],
    ]


def test_files_are_taken_as_given_and_only_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    given = [Path("b/fees.yaml"), Path("b/fees.vtt"), Path("b"), Path("a/.x.md")]
    assert [file.identity for file in find_files(given)] == ["b/fees.vtt", "b/fares.pdf", "a/.x.md"]
    assert [file.identity for file in find_files([Path("b/fees.yaml")])] == ["b/fees.yaml"]


def test_what_leads_nowhere_is_found_so_that_it_is_refused_by_name(folder: Path) -> None:
    (folder / "b" / "dangling.txt").symlink_to("nowhere")
    nowhere = [folder / "gone.pdf", folder / ("n" * 300)]
    assert names(find_files([folder / "b", *nowhere]), folder) == [
        *["b/dangling.txt", "b/fares.pdf", "b/fees.vtt"],
        *["gone.pdf", "n" * 300],
    ]


def test_folders_are_entered_by_links_too_but_only_once(folder: Path) -> None:
    other = folder / ".other"
    other.mkdir()
    (other / "linked.md").write_text("Words.")
    for link, target in {"c1": other, "c2": other, "loop": folder, "self": Path("self")}.items():
        (folder / "b" / link).symlink_to(target)
    assert names(find_files([folder / "b"]), folder)[:3] == ["b/c1/linked.md", "b/fares.pdf", "b/fees.vtt"]
    below_loop = [name for name in names(find_files([folder / "b"]), folder) if "loop/" in name]
    assert "b/loop/README.md" in below_loop
    assert not [name for name in below_loop if "loop/b/" in name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "b" / "pipe.txt")
    assert names(find_files([folder / "b"]), folder) == ["b/fares.pdf", "b/fees.vtt"]
    with pytest.raises(FileRejected, match=r"pipe\.txt: It is no file but a pipe"):
        find_files([folder / "b" / "pipe.txt"])


def test_a_name_that_fills_its_folder_leaves_no_room_for_a_sidecar(tmp_path: Path) -> None:
    path = tmp_path / f"{'n' * 251}.txt"
    path.write_text("Words.")
    assert read_sidecar(path) is None


def test_sidecars(folder: Path) -> None:
    assert read_sidecar(folder / "b/fees.vtt") == {"title": "Who pays"}
    assert read_sidecar(folder / "b/fares.pdf") == {"kind": "report"}
    assert read_sidecar(folder / "a/fees.md") is None
    assert read_sidecar(folder / "a/fees.yaml") is None
    assert read_sidecar(folder / "README.md") is None
    with pytest.raises(FileRejected, match=r"^broken\.md: The file broken\.yaml beside it.*: Line 1 is not"):
        read_sidecar(folder / "a/broken.md")
    with pytest.raises(FileRejected, match=r"^gone\.md: There is no such file"):
        read_sidecar(folder / "gone.md")
    (folder / "README.md.yaml").write_text("- a list", "utf-8")
    with pytest.raises(FileRejected, match=r"README\.md\.yaml beside it.*: It holds no"):
        read_sidecar(folder / "README.md")


def test_a_document_is_read_and_described(cage: Cage) -> None:
    document = read_document(
        CAPTIONS,
        "fees.vtt",
        "b/fees.vtt",
        cage=cage,
        sidecar={"title": "Who pays"},
        overrides={"kind": "other"},
    )
    assert document.text == "Employers pay the fare."
    assert document.source.title == "Who pays"
    assert document.source.kind == "other"
    assert document.source.id.startswith("b-fees-vtt-")
    assert document.places.cues[0].speaker == "Anna"
    assert (document.digest, document.content) == (sha256(CAPTIONS).hexdigest(), CAPTIONS)
    assert (document.media_type, document.name, document.event) == ("vtt", "fees.vtt", None)


def test_an_event_comes_with_its_value(cage: Cage) -> None:
    document = read_document(EVENT.encode(), "fees.yaml", "fees.yaml", cage=cage)
    assert document.event is not None
    assert document.event.id == document.source.event == "fees"
    assert document.source.id == "event-fees"


def test_a_conversation_in_plain_text_is_a_transcript(cage: Cage) -> None:
    text = b"[00:05] Anna: Who pays?\n[00:09] Ben: Employers do.\n[01:00] Anna: All of it?"
    document = read_document(text, "notes.txt", "notes.txt", cage=cage)
    assert document.source.kind == "transcript"
    assert document.places.cues[1].start == 9.0


def test_bytes_that_cannot_be_used_are_refused(cage: Cage) -> None:
    with pytest.raises(FileRejected, match=r"^photo\.png: "):
        read_document(b"x", "photo.png", "photo.png", cage=cage)
    with pytest.raises(FileRejected, match=r"^fees\.vtt: Its kind is given as 'book'"):
        read_document(CAPTIONS, "fees.vtt", "fees.vtt", cage=cage, overrides={"kind": "book"})


def test_every_transcript_that_ships_has_a_name_and_a_time_for_every_word(cage: Cage) -> None:
    found = [file for file in find_files([CORPUS / "transcripts"]) if file.path.suffix == ".vtt"]
    assert found
    ids = set()
    for file in found:
        document = read_document(
            file.path.read_bytes(), file.path.name, file.identity, cage=cage, sidecar=read_sidecar(file.path)
        )
        roles = {person.name for person in document.source.people}
        assert document.source.illustrative
        assert {cue.speaker for cue in document.places.cues} <= roles
        assert sum(cue.span.end - cue.span.start for cue in document.places.cues) > 0.9 * len(document.text)
        ids.add(document.source.id)
    assert len(ids) == len(found)


def test_a_folder_keeps_to_itself_what_its_ignore_file_names(tmp_path: Path) -> None:
    for name in ("kept.md", "notes.jsonl", "drafts/early.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Words.")
    for end in ("\n", "\r\n"):
        (tmp_path / ".ujuziignore").write_bytes(f"*.jsonl{end}drafts {end}".encode())
        assert [found.path.name for found in find_files([tmp_path])] == ["kept.md"]
    (tmp_path / ".ujuziignore").write_bytes(b"\0\1\2")
    with pytest.raises(FileRejected, match=r"\.ujuziignore: It holds binary data"):
        find_files([tmp_path])


def test_a_name_is_stored_without_what_nobody_could_see(cage: Cage) -> None:
    for name in ("fees\u202e.vtt", "fees\udcff.vtt", "fees\x1b.vtt"):
        document = read_document(CAPTIONS, name, f"b/{name}", cage=cage)
        assert document.name == "fees.vtt" and document.source.title == "Fees"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Form 7\n\n## Who pays\n\nThe employer.", "Who pays"),
        ("## 1. Introduction\n\nThe employer pays.", "A policy"),
        ("## IV. Who pays\n\nThe employer.", "A policy"),
        (f"{'The employer pays. ' * 20}\n\n## References\n\nA paper.", "A policy"),
        ("## 2024 in figures\n\nTen thousand went.", "2024 in figures"),
    ],
)
def test_only_a_heading_that_the_text_opens_with_is_its_title(cage: Cage, text: str, title: str) -> None:
    assert read_document(text.encode(), "a-policy.md", "a-policy.md", cage=cage).source.title == title
