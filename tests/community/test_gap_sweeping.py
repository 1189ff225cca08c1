"""Old questions go by themselves, and one failure ends neither that nor what else is done then."""

from __future__ import annotations

import threading

from community.gaps.sweeping import Sweeping


def test_it_sweeps_at_once_and_again_whatever_happens() -> None:
    swept = threading.Semaphore(0)

    def sweep() -> None:
        swept.release()
        raise OSError("the disk is full")

    grouped = threading.Semaphore(0)
    sweeping = Sweeping(sweep, grouped.release, every=0.001)
    sweeping.start()
    assert all(one.acquire(timeout=30) for one in (swept, grouped) for _ in range(3))
    sweeping.stop()
    assert not any(thread.name == "sweeping" for thread in threading.enumerate())
