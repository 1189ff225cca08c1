"""What belongs to one webinar, for whom, and the addresses of its moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.webinars.webinar import Webinar, moment_address, transcript_of, webinar, webinars
from index.library import Library
from index.scope import PUBLIC, STAFF
from ingest.domain import Event, Source
from ingest.errors import NotFound, Withdrawn
from tests.spoken import MEMBER, NOW, ODD_ID, spoken_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with spoken_library(tmp_path_factory.mktemp("spoken") / "data") as library:
        yield library


def named(sources: tuple[Source, ...]) -> list[str]:
    return [source.id for source in sources]


def test_the_latest_come_first_and_those_without_a_date_last(library: Library) -> None:
    ids = [one.id for one in webinars(library, PUBLIC)]
    assert ids[:4] == ["coming", "summer", "learning", "elsewhere"]
    assert set(ids[4:]) == {"nadwa", "hostile", "jumbled", "timeless", "notes-only", "latin", ODD_ID}
    assert [one.id for one in webinars(library, MEMBER)][4] == "closed"


def test_what_belongs_to_an_event(library: Library) -> None:
    one = webinar(library, "learning", PUBLIC)
    assert (one.title, named(one.transcripts)) == (
        "Learning from seasonal schemes",
        ["learning", "learning-sw"],  # the English one first
    )
    assert named(one.materials) == ["palm", "deck"]  # as its programme names them; the programme is none
    assert named(webinar(library, "learning", MEMBER).materials) == ["palm", "deck", "sealed-deck"]
    assert one.illustrative and one.day and one.day.isoformat() == "2026-03-10"


def test_a_recording_without_a_programme_is_a_webinar_of_its_own(library: Library) -> None:
    one = webinar(library, "nadwa", PUBLIC)
    assert one.event is None and named(one.transcripts) == ["nadwa"] and one.materials == ()
    assert one.day is None and one.is_over(NOW) and not one.illustrative


def test_a_document_of_an_event_that_nobody_announced_makes_no_webinar(library: Library) -> None:
    with pytest.raises(NotFound, match="no webinar at this address"):
        webinar(library, "palm", PUBLIC)


def test_a_webinar_is_there_for_whom_it_is_meant(library: Library) -> None:
    for reader, is_there in ((PUBLIC, False), (MEMBER, True), (STAFF, True)):
        if is_there:
            assert webinar(library, "closed", reader).title == "For members alone"
        else:
            with pytest.raises(NotFound):
                webinar(library, "closed", reader)


def test_a_withdrawn_one_says_so_to_whom_it_was_meant_for(library: Library) -> None:
    with pytest.raises(Withdrawn):
        webinar(library, "gone", PUBLIC)
    one = webinar(library, "learning", PUBLIC)
    with pytest.raises(Withdrawn):
        transcript_of(library, one, "gone", PUBLIC)


def test_the_transcript_that_is_asked_for(library: Library) -> None:
    one = webinar(library, "learning", PUBLIC)
    for name, found in (("", "learning"), ("learning", "learning"), ("learning-sw", "learning-sw")):
        source = transcript_of(library, one, name, PUBLIC)
        assert source and source.id == found
    with pytest.raises(NotFound, match="no such transcript"):
        transcript_of(library, one, "nadwa", PUBLIC)
    assert transcript_of(library, webinar(library, "coming", PUBLIC), "", PUBLIC) is None


def test_two_of_one_day_stand_by_their_hours(tmp_path: Path) -> None:
    from tests.index import made

    with spoken_library(tmp_path / "data") as library:
        for hour in (15, 9):
            start = NOW.replace(hour=hour)
            event = Event(f"at-{hour}", f"At {hour}", start, start + timedelta(hours=1), "UTC")
            library.add(made.text(f"event-at-{hour}", f"At {hour}.", event=event.id, event_=event))
        ids = [one.id for one in webinars(library, PUBLIC)]
        assert [one for one in ids if one.startswith("at-")] == ["at-15", "at-9"]


def test_it_is_over_when_its_last_minute_is() -> None:
    start = datetime(2026, 6, 1, 11, tzinfo=UTC)
    one = Webinar("x", Event("x", "X", start, start + timedelta(hours=1), "UTC"), (), ())
    assert not one.is_over(start) and not one.is_over(NOW - timedelta(seconds=1)) and one.is_over(NOW)


@pytest.mark.parametrize(
    ("identity", "event", "address"),
    [
        ("talk", None, "/webinars/talk?t=750#t=750"),
        ("talk", "talk", "/webinars/talk?t=750#t=750"),
        ("talk-sw", "talk", "/webinars/talk?transcript=talk-sw&t=750#t=750"),
        ("a b/ü?#&", None, "/webinars/a%20b/%C3%BC%3F%23%26?t=750#t=750"),
        ("a/b&c", "talk", "/webinars/talk?transcript=a%2Fb%26c&t=750#t=750"),
    ],
)
def test_the_address_of_a_moment(identity: str, event: str | None, address: str) -> None:
    assert moment_address(Source(identity, "T", event=event), 750.999) == address
    playing = moment_address(Source(identity, "T", event=event), 750.0, play=True)
    assert playing == address.replace("t=750#", "t=750&play=yes#")
