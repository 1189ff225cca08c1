"""One click makes a Word file or a PDF of a session: both say the same, and each quote can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.pages.pack_pdf import INSTEAD, LACKING, pdf_pack
from bot.pages.pack_routes import pack_pages
from bot.pages.pack_text import Block, Look, PackText
from bot.pages.pack_word import word_pack
from bot.pages.webinar_routes import webinar_pages
from index.library import Library
from index.scope import PUBLIC, Reader
from ingest.builder import TextBuilder
from ingest.domain import Event, Person, Session
from tests.fakes import HashEmbedder
from tests.index import made
from web.site import furnish

MEMBER = Reader("member", frozenset({"public", "members"}))
START = datetime(2026, 2, 10, 9, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> & **[x](javascript:alert(1))** https://evil.example/ ]]>"
NOTICE = "Illustrative: written for demonstration. Nobody said these words."
SITE = "http://testserver"
HEADINGS = (
    "Programme",
    "Chapters and key statements",
    "Questions and answers",
    "Who spoke for how long",
    "Documents",
    "How to cite this session",
)
Line = tuple[float | None, float | None, str | None, str]
LINES: list[Line] = [
    (1, 9, "Ama", "Welcome to the session. Who pays the airfare of the seasonal workers?"),
    (12, 30, "Ben", "The employer pays the airfare of 40 seasonal workers before the journey to Queensland."),
    (
        31,
        50,
        HOSTILE,
        f"Growers rent housing to 30 seasonal workers near the orchards of {HOSTILE} Queensland.",
    ),
    (
        3725,
        3790,
        "Ama",
        "The pension of seasonal workers is taxed at 35 per cent when they leave Queensland.",
    ),
]
ARABIC: list[Line] = [
    (0, 9, "آمنة", "من يدفع تذكرة السفر للعمال الموسميين قبل الرحلة؟"),
    (
        10,
        30,
        "بكر",
        "يدفع صاحب العمل تذكرة السفر لأربعين عاملا موسميا قبل الرحلة إلى Queensland في أستراليا.",
    ),
]


def event(identity: str, **given: object) -> Event:
    sessions = (
        Session("Who pays", 20, people=(Person("Ama", "Moderator"), Person("Ben", "Ben"))),
        Session(HOSTILE),
    )
    described = {"organisers": ("ILO", "\u202eGIZ\x00\n"), "sessions": sessions, **given}
    end, zone = START + timedelta(hours=1), "Africa/Nairobi"
    return Event(identity, f"Who pays: {HOSTILE}", START, end, zone, **described)  # type: ignore[arg-type]


def add_talk(library: Library, identity: str, lines: Sequence[Line], **described: object) -> None:
    builder = TextBuilder()
    for start, end, speaker, words in lines:
        builder.cue(words, start, end, speaker)
    content = f"{identity} {lines!r}".encode()
    library.add(made.document(identity, builder.build(), content, **{"kind": "transcript", **described}))


def add_deck(library: Library) -> None:
    """A webinar in which two slides are spoken of, one after the other."""
    slides = {
        "Airfares": "airfare seasonal workers employer journey",
        "Pensions": "pension taxed leave super",
    }
    builder = TextBuilder()
    for title, words in slides.items():
        builder.slide(title)
        builder.paragraph(words)
    described = {"kind": "slides", "event": "decked", "title": "The deck"}
    library.add(made.document("deck", builder.build(), b"deck", **described))
    said = [f"{words.capitalize()} number {number}." for words in slides.values() for number in range(20)]
    add_talk(
        library, "decked", [(10.0 * number, 10.0 * number + 9, "Ama", one) for number, one in enumerate(said)]
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A hostile webinar with two transcripts, one to come, one with slides, two recordings."""
    with Library(tmp_path_factory.mktemp("packs"), embedder=HashEmbedder()) as library:
        for told in (event("palm", illustrative=True), event("later", sessions=())):
            name = f"event-{told.id}"
            library.add(made.text(name, f"Programme of {told.id}.", event_=told, event=told.id))
        add_talk(
            library, "talk", LINES, event="palm", illustrative=True, title="What was said", licence="CC BY"
        )
        add_talk(library, "mazungumzo", LINES[1:], event="palm", language="sw")
        add_talk(library, "été", LINES[1:], event="accents")
        add_deck(library)
        library.add(made.text("leçons", "Huit leçons.", event="palm", language="fr", title=HOSTILE))
        add_talk(library, "arabic", ARABIC, language="ar", title="الاعتراف بالمهارات", date=date(2026, 3, 1))
        add_talk(library, "unnamed", [(None, None, None, words) for _, _, _, words in LINES])
        secret = made.text("event-secret", "For members.", event_=event("secret"), event="secret")
        library.add(secret, audience="members")
        yield library


@pytest.fixture
def client(library: Library) -> TestClient:
    def reader_of(request: Request) -> Reader:
        return MEMBER if "x-member" in request.headers else PUBLIC

    app = FastAPI()
    app.include_router(pack_pages(library, reader_of))
    app.include_router(webinar_pages(library, reader_of))
    furnish(app)
    return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})


def get(client: TestClient, address: str) -> bytes:
    response = client.get(f"/webinars/{address}")
    assert response.status_code == 200, response.text
    return response.content


def word_of(content: bytes) -> list[str]:
    """The paragraphs and cells of a Word file, in their order."""
    found: list[str] = []
    for item in Document(BytesIO(content)).iter_inner_content():
        if isinstance(item, Table):
            found += [cell.text for row in item.rows for cell in row.cells]
        else:
            found.append(item.text)
    return found


def pages_of(content: bytes) -> list[str]:
    """The text of each page of a PDF."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def links_of(content: bytes) -> list[str]:
    """The addresses that a PDF opens, each once."""
    notes = [
        note.get_object()
        for page in pypdf.PdfReader(BytesIO(content)).pages
        for note in page.get("/Annots", [])
    ]
    return list(dict.fromkeys(str(note["/A"]["/URI"]) for note in notes if "/A" in note))


def without_footers(pages: Sequence[str]) -> str:
    return " ".join(re.sub(r"(Illustrative: [^·\n]*· )?Page \d+ of \d+\s*$", "", page) for page in pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def text_of(*blocks: Block) -> PackText:
    return PackText("A title", "", date(2026, 11, 28), blocks)


@pytest.mark.parametrize("webinar", ["palm", "palm?transcript=mazungumzo", "later", "decked", "unnamed"])
def test_both_files_say_the_same(client: TestClient, webinar: str) -> None:
    name, _, query = webinar.partition("?")
    words = word_of(get(client, f"{name}/pack.docx?{query}"))
    pages = pages_of(get(client, f"{name}/pack.pdf?{query}"))
    assert squeezed(without_footers(pages)) == squeezed(" ".join(words))


def test_all_of_a_session_in_its_order(client: TestClient) -> None:
    words = word_of(get(client, "palm/pack.docx"))
    assert words[:8] == [
        f"Who pays: {HOSTILE}",
        "Tuesday, 10 February 2026, 09:00 to 10:00 (Africa/Nairobi, UTC+00:00)",
        "Organised by ILO, GIZ",
        NOTICE,
        "Programme",
        "Who pays (20 minutes)",
        "Ama (Moderator); Ben",
        HOSTILE,
    ]
    assert [one for one in words if one in HEADINGS] == list(HEADINGS)
    statement = words.index(f"“{LINES[1][3]}”")
    assert words[statement - 1] == "00:12, Ben"
    asked = words.index("00:01, Asked by Ama")
    assert words[asked + 1 : asked + 4] == [
        "“Who pays the airfare of the seasonal workers?”",
        "00:12, Answered by Ben",
        f"“{LINES[1][3]}”",
    ]
    table = words.index("Speaker")  # Ama speaks for 8 and 65 of 110 seconds
    assert words[table : table + 8] == ["Speaker", "Time", "Share", "Turns", "Ama", "01:13", "66 %", "2"]
    assert f"Other document in French: {SITE}/sources/le%C3%A7ons" in words
    assert words[-3:] == [
        "What was said (Version 1) [Webinar transcript, illustrative]. (n.d.). Ujuzi library. "
        f"{SITE}/webinars/palm?transcript=talk",
        "Licence: CC BY",
        "All quotes are copied word for word from the stored transcript, version 1. "
        f"Check them here: {SITE}/sources/talk?version=1",
    ]


@pytest.mark.parametrize("webinar", ["palm?transcript=mazungumzo", "later"])
def test_the_page_of_a_session_offers_both(client: TestClient, webinar: str) -> None:
    name, mark, query = webinar.partition("?")
    shown = get(client, webinar).decode()
    for ending in ("docx", "pdf"):
        address = f"/webinars/{name}/pack.{ending}{mark}{query}"
        assert f'href="{address}"' in shown
        assert client.get(address).status_code == 200


def test_slides_are_told_with_when_they_were_spoken_of(client: TestClient) -> None:
    words = word_of(get(client, "decked/pack.docx"))
    heading = words.index("Slides and when they were spoken of: The deck")
    assert re.fullmatch(r"00:00–0[23]:\d\d Slide 1: Airfares", words[heading + 1])


def test_a_webinar_without_transcript_is_its_programme(client: TestClient) -> None:
    assert word_of(get(client, "later/pack.docx")) == [
        f"Who pays: {HOSTILE}",
        "Tuesday, 10 February 2026, 09:00 to 10:00 (Africa/Nairobi, UTC+00:00)",
        "Organised by ILO, GIZ",
        "How to cite this session",
        f"Event-later (Version 1) [Webinar programme]. (n.d.). Ujuzi library. {SITE}/webinars/later",
    ]


@pytest.mark.parametrize(("ending", "kind"), [("docx", "application/vnd.openx"), ("pdf", "application/pdf")])
def test_a_file_is_handed_over_to_be_kept(client: TestClient, ending: str, kind: str) -> None:
    response = client.get(f"/webinars/palm/pack.{ending}")
    assert response.headers["content-type"].startswith(kind)
    assert response.headers["content-disposition"] == f'attachment; filename="palm.{ending}"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "private, no-cache"
    head = client.head(f"/webinars/palm/pack.{ending}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_nobody_gets_what_is_kept_from_them(client: TestClient, ending: str) -> None:
    address = f"/webinars/secret/pack.{ending}"
    assert client.get(address, headers={"x-member": "yes"}).status_code == 200
    refused = client.get(address)
    assert refused.status_code == 404 and "text/html" in refused.headers["content-type"]
    for name, query in (("nowhere", ""), ("palm", "?transcript=arabic"), ("palm", "?transcript=nothing")):
        assert client.get(f"/webinars/{name}/pack.{ending}{query}").status_code == 404


def test_both_open_the_moments_and_only_our_own_pages(client: TestClient) -> None:
    document = Document(BytesIO(get(client, "palm/pack.docx")))
    in_word = [link.url for one in document.paragraphs for link in one.hyperlinks]
    in_pdf = links_of(get(client, "palm/pack.pdf"))
    assert in_pdf == list(dict.fromkeys(in_word))
    assert f"{SITE}/webinars/palm?transcript=talk&t=12#t=12" in in_pdf
    assert f"{SITE}/sources/talk?version=1" in in_pdf
    assert all(one.startswith(f"{SITE}/") for one in in_pdf)
    accents = links_of(get(client, "accents/pack.pdf"))
    assert f"{SITE}/webinars/accents?transcript=%C3%A9t%C3%A9" in accents
    assert all(one.isascii() for one in accents)


def test_without_times_a_quote_opens_its_words(client: TestClient, library: Library) -> None:
    paragraphs = Document(BytesIO(get(client, "unnamed/pack.docx"))).paragraphs
    at = next(number for number, one in enumerate(paragraphs) if one.text.startswith("“"))
    (link,) = paragraphs[at - 1].hyperlinks
    opened = re.fullmatch(rf"{SITE}/sources/unnamed\?version=1&from=(\d+)&to=(\d+)#quote", link.url)
    assert link.text == "Not named" and opened
    assert f"“{library.read('unnamed')[1].text[int(opened[1]) : int(opened[2])]}”" == paragraphs[at].text


def test_headings_are_headings(client: TestClient) -> None:
    document = Document(BytesIO(get(client, "palm/pack.docx")))
    styles = {one.text: one.style.name for one in document.paragraphs if one.style}
    assert {styles[one] for one in HEADINGS} == {"Heading 1"}
    assert styles["00:01, Who pays"] == "Heading 2"
    outline = pypdf.PdfReader(BytesIO(get(client, "palm/pack.pdf"))).outline
    assert [one.title for one in outline if not isinstance(one, list)] == list(HEADINGS)


def test_what_it_is_stands_below_each_page(client: TestClient) -> None:
    pages = [page.strip() for page in pages_of(get(client, "palm/pack.pdf"))]
    count = len(pages)
    assert count > 1
    assert all(page.endswith(f"{NOTICE} · Page {number} of {count}") for number, page in enumerate(pages, 1))
    footer = Document(BytesIO(get(client, "palm/pack.docx"))).sections[0].footer.paragraphs[0]
    assert footer.text.startswith(f"{NOTICE} Page")
    assert "Illustrative" not in " ".join(pages_of(get(client, "unnamed/pack.pdf")))


def test_a_pdf_says_its_title_and_its_language_and_is_a4(client: TestClient) -> None:
    read = pypdf.PdfReader(BytesIO(get(client, "arabic/pack.pdf")))
    assert read.metadata and read.metadata.title == "الاعتراف بالمهارات"
    assert read.root_object["/Lang"] == "en"
    assert [round(float(side) / 72 * 25.4) for side in read.pages[0].mediabox[2:]] == [210, 297]


def test_arabic_joins_and_runs_from_the_right(client: TestClient) -> None:
    paragraphs = Document(BytesIO(get(client, "arabic/pack.docx"))).paragraphs
    quote = next(one for one in paragraphs if one.text == f"“{ARABIC[1][3]}”")
    assert quote._p.pPr.find(qn("w:bidi")) is not None and quote.runs[0].font.rtl
    assert quote.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar"
    pdf = pypdfium2.PdfDocument(get(client, "arabic/pack.pdf"))
    page = pdf[0].get_textpage()
    assert "أستراليا" in page.get_text_range() and "Queensland" in page.get_text_range()
    title = [page.get_charbox(number) for number in range(5)]
    pdf.close()
    assert min(left for left, *_ in title) > 300  # points: it stands in the right half of the page


def test_signs_that_the_fonts_lack_are_seen_and_said() -> None:
    signs = "A picture \U0001f600\ufe0f, ሰላም, 中, thin\u2009space, \ufffe."
    (page,) = pages_of(pdf_pack(text_of(Block(Look.TEXT, signs))))
    shown = f"A picture {INSTEAD}, {INSTEAD * 3}, {INSTEAD}, thin space, {INSTEAD}."
    assert page.split("\r\n")[:2] == [shown, LACKING]
    assert word_of(word_pack(text_of(Block(Look.TEXT, signs)))) == [signs.replace("\ufffe", "")]


@pytest.mark.parametrize(
    "words",
    [
        "Mfanyakazi anapata cheti kabla ya kusafiri ng’ambo.",
        "L’employeur paie d’abord « le billet » ; ça coûte 300 € à l’œuvre.",
        "O empregador paga a passagem – não há exceção… “Três”.",
        "Nukuʻalofa, ọmọ, ŋuɓa, 30 ≥ 20 × ½ → A$5",
        "Ελλάδα, Україна",
        "{nb} { } **bold** [a link](https://evil.example/)",
    ],
)
def test_the_letters_of_the_community_all_come_out(words: str) -> None:
    (page,) = pages_of(pdf_pack(text_of(Block(Look.TEXT, words))))
    assert without_footers([page]).strip() == words


@pytest.mark.parametrize("length", [20, 60, 100])
def test_no_heading_stands_alone_at_the_foot_of_a_page(length: int) -> None:
    looks = (Look.SUBHEADING, Look.PLACE, Look.QUOTE)
    blocks = [
        Block(look, f"{look.name} {number} {'words ' * length if look is Look.QUOTE else ''}")
        for number in range(30)
        for look in looks
    ]
    pages = pages_of(pdf_pack(text_of(Block(Look.HEADING, "First"), *blocks)))
    assert len(pages) > 2
    last = [page.split("\r\n")[-2] for page in pages]
    assert not [line for line in last if line.startswith(("SUBHEADING", "PLACE"))]


def test_a_word_as_long_as_many_lines_breaks() -> None:
    pages = pages_of(pdf_pack(text_of(Block(Look.PLACE, "x" * 3_000), Block(Look.QUOTE, "y" * 400))))
    assert squeezed(without_footers(pages)) == "x" * 3_000 + "y" * 400
