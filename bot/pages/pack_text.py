"""A pack in words: what its Word file and its PDF both show, block by block in one order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple
from urllib.parse import quote

from bot.pages.clocks import when
from bot.pages.webinar_at import At
from bot.references import apa
from bot.webinars.pack import Exchange, Pack, Quote, Said, Stretch
from bot.webinars.recorded import Deck
from bot.webinars.webinar import moment_address
from index.hits import link_to
from ingest.domain import Person, Session, Source, Span, clock
from ingest.text import clean_line
from web.words import begun, counted, document_words, language_name, written

_MOST_SPEAKERS = 40
_IN_ADDRESSES = "%/:?&=#@+,;~!$()*-._"  # what stays as it is in an address that is otherwise encoded
_ILLUSTRATIVE = "Illustrative: written for demonstration."
_NOBODY = "Nobody said these words."
_EXACT = "All quotes are copied word for word from the stored transcript, version {}. Check them here: {}"


class Look(Enum):
    """How a block is set."""

    TITLE = auto()
    HEADING = auto()
    SUBHEADING = auto()
    TEXT = auto()
    NOTICE = auto()  # in a box
    ITEM = auto()  # what a list names
    PLACE = auto()  # who, when, where: small; stands before what it belongs to
    REPLY = auto()  # a PLACE that goes with what stands before it too
    DETAIL = auto()  # the same, after it
    QUOTE = auto()


class Block(NamedTuple):
    """A paragraph on one line, of words in ``language``. ``link``: the whole address that all of it opens."""

    look: Look
    text: str
    link: str = ""
    language: str = "en"


class Table(NamedTuple):
    """Rows of cells under a row of titles."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PackText:
    """A pack to be set. ``notice`` stands below each page, where there is one; ``made`` is today."""

    title: str
    notice: str
    made: date
    blocks: tuple[Block | Table, ...]


def pack_text(pack: Pack, site: str, made: date) -> PackText:
    """``pack`` in words; its links lead to the pages at ``site``."""
    words = _Words(pack, site.rstrip("/"))
    return PackText(clean_line(pack.webinar.title), words.notice, made, tuple(words.blocks()))


class _Words:
    def __init__(self, pack: Pack, site: str) -> None:
        self._pack = pack
        self._site = site
        self._language = pack.said.source.language if pack.said else "en"

    @property
    def notice(self) -> str:
        """What keeps anybody from taking it for what it is not."""
        if not self._pack.illustrative:
            return ""
        return f"{_ILLUSTRATIVE} {_NOBODY}" if self._pack.said else _ILLUSTRATIVE

    def blocks(self) -> Iterator[Block | Table]:
        """All of it, in order."""
        yield from self._opening()
        yield from self._programme()
        if said := self._pack.said:
            yield from self._chapters(said.stretches)
            yield from self._questions(said)
            yield from _speakers(said)
            for deck in said.decks:
                yield from self._slides(deck)
        yield from self._documents()
        yield from self._citing()

    def _opening(self) -> Iterator[Block]:
        webinar, event = self._pack.webinar, self._pack.webinar.event
        yield _block(Look.TITLE, webinar.title)
        if event:
            announced = when(event)
            yield _block(Look.TEXT, f"{announced.day}, {announced.time} ({announced.zone})")
        elif webinar.day:
            yield _block(Look.TEXT, written(webinar.day))
        if event and event.organisers:
            yield _block(Look.TEXT, f"Organised by {', '.join(event.organisers)}")
        if self.notice:
            yield _block(Look.NOTICE, self.notice)

    def _programme(self) -> Iterator[Block]:
        event = self._pack.webinar.event
        if event and event.sessions:
            yield _block(Look.HEADING, "Programme")
            for session in event.sessions:
                yield _block(Look.ITEM, _session(session))
                if session.people:
                    yield _block(Look.DETAIL, "; ".join(map(_person, session.people)))

    def _chapters(self, stretches: Sequence[Stretch]) -> Iterator[Block]:
        if not stretches:
            return
        yield _block(Look.HEADING, "Chapters and key statements")
        announced = any(one.chapter.session for one in stretches)
        found = "The programme's items" if announced else "Chapters"
        titles = "" if announced else " Their titles are words from it."
        yield _block(Look.PLACE, f"{found}, found in what was said.{titles} A time opens its moment.")
        for one in stretches:
            title = one.chapter.title or "From here on"
            language = self._language if one.chapter.title and not one.chapter.session else "en"
            yield self._moment(Look.SUBHEADING, one.chapter.start, title, one.chapter.span, language)
            for statement in one.statements:
                yield from self._quoted(statement, statement.place.speaker or "")

    def _questions(self, said: Said) -> Iterator[Block]:
        if not said.exchanges:
            return
        yield _block(Look.HEADING, "Questions and answers")
        shown = len(said.exchanges)
        few = f" The {shown} of {said.asked} with the clearest answers." if shown < said.asked else ""
        how = "Found by their question marks; of an answer, the sentence that is closest to the question."
        yield _block(Look.PLACE, how + few)
        for exchange in said.exchanges:
            yield from self._exchange(exchange)

    def _exchange(self, exchange: Exchange) -> Iterator[Block]:
        yield from self._quoted(exchange.question, _by("Asked", exchange.question))
        if exchange.answer:
            yield from self._quoted(exchange.answer, _by("Answered", exchange.answer), Look.REPLY)

    def _quoted(self, found: Quote, words: str, look: Look = Look.PLACE) -> Iterator[Block]:
        """A quote below who says it when."""
        yield self._moment(look, found.start, words, found.span)
        yield _block(Look.QUOTE, f"“{found.words}”", language=self._language)

    def _slides(self, deck: Deck) -> Iterator[Block]:
        if not deck.shown:
            return
        yield _block(Look.HEADING, f"Slides and when they were spoken of: {deck.source.title}")
        for shown in deck.shown:
            title = deck.title(shown.slide)
            words = f"Slide {shown.slide}: {title}" if title else f"Slide {shown.slide}"
            if shown.start is not None and shown.end is not None:
                words = f"{clock(shown.start)}–{clock(shown.end)} {words}"
            link = self._link(shown.start, shown.span)
            yield _block(Look.TEXT, words, link)

    def _documents(self) -> Iterator[Block]:
        if materials := self._pack.webinar.materials:
            yield _block(Look.HEADING, "Documents")
        for source in materials:
            address = self._absolute(f"/sources/{quote(source.id)}")
            yield _block(Look.ITEM, source.title, address, source.language)
            yield _block(Look.DETAIL, f"{_described(source)}: {address}", address)

    def _citing(self) -> Iterator[Block]:
        page = self._absolute(_page(self._pack))
        yield _block(Look.HEADING, "How to cite this session")
        if cited := self._pack.cited:
            source, version = cited
            yield _block(Look.TEXT, apa(source, "", page, version), page)
            if source.licence:
                yield _block(Look.TEXT, f"Licence: {source.licence}")
        else:
            yield _block(Look.TEXT, page, page)
        if said := self._pack.said:
            stored = self._absolute(f"/sources/{quote(said.source.id)}?version={said.version}")
            yield _block(Look.TEXT, _EXACT.format(said.version, stored), stored)

    def _moment(self, look: Look, start: float | None, words: str, span: Span, language: str = "en") -> Block:
        """``words`` with the moment before them, if it is known."""
        moment = "" if start is None else clock(start)
        told = ", ".join(filter(None, (moment, words))) or "Not named"
        return _block(look, told, self._link(start, span), language)

    def _link(self, start: float | None, span: Span) -> str:
        """The address of a moment, else of the words themselves in the transcript."""
        if (said := self._pack.said) is None:
            return ""
        if start is not None:
            return self._absolute(moment_address(said.source, start))
        return self._absolute(link_to(quote(said.source.id), said.version, span))

    def _absolute(self, address: str) -> str:
        """``address`` with the site before it, in plain letters, so that no program stumbles over it."""
        return quote(self._site + address, safe=_IN_ADDRESSES)


def _block(look: Look, text: str, link: str = "", language: str = "en") -> Block:
    """A block whose text is on one line, with nothing invisible in it."""
    return Block(look, clean_line(text), link, language)


def _page(pack: Pack) -> str:
    """The address of the webinar's page, with the transcript that is in the pack."""
    source = pack.said.source if pack.said else None
    named = "" if source is None or source.id == pack.webinar.id else source.id
    return At(pack.webinar.id, transcript=named).address


def _by(did: str, quote: Quote) -> str:
    return f"{did} by {quote.place.speaker}" if quote.place.speaker else did


def _session(session: Session) -> str:
    minutes = f" ({counted(session.minutes, 'minute')})" if session.minutes else ""
    return f"{session.title}{minutes}"


def _person(person: Person) -> str:
    is_told = person.role and person.role != person.name
    return f"{person.name} ({person.role})" if is_told else person.name


def _speakers(said: Said) -> Iterator[Block | Table]:
    """Who spoke for how long, where the file names anybody."""
    if not any(share.speaker for share in said.shares):
        return
    yield _block(Look.HEADING, "Who spoke for how long")
    rows = [
        (
            clean_line(share.speaker or "Not named"),
            clock(share.seconds) if share.seconds else "",
            f"{100 * share.share:.0f} %",
            f"{share.turns:,}",
        )
        for share in said.shares[:_MOST_SPEAKERS]
    ]
    yield Table(("Speaker", "Time", "Share", "Turns"), tuple(rows))
    if len(said.shares) > _MOST_SPEAKERS:
        more = len(said.shares) - _MOST_SPEAKERS
        yield _block(Look.PLACE, f"And {counted(more, 'more speaker')}.")


def _described(source: Source) -> str:
    language = f" in {language_name(source.language)}" if source.language != "en" else ""
    return begun(f"{document_words(source)}{language}")
