"""Where a form is opened: who may see or change it, what stands there, and how it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from community.errors import Invalid
from community.people import Person
from community.practices import drafts
from community.practices.drafts import Draft, Submitted
from community.practices.fields import MOST, length, practice_of, unagreed
from community.practices.files import Files
from community.practices.material import still_stand
from community.records import Records
from community.submissions import Submission, Submissions
from index.entries import PUBLISHED, WITHDRAWN
from index.library import Library
from ingest.errors import NotFound

_TOO_LONG = f"The form would hold more than {MOST:,} characters. Attach long texts as files."


class Desk:
    """The door to the rows of forms. Submissions say who may do what with them."""

    def __init__(
        self,
        records: Records,
        submissions: Submissions,
        library: Library,
        files: Files,
        clock: Callable[[], datetime],
    ) -> None:
        self.records = records
        self.clock = clock
        self._submissions = submissions
        self._library = library
        self._files = files

    def seen(self, who: Person, submission_id: str) -> Submission:
        """The submission of a form that ``who`` may see. Raises NotFound."""
        submission = self._submissions.get(who, submission_id)
        if submission.form != "practice":
            raise NotFound("There is no form at this address.")
        return submission

    def must_edit(self, who: Person, submission_id: str) -> None:
        """Raise NotFound, Conflict or NotAllowed unless ``who`` may change the form now."""
        self.seen(who, submission_id)
        with self.records.reading() as connection:
            self._submissions.must_edit(connection, who, submission_id)

    def undecided(self, connection: Connection, who: Person) -> list[str]:
        """The ids of what ``who`` writes, or submitted and waits for."""
        return [one.id for one in self._submissions.undecided(connection, who)]

    @contextmanager
    def editing(self, who: Person, submission_id: str) -> Iterator[tuple[Connection, Draft]]:
        """A transaction in which the author changes the form, with what stands there."""
        self.seen(who, submission_id)
        with self.records.writing() as connection:
            submission = self._submissions.must_edit(connection, who, submission_id)
            stored = drafts.draft_of(connection, submission_id)
            yield connection, stored or self._begin(connection, submission)

    def write(self, connection: Connection, submission_id: str, draft: Draft) -> Draft:
        """Save a form in the transaction of :meth:`editing`. Raises Invalid where it is far too long."""
        if length(draft.practice) > MOST:
            raise Invalid({"title": _TOO_LONG})
        kept = tuple(one for one in draft.prefilled if still_stand(one, draft.practice))
        saved = Draft(draft.practice, kept, draft.revision + 1, self.clock())
        drafts.write(connection, submission_id, saved)
        self._submissions.rename(connection, submission_id, draft.practice.title)
        return saved

    def begun(self, connection: Connection, submission: Submission) -> Draft:
        """What a form holds before anything was saved: a new version has the words of the one before.

        Consent is not taken over: it was given to the other text.
        """
        if before := self._before(connection, submission):
            return Draft(unagreed(before.practice), before.prefilled)
        return Draft(practice_of({} if submission.is_untitled else {"title": [submission.title]}))

    def _begin(self, connection: Connection, submission: Submission) -> Draft:
        """Write down what a form begins with, the files of the version before beside it."""
        begun = replace(self.begun(connection, submission), saved_at=self.clock())
        if before := self._before(connection, submission):
            self._files.copy(connection, before.files, submission.id)
        drafts.write(connection, submission.id, begun)
        return begun

    def _before(self, connection: Connection, submission: Submission) -> Submitted | None:
        """The form of the version that answers, else of the one that was withdrawn: of no draft of others."""
        states, ids = {PUBLISHED, WITHDRAWN}, {submission.source_id} - {""}
        entries = self._library.store.entries(states=states, source_ids=ids) if ids else []
        newest = max(entries, key=lambda one: (one.state == PUBLISHED, one.number), default=None)
        return drafts.submitted_as(connection, submission.source_id, newest.number) if newest else None
