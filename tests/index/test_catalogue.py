"""Filter before rank: what a scope leaves is found however many better passages stand outside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.library import Library
from index.scope import PUBLIC, STAFF, Reader, Scope
from tests.fakes import HashEmbedder
from tests.index import made

MODES = ("hybrid", "words", "meaning")
QUESTION = "airfare seasonal workers"
BETTER = "Airfare, airfare, seasonal workers, airfare of seasonal workers: part {}."  # than this one:
WANTED = "In the long annex somebody also mentions workers and an airfare among many other matters, {}."
DECOYS = 3_000


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two passages in one odd document among 3,000 that fit the question better; and one of staff's."""
    odd = {
        "kind": "guideline",
        "countries": ("Tonga", "Samoa"),
        "corridors": ("Tonga -> Australia",),
        "sectors": ("horticulture",),
        "themes": ("funding",),
        "event": "financing",
        "language": "fr",
        "date": date(2020, 1, 31),
        "tier": "peer reviewed",
    }
    with Library(tmp_path_factory.mktemp("crowd"), embedder=HashEmbedder()) as library:
        documents = [
            made.sections(
                f"decoy-{number}",
                [BETTER.format(f"{number}, {part}") for part in range(100)],
                kind="report",
                countries=("Kenya",),
                date=date(2026, 3, 1),
            )
            for number in range(DECOYS // 100)
        ]
        wanted = made.talk("wanted", [("Anna", WANTED.format("one")), ("Anna", WANTED.format("two"))])
        documents.append(replace(wanted, source=replace(wanted.source, **odd)))
        for _ in library.add_all(documents):
            pass
        library.add(made.text("secret", BETTER.format("secret"), themes=("needs",)), audience="staff")
        yield library


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "scope",
    [
        Scope(kinds=("guideline",)),
        Scope(countries=("samoa",)),
        Scope(corridors=("Tonga -> Australia",)),
        Scope(sectors=("horticulture",)),
        Scope(themes=("Funding",)),
        Scope(events=("financing",)),
        Scope(languages=("fr",)),
        Scope(tiers=("Peer reviewed",)),
        Scope(sources=("wanted",)),
        Scope(speakers=("ANNA",)),
        Scope(until=date(2020, 12, 31)),
        Scope(kinds=("guideline", "slides"), countries=("Tonga",), speakers=("Anna", "Ben")),
    ],
    ids=str,
)
def test_two_passages_among_three_thousand(crowd: Library, scope: Scope, mode: str) -> None:
    hits = crowd.search(QUESTION, scope, mode=mode, top=10)
    assert {hit.passage.id for hit in hits} == {"wanted@1:1", "wanted@1:2"}


@pytest.mark.parametrize("mode", MODES)
def test_without_a_scope_they_do_not_even_come_near(crowd: Library, mode: str) -> None:
    hits = crowd.search(QUESTION, mode=mode, top=100)
    assert len(hits) == 100 and all(hit.passage.source_id.startswith("decoy") for hit in hits)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(kinds=("slides",)),
        Scope(kinds=("guideline",), countries=("Kenya",)),
        Scope(speakers=("Nobody",)),
        Scope(since=date(2026, 3, 2)),
        Scope(since=date(2020, 2, 1), kinds=("guideline",)),
        Scope(themes=("needs",)),
    ],
    ids=str,
)
def test_a_scope_that_leaves_nothing_finds_nothing(crowd: Library, scope: Scope) -> None:
    assert all(crowd.search(QUESTION, scope, mode=mode) == [] for mode in MODES)


def test_both_days_of_a_range_belong_to_it(crowd: Library) -> None:
    day = date(2020, 1, 31)
    assert len(crowd.search(QUESTION, Scope(since=day, until=day))) == 2


def test_rows_can_be_named_and_nothing_else_is_found(crowd: Library) -> None:
    rows = {one.row for one in crowd.published_passages() if one.passage.id in ("wanted@1:2", "decoy-7@1:5")}
    found = {hit.passage.id for hit in crowd.search(QUESTION, only=rows)}
    assert found == {"wanted@1:2", "decoy-7@1:5"}
    assert crowd.search(QUESTION, only=frozenset()) == []


def test_a_reader_of_few_documents_finds_them_among_many(crowd: Library) -> None:
    staff_alone = Reader("clerk", frozenset({"staff"}))
    assert [hit.source.id for hit in crowd.search(QUESTION, reader=staff_alone)] == ["secret"]
    assert crowd.count(STAFF) == (32, 3_003) and crowd.count(PUBLIC) == (31, 3_002)


@pytest.mark.parametrize("mode", MODES)
def test_top_is_kept(crowd: Library, mode: str) -> None:
    assert [len(crowd.search(QUESTION, mode=mode, top=top)) for top in (0, 1, 7)] == [0, 1, 7]
