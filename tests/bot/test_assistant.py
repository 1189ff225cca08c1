"""Asking the assistant, as a person does: what they are told, what is kept from them, what never breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from bot.answer import Answer, Conversation, SentenceAdded, Understood
from bot.assistant import LONGEST_QUESTION, Assistant
from bot.verification import Verifier, likeness
from bot.write import NO_ANSWER, UNSUPPORTED, Writer
from index.library import Library
from index.scope import STAFF, Reader, Scope
from ingest.errors import UjuziError
from tests.bot.checking import Make, check
from tests.fakes import scripted_chat_generator
from tests.index import made

PALM_AND_KENYA = "Who pays the airfare under PALM, and what can Kenya learn from it?"
AIRFARE = "Who pays the airfare?"
FARE = "The employer pays the airfare and carries 300 dollars of it."
REST = "Wages bear the rest of the airfare in instalments."
MEMBER = Reader("m", frozenset({"public", "members"}))


def words(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


# the story of the first release


def test_who_pays_and_what_can_be_learnt(assistant: Assistant, library: Library) -> None:
    """Both halves are answered, from PALM's and Kenya's documents, and then a follow-up is understood."""
    answer = assistant.answer(PALM_AND_KENYA)
    assert answer.found
    assert answer.narrowing is not None
    assert answer.narrowing.names == ("PALM", "Kenya")
    assert "A$300" in words(answer)
    assert 2 <= len(answer.sentences) <= 4
    check(answer, library)

    conversation = Conversation().after(PALM_AND_KENYA, answer)
    further = assistant.answer("and for seasonal workers?", conversation=conversation)
    assert further.found
    assert further.question == "Who pays the airfare under PALM: and for seasonal workers?"
    assert "easonal" in words(further)
    check(further, library)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("What are the main challenges of PALM?", "Challenges"),
        ("How is PALM financed?", "Financing"),
        ("What are the lessons of the PALM scheme?", "Lessons"),
        ("How is the PALM scheme coordinated?", "Coordination"),
    ],
)
def test_a_question_for_one_side_of_a_practice_is_answered_by_that_section(
    question: str, heading: str, assistant: Assistant
) -> None:
    """The sections of the template, whose sentences repeat neither their heading nor the title."""
    answer = assistant.answer(question)
    places = [(one.source.id, one.place.heading) for one in answer.citations]
    assert ("palm-scheme", heading) in places[:2]


def test_the_price_of_bread_is_not_in_the_library(assistant: Assistant) -> None:
    answer = assistant.answer("What is the price of bread in Nairobi?")
    assert not answer.found
    assert answer.text == "The library does not answer this."
    assert len({hit.source.id for hit in answer.nearest}) == 3


def test_the_price_of_bread_is_no_follow_up(assistant: Assistant) -> None:
    airfare, bread = "Who pays the airfare under PALM?", "What is the price of bread?"
    earlier = Conversation().after(airfare, assistant.answer(airfare))
    answer = assistant.answer(bread, conversation=earlier)
    assert (answer.question, answer.found) == (bread, False)
    assert assistant.answer("What is the visa fee?", conversation=earlier).question.startswith("Who pays")


@pytest.mark.parametrize(
    "question", ["Which football club won the cup in 1998?", "How do I repair a bicycle?"]
)
def test_a_refusal_says_so_and_shows_the_three_nearest_documents(question: str, assistant: Assistant) -> None:
    answer = assistant.answer(question)
    assert not answer.found
    assert answer.sentences == answer.citations == ()
    assert answer.text == "The library does not answer this."
    assert len({hit.source.id for hit in answer.nearest}) == len(answer.nearest) == 3
    scores = [hit.score for hit in answer.nearest]
    assert scores == sorted(scores, reverse=True)


def test_the_parts_of_a_double_question_are_answered_in_their_order(assistant: Assistant) -> None:
    answer = assistant.answer("What is brain drain, and what is debt bondage?")
    texts = [sentence.text for sentence in answer.sentences]
    drain = next(place for place, text in enumerate(texts) if text.startswith("Brain drain is"))
    bondage = next(place for place, text in enumerate(texts) if text.startswith("Debt bondage is"))
    assert drain < bondage


def test_one_part_that_nothing_answers_leaves_the_other_standing(assistant: Assistant) -> None:
    answer = assistant.answer("What is brain drain, and which football club won the cup in 1998?")
    assert answer.found
    assert "Brain drain is" in words(answer)
    assert "football" not in words(answer)


def test_a_repetition_in_other_documents_is_one_sentence(make: Make) -> None:
    library = make(made.text("one", FARE), made.text("two", f"So it is. {FARE}"))
    answer = Assistant(library).answer(AIRFARE)
    assert answer.text.count(FARE) == 1
    assert f"{FARE} [1][2]" in answer.text
    check(answer, library)


def test_no_sentence_of_more_than_sixty_words_is_said(make: Make) -> None:
    long = f"The employer pays the airfare {'of good and kind workers ' * 12}always."
    library = make(made.sections("one", [long, "The employer pays the airfare."]))
    answer = Assistant(library).answer(AIRFARE)
    assert [sentence.text for sentence in answer.sentences] == ["The employer pays the airfare."]


# what changes while one asks, and what is kept from whom


def test_a_document_that_is_withdrawn_stops_answering_in_mid_conversation(own_library: Library) -> None:
    assistant = Assistant(own_library)
    question = "How many nurses left for the UK in June 2022?"
    before = assistant.answer(question)
    assert "kenya-uk-nurses" in {citation.source.id for citation in before.citations}
    conversation = Conversation().after(question, before)
    own_library.withdraw("kenya-uk-nurses")
    for asked in (question, "and in August 2023?"):
        after = assistant.answer(asked, conversation=conversation)
        assert "kenya-uk-nurses" not in {citation.source.id for citation in after.citations}
        assert "kenya-uk-nurses" not in {hit.source.id for hit in after.nearest}
    own_library.publish("kenya-uk-nurses")
    assert assistant.answer(question).citations == before.citations


def test_a_new_version_answers_in_the_place_of_the_old_one(make: Make) -> None:
    library = make(made.text("fares", FARE))
    assistant = Assistant(library)
    old = assistant.answer(AIRFARE)
    (added,) = library.add_all([made.text("fares", "The ministry pays the airfare of everybody.")])
    assert added.status == "replaced"
    new = assistant.answer(AIRFARE)
    assert new.text == "The ministry pays the airfare of everybody. [1]"
    assert (old.citations[0].version, new.citations[0].version) == (1, 2)
    check(old, library)  # what was cited stays open
    check(new, library)


def test_what_only_staff_may_read_is_kept_from_everybody_else(make: Make) -> None:
    """Neither quoted, nor nearest, nor an example; and staff do get it."""
    library = make(made.text("open", "Nurses left for Britain in June."))
    secret = made.text("secret", FARE, title="Fares", kind="good_practice")
    library.add(secret, audience="staff")
    assistant = Assistant(library)
    for reader in (Reader(), MEMBER):
        for narrow in (True, False):
            answer = assistant.answer(AIRFARE, reader=reader, narrow=narrow)
            assert not answer.found
            assert [hit.source.id for hit in answer.nearest] == ["open"]
        assert not assistant.answer(AIRFARE, reader=reader, scope=Scope(sources=("secret",))).nearest
    answer = assistant.answer(AIRFARE, reader=STAFF)
    assert answer.sentences[0].text == FARE
    check(answer, library, STAFF)


def test_no_answer_tells_which_words_stand_in_what_is_hidden(make: Make) -> None:
    library = make(made.text("open", "The employer pays the airfare of nurses."))
    assistant, question = Assistant(library), "Who pays the airfare of quokkafund nurses?"
    confidence = {}
    for word in ("lodging", "quokkafund"):
        library.add(made.text("secret", f"The {word} is paid by the state."), audience="staff")
        confidence[word] = assistant.answer(question).confidence
    assert confidence["lodging"] == confidence["quokkafund"] > 0
    assert assistant.answer(question, reader=STAFF).confidence != confidence["quokkafund"]


def test_a_draft_answers_nobody(make: Make) -> None:
    library = make(made.text("open", "Nurses left for Britain in June."))
    library.add(made.text("draft", FARE), draft=True)
    for reader in (Reader(), STAFF):
        answer = Assistant(library).answer(AIRFARE, reader=reader)
        assert not answer.found
        assert "draft" not in {hit.source.id for hit in answer.nearest}


def test_an_empty_library_refuses_plainly(make: Make) -> None:
    answer = Assistant(make()).answer(AIRFARE)
    assert not answer.found
    assert answer.nearest == ()


# questions that nobody should ask


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)> who pays?",
        "the of and",
        "?",
        "😀🎉",
        "👩🏽‍🌾 who pays the airfare under PALM?",
        "من يدفع ثمن التذكرة؟",
        "'; DROP TABLE versions; --",
        ".*[a-z]+(",
        'title:palm AND (text:"x"~2 OR *)^3',
        "NOT (",
        "AND OR NOT",
        "airfare\x00 under\x00 PALM",
        "\u202eWho pays the airfare under PALM?\u202c",
        "lone \ud800 surrogate",
        "x" * LONGEST_QUESTION,
        "why " * 500,
        "Who pays? " * 200,
    ],
    ids=lambda question: repr(question[:20]),
)  # fmt: skip
def test_a_strange_question_gets_an_answer_or_a_plain_refusal(
    question: str, assistant: Assistant, library: Library
) -> None:
    answer = assistant.answer(question)
    check(answer, library)
    assert answer.found or answer.text == "The library does not answer this."


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\x00", "\u200b", "\u202e\u202c", "\ud800"])
def test_a_question_without_anything_visible_is_asked_for_again(question: str, assistant: Assistant) -> None:
    with pytest.raises(UjuziError, match=r"^Type a question first\.$"):
        assistant.answer(question)


def test_a_question_of_ten_thousand_characters_is_refused_with_the_limit(assistant: Assistant) -> None:
    with pytest.raises(UjuziError, match=r"^The question has 10,000 characters\. Ask it in at most 2,000\.$"):
        assistant.answer("x" * 10_000)


def test_invisible_marks_change_nothing(assistant: Assistant) -> None:
    plain = assistant.answer("Who pays the airfare under PALM?")
    marked = assistant.answer("\u202eWho pays\x00 the air\u00adfare\u200b under PALM?\u202c\n")
    assert marked == plain


def test_eight_people_at_once_get_what_each_would_get_alone(assistant: Assistant) -> None:
    questions = (
        "Who pays the airfare under PALM?",
        "What is DASP taxed at?",
        "What did the grower say about the harvest?",
        "How are artisans certified in Tanzania?",
        "Which football club won the cup in 1998?",
        "Nani hulipia tiketi ya kwenda Australia kwanza?",
        "What is brain drain, and what is debt bondage?",
        "How many nurses left for the UK in June 2022?",
    )
    alone = [assistant.answer(question) for question in questions]
    with ThreadPoolExecutor(8) as people:
        assert list(people.map(assistant.answer, questions)) == alone


def test_a_library_whose_model_is_missing_says_what_to_do(tmp_path: Path) -> None:
    """In our own words, not wrapped into those of the pipeline."""
    missing = pytest.raises(UjuziError, match=r"Fetch it with: ujuzi model nobody/knows-it$")
    with Library(tmp_path / "other", model="nobody/knows-it") as library, missing:
        Assistant(library).answer(AIRFARE)


# writing


@pytest.fixture
def write(make: Make) -> Callable[..., Assistant]:
    """Makes an assistant whose model says what it is given to say, about one document of two passages."""
    library = make(
        made.sections(
            "fares", [f"{FARE} {REST}", "A country liaison officer speaks for the workers at home."]
        )
    )

    def assistant(*script: str | float | Exception, **patience: float) -> Assistant:
        generator = scripted_chat_generator(*script)
        writer = Writer(generator, Verifier(likeness(library.embedder)), **patience)
        return Assistant(library, lambda: writer)

    return assistant


def test_a_written_sentence_is_said_with_our_citation(write: Callable[..., Assistant]) -> None:
    """The words are the model's; the quote, its document and its place are the library's."""
    assistant = write("The airfare is paid by the employer, ", "who carries 300 dollars of it [1].")
    events = list(assistant.ask(AIRFARE))
    said = [event for event in events if isinstance(event, SentenceAdded)]
    answer = assistant.answer(AIRFARE)
    assert answer.answerer == "write"
    assert answer.note == ""
    assert answer.text == "The airfare is paid by the employer, who carries 300 dollars of it. [1]"
    assert [citation.quote for citation in answer.citations] == [FARE]
    assert answer.sentences == tuple(event.sentence for event in said)
    assert isinstance(events[0], Understood)
    check(answer, assistant._library)


def test_of_a_passage_the_sentence_that_shares_most_is_cited(make: Make) -> None:
    """Not a short one that happens to be wholly contained in what was written."""
    fare = "The employer pays the airfare and carries 300 dollars of it, as growers in Queensland know."
    library = make(made.text("fares", f"Employers pay. {fare} {REST}"))
    generator = scripted_chat_generator("The employer pays the airfare and carries 300 dollars of it [1].")
    writer = Writer(generator, Verifier(likeness(library.embedder)))
    answer = Assistant(library, lambda: writer).answer(AIRFARE)
    assert answer.answerer == "write"
    assert [citation.quote for citation in answer.citations] == [fare]


def test_what_only_the_title_of_a_document_names_is_supported(make: Make) -> None:
    """Within a document on PALM nobody says PALM again; the model is told, and may say it."""
    library = make(made.sections("fares", [f"{FARE} {REST}"], title="PALM: Australia and its neighbours"))
    generator = scripted_chat_generator("Under PALM the employer pays the airfare [1].")
    writer = Writer(generator, Verifier(likeness(library.embedder)))
    answer = Assistant(library, lambda: writer).answer(AIRFARE)
    assert (answer.answerer, words(answer)) == ("write", "Under PALM the employer pays the airfare.")
    assert [citation.quote for citation in answer.citations] == [FARE]
    assert "PALM: Australia and its neighbours" in generator.asked[-1].text


def test_two_written_sentences_on_the_same_words_share_their_citation(
    write: Callable[..., Assistant],
) -> None:
    answer = write(
        "The airfare is paid by the employer [1]. Wages bear the rest of it in instalments [1]. "
        "The employer carries 300 dollars of the airfare [1]."
    ).answer(AIRFARE)
    assert [citation.quote for citation in answer.citations] == [FARE, REST]
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,), (1,)]


def test_an_unsupported_sentence_is_left_out(write: Callable[..., Assistant]) -> None:
    answer = write("The employer pays the airfare [1]. The employer carries 900 dollars of it [1].").answer(
        AIRFARE
    )
    assert words(answer) == "The employer pays the airfare."
    assert answer.note == ""


def server_error() -> Exception:
    response = httpx.Response(500, request=httpx.Request("POST", "http://127.0.0.1/v1/chat/completions"))
    return openai.InternalServerError("broken", response=response, body=None)


@pytest.mark.parametrize(
    ("script", "patience", "note"),
    [
        (("The employer carries 900 dollars of the airfare [1].",), {}, UNSUPPORTED),
        (("The employer pays the airfare [7].",), {}, UNSUPPORTED),
        (("The employer pays the airfare.",), {}, UNSUPPORTED),
        (("NO ANSWER",), {}, NO_ANSWER),
        (("",), {}, "The writing model wrote nothing."),
        ((), {}, "The writing model wrote nothing."),
        ((ConnectionError("refused"),), {}, "The writing model cannot be reached."),
        ((server_error(),), {}, "The writing model reports an error."),
        ((RuntimeError("odd"),), {}, "The writing model reports an error."),
        ((1.0, "The employer pays [1]."), {"first_word": 0.05}, "The writing model took too long."),
    ],
    ids=["wrong", "invented", "uncited", "no answer", "empty", "nothing", "down", "500", "error", "slow"],
)
def test_where_the_model_fails_the_library_is_quoted_and_that_is_said(
    script: Any, patience: dict[str, float], note: str, write: Callable[..., Assistant]
) -> None:
    assistant = write(*script, **patience)
    answer = assistant.answer(AIRFARE)
    assert answer.answerer == "quote"
    assert answer.note == note
    assert FARE in words(answer)
    check(answer, assistant._library)
    assert words(assistant.answer(AIRFARE, answerer="quote")) == words(answer)


def test_what_was_said_before_the_model_broke_off_stays(write: Callable[..., Assistant]) -> None:
    answer = write("The employer pays the airfare [1]. And the", ConnectionError("gone")).answer(AIRFARE)
    assert words(answer) == "The employer pays the airfare."
    assert answer.answerer == "write"
    assert answer.note == "The writing model stopped in the middle of its answer."


def test_where_nothing_answers_the_model_is_not_asked(make: Make) -> None:
    library = make(made.text("one", FARE))
    generator = scripted_chat_generator("Bread costs 70 shillings [1].")
    assistant = Assistant(library, lambda: Writer(generator, Verifier(likeness(library.embedder))))
    answer = assistant.answer("Which football club won the cup in 1998?")
    assert not answer.found
    assert generator.asked == []
    assert [hit.source.id for hit in answer.nearest] == ["one"]


def test_quoting_can_be_asked_for_where_there_is_a_model(write: Callable[..., Assistant]) -> None:
    answer = write("The employer pays the airfare [1].").answer(AIRFARE, answerer="quote")
    assert answer.answerer == "quote"
    assert answer.note == ""


def test_writing_cannot_be_asked_for_without_a_model(assistant: Assistant) -> None:
    with pytest.raises(UjuziError, match=r"^No language model is set up\. Set UJUZI_LLM_URL and"):
        assistant.answer(AIRFARE, answerer="write")


def test_there_are_two_answerers(assistant: Assistant) -> None:
    with pytest.raises(UjuziError, match=r"^There is no answerer sing; there are quote and write\.$"):
        assistant.answer(AIRFARE, answerer="sing")
