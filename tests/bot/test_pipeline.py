"""Asking is a Haystack pipeline, as it is drawn; Haystack is loaded when somebody asks, not before."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from bot import pipeline
from bot.answer import SentenceAdded
from bot.assistant import Assistant
from bot.verification import Verifier, likeness
from bot.write import Writer
from index.library import Library
from index.scope import PUBLIC, Scope
from tests.fakes import scripted_chat_generator

AIRFARE = "Who pays the airfare under PALM?"


def drawn(*, writing: bool) -> list[str]:
    """The components in the order in which the module's own picture has them."""
    lines = [line.strip() for line in (pipeline.__doc__ or "").splitlines() if "->" in line]
    (line,) = [line for line in lines if line.endswith("writer") == writing]
    return line.split(" -> ")


@pytest.mark.parametrize("writing", [False, True])
def test_the_pipeline_is_the_one_that_is_drawn(writing: bool, library: Library) -> None:
    writer = Writer(scripted_chat_generator(), Verifier(likeness(library.embedder))) if writing else None
    built = pipeline.answering(library, writer)
    names = drawn(writing=writing)
    assert [name for name, _ in built.walk()] == names
    assert list(built.graph.edges()) == list(pairwise(names))


def test_run_by_itself_it_says_what_the_assistant_says(library: Library, assistant: Assistant) -> None:
    """As anybody would run it who builds a pipeline of their own out of these components."""
    heard: list[SentenceAdded] = []
    scope = Scope(sources=("palm-scheme",))
    given = {"parts": [AIRFARE], "scope": scope, "reader": PUBLIC}
    results = pipeline.answering(library, None).run(
        {
            "retriever": given,
            "examiner": given,
            "quoter": {"reader": PUBLIC, "say": heard.append},
        }
    )
    said = results["quoter"]["said"]
    answer = assistant.answer(AIRFARE, scope=scope)
    assert tuple(one.sentence for one in said) == answer.sentences != ()
    assert said == heard
    (evidence,) = results["quoter"]["evidence"]
    assert evidence.is_enough


def test_each_part_is_searched_for_itself(library: Library) -> None:
    parts = ["What is brain drain?", "What is DASP?"]
    found = pipeline.PartsRetriever(library).run(parts, Scope(), PUBLIC)["documents"]
    evidence = pipeline.Examiner(library).run(parts, found, Scope(), PUBLIC)["evidence"]
    assert [one.question for one in evidence] == parts
    for part, own in zip(parts, evidence, strict=True):
        assert [hit.passage.id for hit in own.hits] == [
            hit.passage.id for hit in library.search(part, top=pipeline.TOP)
        ]


def test_haystack_is_not_loaded_before_somebody_asks() -> None:
    """Pages that are only read do without it."""
    program = "import sys, bot.assistant, bot.commands; sys.exit('haystack' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
