"""One contract for every door: the keys are those of the design, and what they hold can be checked again."""

from __future__ import annotations

import json
from typing import Any

from bot.answer import Answer, Conversation, Turn
from bot.assistant import Assistant
from bot.commands import as_text
from bot.contract import answer_json
from index.contract import show_json
from index.library import Library
from index.scope import PUBLIC

ANSWER = {"question", "found", "text", "sentences", "citations", "nearest", "took_ms"}
TOLD = {"narrowed_to", "answerer", "note"}  # what a reader is told beside the answer
CITATION = {"number", "quote", "source", "place", "span", "link"}
HIT = {"rank", "score", "passage_id", "text", "span", "highlights", "source", "place", "link"}
SOURCE = {"id", "title", "kind", "version"}
PLACE = {"label", "pages", "seconds", "speaker", "slide", "heading"}
BARGAINING = "What did the union adviser say about bargaining?"


def spoken(answer: Answer, took_ms: float = 12.34) -> dict[str, Any]:
    """The answer as it leaves through any door."""
    said: dict[str, Any] = json.loads(json.dumps(answer_json(answer, took_ms)))
    return said


def test_the_keys_of_an_answer(assistant: Assistant) -> None:
    said = spoken(assistant.answer("Who pays the airfare under PALM?"))
    assert said.keys() == ANSWER | TOLD
    assert said["found"] is True
    assert said["nearest"] == []
    assert said["took_ms"] == 12.3
    assert said["narrowed_to"] == ["PALM"]
    assert said["answerer"] == "quote"
    for sentence in said["sentences"]:
        assert sentence.keys() == {"text", "citations"}
    for citation in said["citations"]:
        assert citation.keys() == CITATION | {"given_sources"}
        assert citation["source"].keys() - {"illustrative"} == SOURCE
        assert citation["place"].keys() == PLACE
    assert [one["number"] for one in said["citations"]] == list(range(1, 1 + len(said["citations"])))


def test_the_keys_of_a_refusal(assistant: Assistant) -> None:
    said = spoken(assistant.answer("Which football club won the cup in 1998?"))
    assert said.keys() == ANSWER | TOLD
    assert (said["found"], said["sentences"], said["citations"]) == (False, [], [])
    assert said["text"] == "The library does not answer this."
    assert [hit["rank"] for hit in said["nearest"]] == [1, 2, 3]
    for hit in said["nearest"]:
        assert hit.keys() == HIT
        assert hit["source"].keys() - {"illustrative"} == SOURCE
        assert hit["place"].keys() == PLACE


def test_a_quote_is_what_the_shown_document_has_at_its_span(assistant: Assistant, library: Library) -> None:
    for question in ("Who pays the airfare under PALM?", BARGAINING):
        for citation in spoken(assistant.answer(question))["citations"]:
            entry, version = library.read(citation["source"]["id"], PUBLIC, citation["source"]["version"])
            shown = show_json(entry, version, library.passages(entry))
            start, end = citation["span"]
            assert shown["text"][start:end] == citation["quote"]


def test_an_illustrative_source_says_so_wherever_it_is_cited(assistant: Assistant) -> None:
    answer = assistant.answer(BARGAINING)
    assert all(one["source"]["illustrative"] is True for one in spoken(answer)["citations"])
    assert "(illustrative)" in as_text(answer)


def test_a_place_in_a_recording_has_its_seconds_and_its_speaker(assistant: Assistant) -> None:
    for citation in spoken(assistant.answer(BARGAINING))["citations"]:
        start, end = citation["place"]["seconds"]
        assert 0 < start < end
        assert citation["place"]["speaker"] == "Union adviser"
        assert citation["place"]["label"].endswith(", Union adviser")


# the command line's own words


def test_an_answer_for_a_terminal_has_its_sources_below_it(assistant: Assistant) -> None:
    answer = assistant.answer("Who pays the airfare under PALM?")
    text, *sources = as_text(answer).split("\n")
    assert text == answer.text
    assert sources[0].startswith(f"[1] {answer.citations[0].source.title}")
    assert sources[1].strip() == answer.citations[0].link
    assert len(sources) == 2 * len(answer.citations)


def test_a_refusal_for_a_terminal_names_what_is_nearest(assistant: Assistant) -> None:
    answer = assistant.answer("Which football club won the cup in 1998?")
    text, nearest, *documents = as_text(answer).split("\n")
    assert (text, nearest) == (answer.text, "Nearest:")
    assert [
        line.startswith(f"- {hit.source.title}") for line, hit in zip(documents, answer.nearest, strict=True)
    ]


def test_a_note_stands_between_the_answer_and_its_sources() -> None:
    assert as_text(Answer("Why?", note="The model was away.")).split("\n")[1] == "The model was away."


def test_earlier_questions_become_the_conversation_in_which_they_were_asked(assistant: Assistant) -> None:
    assert assistant.conversation_after([]) == Conversation()
    questions = ["Who pays the airfare under PALM?", "and for seasonal workers?"]
    assert assistant.conversation_after(questions).turns == (
        Turn("Who pays the airfare under PALM?", "Who pays the airfare under PALM?"),
        Turn("and for seasonal workers?", "Who pays the airfare under PALM: and for seasonal workers?"),
    )
