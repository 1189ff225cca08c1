"""The border to Haystack: its own contract, exact round trips, and filters before ranking."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from haystack import Document, Pipeline
from haystack.components.retrievers import FilterRetriever
from haystack.components.writers import DocumentWriter
from haystack.dataclasses import ByteStream, SparseEmbedding
from haystack.document_stores.errors import DocumentStoreError, DuplicateDocumentError
from haystack.document_stores.types import DuplicatePolicy
from haystack.testing.document_store import DocumentStoreBaseExtendedTests

from index.haystack import UjuziDocumentStore, UjuziRetriever, document_from_hit, hit_from_document
from index.hits import Hit
from index.library import Library
from index.owning import LibraryInUse
from index.scope import STAFF, Reader, Scope
from ingest import reading
from ingest.domain import Cue, Mark, Passage, Person, Place, PlaceMap, Source, Span
from ingest.errors import NotFound
from tests.fakes import HashEmbedder

MEMBERS = Reader("amina", frozenset({"public", "members"}))
PALM = "The employer pays the airfare of a worker under PALM and takes part of it from wages."
KENYA = "Kenya trains home-care workers before they depart and certifies their skills."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        yield library


@pytest.fixture
def document_store(library: Library) -> UjuziDocumentStore:
    return UjuziDocumentStore(library)


def read(source: Source, text: str, places: PlaceMap = PlaceMap()) -> reading.Document:
    content = text.encode()
    digest = sha256(content).hexdigest()
    return reading.Document(source, text, places, digest, "text/plain", f"{source.id}.txt", None, content)


class TestContract(DocumentStoreBaseExtendedTests):
    """Everything that Haystack asks of a document store."""

    @pytest.fixture
    def document_store(self, library: Library) -> UjuziDocumentStore:
        return UjuziDocumentStore(library)

    def test_write_documents(self, document_store: UjuziDocumentStore) -> None:
        document = Document(content="Written once")
        assert document_store.write_documents([document]) == 1
        with pytest.raises(DuplicateDocumentError):
            document_store.write_documents([document], DuplicatePolicy.NONE)


def test_every_part_of_a_document_survives_even_a_restart(tmp_path: Path) -> None:
    documents = [
        Document(
            content="Tab\tzero\u200bwidth \u202ebidi\r\nline " + "e\u0301",
            embedding=[0.1, 1 / 3, -1e-300, 3.0],
            meta={"kind": "novel", "title": 7, "content": "collides", "nested": {"a": [1, None, True]}},
            score=0.25,
        ),
        Document(content=None, blob=ByteStream(b"\x00\xff", {"page": 1}, "image/png")),
        Document(content="", meta={"empty": ""}),
        Document(id="a b/../c", content="odd id", sparse_embedding=SparseEmbedding([1, 9], [0.5, 0.1])),
        Document(id="lone", content="lone \ud800 surrogate"),
    ]
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        UjuziDocumentStore(library).write_documents(documents)
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        store = UjuziDocumentStore(library)
        assert store.filter_documents() == documents
        assert store.count_documents() == len(documents)


def test_a_written_document_is_found_and_quoted_like_any_other(library: Library) -> None:
    meta = {"title": "Home care", "kind": "good_practice", "countries": ["Kenya"], "language": "en"}
    kenya = Document(id="1", content=KENYA, meta=meta, embedding=[1.0, 0.0])
    UjuziDocumentStore(library).write_documents([kenya, Document(id="2", content=PALM)])

    best = library.search("Who certifies home-care skills in Kenya?", Scope(countries=("Kenya",)))[0]
    assert (best.source.title, best.source.kind) == ("Home care", "good_practice")
    entry, version = library.read(best.source.id)
    assert version.quote(best.passage.span) == best.passage.text == KENYA
    assert library.original(entry).is_file()


def test_a_document_without_words_is_kept_but_never_found(library: Library) -> None:
    store = UjuziDocumentStore(library)
    store.write_documents([Document(id="picture", content=None), Document(id="words", content=PALM)])
    assert store.count_documents() == 2
    assert [hit.passage.text for hit in library.search("picture of an airfare")] == [PALM]


def test_overwriting_replaces_and_the_same_again_changes_nothing(library: Library) -> None:
    store = UjuziDocumentStore(library)
    store.write_documents([Document(id="1", content=KENYA)])
    for _ in range(2):
        assert store.write_documents([Document(id="1", content=PALM)], DuplicatePolicy.OVERWRITE) == 1
    assert [hit.passage.text for hit in library.search("Kenya airfare")] == [PALM]
    assert library.entries()[0].number == 2


def test_overwriting_does_not_widen_who_may_read(library: Library) -> None:
    store = UjuziDocumentStore(library, MEMBERS)
    store.write_documents([Document(id="1", content=KENYA)])
    source_id = library.entries()[0].source.id
    library.withdraw(source_id)
    library.publish(source_id, audience="members")
    store.write_documents([Document(id="1", content=PALM)], DuplicatePolicy.OVERWRITE)
    assert [one.content for one in store.filter_documents()] == [PALM]
    assert UjuziDocumentStore(library).filter_documents() == []


def test_nothing_is_written_where_one_document_cannot_be(library: Library) -> None:
    store = UjuziDocumentStore(library)
    with pytest.raises(ValueError, match="not JSON"):
        store.write_documents([Document(content="good"), Document(content="bad", meta={"day": date.today()})])
    with pytest.raises(DuplicateDocumentError):
        store.write_documents([Document(id="twin", content="one"), Document(id="twin", content="two")])
    assert store.count_documents() == 0


def transcript() -> reading.Document:
    text = f"{PALM}\n\n{KENYA}"
    half = text.index(KENYA)
    places = PlaceMap(
        pages=(0, half),
        headings=(Mark(0, "The employer", 2),),
        cues=(
            Cue(Span(0, len(PALM)), 0.0, 12.5, "Moderator"),
            Cue(Span(half, len(text)), 12.5, 30.0, "Liaison"),
        ),
    )
    source = Source(
        "session",
        "Who pays",
        kind="transcript",
        date=date(2026, 2, 10),
        countries=("Australia", "Kenya"),
        themes=("funding",),
        event="learning-from-palm",
        people=(Person("Moderator", "chair"),),
        link="https://example.org/session",
    )
    return read(source, text, places)


def test_a_passage_of_the_library_says_all_that_is_known_of_it(library: Library) -> None:
    library.add(transcript())
    (document,) = UjuziDocumentStore(library).filter_documents(
        {"field": "meta.date", "operator": ">=", "value": "2026-02-01"}
    )
    (passage,) = library.passages(library.entry("session"))
    assert (document.id, document.content) == (passage.id, passage.text)
    expected = {
        "source_id": "session",
        "version": 1,
        "number": 1,
        "span": list(passage.span),
        "title": "Who pays",
        "kind": "transcript",
        "language": "en",
        "date": "2026-02-10",
        "countries": ["Australia", "Kenya"],
        "corridors": [],
        "sectors": [],
        "themes": ["funding"],
        "event": "learning-from-palm",
        "speakers": ["Moderator", "Liaison"],
        "pages": [1, 2],
        "seconds": [0.0, 30.0],
        "slide": None,
        "heading": passage.context.split(" > ")[-1],
        "link": f"/sources/session?version=1&from={passage.span.start}&to={passage.span.end}#quote",
        "context": passage.context,
    }
    assert {key: document.meta[key] for key in expected} == expected


def sections(count: int, text: str, heading: str) -> tuple[str, list[Mark]]:
    whole, marks = "", []
    for number in range(count):
        marks.append(Mark(len(whole), heading, 1))
        whole += f"{heading}\n{text} Number {number}.\n\n"
    return whole, marks


def test_the_librarys_own_documents_change_and_go_only_whole(library: Library) -> None:
    text, marks = sections(2, KENYA, "Training")
    library.add(read(Source("kenya", "Kenya"), text, PlaceMap(headings=tuple(marks))))
    store = UjuziDocumentStore(library)
    first, second = store.filter_documents()

    with pytest.raises(DuplicateDocumentError):
        store.write_documents([first])
    with pytest.raises(DocumentStoreError, match="changes only with it"):
        store.write_documents([Document(id=first.id, content="forged")], DuplicatePolicy.OVERWRITE)
    with pytest.raises(DocumentStoreError, match="changes only with it"):
        store.update_by_filter({"field": "meta.kind", "operator": "==", "value": "other"}, {"kind": "forged"})
    with pytest.raises(DocumentStoreError, match="only be removed whole"):
        store.delete_documents([first.id])
    store.delete_documents(["kenya@1:99", "kenya@7:1"])
    assert store.filter_documents() == [first, second]

    store.delete_documents([first.id, second.id])
    with pytest.raises(NotFound):
        library.entry("kenya", STAFF)


def test_a_document_never_takes_the_place_of_a_source_of_the_same_name(library: Library) -> None:
    library.add(read(Source("kenya", "Kenya"), KENYA))
    store = UjuziDocumentStore(library)
    store.write_documents([Document(id="kenya", content=PALM)], DuplicatePolicy.OVERWRITE)
    store.delete_documents(["kenya"])
    assert [one.content for one in store.filter_documents()] == [KENYA]


def test_a_reader_sees_and_removes_only_what_they_may(library: Library) -> None:
    library.add(read(Source("open", "Open"), PALM))
    library.add(read(Source("closed", "Closed"), KENYA), audience="members")
    everyone, members = UjuziDocumentStore(library), UjuziDocumentStore(library, MEMBERS)
    assert (everyone.count_documents(), members.count_documents()) == (1, 2)
    assert [one.content for one in everyone.filter_documents()] == [PALM]

    everyone.delete_documents(["closed@1:1"])
    everyone.delete_all_documents()
    assert [one.content for one in members.filter_documents()] == [KENYA]


def test_a_hit_goes_through_a_document_unchanged() -> None:
    hit = Hit(
        passage=Passage("palm", 3, 7, "He pays A$300.", Span(10, 24), "PALM > Financing"),
        source=Source(
            id="palm",
            title="PALM",
            kind="report",
            language="fr",
            date=date(2024, 4, 11),
            countries=("Kenya",),
            corridors=("Kenya -> Australia",),
            sectors=("care",),
            themes=("funding",),
            event="learning",
            people=(Person("A. Writer", "author"),),
            licence="CC BY 4.0",
            link="https://example.org",
            illustrative=True,
            tier="peer reviewed",
            part_of="palm-scheme",
        ),
        place=Place((3, 4), (12.5, 30.25), ("Moderator", "Liaison"), 7, "Financing"),
        score=0.75,
        words=11.5,
        meaning=0.5,
        highlights=(Span(3, 7),),
    )
    assert every_field_is_set(hit), "a field was added: give it a value here, and carry it in index/meta.py"
    document = document_from_hit(hit)
    assert hit_from_document(document) == hit
    assert hit_from_document(Document.from_dict(document.to_dict())) == hit


def every_field_is_set(value: object) -> bool:
    if not is_dataclass(value):
        return value not in (None, "", (), 0, 0.0, False, "en", "other")
    return all(every_field_is_set(getattr(value, field.name)) for field in fields(value))


def test_the_retriever_returns_what_a_component_wrote_with_the_hit_beside_it(library: Library) -> None:
    written = Document(
        id="1", content=f"\u200b{PALM}", meta={"kind": "novel", "pages": "ix"}, embedding=[0.5]
    )
    UjuziDocumentStore(library).write_documents([written])
    (document,) = UjuziRetriever(library).run("airfare")["documents"]
    assert (document.id, document.content, document.embedding) == ("1", written.content, [0.5])
    assert written.meta.items() <= document.meta.items()
    assert hit_from_document(document) == library.search("airfare")[0]


def test_two_matching_passages_among_3000_are_both_found(library: Library) -> None:
    """They fit the query worse than all the others, so ranking first and filtering then would lose them."""
    common, marks = sections(3_000, "Airfare and wages.", "Airfare")
    rare, rare_marks = sections(
        2, "Somebody mentions an airfare while speaking about quite other things.", "Kept"
    )
    moved = [Mark(mark.offset + len(common), mark.label, mark.level) for mark in rare_marks]
    library.add(read(Source("long", "Long"), common + rare, PlaceMap(headings=(*marks, *moved))))
    retriever = UjuziRetriever(library)

    filters = {"field": "meta.heading", "operator": "==", "value": "Kept"}
    found = retriever.run("airfare wages", filters=filters, top_k=5)["documents"]
    assert [one.meta["number"] for one in found] == [3_001, 3_002]
    assert all(one.meta["heading"] == "Airfare" for one in retriever.run("airfare wages")["documents"])


def test_filters_scope_and_reader_all_limit_a_search(library: Library) -> None:
    library.add(read(Source("a", "A", kind="report", countries=("Kenya",)), PALM))
    library.add(read(Source("b", "B", kind="report", countries=("Ghana",)), f"{PALM} Again."))
    library.add(read(Source("c", "C", kind="slides", countries=("Kenya",)), f"{PALM} And again."))
    library.add(read(Source("d", "D", kind="report"), f"{PALM} Still."), audience="members")
    retriever = UjuziRetriever(library)

    def found(**limits: object) -> set[str]:
        return {one.meta["source_id"] for one in retriever.run("airfare", **limits)["documents"]}

    reports = {"field": "meta.kind", "operator": "==", "value": "report"}
    assert found() == {"a", "b", "c"}
    assert found(reader=MEMBERS) == {"a", "b", "c", "d"}
    assert found(filters=reports) == {"a", "b"}
    assert found(filters=reports, reader=MEMBERS) == {"a", "b", "d"}
    assert found(filters=reports, scope=Scope(countries=("Kenya",))) == {"a"}
    assert found(filters={"field": "meta.kind", "operator": "==", "value": "none"}) == set()
    assert len(found(top_k=2)) == 2


def test_haystacks_own_components_work_on_the_library(library: Library) -> None:
    store = UjuziDocumentStore(library)
    writing = Pipeline()
    writing.add_component("writer", DocumentWriter(store, DuplicatePolicy.SKIP))
    writing.run({"writer": {"documents": [Document(id="1", content=PALM), Document(id="2", content=KENYA)]}})

    finding = Pipeline()
    finding.add_component("retriever", UjuziRetriever(library))
    asked = {"query": "Who pays the airfare?", "scope": Scope(languages=("en",)), "top_k": 1}
    (document,) = finding.run({"retriever": asked})["retriever"]["documents"]
    assert document.id == "1"


def test_a_pipeline_is_written_down_and_opened_again(tmp_path: Path) -> None:
    pipeline = Pipeline()
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        store = UjuziDocumentStore(library, MEMBERS)
        store.write_documents([Document(id="1", content=PALM)])
        pipeline.add_component("all", FilterRetriever(store))
        data = pipeline.to_dict()
        with pytest.raises(LibraryInUse):
            UjuziDocumentStore.from_dict(store.to_dict())

    again = Pipeline.from_dict(data, allowed_modules=["index.haystack"])
    store = again.get_component("all").document_store
    assert (store.reader, again.run({})["all"]["documents"]) == (MEMBERS, [Document(id="1", content=PALM)])
    store.library.close()


def test_importing_the_border_leaves_haystacks_statistics_off(tmp_path: Path) -> None:
    script = "import index.haystack; from haystack.telemetry import _telemetry as t; print(t.telemetry)"
    environment = {"HOME": str(tmp_path), "HAYSTACK_TELEMETRY_ENABLED": "True"}
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "None"
    assert not (tmp_path / ".haystack").exists()
