"""One submission as a reviewer reads and decides it: what they typed, and the page on which it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from community.audit import Audit
from community.errors import Conflict, Invalid
from community.pages.contributions import Names
from community.pages.rendering import page
from community.pages.review_views import (
    STATE_LOOKS,
    STATE_WORDS,
    Part,
    changes_address,
    deed_words,
    part_of,
    people_in,
    steps,
)
from community.people import Person
from community.submissions import Criterion, Judgement, State, Submission, Submissions, Verdict
from community.submissions.wording import ago
from ingest.errors import UjuziError

QUESTIONS: Mapping[Criterion, str] = {
    Criterion.RELEVANCE: "Is it about skills and labour migration, and of use to members?",
    Criterion.EVIDENCE: "Does it say how it is known, with figures or sources?",
    Criterion.REPLICABILITY: "Could somebody elsewhere do it after reading this?",
    Criterion.SUSTAINABILITY: "Can it last when the project money ends?",
    Criterion.CONSENT: "Did the people and organisations in it agree to be named?",
}
Flags = Callable[[Person, str], list[str]]  # what a reviewer should look at in a submission, by its id

_NOTHING: Mapping[Criterion, Judgement] = {criterion: Judgement() for criterion in Criterion}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer typed or asked to see; numbers are 0 where there is none.

    ``comment`` is the passage that they comment on, at ``start`` to ``end`` of the text; ``passage`` the one
    that they look at.
    """

    part: int = 0
    passage: int = 0
    comment: int = 0
    start: int = 0
    end: int = 0
    text: str = ""
    for_staff: bool = False
    replied: int = 0
    version: int = 0
    revision: int = 0
    decision: str = ""
    reason: str = ""
    audience: str = ""
    judgements: Mapping[Criterion, Judgement] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """All that they wrote, to be given back where its form is no longer there."""
        remarks = [f"{criterion}: {one.remark}" for criterion, one in self.judgements.items() if one.remark]
        return [words for words in (self.text, self.reason, *remarks) if words]


def asked_in(request: Request) -> Typed:
    """What an address asks to see; ``from`` and ``to`` are words of the passage that is commented on."""
    asked = request.query_params
    return Typed(
        part=_number(asked.get("part")),
        passage=_number(asked.get("passage")),
        comment=_number(asked.get("comment")),
        start=_number(asked.get("from")),
        end=_number(asked.get("to")),
    )


async def typed_in(request: Request) -> Typed:
    """What stands in the form of the checklist and the decision."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return Typed(
        part=_number(form.get("part")),
        version=_number(form.get("version")),
        revision=_number(form.get("revision")),
        decision=form.get("decision", ""),
        reason=form.get("reason", ""),
        audience=form.get("audience", ""),
        judgements={one: _judgement(one, form) for one in Criterion},
    )


def no_flags(_who: Person, _submission_id: str) -> list[str]:
    """There is nothing in particular to look at."""
    return []


class Desk:
    """The page of one submission, for those who review it."""

    def __init__(
        self,
        submissions: Submissions,
        audit: Audit,
        names: Names,
        flags: Flags,
    ) -> None:
        self._submissions = submissions
        self._audit = audit
        self._names = names
        self._flags = flags

    def decide(self, who: Person, submission_id: str, typed: Typed) -> None:
        """Do what the button says that was pressed."""
        reviews = self._submissions.reviews
        if typed.decision == "publish":
            reviews.publish(who, submission_id, typed.revision, typed.audience)
        elif typed.decision in ("ask", "decline"):
            decide = reviews.ask_changes if typed.decision == "ask" else reviews.decline
            decide(who, submission_id, typed.revision, typed.reason)
        elif typed.decision != "save":
            raise Invalid({"decision": "Save the checklist, ask for changes, decline, or publish."})

    def show(
        self, who: Person, submission_id: str, typed: Typed, error: UjuziError | None = None
    ) -> Response:
        """The page, with what was typed and what was wrong with it."""
        one = self._submissions.get(who, submission_id)
        if one.state == State.DRAFT:  # their own
            return RedirectResponse(f"/contributions/{one.id}", 303)
        read = self._submissions.read(who, one.id)
        talks = self._submissions.comments.of(who, one.id)
        part = part_of(read[0], talks, typed.part, typed.comment or typed.passage)
        errors = error.fields if isinstance(error, Invalid) else {}
        return page(
            "review_one.html",
            status=409 if isinstance(error, Conflict) else 400 if error else 200,
            one=one,
            who=who,
            acts=self._submissions.acts(who, one.id),
            steps=steps(one),
            main=read[0].entry,
            attached=[other.entry for other in read[1:]],
            flags=self._flags(who, one.id),
            part=part,
            talks=talks,
            typed=typed,
            chosen=_chosen(part, typed),
            errors=errors,
            message=str(error) if isinstance(error, Conflict) else "",
            kept=typed.words,
            questions=QUESTIONS,
            state=STATE_WORDS[one.state],
            look=STATE_LOOKS.get(one.state, ""),
            ago=lambda then: ago(then, self._submissions.clock()),
            deed_words=deed_words,
            **self._judged(who, one, typed),
            **self._past(who, one, talks_people=people_in([one], talks)),
        )

    def _judged(self, who: Person, one: Submission, typed: Typed) -> dict[str, Any]:
        """The verdicts: those of others, and one's own as they stand in the form."""
        reviews = self._submissions.reviews.of(who, one.id)
        current = [review for review in reviews if review.version == one.version]
        own = next((review.judgements for review in current if review.reviewer_id == who.id), {})
        return {
            "reviews": [review for review in current if review.reviewer_id != who.id],
            "judgements": {**_NOTHING, **own, **typed.judgements},
        }

    def _past(self, who: Person, one: Submission, talks_people: set[str]) -> dict[str, Any]:
        """What happened so far, and what changed since somebody decided last."""
        decided = self._submissions.reviews.decided(who, one.id)
        deeds = self._audit.of(who, f"submission:{one.id}")
        reviewers = {review.reviewer_id for review in self._submissions.reviews.of(who, one.id)}
        read_last = max((by.version for by in decided if by.version < one.version), default=0)
        address = changes_address(one.source_id, read_last, one.version) if read_last else ""
        return {
            "history": deeds[::-1],
            "read_last": read_last,
            "changes": address,
            "names": self._names(talks_people | reviewers | {deed.person_id for deed in deeds}),
        }


def _chosen(part: Part, typed: Typed) -> str:
    """The very words that are to be commented on, where some were selected; else none."""
    for shown in part.shown:
        if shown.passage.number == typed.comment:
            span = shown.passage.span
            if span.start <= typed.start < typed.end <= span.end:
                return shown.passage.text[typed.start - span.start : typed.end - span.start]
    return ""


def _judgement(criterion: Criterion, form: Mapping[str, str]) -> Judgement:
    given = form.get(criterion.value, "")
    verdict = Verdict(given) if given in set(Verdict) else Verdict.NOT_JUDGED
    return Judgement(verdict, form.get(f"{criterion.value}-remark", ""))


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else 0
