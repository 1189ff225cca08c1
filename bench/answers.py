"""How well questions are answered, and refused where nothing answers them, on half of SQuAD 2.0's dev set."""

from __future__ import annotations

from bench.figures import Figures, Setting, Target, at, shown, table
from bot.evaluation import evaluate_answers

TITLE = "Answering"
HOW = (
    "`ujuzi evaluate-answers` on squad2_dev, half of SQuAD 2.0's dev set, with conditionalqa_govuk's "
    "questions as those that the library cannot answer."
)
FILE = "retrieval/squad2_dev/dev-v2.0.cs224n-half.json"
NOTHING = "retrieval/conditionalqa_govuk/queries.jsonl"


def measure(setting: Setting) -> Figures:
    """What `ujuzi evaluate-answers` says; nothing where the file is absent."""
    file = setting.find(FILE)
    return evaluate_answers(file, models=setting.models, nothing=setting.find(NOTHING)) if file else {}


def targets(figures: Figures) -> list[Target]:
    """The targets of the issue."""
    return [
        Target("First sentence holds the answer", at(figures, "answer_in_first_sentence"), 0.78),
        Target("One of the first three does", at(figures, "answer_in_3_sentences"), 0.90),
        Target("Exact citations", at(figures, "exact_citations"), 1.0),
        Target("Abstention where nothing answers", at(figures, "abstention"), 0.95),
        Target("False abstention", at(figures, "false_abstention"), 0.05, at_least=False),
    ]


def section(figures: Figures) -> list[str]:
    """How many of each kind were asked, and the near misses."""
    kinds = ("answerable", "unanswerable", "nothing")
    counts = [(f"questions: {kind}", shown(at(figures, kind), 0)) for kind in kinds]
    near = ("abstention on the unanswerable, which come near", shown(at(figures, "near_miss_abstention")))
    return table(["", "figure"], [*counts, near])
