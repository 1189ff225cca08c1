"""A small library with the gap loop over it, and people who ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from community.gaps.calls import Calls
from community.gaps.groups import Gaps
from community.gaps.news import News
from community.gaps.questions import QuestionLog
from community.notices import Notices
from community.pages.calls import call_pages
from community.pages.feedback import feedback_pages
from community.pages.gaps import gap_pages
from community.pages.refusals import explain_refusals
from community.people import VISITOR, Person, Role
from community.records import Records
from index.library import Library
from index.scope import Reader
from ingest.cage import Cage
from ingest.reading import Document, read_document
from tests.fakes import HashEmbedder
from web.site import furnish

PALM = """# The PALM scheme

The employer pays the airfare of each worker first. Housing is arranged by the grower."""
AMINA = Person("amina1", "Amina", "amina@example.org", role=Role.MEMBER)
BAKARI = Person("bakari", "Bakari", "bakari@example.org", role=Role.CONTRIBUTOR)
SHY = Person("shyone", "Shy", "shy@example.org", role=Role.MEMBER, keeps_questions=False)
EAGER = Person("eager1", "Eager", "eager@example.org", role=Role.MEMBER, wants_news=True)
STAFF = Person("staff1", "Staff", "staff@example.org", role=Role.STAFF)
PEOPLE = {one.id: one for one in (AMINA, BAKARI, SHY, EAGER, STAFF)}


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Town:
    """The parts, as the composition root puts them together. ``answered`` is what a new source answers."""

    library: Library
    records: Records
    clock: Clock
    log: QuestionLog
    gaps: Gaps
    calls: Calls
    news: News
    notices: Notices
    answered: set[str] = field(default_factory=set)
    tested: list[tuple[str, Reader, str]] = field(default_factory=list)

    def ask(self, who: Person, question: str, *, visitor: str = "", found: bool = False, **more: Any) -> str:
        said = {"question": question, "understood": "", "found": found, "agreed": True}
        return self.log.keep(who, visitor, **{**said, "cited": [("palm", 1)] if found else [], **more})

    def publish(self, source_id: str, text: str, audience: str = "public") -> None:
        self.library.add(_document(source_id, text), audience=audience)

    def told(self, who: Person) -> list[str]:
        return [one.text for one in self.notices.of(who)]

    def client(self) -> TestClient:
        """A browser; the header x-person says who sits before it."""

        def person_of(request: Request) -> Person:
            return PEOPLE.get(request.headers.get("x-person", ""), VISITOR)

        app = FastAPI()
        app.include_router(feedback_pages(self.log, person_of))
        app.include_router(gap_pages(self.gaps, self.calls, person_of))
        app.include_router(call_pages(self.calls, self.gaps, person_of))
        furnish(app)
        explain_refusals(app, person_of)
        return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})

    def bytes_on_disk(self, *, as_they_are: bool = False) -> bytes:
        """What the database's files hold, once everything is brought into them or ``as_they_are``."""
        if not as_they_are:
            self.library.store.empty_journal()
        return b"".join(path.read_bytes() for path in sorted(self.library.folder.glob("ujuzi.db*")))


@cache
def _document(source_id: str, text: str) -> Document:
    with Cage() as cage:
        return read_document(text.encode(), "a.md", "a.md", cage=cage, overrides={"id": source_id})


@cache
def _first_day() -> Mapping[str, bytes]:
    """The files of a library that holds one document: made once, for that takes longer than most tests."""
    with TemporaryDirectory() as folder:
        with Library(Path(folder), embedder=HashEmbedder()) as library:
            library.add(_document("palm", PALM))
        files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@contextmanager
def town(folder: Path, *, days: int = 30) -> Iterator[Town]:
    """A town whose library holds one document."""
    for name, content in _first_day().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    clock = Clock()
    with Library(folder, embedder=HashEmbedder()) as library:
        records = Records(library.store)
        log = QuestionLog(records, library, days=days, clock=clock)
        gaps = Gaps(records, library, PEOPLE.get, clock=clock)
        calls = Calls(records, gaps, clock=clock)
        answered: set[str] = set()
        tested: list[tuple[str, Reader, str]] = []

        def answers(question: str, reader: Reader, source_id: str) -> bool:
            tested.append((question, reader, source_id))
            return question in answered

        news = News(records, library, answers, PEOPLE.get, clock=clock)
        yield Town(library, records, clock, log, gaps, calls, news, Notices(records), answered, tested)
