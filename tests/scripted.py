"""A small real library and an assistant that follows a script over it, for the pages that show answers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

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
from index.library import Library
from index.scope import PUBLIC, Reader, Scope
from ingest.cage import Cage
from ingest.domain import Span
from ingest.reading import find_files, read_document, read_sidecar
from tests.fakes import HashEmbedder

DOCUMENTS = Path(__file__).with_name("scripted_documents")
WHO_PAYS = "Who pays the airfare under PALM?"
IN_KENYA = "How does Kenya prepare home-care workers?"
SEASONAL = "and for seasonal workers?"
BREAD = "What does bread cost in Nairobi?"
BREAKS = "Does this break?"
AWAY = "Who speaks for the workers?"
STRANGE = "Which document has a strange title?"
_MORE_THAN_EVER_WAIT = 1_000  # steps
_FORGOTTEN = 120  # seconds
ARABIC = "من يدفع ثمن التذكرة؟"

# What is said to each question: sentences, each with the document and the very words that it stands on.
SCRIPT: dict[str, list[tuple[str, str, str]]] = {
    WHO_PAYS: [
        (
            "The employer pays the international airfare first and carries 300 Australian dollars of it.",
            "palm",
            "The employer pays the international airfare first and carries 300 Australian dollars of it.",
        ),
        (
            "The rest is taken from wages in instalments, up to a ceiling that the contract names.",
            "palm",
            "The rest is taken from wages in instalments, up to a ceiling that the contract names.",
        ),
        (
            "Workers asked that the ceiling be told to them before they sign.",
            "financing",
            "Workers want to know the ceiling before they sign, not after the first payslip.",
        ),
    ],
    IN_KENYA: [
        (
            "Home-care workers train for six weeks before departure.",
            "kenya",
            "Home-care workers train for six weeks before departure",
        )
    ],
    "Who pays the airfare under PALM, and for seasonal workers?": [
        (
            "For seasonal workers the same split holds, for every season anew.",
            "palm",
            "For seasonal workers the same split holds, for every season anew.",
        )
    ],
    AWAY: [
        (
            "A country liaison officer speaks for the workers.",
            "palm",
            "A country liaison officer speaks for the workers",
        )
    ],
    STRANGE: [("This one has.", "strange", "Its words hold <b>tags</b> and ${braces} and {{braces}}")],
    ARABIC: [("صاحب العمل يدفع ثمن التذكرة أولا.", "arabic", "صاحب العمل يدفع ثمن التذكرة أولا")],
}


def small_library(folder: Path) -> Library:
    """The documents beside this file, in a library in ``folder``."""
    library = Library(folder, embedder=HashEmbedder())
    with Cage() as cage:
        for found in find_files([DOCUMENTS]):
            path = found.path
            described = read_sidecar(path)
            name = {"id": path.stem}
            content = path.read_bytes()
            library.add(
                read_document(content, path.name, path.name, cage=cage, sidecar=described, overrides=name)
            )
    return library


class Gate:
    """Stands open until a test closes it; then it lets the assistant pass step by step, as the test says."""

    def __init__(self) -> None:
        self._steps: threading.Semaphore | None = None

    def close(self) -> None:
        self._steps = threading.Semaphore(0)

    def let_pass(self, steps: int = 1) -> None:
        assert self._steps is not None
        self._steps.release(steps)

    def open(self) -> None:
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.release(_MORE_THAN_EVER_WAIT)

    def wait(self) -> None:
        if self._steps is not None:
            assert self._steps.acquire(timeout=_FORGOTTEN), "a test closed the gate and forgot it"


class ScriptedAssistant:
    """Says what the script says. It waits at its gate before it looks for an answer and before each sentence.

    A question that is not in the script takes one step, one with three sentences takes four.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.gate = Gate()
        self.examples_gate = Gate()
        self.asked: list[tuple[str, Scope, bool]] = []

    def example_questions(self, reader: Reader = PUBLIC) -> list[str]:
        self.examples_gate.wait()
        return [WHO_PAYS, IN_KENYA, BREAD]

    def conversation_after(self, questions: Iterable[str], reader: Reader = PUBLIC) -> Conversation:
        return Conversation(tuple(Turn(question, question) for question in questions))

    def ask(
        self,
        question: str,
        *,
        scope: Scope = Scope(),
        reader: Reader = PUBLIC,
        conversation: Conversation = Conversation(),
        narrow: bool = True,
    ) -> Iterator[Event]:
        self.asked.append((question, scope, narrow))
        understood = question
        if question == SEASONAL and conversation.turns:
            understood = f"{conversation.turns[-1].question.rstrip('?')}, {question}"
        named = Narrowing(Scope(countries=("Kenya",)), ("Kenya",)) if "Kenya" in question and narrow else None
        yield Understood(understood, named)
        self.gate.wait()
        if question == BREAKS:
            raise RuntimeError("secret of the machine")
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        for text, source_id, quote in SCRIPT.get(understood, []):
            self.gate.wait()
            citations.append(self._citation(len(citations) + 1, source_id, quote, reader))
            sentences.append(Sentence(text, (len(citations),)))
            yield SentenceAdded(sentences[-1], (citations[-1],))
        nearest = () if sentences else tuple(self._library.search(question, scope, reader, top=3))
        note = (
            "The language model did not answer, so the library is quoted instead." if question == AWAY else ""
        )
        yield Answered(Answer(understood, tuple(sentences), tuple(citations), nearest, named, note=note))

    def span(self, source_id: str, quote: str) -> Span:
        _, version = self._library.read(source_id)
        start = version.text.index(quote)
        return Span(start, start + len(quote))

    def _citation(self, number: int, source_id: str, quote: str, reader: Reader) -> Citation:
        entry, version = self._library.read(source_id, reader)
        span = self.span(source_id, quote)
        return Citation(number, entry.source, version.number, span, quote, version.place(span))
