"""What askers say of answers, by the pages: without JavaScript, by nobody else, and nothing breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from community.people import VISITOR
from tests.community.asking import AMINA, BAKARI, STAFF, Town, town
from tests.pages.seen import see, text_of

TODAY = date(2026, 3, 2)
AIRFARE = "Who pays the airfare?"
HOSTILE = '</textarea><script>alert(1)</script> & "quoted" {{7*7}}'


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        yield made


@pytest.fixture
def client(here: Town) -> TestClient:
    return here.client()


def post(client: TestClient, address: str, who: str = "", **fields: str) -> BeautifulSoup:
    response = client.post(address, data=fields, headers={"x-person": who})
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "lxml")


def test_yes_is_counted_and_thanked_for(here: Town, client: TestClient) -> None:
    receipt = here.ask(VISITOR, AIRFARE, found=True, visitor="10.0.0.1")
    page = post(client, f"/answers/{receipt}/feedback", helpful="yes")
    assert "Thank you" in text_of(page, "#said-of-answer")
    assert here.log.days(STAFF, TODAY)[0].helpful == 1


def test_no_leads_to_the_reasons_and_what_is_said_last_counts(here: Town, client: TestClient) -> None:
    receipt = here.ask(VISITOR, AIRFARE, found=True, visitor="10.0.0.1")
    page = post(client, f"/answers/{receipt}/feedback", helpful="no")
    form = page.select_one("#said-of-answer form.reasons")
    assert form is not None and form["action"] == f"/answers/{receipt}/feedback"
    offered = [one["value"] for one in form.select("[name=reason]")]
    assert offered == ["other question", "incomplete", "out of date", "wrong source", "other"]
    assert len(form.select("label")) == len(offered) + 1
    page = post(client, str(form["action"]), helpful="no", reason="incomplete", words="Ring 0712 345 678")
    assert "Thank you" in text_of(page, "#said-of-answer")
    kept = here.log.own(VISITOR, receipt)
    assert (kept.helpful, kept.reason, kept.words) == ("no", "incomplete", "Ring [phone]")
    post(client, f"/answers/{receipt}/feedback", helpful="yes")
    assert here.log.own(VISITOR, receipt).helpful == "yes"
    assert here.log.days(STAFF, TODAY)[0].unhelpful == 0


def test_words_and_questions_cannot_break_the_page(here: Town, client: TestClient) -> None:
    receipt = here.ask(VISITOR, f"{HOSTILE}?", found=True, visitor="10.0.0.1")
    wrong = {"helpful": "no", "reason": "<b>", "words": HOSTILE}
    for fields, status in ((wrong, 400), ({**wrong, "reason": "other"}, 200)):
        response = client.post(f"/answers/{receipt}/feedback", data=fields)
        assert response.status_code == status
        assert "<script>" not in response.text and "49" not in text_of(
            BeautifulSoup(response.text, "lxml"), "main"
        )
    page = BeautifulSoup(client.post(f"/answers/{receipt}/feedback", data=wrong).text, "lxml")
    assert page.select_one("textarea").text.strip() == HOSTILE  # what was typed is not lost
    (group,) = here.gaps.groups(STAFF)
    for address in ("/gaps", f"/gaps/{group.id}"):
        page = see(client, address, headers={"x-person": STAFF.id})
        assert not page.select("main script, main b i") and "<script>" in page.text


@pytest.mark.parametrize("helpful", ["", "maybe", "yes "])
def test_an_answer_is_yes_or_no(here: Town, client: TestClient, helpful: str) -> None:
    receipt = here.ask(VISITOR, AIRFARE, found=True, visitor="10.0.0.1")
    assert client.post(f"/answers/{receipt}/feedback", data={"helpful": helpful}).status_code == 400
    assert here.log.own(VISITOR, receipt).helpful == ""


@pytest.mark.parametrize("who", ["", BAKARI.id, STAFF.id])
def test_a_foreign_receipt_is_not_there(here: Town, client: TestClient, who: str) -> None:
    receipt = here.ask(AMINA, AIRFARE, found=True)
    headers = {"x-person": who}
    for one in (receipt, "x" * 24, "..%2f..", "%00"):
        assert client.get(f"/answers/{one}", headers=headers).status_code == 404
        answer = client.post(f"/answers/{one}/feedback", data={"helpful": "yes"}, headers=headers)
        assert answer.status_code == 404
    assert here.log.days(STAFF, TODAY)[0].helpful == 0


def test_a_member_asks_to_be_told_with_one_press(here: Town, client: TestClient) -> None:
    receipt = here.ask(AMINA, "Who trains welders in Ghana?")
    page = see(client, f"/answers/{receipt}", headers={"x-person": AMINA.id})
    assert page.select_one("form.tell button").text == "Tell me when this is answered"
    page = post(client, f"/answers/{receipt}/tell", AMINA.id)
    assert "You will be told" in text_of(page, "#said-of-answer")
    assert here.log.own(AMINA, receipt).is_awaited


def test_a_visitor_is_led_to_where_one_signs_in_and_back(here: Town, client: TestClient) -> None:
    receipt = here.ask(VISITOR, "Who trains welders in Ghana?", visitor="10.0.0.1")
    answer = client.get(f"/answers/{receipt}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=") and receipt in answer.headers["location"]
    assert client.post(f"/answers/{receipt}/tell").status_code == 403
    assert see(client, f"/answers/{receipt}", headers={"x-person": AMINA.id}).select("form.tell")


def test_what_is_kept_is_said(here: Town, client: TestClient, tmp_path: Path) -> None:
    page = see(client, "/privacy")
    assert "kept for 30 days" in text_of(page, ".lead")
    with town(tmp_path / "none", days=0) as none:
        assert "keeps no questions" in text_of(see(none.client(), "/privacy"), ".lead")
