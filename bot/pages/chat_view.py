"""The pieces of the chat as HTML, in which all that readers and documents say is escaped; answers as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.pages.asking import Exchange
from bot.pages.rendering import fragment
from index.hits import Hit

_NEAREST = 220  # characters of a passage that comes near


def exchange_html(exchange: Exchange, site: str, *, current: bool) -> str:
    """One question with its answer and sources. Only the ``current`` one can still be acted on."""
    return fragment(
        "chat_turn.html",
        exchange=exchange,
        site=site,
        current=current,
        beginning=_beginning,
        copied=copied,
    )


def thread_html(exchanges: Iterable[Exchange], site: str) -> str:
    """Exchanges that are over."""
    return "".join(exchange_html(exchange, site, current=False) for exchange in exchanges)


def welcome_html() -> str:
    """What stands on the page before the first question."""
    return fragment("chat_welcome.html")


def keeping_html(kept_days: int) -> str:
    """How long questions are kept, with the way to the page that says why."""
    return fragment("chat_keeping.html", kept_days=kept_days)


def examples_html(examples: Sequence[str]) -> str:
    """Questions to begin with."""
    return fragment("chat_examples.html", examples=examples)


def copied(exchange: Exchange, site: str) -> str:
    """A question, its answer and its sources as plain text; ``site`` is the address of this library."""
    sources = [f"[{card.citation.number}] {card.reference(site)}" for card in exchange.cards]
    return "\n".join([exchange.question, "", exchange.answer.text, "", "Sources", *sources])


def _beginning(hit: Hit) -> str:
    text = hit.passage.text
    if len(text) <= _NEAREST:
        return text
    end = text.rfind(" ", _NEAREST // 2, _NEAREST)
    return text[: end if end > 0 else _NEAREST].rstrip(" ,;:") + " …"


def refusal_html(words: str) -> str:
    """Why a question cannot be asked as it is."""
    return fragment("chat_hint.html", words=words)
