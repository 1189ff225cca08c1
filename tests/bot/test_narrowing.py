"""What a question names limits the search: visibly, only as far as it answers, and never against a choice."""

from __future__ import annotations

import pytest

from bot.answer import Answered, SentenceAdded, Understood
from bot.assistant import Assistant
from bot.narrowing import narrowing
from index.library import Library
from index.scope import PUBLIC, STAFF, Scope
from tests.bot.checking import Make, check
from tests.index import made

TALK = "2026-02-10-learning-from-palm"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How are artisans certified in Kenya?", ("Kenya",)),
        ("Which Kenyan office tests domestic workers?", ("Kenya",)),
        ("What do Tongans and Ugandans earn?", ("Tonga",)),
        ("How do Tanzania and Kenya recognise prior learning?", ("Tanzania", "Kenya")),
        ("Who left Papua New Guinea?", ("Papua New Guinea",)),
    ],
)
def test_a_country_narrows(question: str, names: tuple[str, ...], library: Library) -> None:
    found = narrowing(question, library, PUBLIC)
    assert found is not None
    assert (found.names, found.scope) == (names, Scope(countries=names))


def test_a_scheme_narrows_to_the_documents_that_speak_of_it(library: Library) -> None:
    found = narrowing("Who pays the airfare under PALM?", library, PUBLIC)
    assert found is not None
    assert found.names == ("PALM",)
    assert {"palm-scheme", "palm-na-rpl-sw", TALK} <= set(found.scope.sources)
    assert "kenya-uk-nurses" not in found.scope.sources


def test_a_scheme_and_a_country_widen_each_other(library: Library) -> None:
    found = narrowing("What can Kenya learn from PALM?", library, PUBLIC)
    assert found is not None
    assert found.names == ("PALM", "Kenya")
    about_kenya = {source.id for source in library.sources(PUBLIC) if "Kenya" in source.countries}
    assert about_kenya <= set(found.scope.sources) <= about_kenya | library.mentioning("PALM")
    assert "kenya-uk-nurses" in about_kenya


def test_a_session_narrows_and_is_taken_out_of_the_question(library: Library) -> None:
    found = narrowing("In the webinar on learning from PALM, who buys the ticket?", library, PUBLIC)
    assert found is not None
    assert found.scope == Scope(events=(TALK,))
    assert found.names[0].startswith("Learning from PALM")
    assert found.remainder == "who buys the ticket?"


def test_a_speaker_narrows_to_what_that_speaker_said(library: Library) -> None:
    found = narrowing("What did the union adviser say about bargaining?", library, PUBLIC)
    assert found is not None
    assert found.scope == Scope(speakers=("Union adviser",))
    assert found.names == ("Union adviser",)
    assert "union" not in found.remainder.casefold()
    assert "bargaining" in found.remainder


def test_who_said_it_is_looked_for_in_what_was_said(library: Library) -> None:
    found = narrowing("Who mentioned the harvest?", library, PUBLIC)
    assert found is not None
    assert (found.scope, found.names) == (Scope(kinds=("transcript",)), ("webinar transcripts",))
    assert found.remainder == "the harvest"
    found = narrowing("When did they talk about artisans in Kenya?", library, PUBLIC)
    assert found is not None
    assert found.scope == Scope(kinds=("transcript",), countries=("Kenya",))
    assert found.names == ("webinar transcripts", "Kenya")


def test_of_a_session_the_programme_is_searched_too(library: Library) -> None:
    found = narrowing("Who mentioned crates in the PALM webinar?", library, PUBLIC)
    assert found is not None
    assert (found.scope, found.remainder) == (Scope(events=(TALK,)), "crates")


def test_a_question_that_asks_more_than_who_said_it_is_not_limited_to_talks(library: Library) -> None:
    assert narrowing("Who spoke about harvests and what is that person's job?", library, PUBLIC) is None
    assert narrowing("Who spoke about harvests: and what is grown there?", library, PUBLIC) is None


def test_with_nothing_but_the_speaker_nothing_remains(library: Library) -> None:
    found = narrowing("What did the union adviser say?", library, PUBLIC)
    assert found is not None
    assert found.remainder == ""


@pytest.mark.parametrize(
    "question",
    [
        "Who pays the airfare?",
        "Does a union adviser earn well?",  # nobody is asked what was said
        "Which palm trees grow?",
        "What did JLMP decide?",  # no document bears that name
        "?",
        "",
    ],
)
def test_without_a_known_name_nothing_narrows(question: str, library: Library) -> None:
    assert narrowing(question, library, PUBLIC) is None


def test_a_name_inside_a_longer_one_is_not_meant(make: Make) -> None:
    library = make(
        made.text("one", "Nurses left.", countries=("Papua New Guinea", "Nigeria")),
        made.text("two", "Miners left.", countries=("Guinea", "Niger")),
    )
    found = narrowing("How many Nigerians went to Papua New Guinea?", library, PUBLIC)
    assert found is not None
    assert found.scope == Scope(countries=("Nigeria", "Papua New Guinea"))
    assert narrowing("Which guinean miners left?", library, PUBLIC).names == ("Guinea",)  # type: ignore[union-attr]


def test_a_name_that_another_word_begins_with_is_not_meant(make: Make) -> None:
    library = make(
        made.talk("talk", [("Ann", "The report is late.")]), made.text("x", "Gold.", countries=("Mali",))
    )
    found = narrowing("Who said that the annual report is malicious?", library, PUBLIC)
    assert found is not None
    assert found.scope == Scope(kinds=("transcript",))  # neither Ann nor Mali


def test_a_reader_is_not_told_of_names_that_only_others_may_see(make: Make) -> None:
    library = make(made.text("open", "Nurses left."))
    secret = made.talk(
        "secret", [("Whistle blower", "They took fees.")], countries=("Oman",), title="OMANX plan"
    )
    library.add(secret, audience="staff")
    for question in ("Who works in Oman?", "What is OMANX?", "What did the whistle blower say about fees?"):
        assert narrowing(question, library, PUBLIC) is None
        assert narrowing(question, library, STAFF) is not None


# with the assistant


def test_only_that_speakers_words_are_quoted(assistant: Assistant, library: Library) -> None:
    for question in (
        "What did the union adviser say about bargaining?",
        "What did the grower say about the harvest?",
        "What did the country liaison officer say about superannuation?",
    ):
        answer = assistant.answer(question)
        assert answer.found
        assert answer.narrowing is not None
        for citation in answer.citations:
            assert citation.place.speakers == answer.narrowing.scope.speakers
        check(answer, library)


def test_who_mentioned_it_is_answered_with_a_speaker_and_a_time(
    assistant: Assistant, library: Library
) -> None:
    answer = assistant.answer("Which speaker mentioned superannuation?")
    assert answer.found
    assert answer.citations[0].place.speakers == ("Country liaison officer",)
    assert all(citation.place.seconds is not None for citation in answer.citations)
    check(answer, library)


def test_a_country_is_kept_to(assistant: Assistant) -> None:
    answer = assistant.answer("How are artisans certified in Tanzania?")
    assert answer.found
    assert answer.narrowing is not None
    assert all("Tanzania" in citation.source.countries for citation in answer.citations)


def test_the_reader_can_undo_it(assistant: Assistant) -> None:
    question = "What did the grower say about the harvest?"
    first, *_, last = assistant.ask(question, narrow=False)
    assert first == Understood(question, None)
    assert isinstance(last, Answered)
    assert last.answer.narrowing is None
    assert last.answer.note == ""


def test_a_scope_that_was_chosen_is_neither_narrowed_nor_widened(assistant: Assistant) -> None:
    kenya = Scope(sources=("kenya-rpl",))
    for question in ("Who pays the airfare under PALM?", "How are artisans certified in Kenya?"):
        answer = assistant.answer(question, scope=kenya)
        assert answer.narrowing is None
        assert answer.note == ""
        assert {citation.source.id for citation in answer.citations} <= {"kenya-rpl"}
        assert {hit.source.id for hit in answer.nearest} <= {"kenya-rpl"}


def test_where_the_named_place_does_not_answer_the_whole_library_is_searched_and_that_is_said(
    assistant: Assistant, library: Library
) -> None:
    question = "What is the rate at which the DASP refund is taxed, asks Malawi?"
    events = list(assistant.ask(question))
    understood = [event for event in events if isinstance(event, Understood)]
    assert [one.narrowing.names if one.narrowing else () for one in understood] == [("Malawi",), ()]
    second = events.index(understood[1])
    assert not any(isinstance(event, SentenceAdded) for event in events[:second])
    last = events[-1]
    assert isinstance(last, Answered)
    assert last.answer.found
    assert last.answer.narrowing is None
    assert last.answer.note == "Nothing was found in Malawi alone, so the whole library was searched."
    check(last.answer, library)


def test_where_a_speaker_said_nothing_the_note_says_that_others_did(make: Make) -> None:
    library = make(
        made.talk(
            "talk", [("Grower", "Rain fell on the farm."), ("Moderator", "The nurses pay the visa fee.")]
        )
    )
    answer = Assistant(library).answer("What did the grower say about the visa fee of the nurses?")
    assert [one.place.speaker for one in answer.citations][:1] == ["Moderator"]
    assert answer.narrowing is None
    assert answer.note == "Nothing that Grower said was found on this; here is what others say."
    check(answer, library)


def test_where_the_whole_library_does_not_answer_either_nothing_is_said_of_widening(
    assistant: Assistant,
) -> None:
    answer = assistant.answer("Which football club won the cup in Tonga?")
    assert not answer.found
    assert answer.note == ""
    assert answer.narrowing is None
