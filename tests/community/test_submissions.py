"""A contribution from its author's side: begun, handed in, taken back, deleted, given a new version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import MonkeyPatch
from sqlalchemy import Connection, insert, select

from community.audit import Audit
from community.errors import Conflict, Invalid, NotAllowed
from community.notices import Notices
from community.people import VISITOR, Role
from community.submissions import Act, State, Submission, tables
from community.submissions.shelf import Shelf
from community.submissions.submissions import MOST_DRAFTS
from index.entries import DISCARDED, DRAFT, PUBLISHED
from ingest.errors import NotFound
from tests.community.submitting import (
    ALL_MET,
    AMINA,
    BAKARI,
    CHIEF,
    MEMBER,
    OTHER,
    PEOPLE,
    TITLE,
    WORDS,
    WRITER,
    Desk,
    desk_in,
    document,
    written_below,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield desk


def power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def stored(desk: Desk, one: Submission) -> list[tuple[int, str]]:
    """The versions of its main document in the library, with their states."""
    entries = desk.library.store.entries(source_ids={one.source_id})
    return [(entry.number, entry.state) for entry in entries]


def test_who_may_do_what_from_where_is_exactly_this_table(desk: Desk) -> None:
    """By state: what its author, its reviewer and other staff may do. Everybody else may do nothing."""
    author = {
        State.DRAFT: {Act.EDIT, Act.SUBMIT, Act.DELETE},
        State.SUBMITTED: {Act.TAKE_BACK, Act.COMMENT},
        State.IN_REVIEW: {Act.TAKE_BACK, Act.COMMENT},
        State.CHANGES_ASKED: {Act.EDIT, Act.SUBMIT, Act.TAKE_BACK, Act.COMMENT},
        State.PUBLISHED: {Act.RENEW},
        State.WITHDRAWN: {Act.RENEW},
        State.REPLACED: set(),
        State.DECLINED: set(),
    }
    staff = {
        State.SUBMITTED: {Act.TAKE, Act.COMMENT},
        State.IN_REVIEW: {Act.TAKE_OVER, Act.JUDGE, Act.COMMENT},
        State.CHANGES_ASKED: {Act.COMMENT},
        State.PUBLISHED: {Act.JUDGE, Act.WITHDRAW, Act.RENEW},
        State.WITHDRAWN: {Act.RESTORE, Act.RENEW},
        State.REPLACED: set(),
        State.DECLINED: set(),
    }
    deciding = {Act.JUDGE, Act.COMMENT, Act.ASK_CHANGES, Act.DECLINE, Act.PUBLISH}
    reviewer = {**staff, State.IN_REVIEW: deciding}
    for state in State:
        one = desk.in_state(state, words=f"{WORDS} {state}")
        assert desk.submissions.acts(WRITER, one.id) == author[state], state
        if state != State.DRAFT:
            assert desk.submissions.acts(AMINA, one.id) == reviewer[state], state
            for other in (BAKARI, CHIEF):
                assert desk.submissions.acts(other, one.id) == staff[state], state


def test_a_contribution_is_begun_by_contributors_only(desk: Desk) -> None:
    for person in (VISITOR, MEMBER):
        with pytest.raises(NotAllowed):
            desk.submissions.begin(person, form="practice")
    with pytest.raises(Invalid):
        desk.submissions.begin(WRITER, form="poem")
    one = desk.submissions.begin(WRITER, form="document", title="  A\u200b \n title ", call_id="call7")
    assert (one.title, one.call_id, one.state, one.source_id) == ("A title", "call7", State.DRAFT, "")


def test_handing_in_stores_drafts_under_one_identity_that_stays(desk: Desk) -> None:
    annex = document("An annex about wages.", "Wages", "wages.md")
    twin = document("Another file of that name.", "Wages", "wages.md")
    one = desk.submitted(attached=[annex, twin])
    assert (one.state, one.version) == (State.SUBMITTED, 1)
    main, *attached = desk.submissions.read(AMINA, one.id)
    assert main.entry.source.id == one.source_id and one.id in one.source_id
    assert {other.entry.source.part_of for other in attached} == {one.source_id}
    assert len({other.entry.source.id for other in attached}) == 2
    assert {other.entry.state for other in (main, *attached)} == {DRAFT}
    taken = desk.reviews.take(AMINA, one.id, one.revision)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "Say more.")
    again = desk.submissions.submit(WRITER, one.id, [document("Quite other words.", "Another title"), annex])
    assert (again.source_id, again.version, again.title) == (one.source_id, 2, "Another title")
    assert stored(desk, one) == [(1, DISCARDED), (2, DRAFT)]
    assert [read.words.text for read in desk.submissions.read(AMINA, one.id)] == [
        "Quite other words.",
        "An annex about wages.",
    ]


def test_the_same_bytes_as_a_published_document_are_a_contribution_of_their_own(desk: Desk) -> None:
    first, second = desk.published(), desk.submitted(OTHER)
    assert first.source_id != second.source_id
    assert stored(desk, second) == [(1, DRAFT)]


def test_a_document_that_calls_itself_reviewed_or_a_part_of_another_is_not_believed(desk: Desk) -> None:
    boasting = document(WORDS)
    source = replace(boasting.source, id="palm", tier="peer reviewed", part_of="palm")
    draft = desk.draft()
    boasting = replace(boasting, source=source)
    one = desk.submissions.submit(WRITER, draft.id, [boasting, replace(boasting, name="annex.md")])
    main, annex = [read.entry.source for read in desk.submissions.read(AMINA, one.id)]
    assert (main.id, main.tier, main.part_of) == (one.source_id, "", None)
    assert (annex.tier, annex.part_of) == ("", one.source_id)


def test_nothing_to_hand_in_is_said_so(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.submissions.submit(WRITER, desk.draft().id, [])


def test_only_its_author_hands_it_in_and_only_from_a_draft(desk: Desk) -> None:
    draft = desk.draft()
    for person in PEOPLE:
        if person != WRITER:
            with pytest.raises(NotFound):
                desk.submissions.submit(person, draft.id, [document(WORDS)])
    demoted = replace(WRITER, role=Role.MEMBER)
    with pytest.raises(NotAllowed):
        desk.submissions.submit(demoted, draft.id, [document(WORDS)])
    one = desk.submissions.submit(WRITER, draft.id, [document(WORDS)])
    with pytest.raises(Conflict, match="You handed it in just now"):
        desk.submissions.submit(WRITER, one.id, [document("Other words.")])
    with pytest.raises(NotAllowed):
        desk.submissions.submit(AMINA, desk.in_state(State.CHANGES_ASKED).id, [document(WORDS)])


def test_a_disk_that_is_full_in_the_middle_of_handing_in_leaves_nothing_behind(desk: Desk) -> None:
    draft = desk.draft()
    keep = desk.library.originals.keep
    kept: list[bytes] = []

    def full(content: bytes) -> object:
        if kept:
            raise OSError(28, "No space left on device")
        kept.append(content)
        return keep(content)

    desk.library.originals.keep = full  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="No space"):
        desk.submissions.submit(WRITER, draft.id, [document(WORDS), document("An annex.", name="a.md")])
    desk.library.originals.keep = keep  # type: ignore[method-assign]
    assert desk.submissions.get(WRITER, draft.id).state == State.DRAFT
    assert not desk.library.store.entries(states={DRAFT})
    assert desk.submissions.submit(WRITER, draft.id, [document(WORDS)]).state == State.SUBMITTED


def test_what_a_power_cut_left_is_given_up_at_the_next_start(desk: Desk) -> None:
    """Drafts were stored, the light went out, and the submission is still not handed in."""
    waiting = desk.submitted(words="This one was handed in.", attached=[document("An annex.", name="a.md")])
    asked = desk.in_state(State.CHANGES_ASKED, words="This one is to be changed.")
    taken_back = desk.submitted(words="This one was taken back.")
    desk.submissions.take_back(WRITER, taken_back.id, taken_back.revision)
    for one in (taken_back, asked):
        left = document(f"{one.id} left behind.")
        source = replace(left.source, id=one.source_id)
        desk.library.add(replace(left, source=source), draft=True)
        annex = replace(left.source, id=f"{one.source_id}-annex", part_of=one.source_id)
        desk.library.add(replace(left, source=annex), draft=True, known=True)
        with desk.records.writing() as connection:
            connection.execute(insert(tables.attempts).values(submission_id=one.id))
    desk.submissions.tidy()
    drafts = {entry.source.part_of or entry.source.id for entry in desk.library.store.entries(states={DRAFT})}
    assert drafts == {waiting.source_id}
    assert stored(desk, asked) == [(1, DISCARDED), (2, DISCARDED)]
    asked = desk.submissions.submit(WRITER, asked.id, [document("This one is to be changed.")])
    desk.submissions.tidy()
    assert stored(desk, asked)[-1] == (3, DRAFT)


def test_a_power_cut_while_something_is_handed_in_is_noticed(desk: Desk, monkeypatch: MonkeyPatch) -> None:
    """The process ends at once: nothing of what follows in it is done."""
    one = desk.draft()
    with monkeypatch.context() as gone:
        gone.setattr(Shelf, "discard_versions", power_cut)
        gone.setattr(Shelf, "discard_all", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            desk.submissions.submit(WRITER, one.id, [document("Half handed in.")])
    one = desk.submissions.get(WRITER, one.id)
    assert stored(desk, one) == [(1, DRAFT)]
    desk.submissions.tidy()
    assert stored(desk, one) == [(1, DISCARDED)]
    with desk.records.reading() as connection:
        assert not connection.execute(select(tables.attempts)).all()
    handed_in = desk.submissions.submit(WRITER, one.id, [document("Wholly handed in.")])
    desk.submissions.tidy()
    assert stored(desk, handed_in) == [(1, DISCARDED), (2, DRAFT)]


def test_a_draft_of_the_operators_is_not_taken_for_what_a_power_cut_left(desk: Desk) -> None:
    one = desk.published()
    desk.submissions.renew(WRITER, one.id)
    theirs = document("The next version, from the operator's folder.")
    desk.library.add(replace(theirs, source=replace(theirs.source, id=one.source_id)), draft=True)
    desk.submissions.tidy()
    assert stored(desk, one) == [(1, PUBLISHED), (2, DRAFT)]


def test_its_author_takes_it_back_and_the_library_gives_up_the_draft(desk: Desk) -> None:
    for state in (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_ASKED):
        one = desk.in_state(state, words=f"{WORDS} {state}")
        for person in (AMINA, BAKARI, CHIEF):
            with pytest.raises(NotAllowed):
                desk.submissions.take_back(person, one.id, one.revision)
        with pytest.raises(NotFound):
            desk.submissions.take_back(OTHER, one.id, one.revision)
        with pytest.raises(Conflict):
            desk.submissions.take_back(WRITER, one.id, one.revision - 1)
        back = desk.submissions.take_back(WRITER, one.id, one.revision)
        assert (back.state, back.reviewer_id) == (State.DRAFT, "")
        assert stored(desk, one) == [(1, DISCARDED)]
        again = desk.submissions.submit(WRITER, one.id, [document(f"{WORDS} {state}")])
        assert (again.source_id, again.version) == (one.source_id, 2)
    published = desk.published(words="Something else altogether.")
    with pytest.raises(Conflict, match="Amina published it"):
        desk.submissions.take_back(WRITER, published.id, published.revision)


def test_what_is_not_attached_any_more_waits_no_more(desk: Desk) -> None:
    annex, table = document("An annex.", "Annex", "annex.md"), document("A table.", "Table", "table.md")
    one = desk.in_review(attached=[annex, table])
    desk.reviews.ask_changes(AMINA, one.id, one.revision, "Leave the annex away.")
    again = desk.submissions.submit(WRITER, one.id, [document("Another text."), table])
    waiting = desk.library.store.entries(states={DRAFT})
    assert sorted(entry.source.title for entry in waiting) == [TITLE, "Table"]
    desk.submissions.tidy()
    assert desk.library.store.entries(states={DRAFT}) == waiting
    taken = desk.reviews.take(AMINA, one.id, again.revision)
    desk.reviews.judge(AMINA, one.id, taken.version, ALL_MET)
    desk.reviews.publish(AMINA, one.id, taken.revision, "public")
    assert desk.library.store.entries(states={DRAFT}) == []


def test_a_draft_is_deleted_by_its_author_with_all_that_was_said_of_it(desk: Desk) -> None:
    one = desk.in_review(attached=[document("An annex with a quillwort.", "Annex", "annex.md")])
    assert b"quillwort" in written_below(desk.library.folder)
    desk.comments.say(AMINA, one.id, "How many?", version=1)
    desk.reviews.judge(AMINA, one.id, 1, ALL_MET)
    asked = desk.reviews.ask_changes(AMINA, one.id, one.revision, "Say how many.")
    for undeletable in (asked, desk.in_state(State.PUBLISHED, words="Something else altogether.")):
        with pytest.raises(Conflict):
            desk.submissions.delete(WRITER, undeletable.id, undeletable.revision)
    again = desk.submissions.submit(WRITER, one.id, [document("Forty were trained.")])
    draft = desk.submissions.take_back(WRITER, one.id, again.revision)
    for person in (OTHER, AMINA, CHIEF):
        with pytest.raises(NotFound):
            desk.submissions.delete(person, one.id, draft.revision)
    with pytest.raises(Conflict):
        desk.submissions.delete(WRITER, one.id, draft.revision - 1)
    desk.submissions.delete(WRITER, one.id, draft.revision)
    with pytest.raises(NotFound, match="deleted it"):
        desk.submissions.get(WRITER, one.id)
    assert [mine.state for mine in desk.submissions.own(WRITER)] == [State.PUBLISHED]
    with desk.records.reading() as connection:
        for table in (tables.submissions, tables.documents, tables.verdicts, tables.comments):
            key = table.c.id if table is tables.submissions else table.c.submission_id
            assert not connection.execute(select(table).where(key == one.id)).all(), table.name
    assert stored(desk, one) == []
    assert b"quillwort" not in written_below(desk.library.folder)
    assert [decision.reason for decision in desk.submissions.decisions(AMINA, desk.clock())] == [
        "Say how many.",
        "",
    ]


def test_of_what_could_not_be_handed_in_nothing_stays_when_its_draft_is_deleted(desk: Desk) -> None:
    one = desk.draft()

    def fails(*_: object) -> None:
        raise OSError("no room")

    with pytest.raises(OSError):
        desk.submissions.submit(
            WRITER, one.id, [document("Of quillworts."), document("Quillwort annex.", name="a.md")], fails
        )
    assert b"uillwort" in written_below(desk.library.folder)
    with desk.records.reading() as connection:
        assert not connection.execute(select(tables.attempts)).all()
    one = desk.submissions.get(WRITER, one.id)
    desk.submissions.delete(WRITER, one.id, one.revision)
    assert b"uillwort" not in written_below(desk.library.folder)


def test_to_delete_the_draft_of_a_new_version_leaves_the_one_that_answers(desk: Desk) -> None:
    """So does what others gave up of the same document."""
    one = desk.published()
    theirs = document("The operator thought better of it.")
    desk.library.add(replace(theirs, source=replace(theirs.source, id=one.source_id)), draft=True)
    desk.library.discard(one.source_id)
    draft = desk.submissions.renew(WRITER, one.id)
    desk.submissions.delete(WRITER, draft.id, draft.revision)
    assert stored(desk, one) == [(1, PUBLISHED), (2, DISCARDED)]
    assert desk.submissions.renew(WRITER, one.id).id != draft.id


def test_somebody_has_fifty_drafts_and_not_one_more(desk: Desk) -> None:
    drafts = [desk.draft() for _ in range(MOST_DRAFTS)]
    with pytest.raises(Conflict, match="50 drafts already"):
        desk.draft()
    assert desk.draft(OTHER).state == State.DRAFT
    desk.submissions.submit(WRITER, drafts[0].id, [document(WORDS)])
    desk.submissions.delete(WRITER, drafts[1].id, drafts[1].revision)
    assert [desk.draft().state, desk.draft().state] == [State.DRAFT] * 2
    with pytest.raises(Conflict):
        desk.draft()


def test_a_new_version_is_begun_by_its_author_or_staff_and_replaces_when_published(desk: Desk) -> None:
    first = desk.published(attached=[document("An annex.", "Annex", "annex.md")])
    for person in (OTHER, MEMBER, VISITOR):
        with pytest.raises((NotFound, NotAllowed)):
            desk.submissions.begin(person, form="practice", replaces=first.source_id)
        with pytest.raises(NotFound):
            desk.submissions.renew(person, first.id)
    with pytest.raises(NotFound):
        desk.submissions.begin(AMINA, form="practice", replaces="no-such-source")
    second = desk.submissions.renew(WRITER, first.id)
    assert second.id == desk.submissions.renew(WRITER, first.id).id
    assert (second.source_id, second.title) == (first.source_id, first.title)
    handed = desk.submissions.submit(WRITER, second.id, [document("The second version of it.")])
    taken = desk.reviews.take(BAKARI, handed.id, handed.revision)
    desk.reviews.judge(BAKARI, taken.id, taken.version, ALL_MET)
    assert desk.submissions.get(WRITER, first.id).state == State.PUBLISHED
    written: list[str] = []

    def look(connection: Connection, _ids: object) -> None:
        query = "SELECT source_id FROM versions WHERE state = 'withdrawn'"
        written.extend(connection.exec_driver_sql(query).scalars())

    desk.on_published = look
    desk.reviews.publish(BAKARI, taken.id, taken.revision, "public")
    assert len(written) == 1  # the annex, in the transaction that publishes
    assert desk.submissions.get(WRITER, first.id).state == State.REPLACED
    assert desk.library.read(first.source_id)[1].text == "The second version of it."
    published = [entry.source.id for entry in desk.library.store.entries(states={PUBLISHED})]
    assert published == [first.source_id]  # the annex is gone with the version that had it


def test_a_new_version_waits_while_another_one_of_the_same_document_is_reviewed(desk: Desk) -> None:
    first = desk.published()
    mine, theirs = desk.submissions.renew(WRITER, first.id), desk.submissions.renew(CHIEF, first.id)
    desk.submissions.submit(WRITER, mine.id, [document("The author's second version.")])
    with pytest.raises(Conflict, match="your draft is kept"):
        desk.submissions.submit(CHIEF, theirs.id, [document("The chief's second version.")])
    assert stored(desk, first) == [(1, PUBLISHED), (2, DRAFT)]


def test_lists_show_ones_own_and_to_staff_what_waits_the_oldest_first(desk: Desk) -> None:
    late = desk.draft()
    early = desk.submitted(words="Handed in first.")
    desk.clock.pass_by(hours=2)
    late = desk.submissions.submit(WRITER, late.id, [document("Handed in second.")])
    assert [one.id for one in desk.submissions.waiting(AMINA)] == [early.id, late.id]
    assert [one.id for one in desk.submissions.own(WRITER)] == [late.id, early.id]
    assert desk.submissions.own(OTHER) == []
    assert [desk.submissions.count_waiting(who) for who in (AMINA, WRITER, VISITOR)] == [2, 0, 0]
    for person in (VISITOR, MEMBER, WRITER):
        with pytest.raises(NotAllowed):
            desk.submissions.waiting(person)
    with pytest.raises(NotAllowed):
        desk.submissions.own(VISITOR)


def test_decisions_tell_how_long_each_round_waited(desk: Desk) -> None:
    one = desk.submitted()
    desk.clock.pass_by(days=3)
    one = desk.reviews.take(AMINA, one.id, one.revision)
    desk.reviews.ask_changes(AMINA, one.id, one.revision, "More figures.")
    desk.clock.pass_by(days=10)
    one = desk.submissions.submit(WRITER, one.id, [document("With figures: 26 were trained.")])
    desk.clock.pass_by(days=1)
    one = desk.reviews.take(BAKARI, one.id, one.revision)
    desk.reviews.decline(BAKARI, one.id, one.revision, "No consent.")
    since = desk.clock().replace(day=1)
    rounds = desk.submissions.decisions(AMINA, since)
    assert [(by.reviewer_id, by.state, (by.decided_at - by.submitted_at).days) for by in rounds] == [
        ("amina", State.CHANGES_ASKED, 3),
        ("bakari", State.DECLINED, 1),
    ]
    assert [by.reviewer_id for by in desk.submissions.decisions(AMINA, rounds[1].decided_at)] == ["bakari"]
    with pytest.raises(NotAllowed):
        desk.submissions.decisions(WRITER, since)


def test_the_trail_and_the_notices_tell_what_was_decided(desk: Desk) -> None:
    one = desk.in_state(State.CHANGES_ASKED)
    desk.submissions.submit(WRITER, one.id, [document("Better words.")])
    deeds = Audit(desk.records).of(AMINA, f"submission:{one.id}")
    assert [(deed.person_id, deed.action) for deed in deeds] == [
        ("writer", "submit"),
        ("amina", "take"),
        ("amina", "ask for changes"),
        ("writer", "submit"),
    ]
    notices = Notices(desk.records)
    (told,) = notices.of(WRITER)
    assert one.title in told.text and told.address == f"/contributions/{one.id}"
    (back,) = notices.of(AMINA)
    assert "handed in again" in back.text and back.address == f"/review/{one.id}"
    assert not notices.of(BAKARI) and not notices.of(OTHER)
    one = desk.reviews.take(AMINA, one.id, one.revision + 1)
    one = desk.reviews.take(BAKARI, one.id, one.revision)
    assert "Bakari took a review over from you" in notices.of(AMINA)[0].text
    desk.submissions.take_back(WRITER, one.id, one.revision)
    assert "taken back by its author" in notices.of(BAKARI)[0].text
    assert len(notices.of(AMINA)) == 2 and len(notices.of(WRITER)) == 1
