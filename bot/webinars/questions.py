"""What was asked in a recording, and where somebody else answered it.

A question is what ends with a question mark, in any script. Tags ("wasn't it?"), what runs the meeting ("can
you hear me?"), and what the asker goes on to answer are none. Requests without a question mark are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from bot.webinars.talk import Turn, turns
from bot.webinars.transcript import Spoken, Transcript
from index.analysis import terms, tokens
from ingest.domain import Span

MOST_TURNS = 3  # of others that may answer
SOON = 120.0  # seconds after the question in which an answer begins
_LEAST_WORDS = 3
_MORE = 2  # sentences that the asker may add before somebody else speaks
_MARK = re.compile(r"[?؟？⁇፧][\"'”’»)\]]*$")
_LAST_CLAUSE = re.compile(r"[,;،]\s*|\s[–—-]\s")
_FIRST = 0.1  # what a sentence counts more for opening the answer, less the later it stands
_WORDS = 0.3  # what a shared word counts beside likeness, as a share of the question's words


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked and, in ``answers``, the turns of others that follow it.

    ``best`` is that sentence of them which is most like the question, as an exact span; None where nobody
    answers. ``start`` in seconds, None where the file does not say.
    """

    span: Span
    speaker: str | None
    start: float | None
    answers: tuple[Turn, ...]
    best: Span | None


def questions(talk: Transcript) -> tuple[Question, ...]:
    """The questions of a transcript in their order; those that follow each other in one turn are one.

    Where the file does not name the asker nobody can be told from them, and no answer is given.
    """
    all_turns = turns(talk.version)
    found = (_question(talk, all_turns, run) for run in _runs(talk))
    return tuple(one for one in found if one is not None)


def _runs(talk: Transcript) -> Iterator[list[int]]:
    """The sentences that ask something, those together that follow each other in one turn."""
    asking = [index for index, one in enumerate(talk.sentences) if _asks(talk.words(one))]
    run: list[int] = asking[:1]
    for before, index in pairwise(asking):
        if index == before + 1 and not talk.sentences[index].opens_turn:
            run.append(index)
        else:
            yield run
            run = [index]
    if run:
        yield run


def _asks(sentence: str) -> bool:
    """Whether a sentence asks for something, by its mark and its words."""
    if not _MARK.search(sentence):
        return False
    words = [token.word for token in tokens(sentence)]
    if len(words) < _LEAST_WORDS:
        return False
    tags, asides = _not_asking()
    said = f" {' '.join(words)} "
    last = _folded(_LAST_CLAUSE.split(sentence)[-1])
    return last not in tags and not any(f" {aside} " in said for aside in asides)


def _question(talk: Transcript, all_turns: Sequence[Turn], run: Sequence[int]) -> Question | None:
    """The question that sentences of one turn ask; None where the asker goes on."""
    first, last = talk.sentences[run[0]], talk.sentences[run[-1]]
    later = talk.sentences[run[-1] + 1 : run[-1] + 2 + _MORE]
    goes_on = len(later) > _MORE and not any(one.opens_turn for one in later)
    if goes_on and first.speaker is not None:
        return None
    answers = _answers(first, last, all_turns)
    best = _best(talk, run, answers)
    return Question(Span(first.span.start, last.span.end), first.speaker, first.start, answers, best)


def _answers(first: Spoken, last: Spoken, all_turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns of others that follow soon, until the asker speaks again."""
    answers: list[Turn] = []
    for turn in all_turns:
        if turn.span.start < last.span.end or first.speaker is None:
            continue
        if turn.speaker in (None, first.speaker):
            if answers:
                break
            continue
        late = last.end is not None and turn.start is not None and turn.start - last.end > SOON
        if late or len(answers) == MOST_TURNS:
            break
        answers.append(turn)
    return tuple(answers)


def _best(talk: Transcript, run: Sequence[int], answers: Sequence[Turn]) -> Span | None:
    """The sentence of ``answers`` that is most like the question."""
    inside = [
        index
        for index in range(run[-1] + 1, len(talk.sentences))
        if any(turn.span.start <= talk.sentences[index].span.start < turn.span.end for turn in answers)
        and not _MARK.search(talk.words(talk.sentences[index]))
    ]
    if not inside:
        return None
    asked = talk.vectors[list(run)].mean(axis=0)
    likeness = talk.trusted * (talk.vectors[inside] @ asked)
    shared = np.array([_shared(talk, run, index) for index in inside])
    early = np.array([_FIRST / (1 + place) for place in range(len(inside))])
    return talk.sentences[inside[int((likeness + _WORDS * shared + early).argmax())]].span


def _shared(talk: Transcript, run: Sequence[int], index: int) -> float:
    """The share of the question's words that a sentence has."""
    asked = {word for one in run for word in terms(talk.words(talk.sentences[one]), talk.language)}
    said = set(terms(talk.words(talk.sentences[index]), talk.language))
    return len(asked & said) / (len(asked) or 1)


@cache
def _not_asking() -> tuple[frozenset[str], frozenset[str]]:
    """Tags, and what runs the meeting, folded."""
    text = (resources.files("bot") / "webinars" / "asides.txt").read_text(encoding="utf-8")
    lists: dict[str, set[str]] = {"tag": set(), "aside": set()}
    for line in text.splitlines():
        kind, _, phrases = line.partition(" ")
        if kind in lists:
            lists[kind] |= {_folded(phrase) for phrase in phrases.split("|")}
    return frozenset(lists["tag"]), frozenset(lists["aside"])


def _folded(phrase: str) -> str:
    return " ".join(token.word for token in tokens(phrase))
