"""The staff's pages of what is asked in vain, by their addresses, and that nobody else sees them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from community.gaps.values import GroupState
from community.people import VISITOR
from tests.community.asking import AMINA, BAKARI, EAGER, STAFF, Town, town
from tests.pages.seen import see, text_of

AS_STAFF = {"x-person": STAFF.id}
QUESTION = "Who trains welders in Ghana?"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "data") as made:
        for who in (AMINA, BAKARI):
            made.ask(who, QUESTION)
        made.ask(EAGER, "=cmd() where do bees go?")
        made.publish("welders", "# Welders\n\nThe academy of Tema trains welders in Ghana.")
        yield made


@pytest.fixture
def client(here: Town) -> TestClient:
    return here.client()


def test_groups_stand_by_how_many_people_asked(here: Town, client: TestClient) -> None:
    page = see(client, "/gaps", headers=AS_STAFF)
    first, second = page.select(".work > li")
    assert text_of(first, "h2") == QUESTION and "bees" in text_of(second, "h2")
    assert "2 people, asked 2 times, since 2 March 2026" in text_of(first, ".place")
    assert "Ghana (2)" in first.text
    assert "1 person, asked once, since" in text_of(second, ".place")
    assert not {AMINA.name, AMINA.id, AMINA.email} & {*page.text.split()}


def test_a_group_shows_its_questions_and_what_comes_near(here: Town, client: TestClient) -> None:
    group, _ = here.gaps.groups(STAFF)
    page = see(client, f"/gaps/{group.id}", headers=AS_STAFF)
    assert text_of(page, "h1") == QUESTION
    assert len(page.select(".work > li")) == 2
    assert text_of(page, ".document-list a").startswith("Welders")
    assert AMINA.id not in page.text


def test_a_call_is_drafted_with_one_press(here: Town, client: TestClient) -> None:
    group, _ = here.gaps.groups(STAFF)
    answer = client.post(f"/gaps/{group.id}/call", headers=AS_STAFF, follow_redirects=False)
    (call,) = here.calls.all(STAFF)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/calls/{call.id}/edit")
    assert here.gaps.group(STAFF, group.id).call_id == call.id


def test_what_staff_presses_is_done(here: Town, client: TestClient) -> None:
    group, _ = here.gaps.groups(STAFF)
    at = f"/gaps/{group.id}"
    client.post(f"{at}/answered", data={"source": "welders"}, headers=AS_STAFF)
    assert here.gaps.group(STAFF, group.id).state is GroupState.ANSWERED
    client.post(f"{at}/open", headers=AS_STAFF)
    assert here.gaps.group(STAFF, group.id).state is GroupState.OPEN
    client.post(f"{at}/aside", data={"reason": "Not ours <b>"}, headers=AS_STAFF)
    assert "Set aside: Not ours <b>" in text_of(see(client, at, headers=AS_STAFF), ".notice")


@pytest.mark.parametrize(("act", "field"), [("answered", "source"), ("aside", "reason")])
def test_what_is_missing_is_said_at_its_field(here: Town, client: TestClient, act: str, field: str) -> None:
    group, _ = here.gaps.groups(STAFF)
    typed = "nothing-of-it" if field == "source" else " "
    answer = client.post(f"/gaps/{group.id}/{act}", data={field: typed}, headers=AS_STAFF)
    assert answer.status_code == 400 and f'id="{field}-error"' in answer.text
    assert typed in answer.text


def test_uncertain_answers_stand_apart_and_one_press_makes_a_gap(here: Town, client: TestClient) -> None:
    here.ask(BAKARI, "Who pays <b>the exam</b>?", found=True, confidence=0.6)
    here.ask(AMINA, "Who pays the visa?", found=True, confidence=0.8)
    assert see(client, "/gaps", headers=AS_STAFF).select_one("main a[href='/gaps/uncertain']")
    exam, visa = see(client, "/gaps/uncertain", headers=AS_STAFF).select(".work > li")
    assert "Who pays <b>the exam</b>?" in text_of(exam, "h2") and "palm" in exam.text
    assert "Hardly certain" in exam.text and "Not quite certain" in visa.text
    assert exam.select_one("a[href^='/ask?']")["href"].endswith("keep=no")
    client.post(str(exam.form["action"]), headers=AS_STAFF)
    page = see(client, "/gaps", headers=AS_STAFF)
    assert "staff found the answer beside the point (1)" in page.text
    assert len(see(client, "/gaps/uncertain", headers=AS_STAFF).select(".work > li")) == 1
    assert client.post(str(exam.form["action"]), headers=AS_STAFF).status_code == 404


def test_all_groups_come_as_a_table_that_runs_nothing(client: TestClient) -> None:
    answer = client.get("/gaps.csv", headers=AS_STAFF)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["question"], row["people"], row["countries"]) for row in rows] == [
        (QUESTION, "2", "Ghana (2)"),
        ("'=cmd() where do bees go?", "1", ""),
    ]
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("who", ["", AMINA.id, BAKARI.id])
def test_nobody_else_sees_or_decides_anything(here: Town, client: TestClient, who: str) -> None:
    group, _ = here.gaps.groups(STAFF)
    headers = {"x-person": who}
    for address in ("/gaps", "/gaps.csv", "/gaps/uncertain", f"/gaps/{group.id}", "/gaps/nothing"):
        answer = client.get(address, headers=headers, follow_redirects=False)
        assert answer.status_code == (403 if who else 303) and "welders" not in answer.text
    acts = (f"{group.id}/{act}" for act in ("call", "answered", "aside", "open"))
    for act in (*acts, "uncertain/1"):
        data = {"source": "welders", "reason": "x"}
        answer = client.post(f"/gaps/{act}", data=data, headers=headers)
        assert answer.status_code == 403
    assert here.gaps.group(STAFF, group.id) == group and here.calls.all(STAFF) == []


def test_hundreds_of_long_questions_come_in_pages(here: Town, client: TestClient) -> None:
    for number in range(30):
        here.ask(VISITOR, f"{QUESTION} {number} " + "يوم " * 250, visitor=str(number))
    seen = 0
    for number in range(1, 100):
        page = see(client, f"/gaps?number={number}", headers=AS_STAFF)
        seen += len(page.select(".work > li"))
        if f"Page {number} of {number}" in page.text or not page.select("nav[aria-label=Pages]"):
            break
    assert seen == len(here.gaps.groups(STAFF))
    largest = max(here.gaps.groups(STAFF), key=lambda group: group.times)
    assert see(client, f"/gaps/{largest.id}", headers=AS_STAFF).select("nav[aria-label=Pages]")
    for number in (0, 1, 2, 999):
        see(client, f"/gaps/{largest.id}?number={number}", headers=AS_STAFF)


def test_what_is_gone_is_said(client: TestClient) -> None:
    page = see(client, "/gaps/nothing", 404, headers=AS_STAFF)
    assert "This group is gone" in text_of(page, "main")
