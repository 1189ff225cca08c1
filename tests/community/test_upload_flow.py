"""From a file that is sent to a submission that staff review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from community.errors import Conflict, Invalid, NotAllowed, TooMany
from community.notices import Notices
from community.people import VISITOR
from community.submissions import State
from community.uploads.values import KEEP_BOTH, Alike, Stage
from index.scope import STAFF
from ingest.errors import NotFound
from ingest.reading import Document, read_document
from tests.community.upload_house import AMINA, CAGE, CHIDI, JUMA, MEMBER, SIFA, House, text_of, word_file

CARE = text_of("home care training").encode()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def test_a_file_becomes_a_submission_that_staff_review(house: House) -> None:
    [sent] = house.send(CHIDI, ("care.md", b"# Home care\n\n" + CARE))
    assert sent.stage is Stage.RECEIVED
    house.work()
    upload = house.uploads.get(CHIDI, sent.id)
    assert upload.stage is Stage.WAITING
    assert upload.suggestion is not None
    assert upload.suggestion.source.title == "Home care"
    description = replace(upload.suggestion.source, title="Home-care training", countries=("Kenya",))
    house.uploads.confirm(CHIDI, upload.id, description)
    assert house.uploads.get(CHIDI, upload.id).stage is Stage.STORING
    house.work()
    done = house.uploads.get(CHIDI, upload.id)
    assert done.stage is Stage.HANDED_IN
    [submission] = house.submissions.waiting(SIFA)
    assert (submission.id, submission.title, submission.state) == (
        done.submission_id,
        "Home-care training",
        State.SUBMITTED,
    )
    entry = house.library.entry(submission.source_id, STAFF)
    assert (entry.state, entry.source.countries, entry.file_name) == ("draft", ("Kenya",), "care.md")
    assert house.kept == []


def test_nothing_that_is_uploaded_is_found_before_it_is_published(house: House) -> None:
    house.hand_in(CHIDI, "care.md", CARE)
    assert house.library.search("home care training", reader=STAFF) == []


def test_what_a_file_says_of_its_own_rank_does_not_count(house: House) -> None:
    head = b"---\nid: palm-scheme\ntier: peer reviewed\naudience: staff\npart_of: other\ntitle: Mine\n---\n"
    upload = house.hand_in(CHIDI, "care.md", head + CARE)
    submission = house.submissions.get(CHIDI, upload.submission_id)
    entry = house.library.entry(submission.source_id, STAFF)
    assert entry.source.id != "palm-scheme"
    assert (entry.source.tier, entry.source.part_of, entry.audience) == ("", None, "public")


def test_the_owner_is_told_once_when_all_that_was_sent_together_is_read(house: House) -> None:
    house.send(CHIDI, ("a.md", CARE), ("b.md", text_of("welding").encode()), ("c.exe", b"MZ"))
    house.work()
    texts = [notice.text for notice in Notices(house.records).of(CHIDI)]
    assert texts == ["The 2 files that you sent were read. Look at what was understood, and hand them in."]


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(house: House) -> None:
    upload = house.read(CHIDI, "tool.pdf", b"MZ\x90\x00 this program cannot be run")
    assert upload.stage is Stage.REFUSED
    assert "not a PDF" in upload.reason
    assert house.kept == []


def test_a_file_is_not_refused_because_the_program_ends(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        [sent] = house.send(CHIDI, ("tool.pdf", b"MZ"))
        house.uploads.close()  # as while it was being read: what comes out of that is not believed
        house.work()
        assert house.uploads.get(CHIDI, sent.id).stage is Stage.READING
        with house.records.reading() as connection:
            assert [job.failures for job in house.jobs.about(connection, sent.id)] == [1]


def test_what_goes_on_no_more_is_told(house: House) -> None:
    [sent] = house.send(CHIDI, ("care.md", CARE))
    for path in (house.folder / "uploads").iterdir():
        path.unlink()  # as a failing disk does
    with house.records.writing() as connection:
        connection.exec_driver_sql("UPDATE jobs SET failures = 4")
    house.work()
    assert list(house.uploads.stuck(CHIDI)) == [sent.id]
    assert house.uploads.stuck(AMINA) == {}
    assert [job.about for job in house.jobs.failed(SIFA)] == [sent.id]


PROGRAMME = b"""id: tides
title: Working with the tides
start: 2026-02-10T12:00:00+03:00
end: 2026-02-10T13:00:00+03:00
time_zone: Africa/Nairobi
"""


def test_a_programme_in_yaml_is_taken_from_staff_alone(house: House) -> None:
    refused = house.read(CHIDI, "event.yaml", PROGRAMME)
    assert (refused.stage, "which staff upload" in refused.reason) == (Stage.REFUSED, True)
    handed_in = house.hand_in(SIFA, "event.yaml", PROGRAMME)
    submission = house.submissions.get(SIFA, handed_in.submission_id)
    entry = house.library.entry(submission.source_id, STAFF)
    assert (entry.source.event, entry.source.title) == ("tides", "Working with the tides")
    assert [event.id for event in house.library.store.events().values()] == ["tides"]
    assert list(house.library.events()) == []  # not before a second person has published it


def test_only_the_owner_sees_an_upload(house: House) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    description = upload.suggestion.source  # type: ignore[union-attr]
    for other in (AMINA, SIFA):
        assert house.uploads.own(other) == []
        for act in (
            lambda: house.uploads.get(other, upload.id),  # noqa: B023
            lambda: house.uploads.confirm(other, upload.id, description),  # noqa: B023
            lambda: house.uploads.cancel(other, upload.id),  # noqa: B023
        ):
            with pytest.raises(NotFound):
                act()
    assert house.uploads.get(CHIDI, upload.id) == upload


@pytest.mark.parametrize("who", [VISITOR, MEMBER])
def test_who_is_no_contributor_can_do_nothing(house: House, who: object) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    for act in (
        lambda: house.send(who, ("a.md", CARE)),  # type: ignore[arg-type]
        lambda: house.uploads.own(who),  # type: ignore[arg-type]
        lambda: house.uploads.get(who, upload.id),  # type: ignore[arg-type]
        lambda: house.uploads.confirm(who, upload.id, upload.suggestion.source),  # type: ignore[arg-type, union-attr]
        lambda: house.uploads.cancel(who, upload.id),  # type: ignore[arg-type]
        lambda: house.uploads.flags(who, "x"),  # type: ignore[arg-type]
        lambda: house.uploads.stuck(who),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_staff_read_the_flags(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.uploads.flags(CHIDI, "x")
    assert house.uploads.flags(SIFA, "x") == []


def test_what_was_sent_together_is_taken_back_together(house: House) -> None:
    handed_in = house.read(CHIDI, "care.md", CARE, batch="0" * 12)
    house.uploads.confirm(CHIDI, handed_in.id, handed_in.suggestion.source)  # type: ignore[union-attr]
    house.work()
    house.read(CHIDI, "visa.md", b"Visa fees.", batch="0" * 12)
    house.send(CHIDI, ("hall.md", b"Town hall."), batch="0" * 12)
    [other] = house.send(CHIDI, ("apart.md", b"Apart."), batch="1" * 12)
    [theirs] = house.send(AMINA, ("hers.md", b"Hers."), batch="0" * 12)
    house.uploads.cancel_batch(CHIDI, "0" * 12)
    assert house.kept == sorted((other.id, theirs.id))
    assert [one.name for one in house.uploads.own(CHIDI)] == ["care.md", "apart.md"]
    with pytest.raises(NotFound):
        house.uploads.cancel_batch(CHIDI, "0" * 12)
    assert house.work() == 2
    assert len(house.submissions.waiting(SIFA)) == 1


def test_of_who_is_gone_only_what_was_handed_in_stays(house: House) -> None:
    handed_in = house.hand_in(CHIDI, "care.md", CARE)
    house.read(CHIDI, "wanjiru-visa.md", b"Visa fees.")
    house.send(CHIDI, ("hall.md", b"Town hall."))
    [theirs] = house.send(AMINA, ("hers.md", b"Hers."))
    with house.records.writing() as connection:
        house.uploads.forget(connection, CHIDI.id)
    house.work()
    assert house.uploads.own(CHIDI) == [handed_in]
    assert house.uploads.get(AMINA, theirs.id).stage is Stage.WAITING
    assert {name.partition(".")[0] for name in house.kept} == {theirs.id}
    with house.records.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM uploads").all()
    assert len(rows) == 4
    assert "visa" not in str(rows)


def test_of_a_draft_that_is_deleted_no_upload_is_left(house: House) -> None:
    first = house.hand_in(CHIDI, "wanjiru-care.md", CARE)
    one = house.submissions.get(CHIDI, first.submission_id)
    draft = house.submissions.take_back(CHIDI, one.id, one.revision)
    other = house.read(CHIDI, "visa.md", b"Visa fees.")
    waiting = house.read(CHIDI, "wanjiru-2.md", CARE + b"\n\nMore.", submission=one.id)
    confirmed = house.read(CHIDI, "wanjiru-4.md", CARE + b"\n\nMost.", submission=one.id)
    house.uploads.confirm(CHIDI, confirmed.id, confirmed.suggestion.source)  # type: ignore[union-attr]
    house.send(CHIDI, ("wanjiru-3.md", CARE + b"\n\nEven more."), submission=one.id)
    house.submissions.delete(CHIDI, draft.id, draft.revision)
    house.work()
    assert house.uploads.own(CHIDI) == [other]
    assert {name.partition(".")[0] for name in house.kept} == {other.id}
    with pytest.raises(Conflict):
        house.uploads.confirm(CHIDI, waiting.id, waiting.suggestion.source)  # type: ignore[union-attr]
    with house.records.reading() as connection:
        assert "wanjiru" not in str(connection.exec_driver_sql("SELECT * FROM uploads").all())
    assert not any("not handed in" in notice.text for notice in Notices(house.records).of(CHIDI))


@pytest.mark.parametrize("read", [False, True])
def test_cancelling_leaves_nothing(house: House, read: bool) -> None:
    [sent] = house.send(CHIDI, ("care.md", CARE))
    if read:
        house.work()
    house.uploads.cancel(CHIDI, sent.id)
    assert house.work() == 0
    assert house.uploads.get(CHIDI, sent.id).stage is Stage.CANCELLED
    assert house.kept == []
    with pytest.raises(Conflict):
        house.uploads.cancel(CHIDI, sent.id)


def test_what_is_handed_in_cannot_be_confirmed_or_cancelled_again(house: House) -> None:
    upload = house.hand_in(CHIDI, "care.md", CARE)
    with pytest.raises(Conflict):
        house.uploads.confirm(CHIDI, upload.id, upload.suggestion.source)  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        house.uploads.cancel(CHIDI, upload.id)
    assert len(house.submissions.waiting(SIFA)) == 1


def test_a_description_needs_a_title(house: House) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    with pytest.raises(Invalid) as refused:
        house.uploads.confirm(CHIDI, upload.id, replace(upload.suggestion.source, title=""))  # type: ignore[union-attr]
    assert set(refused.value.fields) == {"title"}


def test_a_new_version_of_a_submission_that_came_back(house: House) -> None:
    first = house.hand_in(CHIDI, "care.md", CARE)
    submission = house.submissions.get(CHIDI, first.submission_id)
    taken = house.submissions.take_back(CHIDI, submission.id, submission.revision)
    again = house.read(CHIDI, "care-2.md", CARE + b"\n\nAnd one more thing.", submission=submission.id)
    house.uploads.confirm(CHIDI, again.id, again.suggestion.source)  # type: ignore[union-attr]
    house.work()
    [only] = house.submissions.own(CHIDI)
    assert (only.id, only.state, only.version) == (taken.id, State.SUBMITTED, 2)


def test_nobody_sends_a_version_of_anothers_submission(house: House) -> None:
    first = house.hand_in(CHIDI, "care.md", CARE)
    for other in (AMINA, SIFA):
        with pytest.raises(NotFound):
            house.send(other, ("x.md", CARE), submission=first.submission_id)
    assert house.kept == []


def test_what_has_moved_on_is_given_back_with_the_reason(house: House) -> None:
    first = house.hand_in(CHIDI, "care.md", CARE)
    again = house.read(CHIDI, "care-2.md", CARE + b"\n\nMore.", submission=first.submission_id)
    assert again.likenesses == ()  # it is like itself, which is no news
    house.uploads.confirm(CHIDI, again.id, again.suggestion.source)  # type: ignore[union-attr]
    house.work()
    found = house.uploads.get(CHIDI, again.id)
    assert found.stage is Stage.WAITING
    assert "moved on" in found.reason
    assert any("was not handed in" in notice.text for notice in Notices(house.records).of(CHIDI))


def test_waiting_files_of_one_person_are_limited_by_number_and_by_bytes(tmp_path: Path) -> None:
    with House(tmp_path, most_waiting=2, most_bytes=10_000) as house:
        house.send(CHIDI, ("a.md", b"a"), ("b.md", b"b"))
        with pytest.raises(TooMany):
            house.send(CHIDI, ("c.md", b"c"))
        house.send(AMINA, ("c.md", b"c" * 9_000))
        with pytest.raises(Exception, match="more than can wait"):
            house.send(AMINA, ("d.md", b"d" * 2_000))
        assert len(house.kept) == 3


def test_a_file_that_is_sent_again_since_the_answer_was_lost_is_there_once(house: House) -> None:
    [first] = house.send(CHIDI, ("care.md", CARE), key="0123456789ab")
    [second] = house.send(CHIDI, ("care.md", CARE), key="0123456789ab")
    assert second == first
    assert house.kept == [first.id]
    [other] = house.send(AMINA, ("care.md", CARE), key="0123456789ab")  # a key is of one person
    assert other.id != first.id


def test_pages_without_text_and_slides_without_words_are_told(house: House, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "three.pdf"
    canvas = Canvas(str(path))
    for page in range(4):
        if page in (0, 2):
            canvas.drawString(72, 700, f"Page {page} tells about home care training in Kenya and who pays.")
        canvas.rect(100, 100, 50, 50)
        canvas.showPage()
    canvas.save()
    upload = house.read(CHIDI, "three.pdf", path.read_bytes())
    assert upload.stage is Stage.WAITING
    assert [note.partition(".")[0] for note in upload.notes] == ["No text could be read on pages 2, 4"]


def test_the_same_file_twice_is_shown_before_anything_is_stored(house: House) -> None:
    first = house.hand_in(CHIDI, "care.md", CARE)
    second = house.read(CHIDI, "copy.md", CARE)
    [like] = second.likenesses
    assert (like.way, like.is_known, like.may_replace) == (Alike.SAME_FILE, True, False)
    assert like.address == f"/contributions/{first.submission_id}"
    with pytest.raises(Invalid) as refused:
        house.uploads.confirm(CHIDI, second.id, second.suggestion.source)  # type: ignore[union-attr]
    assert set(refused.value.fields) == {"decision"}
    house.uploads.confirm(CHIDI, second.id, second.suggestion.source, KEEP_BOTH)  # type: ignore[union-attr]
    house.work()
    assert len(house.submissions.waiting(SIFA)) == 2


def test_two_files_of_one_batch_that_are_alike_are_shown(house: House) -> None:
    house.send(CHIDI, ("a.md", CARE), ("b.md", CARE + b"\n\nOne more sentence about the cost of it all."))
    house.work()
    first, second = house.uploads.own(CHIDI)
    assert first.likenesses == ()
    assert [(like.title, like.way) for like in second.likenesses] == [("a.md", Alike.SAME_TEXT)]


def test_a_contributor_is_not_told_of_what_is_unpublished_but_reviewers_are(house: House) -> None:
    house.hand_in(CHIDI, "secret-care.md", b"# Secret plan\n\n" + CARE)
    upload = house.hand_in(AMINA, "care.docx", word_file(*CARE.decode().split("\n\n")))
    assert upload.stage is Stage.HANDED_IN  # nothing was asked
    [like] = upload.likenesses
    assert (like.is_known, like.may_replace, like.address) == (False, False, "")
    [flag] = house.uploads.flags(SIFA, upload.submission_id)
    assert "Secret plan" in flag


def test_staff_replace_any_source_and_the_old_version_becomes_history(house: House) -> None:
    source_id = house.library.add(_document("Old", CARE)).source_id
    assert source_id is not None
    upload = house.read(SIFA, "new.md", CARE + text_of("visa fees", 8).encode())
    [like] = upload.likenesses
    assert (like.source_id, like.way, like.may_replace) == (source_id, Alike.NEW_VERSION, True)
    assert "visa fees" in like.first_difference
    house.uploads.confirm(SIFA, upload.id, upload.suggestion.source, source_id)  # type: ignore[union-attr]
    house.work()
    [submission] = house.submissions.waiting(JUMA)
    assert submission.source_id == source_id
    assert [entry.state for entry in house.library.store.entries(source_ids={source_id})] == [
        "published",
        "draft",
    ]


def test_a_contributor_replaces_only_what_is_theirs(house: House) -> None:
    source_id = house.library.add(_document("Old", CARE)).source_id
    upload = house.read(CHIDI, "new.md", CARE + b"\n\nMore words at the end.")
    [like] = upload.likenesses
    assert (like.address, like.may_replace) == (f"/sources/{source_id}", False)
    with pytest.raises(Invalid):
        house.uploads.confirm(CHIDI, upload.id, upload.suggestion.source, str(source_id))  # type: ignore[union-attr]
    with pytest.raises(Invalid):
        house.uploads.confirm(CHIDI, upload.id, upload.suggestion.source, "some-other-source")  # type: ignore[union-attr]


@pytest.mark.parametrize("meanwhile", [False, True])
def test_what_another_is_replacing_leaves_no_empty_draft_and_can_still_be_kept(
    house: House, meanwhile: bool
) -> None:
    source_id = str(house.library.add(_document("Old", CARE)).source_id)
    first, second = (house.read(who, f"{who.id}.md", CARE + b"\n\nMore.") for who in (SIFA, JUMA))
    steps = [
        lambda: house.uploads.confirm(SIFA, first.id, first.suggestion.source, source_id),  # type: ignore[union-attr]
        house.work,
        lambda: house.uploads.confirm(JUMA, second.id, second.suggestion.source, source_id),  # type: ignore[union-attr]
    ]
    if meanwhile:  # both decide before either is handed in
        for step in (steps[0], steps[2], steps[1]):
            step()
        assert "is being reviewed" in house.uploads.get(JUMA, second.id).reason
    else:
        steps[0]()
        steps[1]()
        with pytest.raises(Invalid) as refused:
            steps[2]()
        assert "is being reviewed" in refused.value.fields["decision"]
    assert house.submissions.own(JUMA) == []
    house.uploads.confirm(JUMA, second.id, second.suggestion.source, KEEP_BOTH)  # type: ignore[union-attr]
    house.work()
    assert house.uploads.get(JUMA, second.id).stage is Stage.HANDED_IN
    [submission] = house.submissions.own(JUMA)
    assert submission.source_id != source_id


def test_what_came_while_a_file_waited_is_told_to_reviewers(house: House) -> None:
    first, second = (house.read(who, f"{who.id}.md", CARE) for who in (CHIDI, AMINA))
    assert first.likenesses == second.likenesses == ()
    for who, upload in ((CHIDI, first), (AMINA, second)):
        house.uploads.confirm(who, upload.id, upload.suggestion.source)  # type: ignore[union-attr]
    house.work()
    ids = [house.uploads.get(who, one.id).submission_id for who, one in ((CHIDI, first), (AMINA, second))]
    assert house.uploads.flags(SIFA, ids[0]) == []
    [flag] = house.uploads.flags(SIFA, ids[1])
    assert flag.startswith("It is the very same file")


def test_every_draft_is_compared_however_many_came_since(house: House) -> None:
    drafts = [_document("First", CARE), *(_document(f"D{n}", b"# %d\n\nA few words." % n) for n in range(60))]
    [first, *_] = house.library.add_all(drafts, draft=True)
    [like] = house.read(SIFA, "new.md", CARE + b"\n\nMore words at the end.").likenesses
    assert (like.source_id, like.way) == (first.source_id, Alike.SAME_TEXT)


def test_files_of_one_name_are_told_apart_by_their_folders(house: House) -> None:
    captions = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>" + CARE[:300].replace(b"\n", b" ") + b"\n"
    house.send(CHIDI, *((f"zoom/2026-0{month}-03 Talk/transcript.vtt", captions) for month in (2, 3)))
    house.work()
    first, second = house.uploads.own(CHIDI)
    assert (first.name, first.path) == ("transcript.vtt", "zoom/2026-02-03 Talk/transcript.vtt")
    assert [like.title for like in second.likenesses] == [first.path]
    dates = [str(one.suggestion.source.date) for one in (first, second)]  # type: ignore[union-attr]
    assert dates == ["2026-02-03", "2026-03-03"]


def _document(title: str, content: bytes) -> Document:
    return read_document(content, "old.md", f"{title}.md", cage=CAGE, overrides={"title": title})
