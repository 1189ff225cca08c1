"""The façade of the form: saved by its author alone, never overwritten, handed in whole or not at all."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from community.errors import Conflict, Invalid, NotAllowed
from community.people import VISITOR, Role
from community.practices.beside import MOST_FILES
from community.practices.fields import MOST
from community.practices.practices import Practices
from community.practices.refused import Changed, NoRoom, room
from community.practices.template import MEMBERS_ONLY, UNPLACED
from community.practices.word_template import word_file
from community.submissions import State, Submission
from index.entries import DRAFT, PUBLISHED
from index.originals import Originals
from ingest.cage import Cage
from ingest.errors import FileRejected, NotFound
from tests.community.practising import Cages, WritingDesk, filled, writing_desk
from tests.community.submitting import ALL_MET, AMINA, BAKARI, CHIEF, MEMBER, OTHER, WRITER, written_below
from tests.ingest import documents

WEBINAR = (
    b"id: w1\ntitle: T\nstart: 2026-02-10T12:00:00+03:00\nend: 2026-02-10T13:00:00+03:00\n"
    b"time_zone: Africa/Nairobi\n"
)
REPORT = b"# Report\n\nOf 90 trainees 81 were certified in 2025."
STRANGERS = (VISITOR, MEMBER, OTHER, AMINA, CHIEF)


@pytest.fixture(scope="module")
def cages() -> Iterator[Cages]:
    cages = Cages()
    yield cages
    cages.close()


@pytest.fixture
def desk(tmp_path: Path, cages: Cages) -> Iterator[WritingDesk]:
    with writing_desk(tmp_path, cages) as desk:
        yield desk


def reviewed(desk: WritingDesk, one: Submission) -> Submission:
    """Handed in, taken up by a reviewer and judged."""
    handed_in = desk.practices.submit(WRITER, one.id)
    taken = desk.reviews.take(AMINA, one.id, handed_in.revision)
    desk.reviews.judge(AMINA, one.id, taken.version, ALL_MET)
    return taken


def kept(desk: WritingDesk) -> set[str]:
    """The files on disk."""
    return {path.name for path in desk.folder.rglob("*") if path.is_file()}


def test_a_new_form_is_empty_and_what_is_saved_is_there_again(desk: WritingDesk) -> None:
    one = desk.draft(title="")
    assert desk.practices.practice(WRITER, one.id).revision == 0
    saved = desk.practices.save(WRITER, one.id, filled(lessons=""), 0)
    assert (saved.revision, saved.saved_at) == (1, desk.clock())
    assert desk.practices.practice(WRITER, one.id) == saved
    assert saved.practice == filled(lessons="")
    assert desk.submissions.get(WRITER, one.id).title == filled().title


def test_two_windows_do_not_overwrite_each_other_and_both_texts_are_kept(desk: WritingDesk) -> None:
    one = desk.filled()
    first = desk.practices.save(WRITER, one.id, filled(context="First window."), 1)
    with pytest.raises(Changed) as refused:
        desk.practices.save(WRITER, one.id, filled(context="Second window."), 1)
    assert refused.value.stored == first
    assert desk.practices.practice(WRITER, one.id) == first
    assert desk.practices.save(WRITER, one.id, filled(context="Second window."), 2).revision == 3


def test_a_save_whose_answer_was_lost_can_be_repeated(desk: WritingDesk) -> None:
    one = desk.filled()
    assert desk.practices.save(WRITER, one.id, filled(), 0).revision == 1


def test_nobody_else_reads_or_changes_a_draft_or_learns_that_it_is_there(desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    form = word_file()
    for who in STRANGERS:
        attempts = (
            lambda who=who: desk.practices.practice(who, one.id),
            lambda who=who: desk.practices.save(who, one.id, filled(), 1),
            lambda who=who: desk.practices.preview(who, one.id),
            lambda who=who: desk.practices.submit(who, one.id),
            lambda who=who: desk.practices.lay_over(who, one.id, "form.docx", form),
            lambda who=who: desk.practices.files.attach(who, one.id, "report.md", REPORT),
            lambda who=who: desk.practices.files.attachments(who, one.id),
            lambda who=who: desk.practices.files.download(who, one.id, file.id),
            lambda who=who: desk.practices.files.detach(who, one.id, file.id),
            lambda who=who: desk.practices.files.receiving(who, one.id, "multipart/form-data; boundary=x"),
            lambda who=who: desk.practices.files.materials(who, one.id),
            lambda who=who: desk.practices.files.add_material(who, one.id, "report.md", REPORT),
            lambda who=who: desk.practices.proposals(who, one.id, file.id),
            lambda who=who: desk.practices.use(who, one.id, file.id, []),
        )
        for attempt in attempts:
            with pytest.raises(NotFound):
                attempt()
    assert desk.practices.practice(WRITER, one.id).revision == 1
    assert desk.practices.files.attachments(WRITER, one.id) == [file]


def test_a_file_of_another_form_is_not_reached_through_ones_own(desk: WritingDesk) -> None:
    one, others = desk.filled(), desk.filled(OTHER)
    file = desk.practices.files.attach(OTHER, others.id, "report.md", REPORT)
    for attempt in (
        lambda: desk.practices.files.download(WRITER, one.id, file.id),
        lambda: desk.practices.files.detach(WRITER, one.id, file.id),
        lambda: desk.practices.proposals(WRITER, one.id, file.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert desk.practices.files.download(OTHER, others.id, file.id) == (file, REPORT)


def test_a_form_is_handed_in_with_its_attachments_and_published_together(desk: WritingDesk) -> None:
    one = desk.filled()
    desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    handed_in = desk.practices.submit(WRITER, one.id)
    assert handed_in.state == State.SUBMITTED
    waiting = desk.library.store.entries(states={DRAFT})
    by_title = {entry.source.title: entry.source for entry in waiting}
    main, report = by_title[filled().title], by_title[f"{filled().title}: report.md"]
    assert (main.part_of, report.part_of) == (None, main.id)
    assert (report.countries, report.themes, report.licence) == (main.countries, main.themes, main.licence)
    assert report.kind == "other"
    taken = desk.reviews.take(AMINA, one.id, handed_in.revision)
    desk.reviews.judge(AMINA, one.id, taken.version, ALL_MET)
    desk.reviews.publish(AMINA, one.id, taken.revision, "public")
    found = desk.library.search("How much does the county pay for each trainee?")
    assert found[0].place.heading == "Financing"
    assert len(desk.library.store.entries(states={PUBLISHED})) == 2


def test_who_keeps_all_rights_is_read_by_members_only(desk: WritingDesk) -> None:
    one = desk.filled(licence=MEMBERS_ONLY)
    desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    desk.practices.submit(WRITER, one.id)
    assert {entry.audience for entry in desk.library.store.entries(states={DRAFT})} == {"members"}


def test_nothing_incomplete_is_handed_in_and_each_field_says_why(desk: WritingDesk) -> None:
    one = desk.filled(lessons="", agreed="", date="soon", **{UNPLACED.id: "Left over."})
    with pytest.raises(Invalid) as refused:
        desk.practices.submit(WRITER, one.id)
    assert refused.value.fields.keys() == {"lessons", "agreed", "date", UNPLACED.id}
    assert desk.submissions.get(WRITER, one.id).state == State.DRAFT


def test_what_another_window_saves_while_a_form_is_handed_in_is_not_left_behind(
    desk: WritingDesk, cages: Cages
) -> None:
    """While it is read in its cage: that takes a second, and a window saves itself."""
    one = desk.filled()

    def meanwhile(*module: str) -> Cage:
        desk.practices.save(WRITER, one.id, filled(context="Just now."), 1)
        return cages(*module)

    slow = Practices(desk.records, desk.submissions, desk.library, desk.folder, meanwhile, clock=desk.clock)
    with pytest.raises(Changed) as refused:
        slow.submit(WRITER, one.id)
    assert refused.value.stored.practice.text("context") == "Just now."
    assert desk.submissions.get(WRITER, one.id).state == State.DRAFT


def test_a_form_that_is_being_reviewed_is_changed_by_nobody(desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    desk.practices.submit(WRITER, one.id)
    for attempt in (
        lambda: desk.practices.save(WRITER, one.id, filled(context="Too late."), 1),
        lambda: desk.practices.submit(WRITER, one.id),
        lambda: desk.practices.files.attach(WRITER, one.id, "report.md", REPORT),
        lambda: desk.practices.files.detach(WRITER, one.id, file.id),
        lambda: desk.practices.lay_over(WRITER, one.id, "form.docx", word_file(filled())),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert desk.practices.practice(WRITER, one.id).practice == filled()


def test_staff_do_not_write_into_what_they_may_read(desk: WritingDesk) -> None:
    one = desk.filled()
    taken = reviewed(desk, one)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "How many?")
    for who in (AMINA, BAKARI, CHIEF):
        for attempt in (
            lambda who=who: desk.practices.save(who, one.id, filled(context="Mine."), 1),
            lambda who=who: desk.practices.files.attach(who, one.id, "report.md", REPORT),
            lambda who=who: desk.practices.submit(who, one.id),
            lambda who=who: desk.practices.files.materials(who, one.id),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert desk.practices.practice(WRITER, one.id).practice == filled()


def test_staff_read_what_was_handed_in_and_not_what_its_author_writes_since(desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    taken = reviewed(desk, one)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "How many?")
    desk.practices.save(WRITER, one.id, filled(results="Not for your eyes yet."), 1)
    later = desk.practices.files.attach(WRITER, one.id, "later.md", b"# Later\n\nNot yet.")
    for who in (AMINA, BAKARI, CHIEF):
        assert desk.practices.practice(who, one.id).practice == filled()
        assert desk.practices.files.attachments(who, one.id) == [file]
        assert desk.practices.files.download(who, one.id, file.id)[1] == REPORT
        with pytest.raises(NotFound):
            desk.practices.files.download(who, one.id, later.id)
    assert desk.practices.practice(WRITER, one.id).practice.text("results") == "Not for your eyes yet."
    desk.practices.submit(WRITER, one.id)
    assert desk.practices.practice(AMINA, one.id).practice.text("results") == "Not for your eyes yet."


def test_who_lost_the_role_of_a_contributor_changes_nothing_more(desk: WritingDesk) -> None:
    one = desk.filled()
    with pytest.raises(NotAllowed):
        desk.practices.save(replace(WRITER, role=Role.MEMBER), one.id, filled(context="More."), 1)


def test_a_new_version_begins_with_the_words_and_files_of_the_one_before(desk: WritingDesk) -> None:
    one = desk.filled()
    before = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    taken = reviewed(desk, one)
    desk.reviews.publish(AMINA, one.id, taken.revision, "public")
    following = desk.submissions.renew(WRITER, one.id)
    unticked = filled(agreed="", unrecognisable="")
    for _ in range(2):
        assert desk.practices.practice(WRITER, following.id).practice == unticked
        (file,) = desk.practices.files.attachments(WRITER, following.id)
        assert (file.name, file.digest) == (before.name, before.digest)
        assert file.id != before.id
    with pytest.raises(Invalid) as refused:  # consent was given to the other text
        desk.practices.submit(WRITER, following.id)
    assert refused.value.fields.keys() == {"agreed", "unrecognisable"}
    changed = filled(lessons="Begin with the employers.")
    desk.practices.save(WRITER, following.id, changed, 0)
    assert desk.practices.submit(WRITER, following.id).version == 2
    assert desk.practices.practice(AMINA, following.id).practice == changed


def test_a_new_version_begins_with_what_answers_and_not_with_what_was_declined_or_taken_back(
    desk: WritingDesk,
) -> None:
    one = desk.filled()
    taken = reviewed(desk, one)
    desk.reviews.publish(AMINA, one.id, taken.revision, "public")
    desk.clock.pass_by(days=3)
    later = desk.submissions.renew(WRITER, one.id)
    desk.practices.practice(WRITER, later.id)
    desk.practices.save(WRITER, later.id, filled(results="For nobody yet."), 0)
    desk.practices.files.attach(WRITER, later.id, "secret.md", REPORT)
    handed_in = desk.practices.submit(WRITER, later.id)
    desk.submissions.take_back(WRITER, later.id, handed_in.revision)
    of_staff = desk.submissions.renew(BAKARI, one.id)
    begun = desk.practices.practice(BAKARI, of_staff.id)
    assert begun.practice.text("results") == filled().text("results")
    assert desk.practices.files.attachments(BAKARI, of_staff.id) == []


def test_an_upload_is_no_form(desk: WritingDesk) -> None:
    one = desk.submissions.begin(WRITER, form="document", title="A report")
    for attempt in (
        lambda: desk.practices.practice(WRITER, one.id),
        lambda: desk.practices.save(WRITER, one.id, filled(), 0),
    ):
        with pytest.raises(NotFound):
            attempt()


# files beside the form


def test_a_file_that_cannot_be_used_is_refused_and_nothing_else_is_lost(desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    packed = documents.archive({"[Content_Types].xml": b"", "word/document.xml": b"0" * 90_000_000})
    bad = {
        "bomb.docx": packed,
        "picture.png": b"\x89PNG\r\n\x1a\n" + b"0" * 100,
        "empty.md": b"",
        "program.exe": b"MZ\x90\x00" + b"\x00" * 100,
        "webinar.yaml": WEBINAR,
        "large.txt": b"word " * 500_000,
    }
    for name, content in bad.items():
        with pytest.raises(FileRejected) as refused:
            desk.practices.files.attach(WRITER, one.id, name, content)
        assert refused.value.name == name
    assert desk.practices.files.attachments(WRITER, one.id) == [file]
    assert kept(desk) == {file.digest}
    assert desk.practices.practice(WRITER, one.id).practice == filled()


def test_a_file_as_large_as_may_be_is_taken(tmp_path: Path, cages: Cages) -> None:
    with writing_desk(tmp_path, cages, most_bytes=len(REPORT)) as desk:
        one = desk.filled()
        assert desk.practices.files.attach(WRITER, one.id, "report.md", REPORT).size == len(REPORT)
        with pytest.raises(FileRejected):
            desk.practices.files.attach(WRITER, one.id, "report.md", REPORT + b" ")


def test_the_files_beside_all_forms_of_one_person_have_a_limit(tmp_path: Path, cages: Cages) -> None:
    """Of forms that are not decided, or those who write much could attach nothing any more."""
    with writing_desk(tmp_path, cages, most_bytes=len(REPORT)) as desk:
        files = desk.practices.files
        one, two, three = desk.filled(), desk.filled(), desk.filled()
        for form in (one, two):
            for number in range(10):
                files.attach(WRITER, form.id, f"{number}.md", REPORT)
        with pytest.raises(FileRejected, match="together"):
            files.attach(WRITER, three.id, "one-more.md", REPORT)
        assert files.attachments(WRITER, three.id) == []
        files.detach(WRITER, one.id, files.attachments(WRITER, one.id)[0].id)
        assert files.attach(WRITER, three.id, "one-more.md", REPORT).size == len(REPORT)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.md",
        "C:\\x\\a.md",
        "a\x00.md",
        "\u202ednim.md",
        "x" * 300 + ".md",
        "--f.md",
        "con.md",
    ],
)
def test_hostile_names_never_become_paths(name: str, desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, name, REPORT)
    assert not set(file.name) & set("/\\\x00\u202e")
    assert len(file.name) <= 120
    assert file.download_name == f"attachment-{file.id}.md"
    assert kept(desk) == {file.digest}


def test_ten_files_are_attached_and_not_one_more(desk: WritingDesk) -> None:
    one = desk.filled()
    for number in range(MOST_FILES):
        desk.practices.files.attach(WRITER, one.id, f"{number}.md", b"# Report %d\n\nWords." % number)
    with pytest.raises(FileRejected) as refused:
        desk.practices.files.attach(WRITER, one.id, "11.md", REPORT)
    assert "10 files" in str(refused.value)
    assert len(kept(desk)) == MOST_FILES


def test_bytes_go_with_the_last_form_that_needs_them(desk: WritingDesk) -> None:
    one, other = desk.filled(), desk.filled(OTHER)
    mine = desk.practices.files.attach(WRITER, one.id, "a.md", REPORT)
    theirs = desk.practices.files.attach(OTHER, other.id, "b.md", REPORT)
    desk.practices.files.detach(WRITER, one.id, mine.id)
    assert kept(desk) == {mine.digest}
    assert desk.practices.files.download(OTHER, other.id, theirs.id)[1] == REPORT
    desk.practices.files.detach(OTHER, other.id, theirs.id)
    assert kept(desk) == set()


def test_a_form_is_deleted_with_all_its_files_but_for_bytes_that_another_needs(desk: WritingDesk) -> None:
    one, other = desk.filled(lessons="Sow quillwort first."), desk.filled(OTHER)
    files = desk.practices.files
    files.attach(WRITER, one.id, "a.md", REPORT)
    files.attach(WRITER, one.id, "alone.md", b"# Another report\n\nWords.")
    files.add_material(WRITER, one.id, "interview.md", b"# An interview\n\nWords.")
    theirs = files.attach(OTHER, other.id, "b.md", REPORT)
    desk.submissions.delete(WRITER, one.id, one.revision)
    assert kept(desk) == {theirs.digest}
    assert files.download(OTHER, other.id, theirs.id)[1] == REPORT
    with desk.records.reading() as connection:
        for table in ("practices", "practice_files"):
            rows = connection.exec_driver_sql(f"SELECT submission_id FROM {table}").scalars().all()
            assert rows == [other.id], table
    assert b"quillwort" not in written_below(desk.library.folder)
    with pytest.raises(NotFound):
        desk.practices.save(WRITER, one.id, filled(), 1)


def test_bytes_that_a_power_cut_left_go_at_the_next_start(desk: WritingDesk) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "a.md", REPORT)
    Originals(desk.folder).keep(b"kept, and then the power went")
    desk.practices.files.tidy()
    assert kept(desk) == {file.digest}


def test_an_attachment_cannot_take_the_place_of_a_document_or_announce_a_webinar(desk: WritingDesk) -> None:
    one = desk.filled()
    stolen = (
        b"---\nid: palm-scheme\ntier: peer reviewed\naudience: staff\nevent: webinar-1\n---\n# Mine\n\nWords."
    )
    desk.practices.files.attach(WRITER, one.id, "x.md", stolen)
    handed_in = desk.practices.submit(WRITER, one.id)
    (entry,) = [each for each in desk.library.store.entries() if each.source.part_of]
    assert entry.source.id.startswith(handed_in.source_id)
    assert (entry.source.tier, entry.source.event, entry.audience) == ("", None, "public")


# trouble


def refuse(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_in_mid_submission_leaves_the_draft_as_it_was(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    before = desk.practices.practice(WRITER, one.id)
    with monkeypatch.context() as full:
        full.setattr(desk.library.originals, "keep", refuse)
        with pytest.raises(NoRoom) as refused:
            desk.practices.submit(WRITER, one.id)
    assert "disk" in str(refused.value) and "submitted" in str(refused.value)
    assert desk.practices.practice(WRITER, one.id) == before
    assert desk.practices.files.attachments(WRITER, one.id) == [file]
    assert desk.submissions.get(WRITER, one.id).state == State.DRAFT
    assert desk.library.store.entries(states={DRAFT}) == []
    assert desk.practices.submit(WRITER, one.id).state == State.SUBMITTED


def test_what_could_not_be_handed_in_again_is_not_shown_to_staff(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.filled()
    taken = reviewed(desk, one)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "How many?")
    desk.practices.save(WRITER, one.id, filled(results="Not for your eyes yet."), 1)
    later = desk.practices.files.attach(WRITER, one.id, "later.md", REPORT)
    with monkeypatch.context() as full:
        full.setattr(desk.library.originals, "keep", refuse)
        with pytest.raises(NoRoom):
            desk.practices.submit(WRITER, one.id)
    assert desk.practices.practice(AMINA, one.id).practice == filled()
    assert desk.practices.files.attachments(AMINA, one.id) == []
    desk.practices.submit(WRITER, one.id)
    assert desk.practices.practice(AMINA, one.id).practice.text("results") == "Not for your eyes yet."
    assert desk.practices.files.attachments(AMINA, one.id) == [later]


def test_a_full_disk_while_attaching_loses_nothing(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.filled()
    with monkeypatch.context() as full:
        full.setattr("index.originals.write_whole", refuse)
        with pytest.raises(NoRoom):
            desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    assert desk.practices.files.attachments(WRITER, one.id) == []
    assert kept(desk) == set()


def test_a_database_that_finds_no_room_is_said_in_the_same_words_and_other_faults_are_not() -> None:
    for words, expected in (("database or disk is full", NoRoom), ("no such table: x", OperationalError)):
        with pytest.raises(expected), room("saved"):
            raise OperationalError("INSERT", {}, sqlite3.OperationalError(words))
    with pytest.raises(PermissionError), room("saved"):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_form_that_is_far_too_long_is_not_stored_whichever_way_it_comes(desk: WritingDesk) -> None:
    """One that was could never be saved again: no browser may send so much."""
    one = desk.filled()
    with pytest.raises(Invalid):
        desk.practices.save(WRITER, one.id, filled(context="x" * (MOST + 1)), 1)
    with pytest.raises(Invalid):
        desk.practices.lay_over(WRITER, one.id, "form.docx", word_file(filled(context="x" * (MOST + 1))))
    full = desk.practices.save(WRITER, one.id, filled(context="x" * (MOST - 1_500)), 1)
    note = desk.practices.files.add_material(WRITER, one.id, "a.md", b"# Lessons\n\n" + b"Ask first. " * 300)
    with pytest.raises(Invalid):
        desk.practices.use(WRITER, one.id, note.id, all_first=True)
    assert desk.practices.practice(WRITER, one.id) == full


def test_a_word_form_fills_the_draft_and_keeps_what_it_replaced(desk: WritingDesk) -> None:
    one = desk.filled(context="As it was.")
    saved = desk.practices.lay_over(WRITER, one.id, "form.docx", word_file(filled(context="As in Word.")))
    assert saved.revision == 2
    assert saved.practice.text("context") == "As in Word."
    assert "As it was." in saved.practice.text(UNPLACED.id)
    with pytest.raises(FileRejected):
        desk.practices.lay_over(WRITER, one.id, "form.docx", REPORT)
    assert desk.practices.practice(WRITER, one.id) == saved


def test_materials_are_never_handed_in(desk: WritingDesk) -> None:
    one = desk.filled()
    desk.practices.files.add_material(WRITER, one.id, "interview.md", REPORT)
    desk.practices.submit(WRITER, one.id)
    assert len(desk.library.store.entries()) == 1
    assert desk.practices.files.attachments(AMINA, one.id) == []
