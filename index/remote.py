"""The way into a library whose data folder the running web app owns: loopback, with the owner's token."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.intake import Added
from ingest.cage import content_of
from ingest.errors import FileRejected, UjuziError
from ingest.reading import Found, read_sidecar

_FILE = "running.json"


@dataclass(frozen=True, slots=True)
class RunningApp:
    """Where the app listens and the token that only the owner of the data folder can read."""

    address: str
    token: str

    @classmethod
    def find(cls, data: Path) -> RunningApp | None:
        """The app that last announced itself in ``data``, if it still owns the folder and answers."""
        if not _is_owned(data):
            return None  # what answers at the address of an app that has ended may be another library's
        try:
            noted = json.loads((data / _FILE).read_text(encoding="utf-8"))
            app = cls(noted["address"], noted["token"])
        except (OSError, ValueError, KeyError):
            return None
        return app if app._answers() else None

    @contextmanager
    def announced(self, data: Path) -> Iterator[None]:
        """Leave word in ``data``, readable by its owner alone, for as long as the app runs."""
        path = data / _FILE
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"address": self.address, "token": self.token}, file)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)

    def add(self, files: list[Found], overrides: Mapping[str, object], *, draft: bool) -> Iterator[Added]:
        """Hand files over, one at a time; what became of each."""
        for file in files:
            try:
                sidecar, content = read_sidecar(file.path), content_of(file.path, file.path.name)
            except FileRejected as error:
                yield Added(file.identity, "rejected", reason=error.reason)
                continue
            described = {
                "identity": file.identity,
                "sidecar": json.dumps(sidecar, default=str),
                "overrides": json.dumps(dict(overrides), default=str),
                "draft": str(draft).lower(),
            }
            report = self.post("files", data=described, files={"file": (file.path.name, content)})
            yield Added(**{**report, "reason": report["reason"] or ""})

    def change(self, verb: str, source_id: str, how: Mapping[str, str | None]) -> dict[str, Any]:
        """Publish, withdraw or remove a source; ``how`` as the method of the library takes it."""
        given = {name: value for name, value in how.items() if value is not None}
        return self.post(verb, data={"source_id": source_id, **given})

    def post(self, door: str, **content: Any) -> dict[str, Any]:
        """What the app answers at one of its owner's doors. Raises UjuziError where it refuses."""
        import httpx

        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            response = httpx.post(f"{self.address}/library/{door}", headers=headers, timeout=600, **content)
            answer: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise UjuziError(f"The running app at {self.address} broke off ({error}). Try again.") from error
        if response.is_error:
            refusal = answer.get("message") or answer.get("detail")
            raise UjuziError(f"The running app at {self.address} refused: {refusal}")
        return answer

    def _answers(self) -> bool:
        import httpx

        try:
            return httpx.get(f"{self.address}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False


def _is_owned(data: Path) -> bool:
    if not (data / "lock").is_file():
        return False
    try:
        with FileLock(data / "lock", timeout=0):
            return False
    except Timeout:
        return True
