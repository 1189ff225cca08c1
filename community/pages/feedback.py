"""What askers say of an answer, and the page that says what is kept of questions."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from community.errors import Invalid, NotAllowed
from community.gaps.questions import LONGEST_WORDS, QuestionLog
from community.gaps.values import REASONS
from community.pages.rendering import page
from community.pages.visiting import PersonOf
from community.people import Person, Role

Text = Annotated[str, Form()]


def feedback_pages(log: QuestionLog, person_of: PersonOf) -> APIRouter:
    """/answers/RECEIPT, what is sent there, and /privacy."""
    router = APIRouter(include_in_schema=False)

    def show(who: Person, receipt: str, status: int = 200, **typed: object) -> Response:
        kept = log.own(who, receipt)
        if not (kept.found or who.may(Role.MEMBER)):
            raise NotAllowed("To be told of an answer, sign in first.")
        values: dict[str, Any] = {"errors": {}, "reason": kept.reason, "words": kept.words, **typed}
        address = f"/ask?q={quote(kept.understood)}"
        return page(
            "answer.html",
            status=status,
            kept=kept,
            receipt=receipt,
            again=address,
            days=log.keeps_for,
            reasons=tuple(REASONS.items()),
            longest=LONGEST_WORDS,
            **values,
        )

    @router.get("/answers/{receipt}")
    def said(request: Request, receipt: str) -> Response:
        return show(person_of(request), receipt)

    @router.post("/answers/{receipt}/feedback")
    def feedback(
        request: Request, receipt: str, helpful: Text = "", reason: Text = "", words: Text = ""
    ) -> Response:
        who = person_of(request)
        if helpful not in ("yes", "no"):
            raise Invalid({"helpful": "Say yes or no."})
        try:
            log.feedback(who, receipt, helpful=helpful == "yes", reason=reason, words=words)
        except Invalid as error:
            return show(who, receipt, 400, errors=error.fields, reason=reason, words=words)
        return RedirectResponse(f"/answers/{quote(receipt, safe='')}", 303)

    @router.post("/answers/{receipt}/tell")
    def tell(request: Request, receipt: str) -> Response:
        log.tell(person_of(request), receipt)
        return RedirectResponse(f"/answers/{quote(receipt, safe='')}", 303)

    @router.get("/privacy")
    def privacy(request: Request) -> Response:
        return page("privacy.html", days=log.keeps_for, who=person_of(request))

    return router
