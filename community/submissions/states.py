"""Who may do what with a submission, from where, and where it leads: one table, which everything else asks.

                     take back (author)
        +-------------------+----------------------+
        v                   |                      |
      DRAFT --submit--> SUBMITTED --take--> IN_REVIEW --decline--> DECLINED
        |                   ^                |  |  ^
      delete                |  (ask changes) |  |  +-- take over (another reviewer)
                            +-- submit -- CHANGES_ASKED
                                                |
                    (publish) IN_REVIEW --> PUBLISHED <--restore-- WITHDRAWN
                                                |    --withdraw-->    |
                                                +---------+-----------+
                                                          v
                         a later version is published: REPLACED

Two-person rule: who has a hand in a document (wrote or uploaded it, or an earlier version of it) takes no
part in judging it, whatever their role.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from community.people import Person, Role
from community.submissions.values import State, Submission


class Act(StrEnum):
    """What can be done with a submission."""

    EDIT = "edit"
    SUBMIT = "submit"
    TAKE_BACK = "take back"
    DELETE = "delete"
    COMMENT = "comment"
    TAKE = "take"
    TAKE_OVER = "take over"
    JUDGE = "judge"
    ASK_CHANGES = "ask for changes"
    DECLINE = "decline"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    RENEW = "start a new version"


class Part(StrEnum):
    """What somebody is to one submission."""

    AUTHOR = "author"
    STAFF = "staff"  # anyone of them, the author too
    OTHER = "other staff"  # who has no hand in it
    REVIEWER = "reviewer"  # the one of these who took it
    ANOTHER = "another reviewer"  # any of these but the one who took it


class Move(NamedTuple):
    """Who may do it, from which states, and the state that follows; without one it stays where it is."""

    by: frozenset[Part]
    start: frozenset[State]
    end: State | None = None


def _move(by: set[Part], start: set[State], end: State | None = None) -> Move:
    return Move(frozenset(by), frozenset(start), end)


_OPEN = {State.SUBMITTED, State.IN_REVIEW, State.CHANGES_ASKED}
TABLE: Mapping[Act, Move] = MappingProxyType(
    {
        Act.EDIT: _move({Part.AUTHOR}, {State.DRAFT, State.CHANGES_ASKED}),
        Act.SUBMIT: _move({Part.AUTHOR}, {State.DRAFT, State.CHANGES_ASKED}, State.SUBMITTED),
        Act.TAKE_BACK: _move({Part.AUTHOR}, _OPEN, State.DRAFT),
        Act.DELETE: _move({Part.AUTHOR}, {State.DRAFT}),
        Act.COMMENT: _move({Part.AUTHOR, Part.OTHER}, _OPEN),
        Act.TAKE: _move({Part.OTHER}, {State.SUBMITTED}, State.IN_REVIEW),
        Act.TAKE_OVER: _move({Part.ANOTHER}, {State.IN_REVIEW}, State.IN_REVIEW),
        Act.JUDGE: _move({Part.OTHER}, {State.IN_REVIEW, State.PUBLISHED}),
        Act.ASK_CHANGES: _move({Part.REVIEWER}, {State.IN_REVIEW}, State.CHANGES_ASKED),
        Act.DECLINE: _move({Part.REVIEWER}, {State.IN_REVIEW}, State.DECLINED),
        Act.PUBLISH: _move({Part.REVIEWER}, {State.IN_REVIEW}, State.PUBLISHED),
        # to take one's own words back harms nobody, and may be urgent
        Act.WITHDRAW: _move({Part.STAFF}, {State.PUBLISHED}, State.WITHDRAWN),
        Act.RESTORE: _move({Part.OTHER}, {State.WITHDRAWN}, State.PUBLISHED),
        Act.RENEW: _move({Part.AUTHOR, Part.STAFF}, {State.PUBLISHED, State.WITHDRAWN}),
    }
)


def parts(who: Person, submission: Submission, hands: frozenset[str]) -> frozenset[Part]:
    """What ``who`` is to a submission; ``hands`` are the ids of those who have a hand in its document."""
    is_author = bool(who.id) and who.id == submission.author_id
    own = {Part.AUTHOR} if is_author and who.may(Role.CONTRIBUTOR) else set()
    if who.may(Role.STAFF):
        own.add(Part.STAFF)
        if not is_author and who.id not in hands:
            is_reviewer = who.id == submission.reviewer_id
            own |= {Part.OTHER, Part.REVIEWER if is_reviewer else Part.ANOTHER}
    return frozenset(own)


def is_possible(act: Act, submission: Submission) -> bool:
    """Whether anybody could do that now, whoever they are."""
    return submission.state in TABLE[act].start


def may(act: Act, who: Person, submission: Submission, hands: frozenset[str]) -> bool:
    """Whether this person may do that now."""
    return is_possible(act, submission) and not TABLE[act].by.isdisjoint(parts(who, submission, hands))


def acts(who: Person, submission: Submission, hands: frozenset[str]) -> frozenset[Act]:
    """All that this person may do now: the buttons of their page."""
    return frozenset(act for act in Act if may(act, who, submission, hands))


def may_see(who: Person, submission: Submission) -> bool:
    """A submission is its author's and, once it was handed in, staff's; nobody else learns that it is."""
    is_author = bool(who.id) and who.id == submission.author_id
    return is_author or (who.may(Role.STAFF) and submission.state != State.DRAFT)
