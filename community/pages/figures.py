"""The staff's page of figures, and each of them as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from community.figures.charts import Chart, bars
from community.figures.figures import Figures, Report
from community.pages.rendering import page
from community.people import Person
from ingest.domain import THEMES
from ingest.errors import NotFound
from web.rendering import secured
from web.spreadsheets import MEDIA_TYPE, csv_file
from web.words import written

_PERIODS = ((30, "30 days"), (90, "90 days"), (365, "A year"))
_MOST_BARS = 60
_MOST_COUNTRIES = 40  # in the page; the table has all

Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def figure_pages(figures: Figures, person_of: Callable[[Request], Person]) -> APIRouter:
    """The routes ``/figures`` and ``/figures/NAME.csv``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/figures")
    def show(request: Request) -> Response:
        period = _period(request)
        report = figures.report(person_of(request), period)
        return page(
            "figures.html",
            report=report,
            period=period,
            periods=_PERIODS,
            themes=THEMES,
            shown=_MOST_COUNTRIES,
            questions=_questions_chart(report),
            reviews=bars(
                [month for month, _, _ in report.times.by_month],
                [[("answered", days)] for _, days, _ in report.times.by_month],
            ),
        )

    @router.get("/figures/{name}.csv")
    def download(request: Request, name: str) -> Response:
        report = figures.report(person_of(request), _period(request))
        if name not in _TABLES:
            raise NotFound("There is no table of that name.")
        file_name = f"ujuzi-{name}-{report.until.isoformat()}.csv"
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "private, no-cache",
        }
        return secured(Response(csv_file(*_TABLES[name](report)), media_type=MEDIA_TYPE, headers=headers))

    return router


def _period(request: Request) -> int:
    asked = request.query_params.get("days", "")
    return next((days for days, _ in _PERIODS if str(days) == asked), _PERIODS[0][0])


def _questions_chart(report: Report) -> Chart:
    """A bar a day; of a long time, a bar for several days."""
    together = -(-len(report.days) // _MOST_BARS)
    groups = [report.days[at : at + together] for at in range(0, len(report.days), together)]
    counts = []
    for group in groups:
        answered = sum(day.answered for day in group)
        counts.append([("answered", answered), ("missed", sum(day.asked for day in group) - answered)])
    return bars([written(group[0].day) for group in groups], counts)


def _questions_table(report: Report) -> Table:
    rows = ((day.day, day.asked, day.answered, day.helpful, day.unhelpful) for day in report.days)
    return ("Day", "Questions", "Answered", "Marked helpful", "Marked not helpful"), rows


def _documents_table(report: Report) -> Table:
    uses = [(use.source, use.answers) for use in report.used]
    unused = [(source, 0) for source in report.never_used]
    columns = ("Title", "Id", "Kind", "Answers that cite it")
    return columns, ((one.title, one.id, one.kind, count) for one, count in [*uses, *unused])


def _coverage_table(report: Report) -> Table:
    rows = ((row.country, *row.themes, row.documents, row.asked) for row in report.coverage.rows)
    return ("Country", *THEMES, "Documents", "People who asked in vain"), rows


def _reviews_table(report: Report) -> Table:
    columns = ("Submitted", "Decided", "Decision", "Days")
    rows = (
        (one.submitted_at.isoformat(), one.decided_at.isoformat(), one.decision, round(one.days, 2))
        for one in report.rounds
    )
    return columns, rows


_TABLES: Mapping[str, Callable[[Report], Table]] = {
    "questions": _questions_table,
    "documents": _documents_table,
    "coverage": _coverage_table,
    "reviews": _reviews_table,
}
