"""Everything that a search matches: phrases and their kin, counts beside limits, orders, readers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.finding import COUNTED, Finding, find
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader, Scope
from index.searching import MODES, Search
from index.wording import read_wording
from ingest.domain import TIERS
from ingest.errors import UjuziError
from tests.fakes import HashEmbedder
from tests.index import made

MEMBER = Reader("ann", frozenset({"public", "members"}))
WORDS = ("fee", "airfare", "visa", "wages", "training", "permit", "quota", "housing")
TYPED = (
    "fee", "airfare visa", "wages training permit quota", '"fee airfare"', "tra*", "visa -quota", "",
    "-housing", '"wages" housing -"fee visa"', "zzyzx fee", "fees of the airfares",
)  # fmt: skip
VALUES: dict[str, tuple[str, ...]] = {
    "kinds": ("report", "slides", "transcript"),
    "countries": ("Kenya", "Côte d’Ivoire", "Samoa"),
    "corridors": ("Kenya -> Germany", "Samoa -> Tonga"),
    "sectors": ("care", "sea & air"),
    "themes": ("needs", "funding"),
    "events": ("one", "two"),
    "languages": ("en", "fr"),
    "tiers": ("checked", "peer reviewed", "not reviewed"),
    "periods": ("2024", "2024-02", "2025", "2025-07"),
    "speakers": ("Anna", "Ben", "Anna Ben"),
    "sources": ("talk-0", "talk-7", "talk-20"),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Sixty documents of three passages each, their words, speakers, audiences and descriptions at random."""
    chance = random.Random(11)

    def some(field: str) -> tuple[str, ...]:
        return tuple(chance.sample(VALUES[field], chance.randint(0, len(VALUES[field]))))

    def one(number: int) -> made.Document:
        turns = [(chance.choice(VALUES["speakers"]), " ".join(chance.sample(WORDS, 4))) for _ in range(3)]
        document = made.talk(f"talk-{number}", turns)
        described = replace(
            document.source,
            kind=chance.choice(VALUES["kinds"]),
            countries=some("countries"),
            corridors=some("corridors"),
            sectors=some("sectors"),
            themes=some("themes"),
            event=chance.choice([*VALUES["events"], None]),
            language=chance.choice(VALUES["languages"]),
            date=chance.choice([None, date(2024, 1, 1) + timedelta(days=chance.randrange(700))]),
            tier=chance.choice(["", *TIERS]),
        )
        return replace(document, source=described)

    with Library(tmp_path_factory.mktemp("mixed"), embedder=HashEmbedder()) as library:
        for audience in ("public", "members", "staff"):
            for number in range(60):
                if number % 3 == ("public", "members", "staff").index(audience):
                    library.add(one(number), audience=audience)
        yield library


def random_scope(chance: random.Random) -> Scope:
    """A scope with about two limits."""
    chosen = {
        field: tuple(chance.sample(values, chance.randint(1, 2)))
        for field, values in VALUES.items()
        if chance.random() < 0.2
    }
    return Scope(**chosen)  # type: ignore[arg-type]


def look(
    library: Library, typed: str, scope: Scope = Scope(), reader: Reader = PUBLIC, **how: str
) -> Finding:
    return library.find(read_wording(typed), scope, reader, **how)


def found(library: Library, typed: str, **how: Any) -> set[str]:
    """The documents that are found by words."""
    return {one.source.id for one in look(library, typed, mode="words", **how).documents}


def test_the_number_beside_each_choice_is_what_is_found_when_it_is_taken(mixed: Library) -> None:
    chance = random.Random(12)
    numbers = set()
    for _ in range(60):
        typed, scope, mode = chance.choice(TYPED), random_scope(chance), chance.choice(MODES)
        reader = chance.choice([PUBLIC, MEMBER, STAFF])
        finding = look(mixed, typed, scope, reader, mode=mode)
        for field in chance.sample(COUNTED, 3):
            value = chance.choice([*VALUES[field], *finding.counts[field]])
            taken = look(mixed, typed, replace(scope, **{field: (value,)}), reader, mode=mode)
            number = finding.counts[field].get(value, 0)
            assert number == len(taken.documents), (typed, scope, reader.id, mode, field, value)
            numbers.add(number)
    assert len(numbers) > 10  # from none to many


def test_the_number_beside_an_open_limit_is_what_is_found_without_it(mixed: Library) -> None:
    chance = random.Random(13)
    for _ in range(25):
        typed, scope = chance.choice(TYPED), random_scope(chance)
        finding = look(mixed, typed, scope, STAFF)
        assert set(finding.opened) == {field for field in VALUES if getattr(scope, field)}
        for field, number in finding.opened.items():
            assert number == len(look(mixed, typed, replace(scope, **{field: ()}), STAFF).documents)


def test_what_is_found_lies_inside_the_scope_and_before_its_readers_eyes(mixed: Library) -> None:
    chance = random.Random(14)
    for _ in range(40):
        typed, scope = chance.choice(TYPED), random_scope(chance)
        for reader in (PUBLIC, MEMBER, STAFF):
            finding = look(mixed, typed, scope, reader)
            for one in finding.documents:
                assert one.listing.entry.audience in reader.audiences and scope.admits(one.source)
            hits = mixed.hits_in(finding, finding.documents[:5], reader)
            assert all(hits) and len(hits) == len(finding.documents[:5])
            for own in hits if scope.speakers else ():
                assert all(not set(scope.speakers).isdisjoint(hit.place.speakers) for hit in own)
            if not typed:
                assert finding.passages == sum(len(one.rows) for one in finding.documents)


def test_nothing_typed_lists_all_there_is_for_the_reader(mixed: Library) -> None:
    for reader, documents in ((PUBLIC, 20), (MEMBER, 40), (STAFF, 60)):
        assert len(look(mixed, "", reader=reader).documents) == documents
        assert len(look(mixed, '-fee -"airfare visa"', reader=reader).documents) == documents
    nobody = look(mixed, "fee", reader=Reader("nobody", frozenset()))
    assert not nobody.documents and not any(nobody.counts.values())


def test_an_unknown_mode_is_refused(mixed: Library) -> None:
    with pytest.raises(UjuziError, match="no search mode loud"):
        look(mixed, "fee", mode="loud")


# phrases and their kin


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A document for each way in which words can stand."""
    texts = {
        "beside": "They speak of fair recruitment. To be or not to be paid a fee.",
        "apart": "Recruitment that is fair, and fair and open recruitment.",
        "stems": "Fair recruiters are fairly recruited.",
        "hyphen": "The pre-departure training takes three days.",
        "spaced": "Training after departure; departure before training.",
        "french": "La réintégration à l’École des métiers.",
        "arabic": "يَحصُلُ العامِلُ على شَهادةٍ تُثبت مهاراتِه.",
        "number": "The grant is 30 800 shillings.",
    }
    with Library(tmp_path_factory.mktemp("worded"), embedder=HashEmbedder()) as library:
        for identity, words in texts.items():
            languages = {"french": "fr", "arabic": "ar"}
            library.add(made.text(identity, words, language=languages.get(identity, "en")))
        library.add(made.text("seam", "Recruitment is what this is about.", title="All is fair"))
        yield library


@pytest.mark.parametrize(
    ("typed", "documents"),
    [
        ('"fair recruitment"', {"beside"}),
        ('"FAIR, Recruitment"', {"beside"}),
        ('"fair recruit"*', {"beside", "stems"}),
        ('"recruitment"', {"beside", "apart", "seam"}),
        ('"to be or not to be"', {"beside"}),
        ('"not be to"', set()),
        ('"pre departure"', {"hyphen"}),
        ('"pre-departure training"', {"hyphen"}),
        ('"departure training"', {"hyphen"}),
        ('"reintegration a l\'ecole"', {"french"}),
        ('"RÉINTÉGRATION À L’ÉCOLE"', {"french"}),
        ('"reintegration ecole"', set()),
        ('"يحصل العامل"', {"arabic"}),
        ('"على شهادة"', {"arabic"}),
        ('"العامل يحصل"', set()),
        ('"grant is 30,800"', {"number"}),
        ("recruit*", {"beside", "apart", "stems", "seam"}),
        ("RÉINT*", {"french"}),
        ("مهارا*", {"arabic"}),
        ("308*", {"number"}),
        ("zzyzx*", set()),
        ("training -departure", set()),
        ('training -"pre departure"', {"spaced"}),
        ("recruit* -recruiter*", {"beside", "apart", "seam"}),
        ("recruitment -fair", set()),
        ('"fair recruitment" -fee', set()),
        ('"fair recruitment" "fee"', {"beside"}),
    ],
)
def test_phrases_beginnings_and_exclusions_decide_what_is_found(
    worded: Library, typed: str, documents: set[str]
) -> None:
    assert found(worded, typed) == documents
    wording = read_wording(typed)
    if wording.required:  # without, a search by meaning finds what is near
        assert {one.source.id for one in look(worded, typed).documents} == documents
        hits = worded.search(wording.words, top=50, wording=wording)
        assert {hit.source.id for hit in hits} == documents


def test_a_phrase_never_stands_across_title_headings_and_text(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.sections("doc", ["Three four.", "Five six."], title="One two"))
        assert found(library, '"one two"') == found(library, '"part 1"') == {"doc"}
        assert found(library, '"two part"') == set()  # title and heading
        assert found(library, '"1 three"') == found(library, '"two three"') == set()  # and text
        assert found(library, '"two par"*') == set()


def test_what_is_asked_word_for_word_is_marked_as_it_stands(worded: Library) -> None:
    for typed, marked in (
        ('"to be or not to be"', "To be or not to be"),
        ('"pre departure"', "pre-departure"),
        ('"على شهادة"', "على شَهادةٍ"),
        ("réint*", "réintégration"),
    ):
        finding = look(worded, typed)
        ((hit,),) = worded.hits_in(finding, finding.documents)
        assert marked in [hit.passage.text[span.start : span.end] for span in hit.highlights]


def test_too_many_words_that_begin_so_are_said_to_be(tmp_path: Path) -> None:
    """The index looks up sixteen thousand words in a phrase, and no more."""
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        numbers = [range(first, first + 3_400) for first in range(0, 17_000, 3_400)]
        many = [made.text(f"d{own[0]}", " ".join(f"b{one}" for one in own)) for own in numbers]
        assert all(one.status == "added" for one in library.add_all(many))
        assert found(library, '"b1 b2"*') == {"d0"}
        with pytest.raises(UjuziError, match="Too many words begin as in “b1 b"):
            found(library, '"b1 b"*')


# orders and pages


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A hundred and fifty documents that say the same, every tenth without a date."""
    with Library(tmp_path_factory.mktemp("many"), embedder=HashEmbedder()) as library:
        documents = [
            made.sections(
                f"doc-{number}",
                [f"The fee is {number} shillings.", "A visa."],
                date=None if number % 10 == 0 else date(2024, 1, 1) + timedelta(days=37 * number % 400),
            )
            for number in range(150)
        ]
        assert all(one.status == "added" for one in library.add_all(documents))
        yield library


def days(finding: Finding) -> Sequence[date | None]:
    return [one.source.date for one in finding.documents]


def test_by_date_in_both_directions_undated_documents_come_last(many: Library) -> None:
    newest, oldest = (days(look(many, "fee", order=order)) for order in ("newest", "oldest"))
    dated = [day for day in oldest if day]
    assert dated == sorted(dated) and len(dated) == 135 and set(oldest[135:]) == {None}
    assert list(newest[:135]) == dated[::-1] and set(newest[135:]) == {None}


@pytest.mark.parametrize("order", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("mode", ["hybrid", "words"])
def test_every_match_is_listed_once_and_can_be_read_however_late(
    many: Library, order: str, mode: str
) -> None:
    """A search ranks a hundred passages of each half; what comes after them is ranked when it is shown."""
    first, second = (look(many, "fee", mode=mode, order=order) for _ in range(2))
    ids = [one.source.id for one in first.documents]
    assert ids == [one.source.id for one in second.documents]
    assert len(ids) == len(set(ids)) == 150 and first.passages >= 150
    late = first.documents[140:148]
    hits = many.hits_in(first, late)
    assert [own[0].source.id for own in hits] == [one.source.id for one in late]
    assert all("fee" in own[0].passage.text and own[0].score > 0 for own in hits)


def test_the_best_come_first(many: Library) -> None:
    assert look(many, "fee is 77 shillings").documents[0].source.id == "doc-77"


def test_one_document_alone_can_be_searched(many: Library) -> None:
    finding = look(many, "fee", Scope(sources=("doc-20",)))
    assert [one.source.id for one in finding.documents] == ["doc-20"] and finding.opened == {"sources": 150}


def test_an_index_that_is_a_change_ahead_finds_nothing_that_is_not_listed(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("first", "The fee is due."))
        before = library._indexing.catalogue
        library.add(made.text("second", "The fee is due at once."))
        behind = Search(library._indexing.derived, before, library.embedder, lambda rows: {})
        finding = find(behind, read_wording("fee"), Scope(), PUBLIC)
        assert [one.source.id for one in finding.documents] == ["first"] and finding.passages == 1
