"""The child process in which files are read; its parent is :class:`ingest.cage.Cage`.

It takes requests on standard input and answers on standard output, one after the other: name and content
in, a pickled Reading or FileRejected out. Its limits are of the operating system, so that no parser can
get around them; where there is no ``resource`` module (Windows) only the parent's clock remains.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import struct
import sys
import time
from importlib import import_module
from typing import IO

from ingest.errors import FileRejected

OUT_OF_MEMORY = 77  # exit status
READY = b"ready"
_OPEN_FILES = 64
_LENGTH = struct.Struct(">Q")
_REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile")


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Send ``payload`` with its length before it."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes], most: int = 2**63) -> bytes | None:
    """The next payload; None where the stream ends or the payload would have more than ``most`` bytes."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def main(module: str, memory: int, cpu_seconds: int, niceness: int = 0) -> None:
    """Answer with the ``read`` of ``module`` until requests end. ``memory`` in bytes, CPU time per file."""
    _give_way(niceness)
    requests, answers = _take_over_streams()
    read = import_module(module).read
    _silence()
    _limit(memory)
    sys.addaudithook(_refuse)
    write_frame(answers, READY)
    while (name := read_frame(requests)) is not None and (content := read_frame(requests)) is not None:
        _allow_seconds(cpu_seconds)
        try:
            answer = pickle.dumps(read(content, name.decode("utf-8", "surrogateescape")))
        except FileRejected as rejection:
            if isinstance(rejection.__cause__, MemoryError):
                os._exit(OUT_OF_MEMORY)
            answer = pickle.dumps(rejection)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        write_frame(answers, answer)


def _take_over_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes under other numbers, out of the reach of whatever a parser prints."""
    return os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")


def _silence() -> None:
    """What parsers print about strangers' files is for nobody."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _refuse(event: str, _: tuple[object, ...]) -> None:
    """Reading a file needs no network and no other program."""
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not allowed here")


if sys.platform == "win32":

    def _give_way(niceness: int) -> None: ...

    def _limit(memory: int) -> None: ...

    def _allow_seconds(seconds: int) -> None: ...

else:
    import resource

    def _give_way(niceness: int) -> None:
        os.nice(niceness)

    def _limit(memory: int) -> None:
        """No more than ``memory`` bytes and a few open files, nothing written, no memory dumped."""
        limits = {
            resource.RLIMIT_AS: memory,
            resource.RLIMIT_NOFILE: _OPEN_FILES,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
        }
        for kind, value in limits.items():
            with contextlib.suppress(ValueError, OSError):  # macOS refuses to limit the address space
                resource.setrlimit(kind, (value, value))

    def _allow_seconds(seconds: int) -> None:
        """End this process when the next file has taken ``seconds`` of CPU time."""
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
