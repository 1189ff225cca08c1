"""How the command line makes an administrator while the app runs: loopback only, with the owner's token."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from community.accounts.accounts import Accounts
from community.pages.accounts import Typed
from ingest.errors import UjuziError
from web.owner import owner_only


def owner_doors(accounts: Accounts, token: str) -> APIRouter:
    """The route that makes an administrator for whoever holds ``token`` on this machine."""
    router = APIRouter(prefix="/library", dependencies=[Depends(owner_only(token))], include_in_schema=False)

    @router.post("/people/administrators")
    def create(email: Typed = "", name: Typed = "", password: Typed = "") -> JSONResponse:
        try:
            return JSONResponse({"person_id": accounts.create_administrator(email, name, password)})
        except UjuziError as error:
            return JSONResponse({"message": str(error)}, status_code=409)

    return router
