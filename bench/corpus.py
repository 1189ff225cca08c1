"""The labelled questions about the demonstration library: is the right passage found, is the answer right?"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import ROOT, Figures, Setting, Target, at, shown, table
from bench.serving import add_demonstration
from bot.answer import Answer
from bot.assistant import Assistant
from bot.narrowing import narrowing
from index.hits import Hit
from index.library import Library
from index.scope import PUBLIC
from ingest.domain import Span

TITLE = "The demonstration library"
HOW = (
    "`corpus/questions.jsonl` asked of the demonstration library. Found: one of the first five passages "
    "overlaps a labelled quote, searched as the assistant does, limited to the country, scheme or session "
    "that the question names; everywhere: without that. Cited: a citation of the answer overlaps one. "
    "Follow-ups are asked after the question before them."
)
DEPTH = 5
_SHOWN = 100  # characters of what came first

Row = Mapping[str, Any]  # a line of questions.jsonl
Places = Sequence[tuple[str, Span]]  # source id and span of each labelled quote


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question."""

    row: Row
    is_found: bool
    is_found_widely: bool
    is_answered: bool
    is_cited: bool
    first: str

    @property
    def is_gap(self) -> bool:
        """Whether the library itself says that this is not known: quoting that is honest."""
        return str(self.row.get("note", "")).startswith("Known gap")


def read_questions() -> list[dict[str, Any]]:
    """The labelled questions."""
    text = (ROOT / "corpus" / "questions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def measure(setting: Setting) -> Figures:  # noqa: ARG001  (the demonstration library is all it needs)
    """The shares by group, and everything that went wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        add_demonstration(Path(scratch) / "data")
        with Library(Path(scratch) / "data") as library:
            return summary(ask_all(library, read_questions()))


def ask_all(library: Library, rows: Iterable[Row]) -> list[Asked]:
    """Search for and ask each question."""
    assistant = Assistant(library)
    return [_ask(library, assistant, row) for row in rows]


def _ask(library: Library, assistant: Assistant, row: Row) -> Asked:
    places = labelled_places(library, row)
    conversation = assistant.conversation_after([row["previous"]] if row["previous"] else [])
    understood = assistant.stand_alone(row["question"], conversation)
    named = narrowing(understood, library, PUBLIC)
    wide = library.search(understood, top=DEPTH)
    hits = library.search(named.remainder or understood, named.scope, top=DEPTH) if named else wide
    answer = assistant.answer(row["question"], conversation=conversation)
    return Asked(
        row=row,
        is_found=_holds(places, hits),
        is_found_widely=_holds(places, wide),
        is_answered=answer.found,
        is_cited=any(_overlaps(places, one.source.id, one.span) for one in answer.citations),
        first=_first_hit(hits) if row["answers"] else _first_said(answer),
    )


def labelled_places(library: Library, row: Row) -> Places:
    """Where the labelled quotes of a question stand; white space may differ from the stored text's."""
    places = []
    for label in row["answers"]:
        pattern = r"\s+".join(map(re.escape, label["quote"].split()))
        _, version = library.read(label["source"])
        places += [(label["source"], Span(*found.span())) for found in re.finditer(pattern, version.text)]
    return places


def _holds(places: Places, hits: Sequence[Hit]) -> bool:
    return any(_overlaps(places, hit.passage.source_id, hit.passage.span) for hit in hits)


def _overlaps(places: Places, source_id: str, span: Span) -> bool:
    return any(
        source == source_id and one.start < span.end and span.start < one.end for source, one in places
    )


def _first_hit(hits: Sequence[Hit]) -> str:
    return _line(hits[0].source.id, str(hits[0].place), hits[0].passage.text) if hits else "nothing"


def _first_said(answer: Answer) -> str:
    if not answer.citations:
        return ""
    first = answer.citations[0]
    return _line(first.source.id, str(first.place), first.quote)


def _line(source_id: str, place: str, text: str) -> str:
    words = " ".join(text.split())
    cut = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()} ..."
    return f"{source_id}{f', {place}' if place else ''}: {cut}"


def summary(asked: Sequence[Asked]) -> dict[str, Any]:
    """The figures over ``asked``: shares by group, abstention, and the questions that went wrong."""
    answerable = [one for one in asked if one.row["answers"]]
    nothing = [one for one in asked if not one.row["answers"] and not one.is_gap]
    gaps = [one for one in asked if one.is_gap]
    return {
        "groups": {name: _shares(own) for name, own in _groups(answerable).items()},
        "unanswerable": _abstention(nothing),
        "known_gaps": _abstention(gaps),
        "not_found": [_miss(one) for one in answerable if not one.is_found],
        "not_answered": [one.row["id"] for one in answerable if not one.is_answered],
        "answered_without_a_labelled_place": [
            one.row["id"] for one in answerable if one.is_answered and not one.is_cited
        ],
        "wrongly_answered": [_miss(one) for one in nothing if one.is_answered],
        "gaps_answered": [_miss(one) for one in gaps if one.is_answered],
    }


def _groups(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """All questions, then by who worded them, by language and by kind."""
    ways: list[Callable[[Asked], str]] = [
        lambda _: "all",
        lambda one: "worded by us (c)" if one.row["id"].startswith("c") else "wording given (m, s, w)",
        lambda one: f"language: {one.row['language']}",
        lambda one: f"kind: {one.row['kind']}",
    ]
    groups: dict[str, list[Asked]] = {}
    for way in ways:
        for one in sorted(asked, key=way):
            groups.setdefault(way(one), []).append(one)
    return groups


def _shares(asked: Sequence[Asked]) -> dict[str, float]:
    return {
        "questions": len(asked),
        "recall@5": _share([one.is_found for one in asked]),
        "recall@5_everywhere": _share([one.is_found_widely for one in asked]),
        "answered": _share([one.is_answered for one in asked]),
        "cited": _share([one.is_cited for one in asked]),
    }


def _abstention(asked: Sequence[Asked]) -> dict[str, float]:
    return {"questions": len(asked), "abstention": _share([not one.is_answered for one in asked])}


def _share(verdicts: Sequence[bool]) -> float:
    return round(sum(verdicts) / len(verdicts), 4) if verdicts else 0.0


def _miss(one: Asked) -> dict[str, str]:
    return {"id": one.row["id"], "question": one.row["question"], "first": one.first}


def targets(figures: Figures) -> list[Target]:
    """The one target of the issue."""
    recall = at(figures, "groups", "all", "recall@5")
    return [Target("Right passage among the first five, corpus questions", recall, 0.95)]


def section(figures: Figures) -> list[str]:
    """The shares by group, then what happens where nothing answers."""
    head = ["answerable questions", "questions", "recall@5", "everywhere", "answered", "false abstention"]
    rows = [(name, *_figures(own)) for name, own in (at(figures, "groups") or {}).items()]
    kinds = {"nothing answers": "unanswerable", "the library says that it is not known": "known_gaps"}
    refused = [
        (name, shown(at(figures, kind, "questions"), 0), shown(at(figures, kind, "abstention")))
        for name, kind in kinds.items()
    ]
    other = ["other questions", "questions", "abstention"]
    return [*table([*head, "place cited"], rows), "", *table(other, refused)]


def _figures(own: Figures) -> list[str]:
    found = [own["recall@5"], own["recall@5_everywhere"]]
    shares = [*found, own["answered"], 1 - own["answered"], own["cited"]]
    return [shown(own["questions"], 0), *map(shown, shares)]


def appendix(figures: Figures) -> list[str]:
    """The questions that went wrong, each with what came first."""
    lists = {
        "Right passage not among the first five": at(figures, "not_found"),
        "Answered though nothing answers": at(figures, "wrongly_answered"),
        "Answered where the library says that it is not known": at(figures, "gaps_answered"),
    }
    lines = []
    for title, misses in lists.items():
        items = [f"- **{one['id']}** {one['question']} *{one['first']}*" for one in misses or ()]
        lines += [f"### {title}: {len(items)}", "", *items, *([""] if items else [])]
    names = {
        "Answerable, not answered": at(figures, "not_answered"),
        "Answered without a labelled place": at(figures, "answered_without_a_labelled_place"),
    }
    for title, ids in names.items():
        lines += [f"### {title}: {len(ids or ())}", "", *([", ".join(ids), ""] if ids else [])]
    return lines
