"""Questions of the community: which are brought together, and what of them is masked before it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from bench.documents import json_lines
from bench.figures import ROOT, Figures, Setting
from community.gaps.grouping import clusters
from community.gaps.likeness import Likeness, terms
from community.gaps.masking import masked
from community.gaps.vectors import QuestionVectors
from index.analysis import question_language
from index.encoded import Vectors
from index.glossary import LANGUAGES
from index.library import Library
from index.models import Embedder
from tests.community.asked.numbers import NOBODYS, SOMEBODYS

ASKED = ROOT / "tests" / "community" / "asked"
GROUPED = {"first list": "set_on.txt", "second list": "tried_on.txt"}
# Sets of questions that others wrote, none of which asks about somebody's number.
OTHERS = (
    "retrieval/squad2_dev", "retrieval/conditionalqa_govuk", "multilingual/xquad/ar_ar",
    "multilingual/pira/pt_pt", "multilingual/afriqa/fr_fr",
)  # fmt: skip


def grouping(library: Library) -> Figures:
    """How far the groups of each labelled list are those that people would make, counted by pairs."""
    apart = QuestionVectors(library).apart
    return {name: _grouped(library.embedder, apart, file) for name, file in GROUPED.items()}


def _grouped(embedder: Embedder, apart: float, file: str) -> Figures:
    wanted, questions = labelled(file)
    precision, recall = pairwise(groups(likeness(questions, embedder, apart)), wanted)
    return {
        "questions": len(questions),
        "groups": len(set(wanted)),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }


def labelled(file: str) -> tuple[list[str], list[str]]:
    """The groups and the questions of a file below ASKED."""
    pairs = [line.split("|", 1) for line in (ASKED / file).read_text(encoding="utf-8").splitlines()]
    return [group for group, _ in pairs], [question for _, question in pairs]


def likeness(questions: Sequence[str], embedder: Embedder, apart: float = 0.0) -> Likeness:
    """How alike the questions are; ``apart`` is the cosine of what has nothing to do with each other."""
    languages = [question_language(one, LANGUAGES) for one in questions]
    words = [terms(one, language) for one, language in zip(questions, languages, strict=True)]
    vectors: Vectors = np.stack([embedder.encode_question(one).whole for one in questions])
    return Likeness(words, languages, vectors, embedder.name, apart)


def groups(alike: Likeness) -> list[int]:
    """The number of the group of each question."""
    numbers = [0] * len(alike)
    for number, group in enumerate(clusters(alike, np.arange(len(alike)))):
        for one in group:
            numbers[one] = number
    return numbers


def pairwise(found: Sequence[object], wanted: Sequence[object]) -> tuple[float, float]:
    """Precision and recall over the pairs of questions that are, or should be, in one group."""
    pairs = list(combinations(range(len(found)), 2))
    together = {pair for pair in pairs if found[pair[0]] == found[pair[1]]}
    belong = {pair for pair in pairs if wanted[pair[0]] == wanted[pair[1]]}
    right = len(together & belong)
    return right / len(together) if together else 1.0, right / len(belong) if belong else 1.0


def masking(setting: Setting) -> Figures:
    """How many of our cases are hidden, and how many other texts lose what is nobody's."""
    given = setting.evaluation.parent / "questions.jsonl"
    harmless = {
        "amounts, years and laws": NOBODYS,
        "the questions of both lists": [one for file in GROUPED.values() for one in labelled(file)[1]],
        "members' questions": [row["question"] for row in json_lines(given)] if given.is_file() else [],
        "questions of test collections": list(_of_others(setting)),
    }
    return {
        "addresses and numbers of somebody": {
            "texts": len(SOMEBODYS),
            "masked": sum(map(is_hidden, SOMEBODYS)),
        },
        **{
            name: {"texts": len(texts), "masked": sum(masked(text) != text for text in texts)}
            for name, texts in harmless.items()
            if texts
        },
    }


def is_hidden(text: str) -> bool:
    """Whether nothing is left of an address or a number that somebody can be reached or known by."""
    left = masked(text)
    return left != text and "@" not in left and sum(map(str.isdigit, left)) <= 1


def _of_others(setting: Setting) -> Iterator[str]:
    for folder in OTHERS:
        if file := setting.find(f"{folder}/queries.jsonl"):
            yield from (str(row["text"]) for row in json_lines(file))
