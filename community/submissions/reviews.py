"""The façade for the reviewers' side: take up, judge, decide, publish, withdraw.

Nobody judges what they have a hand in; ``states`` says so, and every function here asks it, in the
transaction in which it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, insert, select

from community.errors import Conflict, Invalid
from community.people import Person
from community.submissions import tables
from community.submissions.comments import cleaned
from community.submissions.desk import Desk
from community.submissions.rows import decision_of
from community.submissions.shelf import Shelf
from community.submissions.states import Act
from community.submissions.tiers import open_questions, tier_of
from community.submissions.values import Decision, Filed, Judgements, Review, State, Submission
from community.submissions.verdicts import keep, kept, reviews_of

AUDIENCES = ("public", "members")  # whom a contribution can be published for

_UNDECIDED = (State.SUBMITTED, State.IN_REVIEW)
OnPublished = Callable[[Connection, Sequence[str]], None]


class Reviews:
    """What reviewers do. Every decision names the ``revision`` that it was made on."""

    def __init__(self, desk: Desk, shelf: Shelf, on_published: OnPublished) -> None:
        self._desk = desk
        self._shelf = shelf
        self._on_published = on_published

    def take(self, who: Person, submission_id: str, revision: int) -> Submission:
        """Begin to review it, or take the review over from somebody else.

        Raises NotFound, Conflict, NotAllowed, as everything here.
        """
        with self._desk.records.writing() as connection:
            found = self._desk.seen(connection, who, submission_id)
            act = Act.TAKE_OVER if found.state == State.IN_REVIEW else Act.TAKE
            found = self._desk.must(connection, who, submission_id, act, revision)
            if act == Act.TAKE_OVER:
                self._desk.tell_reviewer(connection, found, who, f"{who.name} took a review over from you.")
            return self._desk.move(connection, who, found, act, reviewer_id=who.id)

    def judge(self, who: Person, submission_id: str, version: int, judgements: Judgements) -> None:
        """Record how ``who`` judges a version. Of what is published already the tier follows at once."""
        judged = kept(judgements)
        with self._desk.records.writing() as connection:
            found = self._must_judge(connection, who, submission_id, version)
            if found.state == State.IN_REVIEW:
                keep(connection, who, found, judged, self._desk.clock())
                return
            filed = self._desk.filed(connection, found)
        self._grade(who, found, filed, judged)

    def ask_changes(self, who: Person, submission_id: str, revision: int, reason: str) -> Submission:
        """Send it back to its author, with what is to be changed."""
        return self._decide(who, submission_id, revision, Act.ASK_CHANGES, cleaned(reason, "reason"))

    def decline(self, who: Person, submission_id: str, revision: int, reason: str) -> Submission:
        """Say no for good, and why; what was stored of it is never published."""
        words = cleaned(reason, "reason")
        _, filed = self._ready(who, submission_id, Act.DECLINE, revision)
        moved: list[Submission] = []

        def also(connection: Connection) -> None:
            moved.append(self._decided(connection, who, submission_id, revision, Act.DECLINE, words))

        with self._desk.saying_who_was_quicker(who, submission_id, Act.DECLINE, revision):
            self._shelf.discard([one.source_id for one in filed], also)
        return moved[0]

    def publish(self, who: Person, submission_id: str, revision: int, audience: str) -> Submission:
        """Let it answer, for everybody or for members, with the tier that its reviews add up to.

        Raises Invalid where something is not judged yet, by the name of the criterion.
        """
        if audience not in AUDIENCES:
            raise Invalid({"audience": "Publish it for everybody, or for members."})
        found, filed = self._ready(who, submission_id, Act.PUBLISH, revision)
        with self._desk.records.reading() as connection:
            self._must_be_judged(connection, who, found)
            tier = self._tier(connection, found)
        moved: list[Submission] = []

        def also(connection: Connection) -> None:
            if self._tier(connection, found) != tier:
                raise Conflict("Another review came in at this moment. Look at it, then publish.")
            moved.append(self._decided(connection, who, submission_id, revision, Act.PUBLISH, ""))
            self._desk.replace_earlier(connection, who, moved[0])
            self._on_published(connection, [one.source_id for one in filed])

        with self._desk.saying_who_was_quicker(who, submission_id, Act.PUBLISH, revision):
            self._shelf.publish(filed, audience, tier, also)
        return moved[0]

    def withdraw(self, who: Person, submission_id: str, revision: int, reason: str) -> Submission:
        """Take it out of the library; ``reason`` is public."""
        words = cleaned(reason, "reason")
        _, filed = self._ready(who, submission_id, Act.WITHDRAW, revision)
        moved: list[Submission] = []

        def also(connection: Connection) -> None:
            found = self._desk.must(connection, who, submission_id, Act.WITHDRAW, revision)
            moved.append(self._desk.move(connection, who, found, Act.WITHDRAW, reason=words))

        with self._desk.saying_who_was_quicker(who, submission_id, Act.WITHDRAW, revision):
            self._shelf.withdraw(filed, words, also)
        return moved[0]

    def restore(self, who: Person, submission_id: str, revision: int) -> Submission:
        """Publish again what was withdrawn, as it was."""
        _, filed = self._ready(who, submission_id, Act.RESTORE, revision)
        moved: list[Submission] = []

        def also(connection: Connection) -> None:
            found = self._desk.must(connection, who, submission_id, Act.RESTORE, revision)
            moved.append(self._desk.move(connection, who, found, Act.RESTORE, reason=""))
            self._on_published(connection, [one.source_id for one in filed])

        with self._desk.saying_who_was_quicker(who, submission_id, Act.RESTORE, revision):
            self._shelf.publish(filed, "", None, also)
        return moved[0]

    def of(self, who: Person, submission_id: str) -> list[Review]:
        """How each version was judged, the oldest first; its author reads it once it is decided.

        Raises NotFound.
        """
        with self._desk.records.reading() as connection:
            found = self._desk.seen(connection, who, submission_id)
            hidden = found.state in _UNDECIDED and not self._desk.judges(connection, who, found)
            return [] if hidden else reviews_of(connection, found)

    def decided(self, who: Person, submission_id: str) -> list[Decision]:
        """What was decided about it so far, the oldest first. Raises NotFound."""
        with self._desk.records.reading() as connection:
            found = self._desk.seen(connection, who, submission_id)
            made = tables.decisions.c
            query = select(tables.decisions).where(made.submission_id == found.id).order_by(made.id)
            return [decision_of(row) for row in connection.execute(query).mappings()]

    def _ready(
        self, who: Person, submission_id: str, act: Act, revision: int
    ) -> tuple[Submission, list[Filed]]:
        """What it is about, asked before the library begins its transaction; it is asked again in there."""
        with self._desk.records.reading() as connection:
            found = self._desk.must(connection, who, submission_id, act, revision)
            return found, self._desk.filed(connection, found)

    def _decide(self, who: Person, submission_id: str, revision: int, act: Act, reason: str) -> Submission:
        with self._desk.records.writing() as connection:
            return self._decided(connection, who, submission_id, revision, act, reason)

    def _decided(
        self,
        connection: Connection,
        who: Person,
        submission_id: str,
        revision: int,
        act: Act,
        reason: str,
    ) -> Submission:
        """Decide, in a transaction that somebody else began, and keep what was decided."""
        found = self._desk.must(connection, who, submission_id, act, revision)
        moved = self._desk.move(connection, who, found, act, reason=reason)
        assert found.submitted_at is not None  # nothing is in review that was not handed in
        row = {
            "submission_id": found.id,
            "version": found.version,
            "submitted_at": found.submitted_at.isoformat(),
            "decided_at": moved.changed_at.isoformat(),
            "state": moved.state.value,
            "reviewer_id": who.id,
            "reason": reason,
        }
        connection.execute(insert(tables.decisions).values(row))
        return moved

    def _must_judge(
        self, connection: Connection, who: Person, submission_id: str, version: int
    ) -> Submission:
        found = self._desk.must(connection, who, submission_id, Act.JUDGE)
        if found.version != version:
            raise Conflict("A newer version was handed in meanwhile. Read that one, then judge it.")
        return found

    def _must_be_judged(self, connection: Connection, who: Person, found: Submission) -> None:
        """Raise Invalid unless ``who`` judged this version in a way that allows to publish it."""
        own = [
            one
            for one in reviews_of(connection, found)
            if (one.reviewer_id, one.version) == (who.id, found.version)
        ]
        if missing := open_questions(own[0].judgements if own else {}):
            raise Invalid({criterion.value: words for criterion, words in missing.items()})

    def _tier(self, connection: Connection, found: Submission) -> str:
        current = [one for one in reviews_of(connection, found) if one.version == found.version]
        return tier_of(current, self._desk.hands(connection, found))

    def _grade(self, who: Person, found: Submission, filed: Sequence[Filed], judged: Judgements) -> None:
        """Record a verdict on what is published; the tier of what is published follows."""
        with self._desk.records.reading() as connection:
            others = [
                one
                for one in reviews_of(connection, found)
                if one.version == found.version and one.reviewer_id != who.id
            ]
            hands = self._desk.hands(connection, found)
        own = Review(who.id, found.version, self._desk.clock(), judged)
        tier = tier_of([*others, own], hands)

        def also(connection: Connection) -> None:
            current = self._must_judge(connection, who, found.id, found.version)
            keep(connection, who, current, judged, own.at)
            if self._tier(connection, current) != tier:
                raise Conflict("Another review came in at this moment. Look at it, then judge again.")

        self._shelf.grade(filed, tier, also)
