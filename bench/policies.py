"""Whether the passages found in long policy documents hold what a right answer has to say."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.documents import DEPTH, chance, json_lines, store
from bench.figures import ABSENT, Figures, Setting, Target, at, shown, table
from index.library import Library
from index.scope import Scope
from index.searching import MODES

TITLE = "Policy documents"
HOW = (
    "PDFs of governments and bodies (`documents/policy_pdfs`), and questions with the keywords of a right "
    "answer, where all of these stand in the text as it is stored; searched inside the PDF: the mean share "
    "of the keywords that stand in the first three passages, case and white space aside. By chance: three "
    "passages of the PDF drawn at random."
)
QUESTIONS = "documents/policy_questions.jsonl"
FOLDER = "documents/policy_pdfs"
KIND = "token_presence"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one PDF, and the keywords of a right answer, folded."""

    text: str
    file: str
    keywords: tuple[str, ...]


def measure(setting: Setting) -> Figures:
    """The shares by mode and by chance, and how many questions qualify; nothing where the data is absent."""
    file, folder = setting.find(QUESTIONS), setting.find(FOLDER)
    if file is None or folder is None:
        return {}
    asked = questions(json_lines(file))
    names = dict.fromkeys(one.file for one in asked)
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), models=setting.models) as library:
        sources = store(library, {name: folder / name for name in names})
        texts = {name: folded(library.read(source)[1].text) for name, source in sources.items()}
        passages = {name: _passages(library, source) for name, source in sources.items()}
        kept = [one for one in asked if all(word in texts[one.file] for word in one.keywords)]
        shares = {
            mode: fmean(_share(library, one, sources[one.file], mode) for one in kept) for mode in MODES
        }
    return {
        "documents": len({one.file for one in kept}),
        "passages": sum(map(len, passages.values())),
        "asked": len(asked),
        "questions": len(kept),
        "by chance": round(fmean(by_chance(one, passages[one.file]) for one in kept), 4),
        "modes": {mode: round(share, 4) for mode, share in shares.items()},
    }


def questions(rows: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The rows that give keywords; whether these stand in the PDF is known when it is read."""
    return [
        Question(row["text"], row["doc"], tuple(dict.fromkeys(map(folded, row["must_contain"]))))
        for row in rows
        if row["kind"] == KIND and row["must_contain"]
    ]


def folded(text: str) -> str:
    """``text`` with its case and its white space aside."""
    return " ".join(text.split()).casefold()


def held(keywords: Sequence[str], passages: Sequence[str]) -> float:
    """The share of ``keywords`` that stand in one of ``passages``, all folded."""
    return fmean(any(word in passage for passage in passages) for word in keywords)


def by_chance(question: Question, passages: Sequence[str]) -> float:
    """The expected share for three of the PDF's ``passages`` drawn at random."""
    return fmean(
        chance(sum(word in passage for passage in passages), len(passages)) for word in question.keywords
    )


def _share(library: Library, question: Question, source_id: str, mode: str) -> float:
    hits = library.search(question.text, Scope(sources=(source_id,)), mode=mode, top=DEPTH)
    return held(question.keywords, [folded(hit.passage.text) for hit in hits])


def _passages(library: Library, source_id: str) -> list[str]:
    entry, _ = library.read(source_id)
    return [folded(passage.text) for passage in library.passages(entry)]


def targets(figures: Figures) -> list[Target]:
    """Fusing is to raise what the better half finds; the issue names no figure."""
    return [Target("Keywords of policy answers, against the better half", gain(figures), 0.0)]


def gain(figures: Figures) -> float | None:
    """How far both halves together are above the better one."""
    modes = at(figures, "modes")
    return None if modes is None else modes["hybrid"] - max(modes["words"], modes["meaning"])


def section(figures: Figures) -> list[str]:
    """The shares, and what was asked."""
    if not figures:
        return [ABSENT.capitalize() + "."]
    rows = [(mode, shown(share)) for mode, share in figures["modes"].items()]
    rows.append(("by chance", shown(figures["by chance"])))
    return [
        *table(["", "keywords in the first three passages"], rows),
        "",
        f"{figures['questions']:,} of {figures['asked']:,} questions with keywords qualify, over "
        f"{figures['documents']} PDFs and {figures['passages']:,} passages.",
    ]
