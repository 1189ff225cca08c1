"""A document's page, by its addresses."""

from __future__ import annotations

from dataclasses import replace

from fastapi.testclient import TestClient

from index.hits import link_to
from index.library import Library
from index.scope import STAFF
from ingest.domain import Source, Span
from tests.pages.seen import see, span_of, text_of
from web.words import document_words


def opened_at(library: Library, source_id: str, words: str) -> str:
    return link_to(source_id, library.entry(source_id).number, span_of(library, source_id, words))


def test_the_very_words_are_marked_once_with_their_anchor(client: TestClient, library: Library) -> None:
    words = "The employer pays the airfare first and carries 300 dollars of it."
    page = see(client, opened_at(library, "palm", words))
    assert [mark.text for mark in page.select("mark")] == [words]
    assert page.select_one("mark")["id"] == "quote"
    assert "Financing" in page.title.text


def test_a_quote_over_several_blocks_is_marked_in_each(client: TestClient, library: Library) -> None:
    text = library.read("palm")[1].text
    span = Span(text.index("Wages bear"), text.index("Clothing") + len("Clothing"))
    page = see(client, link_to("palm", 1, span))
    marked = [mark.text for mark in page.select("mark")]
    assert marked[0] == "Wages bear the rest." and marked[-1] == "Clothing"
    assert len(page.select("mark[id]")) == 1
    assert "".join(marked).replace(" ", "") == text[span.start : span.end].translate(
        {ord(c): None for c in " \n|"}
    )


def test_metadata_headings_lists_tables_and_the_documents_own_sources(client: TestClient) -> None:
    page = see(client, "/sources/palm")
    meta = text_of(page, "header .meta")
    for words in (
        "Good practice",
        "18 March 2026",
        "Papua New Guinea",
        "CC BY 4.0",
        "Where it was published",
    ):
        assert words in meta
    assert [heading.text for heading in page.select(".text h3, .text h2")][:1] == ["Financing"]
    assert page.select_one(".text ul li").text == "Housing is arranged by the grower."
    assert [cell.text for cell in page.select("th")] == ["Item", "First payer"]
    note = page.select_one(".text sup a")
    assert "https://example.org/airfare" in page.select_one(note["href"]).text


def test_markup_in_a_document_is_text(client: TestClient) -> None:
    page = see(client, "/sources/hostile")
    assert text_of(page, ".text p").startswith('<script>alert("x")</script> & <b>bold</b>')
    assert len(page.select("script")) == 1 and not page.select("main img, main .words b, main i, main u")


def test_a_transcript_by_turns_with_times_speakers_and_its_warning(
    client: TestClient, library: Library
) -> None:
    page = see(client, opened_at(library, "webinar", "pays superannuation"))
    turn = page.find(id="t=750")
    assert turn.select_one(".time").text == "12:30"
    assert turn.select_one(".speaker").text == "Country liaison officer"
    assert page.find(id="t=3725").select_one(".time").text == "1:02:05"
    assert "Illustrative" in text_of(page, ".notice")


def test_a_long_turn_says_the_time_again_but_not_the_name(client: TestClient) -> None:
    turns = see(client, "/sources/webinar").select(".turn")[-4:]
    assert [turn.select_one(".time").text for turn in turns] == ["12:30", "1:02:05", "1:04:00", "1:05:00"]
    assert [bool(turn.select(".speaker")) for turn in turns] == [True, True, False, False]


def test_the_programme_of_a_webinar_is_called_so() -> None:
    programme = Source("event-learning", "Learning", event="learning")
    assert document_words(programme) == "webinar programme"
    assert document_words(programme, 2) == "webinar programmes"
    for other in (replace(programme, id="learning"), replace(programme, event=None)):
        assert document_words(other) == "other document"


def test_slides_say_their_number(client: TestClient) -> None:
    assert "Slide 1" in text_of(see(client, "/sources/deck"), ".slide-number")


def test_a_long_document_is_shown_in_parts_that_lose_nothing(client: TestClient, library: Library) -> None:
    version = library.read("workshops")[1]
    quote = opened_at(library, "workshops", "master number 30 signs")
    page = see(client, quote)
    assert text_of(page, "mark") == "master number 30 signs"
    address, shown = "/sources/workshops", []
    while address:
        page = see(client, address)
        shown += text_of(page, ".text section").split()
        following = page.select_one("a[rel=next]")
        address = following["href"] if following else ""
    assert shown == version.text.split()


def test_a_quote_is_never_cut_where_a_part_ends(client: TestClient, library: Library) -> None:
    text = library.read("workshops")[1].text
    ends = see(client, "/sources/workshops").select(".text p")[-1].text.strip()[-40:]
    seam = text.rindex(ends) + len(ends)
    first = see(client, link_to("workshops", 1, Span(seam - 30, seam + 200)))
    assert text_of(first, "mark").split() == text[seam - 30 : seam + 200].split()


def test_another_part_leads_back_to_the_quote_and_contents_lead_to_their_part(
    client: TestClient, library: Library
) -> None:
    page = see(client, opened_at(library, "workshops", "master number 30 signs"))
    elsewhere = see(client, page.select_one("a[rel=prev]")["href"])
    assert not elsewhere.select("mark")
    (back,) = elsewhere.select("a:-soup-contains('Back to the quoted words')")
    assert see(client, back["href"]).select("mark#quote")


def test_contents_open_the_part_in_which_the_heading_stands(client: TestClient) -> None:
    page = see(client, "/sources/workshops")
    for line in (page.select(".contents a")[0], page.select(".contents a")[-1]):
        address, _, anchor = line["href"].partition("#")
        opened = see(client, address or "/sources/workshops")
        assert opened.find(id=anchor).text == line.text


def test_a_place_that_the_text_does_not_have_is_explained(client: TestClient) -> None:
    for place in ("from=5&to=99999999", "from=9&to=3", "from=0&to=0"):
        page = see(client, f"/sources/palm?version=1&{place}")
        assert "does not have" in text_of(page, ".notice") and not page.select("mark")


def test_parameters_that_mean_nothing_are_absent(client: TestClient) -> None:
    for query in ("from=x&to=y", "from=-1&to=5", "part=999", "part=0", "version=", "version=²", "from=1"):
        assert not see(client, f"/sources/palm?{query}").select("mark, .notice")


def test_a_replaced_version_stays_and_says_what_replaced_it(client: TestClient) -> None:
    old = see(client, "/sources/fees?version=1")
    assert "eighty shillings" in text_of(old, ".text")
    assert "This is version 1; version 2 replaced it" in text_of(old, ".notice")
    new = see(client, old.select_one(".notice a")["href"])
    assert "abolished" in text_of(new, ".text") and not new.select(".notice")


def test_a_withdrawn_document_is_said_to_be_and_nothing_more_of_it(client: TestClient) -> None:
    for address in ("/sources/gone", "/sources/gone?version=1&from=6&to=12", "/sources/gone/original"):
        page = see(client, address, status=410)
        assert "was withdrawn" in text_of(page, "main")
        assert "Gone" not in page.text and "obsolete" not in page.text
    unknown = text_of(see(client, "/sources/never-there", status=404), "main")
    assert "was withdrawn" not in unknown and "no document called never-there" in unknown
    response = client.get("/sources/gone", headers={"x-staff": "yes"})
    assert "only staff can open it" in response.text


def test_cite_this_names_title_date_kind_place_and_a_lasting_address(
    client: TestClient, library: Library
) -> None:
    address = opened_at(library, "palm", "The employer pays the airfare")
    assert text_of(see(client, address), "#citation") == (
        "The PALM scheme (Version 1, “Financing”) [Good practice]. (2026, March 18). Ujuzi library. "
        f"http://testserver{address}"
    )
    assert see(client, address).select_one("[data-copy=citation]").has_attr("hidden")  # it needs JavaScript


def test_a_moment_of_a_webinar_and_an_old_version_are_cited_as_such(
    client: TestClient, library: Library
) -> None:
    address = opened_at(library, "webinar", "pays superannuation")
    assert text_of(see(client, address), "#citation") == (
        "Recognition (Version 1, 12:30–12:41, Country liaison officer) [Webinar transcript, illustrative]. "
        f"(n.d.). Ujuzi library. http://testserver{address}"
    )
    old = text_of(see(client, "/sources/fees?version=1"), "#citation")
    assert old == "Fees (Version 1) [Report]. (n.d.). Ujuzi library. http://testserver/sources/fees?version=1"


def test_the_language_of_page_and_document_are_declared(client: TestClient) -> None:
    response = client.get("/sources/shahada")
    assert response.headers["content-language"] == "en, ar"
    assert see(client, "/sources/shahada").select_one(".text section")["lang"] == "ar"


def test_all_documents_by_kind(client: TestClient) -> None:
    page = see(client, "/sources")
    headings = [heading.text for heading in page.select("h2")]
    assert headings == [
        "Good practices",
        "Webinar transcripts",
        "Slides",
        "Reports",
        "Guides",
        "Other documents",
    ]
    assert "Gone" not in text_of(page, "main")


def test_the_original_comes_whole_as_a_download(client: TestClient, library: Library) -> None:
    link = see(client, "/sources/palm").select_one("a[href*=original]")["href"]
    response = client.get(link)
    assert response.content == library.original(library.entry("palm")).read_bytes()
    assert response.headers["content-disposition"] == 'attachment; filename="palm.md"'
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_original_asks_who_reads(client: TestClient, library: Library) -> None:
    assert client.get("/sources/gone/original").status_code == 410
    assert client.get("/sources/gone/original", headers={"x-staff": "yes"}).status_code == 200
    hidden = next(entry for entry in library.entries(STAFF) if entry.audience == "members")
    assert client.get(f"/sources/{hidden.source.id}/original").status_code == 404
