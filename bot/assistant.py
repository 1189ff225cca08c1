"""The façade for questions: ask(question, scope, reader, conversation) -> a stream of events."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.answer import (
    Answer,
    Answered,
    Citation,
    Conversation,
    Event,
    Narrowing,
    Sentence,
    SentenceAdded,
    Turn,
    Understood,
)
from bot.examples import candidates
from bot.followup import parts, stand_alone
from bot.narrowing import narrowing
from index.hits import Hit
from index.library import Library
from index.scope import PUBLIC, Reader, Scope
from ingest.errors import UjuziError
from ingest.text import clean_line

if TYPE_CHECKING:
    from bot.evidence import Evidence
    from bot.write import Writer

LONGEST_QUESTION = 2_000  # code points
_NEAREST = 3
_EXAMPLES = 4
_TRIED_EXAMPLES = 10
_NOTHING_HELD = "What the language model wrote could not be checked, so the library is quoted instead."
_WIDENED = "Nothing was found in {names} alone, so the whole library was searched."
_BY_OTHERS = "Nothing that {names} said was found on this; here is what others say."


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one run of the pipeline brought."""

    said: Sequence[SentenceAdded]
    evidence: Sequence[Evidence]
    answerer: str
    failure: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether the library had an answer to give."""
        return any(part.is_enough for part in self.evidence)


class Assistant:
    """Answers from one library: by quoting, or, with ``make_writer``, by writing under verification."""

    def __init__(self, library: Library, make_writer: Callable[[], Writer] | None = None) -> None:
        self._library = library
        self._make_writer = make_writer
        self._examples: dict[tuple[frozenset[str], tuple[int, int]], list[str]] = {}

    def ask(
        self,
        question: str,
        *,
        scope: Scope = Scope(),
        reader: Reader = PUBLIC,
        conversation: Conversation = Conversation(),
        narrow: bool = True,
        answerer: str = "",
    ) -> Iterator[Event]:
        """Answer ``question`` step by step; the last event holds the whole answer.

        ``narrow`` lets the question's own names limit the search; ``answerer`` is quote or write, by default
        write where there is a model. Raises UjuziError for a question that cannot be asked.
        """
        question = _asked(question)
        understood = self.stand_alone(question, conversation, reader)
        named = narrowing(understood, self._library, reader) if narrow and scope.is_everything else None
        writing = self._writes(answerer)
        yield Understood(understood, named)
        limit, wanted = (named.scope, named.remainder or understood) if named else (scope, understood)
        outcome = yield from self._within(wanted, limit, reader, writing)
        note = ""
        if named is not None and not outcome.said:
            widened = _BY_OTHERS if named.scope.speakers else _WIDENED
            note, named = widened.format(names=" and ".join(named.names)), None
            yield Understood(understood)
            outcome = yield from self._within(understood, scope, reader, writing)
        yield Answered(_answer(understood, outcome, named, note if outcome.said else ""))

    def answer(self, question: str, **options: Any) -> Answer:
        """The whole answer at once; takes what :meth:`ask` takes."""
        for event in self.ask(question, **options):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("every stream ends with Answered")

    def stand_alone(self, question: str, conversation: Conversation, reader: Reader = PUBLIC) -> str:
        """``question`` as it is searched after ``conversation``."""
        return stand_alone(question, conversation, self._library.understand(question, reader).unheard)

    def conversation_after(self, questions: Iterable[str], reader: Reader = PUBLIC) -> Conversation:
        """The conversation in which ``reader`` asked these questions, the oldest first."""
        conversation = Conversation()
        for question in questions:
            understood = self.stand_alone(question, conversation, reader)
            conversation = Conversation((*conversation.turns, Turn(question, understood)))
        return conversation

    def example_questions(self, reader: Reader = PUBLIC) -> list[str]:
        """A few questions that this library answers; found once, and again when the library has changed."""
        key = (reader.audiences, self._library.count())
        if key not in self._examples:
            found: list[str] = []
            for question in islice(candidates(self._library, reader), _TRIED_EXAMPLES):
                if len(found) < _EXAMPLES and self.answer(question, reader=reader, answerer="quote").found:
                    found.append(question)
            self._examples = {key: found}
        return self._examples[key]

    def warm_up(self) -> None:
        """Load what the first question needs, so that it does not wait for it."""
        self.example_questions()

    def _writes(self, answerer: str) -> bool:
        if answerer not in ("", "quote", "write"):
            raise UjuziError(f"There is no answerer {answerer}; there are quote and write.")
        if answerer == "write" and self._make_writer is None:
            raise UjuziError(
                "No language model is set up. Set UJUZI_LLM_URL and UJUZI_LLM_MODEL to have one."
            )
        return self._make_writer is not None and answerer != "quote"

    @cached_property
    def _quoting(self) -> Any:
        from bot.pipeline import answering

        return answering(self._library, None)

    @cached_property
    def _writing(self) -> Any:
        from bot.pipeline import answering

        assert self._make_writer is not None
        return answering(self._library, self._make_writer())

    def _within(
        self, question: str, scope: Scope, reader: Reader, writing: bool
    ) -> Generator[SentenceAdded, None, _Outcome]:
        """Answer inside ``scope``; where the model fails, the quoted answer stands in for it."""
        outcome = yield from self._run(question, scope, reader, writing)
        if writing and not outcome.said and outcome.is_enough:
            failure = outcome.failure or _NOTHING_HELD
            outcome = yield from self._run(question, scope, reader, False)
            return replace(outcome, failure=failure)
        return outcome

    def _run(
        self, question: str, scope: Scope, reader: Reader, writing: bool
    ) -> Generator[SentenceAdded, None, _Outcome]:
        """Run a pipeline beside this thread and pass on every sentence as it comes."""
        pipeline, name = (self._writing, "writer") if writing else (self._quoting, "quoter")
        events: queue.SimpleQueue[SentenceAdded | BaseException | dict[str, Any]] = queue.SimpleQueue()
        inputs = _inputs(name, question, parts(question), scope, reader, events.put)

        def work() -> None:
            try:
                events.put(pipeline.run(inputs)[name])
            except BaseException as error:  # noqa: BLE001  (raised in the thread that waits)
                events.put(error)

        threading.Thread(target=work, daemon=True).start()
        while True:
            event = events.get()
            if isinstance(event, SentenceAdded):
                yield event
            elif isinstance(event, BaseException):
                raise _reason(event)
            else:
                report = event.get("report")
                failure = (report.failure or "") if report else ""
                return _Outcome(event["said"], event["evidence"], "write" if writing else "quote", failure)


def assistant_for(library: Library, url: str, model: str, key: str) -> Assistant:
    """The assistant that writes with ``model`` at ``url``, or, without an address, the one that quotes."""
    if not url:
        return Assistant(library)

    def make_writer() -> Writer:
        from bot.write import writer_for

        return writer_for(library.embedder, url, model, key)

    return Assistant(library, make_writer)


def _asked(question: str) -> str:
    question = clean_line(question)
    if not question:
        raise UjuziError("Type a question first.")
    if len(question) > LONGEST_QUESTION:
        raise UjuziError(
            f"The question has {len(question):,} characters. Ask it in at most {LONGEST_QUESTION:,}."
        )
    return question


def _reason(error: BaseException) -> BaseException:
    """What a pipeline broke on, where that is said for people; Haystack wraps whatever a component raises."""
    return error.__cause__ if isinstance(error.__cause__, UjuziError) else error


def _inputs(
    name: str,
    question: str,
    parts_: tuple[str, ...],
    scope: Scope,
    reader: Reader,
    say: Callable[[SentenceAdded], None],
) -> dict[str, dict[str, Any]]:
    answering = {"reader": reader, "say": say}
    if name == "writer":
        answering["question"] = question
    return {
        "retriever": {"parts": list(parts_), "scope": scope, "reader": reader},
        "examiner": {"parts": list(parts_), "scope": scope, "reader": reader},
        name: answering,
    }


def _answer(question: str, outcome: _Outcome, named: Narrowing | None, note: str) -> Answer:
    sentences: tuple[Sentence, ...] = tuple(added.sentence for added in outcome.said)
    citations: tuple[Citation, ...] = tuple(one for added in outcome.said for one in added.new_citations)
    notes = [text for text in (outcome.failure, note) if text]
    return Answer(
        question=question,
        sentences=sentences,
        citations=citations,
        nearest=() if sentences else _nearest(outcome.evidence),
        narrowing=named,
        answerer=outcome.answerer,
        note=" ".join(notes),
        confidence=max((part.confidence for part in outcome.evidence), default=0.0),
    )


def _nearest(evidence: Sequence[Evidence]) -> tuple[Hit, ...]:
    """The passages that came nearest, one a document."""
    hits = sorted((hit for part in evidence for hit in part.hits), key=lambda hit: -hit.score)
    nearest: dict[str, Hit] = {}
    for hit in hits:
        nearest.setdefault(hit.source.id, hit)
    return tuple(nearest.values())[:_NEAREST]
