"""Passages are read sentence by sentence, and what is found has to be enough to answer."""

from __future__ import annotations

import pytest

from bot.evidence import PASSAGES, Evidence, examine, read_sentences
from bot.quotable import LONGEST_SENTENCE
from index.library import Library
from index.scope import Scope
from ingest.builder import TextBuilder
from ingest.domain import Person, Span
from tests.bot.checking import Make
from tests.index import made


def read(question: str, library: Library, *speakers: str) -> Evidence:
    return examine(question, library.search(question, top=10), library, Scope(speakers=speakers))


@pytest.mark.parametrize(
    "question", ["Who pays the airfare under PALM?", "VETA vyeti", "What is brain drain?"]
)
def test_every_candidate_is_a_sentence_of_its_passage(question: str, library: Library) -> None:
    evidence = read(question, library)
    assert evidence.question == question
    best = {hit.passage.id for hit in evidence.hits[:PASSAGES]}
    for candidate in evidence.candidates:
        passage = candidate.hit.passage
        _, version = library.read(passage.source_id)
        assert candidate.text == version.quote(candidate.span)
        assert passage.span.start <= candidate.span.start < candidate.span.end <= passage.span.end
        assert passage.id in best
    scores = [candidate.score for candidate in evidence.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= candidate.confidence <= 1.0 for candidate in evidence.candidates)


def test_the_sentence_that_answers_comes_first(make: Make) -> None:
    library = make(
        made.text(
            "fares",
            "Many people like the islands. The employer pays the airfare of every worker. Rain fell in May.",
        )
    )
    evidence = read("Who pays the airfare?", library)
    assert evidence.candidates[0].text == "The employer pays the airfare of every worker."
    assert evidence.is_enough


def test_what_is_asked_for_counts_as_heard_by_its_name_in_another_language(make: Make) -> None:
    """Of all that is asked for, the French sentence holds only "Senegal" in so many words."""
    library = make(
        made.text(
            "senegal",
            "Le village est loin de la ville. Au Sénégal, la validation des acquis s'ouvre aux artisans.",
            language="fr",
        )
    )
    question = "Is there recognition of prior learning in Senegal?"
    read_ = list(read_sentences(question, library.search(question), library))
    shares = {candidate.text.split()[0]: signals.enough[1] for candidate, signals in read_}
    assert shares["Au"] > 0.9 and shares["Le"] < 0.5
    assert read(question, library).candidates[0].text.startswith("Au Sénégal")


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("When was the agreement on nurses signed?", "The agreement on nurses was signed in July."),
        ("How many agreements on nurses were signed?", "The agreement on nurses was one of nine signed."),
        ("Who signed the agreement on nurses?", "The agreement on nurses was signed by Okal."),
    ],
)
def test_a_sentence_that_holds_what_is_asked_for_comes_first(
    question: str, answering: str, make: Make
) -> None:
    """A moment, a number or a name, among sentences that share every word with the question."""
    library = make(
        made.text(
            "nurses",
            "The agreement on nurses was signed. The agreement on nurses was signed in haste. "
            "The agreement on nurses was signed in July. The agreement on nurses was one of nine signed. "
            "The agreement on nurses was signed by Okal.",
        )
    )
    assert read(question, library).candidates[0].text == answering


def test_what_the_library_has_nothing_about_is_not_enough(library: Library) -> None:
    for question in ("Which football club won the cup in 1998?", "How do I repair a bicycle tube?"):
        assert not read(question, library).is_enough


def test_without_passages_there_is_no_evidence(library: Library) -> None:
    evidence = examine("Who pays the airfare?", [], library)
    assert evidence == Evidence("Who pays the airfare?", (), ())
    assert not evidence.is_enough


def test_a_sentence_of_more_than_sixty_words_is_no_candidate(make: Make) -> None:
    sixty = "The airfare is paid by " + "good and kind " * 18 + "employers."
    longer = "The airfare is paid by " + "good and kind " * 18 + "fair employers."
    assert (len(sixty.split()), len(longer.split())) == (LONGEST_SENTENCE, LONGEST_SENTENCE + 1)
    library = make(made.sections("fares", [sixty, longer]))
    assert [one.text for one in read("Who pays the airfare?", library).candidates] == [sixty]


def test_of_a_transcript_only_what_the_speakers_said_is_read(make: Make) -> None:
    library = make(
        made.talk("talk", [("Grower", "We pay the airfare."), ("Moderator", "Who pays the airfare, then?")])
    )
    both = {one.text for one in read("Who pays the airfare?", library).candidates}
    assert both == {"We pay the airfare.", "Who pays the airfare, then?"}
    only = [one.text for one in read("Who pays the airfare?", library, "GROWER").candidates]
    assert only == ["We pay the airfare."]
    assert read("Who pays the airfare?", library, "Nobody").candidates == ()


def test_a_reply_is_judged_with_what_it_replies_to_where_its_speaker_is_named(make: Make) -> None:
    builder = TextBuilder()
    turns = [
        ("Moderator", "Who pays the airfare of the workers? You have the floor."),
        ("Grower", "There is nothing new from us. Talks go on."),
        ("Moderator", "And what do we know about visas, housing, food and superannuation?"),
        ("Grower", "Housing is dear."),
    ]
    for number, (speaker, words) in enumerate(turns):
        builder.cue(words, 10.0 * number, 10.0 * number + 9, speaker)
    library = make(made.document("talk", builder.build(), b"talk", kind="transcript"))
    evidence = read("Who pays the airfare of the workers?", library, "Grower")
    assert evidence.is_enough
    assert evidence.candidates[0].text == "There is nothing new from us."
    assert not read("Which football club won the cup in 1998?", library, "Grower").is_enough


def test_a_quotation_of_a_transcript_has_one_speaker(make: Make) -> None:
    builder = TextBuilder()
    for number, (speaker, words) in enumerate(
        [("Moderator", "The airfare then"), ("Grower", "We pay it for everybody")]
    ):
        builder.cue(words, 10.0 * number, 10.0 * number + 9, speaker)
    library = make(made.document("talk", builder.build(), b"talk", kind="transcript"))
    texts = {one.text for one in read("Who pays the airfare?", library).candidates}
    assert texts == {"The airfare then", "We pay it for everybody"}


@pytest.mark.parametrize(
    ("question", "may_answer"),
    [
        ("Who pays the airfare?", False),
        ("Which session says who pays the airfare?", True),
        ("What does Mbaka say on the airfare?", True),
    ],
)
def test_a_programme_answers_only_what_is_asked_of_sessions_and_people(
    question: str, may_answer: bool, make: Make
) -> None:
    words = "The airfare: who pays it, and why."
    people = (Person("Acquillyne Mbaka"),)
    programme = made.text("event-fares", words, event="fares", people=people)
    library = make(programme, made.text("note", "The employer pays the airfare."))
    texts = {one.text for one in read(question, library).candidates}
    assert (words in texts) == may_answer
    assert "The employer pays the airfare." in texts
    of_the_event = examine(question, library.search(question), library, Scope(events=("fares",)))
    assert words in {one.text for one in of_the_event.candidates}


def test_spans_count_code_points(make: Make) -> None:
    library = make(made.text("emoji", "😀 Karibu sana. The employer pays the airfare 😀 in full."))
    (best, *_) = read("Who pays the airfare?", library).candidates
    assert best.text == "The employer pays the airfare 😀 in full."
    assert best.span == Span(15, 15 + len(best.text))
