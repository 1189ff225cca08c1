"""What is published, withdrawn and given up: in one transaction, for whom, and with which tier."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from index.facets import filter_of
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader, Scope
from index.store import Transaction
from index.upkeep import check
from ingest.errors import NotFound, UjuziError, Withdrawn
from tests.fakes import HashEmbedder
from tests.index import made

MEMBER = Reader("ann", frozenset({"public", "members"}))


def states(library: Library, source_id: str = "fees") -> list[str]:
    return [entry.state for entry in library.store.entries(source_ids={source_id})]


def found(library: Library, words: str, reader: Reader = PUBLIC, **limits: tuple[str, ...]) -> list[str]:
    scope = Scope(**limits)  # type: ignore[arg-type]
    return [hit.source.id for hit in library.search(words, scope, reader, mode="words")]


def refuse(_connection: Transaction) -> None:
    raise UjuziError("The other half failed.")


def test_several_are_published_together_and_the_next_search_obeys(library: Library) -> None:
    for name in ("fees", "annex"):
        library.add(made.text(name, f"The fee of the {name}."), draft=True)
    entries = library.publish("fees", "annex", audience="members", tier="peer reviewed")
    assert [(one.source.id, one.source.tier, one.audience) for one in entries] == [
        ("fees", "peer reviewed", "members"),
        ("annex", "peer reviewed", "members"),
    ]
    assert found(library, "fee") == [] and set(found(library, "fee", MEMBER)) == {"fees", "annex"}
    assert set(found(library, "fee", MEMBER, tiers=("peer reviewed",))) == {"fees", "annex"}
    assert found(library, "fee", MEMBER, tiers=("not reviewed",)) == []
    assert library.values("review", MEMBER) == [("peer reviewed", 2)]
    library.withdraw("fees", "annex")
    assert found(library, "fee", MEMBER) == [] and library.indexes_agree()


def test_what_else_is_written_belongs_to_the_same_transaction(library: Library) -> None:
    seen = []

    def look(connection: Transaction) -> None:
        seen.append(connection.exec_driver_sql("SELECT state FROM versions").scalar_one())

    library.add(made.text("fees", "The fee."), draft=True)
    library.publish("fees", also=look)
    library.withdraw("fees", also=look)
    library.add(made.text("other", "The wage."), draft=True)
    library.discard("other", also=lambda connection: connection.exec_driver_sql("DELETE FROM events"))
    assert seen == ["published", "withdrawn"]


@pytest.mark.parametrize("verb", ["publish", "withdraw", "discard"])
def test_where_the_rest_fails_nothing_has_changed(library: Library, verb: str) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.add(made.text("fees", "The fee is ninety."), draft=True)
    before = library.store.entries()
    with pytest.raises(UjuziError, match="other half"):
        getattr(library, verb)("fees", also=refuse)
    assert library.store.entries() == before
    assert [hit.passage.text for hit in library.search("fee")] == ["The fee is eighty."]
    assert library.indexes_agree() and check(library).ok
    assert library.publish("fees")[0].number == 2  # and nothing is left locked


def test_where_one_cannot_be_published_none_is(library: Library) -> None:
    library.add(made.text("fees", "The fee."), draft=True)
    with pytest.raises(NotFound, match="no document called nothing"):
        library.publish("fees", "nothing")
    library.add(made.text("wages", "The wage."))
    with pytest.raises(UjuziError, match="wages has no draft"):
        library.publish("fees", "wages")
    assert states(library) == ["draft"] and found(library, "fee") == []
    with pytest.raises(UjuziError, match="fees is not published"):
        library.withdraw("wages", "fees")
    assert found(library, "wage") == ["wages"]


def test_a_newer_draft_takes_the_place_of_the_one_that_waits(library: Library) -> None:
    for text in ("The fee is eighty.", "The fee is ninety.", "The fee is gone."):
        library.add(made.text("fees", text), draft=True)
    assert states(library) == ["discarded", "discarded", "draft"]
    library.publish("fees")
    assert states(library) == ["discarded", "discarded", "published"]
    for number in (1, 2):
        with pytest.raises(NotFound):
            library.entry("fees", MEMBER, number)
        assert library.entry("fees", STAFF, number).state == "discarded"
    assert [entry.number for entry in library.versions("fees")] == [3]
    assert [entry.number for entry in library.versions("fees", STAFF)] == [1, 2, 3]


def test_a_draft_that_was_given_up_is_never_published(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."), draft=True)
    library.discard("fees")
    with pytest.raises(UjuziError, match="no draft or withdrawn version"):
        library.publish("fees")
    with pytest.raises(UjuziError, match="no draft to discard"):
        library.discard("fees")
    with pytest.raises(NotFound) as told:
        library.entry("fees", MEMBER)
    assert not isinstance(told.value, Withdrawn)
    assert library.entries(STAFF) == []
    assert library.entry("fees", STAFF).state == "discarded"
    library.add(made.text("fees", "The fee is eighty."), draft=True)  # the very same words, once more
    assert library.publish("fees")[0].number == 2


def test_of_several_drafts_of_an_older_library_the_newest_is_published_and_the_others_never(
    library: Library,
) -> None:
    for text in ("The fee is eighty.", "The fee is ninety."):
        library.add(made.text("fees", text), draft=True)
    with library.store.writing() as connection:
        library.store.set_state(connection, "fees", {"discarded"}, "draft")
    assert library.publish("fees")[0].number == 2
    assert states(library) == ["discarded", "published"]


def test_what_was_withdrawn_comes_back_only_where_nothing_took_its_place(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.withdraw("fees")
    library.add(made.text("fees", "The fee is ninety."), draft=True)
    assert library.publish("fees")[0].number == 2
    with pytest.raises(UjuziError, match="no draft"):
        library.publish("fees")
    library.withdraw("fees")
    assert library.publish("fees")[0].number == 2


def test_a_version_that_was_withdrawn_stays_closed_when_another_answers(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.withdraw("fees")
    library.add(made.text("fees", "The fee is ninety."))
    with pytest.raises(Withdrawn):
        library.read("fees", PUBLIC, 1)
    assert [entry.number for entry in library.versions("fees")] == [2]
    assert library.read("fees", STAFF, 1)[1].text == "The fee is eighty."


def test_a_draft_goes_on_waiting_when_what_is_published_is_withdrawn(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."))
    library.add(made.text("fees", "The fee is ninety."), draft=True)
    library.withdraw("fees")
    assert states(library) == ["withdrawn", "draft"]
    with pytest.raises(Withdrawn):
        library.entry("fees", PUBLIC)
    assert library.entry("fees", STAFF).state == "draft"
    library.discard("fees")
    assert library.entry("fees", STAFF).state == "withdrawn"


def test_whoever_asks_is_told_when_and_why_it_was_withdrawn(library: Library) -> None:
    library.add(made.text("fees", "The fee is eighty."), audience="members")
    library.withdraw("fees", reason=" The figure was\nwrong. ")
    entry = library.entry("fees", STAFF)
    assert entry.note == "The figure was wrong." and entry.changed_at is not None
    day = f"{entry.changed_at.day} {entry.changed_at:%B %Y}"
    with pytest.raises(Withdrawn) as told:
        library.entry("fees", MEMBER)
    assert str(told.value) == (
        f"This document was withdrawn from the library on {day}. The reason given: The figure was wrong."
    )
    with pytest.raises(NotFound, match="no document called fees"):
        library.entry("fees", PUBLIC)
    library.publish("fees")
    assert library.entry("fees", STAFF).note == ""


def test_no_tier_keeps_the_one_that_it_has_and_an_empty_one_takes_it_away(library: Library) -> None:
    library.add(made.text("fees", "The fee.", tier="checked"))
    library.withdraw("fees")
    assert library.publish("fees")[0].source.tier == "checked"
    library.withdraw("fees")
    assert library.publish("fees", tier="")[0].source.tier == ""
    assert found(library, "fee", tiers=("not reviewed",)) == ["fees"]
    assert found(library, "fee", tiers=("checked",)) == []


def test_the_same_file_can_be_kept_under_two_names(library: Library) -> None:
    fees = made.text("fees", "The fee.")
    library.add(fees)
    twin = replace(fees, source=replace(fees.source, id="twin"))
    assert library.add(twin).status == "duplicate"
    assert library.add(twin, known=True).status == "added"
    assert set(found(library, "fee")) == {"fees", "twin"}


def test_who_may_read_a_document_is_said_by_whoever_adds_it_else_by_itself_else_as_before(
    library: Library,
) -> None:
    def audience() -> str:
        return library.entry("fees", STAFF).audience

    library.add(replace(made.text("fees", "One."), audience="members"))
    assert audience() == "members"
    library.add(made.text("fees", "Two."))
    assert audience() == "members"  # what is restricted is not made public by a new version
    library.add(replace(made.text("fees", "Two."), audience="staff"))
    assert audience() == "staff"  # the same words, for others
    library.add(made.text("fees", "Three."), audience="public")
    assert audience() == "public"
    assert library.add(made.text("fees", "Three.")).status == "unchanged"


def test_attachments_are_known_by_what_they_are_attached_to(library: Library) -> None:
    library.add(made.text("fees", "The fee."))
    for name, audience in (("b-annex", "public"), ("a-annex", "public"), ("c-annex", "members")):
        library.add(made.text(name, f"Of {name}.", part_of="fees"), audience=audience)
    library.add(made.text("draft-annex", "Waits.", part_of="fees"), draft=True)
    library.add(made.text("own", "Of its own.", part_of="own"))
    assert [one.id for one in library.attached_to("fees")] == ["a-annex", "b-annex"]
    assert [one.id for one in library.attached_to("fees", MEMBER)] == ["a-annex", "b-annex", "c-annex"]
    assert library.attached_to("own") == []


def without_history(folder: Path) -> None:
    """Make a library as the version before did, which kept no moments and no reasons."""
    with sqlite3.connect(folder / "ujuzi.db") as connection:
        for column in ("changed_at", "note"):
            connection.execute(f"ALTER TABLE versions DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 3")
    connection.close()


def test_a_library_that_kept_no_history_tells_what_it_can(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The fee is eighty."))
        library.add(made.text("fees", "The fee is ninety."))
        library.add(made.text("gone", "A mistake."))
        library.withdraw("gone", reason="A mistake")
    without_history(tmp_path)
    with pytest.raises(UjuziError, match=r"earlier version of Ujuzi.*ujuzi check"):
        Library(tmp_path, embedder=HashEmbedder(), read_only=True)
    embedder = made.CountingEmbedder()
    with Library(tmp_path, embedder=embedder) as library:
        first, second = library.versions("fees")
        assert first.changed_at == second.added_at == second.changed_at
        gone = library.entry("gone", STAFF)
        assert (gone.changed_at, gone.note) == (None, "")
        with pytest.raises(Withdrawn, match=r"^This document was withdrawn from the library\.$"):
            library.entry("gone")
        library.search("fee")
        assert check(library).ok and embedder.encoded == 0


def marked(library: Library, tier: str) -> list[str]:
    return found(library, "recruitment fee", tiers=(tier,))


def test_what_is_published_is_found_by_its_new_mark_at_once_and_after_a_restart(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The recruitment fee is abolished."))
        library.add(made.text("wages", "The wage is paid."))
        before = library.search("recruitment fee")[0]
        library.grade("fees", tier="checked")
        assert marked(library, "checked") == ["fees"] and marked(library, "not reviewed") == []
        after = library.search("recruitment fee")[0]
        assert (after.passage, after.score) == (before.passage, before.score)
        assert after.source.tier == "checked" and library.indexes_agree()
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        assert marked(library, "checked") == ["fees"] and not library.was_rebuilt


def test_a_mark_that_is_broken_off_changes_nothing(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The recruitment fee is abolished."))
        with pytest.raises(UjuziError):
            library.grade("fees", tier="checked", also=refuse)
        assert marked(library, "checked") == [] and marked(library, "not reviewed") == ["fees"]


def test_a_power_cut_after_the_mark_was_stored_leaves_no_old_mark_in_the_index(tmp_path: Path) -> None:
    """What is published looks the same before and after, so that the index could pass for current."""
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The recruitment fee is abolished."))
        with pytest.MonkeyPatch.context() as power, pytest.raises(UjuziError):
            power.setattr(library._indexing, "refresh", refuse)
            library.grade("fees", tier="checked")
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        assert marked(library, "checked") == ["fees"] and marked(library, "not reviewed") == []
        # so small a scope is searched by its rows; this is how larger ones are
        checked = filter_of(Scope(tiers=("checked",)), PUBLIC.audiences)
        assert len(library._indexing.derived.words.search({"recruit": 1.0}, 10, checked)) == 1
