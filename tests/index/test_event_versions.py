"""An event is seen exactly while the version that holds its programme is published for the reader."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.library import Library
from index.scope import STAFF
from index.upkeep import check
from ingest.domain import Event
from ingest.errors import UjuziError
from ingest.media import MediaType
from ingest.reading import Document
from tests.fakes import HashEmbedder
from tests.index import made


def event(identity: str = "fares", title: str = "Fares", hour: int = 9) -> Event:
    start = datetime(2026, 2, 10, hour, tzinfo=UTC)
    return Event(identity, title, start, start.replace(hour=hour + 1), "Africa/Nairobi")


def note(title: str, identity: str = "note") -> Document:
    """A concept note whose words and whose event bear ``title``."""
    return made.text(identity, f"The webinar is called {title}.", event_=event(title=title), event="fares")


def titles(library: Library) -> list[str]:
    return [one.title for one in library.events()]


def test_the_programme_of_a_draft_waits_for_the_draft_to_be_published(library: Library) -> None:
    library.add(note("Who pays"), draft=True)
    assert titles(library) == [] and not library.events(STAFF)
    library.publish("note")
    assert titles(library) == ["Who pays"]


def test_a_draft_leaves_the_published_programme_alone(library: Library) -> None:
    library.add(note("Who pays"))
    library.add(note("Who pays the fare"), draft=True)
    assert titles(library) == ["Who pays"]
    library.publish("note")
    assert titles(library) == ["Who pays the fare"]


def test_a_version_without_a_programme_takes_the_event_with_it(library: Library) -> None:
    library.add(note("Who pays"))
    library.add(made.text("note", "The webinar was called off."))
    assert titles(library) == []


def test_an_event_goes_when_its_version_is_withdrawn_and_comes_back_with_it(library: Library) -> None:
    library.add(note("Who pays"))
    library.withdraw("note")
    assert titles(library) == []
    library.publish("note")
    assert titles(library) == ["Who pays"]
    library.remove("note")
    assert titles(library) == [] and library.store.events() == {}


def test_an_event_is_seen_by_whoever_may_read_its_programme(library: Library) -> None:
    library.add(note("Who pays"), audience="staff")
    assert titles(library) == []
    assert [one.title for one in library.events(STAFF)] == ["Who pays"]
    library.withdraw("note")
    library.publish("note", audience="public")
    assert titles(library) == ["Who pays"]


def test_the_event_file_wins_over_what_was_read_out_of_a_note(library: Library) -> None:
    """Whichever was added first; without the file, the note that came first."""
    library.add(note("As the note has it"))
    library.add(note("As another note has it", "other"))
    assert titles(library) == ["As the note has it"]
    programme = made.text(
        "event-fares", "Programme.", event_=event(title="As the file has it"), event="fares"
    )
    library.add(programme)
    assert titles(library) == ["As the file has it"]
    library.withdraw("event-fares")
    assert titles(library) == ["As the note has it"]


def test_the_latest_event_comes_first(library: Library) -> None:
    for hour in (9, 14, 11):
        library.add(
            made.text(f"at-{hour}", f"Programme at {hour}.", event_=event(str(hour), str(hour), hour))
        )
    assert titles(library) == ["14", "11", "9"]


def test_an_illustrative_note_can_be_found_though_an_illustrative_event_file_cannot(library: Library) -> None:
    made_up = replace(event(), illustrative=True)
    library.add(made.text("note", "The fare of the note.", event_=made_up, illustrative=True))
    programme = made.text("event-fares", "The fare of the file.", event_=made_up, illustrative=True)
    library.add(replace(programme, media_type=MediaType.EVENT))
    assert [hit.passage.source_id for hit in library.search("fare")] == ["note"]


def of_sources(folder: Path) -> None:
    """Make a library as the version before did, whose events belonged to sources."""
    with sqlite3.connect(folder / "ujuzi.db") as connection:
        rows = connection.execute(
            "SELECT DISTINCT source_id, '', e.description FROM events e JOIN versions v ON v.id = version_id "
            "WHERE state <> 'replaced'"
        ).fetchall()
        connection.execute("DROP TABLE events")
        connection.execute(
            "CREATE TABLE events (source_id VARCHAR NOT NULL PRIMARY KEY, start VARCHAR NOT NULL, "
            "description TEXT NOT NULL)"
        )
        connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
        connection.execute("PRAGMA user_version = 2")
    connection.close()


def test_a_library_whose_events_belonged_to_sources_keeps_them_and_its_vectors(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("note", "Before there was a programme."))
        library.add(note("Who pays"))
        library.add(made.text("note", "What comes next."), draft=True)
        library.add(note("Taken back", "withdrawn"))
        library.withdraw("withdrawn")
        library.add(made.text("withdrawn", "What comes after it."), draft=True)
        vectors = library.store.vectors(range(1, 9), HashEmbedder.name).keys()
        assert len(vectors) == 5
    of_sources(tmp_path)
    with pytest.raises(UjuziError, match=r"earlier version of Ujuzi.*ujuzi check"):
        Library(tmp_path, embedder=HashEmbedder(), read_only=True)
    embedder = made.CountingEmbedder()
    for _ in range(2):
        with Library(tmp_path, embedder=embedder) as library:
            assert titles(library) == ["Who pays"]
            numbers = {entry.id: (entry.source.id, entry.number) for entry in library.store.entries()}
            assert {numbers[row] for row in library.store.events()} == {("note", 2), ("withdrawn", 1)}
            assert library.store.vectors(range(1, 9), HashEmbedder.name).keys() == vectors
            library.search("programme")
            assert check(library).ok and not library.was_rebuilt
    assert embedder.encoded == 0
