"""Comments: on these very words, carried to the next version, never lost, hidden from whom they are to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from community.errors import Conflict, Invalid, NotAllowed
from community.people import VISITOR, Person
from community.submissions import State, Submission, Talk
from community.submissions.talks import where
from community.submissions.values import Comment
from community.submissions.wording import MOST_CHARACTERS
from ingest.domain import Span, Version
from ingest.errors import NotFound
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
    span_of,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield desk


def say(desk: Desk, one: Submission, words: str, text: str = "How many?", who: Person = AMINA) -> Comment:
    return desk.comments.say(who, one.id, text, version=one.version, span=span_of(desk, one, words))


def resubmitted(desk: Desk, one: Submission, words: str) -> Submission:
    one = desk.submissions.get(AMINA, one.id)
    desk.reviews.ask_changes(AMINA, one.id, one.revision, "See the comments.")
    one = desk.submissions.submit(WRITER, one.id, [document(words)])
    return desk.reviews.take(AMINA, one.id, one.revision)


def now_at(desk: Desk, one: Submission, talk: Talk) -> str:
    """The words that a comment marks in the newest version."""
    assert talk.span is not None
    return desk.submissions.read(AMINA, one.id)[0].words.quote(talk.span)


def test_a_comment_keeps_the_exact_words_that_it_is_about(desk: Desk) -> None:
    one = desk.in_review()
    said = say(desk, one, "six weeks")
    assert (said.quote, said.version, said.author_id) == ("six weeks", 1, "amina")
    (talk,) = desk.comments.of(WRITER, one.id)
    assert talk.comment == said and now_at(desk, one, talk) == "six weeks"


def test_on_a_new_version_the_same_words_are_found_again_wherever_they_moved(desk: Desk) -> None:
    one = desk.in_review()
    say(desk, one, "six weeks")
    desk.comments.say(AMINA, one.id, "Good.", version=1)
    one = resubmitted(desk, one, "In Nairobi and in Mombasa. " + WORDS)
    whole, talk = desk.comments.of(WRITER, one.id)
    assert whole.span is None and not whole.is_lost
    assert now_at(desk, one, talk) == "six weeks" and talk.span != talk.comment.span


def test_of_the_same_words_in_several_places_the_nearest_are_taken() -> None:
    quote = "home care"
    text = f"{quote} " + "x" * 40 + f" {quote} " + "y" * 40 + f" {quote}"
    begins = [at for at in range(len(text)) if text.startswith(quote, at)]
    for old, expected in ((0, 0), (20, 0), (45, 1), (70, 1), (80, 2), (500, 2)):
        comment = Comment(1, "s", 1, Span(old, old + len(quote)), quote, "a", Clock()(), "?")
        found = where(comment, Version("s", 2, text, "d"))
        assert found == Span(begins[expected], begins[expected] + len(quote)), old


def test_words_that_are_gone_are_said_to_be_gone_and_the_comment_stays(desk: Desk) -> None:
    one = desk.in_review()
    say(desk, one, "six weeks", "Which ones?")
    one = resubmitted(desk, one, "Quite other words.")
    (talk,) = desk.comments.of(WRITER, one.id)
    assert talk.is_lost and (talk.comment.quote, talk.comment.text) == ("six weeks", "Which ones?")
    one = resubmitted(desk, one, WORDS)  # and found again, when they come back
    (talk,) = desk.comments.of(WRITER, one.id)
    assert now_at(desk, one, talk) == "six weeks"


def test_a_comment_outside_the_text_is_refused(desk: Desk) -> None:
    one = desk.in_review()
    for span in (Span(-1, 4), Span(4, 4), Span(9, 3), Span(0, len(WORDS) + 1), Span(10**9, 10**9 + 1)):
        with pytest.raises(Invalid, match="not in the document"):
            desk.comments.say(AMINA, one.id, "Here.", version=1, span=span)
    assert desk.comments.of(AMINA, one.id) == []


def test_a_comment_on_a_version_that_is_no_longer_the_newest_is_a_conflict(desk: Desk) -> None:
    one = desk.in_review()
    resubmitted(desk, one, "Quite other words.")
    with pytest.raises(Conflict, match="newer version"):
        desk.comments.say(AMINA, one.id, "Here.", version=1, span=Span(0, 3))


def test_an_empty_or_endless_comment_is_refused_with_what_to_do(desk: Desk) -> None:
    one = desk.in_review()
    head = desk.comments.say(AMINA, one.id, "x" * MOST_CHARACTERS, version=1)
    for text, words in (("", "Write something"), ("\u200b \n", "Write something"), ("x" * 20_000, "20,000")):
        with pytest.raises(Invalid, match=words):
            desk.comments.say(AMINA, one.id, text, version=1)
        with pytest.raises(Invalid, match=words):
            desk.comments.reply(WRITER, one.id, head.id, text)


def test_what_is_typed_is_cleaned_before_it_is_kept(desk: Desk) -> None:
    one = desk.in_review()
    said = desk.comments.say(AMINA, one.id, "Say\u202e more\u0000.\r\n\r\n\r\nPlease", version=1)
    assert said.text == "Say more.\n\nPlease"


def test_both_sides_speak_only_while_it_is_open(desk: Desk) -> None:
    for state in State:
        one = desk.in_state(state, words=f"{WORDS} {state}")
        is_open = state in (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_ASKED)
        for who in (WRITER, AMINA, BAKARI, CHIEF):
            if is_open:
                desk.comments.say(who, one.id, "Well.", version=one.version)
            else:
                with pytest.raises((Conflict, NotFound)):
                    desk.comments.say(who, one.id, "Well.", version=one.version)
        for who in (VISITOR, MEMBER, OTHER):
            with pytest.raises(NotFound):
                desk.comments.say(who, one.id, "Well.", version=one.version)
            with pytest.raises(NotFound):
                desk.comments.of(who, one.id)


def test_the_author_replies_and_marks_as_done_and_a_reviewer_settles_it(desk: Desk) -> None:
    one = desk.in_review()
    head = say(desk, one, "six weeks")
    reply = desk.comments.reply(WRITER, one.id, head.id, "Twenty-six.")
    desk.comments.reply(AMINA, one.id, reply.id, "Then say so.")
    for who in (AMINA, BAKARI):
        with pytest.raises(NotAllowed):
            desk.comments.mark_done(who, one.id, head.id, True)
    desk.comments.mark_done(WRITER, one.id, head.id, True)
    with pytest.raises(NotAllowed):
        desk.comments.resolve(WRITER, one.id, head.id, True)
    (talk,) = desk.comments.of(AMINA, one.id)
    assert [said.text for said in talk.replies] == ["Twenty-six.", "Then say so."]
    assert talk.comment.is_done and not talk.comment.is_resolved
    desk.comments.resolve(BAKARI, one.id, head.id, True)
    desk.comments.mark_done(WRITER, one.id, head.id, False)
    (talk,) = desk.comments.of(WRITER, one.id)
    assert talk.comment.is_resolved and not talk.comment.is_done


def test_what_reviewers_say_among_themselves_is_never_the_authors(desk: Desk) -> None:
    """Not even where the author is staff, nor where somebody of staff wrote an earlier version."""
    first = desk.published(reviewer=BAKARI, who=AMINA)
    renewed = desk.submissions.renew(CHIEF, first.id)
    one = desk.submissions.submit(CHIEF, renewed.id, [document("A version by the chief.")])
    hidden = desk.comments.say(BAKARI, one.id, "It is copied.", version=one.version, for_staff=True)
    secret = desk.comments.reply(BAKARI, one.id, hidden.id, "From Amina's.")
    assert secret.for_staff
    assert [talk.comment.id for talk in desk.comments.of(BAKARI, one.id)] == [hidden.id]
    for who in (CHIEF, AMINA):
        assert desk.comments.of(who, one.id) == []
    with pytest.raises(NotFound):
        desk.comments.reply(CHIEF, one.id, hidden.id, "What?")
    with pytest.raises(NotFound):
        desk.comments.mark_done(CHIEF, one.id, hidden.id, True)
    own = desk.comments.say(CHIEF, one.id, "For staff, says its author.", version=one.version, for_staff=True)
    assert not own.for_staff


def test_a_comment_is_not_reached_through_another_submission(desk: Desk) -> None:
    one, another = desk.in_review(), desk.in_review(who=OTHER, words="Other words.")
    head = say(desk, one, "six weeks")
    for do in (
        lambda: desk.comments.reply(OTHER, another.id, head.id, "Mine now."),
        lambda: desk.comments.mark_done(OTHER, another.id, head.id, True),
        lambda: desk.comments.resolve(AMINA, another.id, head.id, True),
    ):
        with pytest.raises(NotFound):
            do()


def test_the_author_reads_verdicts_only_when_it_is_decided(desk: Desk) -> None:
    one = desk.in_review(who=AMINA, reviewer=BAKARI)
    desk.reviews.judge(BAKARI, one.id, one.version, ALL_MET)
    assert desk.reviews.of(AMINA, one.id) == [] and len(desk.reviews.of(CHIEF, one.id)) == 1
    desk.reviews.ask_changes(BAKARI, one.id, one.revision, "More.")
    assert len(desk.reviews.of(AMINA, one.id)) == 1
