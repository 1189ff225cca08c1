"""An answer is a value whose citations are facts about stored documents, and its stream tells it in order."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest
import yaml

from bot.answer import (
    Answer,
    Answered,
    Citation,
    Conversation,
    Sentence,
    SentenceAdded,
    Turn,
    Understood,
    marks,
)
from bot.assistant import Assistant
from index.library import Library
from ingest.domain import Place, Source, Span
from tests.bot.checking import CORPUS, check

AIRFARE = "Who pays the airfare under PALM?"
QUESTIONS = (
    AIRFARE,
    "What is DASP taxed at?",
    "How many nurses left for the UK in June 2022?",
    "Who pays the airfare under PALM, and what is brain drain?",
    "What did the union adviser say about bargaining?",
    "Nani hulipia tiketi ya kwenda Australia kwanza?",
    "Which topics did the panel on Kenya and PALM have?",
)


def citation(number: int = 1, identity: str = "palm") -> Citation:
    return Citation(number, Source(identity, "PALM"), 2, Span(3, 9), "quoted", Place(heading="Costs"))


def test_found_follows_from_the_sentences() -> None:
    assert not Answer("Why?").found
    assert Answer("Why?", (Sentence("Because.", (1,)),), (citation(),)).found


def test_the_text_has_the_numbers_behind_each_sentence() -> None:
    answer = Answer("Why?", (Sentence("One.", (1, 3)), Sentence("Two.", (2,))))
    assert answer.text == "One. [1][3] Two. [2]"
    assert marks(()) == ""


def test_the_text_of_a_refusal_says_that_the_library_does_not_answer() -> None:
    assert Answer("Why?").text == "The library does not answer this."


def test_the_link_opens_these_very_words_of_this_very_version() -> None:
    assert citation().link == "/sources/palm?version=2&from=3&to=9#quote"


def test_an_answer_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        citation().quote = "something else"  # type: ignore[misc]


def test_a_conversation_remembers_each_source_once_and_leaves_the_old_value_alone() -> None:
    before = Conversation()
    cited = (citation(1, "palm"), citation(2, "kenya"), citation(3, "palm"))
    after = before.after("and there?", Answer("In Kenya: and there?", (), cited))
    assert before.turns == ()
    assert after.turns == (Turn("and there?", "In Kenya: and there?", ("palm", "kenya")),)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stream_tells_the_answer_in_order(question: str, assistant: Assistant, library: Library) -> None:
    """Understood, every sentence with its new citations, and the whole of it last."""
    events = list(assistant.ask(question))
    first, *between, last = events
    assert isinstance(first, Understood)
    assert first.question == question
    assert isinstance(last, Answered)
    answer = last.answer
    assert answer.found
    said = [event for event in between if isinstance(event, SentenceAdded)]
    assert len(said) == len(between)
    assert answer.sentences == tuple(event.sentence for event in said)
    assert answer.citations == tuple(one for event in said for one in event.new_citations)
    assert answer.narrowing == first.narrowing
    assert answer.answerer == "quote"
    assert answer.note == ""
    check(answer, library)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sentence_brings_a_citation_that_it_does_not_use(question: str, assistant: Assistant) -> None:
    for event in assistant.ask(question):
        if isinstance(event, SentenceAdded):
            assert {one.number for one in event.new_citations} <= set(event.sentence.citations)


def test_a_place_in_a_text_is_the_heading_above_the_words(assistant: Assistant) -> None:
    """Compared with the file itself, not with what was stored of it."""
    body = (CORPUS / "good_practices/palm-scheme.md").read_text(encoding="utf-8")
    quoted = [one for one in assistant.answer(AIRFARE).citations if one.source.id == "palm-scheme"]
    assert quoted
    for one in quoted:
        above = body[: body.index(one.quote[:40])]
        assert str(one.place) == re.findall(r"^## (.+)$", above, re.MULTILINE)[-1]


def test_a_place_in_a_transcript_is_the_moment_and_the_speaker(assistant: Assistant) -> None:
    """Compared with the file itself, not with what was stored of it."""
    cues = (
        (CORPUS / "transcripts/2026-02-10-learning-from-palm.vtt").read_text(encoding="utf-8").split("\n\n")
    )
    answer = assistant.answer("What did the union adviser say about bargaining?")
    for one in answer.citations:
        (cue,) = [cue for cue in cues if one.quote in cue]
        start, end = re.findall(r"00:(\d\d:\d\d)\.\d{3}", cue)
        (speaker,) = re.findall(r"<v ([^>]+)>", cue)
        assert str(one.place) == f"{start}-{end}, {speaker}"
        assert one.source.illustrative


def test_the_notes_are_the_sources_that_the_document_gives_for_the_words(assistant: Assistant) -> None:
    """Compared with the footnotes and the list of references in the file itself."""
    _, front, body = (CORPUS / "good_practices/palm-scheme.md").read_text(encoding="utf-8").split("---\n", 2)
    references = yaml.safe_load(front)["references"]
    questions = (AIRFARE, "What is DASP taxed at?", "When did the guarantee of paid hours become 120 hours?")
    answers = [assistant.answer(question) for question in questions]
    quoted = [one for answer in answers for one in answer.citations if one.source.id == "palm-scheme"]
    footnotes = {one.quote: re.search(re.escape(one.quote) + r"((?:\[\^\w+\])+)", body) for one in quoted}
    assert sum(found is not None for found in footnotes.values()) >= 3
    for one in quoted:
        if found := footnotes[one.quote]:
            assert one.notes == tuple(references[key] for key in re.findall(r"\w+", found[1]))
