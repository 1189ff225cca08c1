"""What a review is about: submissions, comments, verdicts, decisions. Frozen values; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest.domain import Span

UNTITLED = "Untitled"


class State(StrEnum):
    """Where a submission stands; ``states`` says what leads from one to the other."""

    DRAFT = "draft"  # seen by its author alone
    SUBMITTED = "submitted"
    IN_REVIEW = "in review"
    CHANGES_ASKED = "changes asked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Submission:
    """One contribution on its way into the library.

    ``form`` is "practice" (written into our form) or "document" (uploaded). ``source_id`` is empty until it
    is handed in for the first time, and then stays. ``revision`` rises with every change of state.
    ``version`` is the number that its main document has in the library, 0 before the first; ``reason`` what
    was said with the last decision.
    """

    id: str
    author_id: str
    form: str
    title: str
    source_id: str
    state: State
    revision: int
    call_id: str
    reviewer_id: str
    created_at: datetime
    changed_at: datetime
    version: int = 0
    submitted_at: datetime | None = None
    reason: str = ""

    @property
    def is_untitled(self) -> bool:
        """Whether nobody said yet what it is called."""
        return self.title == UNTITLED


@dataclass(frozen=True, slots=True)
class Filed:
    """One document of a submission as the library stores it: its source and the number of its version."""

    source_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a reviewer: ``state`` is what it led to."""

    submission_id: str
    version: int
    submitted_at: datetime
    decided_at: datetime
    state: State
    reviewer_id: str
    reason: str


class Criterion(StrEnum):
    """What every contribution is judged by."""

    RELEVANCE = "relevance"
    EVIDENCE = "evidence"
    REPLICABILITY = "replicability"
    SUSTAINABILITY = "sustainability"
    CONSENT = "consent"


class Verdict(StrEnum):
    """How a criterion was judged."""

    MET = "met"
    NOT_MET = "not met"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion judged, with what the reviewer has to say about it."""

    verdict: Verdict = Verdict.NOT_JUDGED
    remark: str = ""


Judgements = Mapping[Criterion, Judgement]


@dataclass(frozen=True, slots=True)
class Review:
    """How one reviewer judged one version."""

    reviewer_id: str
    version: int
    at: datetime
    judgements: Judgements

    @property
    def is_judged(self) -> bool:
        """Whether they judged anything yet."""
        return any(one.verdict != Verdict.NOT_JUDGED for one in self.judgements.values())


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on the words ``quote`` that stood at ``span`` of ``version``, or, without them, on the whole.

    ``answers`` is the id of the comment that it replies to, 0 where it begins a talk. ``is_done`` says that
    the author took care of it, ``is_resolved`` that a reviewer agrees.
    """

    id: int
    submission_id: str
    version: int
    span: Span | None
    quote: str
    author_id: str
    at: datetime
    text: str
    for_staff: bool = False
    answers: int = 0
    is_done: bool = False
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A comment with the replies to it, seen from the newest version.

    ``span`` is where its words stand now, None where it is on the whole or its words are gone.
    """

    comment: Comment
    replies: tuple[Comment, ...]
    span: Span | None

    @property
    def is_lost(self) -> bool:
        """Whether the words that it is about are no longer there."""
        return self.comment.span is not None and self.span is None
