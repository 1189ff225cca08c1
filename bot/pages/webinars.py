"""What the page of a recorded webinar shows: what is said, by whom, when and on what slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.pages.direction import is_right_to_left
from bot.pages.excerpts import Excerpt, excerpt
from bot.pages.on_slides import OnSlide, on_slide
from bot.pages.spoken import said_in
from bot.pages.strips import Strip, strips
from bot.pages.webinar_at import At
from bot.references import apa
from bot.webinars.chapters import Chapter
from bot.webinars.lines import Line, Script
from bot.webinars.questions import Question
from bot.webinars.recorded import Deck, Recorded
from bot.webinars.talk import Turn, turns
from index.hits import link_to
from index.library import Library
from index.scope import Reader, Scope
from index.wording import read_wording
from ingest.domain import Cue, Place, Source, Span
from ingest.sentences import sentences
from web.lists import Listed, bytes_of, listed
from web.words import place_words

_LINE = 190  # bytes of a line of the transcript beside its words and its link
_CHAPTER = 130  # bytes of a chapter's line, likewise
_ROOM = 22_000  # bytes of the transcript and its chapters, so that a page of ours stays below 30 kB
_LEAST, _MOST = 6_000, 14_000  # bytes of the transcript on one page
_MOST_FOUND = 25  # moments
_EXCERPT = 200  # characters
_LONGEST_QUOTE = 500  # characters
_MOST_SLIDES = 30  # of one deck in a list; all of them stand in the transcript
_BEGINNING = 140  # characters of a turn in a list
_SILENCE = 5.0  # seconds after the last words before it is said that nobody speaks


class Said(NamedTuple):
    """The words of a cue and when they begin. ``is_quoted``: they stand in the sentence that the address
    points to; ``is_anchor``: they are where it begins.
    """

    words: str
    seconds: float | None
    is_quoted: bool
    is_anchor: bool


class Read(NamedTuple):
    """A line of the transcript as it is shown. ``slides`` are those that come up with it."""

    speaker: str | None
    seconds: float | None
    cues: tuple[Said, ...]
    slides: tuple[OnSlide, ...]


class Asked(NamedTuple):
    """A question with the best sentence of its answer, word for word."""

    words: str
    speaker: str | None
    seconds: float | None
    answer: str
    answered_by: str | None
    answered_at: float | None


class Spoken(NamedTuple):
    """A turn in a list: when it begins, and its first words."""

    seconds: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words at a moment, with what it takes to cite them. ``is_over``: nobody speaks at the moment any
    more; they were the last words before it.
    """

    words: str
    place: Place
    link: str
    reference: str
    is_over: bool


class Moment(NamedTuple):
    """What a search inside a webinar found."""

    excerpt: Excerpt
    place: Place


class Shows:
    """One recorded webinar at an address."""

    def __init__(self, recorded: Recorded, at: At) -> None:
        self.recorded = recorded
        self.at = at
        self._script = Script(recorded.version, self._room(), _LINE + len(at.moment(0)))
        self._cues = () if at.second is None else self._script.cues_at(at.second)
        self._quoted = self._quote(self._cues) if self._cues else Span(0, 0)

    @property
    def source(self) -> Source:
        """The transcript's description."""
        return self.recorded.entry.source

    @property
    def parts(self) -> int:
        """How many parts the transcript has."""
        return len(self._script.parts)

    @property
    def part(self) -> int:
        """The number of the part that is shown; 0 where there is none."""
        if self._cues and self.at.part is None:
            return self._script.part_of(self._cues[0])
        return min(self.at.part or 1, self.parts)

    @property
    def is_right_to_left(self) -> bool:
        """Whether the transcript begins with words that are."""
        return is_right_to_left(self.recorded.version.text)

    @property
    def starts(self) -> list[int]:
        """The second at which each part begins; none where the file gives no times."""
        return [int(start) for start in self._script.starts]

    def lines(self) -> list[Read]:
        """The lines of that part."""
        lines = self._script.parts[self.part - 1] if self.parts else ()
        return [self._read(line) for line in lines]

    def quoted(self, site: str) -> Quoted | None:
        """The words at the moment of the address, to be cited; None where it names none."""
        if self.at.second is None or not self._cues:
            return None
        version, end = self.recorded.version, self._cues[-1].end
        place = version.place(self._quoted)
        link = link_to(version.source_id, version.number, self._quoted)
        reference = apa(self.source, place_words(place), f"{site.rstrip('/')}{link}", version.number)
        is_over = end is not None and self.at.second > end + _SILENCE
        return Quoted(version.quote(self._quoted), place, link, reference, is_over)

    def chapters(self) -> list[tuple[Chapter, bool]]:
        """The chapters, each with whether what is shown first stands in it."""
        first = self._cues or (self._script.parts[self.part - 1][0].cues if self.parts else ())
        at = first[0].span.start if first else -1
        return [(one, one.span.start <= at < one.span.end) for one in self.recorded.chapters]

    def strips(self) -> Listed[Strip]:
        """One page of who speaks how long."""
        drawn = strips(self.recorded.shares, self.recorded.length)
        return listed(drawn, self.at.page, self._size_of_strip)

    def turns_of(self, speaker: str) -> Listed[Spoken]:
        """One page of what a speaker says."""
        own = [self._spoken(turn) for turn in turns(self.recorded.version) if turn.speaker == speaker]
        return listed(own, self.at.page, lambda one: bytes_of(one.words) + len(self.at.moment(0)))

    def questions(self) -> Listed[Asked]:
        """One page of what was asked."""
        asked = [self._asked(one) for one in self.recorded.questions]
        links = 2 * len(self.at.moment(0))
        return listed(asked, self.at.page, lambda one: bytes_of(one.words + one.answer) + links)

    def slides(self, deck: Deck) -> list[OnSlide]:
        """The slides of a deck that are spoken of, the first of them."""
        return [on_slide(deck, shown) for shown in deck.shown[:_MOST_SLIDES]]

    def found(self, library: Library, reader: Reader) -> list[Moment]:
        """What a search inside the recording finds, the best first."""
        wording = read_wording(self.at.words)
        if wording.is_empty:
            return []
        finding = library.find(wording, Scope(sources=(self.source.id,)), reader)
        hits = library.hits_in(finding, finding.documents, reader, most=_MOST_FOUND)
        cut = [excerpt(hit, _EXCERPT) for own in hits for hit in own]
        version = self.recorded.version
        return [Moment(one, version.place(said_in(one, version))) for one in cut]

    def _room(self) -> int:
        """How many bytes of the transcript stand on one page: its chapters stand beside each part."""
        link = len(self.at.moment(0))
        chapters = sum(bytes_of(one.title) + link + _CHAPTER for one in self.recorded.chapters)
        return max(_LEAST, min(_MOST, _ROOM - chapters))

    def _read(self, line: Line) -> Read:
        cues = tuple(self._said(cue) for cue in line.cues)
        said = Span(line.cues[0].span.start, line.cues[-1].span.end)
        slides = tuple(
            on_slide(deck, shown)
            for deck in self.recorded.decks
            for shown in deck.shown
            if said.start <= shown.span.start < said.end
        )
        return Read(line.speaker if line.opens_turn else None, line.start, cues, slides)

    def _said(self, cue: Cue) -> Said:
        quoted = _meet(cue.span, self._quoted)
        anchor = bool(self._cues) and cue.span.start == self._cues[0].span.start
        return Said(self.recorded.version.quote(cue.span), cue.start, quoted, anchor)

    def _quote(self, cues: Sequence[Cue]) -> Span:
        """The sentences that ``cues`` are of, within their turns; the cues where those are long."""
        version, language = self.recorded.version, self.source.language
        own = Span(cues[0].span.start, cues[-1].span.end)
        said = [turn.span for turn in turns(version) if _meet(turn.span, own)]
        found = [one for turn in said for one in sentences(version.text, language, turn.start, turn.end)]
        around = [one for one in found if _meet(one, own)]
        whole = Span(around[0].start, around[-1].end) if around else own
        return whole if whole.end - whole.start <= _LONGEST_QUOTE else _beginning(version.text, own)

    def _spoken(self, turn: Turn) -> Spoken:
        words = self.recorded.version.quote(turn.span)
        short = words[:_BEGINNING].rpartition(" ")[0] or words[:_BEGINNING]
        return Spoken(turn.start, words if len(words) <= _BEGINNING else f"{short} …")

    def _asked(self, question: Question) -> Asked:
        version = self.recorded.version
        cues = version.places.cues_in(question.best) if question.best else ()
        return Asked(
            version.quote(question.span),
            question.speaker,
            question.start,
            version.quote(question.best) if question.best else "",
            cues[0].speaker if cues else None,
            cues[0].start if cues else None,
        )

    def _size_of_strip(self, strip: Strip) -> int:
        return 2 * bytes_of(strip.share.speaker or "") + len(strip.path) + len(self.at.saying(""))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and one.end > other.start


def _beginning(text: str, span: Span) -> Span:
    """The first words of ``span``, as many as can be quoted."""
    if span.end - span.start <= _LONGEST_QUOTE:
        return span
    space = text.rfind(" ", span.start + 1, span.start + _LONGEST_QUOTE)
    return Span(span.start, space if space > 0 else span.start + _LONGEST_QUOTE)
