"""Work that goes on after a page is sent: a queue in the database, so that what was accepted is done.

A job is a row, written in the transaction of what it belongs to, and goes when it is done. A handler is given
what the job is about and must look before it acts: after a crash it is called again for work that it may have
finished, and whatever it does is then there once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from community.people import Person, Role
from community.records import Records, metadata, now
from ingest.errors import NotFound, UjuziError

Handlers = Mapping[str, Callable[[str], None]]

WAITING, RUNNING, FAILED = "waiting", "running", "failed"
MOST_FAILURES = 5
_MOST_INTERRUPTIONS = 10  # a job that ends the whole program each time must not do so for ever
_FIRST_PAUSE = 10  # seconds, threefold with each failure: half a minute, then up to a quarter of an hour
_LOOK_AGAIN = 5.0  # seconds, for those whose pause is over and those that nobody was woken for
_PATIENCE = 10.0  # seconds that stopping waits for what is being done
_BROKE = "The program broke over it; what happened stands in its log."
_ENDED_IT = "The program ended each time while it was at work on it."

_jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("due_at", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("interruptions", Integer, nullable=False),
    Column("reason", Text, nullable=False),  # of the last failure
    sqlite_autoincrement=True,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work that is not done yet: what kind, about what, and why it failed, if it did."""

    id: int
    kind: str
    about: str
    state: str
    failures: int
    reason: str

    @property
    def is_given_up(self) -> bool:
        """Whether it was tried as often as it is; staff can let it begin anew."""
        return self.state == FAILED


class Jobs:
    """The queue. Threads of this process work through it, the oldest first."""

    def __init__(self, records: Records, *, clock: Callable[[], datetime] = now) -> None:
        """The queue in ``records``; nothing is done before :meth:`start`."""
        self._records = records
        self._clock = clock
        self._woken = threading.Condition()
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self._taking = threading.Lock()
        self._in_hand: set[int] = set()

    def put(self, connection: Connection, kind: str, about: str) -> None:
        """Accept a job in the transaction of ``connection``. Call :meth:`wake` when that is committed."""
        row = {"kind": kind, "about": about, "state": WAITING, "due_at": self._clock().isoformat()}
        connection.execute(insert(_jobs).values(row | {"failures": 0, "interruptions": 0, "reason": ""}))

    def wake(self) -> None:
        """Let the threads look now. One that is not woken looks every few seconds."""
        with self._woken:
            self._woken.notify_all()

    def start(self, handlers: Handlers, *, threads: int = 1) -> None:
        """Work through the queue; the more ``threads`` do, the longer searches wait.

        Jobs of a kind without a handler stay. What was being done when the program ended is done again.
        """
        self._stopping = False
        self._count_interruptions()
        self._threads = [
            threading.Thread(target=self._work, args=(handlers,), name=f"jobs-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more. What is being done may end; if it takes long, the next start does it again."""
        self._stopping = True
        self.wake()
        for thread in self._threads:
            thread.join(_PATIENCE / len(self._threads))
        self._threads = []

    def do_due(self, handlers: Handlers) -> int:
        """Do, in this thread, all that is due now; how many were tried."""
        return sum(1 for _ in self._each_due(handlers))

    def failed(self, who: Person) -> list[Job]:
        """What was given up, for staff, the oldest first."""
        who.must_be(Role.STAFF)
        query = select(_jobs).where(_jobs.c.state == FAILED).order_by(_jobs.c.id)
        with self._records.reading() as connection:
            return [_job(row) for row in connection.execute(query).mappings()]

    def try_again(self, who: Person, job_id: int) -> None:
        """Let what was given up begin anew. NotFound where there is no such job."""
        who.must_be(Role.STAFF)
        anew = {"state": WAITING, "failures": 0, "interruptions": 0, "due_at": self._clock().isoformat()}
        with self._records.writing() as connection:
            is_it = (_jobs.c.id == job_id) & (_jobs.c.state == FAILED)
            if not connection.execute(update(_jobs).where(is_it).values(anew)).rowcount:
                raise NotFound("There is no such job among those that were given up.")
        self.wake()

    def about(self, connection: Connection, *about: str) -> list[Job]:
        """What is still to be done about some things, the oldest first."""
        query = select(_jobs).where(_jobs.c.about.in_(about)).order_by(_jobs.c.id)
        return [_job(row) for row in connection.execute(query).mappings()]

    def forget(self, connection: Connection, kind: str, about: str) -> None:
        """Drop what was not begun yet: there is nothing left to do it to."""
        waits = _jobs.c.id.not_in(self._in_hand)
        connection.execute(delete(_jobs).where(_jobs.c.kind == kind, _jobs.c.about == about, waits))

    def _work(self, handlers: Handlers) -> None:
        while not self._stopping:
            try:
                self.do_due(handlers)
            except Exception:  # noqa: BLE001 - a full disk, a locked database: the thread outlives it
                _log.exception("The queue could not be read")
            with self._woken:
                if not self._stopping:
                    self._woken.wait(_LOOK_AGAIN)

    def _each_due(self, handlers: Handlers) -> Iterator[Job]:
        while not self._stopping and (job := self._next(handlers)) is not None:
            try:
                self._do(job, handlers[job.kind])
            finally:
                self._in_hand.discard(job.id)
            yield job

    def _next(self, handlers: Handlers) -> Job | None:
        """The oldest job that is due, now in hand; None where there is none."""
        with self._taking:
            with self._records.reading() as connection:
                job = self._oldest(connection, handlers)
            if job is not None:  # an idle queue writes nothing
                with self._records.writing() as connection:
                    connection.execute(update(_jobs).where(_jobs.c.id == job.id).values(state=RUNNING))
                self._in_hand.add(job.id)
            return job

    def _oldest(self, connection: Connection, handlers: Handlers) -> Job | None:
        """What is in nobody's hand and due. Of another process, which has ended, it may say: running."""
        due = (
            select(_jobs)
            .where(_jobs.c.state != FAILED, _jobs.c.kind.in_(handlers), _jobs.c.id.not_in(self._in_hand))
            .where(_jobs.c.due_at <= self._clock().isoformat())
            .order_by(_jobs.c.id)
            .limit(1)
        )
        row = connection.execute(due).mappings().first()
        return None if row is None else _job(row)

    def _do(self, job: Job, handler: Callable[[str], None]) -> None:
        try:
            handler(job.about)
        except UjuziError as error:
            self._put_off(job, str(error))
        except Exception:  # noqa: BLE001 - whatever breaks is tried again, then shown to staff
            _log.exception("%s of %s", job.kind, job.about)
            self._put_off(job, _BROKE)
        else:
            with self._records.writing() as connection:
                connection.execute(delete(_jobs).where(_jobs.c.id == job.id))

    def _put_off(self, job: Job, reason: str) -> None:
        failures = job.failures + 1
        due = self._clock() + timedelta(seconds=_FIRST_PAUSE * 3**failures)
        state = FAILED if failures >= MOST_FAILURES else WAITING
        values = {"state": state, "failures": failures, "reason": reason, "due_at": due.isoformat()}
        with self._records.writing() as connection:
            connection.execute(update(_jobs).where(_jobs.c.id == job.id).values(values))

    def _count_interruptions(self) -> None:
        """Give up what was at work each time that the program ended."""
        left = (_jobs.c.state == RUNNING) & _jobs.c.id.not_in(self._in_hand)
        too_often = left & (_jobs.c.interruptions >= _MOST_INTERRUPTIONS)
        with self._records.writing() as connection:
            connection.execute(update(_jobs).where(left).values(interruptions=_jobs.c.interruptions + 1))
            connection.execute(update(_jobs).where(too_often).values(state=FAILED, reason=_ENDED_IT))


def _job(row: RowMapping) -> Job:
    return Job(**{name: row[name] for name in Job.__slots__})
