"""Questions that lean on the conversation are made to stand alone; double questions are taken apart."""

from __future__ import annotations

import re

from bot.answer import Conversation, Turn
from index.analysis import stop_words, tokens

_LEANS = re.compile(
    r"^(?:and|but|so|or|then|also|what about|how about|what of|et|mais|e|mas|na|je)\b"
    r"|\b(?:it|its|they|them|their|theirs|that|this|those|these|there|he|she|him|her|his|hers|one|ones|"
    r"others?|the former|the latter|same|such|said|elle|ils?|elles|cela|leurs?|ele|ela|eles|elas|isso)\b",
    re.IGNORECASE,
)
_SHORT = 3  # content words: a shorter question after another one is about the same thing
_NAMED = re.compile(r"\b(?:[A-Z]{2,}|[A-Z][a-z]+)\b")
_SECOND_QUESTION = re.compile(
    r"(?:\?\s+|,?\s+and\s+|;\s*)(?=(?:who|whom|what|when|where|which|why|how)\b)", re.IGNORECASE
)
_MOST_PARTS = 3


def stand_alone(question: str, conversation: Conversation) -> str:
    """``question`` with what it leaves unsaid put before it, or unchanged where it leaves nothing unsaid.

    "and for seasonal workers?" after "Who pays the airfare under PALM?" becomes
    "Who pays the airfare under PALM: and for seasonal workers?".
    """
    if not conversation.turns or not _leans(question):
        return question
    return f"{_subject(conversation.turns).rstrip(' ?.!')}: {question}"


def parts(question: str) -> tuple[str, ...]:
    """The questions that were asked in one breath, each standing on its own."""
    pieces = [piece.strip() for piece in _SECOND_QUESTION.split(question) if piece.strip()]
    if not 1 < len(pieces) <= _MOST_PARTS or any(len(piece.split()) < _SHORT for piece in pieces):
        return (question,)
    names = " ".join(dict.fromkeys(match.group() for match in _NAMED.finditer(pieces[0][1:])))
    return (pieces[0], *(f"{piece} ({names})" if names and _leans(piece) else piece for piece in pieces[1:]))


def _leans(question: str) -> bool:
    stopped = stop_words("en")
    content = [token for token in tokens(question) if token.word not in stopped]
    return bool(_LEANS.search(question)) or len(content) < _SHORT


def _subject(turns: tuple[Turn, ...]) -> str:
    """The last question that stood on its own, or the first of two asked in one breath."""
    for turn in reversed(turns):
        if turn.understood in ("", turn.question):
            return parts(turn.question)[0]
    return parts(turns[0].question)[0]
