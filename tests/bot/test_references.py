"""References as the programs that read them take them: each file is read back by a reader of others."""

from __future__ import annotations

import re
from datetime import date

import pytest
import rispy
from pybtex.database import Entry, parse_string
from pybtex.richtext import Text

from bot.references import Reference, authors, bibtex, ris
from ingest.domain import Person, Place, Source

ACCESSED = date(2026, 11, 28)
ODD = 'Fees: 100% & more #1 _in_ $5 "said" {twice} \\ ^ ~ <a|b> é\nand a second line'
ODD_LINE = 'Fees: 100% & more #1 _in_ $5 "said" {twice} \\ ^ ~ <a|b> é and a second line'
ARABIC = "الاعتراف بالمهارات"


def reference(
    place: Place = Place(), link: str = "/sources/palm?version=2&from=3&to=9", **about
) -> Reference:
    described = {"id": "palm", "title": "The PALM scheme", "date": date(2026, 3, 18), **about}
    return Reference(Source(**described), 2, place, f"https://library.example{link}#quote")


def entry(one: Reference) -> Entry:
    (found,) = parse_string(bibtex([one], ACCESSED), "bibtex").entries.values()
    return found


def record(one: Reference) -> dict[str, object]:
    (found,) = rispy.loads(ris([one], ACCESSED))
    return found


def plain(value: str) -> str:
    """A value of BibTeX as it is set, for the commands that the reader does not know too."""
    for command, sign in {
        r"{\textbraceleft}": "⟨", r"{\textbraceright}": "⟩", r"{\textasciicircum}": "^",
        r"{\textless}": "<", r"{\textgreater}": ">", r"{\textbar}": "|",
    }.items():  # fmt: skip
        value = value.replace(command, sign)
    return str(Text.from_latex(value.replace(r"\$", "$"))).replace("⟨", "{").replace("⟩", "}")


def test_a_document_at_pages_in_bibtex() -> None:
    one = reference(
        Place(pages=(3, 4), heading="Financing"),
        kind="report",
        language="fr",
        people=(
            Person("Amina Diallo", "Author"),
            Person("B. Otieno", "Moderator"),
            Person("ILO", "co-author"),
        ),
    )
    found = entry(one)
    assert (found.type, found.key) == ("techreport", one.key)
    assert [str(person) for person in found.persons["author"]] == ["{Amina Diallo}", "{ILO}"]
    assert dict(found.fields) == {
        "title": "{The PALM scheme}",
        "type": "Report",
        "date": "2026-03-18",
        "year": "2026",
        "month": "March",
        "pages": "3--4",
        "language": "fr",
        "url": "https://library.example/sources/palm?version=2&from=3&to=9#quote",
        "urldate": "2026-11-28",
        "note": "Ujuzi library, version 2; Financing; pp. 3-4; accessed 2026-11-28",
    }


def test_the_same_in_ris() -> None:
    one = reference(
        Place(pages=(3, 4), heading="Financing"),
        kind="report",
        language="fr",
        people=(Person("Amina Diallo", "Author"), Person("ILO", "author")),
    )
    assert record(one) == {
        "type_of_reference": "RPRT",
        "id": one.key,
        "title": "The PALM scheme",
        "authors": ["Amina Diallo", "ILO"],
        "year": "2026",
        "date": "2026/03/18/",
        "type_of_work": "Report",
        "start_page": "3",
        "end_page": "4",
        "language": "fr",
        "name_of_database": "Ujuzi library",
        "urls": ["https://library.example/sources/palm?version=2&from=3&to=9#quote"],
        "access_date": "2026/11/28/",
        "notes": ["Ujuzi library, version 2; Financing; pp. 3-4"],
    }


def test_a_moment_and_a_warning_stand_in_the_note() -> None:
    place = Place(seconds=(750.0, 785.0), speakers=("Moderator",))
    one = reference(place, kind="transcript", illustrative=True)
    said = "Ujuzi library, version 2; 12:30-13:05, Moderator; illustrative: written for demonstration"
    assert record(one)["notes"] == [said]
    assert entry(one).fields["note"] == f"{said}; accessed 2026-11-28"
    assert entry(one).fields["howpublished"] == record(one)["type_of_work"] == "Webinar transcript"
    assert "pages" not in entry(one).fields and "start_page" not in record(one)


@pytest.mark.parametrize(
    ("kind", "in_bibtex", "in_ris"),
    [
        ("concept_note", "techreport", "RPRT"),
        ("good_practice", "misc", "GEN"),
        ("slides", "misc", "SLIDE"),
        ("guideline", "manual", "RPRT"),
        ("a kind that is not known", "misc", "GEN"),
    ],
)
def test_what_a_document_is_decides_its_type(kind: str, in_bibtex: str, in_ris: str) -> None:
    one = reference(kind=kind)
    assert (entry(one).type, record(one)["type_of_reference"]) == (in_bibtex, in_ris)


def test_a_programme_is_called_one() -> None:
    one = reference(id="event-learning", event="learning", kind="other")
    assert entry(one).fields["howpublished"] == record(one)["type_of_work"] == "Webinar programme"


@pytest.mark.parametrize(
    ("title", "read"),
    [(ODD, ODD_LINE), (ARABIC, ARABIC), ("} {", "} {"), ("one\nER  - \nTY  - two", "one ER - TY - two")],
)
def test_odd_titles_come_back_as_they_were(title: str, read: str) -> None:
    one = reference(title=title, people=(Person(title, "author"),))
    assert record(one)["title"] == read and record(one)["authors"] == [read]
    assert plain(entry(one).fields["title"]) == read
    assert re.findall(r"(?<!\\)[%&$#_]", entry(one).fields["title"]) == []
    assert [plain(str(person)) for person in entry(one).persons["author"]] == [read]


def test_what_is_not_known_is_left_out() -> None:
    one = reference(date=None)
    assert not {"date", "year", "month", "author", "pages"} & set(entry(one).fields)
    assert entry(one).fields["key"] == "The PALM scheme"  # there is nobody to sort by
    assert not {"date", "year", "authors", "start_page"} & set(record(one))


def test_keys_are_the_same_on_any_host_and_differ_between_places() -> None:
    first = reference()
    elsewhere = Reference(
        first.source, 2, first.place, first.link.replace("library.example", "127.0.0.1:7860")
    )
    other_words = reference(link="/sources/palm?version=2&from=30&to=90")
    other_version = Reference(first.source, 3, first.place, first.link)
    assert first.key == elsewhere.key == "palm-" + first.key[-8:]
    assert len({first.key, other_words.key, other_version.key}) == 3
    assert reference(id="ÉTÉ/" + "x" * 200).key.isascii()


def test_what_is_found_twice_is_given_once() -> None:
    both = [reference(), reference(), reference(link="/sources/palm?version=2&from=30&to=90")]
    assert len(parse_string(bibtex(both, ACCESSED), "bibtex").entries) == 2
    assert len(rispy.loads(ris(both, ACCESSED))) == 2
    assert bibtex([], ACCESSED) == ris([], ACCESSED) == ""


def test_an_address_has_plain_letters_only() -> None:
    one = reference(link="/sources/ä{b} c%20d?version=2&from=3&to=9")
    address = "https://library.example/sources/%C3%A4%7Bb%7D%20c%20d?version=2&from=3&to=9#quote"
    assert entry(one).fields["url"] == address
    assert record(one)["urls"] == [address]


def test_authors_are_those_whose_role_says_so() -> None:
    roles = ("Author", "lead author", "Co-author", "Authority officer", "Moderator", "")
    people = tuple(Person(f"Person {number}", role) for number, role in enumerate(roles))
    assert authors(Source("a", "A", people=people)) == ("Person 0", "Person 1", "Person 2")
