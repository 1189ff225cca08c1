"""Where the weights in bot/evidence.py come from: ``python -m bench.fit_evidence`` fits them again.

Ranking: of the sentences that are read for a question, those that hold a gold answer should come first; a
logistic regression over differences between a right and a wrong sentence. Abstention: is the best sentence
one for a question that the library answers, or for one of another field?

The questions are those of XQuAD's English articles that squad2_dev does not contain; their paragraphs, with
some of squad2_dev's as distractors, are the library. Questions of other fields are those of SciFact,
Cranfield, legal_summarization and of policy documents. The questions that `make bench` measures with
(squad2_dev's, conditionalqa_govuk's) are not among them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.run import EVALUATION
from bot.evidence import PASSAGES, read_sentences
from index.evaluation import text_document
from index.library import Library
from index.quiet import be_quiet

TRAINING = "multilingual/xquad/xquad.en.json"
MEASURED = "retrieval/squad2_dev/dev-v2.0.cs224n-half.json"
OTHER_FIELDS = {  # of the questions in a file every so many
    "retrieval/scifact/queries.jsonl": 1,
    "retrieval/cranfield/queries.jsonl": 1,
    "retrieval/legal_summarization/queries.jsonl": 1,
    "documents/policy_questions.jsonl": 8,
}
DISTRACTORS = 400  # paragraphs
RIGHT, WRONG = 3, 12  # of one question, at most so many right sentences meet about so many wrong ones
LOST = 0.035  # of the training questions, at the threshold of the abstention test
RANKING_C, ENOUGH_C = 0.01, 0.1  # the inverse strength of regularisation

Numbers = NDArray[np.float64]
Article = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """The sentences read for one question: the signals of each, a row a sentence, and which are right."""

    ranking: Numbers
    enough: Numbers
    is_right: NDArray[np.bool_]

    def best(self, weights: Numbers, count: int = 1) -> NDArray[np.int64]:
        """The rows that rank first."""
        order: NDArray[np.int64] = np.argsort(-(self.ranking @ weights), kind="stable")
        return order[:count]


@dataclass(frozen=True, slots=True)
class Enough:
    """The abstention model: what it weighs the signals with, so that one half is its threshold."""

    weights: Numbers
    bias: float

    def admits(self, signals: Numbers) -> NDArray[np.bool_]:
        """For each row of signals, whether the question counts as answered."""
        verdicts: NDArray[np.bool_] = signals @ self.weights + self.bias >= 0
        return verdicts


def main() -> None:
    """Fit both models and print them as bot/evidence.py spells them."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.fit_evidence", description="Fit the evidence weights."
    )
    parser.add_argument("--eval", type=Path, default=EVALUATION, help="the folder of the evaluation data")
    evaluation: Path = parser.parse_args().eval
    be_quiet()
    measured = articles(evaluation / MEASURED)
    titles = {article["title"] for article in measured}
    training = [article for article in articles(evaluation / TRAINING) if article["title"] not in titles]
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch)) as library:
        fill(library, [*paragraphs(training), *list(paragraphs(measured))[:DISTRACTORS]])
        answered = [read(library, *asked) for asked in questions(training)]
        foreign = [read(library, question) for question in other_questions(evaluation)]
    print(fitted(with_sentences(answered), with_sentences(foreign)))


def articles(file: Path) -> list[Article]:
    """The articles of a file in SQuAD's form."""
    found: list[Article] = json.loads(file.read_text(encoding="utf-8"))["data"]
    return found


def paragraphs(some: Sequence[Article]) -> Iterator[tuple[str, str]]:
    """Title and text of each paragraph."""
    for article in some:
        for paragraph in article["paragraphs"]:
            yield article["title"].replace("_", " "), paragraph["context"]


def questions(some: Sequence[Article]) -> Iterator[tuple[str, list[str]]]:
    """Each question with its gold answers."""
    for article in some:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                yield asked["question"], [answer["text"] for answer in asked["answers"]]


def other_questions(evaluation: Path) -> Iterator[str]:
    """Questions of other fields, which the training library does not answer."""
    for name, step in OTHER_FIELDS.items():
        lines = (evaluation / name).read_text(encoding="utf-8").split("\n")
        yield from (json.loads(line)["text"] for line in list(filter(None, lines))[::step])


def fill(library: Library, texts: Sequence[tuple[str, str]]) -> None:
    """Store each text as a document of its own."""
    documents = (
        text_document(f"{title} {number}", title, text) for number, (title, text) in enumerate(texts)
    )
    for _ in library.add_all(document for document in documents if document is not None):
        pass


def read(library: Library, question: str, answers: Sequence[str] = ()) -> Read:
    """The sentences that the assistant would judge for ``question``."""
    found = list(read_sentences(question, library.search(question, top=PASSAGES), library))
    right = [any(answer.casefold() in one.text.casefold() for answer in answers) for one, _ in found]
    ranking = np.array([signals.ranking for _, signals in found])
    return Read(ranking, np.array([signals.enough for _, signals in found]), np.array(right, dtype=bool))


def with_sentences(some: Sequence[Read]) -> list[Read]:
    """Those for which anything was read at all."""
    return [one for one in some if len(one.is_right)]


def fitted(answered: Sequence[Read], foreign: Sequence[Read]) -> str:
    """Both models as Python, and what they do on the questions they were fitted on."""
    weights = fit_ranking(answered)
    enough = fit_enough(answered, foreign, weights)
    first, three = (
        np.mean([one.is_right[one.best(weights, count)].any() for one in answered]) for count in (1, 3)
    )
    lost, refused = (1 - enough.admits(_signals(some, weights)).mean() for some in (answered, foreign))
    return "\n".join(
        (
            f"# {len(answered)} questions: right first {first:.3f}, among three {three:.3f}, lost {lost:.3f}",
            f"# {len(foreign)} questions of other fields: refused {refused:.3f}",
            f"_WEIGHTS = np.array({[round(float(weight), 2) for weight in weights]})",
            f"_ENOUGH = np.array({[round(float(weight), 1) for weight in enough.weights]})",
            f"_ENOUGH_BIAS = {enough.bias:.1f}",
        )
    )


def fit_ranking(answered: Sequence[Read]) -> Numbers:
    """The weights of the ranking signals; each signal is scaled to one deviation while fitting."""
    from sklearn.linear_model import LogisticRegression

    scale = np.vstack([one.ranking for one in answered]).std(axis=0) + 1e-9
    pairs = np.array([pair for one in answered for pair in _differences(one)]) / scale
    model = LogisticRegression(C=RANKING_C, fit_intercept=False, max_iter=500)
    model.fit(np.vstack([pairs, -pairs]), np.repeat([1, 0], len(pairs)))
    weights: Numbers = model.coef_[0] / scale
    return weights


def _differences(one: Read) -> Iterator[Numbers]:
    """Right sentences less wrong ones; the wrong ones are taken from all over the passages."""
    right, wrong = one.ranking[one.is_right][:RIGHT], one.ranking[~one.is_right]
    some = wrong[:: max(1, len(wrong) // WRONG)]
    return (good - bad for good in right for bad in some)


def fit_enough(answered: Sequence[Read], foreign: Sequence[Read], weights: Numbers) -> Enough:
    """The abstention model over the best sentences by ``weights``, with its threshold moved to one half."""
    from sklearn.linear_model import LogisticRegression

    known, unknown = _signals(answered, weights), _signals(foreign, weights)
    both = np.vstack([known, unknown])
    scale = both.std(axis=0)
    model = LogisticRegression(C=ENOUGH_C, class_weight="balanced")
    model.fit(both / scale, np.repeat([1, 0], [len(known), len(unknown)]))
    own: Numbers = model.coef_[0] / scale
    return Enough(own, -float(np.quantile(known @ own, LOST)))


def _signals(some: Sequence[Read], weights: Numbers) -> Numbers:
    """The abstention signals of each question's best sentence, a row a question."""
    return np.vstack([one.enough[one.best(weights)] for one in some])


if __name__ == "__main__":
    main()
