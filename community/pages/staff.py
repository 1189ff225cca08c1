"""The staff's own page, with what waits for them, and their page about people."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from community.accounts.accounts import Accounts
from community.accounts.rows import Member
from community.errors import Invalid
from community.jobs import Jobs
from community.pages.accounts import Typed
from community.pages.rendering import page
from community.pages.visiting import DoorsFor, PersonOf, unkept
from community.people import Person, Role
from web.addresses import query_string
from web.lists import bytes_of, listed

_FOUND = 500  # accounts that a search shows; with more, another word is needed
_DIGITS = 4  # of the number of a page
_MARKUP = 900  # bytes of the forms of one account


def staff_pages(accounts: Accounts, jobs: Jobs, person_of: PersonOf, behind_staff: DoorsFor) -> APIRouter:
    """The routes ``/staff`` and ``/people``. ``behind_staff``: the doors that the staff's page offers."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff")
    def staff(request: Request) -> Response:
        who = person_of(request)
        who.must_be(Role.STAFF)
        return unkept(page("staff.html", doors=behind_staff(who), failed=jobs.failed(who)))

    @router.post("/staff/jobs/{job_id}/again")
    def again(request: Request, job_id: str) -> Response:
        jobs.try_again(person_of(request), int(job_id) if job_id.isdecimal() and len(job_id) < 16 else 0)
        return RedirectResponse("/staff", 303)

    @router.get("/people")
    def people(request: Request, q: str = "", number: str = "") -> Response:
        who = person_of(request)
        waiting = accounts.waiting(who)
        found = accounts.people(who, q, _FOUND)
        shown = page(
            "people.html",
            who=who,
            q=q,
            waiting=waiting[:_DECIDED_AT_ONCE],
            more_waiting=max(0, len(waiting) - _DECIDED_AT_ONCE),
            found=listed(found, _page(number), _size),
            most=_FOUND,
            cut=len(found) == _FOUND,
            gives_roles=who.may(Role.ADMINISTRATOR),
            roles=[role for role in Role if role != Role.VISITOR],
            offered=_offered(who),
            more=lambda page: "/people?" + query_string([("q", q), ("number", str(page))]),
        )
        return unkept(shown)

    def decision(decide: Callable[[Person, str], None]) -> Callable[[Request, str], Response]:
        def decided(request: Request, person_id: str) -> Response:
            decide(person_of(request), person_id)
            return RedirectResponse("/people", 303)

        return decided

    router.post("/people/{person_id}/refuse")(decision(accounts.refuse))
    router.post("/people/{person_id}/close")(decision(accounts.close))

    @router.post("/people/{person_id}/approve")
    def approve(request: Request, person_id: str, role: Typed = "") -> Response:
        accounts.approve(person_of(request), person_id, _role(role))
        return RedirectResponse("/people", 303)

    @router.post("/people/{person_id}/role")
    def give_role(request: Request, person_id: str, role: Typed = "") -> Response:
        accounts.give_role(person_of(request), person_id, _role(role))
        return RedirectResponse("/people", 303)

    return router


_DECIDED_AT_ONCE = 10  # who waits longest is shown; the others follow as they are decided


def _offered(who: Person) -> list[Role]:
    """As what ``who`` may let somebody in."""
    if who.may(Role.ADMINISTRATOR):
        return [role for role in Role if role != Role.VISITOR]
    return [Role.MEMBER, Role.CONTRIBUTOR]


def _role(typed: str) -> Role:
    try:
        return Role(typed)
    except ValueError:
        raise Invalid({"role": "There is no such role. Choose one from the list."}) from None


def _page(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < _DIGITS else 1


def _size(one: Member) -> int:
    return _MARKUP + bytes_of(one.person.name + one.person.email + one.person.organisation)
