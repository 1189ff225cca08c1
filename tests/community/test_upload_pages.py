"""The pages of uploads, as browsers with and without JavaScript use them."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from community.people import Person
from community.uploads.values import Stage, Upload
from ingest.reading import read_document
from tests.community.upload_house import (
    AMINA,
    BOUNDARY,
    CHIDI,
    MEMBER,
    SIFA,
    House,
    body,
    content_type,
    text_of,
)

CARE = text_of("home care training").encode()
XSS = '<img src=x onerror="alert(1)">'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def client(house: House) -> TestClient:
    headers = {"accept": "text/html"}
    return TestClient(house.app(), raise_server_exceptions=False, headers=headers, follow_redirects=False)


def _as(who: Person) -> dict[str, str]:
    return {"x-person": who.id}


def _send(client: TestClient, who: Person, *files: tuple[str, bytes], **headers: str) -> object:
    content = [("files", (name, file)) for name, file in files]
    return client.post("/uploads", files=content, headers=_as(who) | headers)


def _confirmed(client: TestClient, who: Person, upload: Upload, **fields: str) -> object:
    form = {"title": "Home care", "kind": "report", "language": "en", **fields}
    return client.post(f"/uploads/{upload.id}", data=form, headers=_as(who))


def test_without_javascript_several_files_are_one_form(house: House, client: TestClient) -> None:
    page = client.get("/uploads", headers=_as(CHIDI))
    assert 'type="file" multiple required' in page.text
    sent = _send(client, CHIDI, ("care.md", CARE), ("welding.md", text_of("welding").encode()))
    assert (sent.status_code, sent.headers["location"]) == (303, "/uploads")
    page = client.get("/uploads", headers=_as(CHIDI))
    assert "0 of 2 files read" in page.text
    assert '<meta http-equiv="refresh" content="5">' in page.text
    assert "You can close this page; it goes on." in page.text
    house.work()
    page = client.get("/uploads", headers=_as(CHIDI))
    assert "2 of 2 files read" in page.text
    assert "refresh" not in page.text
    upload = house.uploads.own(CHIDI)[0]
    assert f'href="/uploads/{upload.id}"' in page.text


def test_a_description_is_confirmed_and_the_next_file_follows(house: House, client: TestClient) -> None:
    _send(client, CHIDI, ("care.md", CARE), ("welding.md", text_of("welding in Kenya").encode()))
    house.work()
    first, second = house.uploads.own(CHIDI)
    page = client.get(f"/uploads/{second.id}", headers=_as(CHIDI))
    assert 'value="Kenya"' in page.text
    assert "Kenya: 30 times" in page.text
    answer = _confirmed(
        client, CHIDI, first, countries="Kenya, Tonga", themes="funding", people="Ann (chair)"
    )
    assert answer.headers["location"] == f"/uploads/{second.id}"
    assert _confirmed(client, CHIDI, second).headers["location"] == "/uploads"
    house.work()
    entry = next(e for e in house.library.store.entries() if e.file_name == "care.md")
    assert (entry.source.countries, entry.source.themes) == (("Kenya", "Tonga"), ("funding",))
    assert [(person.name, person.role) for person in entry.source.people] == [("Ann", "chair")]
    page = client.get("/uploads", headers=_as(CHIDI))
    assert f'href="/contributions/{house.uploads.get(CHIDI, first.id).submission_id}"' in page.text


def test_what_was_typed_stays_where_something_is_wrong(house: House, client: TestClient) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    answer = _confirmed(
        client, CHIDI, upload, title="", date="31st", link="javascript:alert(1)", sectors="care"
    )
    assert answer.status_code == 400
    for name in ("title", "date", "link"):
        assert f'id="{name}-error"' in answer.text or name == "title"
    assert 'value="care"' in answer.text
    assert "javascript:alert(1)" in answer.text
    assert house.uploads.get(CHIDI, upload.id).stage is Stage.WAITING


def test_a_likeness_is_shown_with_three_ways_out(house: House, client: TestClient) -> None:
    old = read_document(CARE, "o.md", "o.md", cage=house.uploads._cage, overrides={"title": "Old guide"})
    source_id = str(house.library.add(old).source_id)
    upload = house.read(SIFA, "new.md", CARE + text_of("visa", 8).encode())
    page = client.get(f"/uploads/{upload.id}", headers=_as(SIFA))
    assert "It looks like another version of “Old guide”" in page.text
    assert f'href="/sources/{source_id}"' in page.text
    values = re.findall(r'name="decision" value="([^"]*)"', page.text)
    assert values == [source_id, "both", "cancel"]
    refused = _confirmed(client, SIFA, upload)
    assert refused.status_code == 400
    assert "Say whether it replaces that" in refused.text
    assert _confirmed(client, SIFA, upload, decision="cancel").status_code == 303
    assert house.uploads.get(SIFA, upload.id).stage is Stage.CANCELLED


def test_what_was_sent_together_is_taken_back_by_one_button(house: House, client: TestClient) -> None:
    _send(client, CHIDI, ("a/care.md", CARE), ("b/care.md", b"Visa fees."))
    page = client.get("/uploads", headers=_as(CHIDI)).text
    assert all(f'dir="auto">{folder}/</span><b dir="auto">care.md</b>' in page for folder in "ab")
    [action] = re.findall(r'action="(/uploads/together/[0-9a-f]{12}/cancel)"', page)
    assert client.post(action, headers=_as(AMINA)).status_code == 404
    assert len(house.kept) == 2
    assert client.post(action, headers=_as(CHIDI)).headers["location"] == "/uploads"
    assert house.kept == []
    assert "Nothing yet." in client.get("/uploads", headers=_as(CHIDI)).text


def test_staff_are_offered_to_send_programmes(client: TestClient) -> None:
    pages = [client.get("/uploads", headers=_as(who)).text for who in (CHIDI, SIFA)]
    assert [".yaml" in page for page in pages] == [False, True]


def test_markup_in_names_and_titles_is_only_shown(house: House, client: TestClient) -> None:
    _send(client, CHIDI, (f"{XSS}.md", f"# {XSS}\n\n".encode() + CARE), (f"{XSS}.exe", b"MZ"))
    house.work()
    upload = house.uploads.own(CHIDI)[0]
    pages = ["/uploads", f"/uploads/{upload.id}"]
    bad = _confirmed(client, CHIDI, upload, title=XSS, date=XSS, countries=XSS)
    for text in (*(client.get(one, headers=_as(CHIDI)).text for one in pages), bad.text):
        assert "<img" not in text
    listing = client.get("/uploads/list", headers=_as(CHIDI)).json()["html"]
    assert "<img" not in listing


def test_a_page_that_brings_itself_up_to_date_asks_for_the_list(house: House, client: TestClient) -> None:
    _send(client, CHIDI, ("care.md", CARE))
    before = client.get("/uploads/list", headers=_as(CHIDI)).json()
    house.work()
    after = client.get("/uploads/list", headers=_as(CHIDI)).json()
    assert (before["at_work"], after["at_work"]) == (True, False)
    assert "Received; it will be read" in before["html"]
    assert "Waiting for you" in after["html"]


def test_a_script_is_answered_with_data(client: TestClient) -> None:
    sent = _send(client, CHIDI, ("care.md", CARE), accept="application/json")
    assert sent.status_code == 200
    assert len(sent.json()["files"]) == 1
    nothing = client.post(
        "/uploads",
        content=body(batch="x"),
        headers=_as(CHIDI) | {"content-type": content_type(), "accept": "application/json"},
    )
    assert nothing.status_code == 400
    assert nothing.json()["message"] == "Choose one or more files to send."


def test_a_broken_form_is_answered_with_the_page(house: House, client: TestClient) -> None:
    headers = _as(CHIDI) | {"content-type": content_type()}
    for content in (b"garbage", body(("a.md", CARE))[:-40]):
        answer = client.post("/uploads", content=content, headers=headers)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert house.kept == []


@pytest.mark.parametrize("who", ["", MEMBER.id])
def test_who_is_no_contributor_gets_nowhere(house: House, client: TestClient, who: str) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    headers = {"x-person": who}
    form = headers | {"content-type": content_type()}
    sent = client.post("/uploads", content=body(("a.md", CARE)), headers=form)
    posted = [client.post(f"/uploads/{upload.id}{end}", data={}, headers=headers) for end in ("", "/cancel")]
    got = [client.get(one, headers=headers) for one in ("/uploads", "/uploads/list", f"/uploads/{upload.id}")]
    assert [answer.status_code for answer in (sent, *posted)] == [403, 403, 403]
    assert [answer.status_code for answer in got] == [403 if who else 303] * 3
    assert "care.md" not in "".join(answer.text for answer in (sent, *posted, *got))
    assert house.uploads.get(CHIDI, upload.id).stage is Stage.WAITING


def test_anothers_upload_is_not_there(house: House, client: TestClient) -> None:
    upload = house.read(CHIDI, "care.md", CARE)
    for who in (AMINA, SIFA):
        answers = [
            client.get(f"/uploads/{upload.id}", headers=_as(who)),
            _confirmed(client, who, upload),
            client.post(f"/uploads/{upload.id}/cancel", headers=_as(who)),
            client.get("/uploads/000000000000", headers=_as(who)),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert len({answer.text for answer in answers}) == 1  # as if it had never been
        assert "care.md" not in client.get("/uploads", headers=_as(who)).text
    assert house.uploads.get(CHIDI, upload.id).stage is Stage.WAITING


def test_pages_stay_light_with_two_hundred_files(house: House, client: TestClient) -> None:
    for start in range(0, 200, 50):
        house.send(CHIDI, *((f"{'long name ' * 11}{n}.exe", b"MZ") for n in range(start, start + 50)))
    house.work()
    page = client.get("/uploads", headers=_as(CHIDI))
    assert len(page.content) < 30_000
    assert "Page 1 of" in page.text
    assert client.get("/uploads?number=3", headers=_as(CHIDI)).status_code == 200
    assert client.get("/uploads?number=-4", headers=_as(CHIDI)).status_code == 200


def test_the_page_of_one_file_stays_light(house: House, client: TestClient) -> None:
    from ingest.domain import THEMES

    upload = house.read(CHIDI, "care.md", " ".join(["Kenya Qatar Tonga Fiji", *THEMES]).encode() + CARE)
    assert len(client.get(f"/uploads/{upload.id}", headers=_as(CHIDI)).content) < 30_000


@contextmanager
def _served(house: House) -> Iterator[int]:
    config = uvicorn.Config(house.app(CHIDI), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join(30)


def test_a_browser_that_is_closed_in_mid_upload_leaves_nothing(house: House) -> None:
    head = (
        "POST /uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()
    with _served(house) as port:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(head + body(("a.pdf", b"x" * 400_000))[:300_000])
            _until(lambda: bool(house.kept))
            assert house.uploads.own(CHIDI) == []
        _until(lambda: not house.kept)
    assert house.uploads.own(CHIDI) == []


def _until(holds: object) -> None:
    """Wait until something is so; a test that hangs here fails by its own time limit."""
    waiting = threading.Event()
    for _ in range(600):
        if holds():  # type: ignore[operator]
            return
        waiting.wait(0.05)
    raise AssertionError("it did not come about")
