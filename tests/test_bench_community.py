"""The part on the community: what it counts, by hand, and that every figure is shown."""

from __future__ import annotations

import random

from bench import asked, community, town
from bench.contributed import agreement, edited
from bench.visits import times
from ingest.domain import PlaceMap, Source
from ingest.reading import Document
from ingest.sentences import sentences


def test_every_figure_stands_in_a_table() -> None:
    figures = {
        one.name: {f"a row of {one.name}": dict.fromkeys(one.columns, 7.0)} for one in community.TABLES
    }
    lines = community.section(figures)
    for one in community.TABLES:
        cells = " | ".join(f"{7:.{digits}f}" for _, digits in one.columns.values())
        assert f"| a row of {one.name} | {cells} |" in lines
        assert lines[lines.index(one.note) - 1] == ""
    assert lines.count("") == 2 * len(figures) - 1  # after each table, and before each but the first
    assert community.targets(figures) == []


def test_what_was_not_counted_is_left_blank() -> None:
    figures = {"near-duplicates": {"pairs of different ones": {"texts": 903, "alike": 0}}}
    assert "| pairs of different ones | 903 | 0 |  |" in community.section(figures)


def test_pairs_of_questions_by_hand() -> None:
    # found: ab, cd; wanted: abc, d: of two pairs one is right, of three one is found
    assert asked.pairwise("aacc", "xxxy") == (1 / 2, 1 / 3)
    assert asked.pairwise("abc", "abc") == (1.0, 1.0)


def test_a_number_is_hidden_when_nothing_is_left_of_it() -> None:
    assert asked.is_hidden("Call 0712 345 678 or write to jane@example.org")
    assert not asked.is_hidden("It cost 1 500 000 FCFA in 2024")
    assert not asked.is_hidden("Call 0712 345 678 before May 2024")
    assert not asked.is_hidden("Call Jane")


def test_suggestions_are_counted_value_by_value_where_the_file_is_silent() -> None:
    blank = Source("", "a")
    given = Source("", "a", countries=("Kenya", "Fiji"))
    guessed = Source("", "a", countries=("Kenya", "Togo", "Mali"))
    said = Source("", "a", countries=("Chad",))
    assert agreement([(blank, given, guessed), (said, given, said)], "countries") == {
        "documents": 1,
        "given": 2,
        "suggested": 3,
        "precision": 0.3333,
        "recall": 0.5,
    }
    assert agreement([(blank, given, guessed)], "kind")["precision"] is None


def test_an_edit_replaces_its_share_of_the_sentences() -> None:
    documents = {name: document(name) for name in ("care", "visas and their fees")}
    text = edited(documents, "care", 0.3, random.Random(1))
    of = [text[span.start : span.end] for span in sentences(text, "en")]
    assert sum("care." in one for one in of) == 7
    assert sum("visas and their fees." in one for one in of) == 3


def document(subject: str) -> Document:
    text = "\n\n".join(f"Sentence number {number} is about {subject}." for number in range(10))
    return Document(Source(subject, subject), text, PlaceMap(), "", "text/markdown", subject, None, b"")


def test_times_are_counted_in_milliseconds() -> None:
    seconds = [number / 1000 for number in range(1, 101)]
    assert times(seconds) == {"times": 100, "p50_ms": 50.0, "p95_ms": 95.0}
    assert times([0.25]) == {"times": 1, "p50_ms": 250.0}


def test_there_are_as_many_questions_as_are_asked_all_different() -> None:
    made = list(town.questions())
    assert len(set(made)) == len(made) > town.IN_VAIN + town.ANSWERED
