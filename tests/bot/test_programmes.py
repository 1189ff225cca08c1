"""What is asked of a programme is answered out of the document that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.assistant import Assistant
from index.library import Library
from ingest.cage import Cage
from ingest.reading import read_document
from tests.bot.checking import Make, check

NOTE = """# Concept note: paper for skills

Whoever has learnt a trade at work seldom has a paper that says so. This note proposes a webinar on it.

## Programme

Date: 5 March 2025

Time: 12:00 - 13:00 EAT

| Session | Duration | Focus area | Speakers |
|---|---|---|---|
| Session 1 | 10 mins | Opening remarks | Moderator 1 |
| Session 2 | 25 mins | Certificates for bricklayers | Speaker 1: Amina Wekesa - Port School |
| Session 3 | 15 mins | Fees of examinations | Speaker 2: Jonas Adjei - Board of Examiners |
| Session 4 | 10 mins | Closing remarks | Moderator 2 |
"""


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def asked(library: Library, question: str) -> Answer:
    answer = Assistant(library).answer(question)
    check(answer, library)
    return answer


def test_which_session_covers_palm(shared: Callable[[str], Path], make: Make, cage: Cage) -> None:
    """The library holds nothing but the founding concept note."""
    path = shared("documents/000_647807b3ffb490c9.txt")
    library = make(read_document(path.read_bytes(), path.name, path.name, cage=cage))
    answer = asked(library, "Which session covers PALM?")
    assert answer.found
    first = answer.citations[0].quote
    assert first.startswith("Session 2 | Moderator 2 - Panel Discussion")
    assert "Pacific Australia Labour Mobility (PALM) Scheme" in first
    assert [event.title for event in library.events()] == ["Skills Partnerships on Labour Migration"]


def test_a_session_is_named_by_what_it_covers(make: Make, cage: Cage) -> None:
    library = make(read_document(NOTE.encode(), "note.md", "note.md", cage=cage))
    (event,) = library.events()
    assert event.id == "2025-03-05-concept-note-paper-for-skills"
    assert [session.minutes for session in event.sessions] == [10, 25, 15, 10]
    answer = asked(library, "Which session covers the fees of examinations?")
    assert answer.found
    assert "Session 3 | 15 mins | Fees of examinations" in answer.citations[0].quote
