"""What a document is: who wins, what is guessed, and what is refused with a clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from ingest.domain import Person, Source
from ingest.errors import FileRejected
from ingest.language import LANGUAGE_SETTING
from ingest.metadata import audience_of, describe, identity_slug, title_of

FRENCH = "Les compétences acquises à l'étranger sont reconnues par le ministère du travail."


def described(
    properties: Mapping[str, object] | None = None,
    sidecar: Mapping[str, object] | None = None,
    overrides: Mapping[str, object] | None = None,
    *,
    name: str = "fees.pdf",
    text: str = "Employers pay the fare.",
    heading: str = "",
) -> Source:
    return describe(
        properties or {}, sidecar, overrides, name=name, identity=f"folder/{name}", text=text, heading=heading
    )


def test_the_command_line_goes_before_the_sidecar_and_the_sidecar_before_the_file() -> None:
    source = described(
        {"title": "file", "kind": "report", "licence": "file", "date": date(2020, 1, 1)},
        {"title": "sidecar", "kind": "guideline", "licence": ""},
        {"title": "line", "kind": None},
    )
    assert (source.title, source.kind, source.licence, source.date) == (
        "line",
        "guideline",
        "file",
        date(2020, 1, 1),
    )


def test_everything_that_a_sidecar_can_say() -> None:
    source = described(
        sidecar={
            "id": "palm-scheme",
            "kind": "Good practice",
            "language": "en-GB",
            "countries": "Kenya, Germany,",
            "corridors": ["Kenya → Germany", "Fiji->Australia"],
            "sectors": ["health"],
            "themes": ["Funding", "skills matching"],
            "event": "2026-02-10-fees",
            "people": [{"name": "Anna", "role": "Moderator"}, "Ben"],
            "licence": "CC BY 4.0",
            "link": "https://example.org/a?b=c",
            "illustrative": True,
            "tier": "Peer_Reviewed",
            "part_of": "palm-report",
            "references": {"P1": "unknown keys are ignored"},
        }
    )
    assert source == Source(
        id="palm-scheme",
        title="Fees",
        kind="good_practice",
        language="en",
        countries=("Kenya", "Germany"),
        corridors=("Kenya -> Germany", "Fiji -> Australia"),
        sectors=("health",),
        themes=("funding", "skills matching"),
        event="2026-02-10-fees",
        people=(Person("Anna", "Moderator"), Person("Ben")),
        licence="CC BY 4.0",
        link="https://example.org/a?b=c",
        illustrative=True,
        tier="peer reviewed",
        part_of="palm-report",
    )


def test_who_may_read_it_is_ranked_likewise_and_nothing_where_nobody_says_so() -> None:
    said = [{"audience": one} for one in ("staff", "Members", "public")]
    ranked = (said, [*said[:2], None], [said[0], {"audience": ""}, None], [{}, None, None])
    found = [audience_of(*three, name="fees.md") for three in ranked]  # type: ignore[arg-type]
    assert found == ["public", "members", "staff", ""]


@pytest.mark.parametrize("wrong", ["everybody", "member", ["members"], True, 3])
def test_a_slip_of_the_pen_makes_nothing_public(wrong: object) -> None:
    with pytest.raises(FileRejected, match=r"audience|Write it as text"):
        audience_of({}, {"audience": wrong}, None, name="fees.md")


@pytest.mark.parametrize(("key", "wrong"), [("tier", "gold"), ("part_of", "../main"), ("tier", True)])
def test_what_no_reviewer_could_have_said_is_refused(key: str, wrong: object) -> None:
    with pytest.raises(FileRejected, match=key):
        described(sidecar={key: wrong})


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (date(2026, 3, 31), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 12), date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03-31T10:00:00Z", date(2026, 3, 31)),
        ("2026-03", date(2026, 3, 1)),
        (2026, date(2026, 1, 1)),
        ("", None),
        (None, None),
    ],
)
def test_dates(given: object, day: date | None) -> None:
    assert described({"date": given}).date == day


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("kind", "book", "one of: concept_note, good_practice"),
        ("themes", ["money"], "one of: skills matching, recognition"),
        ("language", "English!", "such as en, fr"),
        ("language", "English", "such as en, fr"),
        ("date", "31/03/2026", "2026-03-31"),
        ("date", "2026-02-30", "2026-03-31"),
        ("date", 7, "2026-03-31"),
        ("corridors", "Kenya to Germany", "Tonga -> Australia"),
        ("corridors", ["Kenya -> "], "Tonga -> Australia"),
        ("id", "Palm Scheme", "small letters"),
        ("id", "../etc", "small letters"),
        ("event", "-x", "small letters"),
        ("people", [{"role": "Moderator"}], "{name: ..., role: ...}"),
        ("people", [["Anna"]], "as text"),
        ("link", "javascript:alert(1)", "https://"),
        ("countries", False, "in quotes"),
        ("title", ["a"], "as text"),
        ("illustrative", "maybe", "true or false"),
    ],
)
def test_an_invalid_value_is_refused_by_key_value_and_what_is_allowed(
    key: str, value: object, allowed: str
) -> None:
    with pytest.raises(FileRejected) as refused:
        described({}, {key: value})
    message = str(refused.value)
    assert message.startswith("fees.pdf: ")
    assert allowed in message
    if key != "people":
        assert f"Its {key} is given as" in message
        assert str(value)[:40] in message


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.vtt", "transcript"), ("a.SRT", "transcript"), ("a.pptx", "slides"), ("a.pdf", "other")],
)
def test_the_kind_is_guessed_from_the_file(name: str, kind: str) -> None:
    assert described(name=name).kind == kind


def test_title_and_language_are_guessed_from_the_text() -> None:
    source = described({"title": " "}, heading="Rapport", text=FRENCH)
    assert (source.title, source.language) == ("Rapport", "fr")
    assert described({"language": "sw"}, text=FRENCH).language == "sw"


def test_the_setting_of_a_program_tells_the_language_of_a_short_text_only() -> None:
    setting = {LANGUAGE_SETTING: "en"}
    assert described(setting, text="PALM, Tonga, Fiji").language == "en"
    assert described(setting, text=FRENCH * 5).language == "fr"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Les employeurs paient le billet d'avion."),
        ("fr", "Reconnaissance des acquis"),
        ("pt", "Os empregadores pagam a passagem aérea."),
        ("pt", "Reconhecimento de competências"),
        ("sw", "Waajiri hulipa nauli ya ndege."),
        ("sw", "Utambuzi wa ujuzi wa wafanyakazi"),
        ("ar", "يدفع أصحاب العمل ثمن تذكرة الطائرة."),
        ("ar", "الاعتراف بالمهارات"),
        ("en", "Employers pay the airfare."),
    ],
)
def test_the_language_of_a_line(language: str, text: str) -> None:
    assert described(text=text).language == language


@pytest.mark.parametrize(
    ("identity", "title"),
    [
        ("zoom/acde__2026-02-26_231/transcript.vtt", "Acde 2026-02-26 231: transcript"),
        ("docs/kenya-rpl_final-v2.docx", "Kenya rpl final v2"),
        ("transcript.vtt", "Transcript"),
        ("报告/报告.pdf", "报告"),
        ("", "Untitled"),
    ],
)
def test_titles_from_paths(identity: str, title: str) -> None:
    assert title_of(identity) == title


def test_ids_from_paths_are_readable_and_differ() -> None:
    paths = [
        "a/transcript.vtt",
        "b/transcript.vtt",
        "a-transcript.vtt",
        "报告.pdf",
        "Été.md",
        "x" * 500,
        "y/" * 200 + "z",
        "bytes-that-are-no-text-\udcff.txt",
    ]
    slugs = [identity_slug(path) for path in paths]
    assert slugs[0].startswith("a-transcript-vtt-")
    assert slugs[4].startswith("ete-md-")
    assert len(set(slugs)) == len(paths)
    assert [described({}, {"id": slug}).id for slug in slugs] == slugs  # valid as ids
