"""The conversations of the latest browser tabs, so that a page that is loaded anew shows its own again."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import replace

from bot.pages.asking import Stage, Thread
from index.scope import Reader

_TAB = re.compile("[0-9a-f]{32}")  # what chat_tab.js makes; whoever knows it has the conversation
_BROKEN_OFF = "The connection broke before the answer was complete."


class Kept:
    """At most ``most`` conversations, in memory only; the one that was longest at rest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._threads: OrderedDict[tuple[Reader, str], Thread] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, reader: Reader, tab: object, thread: Thread) -> None:
        """Remember ``thread`` for ``tab``; a tab that did not say its name properly is not remembered."""
        if not (isinstance(tab, str) and _TAB.fullmatch(tab)):
            return
        with self._lock:
            self._threads[reader, tab] = thread
            self._threads.move_to_end((reader, tab))
            while len(self._threads) > self._most:
                self._threads.popitem(last=False)

    def resumed(self, reader: Reader, tab: object) -> Thread:
        """The conversation of ``tab``, a new one where there is none. What was cut off can be asked again."""
        with self._lock:
            thread = self._threads.get((reader, tab)) if isinstance(tab, str) else None
        if thread is None or thread.latest is None:
            return Thread()
        latest = thread.latest
        if latest.stage in (Stage.DONE, Stage.FAILED):
            return thread
        failed = replace(latest, stage=Stage.FAILED, trouble=_BROKEN_OFF)
        return replace(thread, exchanges=(*thread.earlier, failed))
