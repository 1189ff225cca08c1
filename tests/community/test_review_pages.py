"""The pages of review and of one's own contributions, in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from community.audit import Audit
from community.pages.contributions import contribution_pages
from community.pages.cookies import Asking
from community.pages.refusals import explain_refusals
from community.pages.review import review_pages
from community.people import VISITOR, Person
from community.submissions import Criterion, State, Submission
from tests.community.submitting import (
    ALL_MET,
    AMINA,
    BAKARI,
    CHIEF,
    MEMBER,
    OTHER,
    PEOPLE,
    WORDS,
    WRITER,
    Desk,
    desk_in,
    document,
    names,
    span_of,
)
from web.site import furnish

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
MET = {criterion.value: "met" for criterion in Criterion}


class Browser:
    """Somebody in front of the pages."""

    def __init__(self, app: FastAPI, who: Person) -> None:
        self._client = TestClient(
            app, headers={"accept": "text/html"}, cookies={"person": who.id}, follow_redirects=False
        )

    def get(self, address: str) -> Any:
        return self._client.get(address)

    def post(self, address: str, **fields: object) -> Any:
        return self._client.post(address, data={name: str(value) for name, value in fields.items()})


class Town:
    """The pages over a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        people: Mapping[str, Person] = {one.id: one for one in PEOPLE}

        def person_of(request: Asking) -> Person:
            return people.get(request.cookies.get("person", ""), VISITOR)

        self.flags: list[str] = []
        self.app = FastAPI()
        self.app.include_router(contribution_pages(desk.submissions, person_of, names))
        audit = Audit(desk.records)
        self.app.include_router(
            review_pages(desk.submissions, audit, person_of, names, lambda who, one: self.flags)
        )
        furnish(self.app)
        explain_refusals(self.app, person_of)

    def as_(self, who: Person) -> Browser:
        return Browser(self.app, who)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with desk_in(tmp_path) as desk:
        yield Town(desk)


def read(response: Any, status: int = 200) -> str:
    """The page, which is small, holds no script of ours in it, and nothing that somebody typed as HTML."""
    assert response.status_code == status, response.text
    assert len(response.content) < 30_000
    assert "<img" not in response.text and "<script>" not in response.text
    assert not re.search(r"\s(style|on\w+)=\"", response.text)
    return str(response.text)


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def decide(town: Town, who: Person, one: Submission, decision: str, **fields: object) -> Any:
    """Fill in the checklist and press a button."""
    typed = {"version": one.version, "revision": one.revision, "audience": "public", **MET, **fields}
    return town.as_(who).post(f"/review/{one.id}/decision", decision=decision, **typed)


def test_a_submission_goes_its_whole_way_over_the_pages(town: Town) -> None:
    started = town.as_(WRITER).post("/contribute/good-practice", title="Home-care training", call="c1")
    assert started.status_code == 303
    (one,) = town.desk.submissions.own(WRITER)
    assert started.headers["location"] == f"/contributions/{one.id}/form" and one.call_id == "c1"
    assert "Go on writing" in read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    town.desk.submissions.submit(WRITER, one.id, [document(WORDS, "Home-care training")])
    assert "Home-care training" in read(town.as_(AMINA).get("/review"))
    page = read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert WORDS in page and "Nobody is reviewing this yet" in page and 'value="publish"' not in page
    assert town.as_(AMINA).post(f"/review/{one.id}/take", revision=field(page, "revision")).status_code == 303
    page = read(town.as_(AMINA).get(f"/review/{one.id}?comment=1"))
    form = {name: field(page, name) for name in ("version", "passage", "start", "end")}
    said = town.as_(AMINA).post(f"/review/{one.id}/comment", text="How many were trained?", **form)
    assert re.search(r"passage=1#c\d+$", said.headers["location"])
    one = town.desk.submissions.get(AMINA, one.id)
    assert decide(town, AMINA, one, "ask", reason="Say how many.").status_code == 303
    page = read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    assert "Say how many." in page and "How many were trained?" in page and WORDS in page
    comment = field(page, "comment")
    for address, fields in (("reply", {"text": "Twenty-six."}), ("done", {"done": "yes"})):
        answered = town.as_(WRITER).post(f"/contributions/{one.id}/{address}", comment=comment, **fields)
        assert answered.status_code == 303
    one = town.desk.submissions.submit(WRITER, one.id, [document(WORDS + " They were 26.", one.title)])
    one = town.desk.reviews.take(AMINA, one.id, one.revision)
    page = read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert "Twenty-six." in page and "done, says the author" in page and "see what changed since" in page
    assert (
        town.as_(AMINA).post(f"/review/{one.id}/resolve", comment=comment, resolved="yes").status_code == 303
    )
    assert decide(town, AMINA, one, "publish", audience="members").status_code == 303
    entry, _ = town.desk.library.read(one.source_id, MEMBER.reader)
    assert (entry.audience, entry.source.tier) == ("members", "checked")
    page = read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    assert f"/sources/{one.source_id}" in page and "settled" in page
    asked = read(town.as_(BAKARI).get(f"/review/{one.id}/withdraw"))
    assert "Withdraw this from the library?" in asked and one.title in asked
    assert town.desk.submissions.get(AMINA, one.id).state == State.PUBLISHED
    revision = field(asked, "revision")
    refused = town.as_(BAKARI).post(f"/review/{one.id}/withdraw", revision=revision, reason="")
    assert "Write something first" in read(refused, 400)
    gone = town.as_(BAKARI).post(f"/review/{one.id}/withdraw", revision=revision, reason="No consent.")
    assert gone.status_code == 303
    assert "No consent." in read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    page = read(town.as_(AMINA).get(f"/review/{one.id}"))
    restored = town.as_(AMINA).post(f"/review/{one.id}/restore", revision=field(page, "revision"))
    assert restored.status_code == 303
    history = read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert "published it again" in history and "Wanjiru" in history


def test_every_page_of_every_state_is_made_for_all_who_may_see_it(town: Town) -> None:
    for state in State:
        one = town.desk.in_state(state, title=f"In {state}", words=f"{WORDS} {state}")
        assert f"In {state}" in read(town.as_(WRITER).get(f"/contributions/{one.id}"))
        for who in (AMINA, BAKARI, CHIEF):
            response = town.as_(who).get(f"/review/{one.id}")
            assert f"In {state}" in read(response) if state != State.DRAFT else response.status_code == 404
            moved = town.as_(who).get(f"/contributions/{one.id}")
            assert moved.status_code == (404 if state == State.DRAFT else 303)
    assert "To do" in read(town.as_(WRITER).get("/contributions"))
    for show in ("waiting", "mine", "others", "decided", "nonsense"):
        assert "In draft" not in read(town.as_(AMINA).get(f"/review?show={show}"))
    some = read(town.as_(AMINA).get("/review?show=decided&state=declined"))
    assert "In declined" in some and "In published" not in some


def test_a_long_list_comes_in_pages_that_keep_what_was_chosen(town: Town) -> None:
    for number in range(27):
        one = town.desk.in_review(title=f"Practice {number:02}", words=f"Practice {number:02}.")
        town.desk.reviews.decline(AMINA, one.id, one.revision, "Not about migration.")
        town.desk.clock.pass_by(minutes=1)
    first = read(town.as_(AMINA).get("/review?show=decided&state=declined"))
    assert first.count("/review/") < 27
    link = re.search(r'href="([^"]+)">More', first)
    assert link is not None
    second = read(town.as_(AMINA).get(unescape(link.group(1))))
    titles = re.findall(r"Practice (\d\d)", first + second)
    assert titles == [f"{number:02}" for number in reversed(range(27))]  # what was decided last comes first
    assert "Show all, not only" in second and "Page 2 of 2" in second


def test_nobody_else_gets_a_page_or_learns_that_there_is_one(town: Town) -> None:
    one = town.desk.in_state(State.IN_REVIEW, title="Canary")
    for who in (MEMBER, OTHER):
        for address in (f"/contributions/{one.id}", "/contributions/000000000000"):
            page = read(town.as_(who).get(address), 404)
            assert "Canary" not in page and "no submission here that you may see" in page
        for address in ("/review", f"/review/{one.id}", "/review/0", f"/review/{one.id}/withdraw"):
            assert "Canary" not in read(town.as_(who).get(address), 403)
    for address in ("/review", f"/review/{one.id}", "/contributions"):
        assert town.as_(VISITOR).get(address).headers["location"].startswith("/sign-in?next=")
    assert "Canary" not in read(town.as_(OTHER).get("/contributions"))


def test_no_decision_is_made_by_following_a_link(town: Town) -> None:
    one = town.desk.in_review()
    for act in ("take", "comment", "reply", "resolve", "decision", "restore", "new-version"):
        assert town.as_(AMINA).get(f"/review/{one.id}/{act}?revision={one.revision}").status_code == 405
    for act in ("take-back", "delete", "reply", "done", "new-version"):
        assert town.as_(WRITER).get(f"/contributions/{one.id}/{act}?revision=1").status_code == 405
    assert town.desk.submissions.get(AMINA, one.id) == one


def test_acts_of_others_are_refused_at_the_address_too(town: Town) -> None:
    one = town.desk.in_review()
    for act in ("take", "comment", "reply", "resolve", "decision", "withdraw", "restore", "new-version"):
        fields = {"revision": one.revision, "version": 1, "comment": 1, "text": "x", "decision": "publish"}
        for who in (VISITOR, MEMBER, OTHER, WRITER):
            assert town.as_(who).post(f"/review/{one.id}/{act}", **fields).status_code == 403, (act, who)
    for act in ("take-back", "delete", "reply", "done", "new-version"):
        fields = {"revision": one.revision, "comment": 1, "text": "x"}
        for who in (VISITOR, MEMBER, OTHER):
            assert town.as_(who).post(f"/contributions/{one.id}/{act}", **fields).status_code == 404, act
    assert town.as_(VISITOR).post("/contribute/good-practice").status_code == 403
    assert town.desk.submissions.get(AMINA, one.id) == one


def test_who_comes_second_keeps_what_they_typed(town: Town) -> None:
    one = town.desk.in_review()
    theirs = town.desk.reviews.take(BAKARI, one.id, one.revision)
    town.desk.reviews.ask_changes(BAKARI, one.id, theirs.revision, "Say how many.")
    town.desk.clock.pass_by(minutes=1)
    answer = decide(town, AMINA, one, "decline", reason="A long reason that I typed.")
    page = read(answer, 409)
    assert "Bakari asked for changes a minute ago." in page and "A long reason that I typed." in page
    one = town.desk.in_review(words="Another one, taken over meanwhile.")
    town.desk.reviews.take(BAKARI, one.id, one.revision)
    page = read(
        decide(town, AMINA, one, "publish", reason="Typed.", **{"evidence-remark": "My remark."}), 409
    )
    assert "Bakari took the review over" in page and "My remark." in page


def test_what_keeps_from_publishing_is_said_beside_each_criterion_with_all_that_was_typed(town: Town) -> None:
    one = town.desk.in_review()
    typed = {"consent": "not met", "evidence": "not judged", "relevance-remark": "Very."}
    page = read(decide(town, AMINA, one, "publish", audience="members", **typed), 400)
    assert "2 things to put right" in page and "Very." in page
    assert "Without consent nothing is published" in page and "Judge evidence before" in page
    assert 'value="members" selected' in page
    for decision in ("ask", "decline"):
        assert "Write something first" in read(decide(town, AMINA, one, decision), 400)
    assert "Save the checklist, ask" in read(decide(town, AMINA, one, "burn"), 400)
    page = read(decide(town, AMINA, one, "save", **{"evidence-remark": "x" * 5_001}), 400)
    assert "at most 5,000" in page and "x" * 5_001 in page
    assert "Publish it for everybody" in read(decide(town, AMINA, one, "publish", audience="staff"), 400)


def test_a_comment_that_is_refused_stays_in_its_form(town: Town) -> None:
    one = town.desk.in_review()
    at = {"version": 1, "passage": 1, "start": 0, "end": len(WORDS)}
    page = read(town.as_(AMINA).post(f"/review/{one.id}/comment", text="x" * 20_000, **at), 400)
    assert "at most 5,000" in page and "x" * 20_000 in page
    outside = {**at, "end": 10**6, "text": "Kept."}
    page = read(town.as_(AMINA).post(f"/review/{one.id}/comment", **outside), 400)
    assert "not in the document" in page and "Kept." in page
    page = read(town.as_(AMINA).post(f"/review/{one.id}/comment", text="", version=1), 400)
    assert page.count("Write something first") == 1
    town.desk.submissions.take_back(WRITER, one.id, one.revision)
    town.desk.submissions.submit(WRITER, one.id, [document("A newer text.")])
    page = read(town.as_(AMINA).post(f"/review/{one.id}/comment", text="Kept.", **at), 409)
    assert "newer version" in page and "Kept." in page


def test_words_that_were_selected_are_commented_on_and_marked(town: Town) -> None:
    one = town.desk.in_review()
    span = span_of(town.desk, one, "six weeks")
    page = read(town.as_(AMINA).get(f"/review/{one.id}?comment=1&from={span.start}&to={span.end}#p1"))
    assert ">six weeks</blockquote>" in page
    form = {name: field(page, name) for name in ("version", "passage", "start", "end")}
    assert (form["start"], form["end"]) == (str(span.start), str(span.end))
    town.as_(AMINA).post(f"/review/{one.id}/comment", text="Which?", **form)
    assert "<mark>six weeks</mark>" in read(town.as_(AMINA).get(f"/review/{one.id}"))
    for odd in ("from=x&to=-4", "from=5&to=2", "from=0&to=99999999999999999999"):
        page = read(town.as_(AMINA).get(f"/review/{one.id}?comment=1&{odd}"))
        assert field(page, "end") == str(len(WORDS))


def test_what_reviewers_say_among_themselves_is_not_on_the_authors_page(town: Town) -> None:
    one = town.desk.in_review()
    town.as_(AMINA).post(f"/review/{one.id}/comment", text="Among ourselves.", version=1, for_staff="yes")
    assert "Among ourselves." in read(town.as_(BAKARI).get(f"/review/{one.id}"))
    assert "Among ourselves." not in read(town.as_(WRITER).get(f"/contributions/{one.id}"))


def test_html_and_script_are_shown_as_they_were_typed(town: Town) -> None:
    one = town.desk.in_review(words=f"Words {HOSTILE}", title=f"Title {HOSTILE}")
    town.flags.append(f"Near to {HOSTILE}")
    town.desk.comments.say(AMINA, one.id, HOSTILE, version=1)
    town.desk.reviews.judge(AMINA, one.id, 1, ALL_MET)
    decide(town, AMINA, one, "ask", reason=HOSTILE, **{"evidence-remark": HOSTILE})
    for page in (
        read(town.as_(AMINA).get(f"/review/{one.id}?comment=1")),
        read(town.as_(AMINA).get("/review?show=mine")),
        read(town.as_(WRITER).get(f"/contributions/{one.id}")),
        read(town.as_(WRITER).get("/contributions")),
    ):
        assert "&lt;script&gt;" in page


def test_whoever_wrote_it_is_told_that_somebody_else_decides(town: Town) -> None:
    one = town.desk.submitted(AMINA)
    page = read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert "You wrote or uploaded this yourself, so somebody else has to decide" in page
    assert "<button>Review this" not in page and 'name="decision"' not in page
    assert "You wrote this yourself" in read(town.as_(AMINA).get("/review"))
    assert town.as_(AMINA).post(f"/review/{one.id}/take", revision=one.revision).status_code == 403


def test_a_second_reviewer_sees_who_reviews_and_can_add_a_checklist_or_take_it_over(town: Town) -> None:
    one = town.desk.in_review()
    page = read(town.as_(BAKARI).get(f"/review/{one.id}"))
    assert ">Amina</b> is reviewing this" in page and "Take it over" in page and 'value="save"' in page
    assert 'value="publish"' not in page and 'value="ask"' not in page
    assert decide(town, BAKARI, one, "save").status_code == 303
    assert ">Bakari</h4>" in read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert town.as_(BAKARI).post(f"/review/{one.id}/take", revision=one.revision).status_code == 303
    assert ">Bakari</b> is reviewing this" in read(town.as_(AMINA).get(f"/review/{one.id}"))
    stale = town.as_(CHIEF).post(f"/review/{one.id}/take", revision=one.revision)
    assert "Bakari took the review over" in read(stale, 409)


def test_nothing_waiting_is_a_page_of_its_own(town: Town) -> None:
    assert "Nothing waits." in read(town.as_(AMINA).get("/review"))
    assert "You are reviewing nothing" in read(town.as_(AMINA).get("/review?show=mine"))
    assert "Nothing so far" in read(town.as_(WRITER).get("/contributions"))


def test_a_long_document_is_read_in_parts_and_a_comment_leads_back_to_its_part(town: Town) -> None:
    words = "\n\n".join(f"Sentence {number} tells of workshop {number} in detail." for number in range(900))
    one = town.desk.in_review(words=words)
    first = read(town.as_(AMINA).get(f"/review/{one.id}"))
    assert "Part 1 of" in first and "Sentence 899" not in first
    last = read(town.as_(AMINA).get(f"/review/{one.id}?part=999"))
    assert "Sentence 899" in last and "Sentence 3 " not in last
    passage = re.findall(r'data-number="(\d+)"', last)[-1]
    page = read(town.as_(AMINA).get(f"/review/{one.id}?comment={passage}"))
    form = {name: field(page, name) for name in ("version", "passage", "start", "end")}
    back = town.as_(AMINA).post(f"/review/{one.id}/comment", text="The end?", **form).headers["location"]
    assert "The end?" in read(town.as_(AMINA).get(back))


def test_what_came_in_is_shown_with_what_to_look_at(town: Town) -> None:
    town.flags.append("Nearly the same text as “Care work in Meru”.")
    one = town.desk.in_review(attached=[document("An annex.", "Wages 2024", "wages.md")])
    page = read(town.as_(AMINA).get(f"/review/{one.id}"))
    main, annex = town.desk.submissions.read(AMINA, one.id)
    assert main.entry.digest in page and "practice.md" in page and "Wanjiru" in page
    assert f"/sources/{annex.entry.source.id}?version=1" in page and "Wages 2024" in page
    assert "Nearly the same text" in page


def test_what_can_be_contributed_depends_on_who_asks(town: Town) -> None:
    assert "Register" in read(town.as_(VISITOR).get("/contribute"))
    assert "write to the secretariat" in read(town.as_(MEMBER).get("/contribute"))
    page = read(town.as_(WRITER).get("/contribute"))
    for address in ("/contribute/good-practice", "/uploads", "/calls", "/contribute/good-practice.docx"):
        assert f'"{address}"' in page
    for who in (VISITOR, MEMBER, WRITER):
        assert "How review works" in read(town.as_(who).get("/contribute"))


def test_a_new_version_starts_from_the_page_of_what_is_published(town: Town) -> None:
    one = town.desk.published()
    for who, base in ((WRITER, "contributions"), (AMINA, "review")):
        page = read(town.as_(who).get(f"/{base}/{one.id}"))
        assert "Start a new version" in page
        begun = town.as_(who).post(f"/{base}/{one.id}/new-version")
        (draft,) = [mine for mine in town.desk.submissions.own(who) if mine.state == State.DRAFT]
        assert begun.headers["location"] == f"/contributions/{draft.id}"
        assert draft.source_id == one.source_id
    one = town.desk.in_state(State.SUBMITTED, words="To be taken back.")
    page = read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    back = town.as_(WRITER).post(f"/contributions/{one.id}/take-back", revision=field(page, "revision"))
    assert back.status_code == 303
    assert town.desk.submissions.get(WRITER, one.id).state == State.DRAFT


def test_a_draft_is_deleted_on_its_page_and_its_list_says_so(town: Town) -> None:
    one, other = town.desk.draft(title="By mistake"), town.desk.draft(title="On purpose")
    page = read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    assert "cannot be undone" in page
    gone = town.as_(WRITER).post(f"/contributions/{one.id}/delete", revision=field(page, "revision"))
    assert (gone.status_code, gone.headers["location"]) == (303, "/contributions?deleted=1")
    listed = read(town.as_(WRITER).get("/contributions?deleted=1"))
    assert "The draft is deleted." in listed
    assert "By mistake" not in listed and other.title in listed
    assert "deleted it" in read(town.as_(WRITER).get(f"/contributions/{one.id}"), 404)
    handed_in = town.desk.submitted()
    assert "Delete this draft" not in read(town.as_(WRITER).get(f"/contributions/{handed_in.id}"))


def test_the_page_of_an_upload_says_whether_anybody_saw_it(town: Town) -> None:
    submissions = town.desk.submissions
    one = submissions.begin(WRITER, form="document", title="A report")
    assert "nobody but you knows of it" in read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    sent = submissions.submit(WRITER, one.id, [document("Of welders.", "A report")])
    submissions.take_back(WRITER, one.id, sent.revision)
    page = read(town.as_(WRITER).get(f"/contributions/{one.id}"))
    assert "You took it back" in page and "nobody but you knows" not in page
