"""What the community does for whoever contributes, reviews and asks: how well, and how fast."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import asked, contributed, queueing, town
from bench.figures import Figures, Setting, Target, at, shown, table
from bench.scale import in_own_process
from bench.serving import add_demonstration, serving
from index.library import Library

TITLE = "The community"
HOW = (
    "Near-duplicates and descriptions are measured on the documents of the demonstration library, passages "
    "for the form on four illustrative documents (`tests/community/practice_words`), grouping and masking on "
    "the lists in `tests/community/asked` and on what else is named. The times are those of a community of "
    "500 submissions, 5,000 questions asked in vain and 1,000 answered (the labelled ones, asked about one "
    "country after the other; `bench/town.py`): the first three inside the process, the others over HTTP "
    "from `ujuzi serve`, one request after the other. That nothing unpublished shows anywhere, and that "
    "nothing accepted is lost when processes are killed, is no figure: `make soak` tests it."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the figures called ``name``: its columns by the keys of a row, and what is to be known."""

    name: str
    head: str
    columns: Mapping[str, tuple[str, int]]  # the words over it, its digits
    note: str

    def lines(self, figures: Figures) -> list[str]:
        """The table and the note, as Markdown."""
        columns = self.columns.items()
        rows = [
            (row, *("" if own.get(key) is None else shown(own[key], digits) for key, (_, digits) in columns))
            for row, own in (at(figures, self.name) or {}).items()
        ]
        return ["", *table([self.head, *(words for words, _ in self.columns.values())], rows), "", self.note]


_SHARES = {"precision": ("precision", 3), "recall": ("recall", 3)}
TABLES: Sequence[Shown] = (
    Shown(
        "near-duplicates",
        "documents compared",
        {"texts": ("of them", 0), "alike": ("alike by their words", 0), "told": ("told on upload", 0)},
        "That share of the sentences was replaced by sentences of others, drawn at random; told: that it "
        "is another version of that document, which has to be found in the library first. The thresholds "
        "were looked at on the same documents, edited otherwise.",
    ),
    Shown(
        "suggestions",
        "descriptions",
        {"documents": ("documents", 0), "given": ("given", 0), "suggested": ("suggested", 0), **_SHARES},
        "Values suggested for a document while it is out of the library, beside those that were written over "
        "it by hand; where the file says it by itself it does not count. Words and thresholds were set on "
        "these very documents: others will do worse.",
    ),
    Shown(
        "proposals",
        "passages for the form",
        {"fields": ("fields", 0), "first": ("right one first", 0)},
        "Written for this, the last to be roundabout. The weights were chosen with all of them, so that none "
        "is unknown.",
    ),
    Shown(
        "grouping",
        "questions grouped",
        {"questions": ("questions", 0), "groups": ("meanings", 0), **_SHARES},
        "By pairs of questions, in five languages; our own wording. The threshold was set on the first list "
        "and tried on the second.",
    ),
    Shown(
        "masking",
        "words masked",
        {"texts": ("texts", 0), "masked": ("masked", 0)},
        "All of the first should be, none of the others. Our cases were written with the patterns; the "
        "wording of the members' questions was given; those of the test collections are others' (SQuAD 2.0, "
        "ConditionalQA, XQuAD in Arabic, Pirá in Portuguese, AfriQA in French).",
    ),
    Shown(
        "milliseconds",
        "milliseconds",
        {"times": ("times", 0), "p50_ms": ("p50", 1), "p95_ms": ("p95", 1)},
        "Beside the queue the first 300 searches count. Once something is published the queue asks anew what "
        "was asked in vain before, also while the next is published.",
    ),
)


def measure(setting: Setting) -> Figures:
    """Everything of this part; what lacks its data is left out."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        add_demonstration(data)
        understood = in_own_process(understanding, data)
        filled = in_own_process(town.fill, data)
        with serving(data) as server:
            server.seconds_until("/config")
            server.ask_all(["What is ready?"])  # so that nothing is loaded beside what is measured
            waits = queueing.waits(setting, server, filled["waiting"])
    times = {**filled["milliseconds"], **waits}
    return {**understood, "masking": asked.masking(setting), "milliseconds": times}


def understanding(data: Path) -> Figures:
    """How well contributions and questions are understood, over the demonstration library in ``data``."""
    with Library(data) as library:
        return {**contributed.measure(library), "grouping": asked.grouping(library)}


def targets(figures: Figures) -> list[Target]:  # noqa: ARG001  (the issue names none)
    """None: the issue asks for the figures themselves."""
    return []


def section(figures: Figures) -> list[str]:
    """A table for each thing that is done."""
    return [line for one in TABLES for line in one.lines(figures)][1:]
