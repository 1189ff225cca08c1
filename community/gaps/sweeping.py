"""Deletes, every few hours, what was kept long enough."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_EVERY = 3 * 3_600.0  # seconds

_log = logging.getLogger(__name__)


class Sweeping:
    """A thread that sweeps at the start and then every few hours, until it is stopped."""

    def __init__(self, sweep: Callable[[], object], every: float = _EVERY) -> None:
        """``every`` so many seconds."""
        self._sweep = sweep
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sweeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Sweep no more; what is being swept is finished."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                self._sweep()
            except Exception:  # noqa: BLE001  (a full disk, a locked database: the next time does it)
                _log.exception("Old questions could not be deleted")
            if self._stopped.wait(self._every):
                return
