"""A reader that does to its process whatever its file's name says; its content is a number."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest.builder import Reading
from ingest.errors import FileRejected


def read(content: bytes, name: str) -> Reading:
    match name:
        case "hang":
            time.sleep(60)
        case "loop":
            while True:
                pass
        case "memory":
            return Reading("x" * 10**10)
        case "memory in a reader":
            raise FileRejected(name, "Too much.") from MemoryError()
        case "crash":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "raise":
            raise KeyError(name)
        case "print":
            sys.stdout.write("noise " * 100_000)
        case "connect":
            socket.create_connection(("127.0.0.1", 9))
        case "program":
            subprocess.run(["true"], check=True)
        case "write":
            with tempfile.TemporaryFile() as file:
                file.write(content)
        case "forge":
            return _Forged(content.decode())  # type: ignore[return-value]
        case "reject":
            raise FileRejected(name, "Not this one.")
        case "environment":
            return Reading(" ".join(os.environ))
        case "process":
            return Reading(str(os.getpid()))
    return Reading(f"{name} {len(content)}")


class _Forged:
    """What a process that was taken over might send: a pickle that runs a program where it is opened."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path(self.path),)
