"""The demonstration library, exported and added again on an empty machine, is the same library."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.adding import add_files
from index.exporting import export
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from ingest.reading import find_files
from tests.corpus.conftest import CORPUS
from tests.fakes import HashEmbedder

MEMBER = Reader("ann", frozenset({"public", "members"}))
ASKED = ("who pays the airfare", "recognition of skills", "Kenya nurses", "monitoring return")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Library, Path]]:
    """The library, the one that was made of its export, and the folder between them."""
    folder = tmp_path_factory.mktemp("round")
    exported = folder / "exported"
    with (
        Library(folder / "one", embedder=HashEmbedder()) as one,
        Library(folder / "other", embedder=HashEmbedder()) as other,
    ):
        assert {report.status for report in add_files(one, find_files([CORPUS]))} == {"added"}
        _restrict_some(one)
        assert {report.status for report in export(one, exported)} == {"written"}
        assert {report.status for report in add_files(other, find_files([exported]))} == {"added"}
        yield one, other, exported


def _restrict_some(library: Library) -> None:
    """A third of all documents for members, a third checked; they are withdrawn and published for that."""
    ids = sorted(entry.source.id for entry in library.entries(STAFF))
    library.withdraw(*ids)
    library.publish(*ids[::3], audience="members")
    library.publish(*ids[1::3], tier="checked")
    library.publish(*ids[2::3])


def test_every_document_comes_back_with_all_that_is_known_of_it(both: tuple[Library, Library, Path]) -> None:
    one, other, _ = both
    assert one.count() == other.count()
    for before in one.entries(STAFF):
        after = other.entry(before.source.id, STAFF)
        assert after.source == before.source
        assert (after.digest, after.audience, after.media_type) == (
            before.digest,
            before.audience,
            before.media_type,
        )
        old, new = one.words_of(before), other.words_of(after)
        assert (new.text, new.places) == (old.text, old.places)
        assert [(p.text, p.span, p.context) for p in other.passages(after)] == [
            (p.text, p.span, p.context) for p in one.passages(before)
        ]
    assert other.events(STAFF) == one.events(STAFF)


@pytest.mark.parametrize("reader", [PUBLIC, MEMBER, STAFF], ids=["visitor", "member", "staff"])
def test_every_reader_finds_the_same(both: tuple[Library, Library, Path], reader: Reader) -> None:
    one, other, _ = both
    assert one.count(reader) == other.count(reader)
    for field in ("kind", "countries", "themes", "review", "speakers"):
        assert dict(one.values(field, reader)) == dict(other.values(field, reader))
    for asked in ASKED:
        found, again = (
            [(hit.source.id, hit.passage.text, round(hit.score, 6)) for hit in hits]
            for hits in (library.search(asked, reader=reader) for library in both[:2])
        )
        assert found and sorted(found) == sorted(again)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_git_sees_no_change_after_a_second_export(both: tuple[Library, Library, Path]) -> None:
    _, other, exported = both

    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, cwd=exported, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    assert {report.status for report in export(other, exported)} == {"unchanged"}
    assert git("status", "--porcelain") == ""
