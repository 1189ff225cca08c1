"""Whoever waits for an answer is told that there is one, once for each question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from sqlalchemy import Connection, RowMapping, update

from community import notices
from community.gaps.tables import questions
from community.people import Person
from index.library import Library
from index.scope import Reader
from ingest.domain import Source

PersonById = Callable[[str], Person | None]  # who that is today; None where there is nobody

_SHOWN = 200  # characters of a question in a notice


def tell_askers(
    connection: Connection,
    asked: Sequence[RowMapping],
    source: Source,
    library: Library,
    person_of: PersonById,
) -> int:
    """Tell who asked these and wants to know, in the transaction in which it is found out; how many notices.

    To whoever waits and may not read ``source`` it is no answer: their question stays as it is.
    """
    told: set[tuple[str, str]] = set()
    answered: list[int] = []
    for row in asked:
        waiting = None if row["answered_by"] else _who_waits(row, person_of)
        if waiting and not is_readable(library, source.id, waiting.reader):
            continue
        answered.append(row["id"])
        if waiting and (waiting.id, row["understood"]) not in told:
            told.add((waiting.id, row["understood"]))
            notices.tell(
                connection, waiting.id, _text(row["question"], source.title), _address(row["understood"])
            )
    for start in range(0, len(answered), 500):
        some = questions.c.id.in_(answered[start : start + 500]) & (questions.c.answered_by == "")
        connection.execute(update(questions).where(some).values(answered_by=source.id))
    return len(told)


def take_back(
    connection: Connection, asked: Sequence[RowMapping], source_id: str, person_of: PersonById
) -> None:
    """``source_id`` does not answer these after all. Whoever waited was told, and hears no second time."""
    ids = [row["id"] for row in asked if row["answered_by"] == source_id and not _who_waits(row, person_of)]
    for start in range(0, len(ids), 500):
        some = questions.c.id.in_(ids[start : start + 500])
        connection.execute(update(questions).where(some).values(answered_by=""))


def _text(question: str, title: str) -> str:
    shown = question if len(question) <= _SHOWN else f"{question[:_SHOWN].rstrip()} …"
    return f"The library now answers what you asked: “{shown}” See “{title}”."


def _address(question: str) -> str:
    return f"/ask?q={quote(question)}"


def is_readable(library: Library, source_id: str, reader: Reader) -> bool:
    """Whether a source is published and ``reader`` may read it."""
    return any(source.id == source_id for source in library.sources(reader))


def _who_waits(row: RowMapping, person_of: PersonById) -> Person | None:
    """Who asked to be told of this question, or wants to be told of all; None where nobody does."""
    if row["person_id"]:
        return person_of(row["person_id"])
    person = None if row["asker"].startswith("~") else person_of(row["asker"])
    return person if person and person.wants_news else None
