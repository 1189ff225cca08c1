"""What happens while something else does: two who add one source, an index that cannot be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.encoded import Encoded
from index.library import Library
from index.scope import STAFF
from tests.fakes import HashEmbedder
from tests.index import made


class Interrupted(HashEmbedder):
    """While it reads the next passages, ``meanwhile`` happens: as when another thread was quicker."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], object] | None = None

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().encode_passages(texts)


def versions(library: Library) -> list[tuple[int, str]]:
    return [(entry.number, entry.state) for entry in library.versions("fees", STAFF)]


def test_of_two_who_add_a_source_at_once_the_later_replaces_the_earlier(tmp_path: Path) -> None:
    embedder = Interrupted()
    with Library(tmp_path, embedder=embedder) as library:
        embedder.meanwhile = lambda: library.add(made.text("fees", "The fee is eighty."))
        added = library.add(made.text("fees", "The fee is ninety."))
        assert (added.status, added.passages) == ("replaced", 1)
        assert versions(library) == [(1, "replaced"), (2, "published")]
        (hit,) = library.search("fee", mode="words")
        assert (hit.passage.text, hit.passage.version) == ("The fee is ninety.", 2)
        embedder.meanwhile = lambda: library.add(made.text("fees", "The fee is gone."), draft=True)
        assert library.add(made.text("fees", "The fee is a hundred."), draft=True).status == "replaced"
        assert versions(library)[2:] == [(3, "discarded"), (4, "draft")]


def test_of_two_who_add_the_same_words_at_once_one_does(tmp_path: Path) -> None:
    embedder = Interrupted()
    with Library(tmp_path, embedder=embedder) as library:
        embedder.meanwhile = lambda: library.add(made.text("fees", "The fee is eighty."))
        assert library.add(made.text("fees", "The fee is eighty.")).status == "unchanged"
        assert versions(library) == [(1, "published")] and library.indexes_agree()


def test_what_was_unchanged_when_it_came_is_said_to_be(tmp_path: Path) -> None:
    embedder = Interrupted()
    fees = made.text("fees", "The fee is eighty.")
    with Library(tmp_path, embedder=embedder) as library:
        library.add(fees)
        embedder.meanwhile = lambda: library.add(made.text("fees", "The fee is ninety."))
        added = library.add_all([made.text("wages", "The wage."), fees])
        assert [one.status for one in added] == ["added", "unchanged"]
        assert versions(library) == [(1, "replaced"), (2, "published")]


def test_what_is_removed_while_its_next_version_is_read_begins_anew(tmp_path: Path) -> None:
    embedder = Interrupted()
    with Library(tmp_path, embedder=embedder) as library:
        library.add(made.text("fees", "The fee is eighty."))
        embedder.meanwhile = lambda: library.remove("fees")
        assert library.add(made.text("fees", "The fee is ninety.")).status == "added"
        assert versions(library) == [(1, "published")]


def test_what_is_withdrawn_is_gone_though_the_index_cannot_be_written(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        for name in ("fees", "wages"):
            library.add(made.text(name, f"The words of {name}."))
        shutil.rmtree(tmp_path / "derived" / "words")  # as where the disk is full
        with pytest.raises((OSError, ValueError)):
            library.withdraw("fees")
        assert [source.id for source in library.sources()] == ["wages"]
        assert [hit.source.id for hit in library.search("words", mode="words")] == ["wages"]
        library.publish("fees")
        assert library.indexes_agree() and len(library.search("words", mode="words")) == 2


def test_a_word_that_stood_only_in_what_was_withdrawn_is_not_known_any_more(library: Library) -> None:
    fees = made.text("fees", "The recruitment fee is abolished.")
    list(library.add_all([fees, made.text("secret", "The quokkafund pays.")]))  # in one part of the index
    assert library.understand("quokkafund").passages == {"quokkafund": 1}
    library.withdraw("secret")
    assert library.understand("quokkafund").unheard == {"quokkafund"}
