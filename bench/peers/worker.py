"""``python -m bench.peers.worker JOB``: one system at one task, in a process of its own.

JOB is a JSON file (see :class:`Job`). The last line on standard output is one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from bench import synthetic
from bench.peers.system import Question, Setup, System, Text, Vector
from index.quiet import be_quiet

SYNTHETIC_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Job:
    """What one process does.

    ``system`` is where the system is, as MODULE:CLASS. ``task`` is "ask" (index the documents, search for
    every question), "keep" (the same, then save) or "start" (load what was kept, search for the first
    question). The documents and the questions are those in ``texts`` and ``questions``, JSON lines, with
    their vectors in ``text_vectors`` and ``question_vectors`` where the system is spared the model; or, with
    ``passages``, so many that are synthetic. ``model``, ``language`` and ``candidates`` are the system's
    (:class:`bench.peers.system.Setup`); ``top`` is how many results are asked for.
    """

    system: str
    task: str
    folder: str
    model: str
    language: str = "en"
    texts: str = ""
    questions: str = ""
    text_vectors: str = ""
    question_vectors: str = ""
    passages: int = 0
    candidates: int = 10
    top: int = 10


def main() -> None:
    """Do the job that the command line names."""
    be_quiet()
    job = Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    figures = do(job, system_of(job))
    print(json.dumps(figures | {"peak_mb": peak_memory()}), flush=True)


def system_of(job: Job) -> System:
    """The system of the job. Only its own libraries are imported."""
    module, name = job.system.split(":")
    setup = Setup(Path(job.folder), Path(job.model), job.language, job.candidates)
    made: System = getattr(import_module(module), name)(setup)
    return made


def do(job: Job, system: System) -> dict[str, Any]:
    """What the job gave: seconds of indexing, milliseconds of each search, and what each found."""
    questions = list(questions_of(job))
    if job.task == "start":
        system.load()
        found = {questions[0].id: [one.id for one in system.search(questions[0], job.top)]}
        return {"version": system.version, "found": found, "answered_at": time.time()}
    if not (job.text_vectors or job.passages):
        system.prepare()
    texts = Timed(texts_of(job))
    started = time.perf_counter()
    system.index(texts)
    seconds = time.perf_counter() - started - texts.seconds
    system.search(questions[0], job.top)  # what is made for the first search is no cost of the others
    found, times = {}, []
    for question in questions:
        started = time.perf_counter()
        hits = system.search(question, job.top)
        times.append(round(1000 * (time.perf_counter() - started), 2))
        found[question.id] = [one.id for one in hits]
    if job.task == "keep":
        system.save()
    return {"version": system.version, "index_seconds": round(seconds, 2), "search_ms": times, "found": found}


class Timed:
    """``texts`` one after the other, and the seconds that it took to read or to make them."""

    def __init__(self, texts: Iterator[Text]) -> None:
        self._texts = texts
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Text]:
        return self

    def __next__(self) -> Text:
        """The next one; the clock runs only meanwhile."""
        started = time.perf_counter()
        try:
            return next(self._texts)
        finally:
            self.seconds += time.perf_counter() - started


def texts_of(job: Job) -> Iterator[Text]:
    """The documents of the job."""
    if job.passages:
        vectors = (row for block in synthetic.vectors(job.passages) for row in block)
        for number, (text, vector) in enumerate(zip(synthetic.texts(job.passages), vectors, strict=True)):
            yield Text(str(number), "", text, "", vector)
    else:
        for row, vector in zip(_rows(job.texts), _vectors(job.text_vectors), strict=False):
            yield Text(row["id"], row["title"], row["text"], row["group"], vector)


def questions_of(job: Job) -> Iterator[Question]:
    """The questions of the job."""
    if job.passages:
        vectors = synthetic.question_vectors(SYNTHETIC_QUESTIONS)
        for number, text in enumerate(synthetic.questions(SYNTHETIC_QUESTIONS)):
            yield Question(str(number), text, "", vectors[number])
    else:
        for row, vector in zip(_rows(job.questions), _vectors(job.question_vectors), strict=False):
            yield Question(row["id"], row["text"], row["group"], vector)


def _rows(file: str) -> Iterator[dict[str, str]]:
    with Path(file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _vectors(file: str) -> Iterator[Vector | None]:
    return iter(np.load(file)) if file else repeat(None)


def peak_memory() -> float:
    """The most memory that this process has had in use, in MB of 10^6 bytes.

    The kernel's own mark where there is one: that of ``getrusage`` is never below what the parent had.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text(encoding="utf-8").splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
        return round(1024 * kilobytes / 1e6, 1)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round((used if sys.platform == "darwin" else 1024 * used) / 1e6, 1)


if __name__ == "__main__":
    main()
