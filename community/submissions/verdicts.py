"""The verdicts of reviewers, written and read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from community.audit import record
from community.errors import Invalid
from community.people import Person
from community.submissions import tables
from community.submissions.values import Criterion, Judgement, Judgements, Review, Submission, Verdict
from community.submissions.wording import too_long
from ingest.text import clean

_rows = tables.verdicts.c


def kept(judgements: Judgements) -> Judgements:
    """Verdicts with their remarks cleaned. Raises Invalid where one is too long, under its criterion."""
    cleaned = {criterion: Judgement(one.verdict, clean(one.remark)) for criterion, one in judgements.items()}
    wrong = {criterion.value: too_long(one.remark) for criterion, one in cleaned.items()}
    if any(wrong.values()):
        raise Invalid({name: words for name, words in wrong.items() if words})
    return cleaned


def keep(
    connection: Connection, who: Person, submission: Submission, judgements: Judgements, at: datetime
) -> None:
    """Write how ``who`` judges the current version, in the place of how they judged it before."""
    own = {"submission_id": submission.id, "version": submission.version, "reviewer_id": who.id}
    before = [_rows[name] == value for name, value in own.items()]
    connection.execute(delete(tables.verdicts).where(*before))
    rows = [
        {
            **own,
            "criterion": criterion.value,
            "verdict": one.verdict.value,
            "remark": one.remark,
            "at": at.isoformat(),
        }
        for criterion, one in judgements.items()
    ]
    if rows:
        connection.execute(insert(tables.verdicts), rows)
    said = {criterion.value: one.verdict.value for criterion, one in judgements.items()}
    record(connection, who, "judge", f"submission:{submission.id}", {**said, "version": str(own["version"])})


def reviews_of(connection: Connection, submission: Submission) -> list[Review]:
    """How each reviewer judged each version, the oldest first."""
    query = select(tables.verdicts).where(_rows.submission_id == submission.id).order_by(_rows.at)
    found: dict[tuple[int, str, str], dict[Criterion, Judgement]] = defaultdict(dict)
    for row in connection.execute(query).mappings():
        key = (row["version"], row["at"], row["reviewer_id"])
        found[key][Criterion(row["criterion"])] = Judgement(Verdict(row["verdict"]), row["remark"])
    return [
        Review(reviewer_id, version, datetime.fromisoformat(at), _in_order(judgements))
        for (version, at, reviewer_id), judgements in found.items()
    ]


def _in_order(judgements: Judgements) -> Judgements:
    return {criterion: judgements[criterion] for criterion in Criterion if criterion in judgements}
