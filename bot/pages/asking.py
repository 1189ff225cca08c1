"""What the chat shows: the exchanges of one conversation, as values that grow while an answer comes about."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from bot.answer import Answer, Answered, Conversation, Event, SentenceAdded, Understood
from bot.assistant import LONGEST_QUESTION, Assistant
from bot.pages.cards import Card, Cards
from bot.pages.hearing import NOBODY, Heard, Listener, Request
from index.library import Library
from index.scope import Reader, Scope
from ingest.errors import UjuziError
from web.words import kind_order, kind_words

_KEPT = 30  # exchanges that stay on the page, and that follow-ups can refer to

_log = logging.getLogger(__name__)


class Stage(StrEnum):
    """How far an exchange has come."""

    SEARCHING = "searching"
    ANSWERING = "answering"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what has come of it so far. ``number`` is unique in its conversation.

    ``chosen`` says in words what the reader had limited the search to. ``trouble`` is one sentence for the
    reader when it failed, ``code`` finds the failure in the log. With ``receipt``, where there is one, the
    reader can say what they think of the answer; ``signed_in`` says whether they can be told of a better one.
    """

    number: int
    question: str
    chosen: tuple[str, ...] = ()
    stage: Stage = Stage.SEARCHING
    answer: Answer = field(default=Answer(""))
    cards: tuple[Card, ...] = ()
    trouble: str = ""
    code: str = ""
    receipt: str = ""
    signed_in: bool = False

    @property
    def taken_as(self) -> str:
        """The question that was searched, where it is not the one that was asked."""
        return "" if _same(self.answer.question, self.question) else self.answer.question

    @property
    def documents(self) -> int:
        """How many documents the answer cites."""
        return len({citation.source.id for citation in self.answer.citations})


@dataclass(frozen=True, slots=True)
class Thread:
    """What one browser tab has asked so far, the latest last.

    ``before`` is the conversation without the latest exchange, so that it can be asked again. It is
    ``private`` from the first question on that was not to be kept.
    """

    exchanges: tuple[Exchange, ...] = ()
    conversation: Conversation = field(default=Conversation())
    before: Conversation = field(default=Conversation())
    private: bool = False

    @property
    def latest(self) -> Exchange | None:
        """The exchange that is going on, or the last that was."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def earlier(self) -> tuple[Exchange, ...]:
        """All exchanges but the latest."""
        return self.exchanges[:-1]

    def without_latest(self) -> Thread:
        """The conversation as it was before the latest question."""
        return replace(self, exchanges=self.earlier, conversation=self.before)

    def _with(self, exchange: Exchange) -> Thread:
        return replace(self, exchanges=(*self.earlier, exchange))


class Choice(NamedTuple):
    """One value that a search can be limited to, as a reader calls it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search can be limited to."""

    kinds: tuple[Choice, ...] = ()
    countries: tuple[Choice, ...] = ()
    events: tuple[Choice, ...] = ()


class Asking:
    """Questions of readers to one assistant, answered as a row of growing threads."""

    def __init__(self, assistant: Assistant, library: Library, listener: Listener = NOBODY) -> None:
        """``listener`` hears of each question once, when it is answered."""
        self._assistant = assistant
        self._library = library
        self._cards = Cards(library)
        self._listener = listener

    def examples(self, reader: Reader) -> list[str]:
        """Questions that the library answers."""
        return self._assistant.example_questions(reader)

    def choices(self, reader: Reader) -> Choices:
        """What ``reader`` can limit a search to."""
        kinds = sorted((kind for kind, _ in self._library.values("kind", reader)), key=kind_order)
        countries = sorted(country for country, _ in self._library.values("countries", reader))
        held = {event for event, _ in self._library.values("event", reader)}
        return Choices(
            tuple(Choice(kind_words(kind, 2).capitalize(), kind) for kind in kinds),
            tuple(Choice(country, country) for country in countries),
            tuple(Choice(event.title, event.id) for event in self._library.events() if event.id in held),
        )

    def ask(
        self,
        thread: Thread,
        question: str,
        scope: Scope,
        reader: Reader,
        *,
        narrow: bool = True,
        request: Request = None,
        keep: bool = True,
    ) -> Iterator[Thread]:
        """``thread`` with one more exchange, at once and then again whenever there is more to see of it.

        Whoever listens is given the ``request``, and whether the question may be kept.
        """
        number = thread.latest.number + 1 if thread.latest else 1
        exchange = Exchange(number, question.strip(), self.in_words(scope))
        kept = (*thread.exchanges, exchange)[-_KEPT:]
        was_private = thread.private
        thread = Thread(kept, thread.conversation, thread.conversation, was_private or not keep)
        yield thread
        try:
            for event in self._assistant.ask(
                question, scope=scope, reader=reader, conversation=thread.before, narrow=narrow
            ):
                exchange = self._grown(exchange, event, reader)
                if isinstance(event, Answered):
                    heard = Heard(exchange.question, event.answer, scope, keep, was_private)
                    receipt = self._heard(request, heard)
                    exchange = replace(exchange, receipt=receipt, signed_in=bool(reader.id))
                thread = self._after(thread, exchange)
                yield thread
        except UjuziError as error:
            yield thread._with(replace(exchange, stage=Stage.FAILED, trouble=str(error)))
        except Exception:  # noqa: BLE001  (the border: the reader keeps the page, the log the reason)
            code = secrets.token_hex(2).upper()
            _log.exception("A question failed, code %s", code)
            yield thread._with(replace(exchange, stage=Stage.FAILED, code=code))

    def _heard(self, request: Request, heard: Heard) -> str:
        """The receipt of whoever listens. No answer is lost because its question could not be kept."""
        try:
            return self._listener.on_answered(request, heard)
        except Exception:  # noqa: BLE001  (the border: who listens is no part of answering)
            _log.exception("A question was answered and could not be kept")
            return ""

    def in_words(self, scope: Scope) -> tuple[str, ...]:
        """What ``scope`` limits a search to, as a reader calls it."""
        titles = {event.id: event.title for event in self._library.events()} if scope.events else {}
        kinds = (kind_words(kind, 2) for kind in scope.kinds)
        return (*kinds, *scope.countries, *(titles.get(event, event) for event in scope.events))

    def _grown(self, exchange: Exchange, event: Event, reader: Reader) -> Exchange:
        answer = exchange.answer
        if isinstance(event, Understood):
            answer = replace(answer, question=event.question, narrowing=event.narrowing)
            return replace(exchange, answer=answer)
        if isinstance(event, SentenceAdded):
            answer = replace(
                answer,
                sentences=(*answer.sentences, event.sentence),
                citations=(*answer.citations, *event.new_citations),
            )
            cards = tuple(self._cards.of(one, reader) for one in event.new_citations)
            return replace(exchange, stage=Stage.ANSWERING, answer=answer, cards=(*exchange.cards, *cards))
        return replace(exchange, stage=Stage.DONE, answer=event.answer, cards=self._cards_of(event, reader))

    def _cards_of(self, event: Answered, reader: Reader) -> tuple[Card, ...]:
        return tuple(self._cards.of(citation, reader) for citation in event.answer.citations)

    def _after(self, thread: Thread, exchange: Exchange) -> Thread:
        thread = thread._with(exchange)
        if exchange.stage is not Stage.DONE:
            return thread
        turns = thread.before.after(exchange.question, exchange.answer).turns
        return replace(thread, conversation=Conversation(turns[-_KEPT:]))


def refusal(question: str) -> str:
    """Why ``question`` cannot be asked as it is, in one sentence; empty where it can."""
    length = len(question.strip())
    if not length:
        return "Write your question first."
    if length > LONGEST_QUESTION:
        return (
            f"Your question has {length:,} characters. Shorten it to {LONGEST_QUESTION:,}, "
            "or ask it in parts: the next question can refer to the one before."
        )
    return ""


def _same(one: str, other: str) -> bool:
    return not one or " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
