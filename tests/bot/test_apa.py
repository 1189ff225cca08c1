"""References in APA's form, checked against the rules of its 7th edition."""

from __future__ import annotations

from datetime import date

import pytest

from bot.references import apa
from ingest.domain import Person, Source

ADDRESS = "https://library.example/sources/x?version=1&from=3&to=9#quote"
ILO = Person("International Labour Organization", "Author")


def test_a_report_of_an_organisation() -> None:
    report = Source("x", "Skills for migration", "report", date=date(2024, 4, 1), people=(ILO,))
    assert apa(report, "“Costs”, pp. 3-4", ADDRESS, 1) == (
        "International Labour Organization. (2024, April 1). Skills for migration "
        f"(Version 1, “Costs”, pp. 3–4) [Report]. Ujuzi library. {ADDRESS}"
    )


def test_without_a_date_and_without_a_place() -> None:
    report = Source("x", "Skills for migration", "report", people=(ILO,))
    assert apa(report, "", ADDRESS, 2) == (
        "International Labour Organization. (n.d.). Skills for migration (Version 2) [Report]. "
        f"Ujuzi library. {ADDRESS}"
    )


def test_without_an_author_the_title_comes_first() -> None:
    talk = Source("x", "Who pays?", "transcript", date=date(2026, 2, 10), people=(Person("A", "Moderator"),))
    assert apa(talk, "1:02:30-1:03:05, Moderator", ADDRESS, 1) == (
        "Who pays? (Version 1, 1:02:30–1:03:05, Moderator) [Webinar transcript]. (2026, February 10). "
        f"Ujuzi library. {ADDRESS}"
    )


def test_what_is_illustrative_says_so() -> None:
    talk = Source("x", "Who pays?", "transcript", illustrative=True)
    assert "[Webinar transcript, illustrative]. (n.d.)." in apa(talk, "", ADDRESS, 1)


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (["ILO", "IOM"], "ILO & IOM."),
        (["Otieno, B.", "Diallo, A."], "Otieno, B., & Diallo, A."),
        (["ILO", "IOM", "GIZ"], "ILO, IOM, & GIZ."),
        ([f"A{number}" for number in range(1, 21)], ", ".join(f"A{n}" for n in range(1, 20)) + ", & A20."),
        ([f"A{number}" for number in range(1, 23)], ", ".join(f"A{n}" for n in range(1, 20)) + ", … A22."),
    ],
)
def test_several_authors(names: list[str], listed: str) -> None:
    source = Source("x", "T", "report", people=tuple(Person(name, "Author") for name in names))
    assert apa(source, "", ADDRESS, 1).partition(" (n.d.)")[0] == listed


def test_it_is_one_line_whatever_the_title_holds() -> None:
    assert "\n" not in apa(Source("x", "One\nand two"), "", ADDRESS, 1)
