"""What is left after a crash, beside a running owner, on a damaged disk, in a backup."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from index.owning import LibraryInUse
from index.scope import STAFF, Scope
from index.upkeep import back_up, check, restore
from ingest.errors import NotFound, UjuziError
from tests.fakes import HashEmbedder
from tests.index import made

MODES = ("words", "meaning", "hybrid")


def filled(folder: Path, documents: int = 4) -> Path:
    """A library of a few documents, closed again."""
    with Library(folder, embedder=HashEmbedder()) as library:
        some = [made.sections(f"fee-{n}", [f"The fee is {n}.", "Cattle graze."]) for n in range(documents)]
        for _ in library.add_all(some):
            pass
    return folder


def agrees_with_its_truth(library: Library) -> None:
    """Every published passage is found by words and by meaning, and nothing else is."""
    published = {one.passage.id for one in library.published_passages(STAFF)}
    for identity in {one.partition("@")[0] for one in published}:
        own = {one for one in published if one.startswith(f"{identity}@")}
        for mode in ("words", "meaning"):
            hits = library.search("canal part", Scope(sources=(identity,)), STAFF, mode=mode, top=100)
            assert {hit.passage.id for hit in hits} == own, (identity, mode)
    everything = {hit.passage.id for hit in library.search("canal part", reader=STAFF, top=1_000)}
    assert everything <= published
    assert library.indexes_agree()


def test_a_killed_owner_leaves_a_consistent_library(tmp_path: Path) -> None:
    chance = random.Random(7)
    for attempt in range(5):
        command = [sys.executable, "-m", "tests.index.crashing", str(tmp_path), str(attempt * 60)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as adding:
            assert adding.stdout is not None
            assert adding.stdout.readline()
            time.sleep(chance.random() * 0.6)
            adding.send_signal(signal.SIGKILL)
            told = [line.split() for line in adding.stdout]
        with Library(tmp_path, embedder=HashEmbedder()) as library:
            stored = {entry.source.id for entry in library.entries(STAFF)}
            last = {identity: what for what, identity in told}
            assert {identity for identity, what in last.items() if what == "added"} <= stored
            agrees_with_its_truth(library)
            verdict = check(library)
            assert verdict.ok, verdict.problems
            assert all(problem.repaired for problem in verdict.problems)


def damage_manifest(derived: Path) -> None:
    (derived / "manifest.json").write_text("{ half")


def damage_vectors(derived: Path) -> None:
    path = derived / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def damage_words(derived: Path) -> None:
    (derived / "words" / "meta.json").write_text("{ half")


def lose_words(derived: Path) -> None:
    shutil.rmtree(derived / "words")


def lose_a_segment(derived: Path) -> None:
    next((derived / "words").glob("*.term")).unlink()


def truncate_a_segment(derived: Path) -> None:
    for path in (derived / "words").glob("*.idx"):
        path.write_bytes(path.read_bytes()[:10])


def lose_everything(derived: Path) -> None:
    shutil.rmtree(derived)


def make_stale(derived: Path) -> None:
    """As if the indexes had been restored from another day, with as many passages as today."""
    with Library(derived.parent, embedder=HashEmbedder()) as library:
        library.add(made.sections("fee-9", ["The fee is 9.", "Cattle graze."]), draft=True)
    with sqlite3.connect(derived.parent / "ujuzi.db") as connection:
        connection.execute("UPDATE versions SET state = 'withdrawn' WHERE source_id = 'fee-3'")
        connection.execute("UPDATE versions SET state = 'published' WHERE source_id = 'fee-9'")
    connection.close()


def flip_a_byte(derived: Path) -> None:
    path = next((derived / "words").glob("*.fast"))
    content = bytearray(path.read_bytes())
    content[1] ^= 0xFF
    path.write_bytes(content)


DAMAGES = [
    flip_a_byte,
    damage_manifest,
    damage_vectors,
    damage_words,
    lose_words,
    lose_a_segment,
    truncate_a_segment,
    lose_everything,
    make_stale,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damaged_or_stale_indexes_are_made_again_without_embedding(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = filled(tmp_path / "library")
    damage(folder / "derived")
    embedder = made.CountingEmbedder()
    first = True
    for read_only in (True, False, False):
        with Library(folder, embedder=embedder, read_only=read_only) as library:
            published = {one.passage.id for one in library.published_passages() if one.passage.number == 1}
            for mode in MODES:
                hits = library.search("the fee is", mode=mode, top=len(published))
                assert {hit.passage.id for hit in hits} == published
            assert library.indexes_agree()
            assert library.was_rebuilt == (first and damage is not lose_everything)
            first = first and read_only
    assert embedder.encoded == 0


def test_check_tells_that_a_harmed_index_was_made_again(tmp_path: Path) -> None:
    damage_vectors(filled(tmp_path) / "derived")
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        (problem,) = check(library).problems
    assert problem.repaired and "search indexes" in problem.what


def alter(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / "ujuzi.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_library_of_an_earlier_version_is_brought_up_to_date_by_its_owner(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    with Library(folder, embedder=HashEmbedder()) as library:
        found = [hit.passage for hit in library.search("What is the fee?")]
        (states,) = library.token_states(found[:1])
    alter(folder, "ALTER TABLE vectors DROP COLUMN tokens", "PRAGMA user_version = 1")
    damage_manifest(folder / "derived")  # it is of another truth there
    with pytest.raises(UjuziError, match=r"earlier version of Ujuzi.*ujuzi check"):
        Library(folder, embedder=HashEmbedder(), read_only=True)
    embedder = made.CountingEmbedder()
    for _ in range(2):
        with Library(folder, embedder=embedder) as library:
            assert [hit.passage for hit in library.search("What is the fee?")] == found
            (again,) = library.token_states(found[:1])
            assert (again.vectors == states.vectors).all() and (again.spans == states.spans).all()
            assert check(library).ok
            passages = len(list(library.published_passages()))
    assert embedder.encoded == passages  # each once


def test_a_backup_of_an_earlier_version_can_be_restored(tmp_path: Path) -> None:
    folder, backup = filled(tmp_path / "library"), tmp_path / "backup.zip"
    with Library(folder, embedder=HashEmbedder()) as library:
        found = [hit.passage for hit in library.search("What is the fee?")]
        back_up(library, backup)
    alter(folder, "ALTER TABLE vectors DROP COLUMN tokens", "PRAGMA user_version = 1")
    with zipfile.ZipFile(backup, "r") as packed:
        originals = {name: packed.read(name) for name in packed.namelist() if name != "ujuzi.db"}
    with zipfile.ZipFile(backup, "w") as packed:
        packed.write(folder / "ujuzi.db", "ujuzi.db")
        for name, content in originals.items():
            packed.writestr(name, content)
    restore(backup, tmp_path / "again")
    with Library(tmp_path / "again", embedder=HashEmbedder()) as library:
        assert [hit.passage for hit in library.search("What is the fee?")] == found
        assert check(library).ok


def test_a_library_that_is_older_than_any_release_is_left_alone(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    alter(folder, "DROP TABLE events", "CREATE TABLE events (id TEXT)", "PRAGMA user_version = 0")
    with pytest.raises(UjuziError, match="add the documents again"):
        Library(folder, embedder=HashEmbedder())


def test_a_library_of_a_later_version_and_another_database_are_left_alone(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    alter(folder, "PRAGMA user_version = 99")
    with pytest.raises(UjuziError, match="later version of Ujuzi"):
        Library(folder, embedder=HashEmbedder())
    (tmp_path / "other").mkdir()
    alter(tmp_path / "other", "CREATE TABLE shopping (item TEXT)")
    content = (tmp_path / "other" / "ujuzi.db").read_bytes()
    with pytest.raises(UjuziError, match="something else"):
        Library(tmp_path / "other", embedder=HashEmbedder())
    assert (tmp_path / "other" / "ujuzi.db").read_bytes()[100:] == content[100:]  # WAL is noted in the head


def test_an_index_that_is_sound_is_taken_up_and_not_made_again(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    rebuilt: list[tuple[int, int]] = []
    for change in range(3):
        with Library(
            folder, embedder=HashEmbedder(), on_rebuild=lambda *done: rebuilt.append(done)
        ) as library:
            library.add(made.text("new", f"The fee is new: {change}."))
            library.withdraw("new")
            library.search("fee")
    assert rebuilt == []
    (folder / "derived" / "manifest.json").unlink()
    with Library(folder, embedder=HashEmbedder(), on_rebuild=lambda *done: rebuilt.append(done)) as library:
        library.search("fee")
    assert rebuilt == [(4, 4)]


def test_a_reader_beside_the_owner_sees_each_change_when_it_opens(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as owner:
        for number in range(3):
            owner.add(made.text("fees", f"The fee is {number}."))
            with Library(tmp_path, embedder=HashEmbedder(), read_only=True) as reader:
                for mode in MODES:
                    assert [hit.passage.text for hit in reader.search("fee", mode=mode)] == [
                        f"The fee is {number}."
                    ]
        owner.remove("fees")
        with Library(tmp_path, embedder=HashEmbedder(), read_only=True) as reader:
            assert reader.search("fee") == []


def test_a_second_owner_is_refused_in_a_sentence(tmp_path: Path) -> None:
    sentence = "Another process is using the library in"
    with Library(tmp_path, embedder=HashEmbedder()), pytest.raises(LibraryInUse, match=sentence):
        Library(tmp_path, embedder=HashEmbedder())
    Library(tmp_path, embedder=HashEmbedder()).close()


def test_there_is_nothing_to_read_where_there_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no library in"):
        Library(tmp_path / "nowhere", read_only=True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_that_is_none_is_refused_in_a_sentence(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "ujuzi.db").write_bytes(b"This was a database once. " * 500)
    with pytest.raises(UjuziError, match="cannot be read as a library"):
        Library(tmp_path, embedder=HashEmbedder(), read_only=read_only)


# check


def test_all_is_well_with_a_fresh_library(library: Library) -> None:
    library.add(made.sections("fees", ["The fee.", "Cattle."]))
    verdict = check(library)
    assert (verdict.ok, verdict.sources, verdict.passages, verdict.problems) == (True, 1, 2, ())


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE versions SET text = replace(text, 'fee', 'fed')", "text of version 1 has changed"),
        ("UPDATE passages SET text = 'forged'", "no longer stands in its text"),
        ("UPDATE passages SET start = start + 1", "no longer stands in its text"),
    ],
)
def test_check_reports_words_that_were_changed(tmp_path: Path, change: str, what: str) -> None:
    filled(tmp_path, 1)
    with sqlite3.connect(tmp_path / "ujuzi.db") as connection:
        connection.execute(change)
    connection.close()
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        verdict = check(library)
    assert not verdict.ok
    assert any(what in problem.what and problem.source_id == "fee-0" for problem in verdict.problems)


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_check_reports_an_original_that_is_not_what_it_was(library: Library, damage: str) -> None:
    library.add(made.text("fees", "The fee."))
    path = library.original(library.entry("fees"))
    path.unlink() if damage == "missing" else path.write_bytes(b"forged")
    (problem,) = check(library).problems
    assert problem.source_id == "fees" and "original file fees.txt" in problem.what and not problem.repaired


def test_check_repairs_the_indexes_and_clears_what_a_crash_left(library: Library) -> None:
    library.add(made.text("fees", "The fee."))
    library.originals.keep(b"of a document that never came to be")
    library._indexing.derived.words.fill_anew([])
    verdict = check(library)
    assert verdict.ok and [problem.repaired for problem in verdict.problems] == [True, True]
    assert check(library).problems == ()
    assert len(library.search("fee", mode="words")) == 1


# backups


def test_a_backup_while_documents_are_added_is_whole(tmp_path: Path) -> None:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(made.text("first", "Canal part zero."))
        stop = threading.Event()

        def go_on() -> None:
            number = 0
            while not stop.is_set():
                library.add(made.sections(f"source-{number % 5}", [f"Canal part {number}."]))
                number += 1

        adding = threading.Thread(target=go_on)
        adding.start()
        time.sleep(0.3)
        with Library(tmp_path / "library", embedder=HashEmbedder(), read_only=True) as beside:
            back_up(beside, tmp_path / "backup.zip")
        stop.set()
        adding.join()
    restore(tmp_path / "backup.zip", tmp_path / "again")
    with Library(tmp_path / "again", embedder=HashEmbedder()) as library:
        assert check(library).ok
        assert library.count()[0] >= 2
        agrees_with_its_truth(library)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "backup.zip", "library"]


def test_a_restored_library_is_the_same_without_embedding(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    with Library(folder, embedder=HashEmbedder()) as library:
        library.add(made.text("fee-0", "The fee changed."))
        library.add(made.text("draft", "The fee is a draft."), draft=True)
        entries, texts = library.entries(STAFF), [hit.passage.text for hit in library.search("fee")]
        back_up(library, tmp_path / "backup.zip")
    restore(tmp_path / "backup.zip", tmp_path / "again")
    embedder = made.CountingEmbedder()
    with Library(tmp_path / "again", embedder=embedder) as again:
        assert again.entries(STAFF) == entries
        assert [hit.passage.text for hit in again.search("fee")] == texts
        assert again.read("fee-0", number=1)[1].text.startswith("Part 1")
        assert again.original(again.entry("fee-0")).read_bytes() == b"The fee changed."
        assert check(again).ok
    assert embedder.encoded == 0


def test_restore_refuses_a_folder_that_holds_a_library(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    with Library(folder, embedder=HashEmbedder(), read_only=True) as library:
        back_up(library, tmp_path / "backup.zip")
    before = (folder / "ujuzi.db").read_bytes()
    with pytest.raises(UjuziError, match="holds a library already"):
        restore(tmp_path / "backup.zip", folder)
    assert (folder / "ujuzi.db").read_bytes() == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2_000])


def _flip(path: Path, at: int = 200) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


def _flip_further_on(path: Path) -> None:
    _flip(path, 1_000)


def _replace_database(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("ujuzi.db", "This was a database once. " * 500)


def _leave_database_out(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("originals/" + "0" * 64, "x")


def _take_another_database(path: Path) -> None:
    other = path.with_suffix(".other")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE shopping (item TEXT)")
    connection.close()
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(other, "ujuzi.db")


def _delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "damage",
    [_cut, _flip, _flip_further_on, _replace_database, _leave_database_out, _take_another_database, _delete],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder, backup = filled(tmp_path / "library"), tmp_path / "backup.zip"
    with Library(folder, embedder=HashEmbedder(), read_only=True) as library:
        back_up(library, backup)
    damage(backup)
    with pytest.raises(UjuziError, match=r"backup\.zip.*(Take another one|backup)"):
        restore(backup, tmp_path / "again")
    assert not any((tmp_path / "again").iterdir())


def test_a_backup_cannot_write_outside_the_folder(tmp_path: Path) -> None:
    folder, backup = filled(tmp_path / "library"), tmp_path / "backup.zip"
    with Library(folder, embedder=HashEmbedder(), read_only=True) as library:
        back_up(library, backup)
    with zipfile.ZipFile(backup, "a") as packed:
        packed.writestr("originals/../../escaped.txt", "x")
        packed.writestr("/escaped.txt", "x")
    restore(backup, tmp_path / "again")
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_backup_needs_a_folder_and_does_without_a_lost_original(tmp_path: Path) -> None:
    with Library(filled(tmp_path / "library"), embedder=HashEmbedder()) as library:
        with pytest.raises(UjuziError, match="there is no folder"):
            back_up(library, tmp_path / "nowhere" / "backup.zip")
        library.original(library.entry("fee-0")).unlink()
        back_up(library, tmp_path / "backup.zip")
    restore(tmp_path / "backup.zip", tmp_path / "again")
    with Library(tmp_path / "again", embedder=HashEmbedder()) as again:
        assert [problem.source_id for problem in check(again).problems] == ["fee-0"]


def test_the_manifest_names_the_truth_that_the_indexes_were_made_from(library: Library) -> None:
    library.add(made.text("fees", "The fee."))
    noted = json.loads((library.folder / "derived" / "manifest.json").read_text())
    assert noted["truth"] == library.store.checksum(HashEmbedder.name)
