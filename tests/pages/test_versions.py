"""The versions of a document, what changed between them, what is attached, and how it was reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.pages.library_routes import pages
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from tests.fakes import HashEmbedder
from tests.index import made
from tests.pages.seen import see, text_of
from web.site import furnish

READERS = {
    "visitor": PUBLIC,
    "member": Reader("ann", frozenset({"public", "members"})),
    "staff": STAFF,
}
FIRST = ["The employer pays the fee of eighty shillings.", "Workers are briefed.", "It ends in May."]
SECOND = [
    "The employer pays the fee of ninety shillings.",
    "Workers are briefed.",
    "It ends in June.",
    "New.",
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A document in two published versions, with a draft that was given up and one that waits."""
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.sections("fees", FIRST, title="Who <b>pays</b>", countries=("Kenya",)))
        library.add(made.sections("fees", SECOND, title="Who pays now", tier="checked"))
        library.add(made.text("fees", "Canaryone given up."), draft=True)
        library.add(made.text("fees", "Canarytwo waits."), draft=True)
        yield library


@pytest.fixture
def client(library: Library) -> TestClient:
    def reader_of(request: Request) -> Reader:
        return READERS[request.headers.get("x-who", "visitor")]

    app = FastAPI()
    app.include_router(pages(library, reader_of))
    furnish(app)
    return TestClient(app, headers={"accept": "text/html"})


def listed(client: TestClient, who: str) -> list[str]:
    page = see(client, "/sources/fees", headers={"x-who": who})
    return [" ".join(item.text.split()) for item in page.select("details li:-soup-contains('added')")]


def test_each_reader_sees_the_versions_that_are_theirs(client: TestClient) -> None:
    theirs = listed(client, "visitor")
    assert len(theirs) == 2 and "the current one, for everybody" in theirs[0]
    assert re.search(r"^Version 1 added .*, replaced on \d+ \w+ 2\d{3}, for everybody$", theirs[1])
    assert listed(client, "member") == theirs
    waits, given_up, *rest = listed(client, "staff")
    assert "a draft that waits" in waits and "a draft that was given up" in given_up
    assert len(rest) == 2


def test_a_document_in_one_version_says_nothing_of_versions(client: TestClient, library: Library) -> None:
    library.add(made.text("one", "Only this."))
    library.add(made.text("closed", "Only for members."), audience="members")
    assert not see(client, "/sources/one").select("details li:-soup-contains('added')")
    page = see(client, "/sources/closed", headers={"x-who": "member"})
    assert "for members" in text_of(page, "details li")


def test_an_old_citation_leads_to_what_changed(client: TestClient) -> None:
    page = see(client, "/sources/fees?version=1&from=0&to=6")
    notice = page.select_one(".notice")
    assert notice is not None
    assert re.search(r"This is version 1; version 2 replaced it on \d+ \w+ 2\d{3}\.", notice.text)
    link = notice.select_one("a:-soup-contains('what changed')")
    assert link is not None
    changes = see(client, str(link["href"]))
    assert changes.h1 is not None and changes.h1.text == "What changed"


def test_removed_and_added_can_be_told_without_colour(client: TestClient) -> None:
    page = see(client, "/sources/fees/changes?from=1&to=2")
    change = page.select_one(".change")
    assert change is not None
    assert change.text.strip().startswith("The employer pays the fee of [removed: eighty][added: ninety]")
    assert [one.text for one in page.select(".change del, .change ins")][:2] == [
        "[removed: eighty]",
        "[added: ninety]",
    ]
    assert "without a change" in text_of(page, ".changes")
    told = text_of(page, "main")
    assert "Struck through is what version 1 said, underlined is what version 2 says instead" in told
    assert "words removed" in told and "words added" in told
    rows = [[cell.text for cell in row.select("th, td")] for row in page.select("table tr")]
    assert ["Title", "Who <b>pays</b>", "Who pays now"] in rows
    assert ["Countries", "Kenya", "–"] in rows
    assert ["Review", "not reviewed", "checked by staff"] in rows


def test_the_change_opens_in_its_document(client: TestClient) -> None:
    page = see(client, "/sources/fees/changes")  # of the current version, from the one before it
    link = page.select_one(".changes a:-soup-contains('Open there')")
    assert link is not None
    assert text_of(see(client, str(link["href"])), "mark") == "n"  # of ninety


@pytest.mark.parametrize("query", ["?from=1&to=4", "?from=3&to=2", "?from=4&to=2", "?from=1&to=3", "?from=9"])
def test_nobody_but_staff_compares_what_never_was_published(client: TestClient, query: str) -> None:
    for who in ("visitor", "member"):
        page = see(client, f"/sources/fees/changes{query}", status=404, headers={"x-who": who})
        assert "Canary" not in page.text
    if "9" not in query:
        assert "Canary" in see(client, f"/sources/fees/changes{query}", headers={"x-who": "staff"}).text


def test_a_withdrawn_document_has_no_changes_and_says_when_and_why(
    client: TestClient, library: Library
) -> None:
    library.withdraw("fees", reason="The figures <i>were</i> wrong.")
    for address in ("/sources/fees", "/sources/fees?version=1", "/sources/fees/changes?from=1&to=2"):
        page = see(client, address, status=410)
        assert re.search(r"withdrawn from the library on \d+ \w+ 2\d{3}\.", page.text)
        assert "The figures <i>were</i> wrong." in page.text
        assert "pays" not in page.text and "shillings" not in page.text
    assert "The reason given" in see(client, "/sources/fees?version=2", headers={"x-who": "staff"}).text


def test_the_first_version_has_nothing_before_it(client: TestClient) -> None:
    page = see(client, "/sources/fees/changes?to=1", status=404)
    assert "no earlier version" in page.text
    assert "words are the same" in see(client, "/sources/fees/changes?from=2&to=2").text


def test_a_long_change_comes_in_parts_that_are_light(client: TestClient, library: Library) -> None:
    old = [f"Paragraph {number} says <nothing> & more. " * 40 for number in range(120)]
    new = [part.replace("nothing", "everything") if number % 2 else part for number, part in enumerate(old)]
    library.add(made.sections("long", old))
    library.add(made.sections("long", [*new, "word " * 30_000]))
    seen, address = 0, "/sources/long/changes?from=1&to=2"
    while address:
        response = client.get(address)
        assert response.status_code == 200 and len(response.content) < 30_000
        page = BeautifulSoup(response.text, "lxml")
        seen += len(page.select(".change"))
        onward = page.select_one("a[rel=next]")
        address = str(onward["href"]) if onward else ""
    assert seen >= 60
    assert client.get("/sources/long/changes?from=1&to=2&part=999").status_code == 200


def test_a_change_of_nothing_but_empty_lines_is_none(client: TestClient, library: Library) -> None:
    texts = ("The fee.\n\nThe wage.", "The fee.\n\n\n\nThe wage.")
    for text in texts:
        document = made.text("lines", "The fee.")
        library.add(replace(document, text=text, digest=sha256(text.encode()).hexdigest()))
    page = see(client, "/sources/lines/changes")
    assert "The words are the same in both versions." in page.text and not page.select(".change")


def test_attachments_and_what_they_are_attached_to_lead_to_each_other(
    client: TestClient, library: Library
) -> None:
    library.add(made.text("annex", "The tariff in detail.", title="Annex <1>", part_of="fees"))
    library.add(made.text("sealed", "The sealed tariff.", title="Sealed", part_of="fees"), audience="members")
    assert "Attached: Annex <1>" in " ".join(see(client, "/sources/fees").text.split())
    assert "Sealed" not in see(client, "/sources/fees").text
    assert "Sealed" in see(client, "/sources/fees", headers={"x-who": "member"}).text
    assert "Attached to: Who pays now" in " ".join(see(client, "/sources/annex").text.split())
    for address in ("/search?q=tariff", "/search?source=annex", "/sources"):
        assert "attached to Who pays now" in " ".join(see(client, address).text.split()), address


def test_what_an_attachment_belongs_to_is_not_told_to_those_who_may_not_read_it(
    client: TestClient, library: Library
) -> None:
    library.add(made.text("secret", "Hidden.", title="Hidden title"), audience="staff")
    library.add(made.text("annex", "The tariff.", part_of="secret"))
    for address in ("/sources/annex", "/search?q=tariff", "/sources"):
        assert "Hidden title" not in see(client, address).text
    assert "Hidden title" in see(client, "/sources/annex", headers={"x-who": "staff"}).text


def test_how_it_was_reviewed_is_said_and_can_be_searched_by(client: TestClient, library: Library) -> None:
    library.add(made.text("plain", "The fee is unknown."))
    library.add(made.text("peers", "The fee was studied.", tier="peer reviewed"))
    page = see(client, "/search?q=fee&mode=words")
    choices = page.select("input[name=review]")
    assert {str(one["value"]) for one in choices} == {"peer reviewed", "checked", "not reviewed"}
    assert {"Peer reviewed", "Checked by staff", "Not reviewed"} <= {
        one.text for one in page.select("#narrow label span[dir]")
    }
    narrowed = see(client, "/search?q=fee&mode=words&review=peer+reviewed")
    assert [one.text for one in narrowed.select("article h3")] == ["Peers"]
    assert "peer reviewed" in text_of(narrowed, "article .meta")
    assert "Checked by staff" in text_of(see(client, "/sources/fees"), ".meta")
    assert "reviewed" not in text_of(see(client, "/sources/plain"), "main").casefold()
