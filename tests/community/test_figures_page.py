"""The page of figures over a whole site: what was asked, what is held, who sees it, what is taken along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import composition
from community.people import Person, Role
from index.library import Library
from settings import Settings
from tests.community.browsing import Browser, inhabitant
from tests.fakes import HashEmbedder
from tests.index import made

STAFF = Person("s", "Staff", role=Role.STAFF)
TABLES = ("questions", "documents", "coverage", "reviews")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A site with three documents, of which one was cited twice, and a question that nothing answered."""
    with Library(tmp_path_factory.mktemp("figures"), embedder=HashEmbedder()) as library:
        for name, title, countries, themes in (
            ("palm", "PALM", ("Kenya", "Australia"), ("funding",)),
            ("care", "=SUM(A1) care", ("Kenya",), ("needs",)),
            ("note", "<i>Note</i>", (), ()),
        ):
            document = made.text(name, f"The {name} pays the airfare.")
            source = replace(document.source, title=title, countries=countries, themes=themes)
            library.add(replace(document, source=source))
        app = composition.build(library, Settings(), "token")
        questions = app.state.community.questions
        for number, cited in enumerate(([("palm", 1)], [("palm", 1)], [])):
            questions.keep(
                Person("m", "Mwangi", role=Role.MEMBER),
                "",
                agreed=True,
                question=f"Who pays for {number}?" + ("" if cited else " And in Chad?"),
                understood=f"Who pays for {number}?" + ("" if cited else " And in Chad?"),
                found=bool(cited),
                cited=cited,
            )
        for role in (Role.ADMINISTRATOR, Role.STAFF, Role.CONTRIBUTOR):
            inhabitant(app.state.community.accounts, role, role.value)
        yield app


def browser(site: FastAPI, role: Role) -> TestClient:
    return Browser(site, f"{role.value}@example.org").http


def table(site: FastAPI, name: str) -> list[list[str]]:
    response = browser(site, Role.STAFF).get(f"/figures/{name}.csv")
    assert "attachment" in response.headers["content-disposition"]
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_page_shows_what_was_asked_and_what_is_held(site: FastAPI) -> None:
    page = Browser(site, "staff@example.org").open("/figures")
    tiles = {tile.dt.text: tile.dd.text.strip() for tile in page.select(".tiles > div")}  # type: ignore[union-attr]
    assert (tiles["Questions"], tiles["Answered"], tiles["Documents"]) == ("3", "67 %", "3")
    used = page.select_one("section[aria-labelledby=used] tbody tr")
    assert used is not None and "PALM" in used.text and "2" in used.text
    rows = {row.th.text: row for row in page.select("table.coverage tbody tr")}  # type: ignore[union-attr]
    assert list(rows) == ["Kenya", "Australia", "Chad"]
    assert len(rows["Chad"].select(".none")) == 9 and rows["Chad"].select("td")[-1].text == "1"
    assert "<i>" not in str(page.select_one("section[aria-labelledby=used]"))


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_can_be_taken_along_by_staff_alone(site: FastAPI, name: str) -> None:
    assert len(table(site, name)) >= 1
    assert browser(site, Role.CONTRIBUTOR).get(f"/figures/{name}.csv").status_code == 403
    visitor = TestClient(site, follow_redirects=False).get(f"/figures/{name}.csv")
    assert visitor.status_code == 303 and visitor.headers["location"].startswith("/sign-in")


def test_the_tables_hold_what_the_pictures_show(site: FastAPI) -> None:
    today = datetime.now(UTC).date().isoformat()
    days = {row[0]: row[1:] for row in table(site, "questions")[1:]}
    assert len(days) == 30 and days[today] == ["3", "2", "0", "0"]
    documents = table(site, "documents")[1:]
    assert documents[0][:2] == ["PALM", "palm"] and documents[0][3] == "2"
    assert "'=SUM(A1) care" in {row[0] for row in documents}  # no table program runs it
    assert [row[0] for row in table(site, "coverage")[1:]] == ["Kenya", "Australia", "Chad"]
    assert browser(site, Role.STAFF).get("/figures/people.csv").status_code == 404


def test_a_year_of_days_becomes_few_bars(site: FastAPI) -> None:
    page = Browser(site, "staff@example.org").open("/figures?days=365")
    assert len(page.select(".chart svg > g")) <= 60
    assert page.select_one(".periods [aria-current]").text == "A year"  # type: ignore[union-attr]


def test_staff_see_which_answers_a_document_stands_in(site: FastAPI) -> None:
    page = Browser(site, "staff@example.org").open("/gaps/citing?source=palm")
    assert [one.q.text for one in page.select("main li")] == ["Who pays for 1?", "Who pays for 0?"]  # type: ignore[union-attr]
    assert "version 1" in page.select("main li")[0].text
    assert not Browser(site, "staff@example.org").open("/gaps/citing?source=care").select("main li")
    assert browser(site, Role.CONTRIBUTOR).get("/gaps/citing?source=palm").status_code == 403
