"""The pages of the form over HTTP: complete without scripts, nothing lost, nothing shown to others."""

from __future__ import annotations

import errno
import html
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from bot.pages.library_routes import pages
from community.people import Person
from community.practices.asked import QUESTIONS
from community.practices.fields import FIELDS
from community.practices.template import TEMPLATE, UNPLACED
from community.practices.word_template import word_file
from community.submissions import State, Submission
from index.scope import PUBLIC
from tests.community.practising import NASTY, WORDS, Cages, WritingDesk, filled, writing_desk
from tests.community.submitting import ALL_MET, AMINA, CHIEF, MEMBER, OTHER, WRITER, span_of
from tests.ingest import documents

INTERVIEW = Path(__file__).parent / "practice_words" / "interview_welders.vtt"
REPORT = b"# Report\n\nOf 90 trainees 81 were certified in 2025."
CROSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def cages() -> Iterator[Cages]:
    cages = Cages()
    yield cages
    cages.close()


@pytest.fixture
def desk(tmp_path: Path, cages: Cages) -> Iterator[WritingDesk]:
    with writing_desk(tmp_path, cages) as desk:
        yield desk


@pytest.fixture
def web(desk: WritingDesk) -> Iterator[TestClient]:
    with desk.web() as client:
        yield client


def by(who: Person, **more: str) -> dict[str, str]:
    """The headers of somebody's request."""
    return {"x-person": who.id, **more}


AUTOSAVE = {"accept": "application/json"}


def typed(revision: int, **changed: str) -> dict[str, str]:
    """What a browser sends of a filled form."""
    return {**WORDS, **changed, "revision": str(revision)}


def revision_in(page: Response) -> int:
    return int(re.search(r'name="revision" value="(\d+)"', page.text)[1])  # type: ignore[index]


def shown(page: Response) -> dict[str, str]:
    """The texts in the boxes of a page."""
    boxes = re.findall(r'<textarea id="(\w+)".*?>\n(.*?)</textarea>', page.text, re.DOTALL)
    return {name: html.unescape(text) for name, text in boxes}


def test_a_form_is_filled_in_saved_looked_at_and_handed_in_without_scripts(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.draft(title="")
    here = f"/contributions/{one.id}/form"
    empty = web.get(here, headers=by(WRITER))
    assert empty.status_code == 200
    assert len(empty.content) < 30_000
    saved = web.post(here, data=typed(revision_in(empty), do="save"), headers=by(WRITER))
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}?saved=1#saved")
    again = web.get(saved.headers["location"], headers=by(WRITER))
    assert "Saved 09:00 UTC" in again.text
    assert shown(again)["financing"] == WORDS["financing"]
    looked = web.post(here, data=typed(revision_in(again), do="preview"), headers=by(WRITER))
    preview = web.get(looked.headers["location"], headers=by(WRITER))
    assert '<h2 dir="auto">Financing</h2>' in preview.text
    assert "The worker pays nothing." in preview.text
    handed_in = web.post(here, data=typed(revision_in(again), do="submit"), headers=by(WRITER))
    assert (handed_in.status_code, handed_in.headers["location"]) == (303, f"/contributions/{one.id}")
    assert desk.submissions.get(WRITER, one.id).state == State.SUBMITTED


def test_each_field_has_its_label_and_help_and_sections_a_list_of_contents(
    desk: WritingDesk, web: TestClient
) -> None:
    page = web.get(f"/contributions/{desk.draft().id}/form", headers=by(WRITER)).text
    for one in FIELDS.values():
        if one is not UNPLACED:
            assert f'name="{one.id}"' in page
            assert str(html.escape(one.help, quote=False)) in page
    for target in re.findall(r'href="#([\w-]+)"', page):
        assert f'id="{target}"' in page


def test_errors_stand_at_the_field_and_on_top_and_what_was_typed_is_there(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    sent = typed(0, do="submit", lessons="", date="soon", context="x" * 10_001)
    page = web.post(here, data=sent, headers=by(WRITER))
    assert page.status_code == 400
    for name in ("lessons", "date", "context"):
        assert f'<a href="#{name}">' in page.text
        assert f'id="{name}-error"' in page.text
    assert shown(page)["context"] == "x" * 10_001
    assert desk.practices.practice(WRITER, one.id).practice.text("context") == "x" * 10_001
    assert desk.submissions.get(WRITER, one.id).state == State.DRAFT


def test_typing_is_saved_in_the_background(desk: WritingDesk, web: TestClient) -> None:
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    first = web.post(here, data={"context": "Half a sen", "revision": "0"}, headers=by(WRITER, **AUTOSAVE))
    assert (first.status_code, first.json()) == (200, {"revision": 1, "problems": {}, "words": 3})
    second = web.post(
        here, data={"context": "Half a sentence.", "revision": "1"}, headers=by(WRITER, **AUTOSAVE)
    )
    assert second.json()["revision"] == 2
    assert desk.practices.practice(WRITER, one.id).practice.text("context") == "Half a sentence."


def test_two_windows_are_shown_both_texts_and_a_way_out(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    web.post(here, data=typed(1, context="Of the first window."), headers=by(WRITER))
    told = web.post(here, data=typed(1, context="Of the second."), headers=by(WRITER, **AUTOSAVE))
    assert told.status_code == 409
    assert told.json()["revision"] == 2
    page = web.post(here, data=typed(1, context="Of the second."), headers=by(WRITER))
    assert page.status_code == 409
    assert shown(page)["context"] == "Of the second."
    assert "Of the first window." in page.text
    assert desk.practices.practice(WRITER, one.id).practice.text("context") == "Of the first window."
    web.post(here, data=typed(revision_in(page), context="Of both."), headers=by(WRITER))
    assert desk.practices.practice(WRITER, one.id).practice.text("context") == "Of both."


def test_a_text_survives_the_deletion_of_its_draft_in_another_window(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    desk.submissions.delete(WRITER, one.id, one.revision)
    kept = web.post(here, data=typed(1, context="Typed since."), headers=by(WRITER))
    assert kept.status_code == 404
    assert "Typed since." in kept.text and "copy it from here" in kept.text and "Save draft" not in kept.text
    told = web.post(here, data=typed(1, context="Typed since."), headers=by(WRITER, **AUTOSAVE))
    assert (told.status_code, "deleted it" in told.json()["message"]) == (404, True)


def test_a_text_survives_a_lost_session(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    told = web.post(here, data=typed(1, context="Long thought about."), headers=AUTOSAVE)
    assert told.status_code == 401
    assert "Sign in in another tab" in told.json()["message"]
    page = web.post(here, data=typed(1, context="Long thought about."))
    assert page.status_code == 401
    assert shown(page)["context"] == "Long thought about."
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', page.text)
    again = {name: [html.unescape(text) for other, text in hidden if other == name] for name, _ in hidden}
    saved = web.post(here, data={**shown(page), **again, "do": "save"}, headers=by(WRITER))
    assert saved.status_code == 303
    assert desk.practices.practice(WRITER, one.id).practice == filled(context="Long thought about.")


def test_what_is_typed_while_somebody_reviews_it_is_given_back(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    desk.practices.submit(WRITER, one.id)
    page = web.post(f"/contributions/{one.id}/form", data=typed(1, context="Too late."), headers=by(WRITER))
    assert page.status_code == 409
    assert shown(page)["context"] == "Too late."
    told = web.post(
        f"/contributions/{one.id}/form", data=typed(1, context="Too late."), headers=by(WRITER, **AUTOSAVE)
    )
    assert told.status_code == 409
    assert "revision" not in told.json()


def test_who_may_not_write_any_more_is_given_back_what_they_typed(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    no_longer = by(WRITER, **{"x-role": "member"})
    page = web.post(here, data=typed(1, context="Long thought about."), headers=no_longer)
    assert page.status_code == 403
    assert shown(page)["context"] == "Long thought about."
    told = web.post(here, data=typed(1, context="Long thought about."), headers={**no_longer, **AUTOSAVE})
    assert (told.status_code, told.json().keys()) == (403, {"message"})
    assert desk.practices.practice(WRITER, one.id).practice == filled()


def test_a_text_that_was_too_long_does_not_overwrite_what_another_window_saved_since(
    desk: WritingDesk, web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    web.post(here, data=typed(1, context="Of the first window."), headers=by(WRITER))

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(desk.records, "writing", refuse)
        page = web.post(here, data=typed(1, context="Of the second."), headers=by(WRITER))
    assert (page.status_code, revision_in(page)) == (507, 1)
    again = web.post(here, data=typed(revision_in(page), context="Of the second."), headers=by(WRITER))
    assert again.status_code == 409
    assert desk.practices.practice(WRITER, one.id).practice.text("context") == "Of the first window."


def test_a_button_pressed_twice_hands_in_once_and_says_no_trouble(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    answers = [
        web.post(f"/contributions/{one.id}/form", data=typed(1, do="submit"), headers=by(WRITER))
        for _ in range(2)
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["location"]) == (303, f"/contributions/{one.id}")


def asked_for_changes(desk: WritingDesk, *comments: tuple[str, str]) -> Submission:
    """A form back with its author, each comment on its words of the document, else on the whole."""
    one = desk.filled(period="2018 to 2024")
    taken = desk.reviews.take(AMINA, one.id, desk.practices.submit(WRITER, one.id).revision)
    for words, text in comments:
        span = span_of(desk, taken, words) if words else None
        desk.comments.say(AMINA, one.id, text, version=1, span=span)
    return desk.reviews.ask_changes(AMINA, one.id, taken.revision, "Say who pays.")


def remarked(page: Response) -> dict[str, str]:
    """What is said of each field: its name, the words beside it."""
    soup = BeautifulSoup(page.text, "lxml")
    boxes = soup.select("#practice textarea, #practice input")
    ids = {str(box["name"]): str(box.get("aria-describedby", "")).split() for box in boxes}
    said = {name: [one for one in names if one.endswith("-said")] for name, names in ids.items()}
    return {name: soup.select(f"#{one[0]}")[0].text for name, one in said.items() if one}


def test_what_a_reviewer_said_stands_at_the_field_that_it_is_about(
    desk: WritingDesk, web: TestClient
) -> None:
    one = asked_for_changes(
        desk,
        ("The worker pays nothing.", "Not even <b>the passport</b>?"),
        ("lessons in the county.", "Which ones?"),
        ("six weeks", "Were it not eight?"),
        ("2018 to 2024", "And since?"),
        ("", "Well done on the whole."),
    )
    desk.comments.say(
        AMINA, one.id, "For staff: do they mean it?", version=1, span=span_of(desk, one, "90"), for_staff=True
    )
    here = f"/contributions/{one.id}/form"
    page = web.get(here, headers=by(WRITER))
    said = remarked(page)
    assert said.keys() == {"financing", "lessons", "summary", "period"}
    assert "The worker pays nothing." in said["financing"]
    assert "Not even <b>the passport</b>?" in said["financing"]
    assert "Were it not eight?" in said["summary"] and "And since?" in said["period"]
    assert "For staff" not in page.text
    asked = BeautifulSoup(page.text, "lxml").select_one("main .next")
    assert asked is not None
    assert "Say who pays." in asked.text and "Well done on the whole." in asked.text
    assert {str(link["href"]) for link in asked.select("a")} >= {
        "#financing-field",
        "#lessons-field",
        "#summary-field",
    }
    for who in (AMINA, OTHER, MEMBER):
        assert "passport" not in web.get(here, headers=by(who)).text
    # what is typed is refused, and the comments are still there
    again = web.post(here, data=typed(0, context="Of another window."), headers=by(WRITER))
    assert again.status_code == 409 and remarked(again) == said


def test_a_comment_leaves_its_field_when_it_is_settled_and_stays_on_top_when_its_words_are_gone(
    desk: WritingDesk, web: TestClient
) -> None:
    one = asked_for_changes(
        desk, ("The worker pays nothing.", "Not even the passport?"), ("lessons", "Which?"), ("90", "Sure?")
    )
    passport, lessons, sure = sorted(talk.comment.id for talk in desk.comments.of(WRITER, one.id))
    desk.comments.mark_done(WRITER, one.id, lessons, True)
    desk.comments.reply(WRITER, one.id, passport, "The farm pays that.")
    here = f"/contributions/{one.id}/form"
    page = web.get(here, headers=by(WRITER))
    said = remarked(page)
    assert "you marked this as done" in said["lessons"]
    assert "The farm pays that." in said["financing"]
    assert f'href="/contributions/{one.id}#c{passport}"' in page.text
    web.post(
        here,
        data=typed(revision_in(page), do="submit", financing="90 dollars, by the farm."),
        headers=by(WRITER),
    )
    desk.comments.resolve(AMINA, one.id, sure, True)
    waiting = desk.submissions.get(AMINA, one.id)
    taken = desk.reviews.take(AMINA, one.id, waiting.revision)
    desk.reviews.ask_changes(AMINA, one.id, taken.revision, "Once more.")
    page = web.get(here, headers=by(WRITER))
    assert remarked(page).keys() == {"lessons"}
    assert "These words are gone from version 2" in page.text and "Sure?" not in page.text
    taken_back = desk.submissions.get(WRITER, one.id)
    desk.submissions.take_back(WRITER, one.id, taken_back.revision)
    assert remarked(web.get(here, headers=by(WRITER))).keys() == {"lessons"}


@pytest.mark.parametrize("title", ["Home-care training", "Financing"])
def test_the_preview_shows_what_will_appear(title: str, desk: WritingDesk, web: TestClient) -> None:
    """Block by block as the library shows it once it is published."""
    texts = {field.id: nasty for field, nasty in zip(TEMPLATE, NASTY, strict=False)}
    listed = {"actors": "Who:\n- a | b\n- c | d\n- e", "results": "- one\n- two", "period": "2018 to 2024"}
    one = desk.filled(**{**texts, **listed, "title": title})
    desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    preview = web.get(f"/contributions/{one.id}/form/preview", headers=by(WRITER))
    taken = desk.reviews.take(AMINA, one.id, desk.practices.submit(WRITER, one.id).revision)
    desk.reviews.judge(AMINA, one.id, taken.version, ALL_MET)
    published = desk.reviews.publish(AMINA, one.id, taken.revision, "public")
    library = FastAPI()
    library.include_router(pages(desk.library, lambda request: PUBLIC))
    address = f"/sources/{published.source_id}"
    with TestClient(library) as reader:
        read = [reader.get(address, params={"part": number}).text for number in (1, 2)]
    looks, first, rest = (BeautifulSoup(text, "lxml") for text in (preview.text, *read))
    assert structure(looks, "h1") == structure(first, "h1")
    assert structure(looks, "header .meta") == structure(first, "header .meta")
    assert structure(looks, ".words") == structure(first, ".words") + structure(rest, ".words")
    assert f"{title}: report.md" in looks.text and f"{title}: report.md" in first.text


def structure(page: BeautifulSoup, part: str) -> list[tuple[str, str]]:
    """The innermost elements of a part of a document, with their words."""
    element = page.select(f".document {part}")[0]
    inner = [one for one in element.find_all(True) if not one.find(True)] or [element]
    tier = "Checked by staff"  # is not known before somebody judged
    return [(one.name, one.text.strip()) for one in inner if one.text.strip() != tier]


def test_nothing_that_people_wrote_is_markup_on_any_page(desk: WritingDesk, web: TestClient) -> None:
    """Every field, the names of files, the title of a call: on the form, preview, files, words, for staff."""
    one = desk.submissions.begin(WRITER, form="practice", call_id="rpl")
    here = f"/contributions/{one.id}/form"
    nasty = {name: CROSS for name, field in FIELDS.items() if field.kind in ("text", "line", "list")}
    draft = desk.practices.save(
        WRITER, one.id, filled(**{**nasty, UNPLACED.id: "", "date": "", "corridors": ""}), 0
    )
    desk.practices.files.attach(WRITER, one.id, f"{CROSS}.md", REPORT)
    material = desk.practices.files.add_material(
        WRITER, one.id, f"{CROSS}.txt", f"{QUESTIONS['financing'][0]} {CROSS}".encode()
    )
    _, (proposal, *_) = desk.practices.proposals(WRITER, one.id, material.id)
    desk.practices.use(WRITER, one.id, material.id, [proposal.key])
    pages = [
        web.get(here, headers=by(WRITER)),
        web.get(f"{here}/preview", headers=by(WRITER)),
        web.get(f"{here}/files", headers=by(WRITER)),
        web.get(f"{here}/words?document={material.id}", headers=by(WRITER)),
        web.post(here, data=typed(0, **nasty), headers=by(WRITER)),
        web.post(here, data=typed(0, **nasty)),
    ]
    desk.practices.submit(WRITER, one.id)
    pages.append(web.get(here, headers=by(AMINA)))
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 409, 401, 200]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "alert(1)" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "Call &lt;b&gt;on&lt;/b&gt; recognition" in pages[0].text
    assert draft.practice.text("context") in shown(pages[0])["context"]


@pytest.mark.parametrize("nasty", NASTY)
def test_front_matter_and_markup_stay_text_in_the_library(
    nasty: str, desk: WritingDesk, web: TestClient
) -> None:
    one = desk.filled(**{field.id: nasty for field in TEMPLATE})
    preview = web.get(f"/contributions/{one.id}/form/preview", headers=by(WRITER))
    assert preview.text.count("<h2") == len(TEMPLATE)
    handed_in = desk.practices.submit(WRITER, one.id)
    assert handed_in.source_id != "stolen"
    (entry,) = desk.library.store.entries()
    assert entry.source.title == filled().title


def test_another_persons_draft_is_not_there_whatever_is_asked_of_it(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.filled()
    file = desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    here = f"/contributions/{one.id}/form"
    none = f"/contributions/{'0' * 12}/form"
    upload = {"files": {"attachments": ("a.md", REPORT)}}
    for who in (MEMBER, OTHER, AMINA, CHIEF):
        for method, path, more in (
            ("GET", "", {}),
            ("POST", "", {"data": typed(1, context="Mine now.")}),
            ("POST", "", {"data": typed(1, do="submit")}),
            ("POST", "", {"data": typed(1), "headers": by(who, **AUTOSAVE)}),
            ("GET", "/preview", {}),
            ("GET", "/good-practice.docx", {}),
            ("GET", "/files", {}),
            ("POST", "/files", upload),
            ("GET", f"/files/{file.id}", {}),
            ("POST", f"/files/{file.id}/detach", {}),
            ("POST", "/word", upload),
            ("POST", "/words", upload),
            ("GET", f"/words?document={file.id}", {}),
            ("POST", "/words/use", {"data": {"document": file.id, "all_first": "yes"}}),
        ):
            asked = {"headers": by(who), **more}
            answer = web.request(method, here + path, **asked)
            same = web.request(method, none + path, **asked)
            assert (answer.status_code, answer.text) == (same.status_code, same.text), (who.role, path)
            assert answer.status_code == 404
            assert "Home-care" not in answer.text or method == "POST"
    assert desk.practices.practice(WRITER, one.id).revision == 1
    assert desk.practices.files.attachments(WRITER, one.id) == [file]


def test_files_are_attached_fetched_and_taken_away(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    here = f"/contributions/{one.id}/form"
    sent = [
        (
            "attachments",
            ("../../evil\r\nname.html", b"<html><body><p>Words</p><script>x</script></body></html>"),
        ),
        ("attachments", ("report.md", REPORT)),
    ]
    assert web.post(f"{here}/files", files=sent, headers=by(WRITER)).status_code == 303
    page, report = desk.practices.files.attachments(WRITER, one.id)
    fetched = web.get(f"{here}/files/{page.id}", headers=by(WRITER))
    assert fetched.headers["content-disposition"] == f'attachment; filename="attachment-{page.id}.html"'
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.content == sent[0][1][1]
    assert web.post(f"{here}/files/{page.id}/detach", headers=by(WRITER)).status_code == 303
    assert web.get(f"{here}/files/{page.id}", headers=by(WRITER)).status_code == 404
    assert desk.practices.files.attachments(WRITER, one.id) == [report]


def test_bad_files_are_refused_each_with_its_reason_and_good_ones_beside_them_stay(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.filled()
    bomb = documents.archive({"[Content_Types].xml": b"", "word/document.xml": b"0" * 90_000_000})
    sent = [
        ("attachments", ("report.md", REPORT)),
        ("attachments", ("bomb.docx", bomb)),
        ("attachments", ("large.txt", b"word " * 500_000)),
        ("attachments", ("picture.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100)),
        ("attachments", ("empty.md", b"")),
    ]
    page = web.post(f"/contributions/{one.id}/form/files", files=sent, headers=by(WRITER))
    assert page.status_code == 400
    for words in (
        "bomb.docx: It would unpack",
        "large.txt: It is larger than 2 MB",
        "picture.png: It is an image",
        "empty.md: The file is empty",
    ):
        assert words in html.unescape(page.text)
    assert [file.name for file in desk.practices.files.attachments(WRITER, one.id)] == ["report.md"]
    assert desk.practices.practice(WRITER, one.id).practice == filled()


@pytest.mark.parametrize("path", ["files", "word", "words"])
def test_a_browser_closed_in_mid_upload_leaves_nothing(path: str, desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    whole = (
        b'--cut\r\nContent-Disposition: form-data; name="attachments"; filename="report.md"\r\n\r\n'
        + REPORT
        + b"\r\n--cut--\r\n"
    )
    headers = by(WRITER, **{"content-type": "multipart/form-data; boundary=cut"})
    for length in (10, 80, len(whole) - 20):
        page = web.post(f"/contributions/{one.id}/form/{path}", content=whole[:length], headers=headers)
        assert page.status_code == 400
        assert "The line broke" in page.text
    assert desk.practices.files.attachments(WRITER, one.id) == []
    assert [file for file in desk.folder.rglob("*") if file.is_file()] == []
    assert desk.practices.practice(WRITER, one.id).practice == filled()


def test_no_file_at_all_is_said(desk: WritingDesk, web: TestClient) -> None:
    one = desk.filled()
    page = web.post(
        f"/contributions/{one.id}/form/files", files={"attachments": ("", b"")}, headers=by(WRITER)
    )
    assert (page.status_code, "Choose one" in page.text) == (400, True)


def test_a_full_disk_is_said_and_the_typed_text_is_still_on_the_page(
    desk: WritingDesk, web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.filled()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(desk.library.originals, "keep", refuse)
    page = web.post(
        f"/contributions/{one.id}/form",
        data=typed(1, do="submit", context="As it is now."),
        headers=by(WRITER),
    )
    assert page.status_code == 507
    assert "The disk of this library is full, so this was not submitted" in page.text
    assert shown(page)["context"] == "As it is now."
    assert desk.submissions.get(WRITER, one.id).state == State.DRAFT


def test_the_word_form_is_fetched_filled_in_and_sent_back(desk: WritingDesk, web: TestClient) -> None:
    template = web.get("/contribute/good-practice.docx")
    assert "attachment" in template.headers["content-disposition"]
    document = Document(BytesIO(template.content))
    for table in document.tables:
        if table.cell(0, 0).text.startswith("Lessons"):
            table.cell(1, 0).add_paragraph("Ask the employers first.")
    document.add_paragraph("By the way.")
    written = BytesIO()
    document.save(written)
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    sent = web.post(f"{here}/word", files={"word": ("form.docx", written.getvalue())}, headers=by(WRITER))
    assert sent.status_code == 303
    page = web.get(here, headers=by(WRITER))
    assert shown(page)["lessons"] == "Ask the employers first."
    assert shown(page)[UNPLACED.id] == "By the way."
    whole = web.get(f"{here}/good-practice.docx", headers=by(WRITER))
    assert whole.content != word_file()


def test_words_of_an_interview_are_shown_with_their_place_and_used_when_asked_for(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    interview = {"document": ("interview.vtt", INTERVIEW.read_bytes())}
    sent = web.post(f"{here}/words", files=interview, headers=by(WRITER))
    page = web.get(sent.headers["location"], headers=by(WRITER))
    assert page.status_code == 200
    assert desk.practices.practice(WRITER, one.id).revision == 0
    proposal = r'value="(financing:[\d-]+)".*?<blockquote.*?>(.*?)</blockquote>.*?class="place">(.*?)</p>'
    key, words, place = re.findall(proposal, page.text, re.DOTALL)[0]
    assert re.search(r"\d\d:\d\d-\d\d:\d\d, Training director", place)
    material = re.search(r'name="document" value="(\w+)"', page.text)[1]  # type: ignore[index]
    used = web.post(f"{here}/words/use", data={"document": material, "words": key}, headers=by(WRITER))
    assert (used.status_code, used.headers["location"]) == (303, f"{here}?saved=1#financing-field")
    form = web.get(here, headers=by(WRITER))
    text = shown(form)["financing"]
    assert text.startswith(f"“{html.unescape(words)}”\n\n(From: interview.vtt, ")
    assert "Training director)" in text
    assert form.text.count('class="taken"') == 1
    edited = text.replace("dollars", "euros")
    web.post(here, data={"financing": edited, "revision": str(revision_in(form))}, headers=by(WRITER))
    assert 'class="taken"' not in web.get(here, headers=by(WRITER)).text


def test_fill_all_uses_the_first_words_of_each_field_once(desk: WritingDesk, web: TestClient) -> None:
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    material = desk.practices.files.add_material(WRITER, one.id, "interview.vtt", INTERVIEW.read_bytes())
    _, proposed = desk.practices.proposals(WRITER, one.id, material.id)
    for _ in range(2):
        web.post(f"{here}/words/use", data={"document": material.id, "all_first": "yes"}, headers=by(WRITER))
    draft = desk.practices.practice(WRITER, one.id)
    assert {taken.field for taken in draft.prefilled} == {each.field for each in proposed}
    assert len(draft.prefilled) == len({each.field for each in proposed})
    for taken in draft.prefilled:
        assert draft.practice.text(taken.field).count("(From: ") == 1
    made_up = {"document": material.id, "words": "financing:0-5"}
    assert web.post(f"{here}/words/use", data=made_up, headers=by(WRITER)).status_code == 303
    assert desk.practices.practice(WRITER, one.id).practice == draft.practice


def test_words_of_a_document_of_the_library_only_for_who_may_read_it(
    desk: WritingDesk, web: TestClient
) -> None:
    other = desk.filled(OTHER, title="Quiet", financing="The secret ministry pays it all.")
    quiet = desk.practices.submit(OTHER, other.id)
    open_one = desk.published(words="# Financing\n\nThe open ministry pays it all.")
    one = desk.draft()
    here = f"/contributions/{one.id}/form"
    address = f"https://ujuzi.example/sources/{open_one.source_id}?version=1"
    page = web.get(f"{here}/words", params={"source": address}, headers=by(WRITER))
    assert page.status_code == 200
    for who, source in ((WRITER, quiet.source_id), (WRITER, "nothing"), (WRITER, "")):
        refused = web.get(f"{here}/words", params={"source": source}, headers=by(who))
        assert refused.status_code == 404
        assert "secret" not in refused.text
    stolen = {"document": f"library:{quiet.source_id}", "all_first": "yes"}
    assert web.post(f"{here}/words/use", data=stolen, headers=by(WRITER)).status_code == 404
    assert desk.practices.practice(WRITER, one.id).practice.text("financing") == ""


def test_reviewers_see_who_agreed_and_which_words_were_taken_from_where(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.filled()
    material = desk.practices.files.add_material(
        WRITER, one.id, "note.md", b"# Funding\n\nIt is paid by all of them."
    )
    _, (proposal, *_) = desk.practices.proposals(WRITER, one.id, material.id)
    desk.practices.use(WRITER, one.id, material.id, [proposal.key])
    desk.practices.files.attach(WRITER, one.id, "report.md", REPORT)
    desk.practices.submit(WRITER, one.id)
    page = web.get(f"/contributions/{one.id}/form", headers=by(AMINA)).text
    assert WORDS["agreed_by"] in page
    assert "It is paid by all of them." in page
    assert "note.md" in page
    assert "report.md" in page
    assert "<form" not in page.partition("<main")[2]


def test_the_title_with_which_it_was_begun_stands_in_the_form_and_is_saved_once(
    desk: WritingDesk, web: TestClient
) -> None:
    one = desk.draft(title="Divers of Kwale")
    here = f"/contributions/{one.id}/form"
    begun = web.get(here, headers=by(WRITER))
    assert 'value="Divers of Kwale"' in begun.text and revision_in(begun) == 0
    saved = web.post(here, headers=by(WRITER, **AUTOSAVE), data=typed(0))
    assert saved.status_code == 200 and saved.json()["revision"] == 1
    untitled = web.get(f"/contributions/{desk.draft(title='').id}/form", headers=by(WRITER))
    assert "Untitled" not in untitled.text.partition('name="title"')[2][:60]
