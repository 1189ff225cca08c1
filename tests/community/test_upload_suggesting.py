"""What is suggested from a text, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from community.errors import Invalid
from community.uploads.describing import described, typed
from community.uploads.places import corridors, mentions
from community.uploads.suggesting import Suggesting
from community.uploads.values import Suggestion
from index.library import Library
from index.scope import PUBLIC
from ingest.cage import Cage
from ingest.domain import Person, Source
from ingest.reading import Document, read_document
from tests.fakes import HashEmbedder


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def _document(cage: Cage, text: str, name: str = "a.md") -> Document:
    return read_document(text.encode(), name, name, cage=cage)


def _suggested(folder: Path, document: Document, *published: Document) -> Suggestion:
    with Library(folder, embedder=HashEmbedder()) as library:
        for one in published:
            library.add(one)
        return Suggesting(library).suggested(document, PUBLIC)


@pytest.mark.parametrize(
    ("language", "text", "countries"),
    [
        (
            "en",
            "Kenyan nurses in the UK; Papua New Guinea, not Guinea.",
            "Kenya|United Kingdom|Papua New Guinea|Guinea",
        ),
        (
            "en",
            "Côte d’Ivoire, the DRC and Viet Nam.",
            "Côte d'Ivoire|Democratic Republic of the Congo|Viet Nam",
        ),
        ("en", "The chad and the turkey saw jordan; Nigerians in Niger's capital.", "Nigeria|Niger"),
        ("fr", "Les infirmières kényanes vont en Allemagne.", "Kenya|Germany"),
        ("fr", "Un médecin kényan au Royaume-Uni et au Cap-Vert.", "Kenya|United Kingdom|Cabo Verde"),
        ("pt", "Do Quénia para a Alemanha, ou São Tomé e Príncipe.", "Kenya|Germany|São Tomé and Príncipe"),
        ("sw", "Wakenya wanakwenda Falme za Kiarabu. Mali yao ni nyingi.", "Kenya|United Arab Emirates"),
        ("ar", "العمال الكينيون في ألمانيا وكينيا، وضع مالي", "Kenya|Germany|Kenya"),
        ("ar", "من كينيا إلى الإمارات العربية المتحدة", "Kenya|United Arab Emirates"),
        ("xx", "Kenya and Tonga.", "Kenya|Tonga"),
        ("en", "", ""),
    ],
)
def test_countries_and_peoples_are_known_in_five_languages(language: str, text: str, countries: str) -> None:
    found = mentions(text, language)
    assert "|".join(mention.country for mention in found) == countries
    assert all(text[mention.span.start :].strip() for mention in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Workers go from Kenya to Germany.", ["Kenya -> Germany"]),
        ("from Kenya, Uganda and Ethiopia to Saudi Arabia and Qatar", 6),
        ("Kenya -> Germany", ["Kenya -> Germany"]),
        ("Kenyan nurses work in the United Kingdom.", ["Kenya -> United Kingdom"]),
        ("Kenya and Germany signed. Later to Qatar.", []),
        ("Kenya to Germany", []),
        ("A visit from Kenya. To Germany nobody went.", []),
    ],
)
def test_a_corridor_is_what_the_words_say(text: str, expected: object) -> None:
    found = [str(one) for one in corridors(text, mentions(text, "en"))]
    assert len(found) == expected if isinstance(expected, int) else found == expected


def test_each_suggestion_says_why(tmp_path: Path, cage: Cage) -> None:
    text = (
        "# Concept note: who pays\n\n12 March 2026\n\nNurses move from Kenya to Germany. The recruitment "
        "fees and the funding of the loan are shared; donor budget pays the airfare in Kenya.\n\n"
        + "Words. "
        * 50
    )
    suggestion = _suggested(tmp_path, _document(cage, text))
    source = suggestion.source
    assert (source.title, source.kind, source.date) == (
        "Concept note: who pays",
        "concept_note",
        date(2026, 3, 12),
    )
    assert source.countries == ("Kenya", "Germany")
    assert source.corridors == ("Kenya -> Germany",)
    assert "funding" in source.themes
    assert "Kenya: 2 times, “…" in suggestion.reasons["countries"]
    assert "recruitment fees" in suggestion.reasons["themes"]
    assert "Concept note" in suggestion.reasons["kind"]
    assert "12 March 2026" in suggestion.reasons["date"]


def test_what_the_file_says_goes_before_what_is_guessed(tmp_path: Path, cage: Cage) -> None:
    head = "---\ntitle: Mine\nkind: report\ndate: 2025-01-01\ncountries: [Tonga]\n---\n"
    suggestion = _suggested(
        tmp_path, _document(cage, head + "A concept note on Kenya of 12 March 2026. " * 3)
    )
    source = suggestion.source
    assert (source.kind, source.date, source.countries) == ("report", date(2025, 1, 1), ("Tonga",))
    assert "countries" not in suggestion.reasons


def test_a_corridor_that_the_library_knows_is_suggested_where_both_ends_are_named(
    tmp_path: Path, cage: Cage
) -> None:
    known = _document(
        cage, "---\ncorridors: ['Tonga -> Australia', 'Fiji -> Japan']\n---\nSome words here.", "k.md"
    )
    text = "Tonga talks with Australia.\n\nAustralia likes Tonga.\n\nFiji and Japan met once."
    assert _suggested(tmp_path, _document(cage, text), known).source.corridors == ("Tonga -> Australia",)


def test_a_long_text_that_names_a_country_once_is_not_about_it(tmp_path: Path, cage: Cage) -> None:
    text = "Kenya trains nurses. Kenya pays.\n\n" + "Nobody else does so. " * 2_000 + "Fiji."
    assert _suggested(tmp_path, _document(cage, text)).source.countries == ("Kenya",)


def test_the_speakers_of_a_transcript_are_its_people(tmp_path: Path, cage: Cage) -> None:
    cues = "".join(
        f"00:{second:02d}.000 --> 00:{second + 1:02d}.000\n<v {name}>Sentence number {second}.\n\n"
        for second, name in enumerate(("Asha", "Peter", "Asha"))
    )
    document = _document(cage, "WEBVTT\n\n" + cues, "transcript.vtt")
    source = _suggested(tmp_path, replace(document, source=replace(document.source, people=()))).source
    assert source.people == (Person("Asha"), Person("Peter"))


def test_the_form_is_read_back_as_it_was_shown() -> None:
    source = Source(
        "", "T", "report", "fr", date(2026, 3, 1), ("Kenya", "Fiji"), ("Kenya -> Qatar",), ("care",),
        ("funding",), people=(Person("Ann", "chair"), Person("Bob")), licence="CC BY 4.0", link="https://x.org/a",
    )  # fmt: skip
    assert described(typed(source), Source("", "before")) == source


def test_each_wrong_field_is_told_by_itself() -> None:
    form = {
        "title": "T",
        "kind": "novel",
        "date": "soon",
        "corridors": "Kenya",
        "link": "javascript:x",
        "themes": ["x"],
    }
    with pytest.raises(Invalid) as refused:
        described(form, Source("", "before"))
    assert set(refused.value.fields) == {"kind", "date", "corridors", "link", "themes"}
