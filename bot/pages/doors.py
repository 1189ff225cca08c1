"""How the command line hands files to the running app: loopback only, with the token of the data's owner."""

from __future__ import annotations

import hmac
import ipaddress
import json
import threading
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.contract import added_json
from index.intake import Added
from index.library import Library
from ingest.cage import Cage
from ingest.errors import FileRejected, UjuziError
from ingest.reading import read_document


def doors(library: Library, token: str) -> APIRouter:
    """The routes ``/library/...`` that change ``library`` for whoever holds ``token`` on this machine."""

    def authorised(request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
        if not here or not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403, "Only the owner of the library may do this.")

    router = APIRouter(prefix="/library", dependencies=[Depends(authorised)], include_in_schema=False)
    one_at_a_time = threading.Lock()

    @router.post("/files")
    def add(
        file: UploadFile,
        identity: Annotated[str, Form()],
        sidecar: Annotated[str, Form()] = "null",
        overrides: Annotated[str, Form()] = "{}",
        draft: Annotated[bool, Form()] = False,
    ) -> dict[str, Any]:
        name = file.filename or identity
        try:
            with one_at_a_time, Cage() as cage:
                document = read_document(
                    file.file.read(),
                    name,
                    identity,
                    cage=cage,
                    sidecar=json.loads(sidecar),
                    overrides=json.loads(overrides),
                )
                report = library.add(document, draft=draft)
        except FileRejected as error:
            return added_json(Added(identity, "rejected", reason=error.reason))
        return {**added_json(report), "path": identity}

    @router.post("/{verb}")
    def change(verb: str, source_id: Annotated[str, Form()]) -> JSONResponse:
        verbs: dict[str, Callable[[str], object]] = {
            "publish": library.publish,
            "withdraw": library.withdraw,
            "remove": library.remove,
        }
        if verb not in verbs:
            raise HTTPException(404, "There is no such command.")
        try:
            verbs[verb](source_id)
        except UjuziError as error:
            return JSONResponse({"message": str(error)}, status_code=409)
        return JSONResponse({"source_id": source_id})

    return router
