"""The staff's pages of what is asked in vain: the groups, one with its questions, and all as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from community.errors import Invalid
from community.gaps.calls import Calls
from community.gaps.groups import Gaps
from community.gaps.questions import QuestionLog
from community.gaps.values import BESIDE, REASONS, Group, Kept
from community.pages.rendering import page
from community.pages.visiting import PersonOf
from community.people import Person
from index.library import Library
from web.lists import bytes_of, listed
from web.rendering import secured
from web.spreadsheets import MEDIA_TYPE, csv_file

Text = Annotated[str, Form()]

_COLUMNS = (
    "group", "question", "people", "times", "countries", "languages", "since", "latest", "reasons", "state",
    "note", "document", "call",
)  # fmt: skip
_SAID = REASONS | {BESIDE: "Staff found the answer beside the point"}
_FORMS = 900  # bytes of the markup of a group in the list


def citing_pages(questions: QuestionLog, library: Library, person_of: PersonOf) -> APIRouter:
    """/gaps/citing, for the staff: which answers a document stands in, before or after it is withdrawn."""
    router = APIRouter(include_in_schema=False)

    @router.get("/gaps/citing")
    def citing(request: Request, source: str = "", number: int = 1) -> Response:
        who = person_of(request)
        cited = questions.citing(who, source)
        entry = library.entry(source, who.reader)
        shown = listed(cited, max(number, 1), _size)
        return page("citing.html", entry=entry, cited=cited, shown=shown, days=questions.keeps_for)

    return router


def gap_pages(gaps: Gaps, calls: Calls, person_of: PersonOf) -> APIRouter:
    """/gaps, /gaps.csv, /gaps/ID and what is decided there."""
    router = APIRouter(include_in_schema=False)

    def show(who: Person, group_id: str, number: int = 1, status: int = 200, **typed: object) -> Response:
        group = gaps.group(who, group_id)
        values: dict[str, Any] = {"errors": {}, "reason": "", "source": "", **typed}
        asked = listed(gaps.questions(who, group_id), number, _size)
        nearest = gaps.nearest(who, group)
        return page(
            "gap.html", status=status, group=group, asked=asked, nearest=nearest, reasons=_SAID, **values
        )

    @router.get("/gaps")
    def overview(request: Request, number: int = 1) -> Response:
        found = gaps.groups(person_of(request))
        shown = listed(found, max(number, 1), lambda group: bytes_of(group.question) + _FORMS)
        return page("gaps.html", groups=shown, total=found, reasons=_SAID)

    @router.get("/gaps.csv")
    def download(request: Request) -> Response:
        content = csv_file(_COLUMNS, _rows(gaps.groups(person_of(request))))
        headers = {
            "Content-Disposition": 'attachment; filename="ujuzi-gaps.csv"',
            "Cache-Control": "no-store",
        }
        return secured(Response(content, media_type=MEDIA_TYPE, headers=headers))

    @router.get("/gaps/uncertain")
    def uncertain(request: Request, number: int = 1) -> Response:
        shown = listed(gaps.uncertain(person_of(request)), max(number, 1), _size)
        return page("uncertain.html", shown=shown)

    @router.post("/gaps/uncertain/{question_id}")
    def take(request: Request, question_id: int) -> Response:
        gaps.take(person_of(request), question_id)
        return RedirectResponse("/gaps/uncertain", 303)

    @router.get("/gaps/{group_id}")
    def one(request: Request, group_id: str, number: int = 1) -> Response:
        return show(person_of(request), group_id, max(number, 1))

    @router.post("/gaps/{group_id}/call")
    def draft(request: Request, group_id: str) -> Response:
        call = calls.draft(person_of(request), group_id)
        return RedirectResponse(f"/calls/{call.id}/edit", 303)

    @router.post("/gaps/{group_id}/answered")
    def answered(request: Request, group_id: str, source: Text = "") -> Response:
        who = person_of(request)
        try:
            gaps.answered_by(who, group_id, source)
        except Invalid as error:
            return show(who, group_id, status=400, errors=error.fields, source=source)
        return RedirectResponse(f"/gaps/{group_id}", 303)

    @router.post("/gaps/{group_id}/aside")
    def aside(request: Request, group_id: str, reason: Text = "") -> Response:
        who = person_of(request)
        try:
            gaps.set_aside(who, group_id, reason)
        except Invalid as error:
            return show(who, group_id, status=400, errors=error.fields, reason=reason)
        return RedirectResponse("/gaps", 303)

    @router.post("/gaps/{group_id}/open")
    def reopen(request: Request, group_id: str) -> Response:
        gaps.reopen(person_of(request), group_id)
        return RedirectResponse(f"/gaps/{group_id}", 303)

    return router


def _size(kept: Kept) -> int:
    return bytes_of(kept.question + kept.words) + (
        0 if kept.understood == kept.question else bytes_of(kept.understood)
    )


def _rows(groups: list[Group]) -> Iterator[tuple[object, ...]]:
    for one in groups:
        yield (
            one.id, one.question, one.people, one.times, _counted(one.countries), ", ".join(one.languages),
            one.since.date().isoformat(), one.latest.date().isoformat(), _counted(one.reasons),
            str(one.state), one.note, one.source_id, one.call_id,
        )  # fmt: skip


def _counted(pairs: tuple[tuple[str, int], ...]) -> str:
    return "; ".join(f"{value} ({people})" for value, people in pairs)
