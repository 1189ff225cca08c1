"""A session is meant where the question calls it by words of its title or its date, and by nothing else."""

from __future__ import annotations

import pytest

from bot.sessions import referred
from index.library import Library
from index.scope import PUBLIC, STAFF
from tests.bot.checking import Make
from tests.index import made

TALK = "2026-02-10-learning-from-palm"
FIRST = "2024-04-11-skills-partnerships"


@pytest.mark.parametrize(
    ("question", "event", "remainder"),
    [
        ("In the PALM webinar, who buys the ticket?", TALK, "who buys the ticket?"),
        ("Who spoke of crates in the webinar on what goes wrong?", TALK, "Who spoke of crates ?"),
        ("What did the session on learning from PALM bring?", TALK, "What did bring?"),
        ("Which organisations ran the April 2024 webinar?", FIRST, "Which organisations ran ?"),
        ("Who spoke at the 2024 skills partnerships webinar?", FIRST, "Who spoke ?"),
        ("Who chaired the webinar of 11 April 2024?", FIRST, "Who chaired ?"),
    ],
)
def test_a_session_is_known_by_its_title_or_date(
    question: str, event: str, remainder: str, library: Library
) -> None:
    found = referred(question, library, PUBLIC)
    assert found is not None
    assert (found.events, found.remainder) == ((event,), remainder)


@pytest.mark.parametrize(
    "question",
    [
        "Which ministers attended the webinar?",
        "What is needed before the planned webinar on PALM?",  # "planned" is no word of a session's
        "Who spoke at the April 2024 webinar on fees?",
        "Who spoke at the May 2024 webinar?",
        "Who spoke at the 2026 webinar on labour migration?",  # the words of one, the year of the other
        "Is there another webinar on this topic?",
        "How does skills matching work?",
        "",
    ],
)
def test_otherwise_none_is(question: str, library: Library) -> None:
    assert referred(question, library, PUBLIC) is None


def test_initials_call_a_session_too(make: Make) -> None:
    talk = made.talk("rpl", [("Ann", "It travels.")], event="rpl", title="Recognition of prior learning")
    found = referred("What did Ann say in the RPL session?", make(talk), PUBLIC)
    assert found is not None
    assert found.titles == ("Recognition of prior learning",)


def test_a_word_that_fits_many_sessions_means_none(make: Make) -> None:
    talks = [
        made.talk(
            f"fees-{number}", [("Ann", f"Fee {number}.")], event=f"e{number}", title=f"Fees, part {number}"
        )
        for number in range(4)
    ]
    assert referred("What was said in the session on fees?", make(*talks), PUBLIC) is None


def test_a_session_that_the_reader_may_not_see_is_unknown(make: Make) -> None:
    library = make(made.text("open", "Fees."))
    talk = made.talk("secret", [("Ann", "They took fees.")], event="secret", title="Fees in Oman")
    library.add(talk, audience="staff")
    question = "What was said in the session on Oman?"
    assert referred(question, library, PUBLIC) is None
    assert referred(question, library, STAFF) is not None
