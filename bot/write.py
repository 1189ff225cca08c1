"""The answerer that writes: a chat model gets numbered passages and writes sentences that cite them.

Nothing that the model says is believed. A sentence counts when it cites passages that exist and these support
it; everything else is dropped and counted. A model that is down, slow or confused is a sentence in the report
and never an error.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Any

from bot.drafting import Draft, Drafting
from bot.streaming import SILENT, ChatGenerator, Stream
from bot.verification import Verifier, likeness
from index.models import Embedder
from index.quiet import be_quiet

logger = logging.getLogger(__name__)
NO_ANSWER = "The writing model found no answer in the passages."
UNSUPPORTED = "The writing model wrote nothing that the documents support."
_NO_ANSWER = re.compile(r"\W*no answer\W*", re.IGNORECASE)
# What could end a passage or speak as somebody else in a chat template becomes a look-alike that cannot.
_HARMLESS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "=": "-"})


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


def writer_for(embedder: Embedder, url: str, model: str, key: str) -> Writer:
    """The writer that asks ``model`` at ``url`` and judges likeness with ``embedder``."""
    return Writer(chat_generator(url, model, key), Verifier(likeness(embedder)))


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
        stream = Stream(self._generator, messages(question, evidence), self._patience, self._first_word)
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
