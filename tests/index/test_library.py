"""The life of a document: added, changed, published, withdrawn, removed; and who may see it meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from index.entries import DISCARDED, DRAFT, PUBLISHED
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader, Scope
from ingest.domain import Event, Source
from ingest.errors import NotFound, UjuziError
from tests.fakes import HashEmbedder
from tests.index import made

MODES = ("hybrid", "words", "meaning")
CANARY = "xqjkwzplonk"  # no stemmer changes it, no other text holds it


def found(library: Library, question: str, mode: str = "hybrid", **more: Any) -> list[str]:
    """The words of what is found."""
    return [hit.passage.text for hit in library.search(question, mode=mode, **more)]


def test_adding_twice_changes_nothing(library: Library) -> None:
    fees = made.text("fees", "The employer pays the fee.", kind="report")
    assert library.add(fees).status == "added"
    before = library.entries()
    again = library.add(fees)
    assert (again.status, again.source_id) == ("unchanged", "fees")
    assert library.entries() == before
    assert library.count() == (1, 1)


def test_another_description_of_the_same_bytes_is_a_new_version(library: Library) -> None:
    fees = made.text("fees", "The employer pays the fee.")
    library.add(fees)
    described = replace(fees, source=replace(fees.source, countries=("Kenya",)))
    assert library.add(described).status == "replaced"
    assert [hit.source.countries for hit in library.search("fee")] == [("Kenya",)]


@pytest.mark.parametrize("mode", MODES)
def test_a_changed_file_answers_in_the_place_of_the_old_one(library: Library, mode: str) -> None:
    library.add(made.text("fees", "The fee is eighty shillings."))
    assert library.add(made.text("fees", "The fee was abolished.")).status == "replaced"
    assert found(library, "fee shillings", mode) == ["The fee was abolished."]
    assert library.count() == (1, 1)


def test_while_a_file_is_replaced_exactly_one_version_answers(library: Library) -> None:
    library.add(made.text("fees", "Fee number 0."))
    seen: list[list[str]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            seen.append(found(library, "fee number"))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(1, 13):
        library.add(made.text("fees", f"Fee number {number}."))
        assert found(library, "fee number") == [f"Fee number {number}."]
    done.set()
    asking.join()
    assert seen and all(len(words) <= 1 for words in seen)
    numbers = [int(words[0].split()[2].rstrip(".")) for words in seen if words]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("together", [True, False])
def test_the_same_bytes_elsewhere_are_a_duplicate(library: Library, together: bool) -> None:
    first = made.text("first", "The employer pays the fee.")
    second = replace(first, source=replace(first.source, id="second"))
    if together:
        _, report = library.add_all([first, second])
    else:
        library.add(first)
        report = library.add(second)
    assert (report.status, report.source_id) == ("duplicate", "first")
    assert "first" in report.reason
    assert library.count() == (1, 1)


def test_two_versions_in_one_delivery_are_two_versions(library: Library) -> None:
    reports = list(library.add_all([made.text("fees", "Fee one."), made.text("fees", "Fee two.")]))
    assert [report.status for report in reports] == ["added", "replaced"]
    assert found(library, "fee") == ["Fee two."]


def traces(folder: Path) -> list[str]:
    """The files that hold the canary, as text, or as a term of the word index (written backwards there)."""
    wanted = (CANARY.encode(), CANARY[::-1].encode(), CANARY[4:].encode(), CANARY[:3:-1].encode())
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in wanted)
    ]


def test_a_word_that_stands_only_in_what_is_hidden_is_as_strange_as_any(library: Library) -> None:
    library.add(made.text("open", "The fee is abolished."))
    library.add(made.text("secret", f"The {CANARY} sings."), audience="staff")
    seen, strange = library.understand(f"{CANARY} fee"), library.understand("never fee")
    assert seen.unheard == {CANARY} and seen.passages["fee"] == 1
    assert seen.rarity[CANARY] == strange.rarity["never"]
    assert library.understand(CANARY, STAFF).passages == {CANARY: 1}


def test_removal_leaves_no_trace_on_the_disk(library: Library) -> None:
    secret = made.text(CANARY, f"The {CANARY} of the library sings. " * 40)
    changed = made.text(CANARY, f"Another {CANARY} sings.")
    others = [made.text(f"fees-{number}", f"Fee number {number}.") for number in range(5)]
    for _ in library.add_all([*others, secret]):
        pass
    library.add(changed)
    assert len(traces(library.folder)) >= 3  # journal, both originals
    entry, version = library.read(CANARY)
    assert version.text == changed.text
    library.remove(CANARY)
    with pytest.raises(NotFound):
        library.words_of(entry)
    assert traces(library.folder) == []
    assert library.understand(CANARY).rarity[CANARY] == library.understand("never").rarity["never"]
    assert found(library, CANARY, "words") == [] and len(found(library, "fee")) == 5
    with pytest.raises(NotFound):
        library.read(CANARY, STAFF, 1)
    library.close()
    assert traces(library.folder) == []


def test_drafts_that_were_given_up_can_be_deleted_and_nothing_else_with_them(library: Library) -> None:
    words = ("Amina", CANARY, "Bakari", "Chausiku")
    first, second, third, fourth = (made.text("care", f"{word} cares.") for word in words)
    library.add(first)
    library.add(second, draft=True)
    library.add(third, draft=True)
    library.discard("care")
    library.add(fourth, draft=True)
    versions = {("care", 1), ("care", 2), ("care", 4), ("absent", 1)}

    def fails(_: Connection) -> None:
        raise UjuziError("no room")

    with pytest.raises(UjuziError):
        library.remove_discarded(versions, fails)
    assert len(library.versions("care", STAFF)) == 4
    entry, version = library.read("care", STAFF, 2)
    assert version.text == second.text
    assert traces(library.folder)
    library.remove_discarded(versions)
    assert [(entry.number, entry.state) for entry in library.versions("care", STAFF)] == [
        (1, PUBLISHED),
        (3, DISCARDED),
        (4, DRAFT),
    ]
    with pytest.raises(NotFound):
        library.words_of(entry)
    assert traces(library.folder) == []
    assert library.indexes_agree()
    library.publish("care")
    assert found(library, "Chausiku", "words") == ["Chausiku cares."]


def test_an_original_stays_while_another_document_is_made_from_it(library: Library) -> None:
    fees = made.text("fees", "The employer pays the fee.")
    library.add(fees)
    library.add(made.text("twin", "Something else first."))
    library.add(replace(fees, source=replace(fees.source, id="twin")))
    library.remove("fees")
    assert library.original(library.entry("twin")).read_bytes() == fees.content
    library.remove("twin")
    assert not library.originals.path(fees.digest).exists()


def test_a_draft_answers_only_when_it_is_published(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    assert library.add(made.text("fees", "The fee is ninety."), draft=True).status == "added"
    assert library.add(made.text("fees", "The fee is ninety."), draft=True).status == "unchanged"
    assert found(library, "fee", reader=STAFF) == ["The fee is eighty."]
    with pytest.raises(NotFound):
        library.read("fees", PUBLIC, 2)
    assert library.read("fees", STAFF, 2)[1].text == "The fee is ninety."
    assert [one.number for one in library.publish("fees")] == [2]
    for mode in MODES:
        assert found(library, "fee", mode) == ["The fee is ninety."]


def test_a_draft_alone_is_hidden_from_the_public(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."), draft=True)
    assert library.entries() == [] and library.count(PUBLIC) == (0, 0) and library.values("kind") == []
    assert [entry.state for entry in library.entries(STAFF)] == ["draft"]
    with pytest.raises(NotFound):
        library.read("fees")


def test_withdrawn_does_not_answer_until_it_is_published_again(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.withdraw("fees")
    assert all(found(library, "fee", mode, reader=STAFF) == [] for mode in MODES)
    for number in (None, 1):
        with pytest.raises(NotFound):
            library.read("fees", PUBLIC, number)
    assert library.read("fees", STAFF)[0].state == "withdrawn"
    library.publish("fees")
    assert found(library, "fee") == ["The fee is eighty."]


def test_a_replaced_version_stays_readable_by_its_number(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.add(made.text("fees", "The fee is ninety."))
    assert library.read("fees", PUBLIC, 1)[1].text == "The fee is eighty."
    entry, words = library.read("fees")
    assert (entry.number, words.text) == (2, "The fee is ninety.")
    library.withdraw("fees")  # and with the document, its older versions go
    with pytest.raises(NotFound):
        library.read("fees", PUBLIC, 1)


def test_what_is_staffs_is_hidden_from_everybody_else_at_every_door(library: Library) -> None:
    """Let every filter of audiences in catalogue.py, library.py or store.py be true, and this fails."""
    library.add(made.text("open", "The employer pays the fee.", kind="report"))
    described = {"kind": "guideline", "countries": (CANARY,), "themes": ("funding",), "event": CANARY}
    secret = made.talk("secret", [(CANARY, f"The {CANARY} pays the fee.")], event_=_event("secret"))
    secret = replace(secret, source=replace(secret.source, **described))
    library.add(secret, audience="staff")
    members = Reader("member", frozenset({"public", "members"}))
    for reader in (PUBLIC, members):
        for mode in MODES:
            for scope in (Scope(), Scope(sources=("secret",)), Scope(speakers=(CANARY,))):
                assert CANARY not in repr(library.search(CANARY, scope, reader, mode=mode))
        for field in ("kind", "countries", "themes", "event", "title", "language", "speakers"):
            assert CANARY not in repr(library.values(field, reader))
        assert library.values("kind", reader) == [("report", 1)]
        assert [entry.source.id for entry in library.entries(reader)] == ["open"]
        assert library.count(reader) == (1, 1)
        assert [one.source.id for one in library.published_passages(reader)] == ["open"]
        assert library.events(reader) == []
        for number in (None, 1):
            with pytest.raises(NotFound):
                library.read("secret", reader, number)
    assert CANARY in found(library, CANARY, reader=STAFF)[0]
    assert library.count(STAFF) == (2, 2) and len(library.events(STAFF)) == 1


def test_publishing_again_keeps_the_audience(library: Library) -> None:
    library.add(made.text("secret", "The fee is eighty."), audience="staff")
    library.withdraw("secret")
    library.publish("secret")
    assert found(library, "fee") == [] and found(library, "fee", reader=STAFF) != []
    library.withdraw("secret")
    library.publish("secret", audience="public")
    assert found(library, "fee") != []


def test_an_event_goes_with_its_programme(library: Library) -> None:
    """The document that is the programme need not be called like the event."""
    library.add(made.text("programme", "Programme of the webinar.", event_=_event("webinar")))
    assert [event.title for event in library.events()] == ["Webinar"]
    library.withdraw("programme")
    assert library.events() == []
    library.remove("programme")
    assert library.store.events() == {}


@pytest.mark.parametrize("verb", ["publish", "withdraw", "remove"])
def test_a_document_that_is_not_there_is_named(library: Library, verb: str) -> None:
    with pytest.raises(NotFound, match="no document called nothing"):
        getattr(library, verb)("nothing")


def test_what_is_published_cannot_be_published(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    with pytest.raises(UjuziError, match="no draft"):
        library.publish("fees")


def test_values_and_counts(library: Library) -> None:
    library.add(made.text("one", "Fee one.", countries=("Kenya", "Tonga"), themes=("needs",)))
    library.add(made.text("two", "Fee two.", countries=("Kenya",), kind="report"))
    library.add(made.talk("three", [("Anna", "Fee three."), ("Ben", "Fee four.")]))
    assert library.values("countries") == [("Kenya", 2), ("Tonga", 1)]
    assert dict(library.values("kind")) == {"other": 1, "report": 1, "transcript": 1}
    assert dict(library.values("speakers")) == {"Anna": 1, "Ben": 1}
    assert library.values("event") == []
    assert library.count() == (3, 4)


def test_a_library_without_documents_finds_nothing(tmp_path: Path) -> None:
    with Library(tmp_path / "new" / "library", embedder=HashEmbedder()) as library:
        assert all(found(library, "anything", mode) == [] for mode in MODES)
        assert library.count() == (0, 0) and library.entries() == []


def _event(identity: str) -> Event:
    start = datetime(2026, 2, 10, 9, tzinfo=UTC)
    return Event(identity, identity.capitalize(), start, start.replace(hour=10), "Africa/Nairobi")


def test_a_source_comes_back_as_it_was_described(library: Library) -> None:
    source = Source(id="fees", title="Fees", kind="report", countries=("Kenya",), corridors=("Kenya -> UK",))
    fees = replace(made.text("fees", "The fee."), source=source)
    library.add(fees)
    assert library.entry("fees").source == source


def test_a_model_that_is_absent_keeps_nobody_from_the_library(tmp_path: Path) -> None:
    with Library(tmp_path, model="nobody/has-it") as library:
        library.get_ready_beside()
        assert library.entries() == []
        with pytest.raises(UjuziError, match="ujuzi model nobody/has-it"):
            library.search("fee")


@pytest.mark.parametrize("top", [1, 10, 60])
def test_a_search_reads_what_it_returns_and_not_all_that_is_published(library: Library, top: int) -> None:
    """However many are wanted: from nineteen on SQLite would begin with all versions, left to itself."""
    for number in range(60):
        library.add(made.text(f"fee-{number}", f"The fee is number {number}."))
    library.search("fee")
    with _plans(library) as steps:
        assert len(library.search("fee", top=top)) == top
    assert steps and all("USING INTEGER PRIMARY KEY" in step or "passage_id=?" in step for step in steps), (
        steps
    )


def test_a_change_reads_the_sources_that_it_concerns_and_not_all_that_is_published(library: Library) -> None:
    for number in range(3):
        library.add(made.text(f"fee-{number}", f"The fee is number {number}."))
    with _plans(library) as steps:
        library.add(made.text("fee-3", "The fee is a new one."))
        library.add(made.text("fee-1", "The fee is another one."))
        library.withdraw("fee-1")
        library.publish("fee-1")
    through_all = [step for step in steps if "versions_by_state" in step]
    # what they have become is fingerprinted after each change, of all, from the index alone
    assert through_all == ["SEARCH versions USING COVERING INDEX versions_by_state (state=?)"] * 4, steps


@contextmanager
def _plans(library: Library) -> Iterator[list[str]]:
    """The steps by which SQLite does what the library asks of it meanwhile, filled in at the end."""
    asked: list[tuple[str, Any]] = []
    steps: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(library.folder / "ujuzi.db")) as database:
        for statement, given in asked:
            one = given[0] if isinstance(given, list) else given
            steps += [step[3] for step in database.execute(f"EXPLAIN QUERY PLAN {statement}", one)]
