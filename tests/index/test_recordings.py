"""Recordings of webinars: what is taken, who may hear it, what becomes of it with its webinar, in backups."""

from __future__ import annotations

import os
import resource
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.library import Library
from index.recordings import Recordings, media_type
from index.scope import PUBLIC, STAFF, Reader
from index.upkeep import back_up, check, restore
from ingest.domain import Event
from ingest.errors import FileRejected, NotFound, UjuziError
from ingest.reading import Document
from tests.clips import wav
from tests.fakes import HashEmbedder
from tests.index import made

MEMBER = Reader("member", frozenset({"public", "members"}))
MP4 = b"\x00\x00\x00\x20ftypisom" + b"frames" * 9
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"frames"
MATROSKA = b"\x1a\x45\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska"
OGG = b"OggS\x00\x02" + b"frames"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
MP3 = b"\xff\xfb\x90\x00" + b"frames"
AAC = b"\xff\xf1\x50\x80" + b"frames"


def programme(webinar_id: str = "palm") -> Document:
    start = datetime(2026, 2, 10, 9, tzinfo=UTC)
    event = Event(webinar_id, "Who pays", start, start.replace(hour=10), "Africa/Nairobi")
    return made.text(f"event-{webinar_id}", f"The programme of {webinar_id}.", event_=event, event=webinar_id)


def transcript(identity: str, event: str | None = None) -> Document:
    return made.talk(identity, [("Moderator", f"Welcome to {identity}.")], event=event)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A recording as it comes from elsewhere."""
    path = tmp_path / "Our Webinar.MP4"
    path.write_bytes(MP4)
    return path


def named(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def kept(library: Library) -> list[str]:
    """The names of everything in the folder of the recordings."""
    return sorted(path.name for path in (library.folder / "recordings").glob("*"))


# what is taken


@pytest.mark.parametrize(
    ("name", "content", "served_as"),
    [
        ("a.mp4", MP4, "video/mp4"),
        ("a.m4v", MP4, "video/mp4"),
        ("a.m4a", MP4, "audio/mp4"),
        ("a.webm", WEBM, "video/webm"),
        ("a.mp3", MP3, "audio/mpeg"),
        ("a.mp3", b"ID3\x04" + MP3, "audio/mpeg"),
        ("a.ogg", OGG, "audio/ogg"),
        ("a.oga", OGG, "audio/ogg"),
        ("a.opus", OGG, "audio/ogg"),
        ("A.WAV", WAV, "audio/wav"),
    ],
)
def test_a_recording_is_kept_as_it_came(
    library: Library, tmp_path: Path, name: str, content: bytes, served_as: str
) -> None:
    library.add(programme())
    path = library.attach_recording("palm", named(tmp_path, name, content))
    assert path == library.folder / "recordings" / f"palm{Path(name).suffix.lower()}"
    assert library.recording("palm") == path
    assert path.read_bytes() == content and media_type(path) == served_as


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mov", MP4, "not a recording that every browser plays. Convert it to .mp4 or .webm"),
        ("a.mkv", MATROSKA, "not a recording that every browser plays"),
        ("a.pdf", b"%PDF-1.7", "not a recording"),
        ("recording", MP4, "not a recording"),
        ("a.mp4", b"<html>", "named .mp4 but is not MP4, or it is damaged. Export it again."),
        ("a.mp4", b"", "not MP4, or it is damaged"),
        ("a.mp3", MP4, "named .mp3 but is really MP4. Name it so"),
        ("a.mp3", AAC, "not MP3"),
        ("a.webm", MATROSKA, "not WebM"),
        ("a.wav", b"RIFF\x24\x00\x00\x00AVI LIST", "not WAV"),
        ("a.ogg", WEBM, "really WebM"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence(
    library: Library, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    library.add(programme())
    with pytest.raises(FileRejected) as refused:
        library.attach_recording("palm", named(tmp_path, name, content))
    assert words in refused.value.reason and name in str(refused.value)
    assert kept(library) == []


def test_a_file_that_is_not_there_is_refused(library: Library, tmp_path: Path) -> None:
    library.add(programme())
    (tmp_path / "folder.mp4").mkdir()
    for name in ("gone.mp4", "folder.mp4"):
        with pytest.raises(FileRejected, match=r"no such file\. Check its path"):
            library.attach_recording("palm", tmp_path / name)


def test_a_recording_replaces_the_one_before_whatever_its_form(
    library: Library, tmp_path: Path, clip: Path
) -> None:
    library.add(programme())
    library.attach_recording("palm", clip)
    library.attach_recording("palm", named(tmp_path, "second.mp4", MP4 + b"second"))
    assert library.recording("palm", PUBLIC).read_bytes() == MP4 + b"second"  # type: ignore[union-attr]
    library.attach_recording("palm", named(tmp_path, "third.webm", WEBM))
    assert kept(library) == ["palm.webm"]


def test_of_two_that_a_power_cut_left_the_later_is_played(library: Library) -> None:
    library.add(programme())
    folder = library.folder / "recordings"
    folder.mkdir()
    for name, content in (("palm.mp4", MP4), ("palm.webm", WEBM)):
        named(folder, name, content)
    for later in ("palm.mp4", "palm.webm"):
        os.utime(folder / later, (time.time() + 60, time.time() + 60))
        assert library.recording("palm") == folder / later
        os.utime(folder / later, (0, 0))
    assert library.recordings.detach("palm") and kept(library) == []


def test_a_long_recording_is_never_in_memory_as_a_whole(library: Library, clip: Path) -> None:
    library.add(programme())
    os.truncate(clip, 40_000_000)
    tracemalloc.start()
    path = library.attach_recording("palm", clip)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size == 40_000_000 and peak < 4_000_000


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses to let any file grow beyond ``size`` bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_the_disk_has_no_room_for_is_refused_before_it_is_copied(library: Library, clip: Path) -> None:
    library.add(programme())
    library.attach_recording("palm", clip)
    before = (library.folder / "recordings").stat().st_mtime_ns
    os.truncate(clip, 8_000_000_000_000)  # of which nothing is on a disk
    with (
        files_of_at_most(1_000_000),
        pytest.raises(FileRejected, match=r"no room for its 8,000,000 MB\. Make"),
    ):
        library.attach_recording("palm", clip)
    assert (library.folder / "recordings").stat().st_mtime_ns == before


def test_a_disk_that_fills_up_meanwhile_leaves_the_recording_before(library: Library, clip: Path) -> None:
    library.add(programme())
    library.attach_recording("palm", clip)
    os.truncate(clip, 3_000_000)
    with files_of_at_most(1_000_000), pytest.raises(FileRejected, match="no room for its 3 MB"):
        library.attach_recording("palm", clip)
    assert library.recording("palm").read_bytes() == MP4  # type: ignore[union-attr]
    assert kept(library) == ["palm.mp4"]


# what it belongs to


def test_it_belongs_to_an_event_or_to_a_transcript_without_one(library: Library, clip: Path) -> None:
    for document in (
        programme("palm"),
        transcript("talk"),
        transcript("minutes", "kenya"),
        transcript("folder/Talk.vtt"),
        made.text("guide", "A guide."),
        made.text("slides", "Slides.", event="palm", kind="slides"),
    ):
        library.add(document)
    for webinar_id in ("palm", "talk", "kenya"):
        assert library.attach_recording(webinar_id, clip).name == f"{webinar_id}.mp4"
    for webinar_id, words in (
        ("minutes", "minutes belongs to the webinar kenya: give the recording to that"),
        ("event-palm", "belongs to the webinar palm"),
        ("slides", "belongs to the webinar palm"),
        ("guide", "no webinar or transcript called guide"),
        ("nothing", "no webinar or transcript called nothing. Add its programme"),
    ):
        with pytest.raises(NotFound, match=words):
            library.attach_recording(webinar_id, clip)
    with pytest.raises(UjuziError, match=r"cannot name a recording\. Give the transcript an id"):
        library.attach_recording("folder/Talk.vtt", clip)
    assert kept(library) == ["kenya.mp4", "palm.mp4", "talk.mp4"]


def test_it_is_attached_beside_the_owner_who_plays_it_at_once(library: Library, clip: Path) -> None:
    library.add(programme())
    assert library.recording("palm") is None
    with Library(library.folder, embedder=HashEmbedder(), read_only=True) as beside:
        path = beside.attach_recording("palm", clip)
        assert library.recording("palm") == path
        assert beside.recordings.detach("palm") and not beside.recordings.detach("palm")
    assert library.recording("palm") is None


def test_a_webinar_that_is_removed_during_the_copy_gets_no_recording(library: Library, clip: Path) -> None:
    library.add(transcript("talk"))
    asked = 0

    def must_be_known() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise NotFound("It was removed.")

    with pytest.raises(NotFound):
        library.recordings.attach("talk", clip, must_be_known)
    assert asked == 2 and kept(library) == []


@pytest.mark.parametrize(
    "webinar_id",
    [
        "",
        ".",
        "..",
        "../secret",
        "/etc/secret",
        "a/../secret",
        "secret\x00",
        "secret\n",
        "Secret",
        "sécret",
        "*",
    ],
)
def test_what_is_no_id_leads_nowhere(tmp_path: Path, webinar_id: str) -> None:
    for name in ("secret.mp4", ".mp4", "..mp4", "Secret.mp4", "sécret.mp4"):
        named(tmp_path, name, MP4)
    (tmp_path / "recordings" / "a").mkdir(parents=True)
    named(tmp_path / "recordings", "secret.mp4", MP4)
    for name in ("Secret.mp4", ".mp4", "sécret.mp4"):
        named(tmp_path / "recordings", name, MP4)
    recordings = Recordings(tmp_path / "recordings")
    assert recordings.path(webinar_id) is None and not recordings.detach(webinar_id)
    with pytest.raises(UjuziError, match="cannot name a recording"):
        recordings.attach(webinar_id, tmp_path / "secret.mp4", lambda: None)
    assert recordings.path("secret") == tmp_path / "recordings" / "secret.mp4"


def test_a_link_in_the_folder_is_no_recording(library: Library, tmp_path: Path, clip: Path) -> None:
    library.add(programme())
    (library.folder / "recordings").mkdir()
    (library.folder / "recordings" / "palm.mp4").symlink_to(clip)
    assert library.recording("palm") is None
    library.attach_recording("palm", named(tmp_path, "b.mp4", MP4 + b"b"))
    assert clip.read_bytes() == MP4  # the link was replaced, not followed


# who may hear it


def test_whoever_may_read_the_programme_or_a_transcript_may_hear_it(library: Library, clip: Path) -> None:
    library.add(programme())
    library.add(transcript("talk"), audience="members")
    for webinar_id in ("palm", "talk"):
        library.attach_recording(webinar_id, clip)
    assert library.recording("palm", PUBLIC)
    assert library.recording("talk", PUBLIC) is None
    assert library.recording("talk", MEMBER) and library.recording("talk", STAFF)


def test_a_transcript_that_is_kept_from_a_reader_keeps_the_recording_too(
    library: Library, clip: Path
) -> None:
    """What is heard are the same words, even where everybody may read the programme."""
    library.add(programme())
    library.add(transcript("palm-talk", "palm"), audience="members")
    library.attach_recording("palm", clip)
    assert library.recording("palm", PUBLIC) is None and library.recording("palm", MEMBER)
    library.withdraw("palm-talk")
    assert library.recording("palm", MEMBER) is None and library.recording("palm", STAFF)
    library.publish("palm-talk", audience="public")
    assert library.recording("palm", PUBLIC)


def test_nobody_hears_a_webinar_that_is_withdrawn(library: Library, clip: Path) -> None:
    library.add(programme())
    library.attach_recording("palm", clip)
    library.withdraw("event-palm")
    assert library.recording("palm", PUBLIC) is None and library.recording("palm", STAFF)
    library.add(transcript("talk"), draft=True)
    library.attach_recording("talk", clip)
    assert library.recording("talk", MEMBER) is None and library.recording("talk", STAFF)


def test_what_a_draft_announces_is_heard_by_staff_alone(library: Library, clip: Path) -> None:
    library.add(programme(), draft=True)
    library.attach_recording("palm", clip)
    assert library.recording("palm", MEMBER) is None and library.recording("palm", STAFF)
    library.publish("event-palm")
    assert library.recording("palm", PUBLIC)


# what becomes of it


def test_it_goes_with_the_last_transcript_and_with_the_last_programme(library: Library, clip: Path) -> None:
    for document in (
        programme("palm"),
        transcript("palm-en", "palm"),
        transcript("palm-fr", "palm"),
        programme("kenya"),
        transcript("kenya", "kenya"),
        transcript("talk"),
    ):
        library.add(document)
    for webinar_id in ("palm", "kenya", "talk"):
        library.attach_recording(webinar_id, clip)
    library.remove("palm-fr")
    assert kept(library) == ["kenya.mp4", "palm.mp4", "talk.mp4"]
    library.remove("palm-en")
    assert kept(library) == ["kenya.mp4", "talk.mp4"]
    library.add(made.text("note", "The note.", event_=programme("kenya").event, event="kenya"))
    library.remove("note")  # which held the programme too
    assert kept(library) == ["kenya.mp4", "talk.mp4"]
    library.remove("event-kenya")
    assert kept(library) == ["talk.mp4"]
    (library.folder / "recordings" / ".talk.mp4.123").write_bytes(MP4)
    (library.folder / "recordings" / ".talk.mp4.mp4.123").write_bytes(MP4)
    library.remove("talk")
    assert kept(library) == [".talk.mp4.mp4.123"]  # a copy, begun, for the webinar talk.mp4


def test_check_tells_of_a_recording_without_webinar_and_keeps_it(library: Library, clip: Path) -> None:
    library.add(transcript("talk"))
    library.attach_recording("talk", clip)
    assert check(library).ok
    named(library.folder / "recordings", "lost.mp4", MP4)
    verdict = check(library)
    (problem,) = verdict.problems
    assert not verdict.ok and not problem.repaired
    assert problem.source_id == "lost" and "ujuzi recording lost --remove" in problem.what
    assert kept(library) == ["lost.mp4", "talk.mp4"]


def test_check_removes_copies_that_were_broken_off(library: Library) -> None:
    folder = library.folder / "recordings"
    folder.mkdir()
    for name in (".talk.mp4.123", ".other.mp4.124", ".note"):
        named(folder, name, MP4)
    long_ago = time.time() - 4_000
    for name in (".talk.mp4.123", ".note"):
        os.utime(folder / name, (long_ago, long_ago))
    verdict = check(library)
    assert verdict.ok and [problem.repaired for problem in verdict.problems] == [True]
    assert kept(library) == [".note", ".other.mp4.124"]


def test_a_backup_brings_recordings_back_as_they_were(library: Library, tmp_path: Path) -> None:
    library.add(programme())
    library.add(transcript("talk"))
    library.attach_recording("palm", wav(tmp_path / "long.wav", minutes=1))
    library.attach_recording("talk", named(tmp_path, "short.webm", WEBM))
    back_up(library, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
        packed_as = {one.filename: one.compress_type for one in packed.infolist()}
    assert packed_as["recordings/palm.wav"] == packed_as["recordings/talk.webm"] == zipfile.ZIP_STORED
    restore(tmp_path / "backup.zip", tmp_path / "again")
    with Library(tmp_path / "again", embedder=HashEmbedder()) as again:
        path = again.recording("palm")
        assert path and path.read_bytes() == (tmp_path / "long.wav").read_bytes()
        assert kept(again) == ["palm.wav", "talk.webm"] and check(again).ok
    assert not list((tmp_path / "again").glob("tmp*"))


def test_a_backup_cannot_bring_anything_else_into_the_folder(
    library: Library, tmp_path: Path, clip: Path
) -> None:
    library.add(programme())
    library.attach_recording("palm", clip)
    back_up(library, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip", "a") as packed:
        for name in ("recordings/x.html", "recordings/../x.mp4", "recordings/.x.mp4", "recordings/a/x.mp4"):
            packed.writestr(name, b"x")
    restore(tmp_path / "backup.zip", tmp_path / "again")
    found = sorted(path.name for path in (tmp_path / "again").rglob("*") if "x" in path.stem.split("."))
    assert found == []
    assert [path.name for path in (tmp_path / "again" / "recordings").iterdir()] == ["palm.mp4"]
