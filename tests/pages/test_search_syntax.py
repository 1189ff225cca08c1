"""The search page: phrases, corrections, limits with numbers, pages of results, lists to take along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import rispy
from bs4 import BeautifulSoup
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pybtex.database import parse_string
from starlette.datastructures import QueryParams

from bot.pages.library_routes import pages
from bot.pages.wanted import read_wanted
from index.library import Library
from index.scope import PUBLIC
from tests.fakes import HashEmbedder
from tests.index import made
from tests.pages.seen import see, text_of
from web.site import furnish

ARABIC = "الاعتراف بالمهارات والشهادات " * 12
LIMITS = ("kind", "country", "theme", "event", "speaker", "sector", "corridor", "language", "when")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages of thirty documents on fees, from nine years, a third of them talks; and a hostile dozen."""
    with Library(tmp_path_factory.mktemp("many"), embedder=HashEmbedder()) as library:
        for number in range(30):
            words = f"The fee of logbook {number} is due. "
            described = {
                "date": date(2016 + number % 9, 1 + number % 12, 1) if number else None,
                "countries": (f"Country {number % 7}", "Kenya"),
                "themes": ("funding",) if number % 2 else ("needs", "funding"),
                "language": ("en", "fr")[number % 2],
            }
            if number % 3:
                library.add(made.sections(f"doc-{number}", [words * 9, words * 8, "A visa."], **described))
            else:
                turns = [(f"Speaker {turn}", words * 5) for turn in range(4)]
                library.add(made.talk(f"doc-{number}", turns, **described))
        for number in range(12):
            marks = '"&<>' * 6 + f" quarantine {number} "
            title, country = f'<b>"{number}"</b> ' * 20, '<&">' * 100
            library.add(made.text(f"odd-{number}", marks * 300, title=title, countries=(country,)))
        app = FastAPI()
        app.include_router(pages(library, lambda _: PUBLIC))
        furnish(app)
        yield TestClient(app, headers={"accept": "text/html"})


def titles(page: BeautifulSoup) -> list[str]:
    return [title.text for title in page.select(".results .title, .document-list a")]


def address(**fields: str | list[str]) -> str:
    return f"/search?{urlencode(fields, doseq=True)}"


@pytest.mark.parametrize(
    "fields",
    [
        {"q": "fee logbook"},
        {"q": "fee", "sort": "newest"},
        {"q": '"logbook 3"'},
        {"q": "fee", "kind": "transcript", "mode": "words", "sort": "oldest"},
        {"kind": ["transcript", "other"]},
    ],
)
def test_turning_pages_shows_every_document_exactly_once(
    many: TestClient, fields: dict[str, str | list[str]]
) -> None:
    page, seen = see(many, address(**fields)), []
    counted = text_of(page, ".count")
    while True:
        seen += titles(page)
        following = page.select_one("a[rel=next]")
        if following is None:
            break
        page = see(many, following["href"])
    assert len(seen) == len(set(seen)) > 0
    assert f"{len(seen)} document" in counted
    beyond = see(many, address(**fields, page="99"))
    assert set(titles(see(many, beyond.select_one("a[rel=prev]")["href"]))) <= set(seen)


@pytest.mark.parametrize(
    "fields",
    [{"q": "fee"}, {"q": "logb* -visa", "country": "Kenya"}, {"when": "2020"}, {"q": "fee quarantine"}, {}],
)
def test_the_number_beside_each_choice_is_what_the_page_shows_when_it_is_taken(
    many: TestClient, fields: dict[str, str]
) -> None:
    page = see(many, address(**fields))
    boxes = [box for box in page.select("#narrow input") if box["name"] not in fields]
    assert len(boxes) > 5
    for box in boxes[::3]:
        number = box.parent.select_one(".number").text
        taken = see(many, address(**fields, **{box["name"]: box["value"]}))
        assert f"{number} document" in text_of(taken, ".count"), (box["name"], box["value"])


@pytest.mark.parametrize(
    "fields",
    [
        {"q": "fee"},
        {"q": "fee", "country": ["Kenya", "Country 1"], "when": "2020", "page": "1"},
        {"q": "fee", "when": "2020-05"},
        {"q": "logbock"},
        {"q": "feee", "exact": "1"},
        {"q": "fee", "kind": "slides"},
        {"q": '"no such phrase" fee', "kind": "report", "mode": "words"},
        {"q": "fee", "source": "doc-3"},
        {"kind": "transcript", "more": "country"},
        {"q": "quarantine", "country": "Kenya"},
        {},
    ],
)
def test_every_link_of_the_page_opens(many: TestClient, fields: dict[str, str | list[str]]) -> None:
    page = see(many, address(**fields))
    links = {link["href"] for link in page.select("main a[href]")}
    assert links
    for link in links:
        if link.startswith(("/search", "/sources/")):
            assert many.get(link).status_code == 200, link
        else:
            assert link.startswith(("#", "/sources", "/webinars/")), link


@pytest.mark.parametrize(
    "query",
    [
        "q=fee",
        "q=%22fair+fee%22+-visa+log*&kind=report&country=Kenya&country=Tonga&when=2020-05&mode=words",
        "q=%D9%85%D9%87%D8%A7%D8%B1%D8%A7%D8%AA&sort=oldest&exact=1&more=country&page=3",
        "source=a%26b&speaker=%3Cb%3E",
    ],
)
def test_an_address_says_all_of_a_search_and_always_the_same(query: str) -> None:
    wanted = read_wanted(QueryParams(query))
    assert read_wanted(QueryParams(wanted.query)) == wanted
    assert sorted(parse_qsl(wanted.query)) == sorted(parse_qsl(query))


def test_no_address_grows_beyond_measure() -> None:
    limits = [("country", f"{number} {ARABIC}") for number in range(20)]
    wanted = read_wanted(QueryParams([("q", ARABIC), *limits]))
    assert len(wanted.scope.countries) == 2 and len(wanted.query.encode()) < 1_200
    short = read_wanted(QueryParams([("country", f"Country {number}") for number in range(20)]))
    assert len(short.scope.countries) == 12


def test_pages_are_light_whatever_is_asked(many: TestClient) -> None:
    long = {"country": [f"{ARABIC}{number}" for number in range(20)], "theme": ["<&\"'>" * 30] * 9}
    for typed in (ARABIC, "fee " * 90, '"' * 400, "&<>\"'" * 60, "😀 " * 150, "a* " * 100, "fee quarantine"):
        for limits in ({}, {"kind": "transcript", "country": "Kenya", "when": "2020"}, long):
            for more in ({}, {"sort": "newest", "page": "2"}, {"more": "country"}):
                see(many, address(q=typed, **limits, **more))  # type: ignore[arg-type]
    for limit in LIMITS:
        see(many, address(q="quarantine", more=limit))
    see(many, address(**dict.fromkeys(LIMITS, "<&>" * 40)))


def test_long_arabic_words_keep_their_limits(many: TestClient) -> None:
    fields = {"q": ARABIC, "kind": "transcript", "country": "Kenya", "language": "en", "when": "2020"}
    page = see(many, address(**fields))
    assert len(page.select_one("#q")["value"]) == 300 - len(ARABIC[:300]) + len(ARABIC[:300].strip())
    checked = {box["name"]: box["value"] for box in page.select("#narrow input[checked]")}
    assert checked == {name: value for name, value in fields.items() if name != "q"}
    assert not page.select(".chips a") and "Kenya" in text_of(page, ".chips b")  # unticking takes it away


def test_heavy_results_show_less_of_each_document_and_all_documents(many: TestClient) -> None:
    page = see(many, address(q="quarantine"))
    assert len(page.select(".source-card")) == 8 and not page.select(".more-passages")
    assert "12 documents" in text_of(page, ".count")


def test_a_misspelt_word_is_replaced_and_says_so(many: TestClient) -> None:
    page = see(many, address(q="logbouk 7", kind="other"))
    assert "Nothing in the library says “ logbouk ”" in text_of(page, ".notice")
    assert "logbook" in text_of(page, "mark")
    as_typed = see(many, page.select_one(".notice a")["href"])
    assert "Nothing in the library says" not in text_of(as_typed, ".notice")
    assert as_typed.select_one("#search input[name=exact]") is not None
    offered = as_typed.select_one(".notice a")
    assert "Did you mean" in text_of(as_typed, ".notice") and offered.text == "logbook 7"
    assert dict(parse_qsl(urlsplit(offered["href"]).query)) == {"q": "logbook 7", "kind": "other"}


def test_a_rare_word_is_searched_and_its_frequent_neighbour_offered(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.sections("many", [f"Each permit has number {number}." for number in range(20)]))
        library.add(made.text("one", "Every parmit is blue."))
        app = FastAPI()
        app.include_router(pages(library, lambda _: PUBLIC))
        page = see(TestClient(app), "/search?q=parmit")
        assert titles(page) == ["One"]
        assert titles(see(TestClient(app), page.select_one(".notice a")["href"])) == ["Many"]


def test_a_month_can_be_chosen_counted_and_taken_away(many: TestClient) -> None:
    page = see(many, address(q="fee", when="2018-03"))
    (box,) = page.select("#narrow input[name=when][checked]")
    number = int(box.parent.select_one(".number").text)
    assert box["value"] == "2018-03" and number == len(titles(page)) > 0
    assert "March 2018" in text_of(page, ".chip") and not page.select("#search input[name=when]")
    bars = see(many, address(q="fee", when="2018")).select(".timeline a")
    assert bars[0].title.text.startswith("March 2018: ")


def test_the_timeline_counts_what_its_bars_find(many: TestClient) -> None:
    bars = see(many, "/search?q=fee").select(".timeline a")
    assert len(bars) == 9
    for bar in bars:
        label = bar.title.text.partition(": ")[2]
        assert label in text_of(see(many, bar["href"]), ".count")


def test_nothing_found_says_what_was_tried_and_what_to_loosen(many: TestClient) -> None:
    fields = {"q": '"logbook 7" fee* -visa', "kind": "transcript", "country": "Country 0", "mode": "words"}
    page = see(many, address(**fields))
    said = text_of(page, ".results")
    tried = ("these words", "“ logbook 7 ” word for word", "“ fee* ” as a beginning", "nothing with “ visa ”")
    assert all(one in said for one in tried)
    (loosening,) = page.select("li a:-soup-contains('Without webinar transcripts')")
    documents = text_of(see(many, loosening["href"]), ".count")
    assert loosening.parent.text.partition(": ")[2].strip() in documents and "1 document" in documents
    both = see(many, page.select_one("a:-soup-contains('words and meaning')")["href"])
    assert both.select_one("#mode option[selected]")["value"] == "hybrid" if both.select("#mode") else True


def test_only_what_to_leave_out_asks_what_to_look_for(many: TestClient) -> None:
    page = see(many, address(q='-visa -"fee of"'))
    assert "Say what to look for" in text_of(page, ".notice") and "42 documents" in text_of(page, ".lead + p")
    narrowed = see(many, address(q="-visa", kind="transcript"))
    assert "Say what to look for" in text_of(narrowed, ".notice") and len(titles(narrowed)) == 10


def test_a_search_of_one_document_stays_in_it(many: TestClient) -> None:
    page = see(many, address(q="fee", source="doc-3"))
    assert titles(page) == ["Doc-3"] and "Doc-3" in text_of(page, ".chips .chip")
    assert page.select_one("#search input[name=source]")["value"] == "doc-3"
    assert not page.select(".source-card a.all")  # it leads here


def test_a_recording_says_where_in_it(many: TestClient) -> None:
    page = see(many, address(q="logbook 3", source="doc-3"))
    assert len(page.select(".moments svg rect")) == 1 + 4
    said = text_of(page, ".moments figcaption")
    assert "4 moments;" in said and "00:40 long" in said


@pytest.mark.parametrize("format_name", ["csv", "docx", "bibtex", "ris"])
def test_the_list_is_taken_along_as_it_was_searched(many: TestClient, format_name: str) -> None:
    fields = {"q": '"logbook 4"', "language": "en"}
    page = see(many, address(**fields))
    button = page.select_one(f".take button[value={format_name}]")
    assert (button["form"], button["formaction"], button["name"]) == ("search", "/search/export", "format")
    response = many.get(f"/search/export?{urlencode(fields)}&format={format_name}")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith('attachment; filename="ujuzi-logbook-4-')
    assert _titles(format_name, response.content) == {"Doc-4"}


def _titles(format_name: str, content: bytes) -> set[str]:
    """The documents in a list, read as other programs read it."""
    if format_name == "csv":
        rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
        assert all("logbook 4" in row["Quote"] and "/sources/doc-4?" in row["Link"] for row in rows)
        return {row["Title"] for row in rows}
    if format_name == "docx":
        listed = Document(BytesIO(content)).paragraphs
        return {one.text for one in listed if one.style is not None and one.style.name == "List Number"}
    if format_name == "bibtex":
        entries = parse_string(content.decode(), "bibtex").entries.values()
        return {entry.fields["title"].strip("{}") for entry in entries}
    return {str(entry.get("title") or entry.get("primary_title")) for entry in rispy.loads(content.decode())}


def test_there_is_nothing_to_take_along_before_a_search(many: TestClient) -> None:
    refused = see(many, "/search/export?format=csv", status=400)
    assert "Search for some words first" in text_of(refused, "main")
    unknown = see(many, "/search/export?q=fee&format=pdf", status=404)
    assert "no export called" in text_of(unknown, "main")
