"""Questions that lean on the conversation are made to stand alone; double questions are taken apart.

The rules were written for the follow-ups of ``corpus/questions.jsonl``; a test holds how often they are right
there. They prefer leaving a question alone: words that it does not need lead a search astray.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from bot.answer import Conversation, Turn
from bot.moments import spoken_of
from index.analysis import stop_words, tokens
from index.asking import asks

_LANGUAGES = ("en", "fr", "pt", "sw")
_BEGINS = re.compile(
    r"(?:and|but|so|or|then|also|what about|how about"
    r"|et|mais|ou|qu['’]en est-il"
    r"|e|mas|que tal"
    r"|na|lakini|(?:je,?\s+)?vipi kuhusu|(?:je,?\s+)?kuhusu)(?=[\s,])",
    re.IGNORECASE,
)
# What points out of the question wherever it stands.
_POINTS = re.compile(
    r"\b(?:the (?:others?|latter)|the former(?! \w)|of the (?:two|three|four|five|six)"
    r"|you (?:say|said|mention|mentioned)"
    r"|this(?= (?!year|month|week|library|portal|context)\w)|these"
    r"|those(?= (?!who|whose|that|which|in|of|from)\w)"
    r"|(?:from|of|in|on|for|than|about|with|by|under|after|before|into) (?:that|those)(?! who)"
    r"|^(?:(?:what|why|how|who|where|when) )?(?:is|are|was|were|do|does|did|can|could|will|turn)"
    r" (?:that|those)"
    r"|there(?=\s*\?*$)"
    r"|cela|ceux-ci|celui-ci|celles?-ci|isso|disso|nisso|hiyo|hizo|hilo|hayo|huo|hao)\b",
    re.IGNORECASE,
)
# What stands for something named earlier: in another clause of the question, or before it.
_IN_ANOTHER_CLAUSE = re.compile(
    r"\b(?:it(?! (?:takes?|costs?|called|possible|true|legal|necessary|rain|when)\b)|they|them|he|she|him)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:]|\b(?:and|or|but|if|when|while|until|before|after|because|that|who|which|whose|how|why|so|as"
    r"|without)\b",
    re.IGNORECASE,
)
# What stands for something named earlier, in the same clause too ("PALM workers ... their pension").
_IN_ANY_CLAUSE = re.compile(
    r"\b(?:its|their|theirs|his|her|hers|leurs?|seus?|suas?|[wyzlv]ake|chake|vyake|[wyz]ao"
    r"|the same(?= (?!as\b)\w)|(?:this|that|which|first|second|last|other) one"
    r"|(?<!faut-)(?<!a-t-)(?:ils?|elles?)|eles?|elas?)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"(?:what (?:is|are|does)|define|explain)\b(?!.*\bthe\b)", re.IGNORECASE)
_SHORT = 3  # content words: a shorter question after another one is about the same thing
_LIGHT = frozenset(
    "many much long often far old quanto quanta quantos quantas".split()
)  # words of asking, not of a subject
_NAMED = re.compile(r"\b(?:[A-Z]{2,}|[A-Z][a-z]+)\b")
_SECOND_QUESTION = re.compile(
    r"(?:\?\s+|(?<!:),?\s+(?:and|et|e)\s+|;\s*)(?=(?:who|whom|what|when|where|which|why|how"
    r"|qui|que|quels?|quelles?|quand|où|pourquoi|comment|combien"
    r"|quem|o que|qual|quais|quando|onde|por que|como|quant[oa]s?)\b)",
    re.IGNORECASE,
)
_MOST_PARTS = 3


def stand_alone(question: str, conversation: Conversation, unheard: Set[str] = frozenset()) -> str:
    """``question`` with what it leaves unsaid put before it, or unchanged where it leaves nothing unsaid.

    "and for seasonal workers?" after "Who pays the airfare under PALM?" becomes
    "Who pays the airfare under PALM: and for seasonal workers?". ``unheard`` are the words of the question
    that the library does not hold: a short one may bring a subject of its own with them.
    """
    if not conversation.turns or not _leans(question, unheard):
        return question
    return f"{_subject(conversation.turns).rstrip(' ?.!')}: {question}"


def parts(question: str) -> tuple[str, ...]:
    """The questions that were asked in one breath, each standing on its own."""
    pieces = [piece.strip() for piece in _SECOND_QUESTION.split(question) if piece.strip()]
    if not 1 < len(pieces) <= _MOST_PARTS or any(len(piece.split()) < _SHORT for piece in pieces):
        return (question,)
    names = " ".join(_names(pieces[0]))
    return (pieces[0], *(_with_names(piece, names) for piece in pieces[1:]))


def _with_names(piece: str, names: str) -> str:
    return f"{piece} ({names})" if names and (_points_back(piece) or not _names(piece)) else piece


def _leans(question: str, unheard: Set[str]) -> bool:
    subject = spoken_of(question)
    if subject and _content(subject):  # "they" are the speakers in "When did they talk about insurance?"
        return _points_back(subject)
    return _points_back(question) or (_is_short(question) and not _names_a_subject(question, unheard))


def _points_back(question: str) -> bool:
    """Whether a word of ``question`` stands for something that was said before."""
    if _BEGINS.match(question) or _POINTS.search(question):
        return True
    if any(_content(question[: one.start()]) < 2 for one in _IN_ANY_CLAUSE.finditer(question)):
        return True
    return any(
        not _is_answered_before(question[: one.start()]) for one in _IN_ANOTHER_CLAUSE.finditer(question)
    )


def _is_short(question: str) -> bool:
    """Whether ``question`` says so little that it can only be about what was said before."""
    content = _content(question)
    says_something = content > 0 or asks(question)  # "why?" does, "the of and" does not
    return says_something and content < _SHORT and not _names(question) and not _DEFINES.match(question)


def _names_a_subject(question: str, unheard: Set[str]) -> bool:
    """Whether a short question is about something else: "the price of bread", but not "quels secteurs"."""
    return _content(question) > 1 and not unheard.isdisjoint(_content_words(question))


def _is_answered_before(words: str) -> bool:
    """Whether a pronoun behind ``words`` can stand for something in an earlier clause of them."""
    ends = [match.start() for match in _CLAUSE.finditer(words)]
    return bool(ends) and _content(words[: ends[-1]]) > 0


def _content(text: str) -> int:
    """How many words of ``text`` say what it is about."""
    return len(_content_words(text))


def _content_words(text: str) -> list[str]:
    return [token.word for token in tokens(text) if token.word not in _function_words()]


@cache
def _function_words() -> frozenset[str]:
    return _LIGHT.union(*(stop_words(language) for language in _LANGUAGES))


def _names(question: str) -> list[str]:
    """The names in ``question``: acronyms, and capitalised words that do not merely begin it."""
    found = (match for match in _NAMED.finditer(question) if match.start() or match.group().isupper())
    return list(dict.fromkeys(match.group() for match in found))


def _subject(turns: tuple[Turn, ...]) -> str:
    """The last question that stood on its own, or the first of two asked in one breath."""
    for turn in reversed(turns):
        if turn.understood in ("", turn.question):
            return parts(turn.question)[0]
    return parts(turns[0].question)[0]
