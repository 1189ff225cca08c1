"""The pages of webinars, by their addresses, in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from bot.webinars.webinar import moment_address
from index.library import Library
from index.scope import STAFF
from ingest.domain import Source
from tests.clips import wav
from tests.index import made
from tests.pages.seen import see, text_of
from tests.spoken import (
    ANSWERED,
    ARABIC,
    ASKED,
    HOSTILE,
    ODD_ID,
    TOPICS,
    event_of,
    spoken_app,
    spoken_library,
    talk,
    talk_lines,
)

LEARNING = "/webinars/learning"
MEMBER = {"x-member": "yes"}
TALKS = ("learning", "learning-sw", "nadwa", "hostile", "jumbled", "latin", ODD_ID)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with spoken_library(tmp_path_factory.mktemp("spoken") / "data") as library:
        yield library


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    return TestClient(spoken_app(library), raise_server_exceptions=False, headers={"accept": "text/html"})


def quoted(page: BeautifulSoup) -> str:
    return text_of(page, ".quoted blockquote")


def marked(page: BeautifulSoup) -> str:
    return text_of(page, ".script mark")


def opened(client: TestClient, link: Tag) -> BeautifulSoup:
    """The page that a link leads to; its words have to be there without what stands behind the #."""
    return see(client, link["href"].partition("#")[0])


# the series


def test_what_comes_stands_first_and_the_next_at_its_top(client: TestClient) -> None:
    page = see(client, "/webinars")
    coming, past = page.select(".document-list")
    assert [one.text for one in coming.select("a")] == ["Summer hours", "Skills passports, across midnight"]
    titles = [one.text for one in past.select("a")]
    assert titles[:2] == ["Learning from seasonal schemes", "Recorded elsewhere"]
    assert titles[2:] == sorted(titles[2:], key=str.casefold)  # those without a date
    assert "For members alone" not in titles and "Ghost" not in page.text


def test_an_event_across_midnight_names_both_days_in_its_own_zone(client: TestClient) -> None:
    (item,) = [one for one in see(client, "/webinars").select("li") if "midnight" in one.text]
    assert (
        "Tuesday, 8 December 2026, 23:30 to 00:30 on 9 December 2026 (Africa/Nairobi, UTC+03:00)" in item.text
    )
    assert item.time["datetime"] == "2026-12-08T23:30:00+03:00"
    assert item.time["data-end"] == "2026-12-09T00:30:00+03:00"


@pytest.mark.parametrize(
    ("zone", "passports", "summer"),
    [
        ("UTC", "8 December 2026, 20:30 to 21:30 (UTC+00:00)", "14 July 2026, 12:00 to 13:00 (UTC+00:00)"),
        (
            "Europe/London",
            "20:30 to 21:30 (Europe/London, UTC+00:00)",
            "13:00 to 14:00 (Europe/London, UTC+01:00)",
        ),
        ("America/New_York", "15:30 to 16:30", "08:00 to 09:00 (America/New_York, UTC-04:00)"),
        ("Pacific/Tongatapu", "Wednesday, 9 December 2026, 09:30 to 10:30", "Wednesday, 15 July 2026, 01:00"),
        ("Mars/Olympus", "23:30 to 00:30", "14:00 to 15:00 (Europe/Berlin, UTC+02:00)"),
        ("../../etc/passwd", "23:30 to 00:30", "14:00 to 15:00"),
    ],
)
def test_times_in_a_zone_that_the_reader_chooses(
    client: TestClient, zone: str, passports: str, summer: str
) -> None:
    page = see(client, f"/webinars?zone={quote(zone)}")
    first, second = (text_of(page, f".document-list li:nth-of-type({n})") for n in (2, 1))
    assert passports in first and summer in second
    chosen = [one["value"] for one in page.select("option[selected]")]
    assert chosen == (
        [zone] if ("/" in zone and zone[0].isupper() and zone != "Mars/Olympus") or zone == "UTC" else []
    )


def test_of_a_long_summary_the_beginning_is_shown_with_a_link_to_all_of_it(tmp_path: Path) -> None:
    words = " ".join(f"ندوة {number}" for number in range(4_000))
    told = replace(event_of(1), summary=words, notes=words)
    with spoken_library(tmp_path / "data") as library:
        library.add(made.text(f"event-{told.id}", f"Programme. {words}", event=told.id, event_=told))
        client = TestClient(spoken_app(library), headers={"accept": "text/html"})
        page = see(client, f"/webinars/{told.id}")  # which is below 30 kB
        assert text_of(page, ".summary").startswith("ندوة 0 ندوة 1 ")
        links = page.select("#view a:-soup-contains('Read all of it')")
        assert len(links) == 2
        assert "ندوة 100 " in opened(client, links[0]).get_text()


def test_a_long_series_comes_in_pages_that_lose_none(tmp_path: Path) -> None:
    with spoken_library(tmp_path / "data") as library:
        events = [event_of(number) for number in range(90)]
        list(
            library.add_all(
                made.text(f"event-{one.id}", f"Programme {one.id}.", event=one.id, event_=one)
                for one in events
            )
        )
        client = TestClient(spoken_app(library), headers={"accept": "text/html"})
        address, titles = "/webinars?zone=Africa/Cairo", []
        while address:
            page = see(client, address)
            titles += [one.text for one in page.select(".document-list a")]
            following = page.select_one("a[rel=next]")
            address = following["href"] if following else ""
            assert not following or "zone=Africa/Cairo" in address.replace("%2F", "/")
        assert {one.title.strip() for one in events} <= set(titles)
        assert len(titles) == len(set(titles)) == 90 + 11
        for nonsense in ("999", "0", "-1", "x", "²", "1e3", ""):
            assert see(client, f"/webinars?page={nonsense}").select(".document-list")


def test_without_webinars_it_says_how_one_comes_about(tmp_path: Path) -> None:
    from tests.fakes import HashEmbedder

    with Library(tmp_path / "data", embedder=HashEmbedder()) as library:
        client = TestClient(spoken_app(library))
        assert "There are no webinars in the library so far." in text_of(see(client, "/webinars"), "main")


# an event to come, and one that was


def test_an_event_to_come_offers_its_calendar_entry_and_its_registration(client: TestClient) -> None:
    page = see(client, "/webinars/coming")
    links = {link.text: link["href"] for link in page.select("header .actions a")}
    assert links["Register"] == "https://example.org/passports"
    assert client.get(links["Add to my calendar"]).text.startswith("BEGIN:VCALENDAR")
    assert "Passports that travel" in text_of(page, ".programme")
    assert not page.select("#q, audio, video") and "There is no recording" not in page.text


def test_an_event_that_was_offers_neither(client: TestClient) -> None:
    labels = text_of(see(client, LEARNING), "header .actions")
    assert "calendar" not in labels and "Register" not in labels


def test_the_programme_with_roles_and_when_each_item_was_held(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?view=programme")
    assert [one.text for one in page.select(".programme h2")] == [
        "Airfares and deductions from wages",
        "Recognition of skills of welders",
        "Return and savings of families",
    ]
    assert "Union adviser (<b>adviser</b>)" in text_of(page, ".people") and not page.select(".people b")
    held = page.select(".programme .time")
    assert len(held) == 3
    seconds = [int(one["data-t"]) for one in held]
    assert seconds[0] == 1 and abs(seconds[1] - 613) < 60 and abs(seconds[2] - 1225) < 60
    assert "An hour and a half" in page.text and "Written for tests." in page.text


# the transcript


def test_the_transcript_in_parts_that_lose_nothing(client: TestClient) -> None:
    address, said, names = LEARNING, [], []
    while address:
        page = see(client, address)
        said += [span.text for span in page.select(".script p > span")]
        names += [one.text for one in page.select(".script .speaker")]
        following = page.select_one("a[rel=next]")
        address = following["href"] if following else ""
    assert said == [words for *_, words in talk_lines()]
    assert names == [speaker for *_, speaker, _ in talk_lines()]


@pytest.mark.parametrize("identity", TALKS)
def test_every_moment_has_a_link_that_shows_its_very_words(
    client: TestClient, library: Library, identity: str
) -> None:
    """The link of each cue quotes stored text, marks it in the transcript, and opens it in the document."""
    entry, version = library.read(identity)
    cues = [cue for cue in version.places.cues if cue.start is not None]
    assert cues
    for cue in cues[:: max(1, len(cues) // 12)]:
        assert cue.start is not None
        address = moment_address(entry.source, cue.start)
        second = int(cue.start)
        assert address.endswith(f"t={second}#t={second}") and second <= cue.start < second + 1
        page = see(client, address.partition("#")[0])
        assert version.quote(cue.span) in page.select_one(".quoted blockquote").text
        assert version.quote(cue.span) in marked(page) or identity == "jumbled"
        assert page.find(id=f"t={second}") is not None
        place = re.search(r"from=(\d+)&to=(\d+)", page.select_one(".quoted .open-link")["href"])
        assert place is not None
        assert version.text[int(place[1]) : int(place[2])] == page.select_one(".quoted blockquote").text


def test_the_links_of_the_page_are_those_links(client: TestClient, library: Library) -> None:
    for identity, address in (("learning", LEARNING), ("learning-sw", f"{LEARNING}?transcript=learning-sw")):
        source = library.entry(identity).source
        for link in see(client, address).select(".script .time"):
            assert link["href"] == moment_address(source, float(link["data-t"]))


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (0, "This was said first."),
        (4, "This was said first."),
        (9, "This was said first."),  # nobody speaks
        (20, "This was said second and lasts."),
        (23, "A word in between."),
        (30, "This was said second and lasts."),  # which goes on, while what began later is over
        (40, "This was said third."),
        (50, "This was said second and lasts."),
        (70, "One. Two in the same second."),
        (99_999, "Two in the same second."),
    ],
)
def test_cues_in_no_order_that_overlap_are_found_by_their_times(
    client: TestClient, second: int, words: str
) -> None:
    assert quoted(see(client, f"/webinars/jumbled?t={second}")) == words


def test_a_silence_is_said_to_be_one(client: TestClient) -> None:
    for second, is_silent in ((4, False), (8, False), (18, True), (99_999, True)):
        page = see(client, f"/webinars/jumbled?t={second}")
        assert ("Nobody speaks at" in text_of(page, ".quoted")) is is_silent
    assert "at 27:46:39." in text_of(see(client, "/webinars/jumbled?t=99999"), ".quoted")


def test_before_the_first_words_the_beginning_is_shown(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?transcript=learning-sw&t=3")
    assert "Nothing was said yet at 00:03" in text_of(page, ".notice")
    assert not page.select(".quoted, mark") and "nauli" in text_of(page, ".script")


@pytest.mark.parametrize(
    "nonsense", ["t=-1", "t=x", "t=²", "t=1e3", "t=123456789", "t=", "part=0", "part=x", "page=x"]
)
def test_what_means_nothing_in_an_address_counts_as_absent(client: TestClient, nonsense: str) -> None:
    page = see(client, f"{LEARNING}?{nonsense}")
    assert not page.select(".quoted, mark") and "Part 1 of" in text_of(page, ".pager")


def test_a_part_beyond_the_last_is_the_last(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?part=999")
    assert text_of(page, ".script").count(TOPICS[2].format(30)) == 1


def test_chapters_are_the_items_of_the_programme_and_lead_to_their_part(client: TestClient) -> None:
    page = see(client, LEARNING)
    last = page.select(".contents a")[-1]
    assert "Return and savings of families" in last.text
    assert page.select_one(".contents [aria-current]") == page.select(".contents a")[0]
    there = opened(client, last)
    assert "Families put aside" in marked(there)
    assert there.select_one(".contents [aria-current]").text == last.text


def test_slides_stand_where_they_are_spoken_of(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?view=documents")
    slides = page.select(".more-passages li")
    assert [one.select_one(".time + a").text for one in slides] == [
        "Slide 1: Airfares on the deck",
        "Slide 2: Welders on the deck",
        "Slide 3: Savings on the deck",
    ]
    there = opened(client, slides[1].select_one(".time"))
    number = there.select_one(".slide-number:-soup-contains('Welders')")
    assert opened(client, number.a).select_one("mark").text.startswith("Welders on the deck")


def test_the_quote_can_be_cited(client: TestClient) -> None:
    reference = text_of(see(client, f"{LEARNING}?t=83"), "#citation")
    assert reference.startswith("Learning (transcript) (Version 1, 01:23–01:40, ")
    assert "illustrative" in reference and "http://testserver/sources/learning?version=1&from=" in reference


def test_illustrative_words_are_never_without_their_warning(client: TestClient) -> None:
    for view in ("", "?view=speakers", "?view=questions", "?q=airfare", "?t=83", "?view=programme"):
        assert "Nobody said these words." in text_of(see(client, LEARNING + view), ".notice.illustrative")
    assert "illustrative" in text_of(see(client, "/webinars"), ".document-list")


def test_without_times_it_is_read_but_has_no_moments(client: TestClient) -> None:
    page = see(client, "/webinars/timeless?t=5")
    assert "We are paid monthly." in text_of(page, ".script") and not page.select(".time, [data-starts]")
    assert "Nurse" in text_of(page, ".speaker")
    plain = see(client, "/webinars/notes-only")
    assert "cannot be shown by moments" in text_of(plain, ".script")
    assert "Nobody kept the times." in text_of(opened(client, plain.select_one(".script a")), ".text")


# other views


def test_search_inside_finds_words_at_their_moment(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?q=certificate+number+7")
    first = page.select_one(".found li")
    assert "certificate number 7" in first.text.lower() and first.select("mark")
    assert "certificate number 7" in quoted(opened(client, first.select_one(".time")))
    assert page.select_one("#q")["value"] == "certificate number 7"


def test_search_inside_stays_inside(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?q=quince")
    assert page.select_one("h2").text == "Nobody speaks of “quince” here"
    assert "q=quince" in page.select_one("#view p a")["href"]
    other = see(client, f"{LEARNING}?q=nauli&transcript=learning-sw")
    assert "transcript=learning-sw" in other.select_one(".found .time")["href"]
    assert other.select_one(".inside input[name=transcript]")["value"] == "learning-sw"


@pytest.mark.parametrize("words", ["%22", "%20%20", "%00", "-", "a" * 500, "%22%3Cscript%3E", "ü" * 300])
def test_any_words_can_be_searched_for(client: TestClient, words: str) -> None:
    assert see(client, f"{LEARNING}?q={words}").select("#q")


def test_speakers_with_their_share_and_all_they_say(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?view=speakers")
    assert [one.text for one in page.select(".speakers a")] == ["Grower", "Moderator", "Union adviser"]
    assert "9 min, 33 %, 30 turns" in text_of(page, ".speakers li")
    assert len(page.select("svg.strip path")) == 3
    own = opened(client, page.select(".speakers a")[1])
    said = [one.text for one in own.select(".found li > span")]
    assert said[0] == TOPICS[0].format(1) and own.select_one("h2").text == "Moderator"
    assert len(said) == 25 and "Page 1 of 2" in text_of(own, ".pager")
    rest = opened(client, own.select_one("a[rel=next]"))
    assert [one.text for one in rest.select(".found li > span")][-1] == TOPICS[2].format(28)
    nobody = see(client, f"{LEARNING}?view=speakers&speaker=Somebody")
    assert "Nobody of that name speaks here." in text_of(nobody, "#view")


def test_questions_with_what_was_answered(client: TestClient) -> None:
    page = see(client, f"{LEARNING}?view=questions")
    (item,) = page.select(".asked > li")
    assert [one.text for one in item.select(".quote")] == [ASKED, ANSWERED]
    asked, answered = item.select(".time")
    assert quoted(opened(client, asked)) == ASKED and quoted(opened(client, answered)) == ANSWERED
    assert "Union adviser asked" in text_of(item, "p") and "Grower answered" in text_of(item, "p")


def test_several_transcripts_of_one_event(client: TestClient) -> None:
    page = see(client, LEARNING)
    (other,) = page.select("header .actions [lang=sw]")
    assert other.text == "Kujifunza"
    swahili = opened(client, other)
    assert "Mwajiri hulipa nauli kwanza." in text_of(swahili, ".script")
    assert swahili.select_one(".script")["lang"] == "sw" and "in Swahili" in text_of(swahili, "header .meta")
    for tab in swahili.select(".tabs a"):
        assert "transcript=learning-sw" in tab["href"]
    (back,) = swahili.select("header .actions [lang=en]")
    assert back["href"] == LEARNING


def test_a_moment_stays_when_another_transcript_comes(
    client: TestClient, library: Library, tmp_path: Path
) -> None:
    """An English transcript takes the first place, but links to the other keep leading to it."""
    with spoken_library(tmp_path / "data") as own:
        first = own.entry("elsewhere-talk").source
        link = moment_address(first, 3.0)
        own.add(talk("a-later-one", [(3.0, 5.0, "Chair", "Other words.")], event="elsewhere"))
        page = see(TestClient(spoken_app(own)), link.partition("#")[0])
        assert quoted(page) == "The chair is here."


def test_a_transcript_that_is_not_of_the_webinar_is_not_there(client: TestClient) -> None:
    for name in ("nadwa", "nowhere", "closed"):
        page = see(client, f"{LEARNING}?transcript={name}&t=5", status=404)
        assert "no such transcript" in text_of(page, "main")
    assert "was withdrawn" in text_of(see(client, f"{LEARNING}?transcript=gone", status=410), "main")


# the recording


def test_the_recording_starts_at_the_moment_without_javascript(
    client: TestClient, library: Library, tmp_path: Path
) -> None:
    library.attach_recording("learning", wav(tmp_path / "clip.wav", minutes=0.1))
    try:
        page = see(client, f"{LEARNING}?t=750")
        assert page.audio["src"] == f"{LEARNING}/recording#t=750" and not page.audio.has_attr("autoplay")
        assert see(client, f"{LEARNING}?t=750&play=yes").audio.has_attr("autoplay")
        assert see(client, LEARNING).audio["src"] == f"{LEARNING}/recording"
        assert not see(client, f"{LEARNING}?play=yes").audio.has_attr("autoplay")
        assert page.select_one(".player-tools").has_attr("hidden") and page.select_one("#broken").has_attr(
            "hidden"
        )
        (item,) = [one for one in see(client, "/webinars").select("li") if "seasonal" in one.text]
        assert "recording" in [one.text for one in item.select(".meta span")]
    finally:
        library.recordings.detach("learning")


def test_where_there_is_no_recording_it_says_so(client: TestClient) -> None:
    page = see(client, LEARNING)
    assert "There is no recording here, only what was said." in page.text and not page.select("audio, video")


def test_a_recording_at_another_site_is_a_link(client: TestClient) -> None:
    page = see(client, "/webinars/elsewhere")
    link = page.select_one("header a:-soup-contains('Recording at another site')")
    assert link["href"] == "https://video.example.org/watch?v=1&t=0" and "noopener" in link["rel"]
    assert not page.select("audio, video, iframe") and "There is no recording" not in page.text


# who may see what


def test_a_webinar_for_members_is_not_there_for_others(client: TestClient) -> None:
    views = (
        "",
        "?t=10",
        "?view=speakers",
        "?view=speakers&speaker=Member",
        "?view=questions",
        "?q=quince",
        "?view=programme",
    )
    for view in views:
        page = see(client, f"/webinars/closed{view}", status=404)
        assert "members" not in page.text and "Member" not in page.text and "vault" not in page.text
        there = see(client, f"/webinars/closed{view}", headers=MEMBER)
        assert "For members alone" in text_of(there, "h1")
    assert "vault" in text_of(see(client, "/webinars/closed", headers=MEMBER), ".script")


def test_slides_that_a_reader_may_not_see_are_nowhere(client: TestClient) -> None:
    for view in ("", "?view=documents", "?t=700"):
        assert "ealed-deck" not in see(client, LEARNING + view).text
    for view in ("", "?view=documents"):
        assert "on the sealed-deck" in see(client, LEARNING + view, headers=MEMBER).text
    assert "ealed-deck" not in see(client, f"{LEARNING}?view=documents").text  # nor after a member looked


def test_a_withdrawn_transcript_is_said_to_be(client: TestClient) -> None:
    for view in ("", "?t=1", "?q=obsolete", "?view=speakers"):
        page = see(client, f"/webinars/gone{view}", status=410)
        assert "was withdrawn" in text_of(page, "main")
        assert "obsolete" not in page.text.replace("?q=obsolete", "") and "Ghost" not in page.text
    assert "no webinar at this address" in text_of(see(client, "/webinars/never", status=404), "main")


def test_a_transcript_that_is_withdrawn_takes_its_moments_with_it(tmp_path: Path) -> None:
    with spoken_library(tmp_path / "data") as library:
        client = TestClient(spoken_app(library), headers={"accept": "text/html"})
        assert quoted(see(client, "/webinars/latin?t=5"))
        library.withdraw("latin")
        assert "coûte" not in see(client, "/webinars/latin?t=5", status=410).text
        library.withdraw("learning")
        page = see(client, f"{LEARNING}?t=83")
        assert (
            "airfare" not in text_of(page, "#view")
            and "transcript=learning-sw" in page.select_one(".tabs a")["href"]
        )


# whatever files hold


@pytest.mark.parametrize(
    "view", ["", "?t=1", "?t=5", "?view=speakers", "?view=questions", "?q=markup", f"?q={quote('<script>')}"]
)
def test_markup_in_a_transcript_is_text(client: TestClient, view: str) -> None:
    page = see(client, f"/webinars/hostile{view}")
    assert [one["src"].partition("?")[0] for one in page.select("script")] == [
        "/static/pages.js",
        "/static/webinar.js",
    ]
    assert not page.select("main img, main i, main u") and "onmouseover" not in str(
        [one.attrs.keys() for one in page.find_all()]
    )
    assert page.h1.text == "<i>Hostile</i> & co"


def test_hostile_words_are_read_as_they_were_written(client: TestClient) -> None:
    page = see(client, "/webinars/hostile")
    assert [one.text for one in page.select(".script p > span")] == [words for *_, words in HOSTILE]
    name = HOSTILE[1][2]
    own = see(client, f"/webinars/hostile?view=speakers&speaker={quote(str(name))}")
    assert "Does <b>markup</b> run here at all?" in text_of(own, ".found")
    links = see(client, "/webinars/hostile?view=speakers").select(".speakers a")
    assert name in [opened(client, link).select_one("#view h2").text for link in links]


def test_arabic_stands_from_right_to_left_and_says_its_language(client: TestClient) -> None:
    response = client.get("/webinars/nadwa?t=70")
    assert response.headers["content-language"] == "en, ar"
    page = see(client, "/webinars/nadwa?t=70")
    assert quoted(page) == ARABIC[2]
    assert (
        page.select_one(".quoted blockquote")["lang"] == "ar" and page.select_one(".script")["lang"] == "ar"
    )
    for selector in ("h1", ".script p", ".script .speaker", ".quoted blockquote"):
        assert all(one["dir"] == "auto" for one in page.select(selector))
    assert page.html["lang"] == "en" and "in Arabic" in text_of(page, "header .meta")
    (asked,) = see(client, "/webinars/nadwa?view=questions").select(".asked > li")
    assert [one.text for one in asked.select(".quote")] == [ARABIC[1], ARABIC[2]]


def test_a_file_from_windows_keeps_its_letters(client: TestClient) -> None:
    page = see(client, "/webinars/latin?t=5")
    assert quoted(page) == "Le billet coûte cher à l’ouvrière." and "Zoé" in text_of(page, ".speaker")


def test_an_id_may_hold_anything(client: TestClient) -> None:
    (link,) = see(client, "/webinars").select("a:-soup-contains('Odd')")
    page = see(client, link["href"])
    assert "An address may hold anything." in text_of(page, ".script")
    for tab in [*page.select(".tabs a"), *page.select(".script .time")]:
        assert opened(client, tab).h1.text == "Odd"
    assert moment_address(Source(ODD_ID, "Odd"), 61.0).startswith("/webinars/odd/id%20%C3%BC%3F%231?t=61")
    assert opened(
        client, see(client, "/webinars/odd/id%20%C3%BC%3F%231?view=speakers").select_one(".speakers a")
    )


# what is large


def test_two_hundred_speakers_come_in_pages(tmp_path: Path) -> None:
    """Twenty of them speak so often that their pictures alone would fill a page."""
    named = [f"Participant {n} of the delegation" for n in range(200)]
    turns = [*range(200), *(n % 20 for n in range(1_600))]
    lines = [(4.0 * n, 4 * n + 2, named[who], "Present.") for n, who in enumerate(turns)]
    with spoken_library(tmp_path / "data") as library:
        library.add(talk("crowd", lines))
        client = TestClient(spoken_app(library))
        address, names = "/webinars/crowd?view=speakers", []
        while address:
            page = see(client, address)
            names += [one.text for one in page.select(".speakers a")]
            following = page.select_one("a[rel=next]")
            address = following["href"] if following else ""
        assert sorted(names) == sorted(named)
        assert "under 1 %" in text_of(page, ".speakers")


@pytest.fixture(scope="module")
def long_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Eight hours in 5,000 cues, under the longest ids that there are, with 300 slides and a long turn."""
    lines = [
        (
            5.76 * n,
            5.76 * n + 5,
            f"مندوب رقم {n // 3 % 150} من وفد بعيد",
            f"يتكلم المندوب عن رسوم المكتب {n % 89}.",
        )
        for n in range(5_000)
    ]
    lines[1::9] = [(*line[:3], "من يدفع الرسوم قبل السفر ولماذا ندفع نحن؟ " * 3) for line in lines[1::9]]
    lines[2_500] = (*lines[2_500][:3], "One turn without an end goes on and on. " * 1_500)
    with spoken_library(tmp_path_factory.mktemp("long") / "data") as library:
        library.add(talk("t" * 120, lines, event="e" * 120, language="ar", title="ندوة " * 40))
        library.add(talk("u" * 120, lines[:3], event="e" * 120))
        yield TestClient(spoken_app(library), headers={"accept": "text/html"})


@pytest.mark.parametrize(
    "view",
    ["", "&part=40", "&t=14000", "&t=28795", "&t=14404", "&view=speakers", "&view=questions",
     "&view=questions&page=9", "&view=documents", "&q=%D9%86%D8%AF%D9%81%D8%B9"],
)  # fmt: skip
def test_every_page_of_a_long_day_is_small(long_day: TestClient, view: str) -> None:
    see(long_day, f"/webinars/{'e' * 120}?transcript={'t' * 120}{view}")


def test_a_speaker_of_a_long_day(long_day: TestClient) -> None:
    page = see(long_day, f"/webinars/{'e' * 120}?transcript={'t' * 120}&view=speakers")
    assert opened(long_day, page.select_one(".speakers a")).select(".found li")


def test_staff_read_what_is_withdrawn_elsewhere(client: TestClient, library: Library) -> None:
    """A withdrawn transcript is no webinar any more, not even for staff, who find it among the documents."""
    assert library.entry("gone", STAFF).state == "withdrawn"
    assert client.get("/webinars/gone", headers={"x-staff": "yes"}).status_code == 404
