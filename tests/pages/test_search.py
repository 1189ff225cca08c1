"""The search page, by its addresses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.pages.seen import see, text_of


def test_finds_by_document_with_words_marked_place_and_a_link_that_opens_it(client: TestClient) -> None:
    page = see(client, "/search?q=who+pays+the+airfare")
    card = page.select_one(".source-card")
    assert card is not None
    assert card.select_one(".title").text == "The PALM scheme"
    assert "airfare" in text_of(page, ".source-card mark")
    assert "Good practice" in text_of(page, ".meta") and "18 March 2026" in text_of(page, ".meta")
    assert "“Financing”" in card.select_one(".place").text
    opened = see(client, card.select_one(".title a")["href"])
    assert "airfare" in text_of(opened, "mark")


def test_the_words_stay_in_the_box_and_markup_in_them_is_text(client: TestClient) -> None:
    page = see(client, "/search?" + urlencode({"q": '<img src=x onerror="1"> airfare'}))
    assert page.select_one("#q")["value"] == '<img src=x onerror="1"> airfare'
    assert page.select_one("img") is None


def test_hostile_words_of_a_document_are_text(client: TestClient) -> None:
    page = see(client, "/search?q=quarantine+procedures")
    assert '<script>alert("x")</script> & <b>bold</b>' in text_of(page, ".quote")
    assert "<i>Hostile</i>" in text_of(page, ".title")
    assert [script.get("src", "").partition("?")[0] for script in page.select("script")] == [
        "/static/pages.js"
    ]


def test_limits_narrow_and_a_chip_takes_each_away(client: TestClient) -> None:
    everything = see(client, "/search?q=employer+pays")
    narrowed = see(client, "/search?q=employer+pays&kind=good_practice&country=kenya")
    assert "Recognition" in text_of(everything, ".title") and "Recognition" not in text_of(narrowed, ".title")
    chips = {chip.span.text: chip["href"] for chip in narrowed.select(".chips .chip")}
    assert set(chips) == {"good practices", "kenya"}
    left = parse_qs(urlsplit(chips["kenya"]).query)
    assert left == {"q": ["employer pays"], "kind": ["good_practice"]}


def test_one_of_several_values_can_be_taken_away(client: TestClient) -> None:
    page = see(client, "/search?q=employer&country=Kenya&country=Australia&page=2")
    (kenya, australia) = page.select(".chips .chip")
    assert parse_qs(urlsplit(kenya["href"]).query) == {"q": ["employer"], "country": ["Australia"]}
    assert parse_qs(urlsplit(australia["href"]).query) == {"q": ["employer"], "country": ["Kenya"]}


def test_what_shares_no_word_and_no_meaning_is_not_a_result(client: TestClient) -> None:
    assert "Nothing in the library" in text_of(see(client, "/search?q=zzyzx"), ".lead")


def test_offers_the_librarys_values_with_counts_and_keeps_what_is_chosen(client: TestClient) -> None:
    page = see(client, "/search?q=employer+pays&country=kenya")
    boxes = {(box["name"], box["value"]): box for box in page.select("#narrow input")}
    assert boxes["country", "Kenya"].has_attr("checked")
    assert not boxes["country", "Australia"].has_attr("checked")
    assert ("kind", "report") not in boxes  # none is found
    assert "Australia 1" in text_of(page, "#narrow label")
    assert all(box["form"] == "search" for box in boxes.values())


def test_nothing_found_names_the_limit_that_stands_in_the_way(client: TestClient) -> None:
    page = see(client, "/search?q=superannuation&kind=good_practice&mode=words")
    assert "within these limits" in text_of(page, ".lead")
    (wider,) = page.select("a[href*=superannuation]:-soup-contains('Without good practices')")
    assert "Recognition" in text_of(see(client, wider["href"]), ".title")


def test_no_words_explain_what_there_is(client: TestClient) -> None:
    page = see(client, "/search")
    assert "8 documents" in text_of(page, "main")
    (reports,) = page.select("#narrow input[name=kind][value=report]")
    assert "Reports 2" in reports.parent.get_text(" ", strip=True)
    listed = see(client, "/search?kind=report")
    assert text_of(listed, ".document-list a") == "Workshops Fees"


def test_several_passages_of_one_document_stand_together(client: TestClient) -> None:
    page = see(client, "/search?q=tractors+logbook+workshop+7")
    titles = [title.text for title in page.select(".title")]
    assert titles.count("Workshops") == 1
    assert "more passages of this document" in text_of(page, "summary")
    assert page.select(".more-passages a")


@pytest.mark.parametrize(
    "words",
    ["x" * 10_000, "ا" * 10_000, "<b>" * 300, "the of and", "😀 🙃", "يحصل العامل", "\"'&", "\x00\x1b", " "],
)
def test_odd_words_get_a_page(client: TestClient, words: str) -> None:
    for rest in (
        {},
        {"mode": "meaning", "page": "2"},
        {"kind": "<b>", "event": "none", "page": "-1", "mode": "x"},
    ):
        see(client, "/search?" + urlencode({"q": words, **rest}))


def test_long_words_are_cut_and_the_page_says_so(client: TestClient) -> None:
    page = see(client, "/search?q=" + "airfare+" * 200)
    assert len(page.select_one("#q")["value"]) <= 300
    assert "first 300 characters" in text_of(page, ".notice")


def test_arabic_is_found_and_set_from_right_to_left(client: TestClient) -> None:
    page = see(client, "/search?" + urlencode({"q": "شهادة"}))
    card = page.select_one(".source-card")
    assert card["lang"] == "ar" and card.select_one(".quote")["dir"] == "auto"
    assert "شهادة" in text_of(page, "mark")


def test_what_a_visitor_may_not_see_is_neither_found_nor_counted(client: TestClient) -> None:
    assert "password" not in text_of(see(client, "/search?q=members+password"), ".results .quote")
    page = see(client, "/search?q=obsolete+guarantee+employer")
    assert "Gone" not in text_of(page, ".title")
    everything = see(client, "/search")
    assert "Other documents 2" in text_of(everything, "#narrow label")
    staffs = see(client, "/search", headers={"x-staff": "1"})
    assert "Other documents 3" in text_of(staffs, "#narrow label")
    for typed in ("passwort", "passw*", "members"):
        words = text_of(see(client, f"/search?q={typed}"), "main").casefold()
        assert "password" not in words and "know" not in words
    assert "“ password ”" in text_of(see(client, "/search?q=passwort", headers={"x-staff": "1"}), ".notice")
