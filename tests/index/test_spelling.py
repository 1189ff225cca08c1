"""Words that stand nowhere, or hardly, and the ones that were meant; nothing of it from what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from index.spelling import Misspelt, respelt
from index.wording import read_wording
from tests.fakes import HashEmbedder
from tests.index import made

MEMBER = Reader("ann", frozenset({"public", "members"}))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Documents in three languages; "quokkafund" stands in one of members alone."""
    texts = [
        ("en", "Recruitment fees are paid by the employer. Recruiters register."),
        ("en", "The recruitment of nurses, and recruitment in Kenya."),
        ("fr", "Les métiers du bâtiment; chaque métier a sa réintégration."),
        ("ar", "الاعتراف بالمهارات والشهادات قبل السفر."),
    ]
    with Library(tmp_path_factory.mktemp("spelling"), embedder=HashEmbedder()) as library:
        for number, (language, words) in enumerate(texts):
            library.add(made.text(f"doc-{number}", words, language=language, title="Botswana"))
        library.add(made.text("secret", "The quokkafund pays."), audience="members")
        yield library


def meant(library: Library, typed: str, reader: Reader = PUBLIC) -> dict[str, str]:
    """What is searched in the place of words that stand nowhere."""
    return {one.word: one.meant for one in library.misspelt(read_wording(typed), reader) if not one.passages}


@pytest.mark.parametrize(
    ("typed", "word", "right"),
    [
        ("recruitmnet fees", "recruitmnet", "recruitment"),  # two letters in the wrong order
        ("the recruitmentt", "recruitmentt", "recruitment"),
        ("recruitnemt", "recruitnemt", "recruitment"),  # two slips in a long word
        ('"recruitmnet of nurses"', "recruitmnet", "recruitment"),
        ("nures", "nures", "nurses"),
        ("kenja", "kenja", "Kenya"),  # as documents write it
        ("réintegartion", "reintegartion", "réintégration"),
        ("metiiers", "metiiers", "métiers"),
        ("الاعترف", "الاعترف", "الاعتراف"),
        ("السفرر", "السفرر", "السفر"),
        ("botswna", "botswna", "Botswana"),  # stands in titles alone
    ],
)
def test_a_word_that_stands_nowhere_is_corrected(library: Library, typed: str, word: str, right: str) -> None:
    assert meant(library, typed) == {word: right}


@pytest.mark.parametrize(
    "typed",
    [
        "recruitments", "recruiting fees", "métier", "metiers",  # a form of what stands there
        "fex", "zzyzx", "quarantine", "2031", "recruitmnet*", "kenya -recruitmnet", "the of and", "",
    ],
)  # fmt: skip
def test_nothing_is_corrected_that_is_right_too_short_or_like_nothing(library: Library, typed: str) -> None:
    assert meant(library, typed) == {}


def test_a_word_of_few_letters_may_slip_once_only(library: Library) -> None:
    assert meant(library, "nrues") == {} and meant(library, "fese") == {"fese": "fees"}


def test_the_commoner_of_two_words_is_meant(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        for number, word in enumerate(("grants", "grunts", "grants", "grants")):
            library.add(made.text(f"doc-{number}", f"Many {word} of {number}."))
        assert meant(library, "grxnts") == {"grxnts": "grants"}


@pytest.mark.parametrize(("times", "offered"), [(20, True), (19, False)])
def test_of_a_word_that_stands_once_one_twenty_times_as_frequent_is_offered(
    tmp_path: Path, times: int, offered: bool
) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        parts = [f"Each logbook, number {number}." for number in range(times)]
        library.add(made.sections("many", parts))
        library.add(made.text("one", "Somebody signs the logbock."))
        slips = library.misspelt(read_wording("who signs the logbock"))
        assert slips == ([Misspelt("logbock", "logbook", 1)] if offered else [])
        assert library.misspelt(read_wording("logbook")) == []


@pytest.mark.parametrize("typed", ["quokkafund", "quokkafunt", "quokafund fees", "quokkafundation"])
def test_what_is_hidden_corrects_nothing(library: Library, typed: str) -> None:
    assert meant(library, typed) == {}
    for reader in (MEMBER, STAFF):
        assert meant(library, "quokkafunt", reader) == {"quokkafunt": "quokkafund"}


def test_a_hidden_word_is_corrected_like_one_that_stands_nowhere(library: Library) -> None:
    """Or a visitor would learn from the missing correction that it stands somewhere."""
    library.add(made.text("right", "A quokkafond, in public."))
    assert meant(library, "quokkafund") == {"quokkafund": "quokkafond"}
    assert meant(library, "quokkafund", MEMBER) == {}
    library.remove("right")


def test_a_visitor_learns_nothing_of_hidden_words_from_what_is_found(library: Library) -> None:
    for typed in ("fees {}", "recruitment of {} nurses", '"{}"', "fees -{}"):
        hidden, nowhere = (
            library.find(read_wording(typed.format(word)), mode="words")
            for word in ("quokkafund", "zzyzxfund")
        )
        assert [one.source.id for one in hidden.documents] == [one.source.id for one in nowhere.documents]
        assert hidden.counts == nowhere.counts
    begun = library.find(read_wording("quokka*"))
    assert not begun.documents and "quokkafund" not in repr(begun.ranked)
    assert [one.source.id for one in library.find(read_wording("quokka*"), reader=MEMBER).documents] == [
        "secret"
    ]


def test_only_the_misspelt_words_are_replaced() -> None:
    slips = [Misspelt("recruitmnet", "recruitment"), Misspelt("kenja", "Kenya")]
    assert respelt('Fair "RECRUITMNET", kenja-wide -fees', slips) == 'Fair "recruitment", Kenya-wide -fees'
    assert respelt("fair", slips) == "fair" and respelt("", slips) == ""
