"""The plain page for questions: one answer, whole and cited, complete without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple
from urllib.parse import quote_plus

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from bot.answer import Citation
from bot.assistant import LONGEST_QUESTION, Assistant
from bot.pages.asking import Asking, Exchange, Stage, Thread
from bot.pages.excerpts import excerpt
from bot.pages.hearing import NOBODY, Listener
from bot.pages.limits import ALL_LIMITS, LIMITS, Limit, label_of, scope_of
from bot.pages.rendering import page
from bot.references import apa
from index.library import Library
from index.scope import Reader, Scope
from ingest.text import clean_line
from web.words import place_words

_EARLIER = 6  # questions before this one that an address carries
_LONGEST_EARLIER = 200  # characters: what a question is about is said at its beginning
_SHOWN = LONGEST_QUESTION + 1_000  # characters of a question that is too long, so that it can be shortened
_OFFERED = 20  # values of one limit
_NEAREST = 220  # characters of a passage that comes near
_AT_ONCE = 8  # questions that are answered at the same time; others wait, and no other page waits with them
_RESERVED = re.compile(r"[^\w.~\x80-\U0010ffff-]")
_EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks. ``earlier`` are the questions before this one, the oldest first.

    ``narrow``: whether the names in the question may limit the search; ``keep``: whether it may be kept;
    ``private``: whether one of the earlier was not to be.
    """

    question: str = ""
    scope: Scope = _EVERYTHING
    earlier: tuple[str, ...] = ()
    narrow: bool = True
    keep: bool = True
    private: bool = False

    @property
    def next_private(self) -> bool:
        """Whether this question, or one before it, was not to be kept."""
        return self.private or not self.keep

    @property
    def next_earlier(self) -> tuple[str, ...]:
        """The questions before the one that follows this one."""
        return (*self.earlier, self.question[:_LONGEST_EARLIER])[-_EARLIER:]

    @property
    def everywhere(self) -> Asked:
        """The same question without any limit."""
        return replace(self, scope=_EVERYTHING, narrow=False)

    @property
    def limits(self) -> list[tuple[str, str]]:
        """What the search is limited to, as the fields of a form."""
        return [(limit.name, value) for limit in ALL_LIMITS for value in limit.values(self.scope)]

    @property
    def address(self) -> str:
        """The address that asks this. Letters beyond ASCII stay letters, or it would be thrice as long."""
        fields = [("after", one) for one in self.earlier] + [("q", self.question), *self.limits]
        fields += [] if self.narrow else [("narrow", "no")]
        fields += [] if self.keep else [("keep", "no")]
        fields += [("private", "yes")] if self.private else []
        return "/ask?" + "&".join(f"{name}={_encoded(value)}" for name, value in fields)


class Value(NamedTuple):
    """One value that a search can be limited to, and how readers call it."""

    value: str
    label: str


class Offer(NamedTuple):
    """A limit with the values that are chosen, and others that could be."""

    limit: Limit
    chosen: tuple[Value, ...]
    others: tuple[Value, ...]


def ask_pages(
    assistant: Assistant,
    library: Library,
    reader_of: Callable[[Request], Reader],
    listener: Listener = NOBODY,
) -> APIRouter:
    """The page ``/ask``; ``reader_of`` its request says who asks, ``listener`` hears what."""
    shown = _AskPage(assistant, library, reader_of, listener)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/ask", shown.answer, methods=["GET", "HEAD"])
    return router


def asked(query: QueryParams) -> Asked:
    """What an address asks; what cannot be understood counts as absent."""
    earlier = (clean_line(one)[:_LONGEST_EARLIER] for one in query.getlist("after")[-_EARLIER:])
    return Asked(
        question=clean_line(query.get("q", "")),
        scope=scope_of(query),
        earlier=tuple(filter(None, earlier)),
        narrow=query.get("narrow") != "no",
        keep=query.get("keep") != "no",
        private=query.get("private") == "yes",
    )


class _AskPage:
    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        reader_of: Callable[[Request], Reader],
        listener: Listener,
    ) -> None:
        self._assistant = assistant
        self._asking = Asking(assistant, library, listener)
        self._kept_days = listener.days
        self._library = library
        self._reader_of = reader_of
        self._at_once = CapacityLimiter(_AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """The answer, or, with no question, the box for one."""
        return await to_thread.run_sync(self._answer, request, limiter=self._at_once)

    def _answer(self, request: Request) -> Response:
        reader, this = self._reader_of(request), asked(request.query_params)
        exchange = self._exchange(request, this, reader) if this.question else None
        response = page(
            "ask.html",
            status=_status(exchange),
            asked=this,
            kept=this.question[:_SHOWN],
            exchange=exchange,
            nearest=[excerpt(hit, _NEAREST) for hit in exchange.answer.nearest] if exchange else [],
            offers=self._offers(this, reader),
            examples=[] if exchange else [Asked(one) for one in self._asking.examples(reader)],
            reference=partial(_reference, site=str(request.base_url)),
            kept_days=self._kept_days,
        )
        if exchange:
            # Anybody can make an address that asks anything, and each costs an answer: no search engine
            # should follow them, nor show what a stranger asked under the name of this library.
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _exchange(self, request: Request, this: Asked, reader: Reader) -> Exchange:
        conversation = self._assistant.conversation_after(this.earlier, reader)
        before = Thread(conversation=conversation, private=this.private)
        keep = this.keep and request.method == "GET"  # with HEAD a program looks, and nobody reads
        *_, thread = self._asking.ask(
            before, this.question, this.scope, reader, narrow=this.narrow, request=request, keep=keep
        )
        (exchange,) = thread.exchanges
        values = [(limit, value) for limit in ALL_LIMITS for value in limit.values(this.scope)]
        chosen = tuple(label_of(self._library, limit, value, reader) for limit, value in values)
        return replace(exchange, chosen=chosen)

    def _offers(self, this: Asked, reader: Reader) -> list[Offer]:
        offers = [self._offer(limit, limit.values(this.scope), reader) for limit in ALL_LIMITS]
        return [offer for offer in offers if offer.chosen or len(offer.others) > 1]

    def _offer(self, limit: Limit, chosen: tuple[str, ...], reader: Reader) -> Offer:
        """What is chosen of ``limit``, and the other values that most documents have."""
        taken = {value.casefold() for value in chosen}
        most = self._library.values(limit.of_source, reader)[:_OFFERED] if limit in LIMITS else []
        others = [self._value(limit, value, reader) for value, _ in most if value.casefold() not in taken]
        return Offer(
            limit,
            tuple(self._value(limit, value, reader) for value in chosen),
            tuple(sorted(others, key=lambda one: one.label.casefold())),
        )

    def _value(self, limit: Limit, value: str, reader: Reader) -> Value:
        return Value(value, label_of(self._library, limit, value, reader))


def _status(exchange: Exchange | None) -> int:
    if exchange is None or exchange.stage is not Stage.FAILED:
        return 200
    return 400 if exchange.trouble else 500


def _reference(citation: Citation, site: str) -> str:
    """``citation`` as a list of references gives it; ``site`` is where this library is."""
    address = f"{site.rstrip('/')}{citation.link}"
    return apa(citation.source, place_words(citation.place), address, citation.version)


def _encoded(text: str) -> str:
    return _RESERVED.sub(lambda sign: quote_plus(sign[0]), text)
