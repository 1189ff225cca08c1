"""A programme inside a document: found in every format, with what it says and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import docx
import pytest

from ingest.builder import Reading
from ingest.cage import Cage
from ingest.domain import Event, Person, Session, Source
from ingest.programme import programme_of
from ingest.readers import read
from ingest.reading import read_document
from tests.ingest import documents

CONCEPT_NOTE = "documents/000_647807b3ffb490c9.txt"
ROWS = (
    ("Session", "Duration", "Focus Area", "Speakers"),
    ("Session 1", "Moderator 1", "", ""),
    ("", "5 mins", "Opening remarks - WAMO", ""),
    ("", "10 mins", "What a skills passport is", "Speaker 1: Amina Wekesa - Registrar, Port School"),
    ("Session 2", "Moderator 2 - Panel Discussion", "", ""),
    (
        "",
        "20mins",
        "Topic 1: Passports for masons\nTopic 2: Passports for nurses",
        "Speaker 2: Jonas Adjei - Nurse",
    ),
    ("Session 3", "Moderator - Audience", "", ""),
    ("Session 3A", "15 mins", "Questions from the floor", ""),
    ("Session 3B", "10 mins", "Closing remarks", ""),
)
OPENING = ("Topic: Skills passports", "Date: 11th April, 2024", "Time: 12:00 - 13:00 EAT")
NOTE = "Note: Kindly register at https://example.org/join?a=1. Places are few."
PROSE = (  # as wide as text is: by it the readers know which lines are short
    "Whoever has learnt a trade at work seldom has a paper that says so, and whoever moves\n"
    "abroad seldom takes one along that anybody there can read. This note is about both."
)
MODERATORS = tuple(Person(name, "Moderator") for name in ("Moderator 1", "Moderator 2", "Moderator"))
NAIROBI = timezone(timedelta(hours=3))
EVENT = Event(
    id="2024-04-11-skills-passports",
    title="Skills passports",
    start=datetime(2024, 4, 11, 12, tzinfo=NAIROBI),
    end=datetime(2024, 4, 11, 13, tzinfo=NAIROBI),
    time_zone="Africa/Nairobi",
    registration="https://example.org/join?a=1",
    sessions=(
        Session("Session 1: Opening remarks", 5, (), (MODERATORS[0], Person("WAMO", "Opening remarks"))),
        Session(
            "Session 1: What a skills passport is",
            10,
            (),
            (MODERATORS[0], Person("Amina Wekesa", "Registrar, Port School")),
        ),
        Session(
            "Session 2: Panel Discussion",
            20,
            ("Topic 1: Passports for masons", "Topic 2: Passports for nurses"),
            (MODERATORS[1], Person("Jonas Adjei", "Nurse")),
        ),
        Session("Session 3A: Questions from the floor", 15, (), (MODERATORS[2],)),
        Session("Session 3B: Closing remarks", 10, (), (MODERATORS[2],)),
    ),
)


def found(content: bytes | str, name: str = "note.txt", **described: object) -> Event | None:
    """The event of a file; what is not said of its source is made up."""
    content = content if isinstance(content, bytes) else content.encode()
    return programme_of(read(content, name), Source(**{"id": "note", "title": "A note", **described}))  # type: ignore[arg-type]


def announced(when: str, *rows: str) -> str:
    """A note with ``when`` above the rows of a list."""
    rows = rows or ("Opening (5 min)", "Panel (25 min)")
    return "\n\n".join(["Skills passports", PROSE, when, "\n".join(rows)])


def tabled(when: str, *rows: str) -> str:
    """A note in Markdown with ``when`` above a table; the cells of a row are parted by bars."""
    head, *below = [f"| {row} |" for row in rows]
    rule = "|---" * (head.count("|") - 1) + "|"
    return "\n\n".join(["# Note", "## When", when, "\n".join([head, rule, *below])])


def kept(content: str) -> Event:
    """The event of a note that has one."""
    event = found(content)
    assert event is not None
    return event


def plain() -> bytes:
    """The table as programs write it into a text: tabs between cells, tags inside them."""
    rows = ["\t".join(f"<p>{part}</p>" if part else "" for part in row) for row in ROWS]
    return "\n\n".join(
        ["# A note", "## Series", *OPENING, "\n".join(rows).replace("\nTopic 2", "</p><p>Topic 2"), NOTE]
    ).encode()


def markdown() -> bytes:
    head, *rows = ["| " + " | ".join(cell.replace("\n", "<br/><li>") for cell in row) + " |" for row in ROWS]
    table = "\n".join([head, "|---|---|---|---|", *rows])
    return "\n\n".join(["# A note", "## Series", *OPENING, table, NOTE]).encode()


def html() -> bytes:
    cells = [["".join(f"<p>{part}</p>" for part in cell.split("\n")) for cell in row] for row in ROWS]
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    paragraphs = "".join(f"<p>{line}</p>" for line in OPENING)
    return f"<h1>A note</h1><h2>Series</h2>{paragraphs}<table>{rows}</table><p>{NOTE}</p>".encode()


def word() -> bytes:
    document = docx.Document()
    for line in OPENING:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(NOTE)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf() -> bytes:
    """The words as they are drawn, row by row: where a cell ended is lost."""
    rows = [
        " ".join(filter(None, row[:3])) + (f"\n{row[3]}" if row[3].startswith("Sp") and row[0] == "" else "")
        for row in ROWS[1:]
    ]
    lines = "\n".join(["Session Duration Focus Area Speakers", *rows]).split("\n")
    return documents.pdf([[*OPENING, *lines, "", NOTE]])


@pytest.mark.parametrize(
    ("content", "name"),
    [(plain, "a.txt"), (markdown, "a.md"), (html, "a.html"), (word, "a.docx"), (pdf, "a.pdf")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_same_programme_is_found_in_every_format(content: Callable[[], bytes], name: str) -> None:
    assert found(content(), name) == EVENT


def test_the_founding_concept_note_holds_the_webinar_of_april_2024(shared: Callable[[str], Path]) -> None:
    event = found(shared(CONCEPT_NOTE).read_bytes())
    assert event is not None
    assert (event.id, event.title) == (
        "2024-04-11-skills-partnerships-on-labour-migration",
        "Skills Partnerships on Labour Migration",
    )
    assert (event.start.isoformat(), event.end.isoformat()) == (
        "2024-04-11T12:00:00+03:00",
        "2024-04-11T13:00:00+03:00",
    )
    assert event.time_zone == "Africa/Nairobi"
    assert event.organisers == ("ILO", "GIZ", "AUDA-NEPAD")
    assert event.registration == "https://aspyee.org/aspyeeuser/register"
    assert [(session.title.partition(":")[0], session.minutes) for session in event.sessions] == [
        ("Session 1", 5),
        ("Session 1", 10),
        ("Session 2", 20),
        ("Session 3A", 15),
        ("Session 3B", 10),
    ]
    opening, introduction, panel, *_ = event.sessions
    assert opening.people == (Person("Moderator 1", "Moderator"), Person("GIZ", "Opening remarks"))
    assert introduction.people[1] == Person("ILO", "Introduction to the webinar series")
    assert panel.people == (
        Person("Moderator 2", "Moderator"),
        Person("Acquillyne Mbaka", "Skills Development Officer - Kenya"),
        Person("Pita Foliaki Lokotui", "Country Liaison Officer, Pacific Australia Labour Mobility Scheme"),
    )
    assert event.themes == (
        "skills matching",
        "recognition and portability",
        "training and support",
        "return and reintegration",
    )
    assert event.countries == ()


def test_a_row_that_goes_on_over_the_page_belongs_to_its_session(shared: Callable[[str], Path]) -> None:
    """Its first cells are empty and the head stands above it once more."""
    event = found(shared(CONCEPT_NOTE).read_bytes())
    assert event is not None
    panel = event.sessions[2]
    assert len(panel.topics) == 7
    assert panel.topics[4] == "What are its key features (e.g. coordination, financing, etc.)?"
    head = "Session | Duration | Topic | Speakers"
    panel_row = "Session 2 | 9 min | Panel<br/><li>One | Speaker 1: Ana Silva"
    over_the_page = (head, " | | Two | Speaker 2: Ben Okoro")
    note = tabled(
        "3 May 2025, 9:00-10:00 CAT", head, "Session 1 | 5 min | Opening |", panel_row, *over_the_page
    )
    last = kept(note).sessions[-1]
    assert (last.title, last.minutes) == ("Session 2: Panel", 9)
    assert last.topics == ("One", "Two")
    assert [person.name for person in last.people] == ["Ana Silva", "Ben Okoro"]


@pytest.mark.parametrize(
    ("when", "start", "minutes", "zone"),
    [
        ("11 April 2024, 12:00 - 13:00 EAT", "2024-04-11T12:00:00+03:00", 60, "Africa/Nairobi"),
        ("April 11, 2024, 12.00 to 13.30 (SAST)", "2024-04-11T12:00:00+02:00", 90, "Africa/Johannesburg"),
        ("2024-04-11 12:00-13:00 UTC+3", "2024-04-11T12:00:00+03:00", 60, "UTC+03:00"),
        ("Date: 11/04/2024\nTime: 14h00-15h30 GMT", "2024-04-11T14:00:00+00:00", 90, "UTC"),
        ("04/25/2024, 9:00-10:00 WAT", "2024-04-25T09:00:00+01:00", 60, "Africa/Lagos"),
        ("Jeudi 11 avril 2024, 11h00 à 12h00 GMT+2", "2024-04-11T11:00:00+02:00", 60, "UTC+02:00"),
        ("Le 1er août 2024 de 14h à 15h30, heure de Dakar", "2024-08-01T14:00:00+00:00", 90, "Africa/Dakar"),
        ("11 de abril de 2024, das 14h00 às 15h30 (CAT)", "2024-04-11T14:00:00+02:00", 90, "Africa/Maputo"),
        ("5 March 2025\n2 - 3:30 p.m. East Africa Time", "2025-03-05T14:00:00+03:00", 90, "Africa/Nairobi"),
        ("5 March 2025, 11:30 - 12:30 pm EAT", "2025-03-05T11:30:00+03:00", 60, "Africa/Nairobi"),
        ("5 March 2025, 11:00 a.m. - 1:00 p.m. EAT", "2025-03-05T11:00:00+03:00", 120, "Africa/Nairobi"),
        ("5 March 2025, 23:30 - 00:30 UTC", "2025-03-05T23:30:00+00:00", 60, "UTC"),
        ("5 March 2025\nTime (EAT): 12:00 - 13:00", "2025-03-05T12:00:00+03:00", 60, "Africa/Nairobi"),
        (
            "5 March 2025, 11:00-12:00 SAST (GMT+2) / 12:00-13:00 EAT",
            "2025-03-05T11:00:00+02:00",
            60,
            "Africa/Johannesburg",
        ),
        ("5 March 2025, 15:00 EAT", "2025-03-05T15:00:00+03:00", 30, "Africa/Nairobi"),
    ],
)
def test_days_hours_and_zones_in_many_hands(when: str, start: str, minutes: int, zone: str) -> None:
    """Without an end it lasts as long as its sessions do; of several zones the first counts."""
    event = kept(announced(when))
    assert event.start.isoformat() == start
    assert event.end - event.start == timedelta(minutes=minutes)
    assert event.time_zone == zone


@pytest.mark.parametrize(
    "content",
    [
        announced("5 March 2025, 12:00 - 13:00"),
        announced("12:00 - 13:00 EAT"),
        announced("March 2025, 12:00 - 13:00 EAT"),
        announced("4-5 March 2025, 12:00 - 13:00 EAT"),
        announced("30 February 2025, 12:00 - 13:00 EAT"),
        announced("5 March 2025, 12:00 - 13:00 EAT (GMT+2)"),
        announced("5 March 2025, 12:00 - 13:00 IST"),
        announced("Tarehe 5 Machi 2025, saa 6:00 hadi 7:00 EAT"),
        announced("5 March 2025, 12:00 EAT", "Opening (5 min)", "Panel (25 min)", "Session 3: Talk"),
        announced("5 March 2025, 12:00 - 13:00 EAT", "Opening", "Panel"),
        announced("5 March 2025, 12:00 - 13:00 EAT", "Opening (5 min)", "Panel"),
        announced(
            "5 March 2025, 12:00 - 13:00 EAT",
            "The talk of Anna (5 minutes) was long, and nobody minded it at all.",
            "The reply (10 minutes) was longer, and everybody had to leave.",
        ),
        announced("5 March 2025, 12:00 - 13:00 EAT")
        and "Skills passports\n\n5 March 2025, 12:00 - 13:00 EAT",
    ],
    ids=[
        "no zone",
        "no day",
        "no day of a month",
        "two days",
        "no such day",
        "zones disagree",
        "a zone of many",
        "swahili hours",
        "no end",
        "no minutes",
        "one session",
        "prose",
        "no sessions",
    ],
)
def test_where_something_is_missing_there_is_no_event(content: str) -> None:
    assert found(content) is None


def test_rows_that_a_page_ran_together_are_no_sessions() -> None:
    """Without the head of their table nothing says where one ends."""
    rows = ("5 mins Opening 10 mins What a passport is", "20 mins Panel of masons and nurses")
    assert found(announced("5 March 2025, 12:00 - 13:00 EAT", *rows)) is None


def test_minutes_are_kept_as_they_are_given() -> None:
    """They need not add up, and a session may have none."""
    rows = ("Opening remarks (50 min)", "Panel (45 min)", "Session 3: Networking")
    sessions = kept(announced("5 March 2025, 12:00 - 13:00 EAT", *rows)).sessions
    assert [(one.title, one.minutes) for one in sessions] == [
        ("Opening remarks", 50),
        ("Panel", 45),
        ("Session 3: Networking", None),
    ]


def test_hours_in_rows_give_their_minutes() -> None:
    rows = ("12:00 - 12:05 Welcome", "12:05 Panel", "12:40 Questions")
    sessions = kept(announced("5 March 2025, 12:00 - 13:00 EAT", *rows)).sessions
    assert [(one.title, one.minutes) for one in sessions] == [
        ("Welcome", 5),
        ("Panel", 35),
        ("Questions", 20),
    ]


def test_hours_of_another_zone_say_nothing_about_the_last_session() -> None:
    rows = ("11:00 Welcome", "11:05 Panel")
    sessions = kept(announced("5 March 2025, 12:00 - 13:00 EAT", *rows)).sessions
    assert [one.minutes for one in sessions] == [5, None]


def test_the_zone_of_a_table_is_that_of_its_hours() -> None:
    note = tabled(
        "In Pretoria it is an hour earlier.",
        "EAT | Minutes | Content | In charge",
        "12:00 | 5 | Welcome | WAMO",
        "12:05 | 25 | Panel | Ana Silva; Ben Okoro",
    )
    event = kept(note.replace("## When", "## Programme of the webinar of 5 March 2025"))
    assert event.start.isoformat() == "2025-03-05T12:00:00+03:00"
    assert event.end - event.start == timedelta(minutes=30)
    assert event.title == "A note"  # its heading names nothing but the programme
    assert [(one.title, one.minutes) for one in event.sessions] == [("Welcome", 5), ("Panel", 25)]
    assert event.sessions[1].people == (Person("Ana Silva"), Person("Ben Okoro"))


def test_a_table_with_other_columns() -> None:
    note = tabled(
        "5 March 2025, 12:00 - 13:00 EAT",
        "Item | Time allocated | Title | Room | Lead",
        "1 | 5 min | Welcome | Hall A | Ana Silva (WAMO)",
        "2 | 1 hour | Panel | Hall B | To be confirmed",
    )
    assert kept(note).sessions == (
        Session("Welcome", 5, (), (Person("Ana Silva", "WAMO"),)),
        Session("Panel", 60),
    )


def test_a_table_without_its_head() -> None:
    note = "# Note\n\n## When\n\n5 March 2025, 12:00 - 13:00 EAT\n\n5 mins\tWelcome - WAMO\n25 mins\tPanel\n"
    assert kept(note).sessions == (
        Session("Welcome", 5, (), (Person("WAMO", "Welcome"),)),
        Session("Panel", 25),
    )


def test_a_french_programme() -> None:
    organisers = "Organisateurs : OIT et GIZ\n\nInscription : https://example.org/fr"
    note = tabled(
        f"11 avril 2024, 11h00 à 12h40 GMT+2\n\n{organisers}",
        "Séance | Durée | Thème | Intervenants",
        "Séance 1 | 10 minutes | Mot de bienvenue - OIT | Modératrice : Awa Diop, OIT",
        "Séance 2 | 1h30 | La VAE | Jean Baptiste Nkurunziza (ANQ)",
    )
    event = kept(note)
    assert (event.organisers, event.registration) == (("OIT", "GIZ"), "https://example.org/fr")
    welcome = (Person("Awa Diop", "Modératrice, OIT"), Person("OIT", "Mot de bienvenue"))
    assert event.sessions == (
        Session("Séance 1: Mot de bienvenue", 10, (), welcome),
        Session("Séance 2: La VAE", 90, (), (Person("Jean Baptiste Nkurunziza", "ANQ"),)),
    )


def test_a_portuguese_programme() -> None:
    when = "11 de abril de 2024, 14h00 às 15h00 (CAT)"
    sessions = kept(announced(when, "Abertura (5 minutos)", "Sessão 2: Painel (25 min)")).sessions
    assert [(one.title, one.minutes) for one in sessions] == [("Abertura", 5), ("Sessão 2: Painel", 25)]


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Register here: #", ""),
        ("Register: javascript:alert(1)", ""),
        ("Registration (https://example.org/a), free of charge", "https://example.org/a"),
        (
            "Read https://example.org/first and register at https://example.org/second.",
            "https://example.org/second",
        ),
        ("More at https://example.org/elsewhere", ""),
        ('Register at https://example.org/"onclick="x', "https://example.org/"),
    ],
)
def test_only_a_web_address_behind_the_word_leads_to_registration(line: str, address: str) -> None:
    assert kept(announced(f"5 March 2025, 12:00 - 13:00 EAT\n\n{line}")).registration == address


def test_organisers_are_those_of_the_webinar() -> None:
    when = "5 March 2025, 12:00 - 13:00 EAT"
    named = "This webinar, organised by the Ministry of Labour and Social Protection, aims to help.\n\n"
    elsewhere = "A study organised by XYZ found less.\n\nA collaboration between Kenya and Germany began."
    assert kept(announced(f"{named}{elsewhere}\n\n{when}")).organisers == (
        "Ministry of Labour and Social Protection",
    )


def test_what_is_no_name_is_nobody() -> None:
    note = tabled(
        "5 March 2025, 12:00 - 13:00 EAT",
        "Time | Topic | Speaker",
        "5 min | Learning from schemes - PALM | a person without a name",
        "9 min | Break | Tea break",
    )
    event = kept(note)
    assert [session.people for session in event.sessions] == [(), ()]
    assert event.sessions[0].title == "Learning from schemes - PALM"


def test_what_is_said_of_the_source_holds_for_its_event() -> None:
    content = announced("5 March 2025, 12:00 - 13:00 EAT")
    event = found(content, event="spring", countries=("Kenya",), themes=("funding",), illustrative=True)
    assert event is not None
    assert (event.id, event.countries, event.themes) == ("spring", ("Kenya",), ("funding",))
    assert event.illustrative


def test_a_title_without_letters_of_ours_still_makes_an_address() -> None:
    event = kept(announced("Topic: الشراكات\n\n5 March 2025, 12:00 - 13:00 EAT"))
    assert (event.id, event.title) == ("2025-03-05-webinar", "الشراكات")
    long = kept(announced(f"Topic: {'skill ' * 30}\n\n5 March 2025, 12:00 - 13:00 EAT"))
    assert len(long.id) <= 71 and not long.id.endswith("-")


def test_a_conversation_holds_no_programme() -> None:
    """Somebody reading the programme aloud is not announcing it."""
    lines = ["5 March 2025, 12:00 - 13:00 EAT", "Opening (5 min)", "Panel (25 min)"]
    cues = "\n\n".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n<v Voice {n}>{line}" for n, line in enumerate(lines)
    )
    assert found(f"WEBVTT\n\n{cues}", "talk.vtt") is None


def test_hostile_words_stay_words_and_cost_no_time() -> None:
    rows = ("Opening\u202e <script>x</script> (5 min)", "Panel (25 min)")
    assert (
        kept(announced("5 March 2025, 12:00 - 13:00 EAT", *rows)).sessions[0].title
        == "Opening <script>x</script>"
    )
    started = time.process_time()
    for piece in (
        "5 mins ",
        "12:00 - 13:00 EAT ",
        "5 mins Session 1\n\n",
        "5 March 2025 12:00 EAT\n5 min x\n5 min y\n\nNote: z\n\n",
    ):
        found(announced("12:00 EAT", piece * (50_000 // len(piece))))
    assert time.process_time() - started < 20


def test_a_document_with_a_programme_is_read_with_its_event() -> None:
    content = announced("5 March 2025, 12:00 - 13:00 EAT").encode()
    with Cage() as cage:
        document = read_document(content, "note.txt", "note.txt", cage=cage)
        given = read_document(content, "note.txt", "note.txt", cage=cage, sidecar={"event": "spring"})
        without = read_document(b"A note without any programme.", "note.txt", "note.txt", cage=cage)
    assert document.event is not None and document.event.id == document.source.event == "2025-03-05-note"
    assert document.event.start.date() == date(2025, 3, 5)
    assert given.event is not None and given.event.id == given.source.event == "spring"
    assert (without.event, without.source.event) == (None, None)


def test_a_reading_without_words_of_a_zone_is_left_at_once() -> None:
    assert programme_of(Reading("Opening (5 min)\nPanel (5 min)"), Source("note", "A note")) is None
