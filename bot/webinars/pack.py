"""What is taken along of one webinar: what was planned and said, each quote an exact span with its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.webinars.chapters import Chapter
from bot.webinars.questions import Question
from bot.webinars.recorded import Deck, Recorded, Recordings
from bot.webinars.statements import key_statements
from bot.webinars.talk import Share
from bot.webinars.transcript import Transcript, transcript
from bot.webinars.webinar import Webinar
from index.analysis import terms
from index.library import Library
from index.scope import Reader
from ingest.domain import Place, Source, Span, Version

MOST_QUESTIONS = 20
_WORDS = 0.3  # what the shared words count beside likeness, as in the choice of the answer


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words of the stored transcript: those of ``span``, from which ``place`` follows too."""

    span: Span
    words: str
    place: Place

    @property
    def start(self) -> float | None:
        """The second in which somebody begins to say this; None where the file does not say."""
        return self.place.seconds[0] if self.place.seconds else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A chapter with its key statements."""

    chapter: Chapter
    statements: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and that sentence of what others say after it which answers it best, if one does."""

    question: Quote
    answer: Quote | None


@dataclass(frozen=True, slots=True)
class Said:
    """What the pack takes from a transcript.

    ``exchanges`` are those with the clearest answers, in order; ``asked`` is how many there are in all.
    """

    source: Source
    version: int
    stretches: tuple[Stretch, ...]
    exchanges: tuple[Exchange, ...]
    asked: int
    shares: tuple[Share, ...]
    decks: tuple[Deck, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """One webinar to take along. ``said`` is None where the library has no transcript of it.

    ``cited`` is the stored document that stands for the session, with the number of its version: the
    transcript, else the programme, if that is a document of its own.
    """

    webinar: Webinar
    said: Said | None
    cited: tuple[Source, int] | None

    @property
    def illustrative(self) -> bool:
        """Whether it was written for demonstration, or what is said in it."""
        return self.webinar.illustrative or bool(self.said and self.said.source.illustrative)


def pack(
    library: Library, recordings: Recordings, webinar: Webinar, chosen: Source | None, reader: Reader
) -> Pack:
    """What ``reader`` may take along of ``webinar``, with its transcript ``chosen``. Raises NotFound."""
    if chosen is None:
        return Pack(webinar, None, _programme(library, webinar, reader))
    recorded = recordings.of(webinar, chosen, reader)
    vectors = library.sentence_vectors(recorded.entry)
    talk = transcript(recorded.version, chosen.language, vectors, library.model)
    return Pack(webinar, _said(recorded, talk), (recorded.entry.source, recorded.version.number))


def _said(recorded: Recorded, talk: Transcript) -> Said:
    version = recorded.version
    statements = key_statements(talk, recorded.chapters)
    stretches = [
        Stretch(chapter, tuple(_quote(version, span) for span in own))
        for chapter, own in zip(recorded.chapters, statements, strict=True)
    ]
    exchanges = [_exchange(version, one) for one in _clearest(talk, recorded.questions)]
    return Said(
        recorded.entry.source,
        version.number,
        tuple(stretches),
        tuple(exchanges),
        len(recorded.questions),
        recorded.shares,
        recorded.decks,
    )


def _quote(version: Version, span: Span) -> Quote:
    return Quote(span, version.quote(span), version.place(span))


def _exchange(version: Version, question: Question) -> Exchange:
    return Exchange(_quote(version, question.span), _quote(version, question.best) if question.best else None)


def _clearest(talk: Transcript, questions: Sequence[Question]) -> Sequence[Question]:
    """The questions with the clearest answers, in their order, where there are more than can be shown."""
    if len(questions) <= MOST_QUESTIONS:
        return questions
    best = sorted(questions, key=lambda one: _clearness(talk, one), reverse=True)[:MOST_QUESTIONS]
    return sorted(best, key=lambda one: one.span.start)


def _clearness(talk: Transcript, question: Question) -> float:
    """How much the answer is like the question, in meaning and words; below 0 where nobody answers."""
    if question.best is None:
        return -1.0
    asked, said = (
        talk.vectors[_rows(talk, question.span)].mean(axis=0),
        talk.vectors[_rows(talk, question.best)].mean(axis=0),
    )
    words = set(terms(talk.version.quote(question.span), talk.language))
    shared = words & set(terms(talk.version.quote(question.best), talk.language))
    return talk.trusted * float(asked @ said) + _WORDS * len(shared) / (len(words) or 1)


def _rows(talk: Transcript, span: Span) -> slice:
    """The sentences that begin in ``span``."""
    first = bisect_left(talk.sentences, span.start, key=lambda one: one.span.start)
    return slice(first, bisect_left(talk.sentences, span.end, key=lambda one: one.span.start))


def _programme(library: Library, webinar: Webinar, reader: Reader) -> tuple[Source, int] | None:
    """The document that is the programme of ``webinar``, where it is one of its own."""
    for source in library.sources(reader):
        if source.is_programme and source.event == webinar.id:
            return source, library.entry(source.id, reader).number
    return None
