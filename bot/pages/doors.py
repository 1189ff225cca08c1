"""How the command line hands files to the running app: loopback only, with the token of the data's owner."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from index.contract import added_json
from index.intake import Added
from index.library import Library
from ingest.cage import Cage
from ingest.errors import FileRejected, UjuziError
from ingest.reading import read_document
from web.owner import owner_only


def doors(library: Library, token: str) -> APIRouter:
    """The routes ``/library/...`` that change ``library`` for whoever holds ``token`` on this machine."""
    router = APIRouter(prefix="/library", dependencies=[Depends(owner_only(token))], include_in_schema=False)
    one_at_a_time = threading.Lock()

    @router.post("/files")
    async def add(request: Request) -> dict[str, Any]:
        # parameters would be read, and fill the disk, before it is known who sends them
        async with request.form(max_files=1) as form:
            return await run_in_threadpool(added, form)

    def added(form: FormData) -> dict[str, Any]:
        file, identity = form.get("file"), str(form.get("identity", ""))
        if not isinstance(file, UploadFile) or not identity:
            raise HTTPException(422, "Send a file, and by which name it is known.")
        sidecar, overrides = str(form.get("sidecar", "null")), str(form.get("overrides", "{}"))
        draft = form.get("draft") == "true"
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
    def change(
        verb: str,
        source_id: Annotated[str, Form()],
        audience: Annotated[str, Form()] = "",
        tier: Annotated[str | None, Form()] = None,
        reason: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        verbs: dict[str, Callable[[], object]] = {
            "publish": lambda: library.publish(source_id, audience=audience, tier=tier),
            "withdraw": lambda: library.withdraw(source_id, reason=reason),
            "remove": lambda: library.remove(source_id),
        }
        if verb not in verbs:
            raise HTTPException(404, "There is no such command.")
        try:
            verbs[verb]()
        except UjuziError as error:
            return JSONResponse({"message": str(error)}, status_code=409)
        return JSONResponse({"source_id": source_id})

    return router
