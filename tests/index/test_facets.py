"""The word index filters by terms, the catalogue by looking at each source: both must mean the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.facets import filter_of
from index.library import Library
from index.scope import STAFF, Reader, Scope
from ingest.domain import NOT_REVIEWED, TIERS, Source
from tests.fakes import HashEmbedder
from tests.index import made

KINDS, COUNTRIES = ("report", "slides", "transcript"), ("Kenya", "Côte d’Ivoire", "Tonga and Samoa")
SECTORS, THEMES = ("care", "sea & air"), ("needs", "Funding")
CORRIDORS, EVENTS = ("Kenya -> Germany", "kenya"), ("event-1", None)
LANGUAGES, SPEAKERS = ("en", "fr"), ("Anna", "BEN", "Anna Ben", None)
AUDIENCES = ("public", "members", "staff")
FIRST = date(2024, 1, 1)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Forty-five documents of two passages each, every one described at random."""
    chance = random.Random(3)

    def some(values: Sequence[str]) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(0, len(values))))

    with Library(tmp_path_factory.mktemp("mixed"), embedder=HashEmbedder()) as library:
        for number in range(45):
            turns = [(chance.choice(SPEAKERS), f"The fee is {number}.") for _ in range(2)]
            document = made.talk(f"Source-{number}", turns)  # type: ignore[arg-type]
            described = replace(
                document.source,
                kind=chance.choice(KINDS),
                countries=some(COUNTRIES),
                corridors=some(CORRIDORS),
                sectors=some(SECTORS),
                themes=some(THEMES),
                event=chance.choice(EVENTS),
                language=chance.choice(LANGUAGES),
                date=chance.choice([None, FIRST + timedelta(days=chance.randrange(20))]),
                tier=chance.choice(["", *TIERS]),
            )
            library.add(replace(document, source=described), audience=chance.choice(AUDIENCES))
        yield library


def random_scope(chance: random.Random) -> Scope:
    """A scope of which about two fields limit something; values differ in case from what is stored."""

    def wanted(*values: str | None) -> tuple[str, ...]:
        named = [value for value in values if value is not None]
        some = chance.sample(named, chance.randint(1, len(named))) if chance.random() < 0.2 else []
        return tuple(chance.choice([value, value.upper(), value.lower()]) for value in some)

    def day() -> date | None:
        return FIRST + timedelta(days=chance.randrange(20)) if chance.random() < 0.2 else None

    return Scope(
        kinds=wanted(*KINDS),
        countries=wanted(*COUNTRIES, "Kenya and Samoa"),
        corridors=wanted(*CORRIDORS),
        sectors=wanted(*SECTORS),
        themes=wanted(*THEMES),
        events=wanted(*EVENTS, ""),
        languages=wanted(*LANGUAGES),
        tiers=wanted(*TIERS, NOT_REVIEWED),
        sources=wanted(*(f"Source-{number}" for number in range(0, 45, 4))),
        speakers=wanted(*SPEAKERS),
        since=day(),
        until=day(),
    )


def admitted(library: Library, scope: Scope, reader: Reader) -> set[str]:
    """The passages inside ``scope``, each looked at in turn."""
    audiences = {entry.source.id: entry.audience for entry in library.entries(STAFF)}
    speakers = {name.casefold() for name in scope.speakers}

    def lies_inside(source: Source, spoken: Sequence[str]) -> bool:
        heard = not speakers or not speakers.isdisjoint(name.casefold() for name in spoken)
        return audiences[source.id] in reader.audiences and scope.admits(source) and heard

    return {
        one.passage.id
        for one in library.published_passages(STAFF)
        if lies_inside(one.source, one.place.speakers)
    }


def test_words_and_meaning_find_what_a_scope_admits(mixed: Library) -> None:
    chance = random.Random(5)  # a search ranks no more than a hundred of each half, and there are ninety
    sizes = set()
    for _ in range(200):
        scope = random_scope(chance)
        reader = Reader("one", frozenset(chance.sample(AUDIENCES, chance.randint(1, 3))))
        expected = admitted(mixed, scope, reader)
        for mode in ("words", "meaning"):
            found = {hit.passage.id for hit in mixed.search("fee", scope, reader, mode=mode, top=200)}
            assert found == expected, (mode, scope, reader)
        sizes.add(len(expected))
    assert len(sizes) > 20  # from none to many


def test_a_reader_of_no_audience_finds_nothing(mixed: Library) -> None:
    assert mixed.search("fee", reader=Reader("nobody", frozenset())) == []
    assert filter_of(Scope(), ()).groups == ((),)  # a term of none is asked for, which no passage has


def test_very_many_values_are_no_obstacle(mixed: Library) -> None:
    everything = tuple(f"Source-{number}" for number in range(5_000))
    hits = mixed.search("fee", Scope(sources=everything), STAFF, mode="words", top=200)
    assert {hit.passage.id for hit in hits} == {one.passage.id for one in mixed.published_passages(STAFF)}
