"""Calls for good practices: drafted by staff, read by everybody, closed by their deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from community.errors import Invalid
from community.gaps.call_form import CallForm
from community.gaps.calls import Call, CallState
from community.people import VISITOR
from ingest.errors import NotFound
from tests.community.asking import AMINA, BAKARI, STAFF, Town, town
from tests.pages.seen import see, text_of

AS_STAFF = {"x-person": STAFF.id}
SECRET = "Who trains my zanzibarian cousin as a welder in Ghana?"
FORM = CallForm("Welders in Ghana", "Tell us.", ("funding",), "Ghana, Togo", "2026-03-31", "Africa/Accra")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        yield made


@pytest.fixture
def client(here: Town) -> TestClient:
    return here.client()


@pytest.fixture
def draft(here: Town) -> Call:
    here.ask(AMINA, SECRET)
    (group,) = here.gaps.groups(STAFF)
    return here.calls.draft(STAFF, group.id)


def test_a_draft_says_where_and_by_when_and_nothing_that_a_member_wrote(draft: Call) -> None:
    assert draft.title == "Good practices in Ghana" and draft.countries == ("Ghana",)
    assert draft.deadline.isoformat() == "2026-04-13" and draft.state is CallState.DRAFT
    assert "We are looking for good practices in Ghana." in draft.text and "What to send" in draft.text
    assert "cousin" not in draft.title + draft.text and "$" not in draft.text


def test_a_draft_is_not_published_before_staff_says_what_is_missing(here: Town, draft: Call) -> None:
    with pytest.raises(Invalid, match="in your own words"):
        here.calls.publish(STAFF, draft.id)
    assert here.calls.open() == []


def test_members_words_stand_beside_the_form(client: TestClient, draft: Call) -> None:
    page = see(client, f"/calls/{draft.id}/edit", headers=AS_STAFF)
    assert "cousin" in text_of(page, "details.asked")
    assert "cousin" not in text_of(page, "form")


def test_a_draft_is_seen_by_staff_alone(here: Town, client: TestClient, draft: Call) -> None:
    for who in ("", AMINA.id, BAKARI.id):
        headers = {"x-person": who}
        assert draft.title not in see(client, "/calls", headers=headers).text
        see(client, f"/calls/{draft.id}", 404, headers=headers)
        answer = client.get(f"/calls/{draft.id}/edit", headers=headers, follow_redirects=False)
        assert answer.status_code == (403 if who else 303) and "cousin" not in answer.text
        assert here.calls.title_of(draft.id) == ""
    assert draft.title in see(client, "/calls", headers=AS_STAFF).text
    assert "only staff see it" in text_of(see(client, f"/calls/{draft.id}", headers=AS_STAFF), ".notice")


def test_a_published_call_is_everybodys(here: Town, client: TestClient, draft: Call) -> None:
    typed = {
        "title": FORM.title,
        "text": "Line one <b>\n\nLine two",
        "themes": ["funding", "nonsense"],
        "countries": "Ghana; Togo",
        "deadline": "2026-03-31",
        "zone": "Africa/Accra",
        "then": "publish",
    }
    answer = client.post(f"/calls/{draft.id}/edit", data=typed, headers=AS_STAFF)
    assert answer.status_code == 200
    assert FORM.title in see(client, "/calls").text
    page = see(client, f"/calls/{draft.id}")
    assert "31 March 2026, at the end of the day in Accra" in text_of(page, ".facts")
    assert "funding" in text_of(page, ".facts") and "nonsense" not in page.text
    assert "Ghana, Togo" in text_of(page, ".facts") and "Line one <b>" in page.text
    assert page.select_one(".buttons a.button")["href"] == f"/sign-in?next=/calls/{draft.id}"
    assert here.calls.title_of(draft.id) == FORM.title
    assert not page.select("form[action*=edit], form[action*=close]")


def test_a_contributor_starts_from_it(here: Town, client: TestClient, draft: Call) -> None:
    here.calls.save(STAFF, draft.id, FORM)
    here.calls.publish(STAFF, draft.id)
    page = see(client, f"/calls/{draft.id}", headers={"x-person": BAKARI.id})
    form = page.select_one("form[action='/contribute/good-practice'][method=post]")
    assert form.select_one("[name=call]")["value"] == draft.id
    member = see(client, f"/calls/{draft.id}", headers={"x-person": AMINA.id})
    assert not member.select("form[action='/contribute/good-practice']") and "write to the" in member.text


def test_it_closes_when_its_last_day_is_over_where_it_is(here: Town, client: TestClient, draft: Call) -> None:
    here.calls.save(STAFF, draft.id, CallForm("T", "t", deadline="2026-03-31", zone="Africa/Nairobi"))
    here.calls.publish(STAFF, draft.id)
    here.clock.now = datetime(2026, 3, 31, 20, 59, tzinfo=UTC)
    assert [one.id for one in here.calls.open()] == [draft.id]
    here.clock.now = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)  # midnight in Nairobi
    assert here.calls.open() == []
    assert here.calls.call(VISITOR, draft.id).state is CallState.CLOSED
    page = see(client, f"/calls/{draft.id}", headers={"x-person": BAKARI.id})
    assert "This call is closed" in text_of(page, ".notice")
    assert not page.select("form[action='/contribute/good-practice']")
    with pytest.raises(Invalid):
        here.calls.publish(STAFF, draft.id)
    here.calls.save(STAFF, draft.id, FORM)
    assert here.calls.title_of(draft.id) == FORM.title


def test_staff_closes_it_before(here: Town, client: TestClient, draft: Call) -> None:
    here.calls.save(STAFF, draft.id, FORM)
    here.calls.publish(STAFF, draft.id)
    client.post(f"/calls/{draft.id}/close", headers=AS_STAFF)
    assert here.calls.open() == [] and here.calls.call(VISITOR, draft.id).state is CallState.CLOSED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 201),
        ("text", ""),
        ("text", "x" * 6_001),
        ("deadline", "31.3.2026"),
        ("deadline", "9999-12-31"),
        ("deadline", ""),
        ("zone", "Mars/Base"),
        ("zone", "../../etc/passwd"),
        ("zone", ""),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    client: TestClient, here: Town, draft: Call, field: str, value: str
) -> None:
    typed = {"title": "A title", "text": "A text", "deadline": "2026-03-31", "zone": "Africa/Accra"}
    answer = client.post(f"/calls/{draft.id}/edit", data=typed | {field: value}, headers=AS_STAFF)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text and (field == "title" or "A title" in answer.text)
    assert here.calls.call(STAFF, draft.id) == draft


@pytest.mark.parametrize("who", ["", AMINA.id, BAKARI.id])
def test_nobody_else_changes_a_call(here: Town, client: TestClient, draft: Call, who: str) -> None:
    headers = {"x-person": who}
    here.calls.save(STAFF, draft.id, FORM)
    here.calls.publish(STAFF, draft.id)
    before = here.calls.call(STAFF, draft.id)
    typed = {"title": "Mine", "text": "Mine", "deadline": "2026-03-31", "zone": "UTC", "then": "publish"}
    assert client.post(f"/calls/{draft.id}/edit", data=typed, headers=headers).status_code == 403
    assert client.post(f"/calls/{draft.id}/close", headers=headers).status_code == 403
    assert here.calls.call(STAFF, draft.id) == before


def test_there_is_no_such_call(here: Town, client: TestClient) -> None:
    see(client, "/calls/nothing", 404)
    for act in (here.calls.publish, here.calls.close):
        with pytest.raises(NotFound):
            act(STAFF, "nothing")
    with pytest.raises(NotFound):
        here.calls.save(STAFF, "nothing", FORM)
    with pytest.raises(NotFound):
        here.calls.draft(STAFF, "nothing")
    assert "No call is open" in text_of(see(client, "/calls"), "main")
