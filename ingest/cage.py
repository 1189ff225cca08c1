"""Read files in a child process: one that hangs, crashes or eats memory is a rejected file and no more."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event, Lock, Timer
from types import TracebackType
from typing import IO, Any

from ingest.builder import Reading
from ingest.caged import OUT_OF_MEMORY, READY, read_frame, write_frame
from ingest.errors import FileRejected
from ingest.media import LIMIT, too_large

_ROOT = Path(__file__).resolve().parents[1]
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")  # no secrets go in
_MOST_ANSWER = 200_000_000  # bytes
_SECONDS_TO_START = 60.0
_TOO_SLOW = "It took too long to read. Split it, or save it anew in a simpler form."
_TOO_BIG = "It needs more memory than one file may take. Split it, or save it with smaller pictures."
_BROKEN = "The program that read it broke down over it, so it is badly damaged. Save it anew and add that."
_TRUSTED = {
    "ingest.builder": {"Reading"},
    "ingest.domain": {"PlaceMap", "Span", "Cue", "Mark", "Note", "Person", "Session", "Event"},
    "ingest.errors": {"FileRejected"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
}
_NO_PICKLE = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Answer(pickle.Unpickler):
    """A pickle that can hold a Reading and nothing that runs: the child may have been taken over."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in _TRUSTED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into an answer")
        return super().find_class(module, name)


class Cage:
    """A child process that reads one file after the other; a new one takes over after each breakdown.

        with Cage() as cage:
            reading = cage.read(content, "report.pdf")

    For each file: at most ``cpu_seconds`` of CPU time, ``wall_seconds`` by the clock, ``memory`` bytes of
    address space, no file written, no program started. On Windows only the clock is watched. Threads may
    share a cage; they take turns. ``niceness`` lets other processes go before.
    """

    def __init__(
        self,
        module: str = "ingest.readers",
        cpu_seconds: int = 60,  # a report of 140 pages full of charts takes 15 of a usual core
        wall_seconds: float = 180.0,  # on a busy machine such seconds take several times as long
        memory: int = 1_536 << 20,
        files_per_child: int = 50,
        niceness: int = 0,
    ) -> None:
        self._arguments = [module, str(memory), str(cpu_seconds), str(niceness)]
        self._wall_seconds = wall_seconds
        self._files_per_child = files_per_child
        self._lock = Lock()
        self._child: _Child | None = None

    def read(self, source: bytes | Path, name: str) -> Reading:
        """The Reading of a content or a path; FileRejected where it cannot be read within the limits."""
        content = source if isinstance(source, bytes) else content_of(source, name)
        if len(content) > LIMIT:
            raise FileRejected(name, too_large(len(content)))
        with self._lock:
            answer = self._answer(content, name)
        if isinstance(answer, FileRejected):
            raise answer
        return answer

    def close(self) -> None:
        """End the child. The next ``read`` would start another."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def __enter__(self) -> Cage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, content: bytes, name: str) -> Reading | FileRejected:
        if self._child is not None and self._child.files >= self._files_per_child:
            self.close()
        if self._child is None:
            self._child = _Child(self._arguments)
        answer = self._child.ask(content, name, self._wall_seconds)
        if isinstance(answer, str):
            self.close()
            return FileRejected(name, answer)
        return answer


class _Child:
    """One process of :mod:`ingest.caged`."""

    def __init__(self, arguments: list[str]) -> None:
        environment = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "ingest.caged", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment | {"PYTHONPATH": str(_ROOT)},
        )
        self.files = 0
        ready, _ = self._within(_SECONDS_TO_START, lambda: read_frame(self._output, len(READY)))
        if ready != READY:
            self.end()
            raise RuntimeError("the process that reads files did not start; its message stands above")

    def ask(self, content: bytes, name: str, seconds: float) -> Reading | FileRejected | str:
        """The child's answer, or a sentence that says why there is none: the child is of no use then."""
        self.files += 1

        def talk() -> bytes | None:
            write_frame(self._input, name.encode("utf-8", "surrogateescape"))
            write_frame(self._input, content)
            return read_frame(self._output, _MOST_ANSWER)

        answer, late = self._within(seconds, talk)
        if answer is None:
            self._process.kill()
            return _TOO_SLOW if late else _reason(self._process.wait())
        try:
            value = _Answer(BytesIO(answer)).load()
        except _NO_PICKLE:
            return _BROKEN
        return value if isinstance(value, (Reading, FileRejected)) else _BROKEN

    def end(self) -> None:
        """Kill the process, which holds nothing that could be lost, and let go of its pipes."""
        self._process.kill()
        for pipe in (self._input, self._output):
            try:
                pipe.close()
            except OSError:  # what was still to be sent has nobody to read it
                continue
        self._process.wait()

    def _within(self, seconds: float, talk: Callable[[], bytes | None]) -> tuple[bytes | None, bool]:
        """The answer, None where the child breaks down; and whether that is because its time was over."""
        late = Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = Timer(seconds, stop)
        timer.start()
        try:
            return talk(), late.is_set()
        except OSError:
            return None, late.is_set()
        finally:
            timer.cancel()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout


def read_in_cage(source: bytes | Path, name: str) -> Reading:
    """The Reading of one file, in a process of its own. For several files share a :class:`Cage`."""
    with Cage() as cage:
        return cage.read(source, name)


def content_of(path: Path, name: str) -> bytes:
    """The bytes of a file; FileRejected where they are too many or cannot be had."""
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise FileRejected(name, too_large(size))
        return path.read_bytes()
    except OSError as error:
        raise FileRejected(
            name, f"It cannot be opened: {error.strerror}. Check its name and rights."
        ) from error


def _reason(status: int) -> str:
    """Why the child ended with ``status``."""
    if status == OUT_OF_MEMORY:
        return _TOO_BIG
    too_slow = hasattr(signal, "SIGXCPU") and status == -signal.SIGXCPU
    return _TOO_SLOW if too_slow else _BROKEN
