"""The process is killed at every point of a file's way: nothing accepted is lost, nothing is stored twice."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from community.submissions import State
from community.uploads.values import Stage
from index.scope import STAFF
from tests.community.copies import COPIES
from tests.community.upload_house import CHIDI, SIFA, House, text_of

CARE = b"# Home care\n\n" + text_of("home care training", 10).encode()
KEY = "0123456789ab"
_POINTS = {"os.rename", "os.remove", "os.mkdir"}
_MOST = 200
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs processes that can be copied")


def _go_on(house: House) -> None:
    """What the browser and its owner do: send until there is an answer, wait, confirm once, wait."""
    [upload] = house.send(CHIDI, ("care.md", CARE), key=KEY)
    house.work()
    upload = house.uploads.get(CHIDI, upload.id)
    if upload.stage is Stage.WAITING:
        assert upload.suggestion is not None
        house.uploads.confirm(CHIDI, upload.id, upload.suggestion.source)
    house.work()


def _go_through(folder: Path, point: int) -> None:
    """Go through it in a process of its own, which is killed at that point."""
    with House(folder) as house:
        _count_down(point)
        _go_on(house)


def _killed_at(folder: Path, point: int) -> bool:
    """Go through it and be killed at that point; false where it came to its end.

    The processes are no copies of ours, which has threads: a copy could wait for one that it lacks.
    """
    child = COPIES.Process(target=_go_through, args=(folder, point))
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def _count_down(point: int) -> None:
    """Kill this process at the given commit of the database, or file that is written or deleted."""
    points = count()

    def tick(*_: object) -> None:
        if next(points) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(name: str, arguments: tuple[object, ...]) -> None:
        written = name == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if name in _POINTS or written:
            tick()

    event.listen(Engine, "commit", tick)
    sys.addaudithook(heard)


def test_a_kill_anywhere_loses_nothing_and_stores_nothing_twice(tmp_path: Path) -> None:
    for point in range(1, _MOST, 1 if "UJUZI_SOAK" in os.environ else 7):
        folder = tmp_path / str(point)
        was_killed = _killed_at(folder, point)
        with House(folder) as house:
            _go_on(house)
            [upload] = house.uploads.own(CHIDI)
            assert upload.stage is Stage.HANDED_IN, point
            [submission] = house.submissions.own(CHIDI)
            assert (submission.id, submission.state) == (upload.submission_id, State.SUBMITTED), point
            [entry] = house.library.store.entries()
            assert (entry.state, entry.file_name) == ("draft", "care.md"), point
            assert house.library.entry(submission.source_id, STAFF) == entry
            assert house.kept == [], point
            assert house.jobs.failed(SIFA) == [], point
        if not was_killed:
            break
    assert point > 20  # or the points were not counted
