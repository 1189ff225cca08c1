"""The reviewers' side: two persons, one decision, a tier that is counted, and what is published after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from community.errors import Conflict, Invalid, NotAllowed
from community.notices import Notices
from community.people import VISITOR, Person
from community.submissions import Criterion, Judgement, State, Submission, Verdict
from community.submissions.tiers import tier_of
from community.submissions.values import Judgements, Review
from index.entries import DISCARDED, PUBLISHED
from index.scope import PUBLIC
from ingest.errors import NotFound, UjuziError, Withdrawn
from tests.community.submitting import (
    ALL_MET,
    AMINA,
    BAKARI,
    CHIEF,
    MEMBER,
    OTHER,
    WORDS,
    WRITER,
    Clock,
    Desk,
    desk_in,
    document,
)

Decide = Callable[[Person, Submission], object]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield desk


def ways_to_decide(desk: Desk) -> dict[str, Decide]:
    """Everything that changes what becomes of a submission, from the reviewers' side."""
    reviews = desk.reviews
    return {
        "take": lambda who, one: reviews.take(who, one.id, one.revision),
        "judge": lambda who, one: reviews.judge(who, one.id, one.version, ALL_MET),
        "ask": lambda who, one: reviews.ask_changes(who, one.id, one.revision, "Why?"),
        "decline": lambda who, one: reviews.decline(who, one.id, one.revision, "No."),
        "publish": lambda who, one: reviews.publish(who, one.id, one.revision, "public"),
        "restore": lambda who, one: reviews.restore(who, one.id, one.revision),
    }


def test_nobody_judges_what_they_wrote_whatever_their_role(desk: Desk) -> None:
    for author, other in ((AMINA, BAKARI), (CHIEF, BAKARI), (BAKARI, CHIEF)):
        one = desk.submitted(author, words=f"By {author.name}.")
        for state in (State.SUBMITTED, State.IN_REVIEW):
            if state == State.IN_REVIEW:
                one = desk.reviews.take(other, one.id, one.revision)
            for name, decide in ways_to_decide(desk).items():
                with pytest.raises((NotAllowed, Conflict)) as refused:
                    decide(author, one)
                assert name == "restore" or "yourself" in str(refused.value) or state not in str(refused)
            assert desk.submissions.get(author, one.id) == one
        assert desk.reviews.of(other, one.id) == []


def test_nobody_publishes_their_own_through_a_second_submission_that_replaces(desk: Desk) -> None:
    """Staff wrote the first version; somebody else hands in the second, which may hold their very words."""
    first = desk.published(reviewer=BAKARI, who=AMINA)
    second = desk.submissions.renew(CHIEF, first.id)
    second = desk.submissions.submit(CHIEF, second.id, [document("Amina's words again.")])
    for who in (AMINA, CHIEF):
        for name, decide in ways_to_decide(desk).items():
            with pytest.raises((NotAllowed, Conflict)):
                decide(who, second)
            assert desk.submissions.get(CHIEF, second.id) == second, name
    assert desk.reviews.take(BAKARI, second.id, second.revision).reviewer_id == "bakari"


def test_one_publishes_what_was_reviewed_and_not_a_draft_that_came_beside_it(desk: Desk) -> None:
    one = desk.in_review()
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
    entry = desk.submissions.read(AMINA, one.id)[0].entry
    sneaked = document("Words that nobody read.")
    desk.library.add(replace(sneaked, source=entry.source), draft=True, known=True)
    with pytest.raises(Conflict, match="Another version"):
        desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert desk.submissions.get(AMINA, one.id) == one
    with pytest.raises(NotFound):
        desk.library.read(one.source_id)


def test_a_withdrawn_version_is_not_restored_while_an_unread_draft_waits(desk: Desk) -> None:
    one = desk.in_state(State.WITHDRAWN)
    later = desk.submissions.renew(WRITER, one.id)
    desk.submissions.submit(WRITER, later.id, [document("Words that nobody read.")])
    with pytest.raises(Conflict, match="Another version"):
        desk.reviews.restore(AMINA, one.id, one.revision)
    assert desk.submissions.get(AMINA, one.id).state == State.WITHDRAWN


def test_only_staff_reach_a_decision_and_others_do_not_learn_that_there_is_one(desk: Desk) -> None:
    one = desk.in_review()
    for decide in ways_to_decide(desk).values():
        for who in (VISITOR, MEMBER, OTHER):
            with pytest.raises(NotFound):
                decide(who, one)
        with pytest.raises((NotAllowed, Conflict)):
            decide(WRITER, one)
    assert desk.submissions.get(WRITER, one.id) == one


def test_a_review_is_taken_over_in_the_sight_of_both(desk: Desk) -> None:
    one = desk.in_review(AMINA)
    with pytest.raises(NotAllowed, match="Take it up first"):
        desk.reviews.decline(BAKARI, one.id, one.revision, "No.")
    with pytest.raises(NotAllowed):
        desk.reviews.take(AMINA, one.id, one.revision)
    taken = desk.reviews.take(BAKARI, one.id, one.revision)
    assert (taken.state, taken.reviewer_id) == (State.IN_REVIEW, "bakari")
    with pytest.raises(Conflict, match="Bakari took the review over"):
        desk.reviews.publish(AMINA, one.id, one.revision, "public")


def test_whoever_comes_second_reads_who_was_quicker_and_when(desk: Desk) -> None:
    one = desk.in_review()
    desk.reviews.ask_changes(AMINA, one.id, one.revision, "Say how many.")
    desk.clock.pass_by(seconds=75)
    with pytest.raises(Conflict, match=r"^Amina asked for changes a minute ago\."):
        desk.reviews.take(BAKARI, one.id, one.revision)
    desk.clock.pass_by(hours=3)
    with pytest.raises(Conflict, match=r"^You asked for changes 3 hours ago\."):
        desk.reviews.decline(AMINA, one.id, one.revision, "No.")


@pytest.mark.parametrize("decision", ["ask", "decline", "publish"])
def test_of_two_who_decide_at_once_exactly_one_wins(desk: Desk, decision: str) -> None:
    """One decides; the other takes the review over and declines. Fifty rounds in all three cases together."""
    rounds = {"ask": 17, "decline": 17, "publish": 16}[decision]
    decide = ways_to_decide(desk)
    for turn in range(rounds):
        one = desk.in_review(words=f"{WORDS} {decision} {turn}")
        desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
        won = both_at_once(
            lambda one=one: decide[decision](AMINA, one),  # type: ignore[misc]
            lambda one=one: decide["decline"](BAKARI, desk.reviews.take(BAKARI, one.id, one.revision)),  # type: ignore[misc]
        )
        assert sorted(won) == [False, True]
        decided = desk.reviews.decided(CHIEF, one.id)
        assert [by.reviewer_id for by in decided] == ["amina" if won[0] else "bakari"]
        state = desk.submissions.get(CHIEF, one.id).state
        assert state == decided[0].state
        entry = desk.library.store.entries(source_ids={one.source_id})[0]
        assert (entry.state == PUBLISHED) == (state == State.PUBLISHED)
        assert (entry.state == DISCARDED) == (state == State.DECLINED)


def test_taking_it_back_and_publishing_it_at_once_never_both_happen(desk: Desk) -> None:
    for turn in range(20):
        one = desk.in_review(words=f"{WORDS} {turn}")
        desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
        won = both_at_once(
            lambda one=one: desk.reviews.publish(AMINA, one.id, one.revision, "public"),  # type: ignore[misc]
            lambda one=one: desk.submissions.take_back(WRITER, one.id, one.revision),  # type: ignore[misc]
        )
        assert sorted(won) == [False, True]
        entry = desk.library.store.entries(source_ids={one.source_id})[0]
        state = desk.submissions.get(WRITER, one.id).state
        assert (state, entry.state) == ((State.PUBLISHED, PUBLISHED) if won[0] else (State.DRAFT, DISCARDED))


def both_at_once(*deeds: Callable[[], object]) -> list[bool]:
    """Do them in threads that start together; which went through, the others having been refused."""
    barrier = threading.Barrier(len(deeds))
    won = [False] * len(deeds)
    odd: list[Exception] = []

    def attempt(number: int) -> None:
        barrier.wait()
        try:
            deeds[number]()
            won[number] = True
        except (Conflict, NotFound):  # to a reviewer, what was taken back is not there
            pass
        except UjuziError as error:
            odd.append(error)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not odd
    return won


def test_a_decision_on_what_is_no_longer_there_to_decide_is_a_conflict(desk: Desk) -> None:
    for state in (State.WITHDRAWN, State.REPLACED, State.DECLINED, State.CHANGES_ASKED):
        one = desk.in_state(state, words=f"{WORDS} {state}")
        for name, decide in ways_to_decide(desk).items():
            if (state, name) != (State.WITHDRAWN, "restore"):
                with pytest.raises(Conflict):
                    decide(AMINA, one)
        assert desk.submissions.get(AMINA, one.id) == one


def test_publishing_needs_every_criterion_judged_and_consent_met(desk: Desk) -> None:
    one = desk.in_review()

    def refused(**verdicts: Judgement) -> set[str]:
        judged = {**ALL_MET, **{Criterion(name): verdict for name, verdict in verdicts.items()}}
        desk.reviews.judge(AMINA, one.id, one.version, judged)
        with pytest.raises(Invalid) as invalid:
            desk.reviews.publish(AMINA, one.id, one.revision, "public")
        return set(invalid.value.fields)

    with pytest.raises(Invalid) as nothing:
        desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert set(nothing.value.fields) == set(Criterion)
    assert refused(evidence=Judgement()) == {"evidence"}
    assert refused(evidence=Judgement(Verdict.NOT_MET)) == {"evidence"}
    assert refused(consent=Judgement(Verdict.NOT_MET, "They said no.")) == {"consent"}
    assert desk.submissions.get(AMINA, one.id) == one
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
    with pytest.raises(Invalid) as hidden:
        desk.reviews.publish(AMINA, one.id, one.revision, "staff")
    assert set(hidden.value.fields) == {"audience"}


def test_the_checklist_of_another_does_not_stand_in_for_ones_own(desk: Desk) -> None:
    one = desk.in_review()
    desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
    with pytest.raises(Invalid) as own:
        desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert set(own.value.fields) == set(Criterion)


def tier(desk: Desk, one: Submission) -> str:
    """As it is stored, which is how it is found."""
    stored = desk.library.read(one.source_id, AMINA.reader)[0].source
    assert stored in desk.library.sources(AMINA.reader)
    return stored.tier


def test_what_is_published_though_something_is_not_met_bears_no_mark(desk: Desk) -> None:
    one = desk.in_review()
    judged = {**ALL_MET, Criterion.REPLICABILITY: Judgement(Verdict.NOT_MET, "Unique, but instructive.")}
    desk.reviews.judge(AMINA, one.id, one.version, judged)
    desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert tier(desk, one) == ""
    (review,) = desk.reviews.of(WRITER, one.id)
    assert review.judgements[Criterion.REPLICABILITY].remark == "Unique, but instructive."


def test_one_reviewer_makes_it_checked_and_two_before_publication_peer_reviewed(desk: Desk) -> None:
    assert tier(desk, desk.published()) == "checked"
    one = desk.in_review(words="Read by two.", attached=[document("An annex.", name="annex.md")])
    desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
    desk.reviews.publish(AMINA, one.id, one.revision, "public")
    entries = desk.library.store.entries(states={PUBLISHED})
    read_by_two = [entry for entry in entries if one.source_id in (entry.source.id, entry.source.part_of)]
    assert [entry.source.tier for entry in read_by_two] == ["peer reviewed"] * 2


def test_a_review_that_comes_in_while_it_is_published_is_not_overlooked(desk: Desk) -> None:
    one = desk.in_review()
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
    publish = desk.library.publish

    def a_moment_later(*ids: str, **how: Any) -> object:
        desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
        return publish(*ids, **how)

    desk.library.publish = a_moment_later  # type: ignore[method-assign, assignment]
    with pytest.raises(Conflict, match="Another review came in"):
        desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert desk.submissions.get(AMINA, one.id) == one
    desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert tier(desk, one) == "peer reviewed"


def test_a_second_reviewer_raises_the_tier_of_what_is_published_and_can_lower_it_again(desk: Desk) -> None:
    one = desk.published()
    desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
    assert tier(desk, one) == "peer reviewed"
    desk.reviews.judge(BAKARI, one.id, one.version, {**ALL_MET, Criterion.EVIDENCE: Judgement()})
    assert tier(desk, one) == "checked"
    with pytest.raises(NotAllowed):
        desk.reviews.judge(WRITER, one.id, one.version, ALL_MET)
    with pytest.raises(Conflict, match="newer version"):
        desk.reviews.judge(BAKARI, one.id, one.version + 1, ALL_MET)


def test_of_two_who_judge_what_is_published_at_once_neither_is_overlooked(desk: Desk) -> None:
    one = desk.published()
    grade = desk.library.grade

    def a_moment_later(*ids: str, **how: Any) -> object:
        desk.library.grade = grade  # type: ignore[method-assign]
        desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
        return grade(*ids, **how)

    desk.library.grade = a_moment_later  # type: ignore[method-assign, assignment]
    doubted = {**ALL_MET, Criterion.EVIDENCE: Judgement()}
    with pytest.raises(Conflict, match="Another review came in"):
        desk.reviews.judge(AMINA, one.id, one.version, doubted)
    assert tier(desk, one) == "peer reviewed"
    desk.reviews.judge(AMINA, one.id, one.version, doubted)
    assert tier(desk, one) == "checked"


def test_verdicts_on_an_earlier_version_do_not_count_for_a_later_one(desk: Desk) -> None:
    one = desk.in_review()
    desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
    desk.reviews.ask_changes(AMINA, one.id, one.revision, "More.")
    one = desk.submissions.submit(WRITER, one.id, [document("More words than before.")])
    one = desk.reviews.take(AMINA, one.id, one.revision)
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)
    desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert tier(desk, one) == "checked"


def test_a_tier_is_counted_from_people_who_have_no_hand_in_it() -> None:
    def review(reviewer: str, judgements: Judgements = ALL_MET) -> Review:
        return Review(reviewer, 1, Clock()(), judgements)

    hands = frozenset({"writer"})
    halfway = {**ALL_MET, Criterion.CONSENT: Judgement()}
    assert tier_of([], hands) == ""
    assert tier_of([review("writer")], hands) == ""
    assert tier_of([review("amina"), review("amina")], hands) == "checked"
    assert tier_of([review("amina"), review("writer")], hands) == "checked"
    assert tier_of([review("amina"), review("bakari", halfway)], hands) == "checked"
    assert tier_of([review("amina"), review("bakari")], hands) == "peer reviewed"
    assert tier_of([review("amina", {})], hands) == ""


def test_publishing_is_one_transaction_with_whoever_hears_of_it(desk: Desk) -> None:
    one = desk.in_review(attached=[document("An annex.", name="annex.md")])
    desk.reviews.judge(AMINA, one.id, one.version, ALL_MET)

    def broken(_connection: Connection, _ids: object) -> None:
        raise UjuziError("The gap log is full.")

    desk.on_published = broken
    with pytest.raises(UjuziError, match="gap log"):
        desk.reviews.publish(AMINA, one.id, one.revision, "public")
    assert desk.submissions.get(AMINA, one.id) == one
    assert not desk.library.store.entries(states={PUBLISHED})
    assert not Notices(desk.records).of(WRITER) and not desk.reviews.decided(AMINA, one.id)
    desk.on_published = desk._hear
    desk.reviews.publish(AMINA, one.id, one.revision, "members")
    ((main, annex),) = desk.told
    assert main == one.source_id and annex != main
    with pytest.raises(NotFound):
        desk.library.read(main, PUBLIC)
    assert desk.library.read(main, MEMBER.reader)[1].text == WORDS
    assert desk.library.search("home-care workers", reader=MEMBER.reader)


def test_declining_gives_up_the_draft_and_tells_its_author_why(desk: Desk) -> None:
    one = desk.in_review()
    with pytest.raises(Invalid):
        desk.reviews.decline(AMINA, one.id, one.revision, " \u200b ")
    declined = desk.reviews.decline(AMINA, one.id, one.revision, "It is an advertisement.")
    assert (declined.state, declined.reason) == (State.DECLINED, "It is an advertisement.")
    assert desk.library.store.entries(source_ids={one.source_id})[0].state == DISCARDED
    assert "not taken" in Notices(desk.records).of(WRITER)[0].text


def test_withdrawing_gives_a_public_reason_and_can_be_undone_by_somebody_else(desk: Desk) -> None:
    one = desk.published(attached=[document("An annex.", name="annex.md")])
    annex = desk.told[0][1]
    for who in (VISITOR, MEMBER, OTHER):
        with pytest.raises(NotFound):
            desk.reviews.withdraw(who, one.id, one.revision, "No.")
    with pytest.raises(NotAllowed):
        desk.reviews.withdraw(WRITER, one.id, one.revision, "No.")
    with pytest.raises(Invalid):
        desk.reviews.withdraw(BAKARI, one.id, one.revision, "")
    gone = desk.reviews.withdraw(BAKARI, one.id, one.revision, "Consent was taken back.")
    for source_id in (one.source_id, annex):
        with pytest.raises(Withdrawn):
            desk.library.read(source_id)
    back = desk.reviews.restore(AMINA, one.id, gone.revision)
    assert back.state == State.PUBLISHED and back.reason == ""
    assert desk.library.read(one.source_id)[0].source.tier == "checked"
    assert desk.library.read(annex)[1].text == "An annex."
    assert desk.told == [(one.source_id, annex)] * 2


def test_staff_withdraw_even_their_own_but_do_not_restore_it(desk: Desk) -> None:
    one = desk.published(reviewer=BAKARI, who=AMINA)
    gone = desk.reviews.withdraw(AMINA, one.id, one.revision, "I was wrong.")
    with pytest.raises(NotAllowed, match="yourself"):
        desk.reviews.restore(AMINA, one.id, gone.revision)
