"""The conversations of the latest browser tabs, so that a page that is loaded anew shows its own again."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import replace

from bot.answer import Answer
from bot.pages.asking import Exchange, Stage, Thread
from bot.pages.cards import Cards
from index.scope import Reader

_TAB = re.compile("[0-9a-f]{32}")  # what chat_tab.js makes; whoever knows it has the conversation
_BROKEN_OFF = "The connection broke before the answer was complete."
_GONE = "A document that this answer quoted has been withdrawn from the library since. Ask again."


class Kept:
    """At most ``most`` conversations, in memory only; the one that was longest at rest goes first.

    What they cite is shown as ``cards`` have it when a conversation is resumed.
    """

    def __init__(self, most: int, cards: Cards) -> None:
        self._most = most
        self._cards = cards
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
        if latest.stage not in (Stage.DONE, Stage.FAILED):
            latest = replace(latest, stage=Stage.FAILED, trouble=_BROKEN_OFF)
        return self.as_it_is_now(replace(thread, exchanges=(*thread.earlier, latest)), reader)

    def as_it_is_now(self, thread: Thread, reader: Reader) -> Thread:
        """``thread`` with what has become of its sources, as far as ``reader`` may read them today."""
        return replace(thread, exchanges=tuple(self._as_it_is_now(one, reader) for one in thread.exchanges))

    def _as_it_is_now(self, exchange: Exchange, reader: Reader) -> Exchange:
        """An exchange with what has become of its sources; its answer goes with one that was withdrawn."""
        answer = exchange.answer
        if any(self._cards.is_gone(one.source, one.version, reader) for one in answer.citations):
            return replace(exchange, stage=Stage.FAILED, trouble=_GONE, answer=Answer(""), cards=())
        near = [
            hit for hit in answer.nearest if not self._cards.is_gone(hit.source, hit.passage.version, reader)
        ]
        return replace(
            exchange,
            answer=replace(answer, nearest=tuple(near)),
            cards=tuple(self._cards.of(card.citation, reader) for card in exchange.cards),
        )
