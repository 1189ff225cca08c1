"""The community put together: its façades over one library, and the work that goes on beside the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from community import notices
from community.accounts.accounts import Accounts
from community.accounts.mail import MailServer, Outbox, Screen
from community.accounts.openid import House, OpenId
from community.audit import Audit
from community.figures.figures import Figures
from community.gaps.calls import Calls
from community.gaps.groups import Gaps
from community.gaps.news import Answers, News
from community.gaps.questions import QuestionLog
from community.gaps.sweeping import Sweeping
from community.jobs import Jobs
from community.notices import Notices
from community.people import Person
from community.practices.practices import Practices
from community.records import Records
from community.submissions import Submissions
from community.uploads.uploads import Uploads
from index.library import Library
from ingest.errors import NotFound
from ingest.media import LIMIT

_PUBLISHED = "published"  # a kind of job: a source came, or came back


@dataclass(frozen=True, slots=True)
class Arrangements:
    """What whoever runs the site arranges. ``site`` is its address, ``domains`` those that need no approval.

    ``mail_server`` is smtp(s)://...; without one letters are printed. ``house`` vouches for people.
    ``question_days``: how long questions are kept; ``largest_file``: bytes.
    """

    site: str
    domains: frozenset[str] = frozenset()
    mail_server: str = ""
    mail_sender: str = ""
    house: House | None = None
    question_days: int = 30
    largest_file: int = LIMIT

    def outbox(self) -> Outbox:
        """Where letters go."""
        return MailServer(self.mail_server, self.mail_sender) if self.mail_server else Screen()


class Community:
    """Everybody and everything that is not the library itself."""

    def __init__(self, library: Library, arranged: Arrangements, answers: Answers) -> None:
        """``answers`` says whether one source answers a question to one reader."""
        records = Records(library.store)
        self.library = library
        self.largest_file = arranged.largest_file
        self.audit = Audit(records)
        self.notices = Notices(records)
        self.jobs = Jobs(records)
        self._outbox = arranged.outbox()
        self.accounts = Accounts(records, self._outbox, arranged.site, arranged.domains, forget=self._forget)
        self.openid = OpenId(records, arranged.house, arranged.site) if arranged.house else None
        self.submissions = Submissions(
            records, library, self._has_come, forget=self._forget_submission, names=self.accounts.names
        )
        self.practices = Practices(
            records,
            self.submissions,
            library,
            library.folder / "attachments",
            most_bytes=arranged.largest_file,
        )
        self.uploads = Uploads(
            records,
            library,
            self.submissions,
            self.jobs,
            library.folder / "uploads",
            arranged.largest_file,
            person_by_id=self._person,
        )
        self.questions = QuestionLog(records, library, days=arranged.question_days)
        self.gaps = Gaps(records, library, self.accounts.person)
        self.calls = Calls(records, self.gaps)
        self.figures = Figures(library, self.questions, self.submissions)
        self._news = News(records, library, answers, self.accounts.person)
        self._sweeping = Sweeping(self.questions.sweep, self.gaps.regroup)

    def start(self) -> None:
        """Go on with what was accepted, and with deleting what was kept long enough."""
        self.submissions.tidy()
        self.practices.files.tidy()
        self.jobs.start({**self.uploads.handlers, _PUBLISHED: self._news.published})
        self._sweeping.start()

    def stop(self) -> None:
        """Finish what is in hand; what waits is taken up at the next start."""
        self._sweeping.stop()
        self.jobs.stop()
        self.uploads.close()
        self._outbox.close()

    def names(self, person_ids: Sequence[str]) -> Mapping[str, str]:
        """What people are called, by their ids."""
        return self.accounts.names(person_ids)

    def _person(self, person_id: str) -> Person:
        person = self.accounts.person(person_id)
        if person is None:
            raise NotFound("This person has no account any more.")
        return person

    def _forget(self, connection: Connection, person_id: str) -> None:
        self.questions.forget(connection, person_id)
        self.uploads.forget(connection, person_id)
        notices.forget(connection, person_id)

    def _forget_submission(self, connection: Connection, submission_id: str) -> Callable[[], None]:
        self.uploads.forget_submission(connection, submission_id)
        return self.practices.forget(connection, submission_id)

    def _has_come(self, connection: Connection, source_ids: Sequence[str]) -> None:
        for source_id in source_ids:
            self.jobs.put(connection, _PUBLISHED, source_id)
