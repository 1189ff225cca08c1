"""The community's pages put together, and what stands before every page of the site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from community.community import Community
from community.pages.accounts import account_pages
from community.pages.calls import call_pages
from community.pages.contributions import contribution_pages
from community.pages.doors import owner_doors
from community.pages.feedback import feedback_pages
from community.pages.figures import figure_pages
from community.pages.gaps import citing_pages, gap_pages
from community.pages.me import own_pages
from community.pages.openid import openid_pages
from community.pages.practice_files import practice_file_pages
from community.pages.practices import practice_pages
from community.pages.refusals import explain_refusals
from community.pages.review import review_pages
from community.pages.staff import staff_pages
from community.pages.uploads import upload_pages
from community.pages.visiting import DoorsFor, PersonOf, Visiting, doors_for, person_of
from community.people import Person, Role
from web.guard import MEGABYTE, Guard
from web.viewer import Door

_UPLOADED = 1_000_000_000  # bytes of one request, whose files are measured one by one as they come in


def join(app: FastAPI, community: Community, token: str) -> None:
    """Give ``app`` the pages of ``community``, and its work the life of ``app``; ``token`` is the owner's."""
    app.state.community = community
    asked_by = person_of(community.accounts)
    for router in _routers(community, asked_by, token):
        app.include_router(router)
    explain_refusals(app, asked_by)
    doors = doors_for(community.notices, _behind_staff(community))
    app.add_middleware(Visiting, person_of=asked_by, doors=doors)
    app.add_middleware(Guard, site=community.accounts.site, larger=_larger(community.largest_file))
    _live_with(app, community)


def _routers(community: Community, asked_by: PersonOf, token: str) -> Sequence[APIRouter]:
    accounts, submissions, calls = community.accounts, community.submissions, community.calls
    openid = community.openid
    return (
        owner_doors(accounts, token),
        account_pages(accounts, asked_by, openid.label if openid else ""),
        *([openid_pages(accounts, openid)] if openid else []),
        own_pages(accounts, community.notices, asked_by),
        staff_pages(accounts, community.jobs, asked_by, _behind_staff(community)),
        practice_pages(community.practices, submissions, asked_by, calls.title_of),
        practice_file_pages(community.practices, submissions, asked_by),
        upload_pages(community.uploads, asked_by),
        contribution_pages(submissions, asked_by, accounts.names),
        review_pages(submissions, community.audit, asked_by, accounts.names, community.uploads.flags),
        feedback_pages(community.questions, asked_by),
        citing_pages(community.questions, community.library, asked_by),  # before /gaps/ID
        gap_pages(community.gaps, calls, asked_by),
        call_pages(calls, community.gaps, asked_by),
        figure_pages(community.figures, asked_by),
    )


def _behind_staff(community: Community) -> DoorsFor:
    def doors(who: Person) -> list[Door]:
        who.must_be(Role.STAFF)
        return [
            Door("review", "Review", "/review", community.submissions.count_waiting(who)),
            Door("people", "People", "/people", community.accounts.count_waiting(who)),
            Door("gaps", "Questions without answers", "/gaps"),
            Door("figures", "Figures", "/figures"),
        ]

    return doors


def _larger(file: int) -> dict[str, int]:
    """The bodies that may be larger than a form's, by path."""
    return {
        "/uploads": _UPLOADED,
        "/library/files": _UPLOADED,
        "/contributions/*/form": 3 * MEGABYTE,  # Arabic letters are sent as six signs each
        "/contributions/*/form/files": _UPLOADED,
        "/contributions/*/form/word*": file + MEGABYTE,
    }


def _live_with(app: FastAPI, community: Community) -> None:
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def both(app: FastAPI) -> AsyncIterator[None]:
        community.start()
        try:
            async with lifespan(app):
                yield
        finally:
            await asyncio.to_thread(community.stop)

    app.router.lifespan_context = both
