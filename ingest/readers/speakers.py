"""Who speaks, where a file only writes ``Name: text``: decided by the evidence of the whole file.

One line proves nothing ("Note: this is new" looks like "Anna: this is new"), but names recur and a
transcript labels most of what is said. What is not accepted here stays in the text, and nobody is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LABEL = re.compile(
    r"(?:(?:>>+|[-–])\s*)?(?P<name>[^\s:：>–-][^:：]{0,79}?)\s?[:：](?:\s+(?P<said>.*))?$", re.DOTALL
)
_NOT_IN_NAMES = re.compile(r"[?!;\"“”«»=<>{}/\\]|\.\s+[a-z]")
_MOST_NAME_WORDS = 8
_MOSTLY = 0.5  # of what is said: then the file labels every turn, and a name may stand there once
_SOMETIMES = 0.1  # of what is said: then only changes of speaker are labelled, and names must recur
_RECURS = 3
_TURNS_PER_NAME = 1.5
_FEW = 5  # labels: too few for names to recur

# Words that open a remark, a list or the field of a form, not a turn.
_REMARK_WORDS = """
a q note notes nb n.b. ps p.s. question answer example for-example warning tip important remember summary
conclusion objective objectives result results reason first second third finally step source sources term
definition name date time place venue title subject from to cc country email e-mail phone tel fax address
website url link agenda topic contact http https update action decision
remarque exemple réponse objectif résultat objet nom pays lieu
nota exemplo pergunta resposta conclusão objetivo resultado assunto nome país data local
swali jibu kumbuka mfano tarehe jina nchi mahali
"""
_REMARKS = frozenset(_REMARK_WORDS.split())


def split_label(line: str) -> tuple[str, str] | None:
    """``("Anna", "hello")`` for "Anna: hello"; None where no name could stand before a colon."""
    match = _LABEL.match(line)
    if match is None or not _could_be_name(match["name"]):
        return None
    return match["name"], match["said"] or ""


def accepted_names(labels: Sequence[str | None]) -> frozenset[str]:
    """Which of ``labels`` are speakers. One item a cue or paragraph, None where it carries no label."""
    counts = Counter(label for label in labels if label)
    labelled = counts.total()
    if labelled >= _MOSTLY * max(1, len(labels)) and (labelled < _FEW or names_recur(counts)):
        return frozenset(counts)
    recurring = frozenset(name for name, count in counts.items() if count >= _RECURS)
    share = sum(counts[name] for name in recurring) / max(1, len(labels))
    return recurring if len(recurring) > 1 and share >= _SOMETIMES else frozenset()


def names_recur(counts: Counter[str]) -> bool:
    """Whether the names of ``counts`` stand there more than once each on average."""
    return counts.total() >= _TURNS_PER_NAME * len(counts)


def _could_be_name(name: str) -> bool:
    return (
        any(character.isalpha() for character in name)
        and len(name.split()) <= _MOST_NAME_WORDS
        and not _NOT_IN_NAMES.search(name)
        and name.casefold().replace(" ", "-") not in _REMARKS
    )
