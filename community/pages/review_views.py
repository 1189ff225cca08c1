"""What the pages of review show: a document in parts, each passage with what is said of it; steps; words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from community.audit import Deed
from community.submissions.shelf import Read
from community.submissions.talks import on
from community.submissions.values import State, Submission, Talk
from community.submissions.wording import DONE, REPLACED
from ingest.domain import Passage, Span
from web.pieces import Piece, pieces

_MOST_CHARACTERS = 9_000  # of a document on one page, which is to stay small

STATE_WORDS = {
    State.DRAFT: "draft",
    State.SUBMITTED: "waiting for review",
    State.IN_REVIEW: "in review",
    State.CHANGES_ASKED: "changes asked for",
    State.PUBLISHED: "published",
    State.WITHDRAWN: "withdrawn",
    State.REPLACED: "replaced by a later version",
    State.DECLINED: "not taken",
}
STATE_LOOKS = {
    State.SUBMITTED: "waits",
    State.IN_REVIEW: "waits",
    State.CHANGES_ASKED: "waits",
    State.PUBLISHED: "done",
    State.WITHDRAWN: "stopped",
    State.DECLINED: "stopped",
}
_WAY = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.PUBLISHED)
_ENDS = (State.WITHDRAWN, State.REPLACED, State.DECLINED)


class Step(NamedTuple):
    """One step of the way of a submission: behind it, where it is, or before it."""

    label: str
    is_past: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage of a page: its text cut where comments mark it, its heading, and the talks about it."""

    passage: Passage
    heading: str
    pieces: Sequence[Piece]
    talks: Sequence[Talk]


@dataclass(frozen=True, slots=True)
class Part:
    """Part ``number`` of ``last`` of a document, and the talks that belong to no passage of any part."""

    number: int
    last: int
    shown: Sequence[Shown]
    elsewhere: Sequence[Talk]


def part_of(read: Read, talks: Sequence[Talk], number: int, passage: int = 0) -> Part:
    """The part of a document that holds ``passage``, else that of ``number`` or the nearest there is."""
    parts = list(_parts(read.passages)) or [[]]
    holding = [at for at, some in enumerate(parts, start=1) if passage in {one.number for one in some}]
    number = holding[0] if holding else min(max(number, 1), len(parts))
    placed = {talk.comment.id for passage in read.passages for talk in on(talks, passage.span)}
    return Part(
        number,
        len(parts),
        list(_shown(read, parts[number - 1], talks)),
        [talk for talk in talks if talk.comment.id not in placed],
    )


def steps(submission: Submission) -> list[Step]:
    """The way that a submission goes, with where it stands."""
    way = list(_WAY)
    if submission.state == State.CHANGES_ASKED:
        way.insert(3, State.CHANGES_ASKED)
    elif submission.state == State.DECLINED:
        way[3] = State.DECLINED
    elif submission.state in _ENDS:
        way.append(submission.state)
    here = way.index(submission.state)
    return [Step(STATE_WORDS[one], at < here, at == here) for at, one in enumerate(way)]


def headings(read: Read, talks: Iterable[Talk]) -> dict[int, str]:
    """The heading above the words of each comment, by the comment's id, where they stand under one."""
    found = {
        talk.comment.id: read.words.places.heading(talk.span.start) for talk in talks if talk.span is not None
    }
    return {number: heading for number, heading in found.items() if heading}


def edit_address(submission: Submission) -> str:
    """Where its author changes what it says."""
    if submission.form == "practice":
        return f"/contributions/{submission.id}/form"
    return f"/uploads?submission={submission.id}"


def changes_address(source_id: str, since: int, until: int) -> str:
    """Where two versions of a document are shown side by side."""
    return f"/sources/{source_id}/changes?from={since}&to={until}"


def deed_words(deed: Deed) -> str:
    """What somebody did, as it is said after their name."""
    known = {**{act.value: words for act, words in DONE.items()}, "judge": "judged it", "replace": REPLACED}
    return known.get(deed.action, deed.action)


def people_in(
    submissions: Iterable[Submission] = (), talks: Iterable[Talk] = (), others: Iterable[str] = ()
) -> set[str]:
    """The ids of all whose names a page says."""
    said = [one for talk in talks for one in (talk.comment, *talk.replies)]
    about = {person for one in submissions for person in (one.author_id, one.reviewer_id)}
    return {*about, *others, *(one.author_id for one in said)} - {""}


def _parts(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """The passages in runs that a page can carry."""
    run: list[Passage] = []
    for passage in passages:
        if run and sum(len(one.text) for one in run) + len(passage.text) > _MOST_CHARACTERS:
            yield run
            run = []
        run.append(passage)
    if run:
        yield run


def _shown(read: Read, passages: Sequence[Passage], talks: Sequence[Talk]) -> Iterator[Shown]:
    before = ""
    for passage in passages:
        own = on(talks, passage.span)
        heading = read.words.places.heading(passage.span.start) or ""
        yield Shown(
            passage,
            heading if heading != before else "",
            list(pieces(read.words.text, passage.span, _apart(own))),
            own,
        )
        before = heading


def _apart(talks: Iterable[Talk]) -> list[Span]:
    """The words that are spoken of, in rising order; of those that overlap the first."""
    apart: list[Span] = []
    for span in sorted(talk.span for talk in talks if talk.span is not None and not talk.comment.is_resolved):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart
