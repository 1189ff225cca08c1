"""A question that nothing answers becomes a document that does, between three people at three browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

import composition
from community.people import Role
from index.library import Library
from index.models import BUNDLED
from ingest.cage import Cage
from ingest.reading import find_files, read_document
from settings import Settings
from tests.browser.axe import faults
from tests.browser.serving import running, watched
from tests.community.browsing import PASSWORD, inhabitant

CORPUS = Path(__file__).parents[2] / "corpus"
SHEETS = ("palm-scheme.md", "kenya-home-care-training.md", "kenya-uk-nurses.md", "digital-explorers.md")
QUESTION = "Who pays the licensing of seaweed divers from Kwale?"
PRACTICE = {
    "title": "Licensed seaweed divers of Kwale",
    "summary": "A county in Kenya trains seaweed divers and has them licensed for work in the Gulf.",
    "countries": "Kenya, Oman",
    "corridors": "Kenya -> Oman",
    "sectors": "fisheries",
    "context": "Since 2021 farms in Oman look for seaweed divers; Kwale county has many without papers.",
    "objective": "Seaweed divers obtain a licence that farms in Oman accept before they travel.",
    "actors": "The county, the divers' cooperative and the employment authority.",
    "key_features": "Selection by the cooperative, six weeks of training, an examination at sea.",
    "coordination": "A committee of the county and the cooperative meets each month.",
    "financing": "The costs are shared.",
    "skills_recognition": "The licence is awarded by the county and accepted by the farms.",
    "protection": "Each contract is read aloud in Swahili before it is signed.",
    "results": "Forty divers were licensed by March 2026; the share of women was not available.",
    "challenges": "The first examination came too late for the season.",
    "lessons": "Begin with the licence. Let the farms see the examination.",
    "transferability": "Another county needs a cooperative and a calm bay.",
    "contact": "County department of training",
    "sources": "- County register of licences, March 2026",
    "agreed_by": "Director of Training, letter of 3 March 2026",
}  # fmt: skip
BETTER = "The farm in Oman pays the licensing of the seaweed divers from Kwale. The diver pays nothing."
ANNEX = (
    b"# Register of licences\n\nThe register of Kwale counts forty licensed seaweed divers in March 2026.\n"
)
CRITERIA = ("relevance", "evidence", "replicability", "sustainability", "consent")


@dataclass(frozen=True)
class Seat:
    """Somebody at a browser of their own."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def write(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[str]:
    """The whole site over a few sheets of the demonstration library, served to the three."""
    with Library(tmp_path_factory.mktemp("three") / "data", model=BUNDLED, models=models) as library:
        with Cage() as cage:
            for file in find_files([CORPUS / "good_practices" / name for name in SHEETS]):
                content = file.path.read_bytes()
                library.add(read_document(content, file.path.name, file.identity, cage=cage))
        app = composition.build(library, Settings(), "token")
        for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.CONTRIBUTOR, Role.STAFF):
            inhabitant(app.state.community.accounts, role, role.value)
        with running(app) as address:
            yield address


@pytest.fixture(scope="module")
def sessions(browser: Browser, address: str) -> Mapping[Role, StorageState]:
    """The cookies of a member, a contributor and a reviewer, each of whom signed in."""
    sessions = {}
    for role in (Role.MEMBER, Role.CONTRIBUTOR, Role.STAFF):
        with watched(browser, address) as page:
            seat = Seat(page, address)
            seat.open("/sign-in")
            seat.write(email=f"{role.value}@example.org", password=PASSWORD)
            page.locator("main").get_by_role("button", name="Sign in").click()
            expect(page.locator(".site-header")).to_contain_text(role.value)
            sessions[role] = page.context.storage_state()
    return sessions


@pytest.fixture
def seats(
    browser: Browser, address: str, sessions: Mapping[Role, StorageState]
) -> Iterator[dict[Role, Seat]]:
    """The three, each at a browser that is watched."""
    with ExitStack() as stack:
        yield {
            role: Seat(stack.enter_context(watched(browser, address, storage_state=session)), address)
            for role, session in sessions.items()
        }


def test_a_question_in_vain_becomes_a_practice_that_answers_it(seats: dict[Role, Seat]) -> None:
    member, author, reviewer = seats[Role.MEMBER], seats[Role.CONTRIBUTOR], seats[Role.STAFF]

    member.open(f"/ask?q={QUESTION}")
    expect(member.page.locator("main")).to_contain_text("The library does not answer this.")
    member.press("Tell me when this is answered")
    expect(member.page.locator("main")).to_contain_text("You will be told")

    hand_in(author)
    ask_for_changes(reviewer)
    improve(author)
    assert not found(member, "seaweed divers")  # whoever may not see it yet
    publish(reviewer)

    member.open("/me")
    notice = member.page.get_by_role("link", name=re.compile("now answers what you asked"))
    for _ in range(60):  # the page does not change by itself, and it is asked again beside it
        if notice.count():
            break
        member.page.wait_for_timeout(500)
        member.open("/me")
    notice.click()
    expect(member.page.locator(".answer")).to_contain_text("The farm in Oman pays the licensing")
    card = member.page.locator(".source-card").first
    expect(card).to_contain_text("Licensed seaweed divers of Kwale")
    expect(card).to_contain_text("Financing")
    expect(card).to_contain_text("checked")
    card.get_by_role("link", name=re.compile("^Open")).first.click()
    expect(member.page.locator("mark").first).to_contain_text("The farm in Oman pays the licensing")
    assert found(member, "register of licences")  # the attachment, too
    author.open("/me")
    expect(author.page.locator("main")).to_contain_text("is published")


def hand_in(author: Seat) -> None:
    """The contributor describes a practice of Kenya, attaches a file and hands it in."""
    author.open("/contribute")
    author.press("Start the form")
    author.write(**PRACTICE)
    author.page.locator("[name=themes][value=funding]").check()
    author.page.locator("[name=language]").select_option("en")
    author.page.locator("[name=licence]").select_option(index=1)
    author.page.locator("[name=agreed]").check()
    author.page.locator("[name=unrecognisable]").check()
    author.press("Save, then attach files or take words from documents")
    annex = {"name": "register.md", "mimeType": "text/markdown", "buffer": ANNEX}
    author.page.locator("#attachments").set_input_files([annex])
    author.press("Attach")
    expect(author.page.get_by_role("link", name="register.md")).to_be_visible()
    author.page.get_by_role("link", name="Back to the form").click()
    author.press("Submit for review")
    expect(author.page.locator("main")).to_contain_text("Somebody of the secretariat will take it up")


def ask_for_changes(reviewer: Seat) -> None:
    """The reviewer takes it, comments on the very words, and asks for changes."""
    reviewer.open("/review")
    reviewer.page.get_by_role("link", name="Licensed seaweed divers of Kwale").click()
    reviewer.press("Review this")
    passage = reviewer.page.locator(".passage", has_text="The costs are shared.")
    passage.get_by_role("link", name=re.compile("^Comment")).first.click()
    reviewer.page.locator("textarea[name=text]").first.fill("Who pays the licensing?")
    reviewer.page.locator(".commenting").get_by_role("button", name="Comment").click()
    expect(reviewer.page.locator("main")).to_contain_text("Who pays the licensing?")
    reviewer.write(reason="Say who pays for what.")
    reviewer.press("Ask for changes")
    expect(reviewer.page.locator("main")).to_contain_text("asked for changes")


def improve(author: Seat) -> None:
    """The contributor reads why, changes the field and hands it in again."""
    author.open("/contributions")
    author.page.get_by_role("link", name="Licensed seaweed divers of Kwale").first.click()
    expect(author.page.locator("main")).to_contain_text("Say who pays for what.")
    expect(author.page.locator("main")).to_contain_text("Who pays the licensing?")
    author.page.get_by_role("link", name=re.compile("^Change it")).click()
    author.write(financing=BETTER)
    author.press("Submit for review")
    expect(author.page.locator("main")).to_contain_text("Somebody of the secretariat will take it up")


def publish(reviewer: Seat) -> None:
    """The reviewer finds all criteria met and publishes it."""
    reviewer.open("/review")
    reviewer.page.get_by_role("link", name="Licensed seaweed divers of Kwale").first.click()
    if reviewer.page.get_by_role("button", name="Review this").count():
        reviewer.press("Review this")
    for criterion in CRITERIA:
        reviewer.page.locator(f"[name={criterion}][value=met]").check()
    reviewer.press("Publish")
    expect(reviewer.page.locator("main")).to_contain_text("Published")


def found(seat: Seat, words: str) -> bool:
    """Whether a search finds a document of the practice."""
    seat.open(f"/search?q={words}")
    return seat.page.get_by_text("Licensed seaweed divers of Kwale").count() > 0


def test_a_folder_that_is_dropped_is_read_and_waits_for_its_sender(
    seats: dict[Role, Seat], tmp_path: Path
) -> None:
    folder = tmp_path / "port"
    (folder / "inner").mkdir(parents=True)
    (folder / "ferry.md").write_text("# Ferry pilots\n\nThe port of Mombasa trains ferry pilots in Kenya.")
    (folder / "inner" / "crane.md").write_text("# Crane drivers\n\nCrane drivers are trained at the port.")
    (folder / ".hidden.md").write_text("# Hidden\n\nNobody sends this.")
    author = seats[Role.CONTRIBUTOR]
    author.open("/uploads")
    drop(author.page, [folder])
    main = author.page.locator("main")
    expect(main.locator('a[href^="/uploads/"]')).to_have_count(2)
    expect(main).to_contain_text("ferry.md")
    expect(main).to_contain_text("crane.md")
    expect(main).not_to_contain_text("hidden")
    author.page.evaluate(DROP_NO_FILE_OF_THE_DISK)
    expect(main.locator('a[href^="/uploads/"]')).to_have_count(3)


DROP_NO_FILE_OF_THE_DISK = """() => {
  const carried = new DataTransfer();
  carried.items.add(new File(["# Buoys\\n\\nBuoys are painted by trainees."], "buoys.md"));
  const form = document.getElementById("drop-hint").closest("form");
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, cancelable: true }));
}"""


def drop(page: Page, paths: list[Path]) -> None:
    """Let go of files over the form, as a browser hears of it."""
    box = page.locator("form", has=page.locator("#drop-hint")).bounding_box()
    assert box is not None
    at = {"x": box["x"] + 20, "y": box["y"] + 20}
    carried = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, **at, "data": carried})


PAGES = {
    Role.CONTRIBUTOR: ["/contribute", "/contributions", "/contributions/{id}", "/contributions/{id}/form",
                       "/uploads", "/me", "/calls", "/privacy"],
    Role.STAFF: ["/review", "/review?show=decided", "/review/{id}", "/review/{id}/withdraw", "/staff",
                 "/people", "/gaps", "/figures", "/calls", "/gaps/citing?source={source}",
                 "/sources/{source}", "/sources/{source}/changes?from=1&to=2"],
    Role.MEMBER: [f"/ask?q={QUESTION}", "/sources/{source}", "/search?q=seaweed"],
}  # fmt: skip


def test_their_pages_shut_nobody_out_and_fit_the_narrowest_phone(seats: dict[Role, Seat]) -> None:
    """After what happened above: every page with something on it."""
    reviewer = seats[Role.STAFF]
    reviewer.open("/review?show=decided")
    link = reviewer.page.get_by_role("link", name="Licensed seaweed divers of Kwale").first
    submission = str(link.get_attribute("href")).rpartition("/")[2]
    reviewer.open(f"/review/{submission}")
    library = reviewer.page.get_by_role("link", name="See it in the library").get_attribute("href")
    source = str(library).removeprefix("/sources/")
    grave: dict[str, list[str]] = {}
    for role, paths in PAGES.items():
        for path in paths:
            seats[role].open(path.format(id=submission, source=source))
            page = seats[role].page
            if found := faults(page, "light", widths=[1280]) + faults(page, "dark", widths=[390]):
                grave[path] = found
            page.set_viewport_size({"width": 320, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert grave == {}
