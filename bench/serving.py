"""The real app as a process of its own: started, waited for, asked, and weighed."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.figures import ROOT
from ingest.errors import UjuziError

UJUZI = Path(sys.executable).with_name("ujuzi")
_PATIENCE = 120.0  # seconds
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Server:
    """A running app. ``started`` is the moment of its start by ``time.perf_counter``."""

    address: str
    process: subprocess.Popen[bytes]
    started: float

    def seconds_until(self, *paths: str) -> float:
        """Wait until each path has answered with 200; the seconds since the start. Raises UjuziError."""
        waiting = list(paths)
        # one client, for to make one takes the very cores that the app starts on
        with httpx.Client(base_url=self.address, timeout=_PATIENCE) as client:
            while waiting:
                if self.process.poll() is not None or time.perf_counter() > self.started + _PATIENCE:
                    raise UjuziError(f"The app at {self.address} did not answer {waiting[0]}.")
                if _answers(client, waiting[0]):
                    waiting.pop(0)
                else:
                    time.sleep(_PAUSE)
        return time.perf_counter() - self.started

    def ask_all(self, questions: list[str]) -> None:
        """Ask in the chat, each question in a new conversation, and wait for the whole answer."""
        chat = httpx.get(f"{self.address}/config", timeout=_PATIENCE).json()
        event = next(one for one in chat["dependencies"] if "submit" in dict(map(reversed, one["targets"])))
        for question in questions:
            self._ask(event, question)

    def _ask(self, event: dict[str, Any], question: str) -> None:
        """As the page in a browser does it: join the queue, then listen until the answer is complete."""
        queue, session = f"{self.address}/gradio_api/queue", secrets.token_hex(6)
        data: list[Any] = [question, None, *([] for _ in event["inputs"][2:])]
        asked = {"data": data, "fn_index": event["id"], "session_hash": session, "event_data": None}
        httpx.post(f"{queue}/join", json=asked, timeout=_PATIENCE).raise_for_status()
        listening = {"session_hash": session}
        with httpx.stream("GET", f"{queue}/data", params=listening, timeout=_PATIENCE) as stream:
            for line in stream.iter_lines():
                said = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if said.get("msg") == "process_completed":
                    if not said["success"]:
                        raise UjuziError(f"The chat did not answer {question!r}.")
                    return
        raise UjuziError(f"The chat broke off over {question!r}.")

    @property
    def resident_gb(self) -> float:
        """The memory that the process has in use, in GB of 10^9 bytes."""
        return round(1024 * resident_kilobytes(self.process.pid) / 1e9, 3)


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """`ujuzi serve` on the library in ``data``, without a language model, while the context lasts."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [str(UJUZI), "serve", "--data", str(data), "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=_plain(), stdout=subprocess.DEVNULL)
    try:
        yield Server(f"http://127.0.0.1:{port}", process, started)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def add_demonstration(data: Path) -> None:
    """Build the demonstration library in ``data``, as `make run` does."""
    command = [str(UJUZI), "add", "corpus", "--data", str(data), "--json"]
    subprocess.run(command, cwd=ROOT, env=_plain(), stdout=subprocess.DEVNULL, check=True)


def resident_kilobytes(pid: int) -> int:
    """The memory that a process has in use: none once it has ended."""
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
    listed = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(listed, capture_output=True, check=True).stdout)


def _plain() -> dict[str, str]:
    """The environment without settings of Ujuzi, and with Python's custom of keeping compiled modules."""
    unusual = ("UJUZI_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unusual)}
