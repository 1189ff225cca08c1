"""How well the assistant answers: a SQuAD 2.0 file asked question by question, and scored.

Rajpurkar, Jia and Liang, "Know What You Don't Know", ACL 2018, for the form of the file.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answer import Answer
from bot.assistant import Assistant
from bot.contract import citation_json
from index.evaluation import text_document
from index.library import Library
from ingest.errors import UjuziError

_MOST_WORDS = 60  # a longer "sentence" does not count as one
_OTHER_FORM = (ValueError, KeyError, TypeError, AttributeError)  # what JSON of another form leads to


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the file with its gold answers; ``kind`` is answerable, unanswerable or nothing."""

    text: str
    kind: str
    answers: tuple[str, ...] = ()


def evaluate_answers(
    file: Path, *, models: Path, nothing: Path | None = None, out: Path | None = None
) -> dict[str, Any]:
    """The measures of answering, as section 8 of the design defines them.

    ``nothing`` holds questions that the file's paragraphs cannot answer; ``out`` takes a row a question.
    """
    paragraphs, questions = read_squad(file)
    questions += [Question(text, "nothing") for text in _queries(nothing)]
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), models=models) as library:
        documents = (text_document(f"{title} {number}", title, text) for number, title, text in paragraphs)
        for _ in library.add_all(document for document in documents if document is not None):
            pass
        rows = list(_rows(library, questions))
    if out is not None:
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return score(rows)


def score(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The measures over the rows of one run; the same from the file that ``out`` wrote."""
    by_kind = {
        kind: [row for row in rows if row["kind"] == kind]
        for kind in ("answerable", "unanswerable", "nothing")
    }
    answerable = by_kind["answerable"]
    citations = [citation for row in rows for citation in row["citations"]]
    return {
        **{kind: len(own) for kind, own in by_kind.items()},
        "answer_in_first_sentence": _share(_holds_answer(row, 1) for row in answerable),
        "answer_in_3_sentences": _share(_holds_answer(row, 3) for row in answerable),
        "false_abstention": _share(not row["found"] for row in answerable),
        "abstention": _share(not row["found"] for row in by_kind["nothing"]),
        "near_miss_abstention": _share(not row["found"] for row in by_kind["unanswerable"]),
        "exact_citations": _share(citation["exact"] for citation in citations),
    }


def read_squad(file: Path) -> tuple[list[tuple[int, str, str]], list[Question]]:
    """The paragraphs (number, title, text) and the questions of a SQuAD 2.0 file."""
    paragraphs: list[tuple[int, str, str]] = []
    questions: list[Question] = []
    try:
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            title = article.get("title", "").replace("_", " ")
            for paragraph in article["paragraphs"]:
                paragraphs.append((len(paragraphs), title, paragraph["context"]))
                questions += map(_question, paragraph["qas"])
    except (OSError, *_OTHER_FORM) as error:
        raise UjuziError(f"{file}: this is not a SQuAD 2.0 file ({error!r}).") from error
    return paragraphs, questions


def _question(asked: Mapping[str, Any]) -> Question:
    kind = "unanswerable" if asked.get("is_impossible") else "answerable"
    return Question(asked["question"], kind, tuple(answer["text"] for answer in asked["answers"]))


def _rows(library: Library, questions: Iterable[Question]) -> Iterator[dict[str, Any]]:
    assistant = Assistant(library)
    for question in questions:
        answer = assistant.answer(question.text)
        yield {
            "question": question.text,
            "kind": question.kind,
            "answers": list(question.answers),
            "found": answer.found,
            "confidence": round(answer.confidence, 5),
            "sentences": [sentence.text for sentence in answer.sentences],
            "citations": [
                citation_json(citation) | {"exact": exact}
                for citation, exact in zip(answer.citations, _exactness(library, answer), strict=True)
            ],
        }


def _exactness(library: Library, answer: Answer) -> list[bool]:
    """Whether each quote is, re-read from the library, the very words of its span and of its sentence."""
    said = {number: sentence.text for sentence in answer.sentences for number in sentence.citations[:1]}
    verdicts = []
    for citation in answer.citations:
        _, version = library.read(citation.source.id, number=citation.version)
        stored = version.quote(citation.span)
        verdicts.append(stored == citation.quote == said.get(citation.number, citation.quote))
    return verdicts


def _holds_answer(row: Mapping[str, Any], depth: int) -> bool:
    sentences = [text.casefold() for text in row["sentences"][:depth] if len(text.split()) <= _MOST_WORDS]
    return any(answer.casefold() in text for text in sentences for answer in row["answers"])


def _share(verdicts: Iterable[bool]) -> float | None:
    values = list(verdicts)
    return round(sum(values) / len(values), 4) if values else None


def _queries(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, *_OTHER_FORM) as error:
        raise UjuziError(
            f"{file}: this is not a file of queries, one JSON object a line ({error!r})."
        ) from error
