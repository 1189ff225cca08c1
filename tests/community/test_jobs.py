"""The queue: what was accepted is done, once in effect, whatever happens to the process."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select

from community.errors import NotAllowed
from community.jobs import MOST_FAILURES, Jobs
from community.people import Person, Role
from community.records import Records
from index.store import Store
from ingest.errors import NotFound, UjuziError
from tests.community.copies import COPIES

_EFFECTS = Table(
    "effects",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("about", String),
    Column("step", Integer),
)
STAFF = Person("s", "Sifa", role=Role.STAFF)
KILLS, WORK = 20, 120


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **of: float) -> None:
        self.at += timedelta(**of)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    yield from _records(tmp_path)


def _records(folder: Path) -> Iterator[Records]:
    store = Store(folder / "ujuzi.db")
    yield Records(store)
    store.close()


def _accepted(jobs: Jobs, records: Records, *about: str, kind: str = "read") -> None:
    with records.writing() as connection:
        for one in about:
            jobs.put(connection, kind, one)


def _about(jobs: Jobs, records: Records, about: str) -> list[tuple[str, int]]:
    with records.reading() as connection:
        return [(job.state, job.failures) for job in jobs.about(connection, about)]


def test_jobs_are_done_in_order_and_are_gone_when_done(records: Records) -> None:
    jobs, done = Jobs(records), []
    _accepted(jobs, records, "a", "b", "c")
    assert jobs.do_due({"read": done.append}) == 3
    assert done == ["a", "b", "c"]
    assert jobs.do_due({"read": done.append}) == 0


def test_a_job_is_accepted_only_with_what_it_belongs_to(records: Records) -> None:
    jobs = Jobs(records)
    with pytest.raises(ZeroDivisionError), records.writing() as connection:
        jobs.put(connection, "read", "a")
        raise ZeroDivisionError
    assert jobs.do_due({"read": lambda about: None}) == 0


def test_a_kind_that_nobody_handles_waits(records: Records) -> None:
    jobs = Jobs(records)
    _accepted(jobs, records, "a", kind="mail")
    assert jobs.do_due({"read": lambda about: None}) == 0
    assert jobs.do_due({"mail": lambda about: None}) == 1


def test_a_failure_is_tried_again_after_growing_pauses_and_then_told_to_staff(records: Records) -> None:
    clock = Clock()
    jobs = Jobs(records, clock=clock)
    tried: list[datetime] = []

    def fails(about: str) -> None:
        tried.append(clock.at)
        raise UjuziError(f"The disk of {about} is full.")

    _accepted(jobs, records, "a")
    for _ in range(200):
        jobs.do_due({"read": fails})
        clock.passes(seconds=10)
    pauses = [(later - earlier).seconds for earlier, later in pairwise(tried)]
    assert pauses == [30, 90, 270, 810]
    assert len(tried) == MOST_FAILURES == 5
    [given_up] = jobs.failed(STAFF)
    assert (given_up.about, given_up.reason) == ("a", "The disk of a is full.")
    with pytest.raises(NotAllowed):
        jobs.failed(Person("c", "Chidi", role=Role.CONTRIBUTOR))


def test_one_that_fails_keeps_no_other_waiting(records: Records) -> None:
    jobs, done = Jobs(records, clock=Clock()), []

    def handle(about: str) -> None:
        if about == "a":
            raise KeyError(about)
        done.append(about)

    _accepted(jobs, records, "a", "b")
    assert jobs.do_due({"read": handle}) == 2
    assert done == ["b"]
    assert _about(jobs, records, "a") == [("waiting", 1)]


def test_staff_can_let_what_was_given_up_begin_anew(records: Records) -> None:
    clock, done = Clock(), []
    jobs = Jobs(records, clock=clock)
    _accepted(jobs, records, "a")
    for _ in range(MOST_FAILURES):
        jobs.do_due({"read": lambda about: 1 // 0})
        clock.passes(hours=1)
    [given_up] = jobs.failed(STAFF)
    assert "log" in given_up.reason  # what broke inside is not for readers
    with pytest.raises(NotAllowed):
        jobs.try_again(Person("c", "Chidi", role=Role.CONTRIBUTOR), given_up.id)
    jobs.try_again(STAFF, given_up.id)
    jobs.do_due({"read": done.append})
    assert (done, jobs.failed(STAFF)) == (["a"], [])
    with pytest.raises(NotFound):
        jobs.try_again(STAFF, given_up.id)


def test_what_is_forgotten_is_not_done(records: Records) -> None:
    jobs, done = Jobs(records), []
    _accepted(jobs, records, "a", "b")
    with records.writing() as connection:
        jobs.forget(connection, "read", "a")
    jobs.do_due({"read": done.append})
    assert done == ["b"]


def test_threads_share_the_work_and_stop_when_told(records: Records) -> None:
    jobs = Jobs(records)
    both, done, finished = threading.Barrier(2, timeout=30), [], threading.Event()

    def handle(about: str) -> None:
        both.wait()  # passes only where two are at work at once
        done.append(about)
        if len(done) == 4:
            finished.set()

    jobs.start({"read": handle}, threads=2)
    _accepted(jobs, records, "a", "b", "c", "d")
    jobs.wake()
    assert finished.wait(30)
    jobs.stop()
    assert sorted(done) == ["a", "b", "c", "d"]
    _accepted(jobs, records, "e")
    assert _about(jobs, records, "e") == [("waiting", 0)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs processes that can be copied")
def test_every_accepted_job_is_done_once_in_effect_over_twenty_kills(tmp_path: Path) -> None:
    chance = random.Random(5)
    [records] = [*_records(tmp_path)]
    with records.writing() as connection:
        _EFFECTS.create(connection)
    _accepted(Jobs(records), records, *(f"job {number}" for number in range(WORK)))
    for _ in range(KILLS):
        child, steps = _child(tmp_path)
        for _ in range(chance.randint(1, 5)):
            assert steps.recv() in (1, 2)
        child.kill()
        child.join()
    last, _steps = _child(tmp_path)
    last.join()
    assert last.exitcode == 0
    with records.reading() as connection:
        counted = select(_EFFECTS.c.about, _EFFECTS.c.step, func.count()).group_by(
            _EFFECTS.c.about, _EFFECTS.c.step
        )
        found = {(about, step): count for about, step, count in connection.execute(counted)}
    assert found == {(f"job {number}", step): 1 for number in range(WORK) for step in (1, 2)}
    assert Jobs(records).failed(STAFF) == []


def test_a_job_that_ends_the_program_every_time_is_given_up(tmp_path: Path) -> None:
    [records] = [*_records(tmp_path)]
    jobs = Jobs(records)
    _accepted(jobs, records, "poison")

    def poison(about: str) -> None:
        raise SystemExit  # as a kill would, it leaves the row as it is

    for _ in range(10):
        again = Jobs(records)
        again.start({}, threads=0)
        with pytest.raises(SystemExit):
            again.do_due({"read": poison})
    Jobs(records).start({}, threads=0)
    assert [job.about for job in jobs.failed(STAFF)] == ["poison"]
    assert jobs.do_due({"read": poison}) == 0


def _child(folder: Path) -> tuple[ForkServerProcess, Connection]:
    """A process that works through the queue, and where it says which step it begins."""
    steps, told = Pipe(duplex=False)
    child = COPIES.Process(target=_work_until_done, args=(folder, told))
    child.start()
    told.close()  # only the child speaks
    return child, steps


def _work_until_done(folder: Path, told: Connection) -> None:
    """What the child does: each job has two steps, and looks before each whether it was taken already."""
    [records] = [*_records(folder)]

    def handle(about: str) -> None:
        for step in (1, 2):
            told.send(step)
            with records.writing() as connection:
                is_it = (_EFFECTS.c.about == about) & (_EFFECTS.c.step == step)
                if connection.execute(select(_EFFECTS).where(is_it)).first() is None:
                    connection.execute(insert(_EFFECTS).values(about=about, step=step))

    jobs = Jobs(records)
    jobs.start({}, threads=0)
    jobs.do_due({"read": handle})
