"""How long people wait in a busy community: for pages, searches beside the queue, and what is published."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

import httpx

from bench.figures import Figures, Setting
from bench.policies import FOLDER
from bench.serving import Server
from bench.town import PASSWORD, REVIEWER, academies, questions
from bench.visits import times, visit
from community.submissions import Criterion, Verdict
from ingest.errors import UjuziError

FILES = 20
_FOLDERS = (FOLDER, "documents/iom_evaluations")  # of the evaluation data
_VISITS, _WARM_UP, _SEARCHES = 40, 3, 100
_MOST_SEARCHES = 300  # beside the queue, whose work they slow down
_LOOK_EVERY = 1.0  # seconds, as the page of uploads does by itself
_PATIENCE = 300.0  # seconds
_REVISION = "3"  # of what was begun, handed in and taken up


def waits(setting: Setting, server: Server, waiting: Sequence[str]) -> Figures:
    """The times on a running app, whose library :func:`bench.town.fill` filled; ``waiting`` as there."""
    staff = httpx.Client(base_url=server.address, timeout=_PATIENCE)
    reader = httpx.Client(base_url=server.address, timeout=_PATIENCE)
    with staff, reader:
        _order(staff, "/sign-in", {"email": REVIEWER, "password": PASSWORD})
        return {
            **_pages(staff, waiting[0]),
            **_searches(staff, reader, _files(setting)),
            **_publications(staff, reader, waiting),
        }


def _pages(staff: httpx.Client, submission_id: str) -> Figures:
    addresses = {
        "page: submissions that wait": "/review",
        "page: a submission in review": f"/review/{submission_id}",
        "page: questions without answers": "/gaps",
        "page: figures": "/figures",
    }
    for address in [*addresses.values()] * _WARM_UP:
        visit(staff, address)
    return {
        name: times([visit(staff, address).seconds for _ in range(_VISITS)])
        for name, address in addresses.items()
    }


def _files(setting: Setting) -> list[Path]:
    folders = [folder for name in _FOLDERS if (folder := setting.find(name))]
    return [path for folder in folders for path in sorted(folder.glob("*.pdf"))][:FILES]


def _searches(staff: httpx.Client, reader: httpx.Client, files: Sequence[Path]) -> Figures:
    """The search page while nothing else goes on, while files are read, and while they are stored."""
    asked = cycle(f"/search?q={quote(question)}" for question in questions())
    for address in islice(asked, _WARM_UP):
        visit(reader, address)
    alone = times([visit(reader, address).seconds for address in islice(asked, _SEARCHES)])
    if not files:
        return {"search alone": alone}
    sent = [("files", (path.name, path.read_bytes(), "application/pdf")) for path in files]
    answer = staff.post("/uploads", files=sent, headers={"accept": "application/json"})
    answer.raise_for_status()
    read = _beside(staff, reader, asked)
    for number, upload in enumerate(answer.json()["files"], start=1):
        description = {"title": f"Document {number}", "kind": "report", "decision": "both"}
        _order(staff, f"/uploads/{upload['id']}", description)
    stored = _beside(staff, reader, asked)
    return {
        "search alone": alone,
        f"search while {len(files)} PDFs are read": read,
        "search while they are stored": stored,
    }


def _beside(staff: httpx.Client, reader: httpx.Client, asked: Iterator[str]) -> Figures:
    """Search, one question after the other, while the queue has work; then wait until it has none."""
    seconds: list[float] = []
    looked = time.perf_counter()
    while True:
        if len(seconds) < _MOST_SEARCHES:
            seconds.append(visit(reader, next(asked)).seconds)
        else:
            time.sleep(_LOOK_EVERY)
        if time.perf_counter() - looked > _LOOK_EVERY:
            looked = time.perf_counter()
            if not staff.get("/uploads/list").json()["at_work"]:
                return times(seconds)


def _publications(staff: httpx.Client, reader: httpx.Client, waiting: Sequence[str]) -> Figures:
    """From the click on Publish until an answer cites it, one submission after the other."""
    verdicts = dict.fromkeys(map(str, Criterion), str(Verdict.MET))
    form = {"decision": "publish", "audience": "public", "version": "1", "revision": _REVISION, **verdicts}
    clicked, cited = [], []
    for submission_id, (_, question) in zip(waiting, academies(), strict=True):
        started = time.perf_counter()
        _order(staff, f"/review/{submission_id}/decision", form)
        clicked.append(time.perf_counter() - started)
        _wait_until_cited(reader, question, submission_id)
        cited.append(time.perf_counter() - started)
    return {"Publish, until it is done": times(clicked), "Publish, until an answer cites it": times(cited)}


def _wait_until_cited(reader: httpx.Client, question: str, submission_id: str) -> None:
    """Ask as readers do. What a submission is called in the library ends with its own id."""
    until = time.perf_counter() + _PATIENCE
    while submission_id not in visit(reader, f"/ask?keep=no&q={quote(question)}").text:
        if time.perf_counter() > until:
            raise UjuziError(f"No answer cites {submission_id} although it was published.")


def _order(staff: httpx.Client, address: str, form: dict[str, str]) -> None:
    """Send a form. UjuziError where it is not done."""
    answer = staff.post(address, data=form)
    if answer.status_code != 303:
        raise UjuziError(f"{address} was not done: the app answered {answer.status_code}.")
