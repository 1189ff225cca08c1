"""The answerer that writes: a chat model gets numbered passages and writes sentences that cite them.

Nothing that the model says is believed. A sentence counts when it cites passages that exist and these support
it; everything else is dropped and counted. A model that is down, slow or confused is a sentence in the report
and never an error.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Any, Protocol

from bot.drafting import Draft, Drafting
from bot.verification import Verifier
from index.quiet import be_quiet

logger = logging.getLogger(__name__)

UNREACHABLE = "The writing model cannot be reached."
REFUSED_KEY = "The writing model does not accept the key that is set for it."
BROKEN = "The writing model reports an error."
SLOW = "The writing model took too long."
CUT_OFF = "The writing model stopped in the middle of its answer."
SILENT = "The writing model wrote nothing."
NO_ANSWER = "The writing model found no answer in the passages."
UNSUPPORTED = "The writing model wrote nothing that the documents support."

_NO_ANSWER = re.compile(r"\W*no answer\W*", re.IGNORECASE)
# What could end a passage or speak as somebody else in a chat template becomes a look-alike that cannot.
_HARMLESS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "=": "-"})


class ChatGenerator(Protocol):
    """What is used of Haystack's chat generators."""

    def run(self, messages: list[Any], streaming_callback: Callable[[Any], None]) -> Mapping[str, Any]:
        """``replies``: a list of ChatMessage; each chunk of the stream goes to ``streaming_callback``."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that its passages support, and their numbers, from 1."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What came of it. ``reasons`` counts why sentences were dropped; ``failure`` is for the reader.

    ``complete`` says that the model came to its end by itself and at least one sentence was kept.
    """

    kept: int = 0
    dropped: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    failure: str | None = None

    @property
    def complete(self) -> bool:
        """Whether there is a whole written answer."""
        return self.kept > 0 and self.failure is None


class Late(Exception):
    """Ends a model's stream once nobody waits for it any more."""


def chat_generator(url: str, model: str, key: str = "", timeout: float = 20.0) -> ChatGenerator:
    """A client for the OpenAI-compatible server at ``url`` ("http://localhost:11434/v1").

    ``timeout``: seconds to wait for the server's next sign of life. Nothing is contacted yet.
    """
    be_quiet()
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.utils import Secret

    generator: ChatGenerator = OpenAIChatGenerator(
        api_key=Secret.from_token(key or "none"),
        model=model,
        api_base_url=url,
        timeout=timeout,
        max_retries=1,
    )
    return generator


class Writer:
    """Writes answers with ``generator`` and lets through what ``verifier`` finds supported.

    ``patience``: seconds for the whole answer; ``first_word``: seconds without any sign of life.
    """

    def __init__(
        self,
        generator: ChatGenerator,
        verifier: Verifier,
        *,
        patience: float = 60.0,
        first_word: float = 20.0,
    ) -> None:
        self._generator = generator
        self._verifier = verifier
        self._patience = patience
        self._first_word = first_word

    def write(
        self, question: str, evidence: Sequence[str], on_sentence: Callable[[Written], None]
    ) -> WriteReport:
        """Answer ``question`` from ``evidence``, numbered from 1; what counts goes out at once."""
        answer = _Answer(self._verifier, evidence, on_sentence)
        stream = _Stream(self._generator, messages(question, evidence), self._patience, self._first_word)
        drafting = Drafting()
        for piece in stream.pieces():
            answer.take(drafting.feed(piece))
        if stream.failure is None:
            answer.take(drafting.close())
        return answer.report(stream.failure)


def messages(question: str, evidence: Sequence[str]) -> list[Any]:
    """The chat that asks for an answer: the rules, then passages and question as harmless data."""
    be_quiet()
    from haystack.dataclasses import ChatMessage

    passages = "\n".join(
        _template("write_passage").substitute(number=number, text=_harmless(text))
        for number, text in enumerate(evidence, 1)
    )
    asked = _template("write_question").substitute(passages=passages, question=_harmless(question))
    return [ChatMessage.from_system(_template("write_rules").template), ChatMessage.from_user(asked)]


def _template(name: str) -> Template:
    return Template((resources.files("bot") / "prompts" / f"{name}.txt").read_text(encoding="utf-8"))


def _harmless(text: str) -> str:
    return text.translate(_HARMLESS).strip()


class _Answer:
    """The sentences of one answer, judged as they come."""

    def __init__(
        self, verifier: Verifier, evidence: Sequence[str], on_sentence: Callable[[Written], None]
    ) -> None:
        self._verifier = verifier
        self._evidence = evidence
        self._on_sentence = on_sentence
        self._said: set[str] = set()
        self._dropped: Counter[str] = Counter()

    def take(self, drafts: Sequence[Draft]) -> None:
        """Hand on the drafts that count and count the others."""
        for draft in drafts:
            reason = self._objection(draft)
            if reason:
                self._dropped[reason] += 1
            else:
                self._said.add(draft.text.casefold())
                self._on_sentence(Written(draft.text, draft.numbers))

    def _objection(self, draft: Draft) -> str:
        """Why ``draft`` does not count; "" if it does."""
        if _NO_ANSWER.fullmatch(draft.text):
            return "no answer"
        if not draft.text:
            return "citation without text"
        if not draft.numbers:
            return "no citation"
        if not all(1 <= number <= len(self._evidence) for number in draft.numbers):
            return "invented citation"
        if draft.text.casefold() in self._said:
            return "repeated"
        verdict = self._verifier.check(draft.text, [self._evidence[number - 1] for number in draft.numbers])
        if not verdict.supported:
            logger.info("dropped: %s (%s)", draft.text, verdict.reason)
        return "" if verdict.supported else f"unsupported: {verdict.reason.partition(':')[0]}"

    def report(self, failure: str | None) -> WriteReport:
        """What came of the answer; ``failure`` is what went wrong with the stream."""
        dropped = sum(self._dropped.values())
        if failure is None and not self._said:
            failure = SILENT if not dropped else NO_ANSWER if self._dropped["no answer"] else UNSUPPORTED
        return WriteReport(len(self._said), dropped, tuple(sorted(self._dropped.items())), failure)


class _Stream:
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
