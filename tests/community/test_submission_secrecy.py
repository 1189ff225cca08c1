"""The canary: what is not published is its author's and, once it is handed in, staff's. Nobody else's."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from community.audit import Audit
from community.notices import Notices
from community.people import VISITOR, Person
from community.submissions import Comments, Reviews, State, Submission, Submissions, tables
from ingest.domain import Span
from ingest.errors import UjuziError
from tests.community.submitting import (
    ALL_MET,
    AMINA,
    BAKARI,
    CHIEF,
    MEMBER,
    OTHER,
    WRITER,
    Clock,
    Desk,
    desk_in,
    document,
)

CANARY = "zyxo-canary"
ROLES = (VISITOR, MEMBER, OTHER, BAKARI, CHIEF)

Call = Callable[[Person, Submission], object]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield desk


def calls(desk: Desk) -> dict[str, Call]:
    """Every public function of the façades, called about one submission."""
    submissions, reviews, comments = desk.submissions, desk.reviews, desk.comments

    def in_transaction(do: Callable[..., object]) -> Call:
        def call(who: Person, one: Submission) -> object:
            with desk.records.writing() as connection:
                return do(connection, who, one)

        return call

    def span(who: Person, one: Submission) -> object:
        return comments.say(who, one.id, "Well.", version=one.version, span=Span(0, 3))

    return {
        "Submissions.begin": lambda who, one: submissions.begin(
            who, form="practice", replaces=one.source_id or "?"
        ),
        "Submissions.renew": lambda who, one: submissions.renew(who, one.id),
        "Submissions.get": lambda who, one: submissions.get(who, one.id),
        "Submissions.read": lambda who, one: submissions.read(who, one.id),
        "Submissions.acts": lambda who, one: submissions.acts(who, one.id),
        "Submissions.must_edit": in_transaction(
            lambda connection, who, one: submissions.must_edit(connection, who, one.id)
        ),
        "Submissions.undecided": in_transaction(
            lambda connection, who, _one: submissions.undecided(connection, who)
        ),
        "Submissions.own": lambda who, one: submissions.own(who),
        "Submissions.waiting": lambda who, one: submissions.waiting(who),
        "Submissions.handed_in": lambda who, one: submissions.handed_in(who, set(State)),
        "Submissions.count_waiting": lambda who, one: submissions.count_waiting(who),
        "Submissions.decisions": lambda who, one: submissions.decisions(who, Clock()().replace(year=2020)),
        "Submissions.submit": lambda who, one: submissions.submit(who, one.id, [document("Mine now.")]),
        "Submissions.take_back": lambda who, one: submissions.take_back(who, one.id, one.revision),
        "Submissions.delete": lambda who, one: submissions.delete(who, one.id, one.revision),
        "Comments.of": lambda who, one: comments.of(who, one.id),
        "Comments.say": span,
        "Comments.reply": lambda who, one: comments.reply(who, one.id, 1, "Well."),
        "Comments.mark_done": lambda who, one: comments.mark_done(who, one.id, 1, True),
        "Comments.resolve": lambda who, one: comments.resolve(who, one.id, 1, True),
        "Reviews.of": lambda who, one: reviews.of(who, one.id),
        "Reviews.decided": lambda who, one: reviews.decided(who, one.id),
        "Reviews.take": lambda who, one: reviews.take(who, one.id, one.revision),
        "Reviews.judge": lambda who, one: reviews.judge(who, one.id, one.version, ALL_MET),
        "Reviews.ask_changes": lambda who, one: reviews.ask_changes(who, one.id, one.revision, "Why?"),
        "Reviews.decline": lambda who, one: reviews.decline(who, one.id, one.revision, "No."),
        "Reviews.publish": lambda who, one: reviews.publish(who, one.id, one.revision, "public"),
        "Reviews.withdraw": lambda who, one: reviews.withdraw(who, one.id, one.revision, "Why?"),
        "Reviews.restore": lambda who, one: reviews.restore(who, one.id, one.revision),
    }


def answered(call: Call, who: Person, one: Submission) -> str:
    """What a call gives back or says, as text."""
    try:
        return repr(call(who, one))
    except UjuziError as error:
        return f"{type(error).__name__}: {error}"


def test_the_walk_goes_through_every_public_function(desk: Desk) -> None:
    """``rename`` has no person: it is called in the transaction of whoever asked ``must_edit``.

    Nor has ``tidy``, which the process calls when it starts.
    """
    functions = {
        f"{facade.__name__}.{name}"
        for facade in (Submissions, Comments, Reviews)
        for name, _ in inspect.getmembers(facade, inspect.isfunction)
        if not name.startswith("_")
    }
    assert functions - {"Submissions.rename", "Submissions.tidy"} == set(calls(desk))


def canary(desk: Desk, state: State) -> Submission:
    """A submission that stands there, with the canary in every word of it."""
    words = f"This says {CANARY} and {state}."
    one = desk.in_state(
        state, title=f"About {CANARY}", words=words, attached=[document(f"{words} annex", name="a")]
    )
    if state in (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_ASKED):
        desk.comments.say(AMINA, one.id, f"Why {CANARY}?", version=one.version)
    return one


@pytest.mark.parametrize("state", list(State))
def test_what_is_not_published_is_its_authors_and_staffs(desk: Desk, state: State) -> None:
    """Eight states, five roles, every function; what is done by one of them must not open it to the next."""
    one = canary(desk, state)
    is_staffs = {BAKARI, CHIEF} if state != State.DRAFT else set()
    for name, call in calls(desk).items():
        for who in ROLES:
            if who not in is_staffs:
                said = answered(call, who, one)
                assert CANARY not in said, (name, who.role)
                assert "NotFound" in said or one.id not in said, (name, who.role)
    assert desk.submissions.get(WRITER, one.id) == one
    if is_staffs:
        assert CANARY in answered(calls(desk)["Submissions.get"], BAKARI, one)


@pytest.mark.parametrize("state", list(State))
def test_somebody_elses_and_one_that_never_was_are_answered_alike(desk: Desk, state: State) -> None:
    one = canary(desk, state)
    never = Submission(**{**_fields(one), "id": "000000000000"})
    for name, call in calls(desk).items():
        if name != "Submissions.begin":
            for who in (VISITOR, MEMBER, OTHER, *((BAKARI, CHIEF) if state == State.DRAFT else ())):
                assert answered(call, who, one) == answered(call, who, never), (name, who.role)


def test_a_library_that_holds_drafts_finds_nothing_of_them(desk: Desk) -> None:
    for state in State:
        if state not in (State.PUBLISHED, State.REPLACED):
            canary(desk, state)
    for reader in (VISITOR.reader, MEMBER.reader, OTHER.reader, WRITER.reader, BAKARI.reader):
        assert not desk.library.search(CANARY, reader=reader)
        assert not desk.library.sources(reader)
        if "staff" not in reader.audiences:
            assert not desk.library.entries(reader)


def test_nobody_else_is_told_the_title_of_what_may_become_a_draft_again(desk: Desk) -> None:
    one = canary(desk, State.CHANGES_ASKED)
    one = desk.submissions.submit(WRITER, one.id, [document(f"{CANARY} again.", f"About {CANARY}")])
    desk.submissions.take_back(WRITER, one.id, one.revision)
    notices = Notices(desk.records)
    for who in (*ROLES, AMINA):
        assert CANARY not in repr(notices.of(who))
    assert CANARY not in repr(Audit(desk.records).latest(CHIEF))
    assert CANARY in repr(notices.of(WRITER))


def test_a_visitor_is_never_the_author_of_anything(desk: Desk) -> None:
    """A row without an author would otherwise belong to everybody who is not signed in."""
    one = canary(desk, State.SUBMITTED)
    with desk.records.writing() as connection:
        connection.execute(update(tables.submissions).values(author_id=""))
    for name, call in calls(desk).items():
        assert CANARY not in answered(call, VISITOR, one), name


def _fields(one: Submission) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Submission.__slots__}
