"""Event files: a value that can be trusted, a text that can be cited, and a clear word on what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.domain import Person, Session
from ingest.errors import FileRejected
from ingest.readers.event import read, read_event

EVENTS = Path(__file__).parents[2] / "corpus" / "events"

EVENT = """
id: fees-and-fares
title: Fees and fares
start: 2026-02-10T12:00:00+03:00
end: 2026-02-10T13:30:00+03:00
time_zone: Africa/Nairobi
summary: >-
  Who pays for the journey,
  and when.
organisers: ILO
registration: https://example.org/join
notes: Two accounts differ.
sessions:
  - title: Opening
    minutes: 1
    people: [{name: Moderator, role: Moderator}, "Anna Mwangi"]
  - title: Fares
    minutes: 20
    topics: ["Employers advance the airfare.", "Workers repay it."]
    people: [{name: Anna Mwangi, role: "Ministry of Labour, Kenya"}, {name: Ben, role: ILO}]
materials: [palm-scheme, kenya-rpl]
themes: Funding
countries: [Kenya, Fiji]
illustrative: true
"""


def test_an_event_is_read_whole() -> None:
    event = read_event(EVENT.encode(), "fees.yaml")
    assert event.start == datetime(2026, 2, 10, 9, tzinfo=UTC)
    assert event.start.utcoffset() == timedelta(hours=3)
    assert event.end - event.start == timedelta(minutes=90)
    assert event.summary == "Who pays for the journey, and when."
    assert event.organisers == ("ILO",)
    assert event.sessions[0] == Session(
        "Opening", 1, people=(Person("Moderator", "Moderator"), Person("Anna Mwangi"))
    )
    assert event.sessions[1].topics == ("Employers advance the airfare.", "Workers repay it.")
    assert (event.materials, event.themes) == (("palm-scheme", "kenya-rpl"), ("funding",))
    assert event.illustrative


def test_an_event_reads_as_a_text_with_a_heading_for_each_session() -> None:
    reading = read(EVENT.encode(), "fees.yaml")
    blocks = reading.text.split("\n\n")
    assert blocks[:2] == [
        "Fees and fares",
        "Tuesday, 10 February 2026, 12:00 to 13:30 (Africa/Nairobi, UTC+03:00).",
    ]
    assert "Organised by ILO." in blocks
    assert "1 minute. With Moderator and Anna Mwangi." in blocks
    assert "20 minutes. With Anna Mwangi (Ministry of Labour, Kenya) and Ben (ILO)." in blocks
    assert [mark.label for mark in reading.places.headings] == [
        "Fees and fares",
        "Opening",
        "Fares",
        "Notes",
    ]
    assert reading.places.heading(reading.text.index("Workers repay")) == "Fares"
    assert reading.properties["kind"] == "other"
    assert reading.properties["id"] == "event-fees-and-fares"
    assert reading.properties["event"] == "fees-and-fares"


def test_an_event_without_a_zone_has_its_offset_and_may_end_on_another_day() -> None:
    text = "id: a\ntitle: B\nstart: '2026-02-10T23:00:00+02:00'\nend: 2026-02-10T23:30:00Z\n"
    event = read_event(text.encode(), "a.yaml")
    assert event.time_zone == "UTC+02:00"
    assert read(text.encode(), "a.yaml").text == (
        "B\n\nTuesday, 10 February 2026, 23:00 to Wednesday, 11 February 2026, 01:30 (UTC+02:00)."
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ("id: fees-and-fares", "id: Fees and fares"),
            "Its id is given as 'Fees and fares'. Use small letters",
        ),
        (("title: Fees and fares", ""), "describes no event, which has at least id, title, start, end"),
        (("12:00:00+03:00", "12:00:00"), "Its start .* Add the offset from UTC"),
        (("2026-02-10T12:00:00+03:00", "soon"), "Its start is given as 'soon'. Write date, time and offset"),
        (("13:30:00", "11:30:00"), "Its end .* An event ends after its start"),
        (("Africa/Nairobi", "Nairobi"), "Its time_zone is given as 'Nairobi'"),
        (("Africa/Nairobi", "../etc/passwd"), "Its time_zone is given as"),
        (("Africa/Nairobi", "Africa/Lagos"), "has another offset"),
        (
            ("themes: Funding", "themes: money"),
            "Its themes is given as 'money'. Each item can be one of: skills",
        ),
        (("minutes: 20", "minutes: long"), "Its minutes is given as 'long'"),
        (("minutes: 20", "minutes: -5"), "Its minutes is given as '-5'"),
        (("- title: Fares", "- name: Fares"), "A title is missing. Each session needs a title"),
        (("https://example.org/join", "javascript:alert(1)"), "Its registration is given as"),
        (("[palm-scheme, kenya-rpl]", "[PALM scheme]"), "Its materials is given as"),
        (("[Kenya, Fiji]", "[Kenya, [Fiji]]"), "Its countries is given as"),
        (("summary: >-", "summary: : -"), "Line 7 is not valid YAML"),
        (("illustrative: true", "illustrative: perhaps"), "Write true or false"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], reason: str) -> None:
    assert change[0] in EVENT
    with pytest.raises(FileRejected, match=reason) as refused:
        read_event(EVENT.replace(*change).encode(), "fees.yaml")
    assert str(refused.value).startswith("fees.yaml: ")


@pytest.mark.parametrize("text", ["", "- a list", "just words", "title: A sidecar\nkind: report"])
def test_yaml_that_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(FileRejected, match="describes no event"):
        read_event(text.encode(), "a.yaml")


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_events_that_ship(path: Path) -> None:
    event = read_event(path.read_bytes(), path.name)
    reading = read(path.read_bytes(), path.name)
    assert event.id == path.stem
    assert [mark.label for mark in reading.places.headings if mark.level == 2][: len(event.sessions)] == [
        session.title for session in event.sessions
    ]
    assert all(
        " ".join(topic.split()) in reading.text for session in event.sessions for topic in session.topics
    )
