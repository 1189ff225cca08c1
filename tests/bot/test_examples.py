"""The questions that a newcomer is shown come from the library, and the library answers them."""

from __future__ import annotations

from bot.assistant import Assistant
from bot.examples import candidates
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from ingest.domain import Person
from tests.bot.checking import Make
from tests.index import made


def test_examples_are_few_and_each_is_answered(assistant: Assistant) -> None:
    examples = assistant.example_questions()
    assert 1 <= len(examples) <= 4
    assert len(set(examples)) == len(examples)
    assert all(assistant.answer(question).found for question in examples)


def test_practices_terms_and_sessions_take_turns(library: Library) -> None:
    practice, term, session, *_ = candidates(library, PUBLIC)
    assert "PALM" in practice and practice.endswith("lessons?")
    assert term == "What is meant by brain drain?"
    assert session == "What did the country liaison officer say about funding?"


def test_no_two_practices_in_a_row_are_asked_the_same(make: Make) -> None:
    some = [
        made.text(name, f"Lessons of {name}.", title=name, kind="good_practice")
        for name in ("A", "BB", "CCC", "DDDD")
    ]
    assert list(candidates(make(*some), PUBLIC)) == [
        "A: what are the lessons?",
        "BB: who pays for what?",
        "CCC: how are skills recognised?",
        "DDDD: what are the lessons?",
    ]


def test_a_short_library_has_fewer_sorts_and_an_empty_one_none(make: Make) -> None:
    library = make()
    assert Assistant(library).example_questions() == []
    library.add(made.text("palm", "Lessons of PALM: pay first.", title="PALM", kind="good_practice"))
    assert list(candidates(library, PUBLIC)) == ["PALM: what are the lessons?"]


def test_a_title_that_nobody_would_say_makes_no_question(make: Make) -> None:
    library = make(
        made.text(
            "one", "Lessons.", title="A title of ten words that nobody would ever say", kind="good_practice"
        ),
        made.text("two", "Leçons.", title="Le PALM", kind="good_practice", language="fr"),
    )
    assert list(candidates(library, PUBLIC)) == []


def test_names_keep_their_capitals_and_roles_do_not(make: Make) -> None:
    def talk(identity: str, name: str) -> object:
        people = (Person("Moderator"), Person(name))
        return made.talk(identity, [(name, f"Well, {identity}.")], people=people, themes=("funding",))

    library = make(
        talk("a", "Wanjiru Kariuki"),
        talk("b", "Union adviser"),
        talk("c", "ILO adviser"),
        made.sections("glossary", ["Fees are not taken.", "It is a loss."], title="Glossary"),
    )
    assert set(candidates(library, PUBLIC)) == {
        "What did Wanjiru Kariuki say about funding?",
        "What did the union adviser say about funding?",
        "What did the ILO adviser say about funding?",
        "What is meant by part 1?",
        "What is meant by part 2?",
    }


def test_nobody_is_shown_what_they_may_not_read(make: Make) -> None:
    library = make(
        made.text("open", "Lessons of the open scheme: pay first.", title="Open", kind="good_practice")
    )
    words = "Lessons of the secret: keep it. Nobody pays for what is secret."
    secret = made.text("secret", words, title="Secret", kind="good_practice")
    library.add(secret, audience="staff")
    draft = made.text("draft", "Lessons of the draft: finish it.", title="Draft", kind="good_practice")
    library.add(draft, draft=True)
    assistant = Assistant(library)
    members = Reader("m", frozenset({"public", "members"}))
    assert "Secret: who pays for what?" in assistant.example_questions(STAFF)
    for reader in (PUBLIC, members):
        assert assistant.example_questions(reader) == ["Open: what are the lessons?"]
    assert not any(question.startswith("Draft") for question in assistant.example_questions(STAFF))


def test_what_is_withdrawn_is_no_example_any_more(make: Make) -> None:
    library = make(made.text("palm", "Lessons of PALM: pay first.", title="PALM", kind="good_practice"))
    assistant = Assistant(library)
    assert assistant.example_questions() == ["PALM: what are the lessons?"]
    library.withdraw("palm")
    assert assistant.example_questions() == []
