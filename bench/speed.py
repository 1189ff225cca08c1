"""A question on 10,000 passages: how long its answer takes; indexing; and what the serving process weighs."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bench.corpus import read_questions
from bench.figures import Figures, Setting, Target, at, shown, table
from bench.serving import add_demonstration, serving
from bot.assistant import Assistant
from index.evaluation import text_document
from index.library import Library
from index.measures import percentile
from ingest.reading import Document

TITLE = "Speed and memory"
HOW = (
    "A library of the passages of squad2_dev, Cranfield and SciFact, until it has 10,000; 100 questions each "
    "of the first two asked one after the other in a process that does nothing else, after a warm-up; memory "
    "is what `ujuzi serve` has resident after 50 of them (of the corpus questions for the demonstration "
    "library) were asked in its chat."
)
SETS = ("retrieval/squad2_dev", "retrieval/cranfield", "retrieval/scifact")  # the last one fills up
ASKED_OF = SETS[:2]
PASSAGES = 10_000
QUESTIONS = 200
SERVED_QUESTIONS = 50
_BATCH = 500  # documents that are stored before the passages are counted again

Result = TypeVar("Result")


def measure(setting: Setting) -> Figures:
    """Times, rates and weights; None for the 10,000 passages where a collection is absent."""
    with tempfile.TemporaryDirectory() as scratch:
        demonstration = Path(scratch) / "demonstration"
        add_demonstration(demonstration)
        asked = [row["question"] for row in read_questions() if row["answers"] and not row["previous"]]
        return {
            "demonstration": {"resident_gb": resident(demonstration, _spread(asked, SERVED_QUESTIONS))},
            "many": _many(setting, Path(scratch) / "many"),
        }


def _many(setting: Setting, data: Path) -> Figures | None:
    folders = [setting.find(name) for name in SETS]
    if None in folders:
        return None
    found = [folder for folder in folders if folder is not None]
    each = QUESTIONS // len(ASKED_OF)
    questions = [text for folder in found[: len(ASKED_OF)] for text in _spread(_questions(folder), each)]
    with Library(data) as library:
        indexing = index(library, _documents(found), PASSAGES)
    with Library(data) as library:
        asking = ask(library, questions)
    return indexing | asking | {"resident_gb": resident(data, _spread(questions, SERVED_QUESTIONS))}


def index(library: Library, documents: Iterator[Document], wanted: int) -> dict[str, float]:
    """Store documents until at least ``wanted`` passages are; how many a second."""
    library.embedder.encode_question("load the model before the clock starts")
    started = time.perf_counter()
    while library.count()[1] < wanted and (some := list(islice(documents, _BATCH))):
        for _ in library.add_all(some):
            pass
    seconds = time.perf_counter() - started
    stored, passages = library.count()
    return {
        "documents": stored,
        "passages": passages,
        "documents_per_second": round(stored / seconds, 1),
        "passages_per_second": round(passages / seconds, 1),
    }


def ask(library: Library, questions: Sequence[str]) -> dict[str, object]:
    """How long searches and whole answers take, in milliseconds."""
    assistant = Assistant(library)
    assistant.warm_up()
    searches = [_took(partial(library.search, question))[0] for question in questions]
    answers = [_took(partial(assistant.answer, question)) for question in questions]
    return {
        "questions": len(questions),
        "answered": sum(answer.found for _, answer in answers),
        "search_ms": _percentiles(searches),
        "answer_ms": _percentiles([milliseconds for milliseconds, _ in answers]),
        "answer_ms_if_found": _percentiles(
            [milliseconds for milliseconds, answer in answers if answer.found]
        ),
    }


def resident(data: Path, questions: Sequence[str]) -> float:
    """What the app has resident after it answered ``questions``, in GB."""
    with serving(data) as server:
        server.seconds_until("/", "/config")
        server.ask_all(list(questions))
        return server.resident_gb


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    demonstration, many = (at(figures, name, "resident_gb") for name in ("demonstration", "many"))
    return [
        Target(
            "Question to whole answer on 10,000 passages, p95",
            at(figures, "many", "answer_ms", "p95"), 150, False, " ms", 0,
        ),
        Target("Resident memory, demonstration library", demonstration, 1.2, False, " GB", 2),
        Target("Resident memory, 10,000 passages", many, 1.2, False, " GB", 2),
    ]  # fmt: skip


def section(figures: Figures) -> list[str]:
    """Everything that was timed on the many passages."""
    many = at(figures, "many")
    rows = [
        ("documents", shown(at(many, "documents"), 0)),
        ("passages", shown(at(many, "passages"), 0)),
        ("documents indexed a second", shown(at(many, "documents_per_second"), 1)),
        ("passages indexed a second", shown(at(many, "passages_per_second"), 1)),
        ("questions asked", shown(at(many, "questions"), 0)),
        ("of them answered", shown(at(many, "answered"), 0)),
        ("search alone, p50", shown(at(many, "search_ms", "p50"), 1, " ms")),
        ("search alone, p95", shown(at(many, "search_ms", "p95"), 1, " ms")),
        ("whole answer, p50", shown(at(many, "answer_ms", "p50"), 1, " ms")),
        ("whole answer, p95", shown(at(many, "answer_ms", "p95"), 1, " ms")),
        ("whole answer, p95, of those answered", shown(at(many, "answer_ms_if_found", "p95"), 1, " ms")),
    ]
    return table(["", "figure"], rows)


def _documents(folders: Sequence[Path]) -> Iterator[Document]:
    for folder in folders:
        for one in map(json.loads, _lines(folder / "corpus.jsonl")):
            document = text_document(f"{folder.name} {one['_id']}", one.get("title", ""), one["text"])
            if document is not None:
                yield document


def _questions(folder: Path) -> list[str]:
    return [json.loads(line)["text"] for line in _lines(folder / "queries.jsonl")]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line]


def _spread(questions: Sequence[str], count: int) -> list[str]:
    """``count`` of ``questions`` from all over them."""
    return list(questions[:: max(1, len(questions) // count)][:count])


def _took(work: Callable[[], Result]) -> tuple[float, Result]:
    """The milliseconds that ``work`` took, and what it returned."""
    started = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - started), result


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    return {name: round(percentile(times, share), 1) for name, share in (("p50", 0.5), ("p95", 0.95))}
