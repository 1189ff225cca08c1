"""A chat model at work in a thread of its own, with a deadline: it can be late or break, and nobody hangs."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, Protocol

logger = logging.getLogger(__name__)
UNREACHABLE = "The writing model cannot be reached."
REFUSED_KEY = "The writing model does not accept the key that is set for it."
BROKEN = "The writing model reports an error."
SLOW = "The writing model took too long."
CUT_OFF = "The writing model stopped in the middle of its answer."
SILENT = "The writing model wrote nothing."


class ChatGenerator(Protocol):
    """What is used of Haystack's chat generators."""

    def run(self, messages: list[Any], streaming_callback: Callable[[Any], None]) -> Mapping[str, Any]:
        """``replies``: a list of ChatMessage; each chunk of the stream goes to ``streaming_callback``."""
        ...


class Late(Exception):
    """Ends a model's stream once nobody waits for it any more."""


class Stream:
    """A model at work in a thread of its own. ``failure`` is set when it did not come to a good end."""

    def __init__(self, generator: ChatGenerator, chat: list[Any], patience: float, first_word: float) -> None:
        self._generator = generator
        self._chat = chat
        self._deadline = time.monotonic() + patience
        self._first_word = first_word
        self._pieces: queue.Queue[str | None] = queue.Queue()
        self._result: Future[Mapping[str, Any]] = Future()
        self._abandoned = threading.Event()
        self.failure: str | None = None

    def pieces(self) -> Iterator[str]:
        """The words as they come, until the model ends, fails or is given up."""
        threading.Thread(target=self._work, name="writing model", daemon=True).start()
        streamed = False
        try:
            while (piece := self._next()) is not None:
                streamed = streamed or bool(piece)
                yield piece
        except queue.Empty:
            self.failure = SLOW
            return
        finally:
            self._abandoned.set()
        error = self._result.exception()
        if error is not None:
            logger.warning("the writing model failed", exc_info=error)
            self.failure = CUT_OFF if streamed and not _is_slow(error) else _in_words(error)
            return
        yield from self._rest(streamed)

    def _next(self) -> str | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise queue.Empty
        return self._pieces.get(timeout=min(left, self._first_word))

    def _rest(self, streamed: bool) -> Iterator[str]:
        """The whole text where the model did not stream it; and whether it was finished."""
        replies = self._result.result().get("replies") or []
        if not replies:
            return
        if not streamed and replies[0].text:
            yield replies[0].text
        if replies[0].meta.get("finish_reason", "stop") != "stop":
            self.failure = CUT_OFF if streamed or replies[0].text else SILENT

    def _work(self) -> None:
        """Run the model; whatever it raises is kept for the reader's thread to look at."""
        with _Settling(self._result):
            self._result.set_result(self._generator.run(messages=self._chat, streaming_callback=self._hear))
        self._pieces.put(None)

    def _hear(self, chunk: Any) -> None:
        if self._abandoned.is_set():
            raise Late
        self._pieces.put(chunk.content or "")


class _Settling:
    """Keeps an exception of the block in a future, as the standard library's executors do."""

    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if error is not None:
            self._future.set_exception(error)
        return True


def _is_slow(error: BaseException) -> bool:
    import openai

    return isinstance(error, openai.APITimeoutError | TimeoutError)


def _in_words(error: BaseException) -> str:
    """A model's error as a sentence for the reader."""
    import openai

    if _is_slow(error):
        return SLOW
    if isinstance(error, openai.APIConnectionError | ConnectionError):
        return UNREACHABLE
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return REFUSED_KEY
    return BROKEN
