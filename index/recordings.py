"""The recordings of webinars: files in the data folder, a webinar's id for a name, their content as it came.

A file needs no transaction: it is copied beside its place and takes it in one step, and whoever plays it
looks it up anew each time. So a recording can be attached while the app runs, without being handed to it.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from index.entries import PUBLISHED, WITHDRAWN, Entry
from index.files import whole_file
from index.scope import Reader
from ingest.domain import Source
from ingest.errors import FileRejected, NotFound, UjuziError

_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,119}")  # what events and described documents are called
_HEAD = 4_096  # bytes that tell the form
_ABANDONED = 3_600  # seconds since a copy was last written to
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Form(NamedTuple):
    """How files with an ending are served, and the container that they are."""

    media_type: str
    container: str


_FORMS = {
    ".mp4": _Form("video/mp4", "MP4"),
    ".m4v": _Form("video/mp4", "MP4"),
    ".m4a": _Form("audio/mp4", "MP4"),
    ".webm": _Form("video/webm", "WebM"),
    ".mp3": _Form("audio/mpeg", "MP3"),
    ".ogg": _Form("audio/ogg", "Ogg"),
    ".oga": _Form("audio/ogg", "Ogg"),
    ".opus": _Form("audio/ogg", "Ogg"),
    ".wav": _Form("audio/wav", "WAV"),
}
# Of MPEG audio only layer III is MP3. Matroska is no WebM though it begins the same.
_CONTAINERS = (
    ("MP4", re.compile(rb".{4}ftyp", re.DOTALL)),
    ("WebM", re.compile(rb"\x1a\x45\xdf\xa3.{0,60}webm", re.DOTALL)),
    ("Ogg", re.compile(rb"OggS")),
    ("WAV", re.compile(rb"RIFF.{4}WAVE", re.DOTALL)),
    ("MP3", re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")),
)


class Recordings:
    """The folder of the recordings: one a webinar, ``<id>.<ending>``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # held while a recording takes its place or goes, never while it is copied
        self.turn = FileLock(folder.with_name(f"{folder.name}.lock"))

    def path(self, webinar_id: str) -> Path | None:
        """The recording of a webinar, if it has one. Links and whatever is no id lead nowhere."""
        found = [path for path in self._places(webinar_id) if path.is_file() and not path.is_symlink()]
        # a power cut can leave two, where one in another form was being replaced
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    def attach(self, webinar_id: str, file: Path, must_be_known: Callable[[], object]) -> Path:
        """Keep a copy of ``file`` as the recording of a webinar, in the place of the one before; its path.

        ``must_be_known`` raises where the library has no such webinar. It is asked again once the copy is
        made, for the webinar may have been removed meanwhile. Raises FileRejected, UjuziError.
        """
        must_be_known()
        if not _ID.fullmatch(webinar_id):
            raise UjuziError(
                f"{webinar_id} cannot name a recording. Give the transcript an id of small letters, digits, "
                "hyphens and dots, as in 'id: palm-webinar' beside it, and add it again."
            )
        place = self._folder / f"{webinar_id}{_suffix(file)}"
        with _told(file), ExitStack() as held:
            self._folder.mkdir(parents=True, exist_ok=True)
            _must_fit(file, self._folder)
            with file.open("rb") as source, whole_file(place) as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())  # here, so that nobody's turn waits for the disk
                held.enter_context(self.turn)
                must_be_known()
            for other in self._places(webinar_id):
                if other != place:
                    other.unlink(missing_ok=True)
        return place

    def detach(self, webinar_id: str) -> bool:
        """Delete the recording of a webinar, and what of it was being copied; whether there was one."""
        with self.turn:
            there = self.path(webinar_id) is not None
            begun = self._copies()
            for path in self._places(webinar_id):
                for copy in (path, *(one for one in begun if one.stem == f".{path.name}")):
                    copy.unlink(missing_ok=True)
            return there

    def webinars(self) -> dict[str, Path]:
        """The recordings by the ids of their webinars."""
        named = sorted({path.stem for path in self._folder.glob("*") if is_recording(path.name)})
        return {webinar_id: path for webinar_id in named if (path := self.path(webinar_id))}

    def remove_abandoned(self) -> int:
        """Delete copies that were broken off by a power cut; how many."""
        latest = time.time() - _ABANDONED
        abandoned = [copy for copy in self._copies() if copy.lstat().st_mtime < latest]
        for copy in abandoned:
            copy.unlink(missing_ok=True)
        return len(abandoned)

    def _copies(self) -> list[Path]:
        """What is being copied, as :func:`whole_file` calls it."""
        return [path for path in self._folder.glob(".*") if is_recording(path.stem.removeprefix("."))]

    def _places(self, webinar_id: str) -> Iterator[Path]:
        """Where the recording of a webinar can be: in each form that there is."""
        if _ID.fullmatch(webinar_id):
            yield from (self._folder / f"{webinar_id}{suffix}" for suffix in _FORMS)


def is_recording(name: str) -> bool:
    """Whether a file of this name can be the recording of a webinar."""
    path = Path(name)
    return path.suffix in _FORMS and name == path.name and bool(_ID.fullmatch(path.stem))


def media_type(recording: Path) -> str:
    """What a browser is told that a recording is: ``video/...`` or ``audio/...``."""
    return _FORMS[recording.suffix].media_type


def transcribed(sources: Iterable[Source]) -> set[str]:
    """The webinars that these are transcripts of, by the ids that a recording of them may bear."""
    transcripts = [source for source in sources if source.kind == "transcript"]
    return {name for source in transcripts for name in (source.id, source.event) if name}


def must_be_webinar(webinar_id: str, events: Collection[str], sources: Collection[Source]) -> None:
    """Raise NotFound unless a recording can belong to ``webinar_id``: to an event, or to a transcript that
    has none.
    """
    transcripts = [source for source in sources if source.kind == "transcript"]
    if webinar_id in {*events, *(source.event or source.id for source in transcripts)}:
        return
    event = next((source.event for source in sources if source.id == webinar_id), None)
    if event:
        raise NotFound(f"{webinar_id} belongs to the webinar {event}: give the recording to that.")
    raise NotFound(
        f"The library has no webinar or transcript called {webinar_id}. Add its programme or its transcript "
        "first; what there is shows: ujuzi list"
    )


def may_play(
    webinar_id: str, entries: Collection[Entry], programmes: Collection[int], reader: Reader
) -> bool:
    """Whether ``reader`` may hear a webinar.

    ``entries`` hold all versions of its transcripts and programme that are not replaced, others do not
    matter; ``programmes`` are the rows of the versions that hold its programme. Whoever may read a transcript
    may hear the webinar; whoever may read only the programme may, unless a transcript is kept from them: what
    is heard are the same words.
    """

    def is_seen(entry: Entry) -> bool:
        return entry.state == PUBLISHED and entry.audience in reader.audiences

    spoken = (entry for entry in entries if entry.source.kind == "transcript")
    transcripts = [entry for entry in spoken if webinar_id in (entry.source.id, entry.source.event)]
    announced = [entry for entry in entries if entry.id in programmes]
    if "staff" in reader.audiences:
        return bool(transcripts or announced)
    kept_back = any(one.state == WITHDRAWN or one.audience not in reader.audiences for one in transcripts)
    return any(map(is_seen, transcripts)) or (not kept_back and any(map(is_seen, announced)))


def _suffix(file: Path) -> str:
    """The ending that ``file`` is kept under. FileRejected where it is no recording that browsers play."""
    suffix = file.suffix.lower()
    if not file.is_file():
        raise FileRejected(file, "There is no such file. Check its path.")
    if suffix not in _FORMS:
        raise FileRejected(
            file,
            "It is not a recording that every browser plays. Convert it to .mp4 or .webm, or to .m4a or .mp3 "
            "where there is only sound.",
        )
    actual, claimed = _container(file), _FORMS[suffix].container
    if actual == claimed:
        return suffix
    if actual:
        raise FileRejected(file, f"It is named {suffix} but is really {actual}. Name it so and try again.")
    raise FileRejected(file, f"It is named {suffix} but is not {claimed}, or it is damaged. Export it again.")


def _container(file: Path) -> str:
    """What the first bytes say; empty where they say nothing that we know."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError as error:
        raise FileRejected(file, f"It cannot be opened: {error.strerror}.") from error
    return next((name for name, begins in _CONTAINERS if begins.match(head)), "")


def _must_fit(file: Path, folder: Path) -> None:
    if file.stat().st_size > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What stops a copy, in a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise FileRejected(file, f"It could not be copied into the library: {error.strerror}.") from error
        size = f"{file.stat().st_size / 1e6:,.0f} MB"
        raise FileRejected(
            file,
            f"The disk of the library has no room for its {size}. Make room and try again; nothing changed.",
        ) from error
