"""Who hears what was asked and what was answered, where somebody listens: a log, outside of this package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.answer import Answer
from index.scope import Scope

# The request of a page or of the chat: two classes of two frameworks, of which nothing is read here.
Request = Any


@dataclass(frozen=True, slots=True)
class Heard:
    """One question that was answered, or to which the library had no answer.

    ``question`` is as it was asked, ``scope`` what its asker had limited the search to; how it was understood
    and what it named itself is said by ``answer``. ``keep`` is False where they want nothing to be kept;
    ``private`` says that a question before it was not to be kept.
    """

    question: str
    answer: Answer
    scope: Scope
    keep: bool
    private: bool = False

    @property
    def understood(self) -> str:
        """The question as it may be kept: without words of one before it that was not to be."""
        return self.question if self.private else self.answer.question

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the question that limited the search."""
        return self.answer.narrowing.names if self.answer.narrowing else ()

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that the search was limited to."""
        return (self.answer.narrowing.scope if self.answer.narrowing else self.scope).countries

    @property
    def cited(self) -> tuple[tuple[str, int], ...]:
        """The versions that the answer rests on, each once: the id of the source, and the number."""
        cited = ((citation.source.id, citation.version) for citation in self.answer.citations)
        return tuple(dict.fromkeys(cited))


# Takes a request and what was heard; gives the receipt with which the asker can say more about it, a word of
# letters, digits, - and _ that stands in addresses; empty where nothing is kept.
OnAnswered = Callable[[Request, Heard], str]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, and for how many days questions are kept; with 0 nobody is asked what they think."""

    on_answered: OnAnswered
    days: int


NOBODY = Listener(lambda _request, _heard: "", 0)
