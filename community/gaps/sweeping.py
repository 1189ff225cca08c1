"""What is done every few hours: what was kept long enough is deleted, groups are made anew."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_EVERY = 3 * 3_600.0  # seconds

_log = logging.getLogger(__name__)


class Sweeping:
    """A thread that does its tasks at the start and then every few hours, until it is stopped."""

    def __init__(self, *tasks: Callable[[], object], every: float = _EVERY) -> None:
        """``tasks`` one after the other, ``every`` so many seconds."""
        self._tasks = tasks
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sweeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no task any more; the one that is going on is finished."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            for task in self._tasks:
                if self._stopped.is_set():
                    return
                self._do(task)
            if self._stopped.wait(self._every):
                return

    def _do(self, task: Callable[[], object]) -> None:
        try:
            task()
        except Exception:  # noqa: BLE001  (a full disk, a locked database: the next time does it)
            _log.exception("Old questions could not be deleted, or their groups not be made anew")
