"""What the pages of uploads say: stages in words, batches, what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from community.people import Person, Role
from community.uploads.values import Stage, Upload
from ingest.domain import KINDS, THEMES
from web.words import begun, kind_words

ACCEPT = ".pdf,.docx,.pptx,.html,.htm,.xhtml,.md,.markdown,.txt,.text,.vtt,.srt"
_PROGRAMMES = ",.yaml,.yml"
STAGES: Mapping[Stage, str] = {
    Stage.RECEIVED: "Received; it will be read",
    Stage.READING: "Being read",
    Stage.WAITING: "Waiting for you",
    Stage.STORING: "Being handed in",
    Stage.HANDED_IN: "Handed in for review",
    Stage.REFUSED: "Not taken",
    Stage.CANCELLED: "Cancelled",
}
LOOKS: Mapping[Stage, str] = {
    Stage.WAITING: "waits",
    Stage.HANDED_IN: "done",
    Stage.REFUSED: "stopped",
}
KIND_CHOICES = [(kind, begun(kind_words(kind))) for kind in KINDS]
THEME_CHOICES = [(theme, begun(theme)) for theme in THEMES]


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that were sent together."""

    id: str
    uploads: tuple[Upload, ...]

    @property
    def read(self) -> int:
        """How many are read, or were refused: of these nothing more happens by itself."""
        return sum(one.stage not in (Stage.RECEIVED, Stage.READING) for one in self.uploads)

    @property
    def cancellable(self) -> int:
        """How many are still to be handed in by somebody, and can be taken back."""
        return sum(one.stage.is_open and one.stage is not Stage.STORING for one in self.uploads)

    @property
    def is_at_work(self) -> bool:
        """Whether anything of it goes on by itself."""
        return any(one.stage.is_at_work for one in self.uploads)


def batches(uploads: Sequence[Upload]) -> list[Batch]:
    """Uploads by what was sent together, the latest first."""
    first = {one.batch: number for number, one in reversed([*enumerate(uploads)])}
    return grouped(sorted(uploads, key=lambda one: -first[one.batch]))


def grouped(uploads: Iterable[Upload]) -> list[Batch]:
    """Uploads that follow each other by what was sent together, in their order."""
    return [Batch(name, tuple(own)) for name, own in groupby(uploads, key=lambda one: one.batch)]


def accepted(who: Person) -> str:
    """The endings of the files that somebody may send, for a form."""
    return ACCEPT + _PROGRAMMES if who.may(Role.STAFF) else ACCEPT


def folder_of(upload: Upload) -> str:
    """Where a file came from, to be shown before its name; empty where it was sent alone."""
    return upload.path.removesuffix(upload.name)


def size_words(size: int) -> str:
    """A size in bytes as people say it: "820 kB", "3.2 MB"."""
    return (
        f"{size / 1e6:.1f}".removesuffix(".0") + " MB"
        if size >= 1_000_000
        else f"{max(1, round(size / 1e3))} kB"
    )
