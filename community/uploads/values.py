"""What an upload is, how far it is, and what the library has that is like it. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from ingest.domain import Source

KEEP_BOTH = "both"  # a decision; the other is the id of the source that is replaced


class Stage(StrEnum):
    """How far a file is."""

    RECEIVED = "received"  # on disk, to be read
    READING = "reading"
    WAITING = "waiting"  # for its owner: to confirm its description, to decide about what is like it
    STORING = "storing"
    HANDED_IN = "handed in"  # a submission, which staff review
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def is_at_work(self) -> bool:
        """Whether it goes on by itself."""
        return self in (Stage.RECEIVED, Stage.READING, Stage.STORING)

    @property
    def is_open(self) -> bool:
        """Whether its file is still kept."""
        return self.is_at_work or self is Stage.WAITING


class Alike(StrEnum):
    """In which way two texts are alike."""

    SAME_FILE = "same file"
    SAME_TEXT = "same text"
    NEW_VERSION = "another version"  # much of each stands in the other
    INSIDE = "inside"  # the new one stands in the other
    AROUND = "around"  # the other stands in the new one


@dataclass(frozen=True, slots=True)
class Likeness:
    """A document that an upload is like. ``share`` (0 to 1) of the upload's text stands in it.

    ``address`` is our page of it; ``first_difference`` the first words of the upload that do not stand there.
    ``is_known`` says whether the uploader may know of it, ``may_replace`` whether the upload can become its
    new version.
    """

    source_id: str
    title: str
    address: str
    way: Alike
    share: float
    first_difference: str = ""
    is_known: bool = True
    may_replace: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A description read from a text. ``reasons``: by field, the words it follows from and their place."""

    source: Source
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that somebody sent. ``size`` in bytes; ``digest`` its SHA-256, empty where it was not kept.

    ``path`` is its name with the folders that it came from: of many captions only these differ.
    ``suggestion`` is None until it was read, and what was confirmed after that. ``notes`` are what could not
    be read of it; ``hidden`` counts the signs in it that no reader sees. ``submission_id`` is known once it
    is handed in, or from the start where it is a new version of one; ``call_id`` names the call it answers.
    ``decision`` is KEEP_BOTH, the id of the source that it replaces, or empty.
    """

    id: str
    person_id: str
    batch: str
    name: str
    path: str
    size: int
    digest: str
    stage: Stage
    received_at: datetime
    changed_at: datetime
    reason: str = ""
    suggestion: Suggestion | None = None
    notes: tuple[str, ...] = ()
    likenesses: tuple[Likeness, ...] = ()
    hidden: int = 0
    submission_id: str = ""
    call_id: str = ""
    decision: str = ""
