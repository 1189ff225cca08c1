"""What an answer is: sentences, each with citations that are facts about stored documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.hits import Hit, link_to
from index.scope import Scope
from ingest.domain import Place, Source, Span


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a stored document: ``quote`` is ``text[span.start:span.end]`` of that very version.

    ``notes`` are the sources that the document itself gives for these words.
    """

    number: int
    source: Source
    version: int
    span: Span
    quote: str
    place: Place
    notes: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """The page of ours that shows these words marked in their document."""
        return link_to(self.source.id, self.version, self.span)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A scope that the question itself asked for, with the names in it that say so ("Kenya", "PALM").

    ``remainder`` is what is left to search for where the names need not stand in the words that answer: who
    says something seldom says their own name.
    """

    scope: Scope
    names: tuple[str, ...]
    remainder: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an honest "the library does not say".

    ``question`` is the self-contained question that was searched. ``answerer`` is quote or write. ``note`` is
    one line for the reader when something was not as usual (the model was away, the search was widened).
    ``confidence``, from 0 to 1, is what the evidence test says of the best sentence, said or not.
    """

    question: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Hit, ...] = ()
    narrowing: Narrowing | None = None
    answerer: str = "quote"
    note: str = ""
    confidence: float = 0.0

    @property
    def found(self) -> bool:
        """Whether the library answers. It follows from the sentences, so that the two cannot disagree."""
        return bool(self.sentences)

    @property
    def text(self) -> str:
        """The answer with its numbers, or the refusal in words."""
        if not self.found:
            return "The library does not answer this."
        return " ".join(f"{one.text} {marks(one.citations)}" for one in self.sentences)


def marks(numbers: tuple[int, ...]) -> str:
    """Citation numbers as the reader sees them: ``[1][3]``."""
    return "".join(f"[{number}]" for number in numbers)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation as it was asked, as it was understood, and the sources that answered."""

    question: str
    understood: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far, the latest last: a value that is passed in; the assistant keeps none."""

    turns: tuple[Turn, ...] = field(default=())

    def after(self, question: str, answer: Answer) -> Conversation:
        """The conversation with one more turn."""
        cited = tuple(dict.fromkeys(citation.source.id for citation in answer.citations))
        return Conversation((*self.turns, Turn(question, answer.question, cited)))


# What a reader sees while an answer comes about, in this order. Every stream ends with Answered.


@dataclass(frozen=True, slots=True)
class Understood:
    """How the question was taken: made self-contained, and narrowed to what it names."""

    question: str
    narrowing: Narrowing | None = None


@dataclass(frozen=True, slots=True)
class SentenceAdded:
    """One more sentence that counts, with the citations that it brings for the first time."""

    sentence: Sentence
    new_citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer."""

    answer: Answer


Event = Understood | SentenceAdded | Answered
