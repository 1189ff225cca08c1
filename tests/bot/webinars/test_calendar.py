"""An event as calendar programs read it: read back by the grammar of RFC 5545 and by a parser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from bot.webinars.calendar import calendar_file
from ingest.domain import Event, Session

NAIROBI = timezone(timedelta(hours=3))
MADE = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
ADDRESS = "https://library.example.org/webinars/who-pays"
EVENT = Event(
    "who-pays",
    "Who pays; who protects, and why",
    datetime(2026, 2, 10, 12, 0, tzinfo=NAIROBI),
    datetime(2026, 2, 10, 13, 15, tzinfo=NAIROBI),
    "Africa/Nairobi",
    summary="A panel on fees.\n\nQuestions are welcome.",
    registration="https://example.org/register?event=7&lang=en",
    sessions=(Session("Opening", 5), Session("Fees, flights and housing")),
)


def lines(content: bytes) -> list[str]:
    """The lines of a file, unfolded."""
    return content.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def read(event: Event) -> dict[str, str]:
    """What a parser finds in the file's one entry."""
    (entry,) = Calendar.from_ical(calendar_file(event, ADDRESS, MADE)).walk("VEVENT")
    return {name: str(value) for name, value in entry.items()}


def test_the_file_of_an_event() -> None:
    written = lines(calendar_file(EVENT, ADDRESS, MADE))
    assert written[0] == "BEGIN:VCALENDAR" and written[-1] == "END:VCALENDAR"
    assert written.index("BEGIN:VEVENT") < written.index("END:VEVENT")
    assert {
        "VERSION:2.0",
        "UID:who-pays@ujuzi",
        "DTSTAMP:20260115T083000Z",
        "DTSTART:20260210T090000Z",
        "DTEND:20260210T101500Z",
        r"SUMMARY:Who pays\; who protects\, and why",
        f"URL:{ADDRESS}",
    } <= set(written)
    assert len(written) == 13


def test_the_description_says_what_one_needs_to_attend() -> None:
    assert read(EVENT)["DESCRIPTION"].split("\n\n") == [
        "10 February 2026, 12:00 to 13:15 (Africa/Nairobi)",
        "A panel on fees.",
        "Questions are welcome.",
        "- Opening (5 minutes)\n- Fees, flights and housing",
        "Registration: https://example.org/register?event=7&lang=en",
    ]


def test_an_illustrative_event_says_so_first() -> None:
    described = read(replace(EVENT, illustrative=True))["DESCRIPTION"]
    assert described.startswith("An illustrative event, written for demonstration; it does not take place.\n")


def test_a_new_time_is_the_same_entry() -> None:
    later = replace(EVENT, start=EVENT.start + timedelta(days=1), end=EVENT.end + timedelta(days=1))
    before, after = read(EVENT), read(later)
    assert before["UID"] == after["UID"] and before["DTSTART"] != after["DTSTART"]


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", r"\n", r"\N"]


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
def test_no_text_can_add_a_line(line_break: str) -> None:
    hostile = f"Fees{line_break}ATTACH:file:///etc/passwd{line_break}END:VEVENT{line_break} x\x00\u202e"
    event = replace(
        EVENT,
        id=hostile,
        title=hostile,
        summary=hostile,
        registration=hostile,
        time_zone=hostile,
        sessions=(Session(hostile),),
    )
    content = calendar_file(event, ADDRESS, MADE)
    for written in (lines(content), content.replace(b"\r\n ", b"").decode().splitlines()):
        assert [re.match("[A-Z-]+", line)[0] for line in written] == [  # type: ignore[index]
            *("BEGIN", "VERSION", "PRODID", "BEGIN"),
            *("SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "DESCRIPTION", "URL"),
            *("END", "END"),
        ]
    assert b"\x00" not in content and "\u202e" not in content.decode()


def test_long_lines_are_folded_between_letters() -> None:
    title = "الاعتراف بالمهارات " * 20
    content = calendar_file(replace(EVENT, title=title), ADDRESS, MADE)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for folded in content.split(b"\r\n"):
        folded.decode()
    assert read(replace(EVENT, title=title))["SUMMARY"] == title.strip()
