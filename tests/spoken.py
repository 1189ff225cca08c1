"""A small library of webinars, and what serves its pages: for clients without JavaScript and for browsers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from fastapi import FastAPI, Request

from bot.pages.library_routes import pages
from bot.pages.recording import recording_pages
from bot.pages.webinar_routes import webinar_pages
from index.library import Library
from index.scope import PUBLIC, STAFF, Reader
from ingest.builder import TextBuilder
from ingest.cage import Cage
from ingest.domain import Event
from ingest.reading import Document, read_document
from tests.fakes import HashEmbedder
from tests.index import made
from web.site import furnish

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MEMBER = Reader("member", frozenset({"public", "members"}))

LEARNING = """
id: learning
title: Learning from seasonal schemes
start: 2026-03-10T12:00:00+03:00
end: 2026-03-10T13:30:00+03:00
time_zone: Africa/Nairobi
summary: An hour and a half on who pays and who returns.
organisers: [The secretariat]
registration: https://example.org/register
illustrative: true
materials: [palm, deck, sealed-deck]
notes: Written for tests.
sessions:
  - title: Airfares and deductions from wages
    minutes: 20
    topics: [Who advances the ticket]
    people: [{name: Moderator, role: chair of the session}, {name: Union adviser, role: "<b>adviser</b>"}]
  - title: Recognition of skills of welders
    minutes: 30
  - title: Return and savings of families
    minutes: 40
"""
COMING = """
id: coming
title: Skills passports, across midnight
start: 2026-12-08T23:30:00+03:00
end: 2026-12-09T00:30:00+03:00
time_zone: Africa/Nairobi
registration: https://example.org/passports
sessions: [{title: Passports that travel}]
"""
SUMMER = """
id: summer
title: Summer hours
start: 2026-07-14T14:00:00+02:00
end: 2026-07-14T13:00:00+00:00
time_zone: Europe/Berlin
"""
ELSEWHERE = """
id: elsewhere
title: Recorded elsewhere
start: 2026-02-03T09:00:00+00:00
end: 2026-02-03T10:00:00+00:00
recording: https://video.example.org/watch?v=1&t=0
sessions: [{title: An only session}]
"""
CLOSED = """
id: closed
title: For members alone
start: 2026-01-13T09:00:00+00:00
end: 2026-01-13T10:00:00+00:00
"""
TOPICS = (
    "The employer advances the airfare in week {0}, and the wages bear a deduction for the ticket of it.",
    "An assessor of welders signs certificate number {0}, so that recognition follows the skills abroad.",
    "Families put aside the savings of month {0}, and whoever returns opens a workshop with the tools.",
)
ASKED = "Who pays the airfare before the first wages come?"
ANSWERED = "The employer pays the airfare before the first wages come, and takes part of it back later."
SPEAKERS = ("Moderator", "Union adviser", "Grower")
ODD_ID = "odd/id ü?#1"
ARABIC = (
    "مرحبا بكم في هذه الندوة عن الاعتراف بالمهارات.",
    "من يدفع ثمن التذكرة قبل السفر؟",
    "يدفع صاحب العمل ثمن التذكرة أولا، ثم يخصم جزءا منها من الأجر.",
)

Lines = Sequence[tuple[float | None, float | None, str | None, str]]  # start, end, speaker, words


def talk_lines() -> Lines:
    """Some half hour on three topics, thirty cues each, in which something is asked and answered."""
    speakers = cycle(SPEAKERS)
    said = [topic.format(number) for topic in TOPICS for number in range(1, 31)]
    said[4], said[5] = ASKED, ANSWERED
    return [(20.4 * n + 1.5, 20.4 * n + 19, next(speakers), words) for n, words in enumerate(said)]


def talk(identity: str, lines: Lines, **described: object) -> Document:
    """A transcript of these cues."""
    builder = TextBuilder()
    for start, end, speaker, words in lines:
        builder.cue(words, start, end, speaker)
    given = {"kind": "transcript", **described}
    return made.document(identity, builder.build(), repr(lines).encode(), **given)


def _given() -> Iterator[tuple[Document, str]]:
    """The documents of the library, each with whom it is for."""
    with Cage() as cage:
        for name, content in (("learning", LEARNING), ("coming", COMING), ("summer", SUMMER)):
            yield read_document(content.encode(), f"{name}.yaml", f"{name}.yaml", cage=cage), "public"
        yield read_document(ELSEWHERE.encode(), "elsewhere.yaml", "elsewhere.yaml", cage=cage), "public"
        yield read_document(CLOSED.encode(), "closed.yaml", "closed.yaml", cage=cage), "members"
        latin = "WEBVTT\n\n00:05.000 --> 00:09.000\n<v Zoé>Le billet coûte cher à l’ouvrière.\n".encode(
            "cp1252"
        )
        yield read_document(latin, "latin.vtt", "latin.vtt", cage=cage, overrides={"id": "latin"}), "public"
    yield _deck("deck"), "public"
    yield _deck("sealed-deck"), "members"
    yield (
        made.text("palm", "The sheet of the scheme says who pays the airfare.", kind="good_practice"),
        "public",
    )
    english = {"title": "Learning (transcript)", "event": "learning", "illustrative": True}
    yield talk("learning", talk_lines(), **english), "public"
    swahili = [
        (30.0, 34.0, "Msimamizi", "Mwajiri hulipa nauli kwanza."),
        (35.2, 39, "Msimamizi", "Asante sana."),
    ]
    yield talk("learning-sw", swahili, event="learning", language="sw", title="Kujifunza"), "public"
    yield talk("elsewhere-talk", [(3.0, 5.0, "Chair", "The chair is here.")], event="elsewhere"), "public"
    closed = [(10.0, 14.0, "Member", "The password of the vault is quince.")]
    yield talk("closed", closed, event="closed"), "members"
    times = (1.0, 62.4, 70.0)
    arabic = [
        (at, at + 5, who, words)
        for at, who, words in zip(times, ("ليلى", "ليلى", "عمر"), ARABIC, strict=True)
    ]
    yield talk("nadwa", arabic, language="ar", title="ندوة الاعتراف بالمهارات"), "public"
    yield talk("hostile", HOSTILE, title="<i>Hostile</i> & co", licence="<u>"), "public"
    yield talk("jumbled", JUMBLED, title="Jumbled"), "public"
    yield (
        talk("timeless", [(None, None, "Nurse", "We are paid monthly."), (None, None, None, "Quite.")]),
        "public",
    )
    yield made.text("notes-only", "Nobody kept the times.", kind="transcript"), "public"
    yield talk("gone", [(1.0, 2.0, "Ghost", "The obsolete guarantee.")]), "public"
    yield talk(ODD_ID, [(61.0, 64.0, "A & B", "An address may hold anything.")], title="Odd"), "public"


HOSTILE: Lines = [
    (1.0, 4.0, "<img src=x onerror=alert(1)>", '<script>alert("x")</script> & a "quarantine" of \' marks.'),
    (5.0, 9.0, 'x" onmouseover="alert(2)', "Does <b>markup</b> run here at all?"),
    (10.0, 14.0, "<img src=x onerror=alert(1)>", "Markup is <u>text</u> here."),
]
JUMBLED: Lines = [
    (40.0, 45.0, "Ama", "This was said third."),
    (0.0, 5.0, "Ben", "This was said first."),
    (20.0, 60.0, "Ama", "This was said second and lasts."),
    (22.0, 24.0, "Ben", "A word in between."),
    (70.2, 71.0, "Ama", "One."),
    (70.9, 74.0, "Ben", "Two in the same second."),
]


def _deck(identity: str) -> Document:
    """Slides on the three topics of the talk."""
    builder = TextBuilder()
    for title, words in (
        ("Airfares", "Employers advance the airfare; wages bear a deduction for the ticket."),
        ("Welders", "Assessors of welders sign certificates of recognition of skills."),
        ("Savings", "Families put aside savings; whoever returns opens a workshop."),
    ):
        builder.slide(f"{title} on the {identity}")
        builder.paragraph(words)
    given = {"kind": "slides", "event": "learning", "title": identity.capitalize()}
    return made.document(identity, builder.build(), identity.encode(), **given)


def spoken_library(folder: Path) -> Library:
    """The library, opened; whoever asks for it closes it."""
    library = Library(folder, embedder=HashEmbedder())
    given = list(_given())
    for audience in ("public", "members"):
        own = (document for document, for_whom in given if for_whom == audience)
        assert {added.status for added in library.add_all(own, audience=audience)} == {"added"}
    library.withdraw("gone")
    return library


def spoken_app(library: Library) -> FastAPI:
    """The pages of webinars and documents at ``NOW``. A request may say that it is a member's, or staff's."""

    def reader_of(request: Request) -> Reader:
        staff = STAFF if "x-staff" in request.headers else PUBLIC
        return MEMBER if "x-member" in request.headers else staff

    app = FastAPI()
    app.include_router(recording_pages(library, reader_of))
    app.include_router(webinar_pages(library, reader_of, lambda: NOW))
    app.include_router(pages(library, reader_of))
    furnish(app)
    return app


def event_of(number: int) -> Event:
    """A past event, one of many."""
    start = datetime(2024, 1, 1 + number % 28, 9, tzinfo=UTC)
    return Event(
        f"event-{number}",
        f"Webinar {number} " + " ".join(["with a long name"] * 10),
        start,
        start.replace(hour=10),
        "UTC",
    )
