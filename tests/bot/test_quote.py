"""The default answerer says few sentences, each once, each copied from the library with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evidence import Evidence, examine
from bot.quote import MOST_SENTENCES, Quoted, cite, quote
from index.library import Library
from index.scope import PUBLIC, Reader
from ingest.domain import Span
from ingest.errors import NotFound
from tests.bot.checking import Make
from tests.index import made

FARE = "The employer pays the airfare of every seasonal worker."
QUESTION = "Who pays the airfare of a seasonal worker?"


def read(library: Library, question: str = QUESTION) -> Evidence:
    return examine(question, library.search(question), library)


def said(library: Library, *questions: str) -> list[Quoted]:
    return list(quote([read(library, one) for one in questions or (QUESTION,)], library, PUBLIC))


def test_a_sentence_that_several_documents_say_is_given_once_and_cites_each(make: Make) -> None:
    first, *rest = said(
        make(
            made.text("one", FARE),
            made.text("two", f"{FARE} So it is."),
            made.text("three", f"Indeed. {FARE}"),
        )
    )
    assert first.sentence.text == FARE
    assert first.sentence.citations == (1, 2, 3)
    assert [one.number for one in first.new_citations] == [1, 2, 3]
    assert {one.source.id for one in first.new_citations} == {"one", "two", "three"}
    assert all(one.sentence.text != FARE for one in rest)


def test_nearly_the_same_sentence_counts_as_the_same(make: Make) -> None:
    library = make(
        made.text("one", FARE), made.text("two", "Employers pay the airfare of each of the seasonal workers.")
    )
    (only,) = said(library)
    assert {one.source.id for one in only.new_citations} == {"one", "two"}


def test_one_document_is_not_cited_twice_for_one_sentence(make: Make) -> None:
    library = make(made.sections("one", [FARE, f"{FARE} Again.", "Nurses are paid by hospitals."]))
    first, *rest = said(library)
    assert len(first.new_citations) == 1
    assert all(one.sentence.text != FARE for one in rest)


def test_at_most_three_documents_are_cited_for_one_sentence(make: Make) -> None:
    words = ("Indeed.", "So it is.", "We know.", "Mark this.", "Note that.")
    library = make(*(made.text(f"text{n}", f"{one} {FARE}") for n, one in enumerate(words)))
    assert len(said(library)[0].new_citations) == 3


def test_an_answer_has_at_most_four_sentences(library: Library) -> None:
    for question in ("Who pays the airfare under PALM?", "What is RPL?", "Who protects workers?"):
        assert 1 <= len(said(library, question)) <= MOST_SENTENCES == 4


def test_two_questions_share_the_four_sentences_in_the_order_in_which_they_were_asked(
    library: Library,
) -> None:
    both = said(library, "What is brain drain?", "What is DASP taxed at?")
    assert len(both) == 4
    about = [{one.source.id for one in quoted.new_citations} for quoted in both]
    alone = said(library, "What is brain drain?")
    assert both[0].sentence == alone[0].sentence
    assert "glossary" in about[0]
    assert "tax" in both[2].sentence.text


def test_what_one_part_said_the_next_does_not_say_again(library: Library) -> None:
    texts = [one.sentence.text for one in said(library, "What is DASP taxed at?", "What is DASP taxed at?")]
    assert len(texts) == len(set(texts)) == 4


def test_numbers_run_on_over_the_parts_without_a_gap(make: Make) -> None:
    library = make(
        made.text("one", FARE),
        made.text("two", f"{FARE} Nurses are paid by hospitals in Britain."),
        made.text("three", "Indeed, the hospitals in Britain are the ones that pay nurses."),
    )
    both = said(library, QUESTION, "Who pays nurses in Britain?")
    numbers = [one.number for quoted in both for one in quoted.new_citations]
    assert numbers == list(range(1, 1 + len(numbers)))
    assert len(both[0].new_citations) == 2
    assert len(both) > 1


def test_no_evidence_no_words(library: Library) -> None:
    assert list(quote([], library, PUBLIC)) == []
    assert list(quote([Evidence("Why?", (), ())], library, PUBLIC)) == []


def test_the_words_come_from_the_stored_version_and_not_from_the_candidate(make: Make) -> None:
    library = make(made.text("one", f"Karibu. {FARE}"))
    candidate = replace(read(library).candidates[0], text="The worker pays everything.")
    citation = cite(candidate, 7, library, PUBLIC)
    assert citation.number == 7
    assert citation.quote == FARE
    assert citation.span == Span(8, 8 + len(FARE))


def test_a_reader_who_may_not_read_a_document_gets_no_citation_of_it(make: Make) -> None:
    library = make(made.text("open", "Nothing of note."))
    library.add(made.text("secret", FARE), audience="staff")
    staff = Reader("s", frozenset({"public", "staff"}))
    candidate = examine(QUESTION, library.search(QUESTION, reader=staff), library).candidates[0]
    assert cite(candidate, 1, library, staff).quote == FARE
    with pytest.raises(NotFound):
        cite(candidate, 1, library, PUBLIC)


def test_a_list_that_is_quoted_whole_is_not_quoted_item_by_item_too(make: Make) -> None:
    items = ["The employer pays the airfare.", "A worker sees to the visa."]
    whole = "\n".join(["Seasonal staff go as follows.", *items])
    library = make(made.text("one", whole))
    evidence = read(library)
    assert {one.text for one in evidence.candidates} == {whole, *items}
    for best, expected in ((whole, [whole]), (items[0], items)):
        ranked = sorted(evidence.candidates, key=lambda one: (one.text != best, one.text == whole))
        scored = tuple(replace(one, score=9.0 - place) for place, one in enumerate(ranked))
        quoted = quote([replace(evidence, candidates=scored)], library, PUBLIC)
        assert [one.sentence.text for one in quoted] == expected


def test_what_would_not_answer_on_its_own_is_not_added(make: Make) -> None:
    library = make(made.text("one", f"{FARE} Nurses are paid by hospitals. Visas cost money too."))
    evidence = read(library)
    first, *others = evidence.candidates
    for confidence, expected in ((0.04, 1), (0.05, 3)):
        rest = (replace(one, score=first.score - 1, confidence=confidence) for one in others)
        ranked = replace(evidence, candidates=(first, *rest))
        assert len(list(quote([ranked], library, PUBLIC))) == expected


def test_a_sentence_that_explains_the_one_before_it_follows_it(make: Make) -> None:
    """Before one of another document that scores a little higher."""
    library = make(
        made.text("one", "The employer pays the airfare first. Later it is taken from wages in instalments."),
        made.text("two", "Visas cost money too."),
    )
    evidence = read(library)
    by_text = {one.text: one for one in evidence.candidates}
    scores = {
        "The employer pays the airfare first.": 10.0,
        "Visas cost money too.": 9.0,
        "Later it is taken from wages in instalments.": 8.9,
    }
    ranked = replace(
        evidence,
        candidates=tuple(
            replace(by_text[text], score=score, confidence=1.0) for text, score in scores.items()
        ),
    )
    texts = [one.sentence.text for one in quote([ranked], library, PUBLIC)]
    assert texts == [
        "The employer pays the airfare first.",
        "Later it is taken from wages in instalments.",
        "Visas cost money too.",
    ]
