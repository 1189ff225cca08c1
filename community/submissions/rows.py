"""Rows as values, and values as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping

from community.submissions.values import Comment, Decision, State, Submission
from ingest.domain import Span


def submission_of(row: RowMapping) -> Submission:
    """A row as a value."""
    submitted = row["submitted_at"]
    return Submission(
        id=row["id"],
        author_id=row["author_id"],
        form=row["form"],
        title=row["title"],
        source_id=row["source_id"],
        state=State(row["state"]),
        revision=row["revision"],
        call_id=row["call_id"],
        reviewer_id=row["reviewer_id"],
        created_at=datetime.fromisoformat(row["created_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        version=row["version"],
        submitted_at=datetime.fromisoformat(submitted) if submitted else None,
        reason=row["reason"],
    )


def row_of(submission: Submission) -> dict[str, object]:
    """A value as a row, without who changed it."""
    return {
        "id": submission.id,
        "author_id": submission.author_id,
        "form": submission.form,
        "title": submission.title,
        "source_id": submission.source_id,
        "state": submission.state.value,
        "revision": submission.revision,
        "call_id": submission.call_id,
        "reviewer_id": submission.reviewer_id,
        "created_at": submission.created_at.isoformat(),
        "changed_at": submission.changed_at.isoformat(),
        "version": submission.version,
        "submitted_at": submission.submitted_at.isoformat() if submission.submitted_at else "",
        "reason": submission.reason,
    }


def decision_of(row: RowMapping) -> Decision:
    """A row as a value."""
    return Decision(
        submission_id=row["submission_id"],
        version=row["version"],
        submitted_at=datetime.fromisoformat(row["submitted_at"]),
        decided_at=datetime.fromisoformat(row["decided_at"]),
        state=State(row["state"]),
        reviewer_id=row["reviewer_id"],
        reason=row["reason"],
    )


def comment_of(row: RowMapping) -> Comment:
    """A row as a value."""
    return Comment(
        id=row["id"],
        submission_id=row["submission_id"],
        version=row["version"],
        span=None if row["start"] is None else Span(row["start"], row["end"]),
        quote=row["quote"],
        author_id=row["author_id"],
        at=datetime.fromisoformat(row["at"]),
        text=row["text"],
        for_staff=row["for_staff"],
        answers=row["answers"],
        is_done=row["is_done"],
        is_resolved=row["is_resolved"],
    )
