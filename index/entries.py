"""What the store hands out and takes in: versions without their words, and with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.encoded import Vectors
from ingest.domain import Passage, Place, Source, Version

DRAFT, PUBLISHED, REPLACED, WITHDRAWN = "draft", "published", "replaced", "withdrawn"
DISCARDED = "discarded"  # a draft that never was published and never will be


@dataclass(frozen=True, slots=True)
class Entry:
    """One version as the library lists it: everything but its text. ``id`` is the version's row.

    ``changed_at`` is when it came into its state, None where that was not kept yet; ``note`` what is said to
    the public of a withdrawal.
    """

    id: int
    source: Source
    number: int
    state: str
    audience: str
    file_name: str
    media_type: str
    digest: str
    added_at: datetime
    changed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One published version: its entry, the rows of its passages in order, and who speaks in which."""

    entry: Entry
    rows: range
    speakers: Mapping[str, tuple[int, ...]]

    @property
    def source(self) -> Source:
        """The source that is listed."""
        return self.entry.source


@dataclass(frozen=True, slots=True)
class Published:
    """One published passage with what is known of it; ``foreign`` as in :class:`Draft`."""

    row: int
    passage: Passage
    source: Source
    place: Place
    foreign: str | None


@dataclass(frozen=True, slots=True)
class Readable:
    """One published passage that somebody may read, the row of its version, and where it stands."""

    version: int
    passage: Passage
    place: Place


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """A passage as a whole, (dimensions,), its sentences, (sentences, dimensions), and its tokens, packed.

    Rows have length 1; ``tokens`` are as :func:`index.packing.pack_pairs` packs them.
    """

    whole: Vectors
    sentences: Vectors
    tokens: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What is stored of one passage for a second look: its vectors as in :class:`PassageVectors`, its context
    and its length.
    """

    whole: Vectors
    sentences: Vectors
    tokens: bytes
    context: str
    characters: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is about to be stored, with its passages and the vectors of each.

    ``foreign`` is the whole document as JSON, where a component of another framework wrote it.
    """

    source: Source
    version: Version
    passages: Sequence[Passage]
    vectors: Sequence[PassageVectors]
    model: str
    file_name: str
    media_type: str
    state: str = PUBLISHED
    audience: str = "public"
    foreign: str | None = None
