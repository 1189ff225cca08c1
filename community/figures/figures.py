"""The façade for figures of use, coverage and review; for staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from community.figures.coverage import Coverage, coverage
from community.figures.reviewing import ReviewTimes, Waited, review_times
from community.figures.use import Use, never_used, used
from community.gaps.questions import QuestionLog
from community.gaps.values import Day
from community.people import Person, Role
from community.records import now
from community.submissions.submissions import Submissions
from index.library import Library
from ingest.domain import Source


@dataclass(frozen=True, slots=True)
class Report:
    """What happened from ``since`` to ``until``, both included, and what the library holds now."""

    since: date
    until: date
    days: Sequence[Day]
    used: Sequence[Use]
    never_used: Sequence[Source]
    coverage: Coverage
    rounds: Sequence[Waited]
    waiting: int
    documents: int

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return sum(day.asked for day in self.days)

    @property
    def answered(self) -> int:
        """How many of them were answered."""
        return sum(day.answered for day in self.days)

    @property
    def helpful(self) -> int:
        """How many answers were marked as helpful."""
        return sum(day.helpful for day in self.days)

    @property
    def judged(self) -> int:
        """How many answers were marked as helpful or not."""
        return sum(day.helpful + day.unhelpful for day in self.days)

    @property
    def times(self) -> ReviewTimes:
        """How long contributions waited."""
        return review_times(self.rounds)


class Figures:
    """What staff can read off the library, the questions and the reviews."""

    def __init__(
        self,
        library: Library,
        questions: QuestionLog,
        submissions: Submissions,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._library = library
        self._questions = questions
        self._submissions = submissions
        self._clock = clock

    def report(self, who: Person, days: int) -> Report:
        """The last ``days`` days, today among them."""
        who.must_be(Role.STAFF)
        until = self._clock().date()
        since = until - timedelta(days=days - 1)
        sources = [source for source in self._library.sources(who.reader) if not source.is_programme]
        cited = self._questions.cited(who, since)
        counted = {day.day: day for day in self._questions.days(who, since)}
        every = [since + timedelta(days=number) for number in range(days)]
        return Report(
            since=since,
            until=until,
            days=[counted.get(day, Day(day)) for day in every],
            used=used(sources, cited),
            never_used=never_used(sources, cited),
            coverage=coverage(sources, self._questions.asked_in_vain(who)),
            rounds=[
                Waited(one.submitted_at, one.decided_at, str(one.state))
                for one in self._submissions.decisions(who, datetime.combine(since, time(), UTC))
            ],
            waiting=self._submissions.count_waiting(who),
            documents=len(sources),
        )
