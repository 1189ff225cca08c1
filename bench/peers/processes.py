"""Workers and encoders as processes, started from Ujuzi's own environment and held to limits."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.figures import ROOT, Figures
from bench.peers.worker import Job
from bench.serving import resident_kilobytes
from index.models import BUNDLED_SHA256
from ingest.errors import UjuziError

PEERS = ROOT / ".venv-peers"
PYTHON_OF_PEERS = PEERS / "bin" / "python"
_PAUSE = 0.1  # seconds between two looks at a process


@dataclass(frozen=True, slots=True)
class Contestant:
    """A system that is compared: its name, where it is (MODULE:CLASS), the Python that has its libraries."""

    name: str
    system: str
    python: Path


CONTESTANTS = {
    "ujuzi": Contestant("Ujuzi", "bench.peers.ujuzi:Ujuzi", Path(sys.executable)),
    "haystack": Contestant("Haystack", "bench.peers.haystack:Haystack", PYTHON_OF_PEERS),
    "llamaindex": Contestant("LlamaIndex", "bench.peers.llamaindex:LlamaIndex", PYTHON_OF_PEERS),
    "txtai": Contestant("txtai", "bench.peers.txtai_:Txtai", PYTHON_OF_PEERS),
}
OURS, *OTHERS = CONTESTANTS


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take before it is stopped: seconds and GB of 10^9 bytes."""

    seconds: float
    gigabytes: float


def must_have_peers() -> None:
    """Raise UjuziError where the peers are not installed."""
    if not PYTHON_OF_PEERS.is_file():
        raise UjuziError("The systems to compare with are not installed. Install them with: make bench-peers")


def work(job: Job, python: Path, limits: Limits | None = None) -> Figures:
    """What a worker says of ``job``; of a start also ``seconds``, from that of the process to its answer.

    ``stopped`` alone, the reason, where it went over the limits. Raises UjuziError where it fails.
    """
    folder = Path(job.folder)
    folder.mkdir(parents=True, exist_ok=True)
    started = time.time()
    said = _run("bench.peers.worker", asdict(job), python, folder, limits)
    figures: dict[str, Any] = json.loads(said)
    if "answered_at" in figures:
        figures["seconds"] = round(figures.pop("answered_at") - started, 2)
    return figures


def vectors(texts: Sequence[str], model: Path) -> Path:
    """The file of the vectors of ``texts``, made by the peers' sentence-transformers unless it is there.

    It is kept beside the environment that made it, and goes when that goes.
    """
    digest = hashlib.sha256("\0".join([BUNDLED_SHA256, *texts]).encode()).hexdigest()
    file = PEERS / "vectors" / f"{digest}.npy"
    if not file.is_file():
        file.parent.mkdir(exist_ok=True)
        made = file.with_suffix(".new.npy")
        job = {"model": str(model), "texts": list(texts), "out": str(made)}
        _run("bench.peers.encode", job, PYTHON_OF_PEERS, file.parent, None)
        made.rename(file)
    return file


def _run(module: str, job: Any, python: Path, folder: Path, limits: Limits | None) -> str:
    """The last line that the module prints; what it says otherwise stays in the folder."""
    file, out, err = (folder / f"job.{end}" for end in ("json", "out", "err"))
    file.write_text(json.dumps(job), encoding="utf-8")
    with out.open("wb") as stdout, err.open("wb") as stderr:
        command = [str(python), "-m", module, str(file)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=stdout, stderr=stderr)
        stopped = _watch(process, limits)
    if stopped:
        return json.dumps({"stopped": stopped})
    if process.returncode:
        said = err.read_text(encoding="utf-8", errors="replace").strip()
        raise UjuziError(f"{' '.join(command)} failed: {said[-1000:]}")
    return out.read_text(encoding="utf-8").splitlines()[-1]


def _watch(process: subprocess.Popen[bytes], limits: Limits | None) -> str:
    """Wait for the end of the process; why it was stopped, if it was."""
    if limits is None:
        process.wait()
        return ""
    until = time.monotonic() + limits.seconds
    while process.poll() is None:
        reason = _over(process.pid, until, limits)
        if reason:
            process.kill()
            process.wait()
            return reason
        time.sleep(_PAUSE)
    return ""


def _over(pid: int, until: float, limits: Limits) -> str:
    if time.monotonic() > until:
        return f"over {limits.seconds / 60:g} minutes"
    if 1024 * resident_kilobytes(pid) > limits.gigabytes * 1e9:
        return f"over {limits.gigabytes:g} GB"
    return ""
