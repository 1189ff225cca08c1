"""The plain page for questions, by its addresses: the real assistant over a small library, no JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.assistant import Assistant
from bot.pages.answering import Asked, ask_pages, asked
from bot.pages.library_routes import pages
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader, Scope
from ingest.cage import Cage
from ingest.reading import read_document
from tests.pages.seen import see, text_of
from tests.scripted import (
    ARABIC,
    AWAY,
    BREAKS,
    IN_KENYA,
    SEASONAL,
    WHO_PAYS,
    ScriptedAssistant,
    small_library,
)
from web.site import furnish

CEILING = "Who wants to know the ceiling before they sign?"
NOTHING = "Which football club won the cup?"
NOTED = """---
id: noted
references: {P01: "https://example.org/stamps?a=1&b=<2> (2024)"}
---
# Stamps

The postmaster collects the stamps of each envelope.[^P01]
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library") / "data") as library, Cage() as cage:
        library.add(read_document(NOTED.encode(), "noted.md", "noted.md", cage=cage))
        secret = b"# Vault\n\nThe treasurer guards the vault of the secretariat."
        read = read_document(secret, "vault.md", "vault.md", cage=cage, overrides={"countries": ["Fiji"]})
        library.add(read, audience="staff")
        yield library


def client_of(assistant: object, library: Library) -> TestClient:
    """A browser before the pages. A request that says so is staff's."""

    def reader_of(request: Request) -> Reader:
        return STAFF if "x-staff" in request.headers else PUBLIC

    app = FastAPI()
    app.include_router(ask_pages(cast("Assistant", assistant), library, reader_of))
    app.include_router(pages(library, reader_of))
    furnish(app)
    return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    return client_of(Assistant(library), library)


@pytest.fixture
def scripted(library: Library) -> TestClient:
    return client_of(ScriptedAssistant(library), library)


def ask(client: TestClient, question: str, status: int = 200, **limits: object) -> BeautifulSoup:
    return see(client, "/ask?" + urlencode({"q": question, **limits}, doseq=True), status)


def card_of(page: BeautifulSoup, mark: str) -> Tag:
    """The source that a mark of the answer leads to."""
    (link, *_) = [one for one in page.select(".answer .mark") if one.text == mark]
    card = page.select_one(link["href"])
    assert card is not None and "source-card" in card["class"]
    return card


def carried(page: BeautifulSoup, form: int = -1) -> list[tuple[str, str]]:
    """What a form of the page sends along unseen."""
    return [(one["name"], one["value"]) for one in page.select("form")[form].select("[type=hidden]")]


# asking


def test_an_answer_stands_on_cards_that_open_its_quotes(client: TestClient, library: Library) -> None:
    page = ask(client, WHO_PAYS)
    assert text_of(page, "h1") == f"You asked {WHO_PAYS}"
    first, *_ = page.select(".answer p")
    assert first.get_text().startswith("The employer pays the international airfare first")
    assert "Quoted from 1 document, word for word." in text_of(page, ".made")
    card = card_of(page, "[1]")
    assert card.select_one(".title").get_text(" ").endswith("PALM: who pays for what, and when")
    assert "“Financing”" in card.select_one(".where").text
    quote = card.select_one("mark").text
    assert quote in library.read("palm")[1].text
    opened = see(client, card.select_one(".open-link")["href"])
    assert quote in text_of(opened, "mark")


def test_a_card_holds_a_reference_as_text(client: TestClient) -> None:
    page = ask(client, WHO_PAYS)
    reference = text_of(page, "#reference-1")
    assert reference.startswith(
        "PALM: who pays for what, and when (Version 1, “Financing”) [Good practice]. (2024, March 5)."
    )
    (link,) = page.select("#source-1 .open-link")
    assert reference.endswith(f"http://testserver{link['href']}")
    (button,) = page.select("[data-copy=reference-1]")
    assert button.has_attr("hidden")  # until a script finds that it may copy


def test_what_was_said_in_a_webinar_opens_at_its_second_and_is_called_illustrative(
    client: TestClient,
) -> None:
    page = ask(client, CEILING)
    card = card_of(page, "[1]")
    assert "12:41-12:55, Country liaison officer" in card.select_one(".where").text
    assert card.select_one(".open-link").text.startswith("Open at 12:41")
    assert "Illustrative: written for demonstration. Nobody said these words." in card.get_text()
    sentence = page.select_one(".answer p")
    assert "illustrative" in sentence.select_one(".tag").text
    assert "12:41-12:55, Country liaison officer" in sentence.select_one(".place").text
    real = card_of(page, "[3]")
    assert "llustrative" not in real.get_text()
    assert "llustrative" not in page.select(".answer p")[2].get_text()


def test_a_documents_own_sources_stand_on_the_card(client: TestClient) -> None:
    page = ask(client, "Who collects the stamps of each envelope?")
    note = card_of(page, "[1]").select_one(".note")
    assert note.text.startswith("The document's own source: https://example.org/stamps?a=1&b=<2>")
    assert (
        note.select_one("a")["rel"] == ["nofollow", "noopener", "noreferrer"] and "2" not in note.find_all()
    )


def test_a_note_says_what_was_not_as_usual(scripted: TestClient) -> None:
    said = "The language model did not answer, so the library is quoted instead."
    assert said in text_of(ask(scripted, AWAY), ".notice")


# what is searched


def test_everything_is_searched_unless_something_limits_it(client: TestClient) -> None:
    page = ask(client, CEILING)
    assert text_of(page, ".searched") == "Searching: everything"
    assert page.select(".searched a") == []


def test_a_name_in_the_question_limits_the_search_and_a_link_undoes_it(client: TestClient) -> None:
    page = ask(client, IN_KENYA)
    (way_out,) = page.select(".searched a")
    assert text_of(page, ".searched").startswith("Searching: Kenya")
    assert parse_qs(urlsplit(way_out["href"]).query) == {"q": [IN_KENYA], "narrow": ["no"]}
    assert text_of(see(client, way_out["href"]), ".searched") == "Searching: everything"


def test_limits_of_the_address_hold_are_said_and_can_be_left(client: TestClient) -> None:
    assert "PALM" in text_of(ask(client, CEILING), ".title")
    page = ask(client, CEILING, kind=["transcript", "slides"], language="EN")
    assert "Webinar" in text_of(page, ".title") and "PALM" not in text_of(page, ".title")
    (way_out,) = page.select(".searched a")
    assert text_of(page, ".searched").startswith("Searching: webinar transcripts, slides, EN")
    assert parse_qs(urlsplit(way_out["href"]).query) == {"q": [CEILING], "narrow": ["no"]}
    assert "PALM" in text_of(see(client, way_out["href"]), ".title")


@pytest.mark.parametrize(
    ("limit", "value", "title"),
    [
        ("event", "no-such-webinar", ""),
        ("theme", "funding", "PALM"),
        ("language", "ar", "تمويل"),
        ("speaker", "Country liaison officer", "Webinar"),
        ("country", "Fiji", ""),  # of a document that this reader may not see
    ],
)
def test_each_limit_holds(client: TestClient, limit: str, value: str, title: str) -> None:
    page = ask(client, CEILING, **{limit: value})
    found = text_of(page, ".title") + text_of(page, ".document-list a")
    assert title in found if title else not found
    assert ("Webinar" in found) == (title == "Webinar") and ("PALM" in found) == (title == "PALM")


def test_limits_can_be_chosen_added_and_taken_away_in_the_form(client: TestClient) -> None:
    page = ask(client, CEILING, country="tonga")
    form = page.select_one(".question-form")
    assert form.select_one("#q")["value"] == CEILING
    (chosen,) = form.select("[type=checkbox]")
    assert (chosen["name"], chosen["value"], chosen.has_attr("checked")) == ("country", "tonga", True)
    countries = [option.text for option in form.select("select[name=country] option")]
    assert countries == ["any", "Australia", "Kenya", "Vanuatu"]
    kinds = {
        option.get("value", option.text): option.text for option in form.select("select[name=kind] option")
    }
    assert kinds["good_practice"] == "Good practices" and kinds[""] == "any"
    assert not carried(page, 0)


# going on


def test_the_next_question_is_understood_after_this_one(client: TestClient) -> None:
    page = ask(client, WHO_PAYS)
    assert carried(page) == [("after", WHO_PAYS)]
    page = see(client, "/ask?" + urlencode([*carried(page), ("q", SEASONAL)]))
    assert text_of(
        page, "h1 + *"
    ) and "Taken as: Who pays the airfare under PALM: and for seasonal workers?" in (text_of(page, ".place"))
    assert "For seasonal workers the same split holds" in text_of(page, ".answer")
    assert carried(page, 0) == [("after", WHO_PAYS)]
    assert carried(page) == [("after", WHO_PAYS), ("after", SEASONAL)]
    assert page.select_one(".earlier a")["href"] == "/ask"


def test_limits_stay_for_the_next_question(client: TestClient) -> None:
    page = ask(client, CEILING, kind="transcript", after=WHO_PAYS)
    assert carried(page) == [("after", WHO_PAYS), ("after", CEILING), ("kind", "transcript")]


def test_at_most_six_earlier_questions_are_carried_the_latest_last(client: TestClient) -> None:
    page = ask(client, CEILING, after=[f"Question {number}?" for number in range(9)])
    assert [value for _, value in carried(page, 0)] == [f"Question {number}?" for number in range(3, 9)]
    assert [value for _, value in carried(page)] == [
        *(f"Question {number}?" for number in range(4, 9)),
        CEILING,
    ]


def test_an_address_asks_for_what_it_was_made_of() -> None:
    this = Asked("ما & #1?", Scope(countries=("Côte d'Ivoire",)), ("one + two?", "three"), narrow=False)
    assert asked_at(this.address) == this
    assert "ما" in this.address and this.address.count("&") == 4
    assert this.everywhere == Asked(this.question, Scope(), this.earlier, narrow=False)


def asked_at(address: str) -> Asked:
    return asked(
        Request(
            {"type": "http", "query_string": quote(urlsplit(address).query, safe="&=+%").encode()}
        ).query_params
    )


# no answer


def test_no_answer_says_so_shows_what_is_nearest_and_how_to_go_on(client: TestClient) -> None:
    page = ask(client, NOTHING)
    assert "The library does not answer this." in text_of(page, ".lead")
    assert page.select(".mark") == page.select(".source-card") == []
    assert page.select_one("details.rephrase").has_attr("open")
    (search,) = page.select("main a[href^='/search']")
    assert parse_qs(urlsplit(search["href"]).query) == {"q": [NOTHING]}


def test_what_is_nearest_opens_and_says_what_is_illustrative(scripted: TestClient) -> None:
    page = ask(scripted, "payslip of the liaison officer")
    (near, *_) = page.select(".document-list li")
    assert "Webinar on financing" in near.select_one("a").text
    assert "illustrative" in near.select_one(".place").text and near.select("mark")
    assert "payslip" in text_of(see(scripted, near.select_one("a")["href"]), "mark")


def test_no_answer_within_limits_offers_to_search_everything(client: TestClient) -> None:
    page = ask(client, NOTHING, kind="transcript")
    (wider,) = page.select("a:-soup-contains('Search everything')")
    assert parse_qs(urlsplit(wider["href"]).query) == {"q": [NOTHING], "narrow": ["no"]}


# odd questions


@pytest.mark.parametrize("question", ["", "   ", "\x00\u200b"])
def test_without_a_question_there_is_the_box_for_one(client: TestClient, question: str) -> None:
    page = ask(client, question)
    assert text_of(page, "h1") == "Ask the library"
    example, *_ = page.select(".document-list a")
    assert see(client, example["href"]).select(".answer .mark")
    assert page.select_one("#q")["value"] == ""


def test_a_question_that_is_too_long_is_kept_to_be_shortened(client: TestClient) -> None:
    long = "Who pays? " * 210
    page = ask(client, long, 400)
    assert "The question has 2,099 characters. Ask it in at most 2,000." in text_of(page, ".trouble")
    assert page.select_one("#q")["value"] == long.strip()
    assert page.select(".answer") == page.select(".source-card") == []


@pytest.mark.parametrize(
    "question",
    ['"' * 2_000, "<b>" * 660, "م" * 2_000, "😀" * 2_000, "x" * 60_000, "& " * 1_000, "ceiling " * 240, "؟"],
)
def test_no_question_makes_a_page_too_large(client: TestClient, question: str) -> None:
    page = ask(client, question, 400 if len(question) > 2_000 else 200, country="Kenya")
    assert page.select_one("#q")["value"][:1] == question[:1]


def test_long_earlier_questions_are_carried_by_their_beginnings(client: TestClient) -> None:
    page = ask(client, "م" * 2_000, after=["م" * 500] * 6)
    assert [value for _, value in carried(page)] == ["م" * 200] * 6


def test_markup_in_a_question_and_in_a_document_is_text(client: TestClient) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    page = ask(client, hostile, country=hostile, after=hostile)
    assert (
        page.select("img") == [] and hostile in text_of(page, "h1") and hostile in text_of(page, ".searched")
    )
    assert carried(page, 0) == [("after", hostile)]
    page = ask(client, "What has tags and braces?")
    assert "Its words hold <b>tags</b> and ${braces} and {{braces}}" in text_of(page, ".answer")
    assert page.select("main b") == []


def test_arabic_is_answered_and_set_from_right_to_left(client: TestClient) -> None:
    page = ask(client, ARABIC)
    sentence = page.select_one(".answer p")
    assert sentence["dir"] == "auto" and "صاحب العمل" in sentence.text
    quote = card_of(page, "[1]").select_one(".quote")
    assert (quote["dir"], quote["lang"]) == ("auto", "ar")


def test_what_breaks_is_not_shown_but_has_a_code(scripted: TestClient) -> None:
    page = ask(scripted, BREAKS, 500)
    assert "secret of the machine" not in page.get_text()
    assert len(text_of(page, ".trouble b")) == 4
    assert page.select_one("#q")["value"] == BREAKS


def test_a_reader_sees_only_what_is_theirs(client: TestClient) -> None:
    address = "/ask?" + urlencode({"q": "Who guards the vault of the secretariat?"})
    page = see(client, address)
    assert "treasurer" not in page.get_text() and "Fiji" not in page.get_text()
    theirs = see(client, address, headers={"x-staff": "yes"})
    assert "treasurer" in text_of(theirs, ".answer") and "Fiji" in text_of(theirs, "select[name=country]")


# headers


def test_search_engines_keep_out_of_answers_only(client: TestClient) -> None:
    assert client.get("/ask?q=fees").headers["x-robots-tag"] == "noindex, nofollow"
    first = client.get("/ask")
    assert "x-robots-tag" not in first.headers
    assert "default-src 'self'" in first.headers["content-security-policy"]


def test_the_page_is_complete_without_its_script(client: TestClient) -> None:
    page = ask(client, WHO_PAYS)
    assert [script.get("src", "").partition("?")[0] for script in page.select("script")] == [
        "/static/pages.js"
    ]
    assert [form["action"] for form in page.select("form")] == ["/ask", "/ask"]
    assert page.select("[data-do]") == page.select("[style]") == []
