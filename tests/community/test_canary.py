"""A word stands in everything that is not published. Nobody sees it who may not, whatever they ask for."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from fastapi import FastAPI
from httpx import Response

import composition
from community.people import Role
from index.library import Library
from ingest.cage import Cage
from ingest.reading import read_document
from settings import Settings
from tests.community.browsing import Browser, filled, inhabitant
from tests.community.practising import WORDS
from tests.community.submitting import written_below
from tests.fakes import HashEmbedder

REQUESTS = 10_000 if "UJUZI_SOAK" in os.environ else 1_000
PEOPLE = {
    "colleague": Role.ADMINISTRATOR,  # first, for one there must always be
    "member": Role.MEMBER,
    "author": Role.CONTRIBUTOR,
    "neighbour": Role.CONTRIBUTOR,
    "reviewer": Role.STAFF,
}
STAFF = frozenset({"reviewer", "colleague"})
AUTHOR = STAFF | {"author"}
MEMBERS = frozenset(PEOPLE)
# Words that everything unpublished shares, with which it would be found; the canaries are never typed.
BAIT = [
    "quillwort",
    "quillwort scheme",
    "who pays the quillwort airfare",
    "quilwort",
    "quillw*",
    '"quillwort"',
]
LIMITS = ["", "&country=Wakanda", "&theme=funding", "&kind=good_practice", "&language=en", "&sort=newest"]
FORMATS = ("csv", "docx", "bibtex", "ris")


LINKS = SoupStrainer(
    ["a", "form", "img", "script", "video", "audio", "source", "iframe"]
)  # all else may be left


@dataclass
class Seen:
    """One address that somebody came to by links: what it said, and the forms that can be sent from it."""

    content: str
    forms: Sequence[Mapping[str, str]] = ()


Reached = Mapping[str, Seen]


@dataclass
class Town:
    """The whole site, those who come to it, and who may see which canary."""

    app: FastAPI
    library: Library
    browsers: dict[str, Browser] = field(default_factory=dict)
    canaries: dict[str, frozenset[str]] = field(default_factory=dict)
    reached: dict[str, Reached] = field(default_factory=dict)  # by whom

    def canary(self, name: str, may_see: frozenset[str]) -> str:
        """A word that only ``may_see`` may come across."""
        word = f"zq{name}qz"
        self.canaries[word] = may_see
        return word

    def leaks(self, who: str, sent: str, content: bytes) -> list[str]:
        """The canaries in ``content`` that ``who`` may not see, but for those in what they ``sent``."""
        seen = content.decode(errors="replace")
        hidden = [word for word, may_see in self.canaries.items() if who not in may_see]
        return [word for word in hidden if word in seen and word not in sent]


def practice(word: str) -> Mapping[str, str]:
    """The fields of a form that holds ``word`` in its title and its text."""
    said = f"The quillwort scheme {word} pays the airfare of each worker."
    return {**WORDS, "title": f"Quillwort scheme {word}", "summary": said, "countries": "Wakanda",
            "financing": said}  # fmt: skip


def drafted(town: Town, word: str) -> str:
    """The address of a form that the author saved."""
    begun = town.browsers["author"].submit("/contribute", "/good-practice", {"title": f"Quillwort {word}"})
    address = begun.headers["location"].removesuffix("/form")
    saved = town.browsers["author"].submit(f"{address}/form", "/form", practice(word), "save")
    assert saved.status_code == 303, saved.text
    return address


def attached(town: Town, address: str, word: str) -> str:
    """The same with a file attached."""
    content = f"Annex of the quillwort scheme: {word} in figures.".encode()
    files = {"file": ("annex.txt", content, "text/plain")}
    form = town.browsers["author"].open(f"{address}/form/files").select_one("input[type=file]")
    assert form is not None
    sent = town.browsers["author"].http.post(
        f"{address}/form/files", files={str(form["name"]): files["file"]}
    )
    assert sent.status_code == 303, sent.text
    return address


def handed_in(town: Town, address: str) -> str:
    """The same after it is handed in, as reviewers reach it."""
    sent = town.browsers["author"].submit(f"{address}/form", "/form", {}, "submit")
    assert sent.status_code == 303, re.sub(r"\s+", " ", sent.text)[:3000]
    return address.replace("/contributions/", "/review/")


def taken(town: Town, address: str) -> str:
    """The same after the reviewer took it."""
    assert town.browsers["reviewer"].submit(address, "/take", {}).status_code == 303
    return address


def decided(town: Town, address: str, decision: str, **more: str) -> str:
    """The same after the reviewer decided."""
    criteria = ("relevance", "evidence", "replicability", "sustainability", "consent")
    judged = dict.fromkeys(criteria, "met") | {"reason": "Say who pays."} | more
    sent = town.browsers["reviewer"].submit(address, "/decision", judged, decision)
    assert sent.status_code == 303, re.sub(r"\s+", " ", sent.text)[:3000]
    return address


def fill(town: Town) -> None:
    """Put a canary into every state that is not published, and into what is for some only."""
    author, reviewer = town.browsers["author"], town.browsers["reviewer"]
    word = town.canary("draft", frozenset({"author"}))
    attached(town, drafted(town, word), word)
    word = town.canary("submitted", AUTHOR)
    handed_in(town, attached(town, drafted(town, word), word))
    review = taken(town, handed_in(town, drafted(town, town.canary("reviewed", AUTHOR))))
    secret = {"text": f"Between us: {town.canary('whispered', STAFF)}", "for_staff": "yes"}
    assert reviewer.submit(review, "/comment", secret).status_code == 303
    for name, decision in (("changes", "ask"), ("declined", "decline")):
        address = taken(town, handed_in(town, drafted(town, town.canary(name, AUTHOR))))
        decided(town, address, decision, reason=f"Not yet {town.canary(name + 'reason', AUTHOR)}")
    word = town.canary("deleted", frozenset())
    assert author.submit(attached(town, drafted(town, word), word), "/delete", {}).status_code == 303
    assert word.encode() not in written_below(town.library.folder)
    back = handed_in(town, drafted(town, town.canary("takenback", AUTHOR)))
    own = back.replace("/review/", "/contributions/")
    assert author.submit(own, "/take-back", {}).status_code == 303
    gone = decided(
        town, taken(town, handed_in(town, drafted(town, town.canary("withdrawn", AUTHOR)))), "publish"
    )
    withdrawal = {"reason": "The figures were wrong."}
    assert reviewer.submit(f"{gone}/withdraw", "/withdraw", withdrawal).status_code == 303
    members = taken(town, handed_in(town, drafted(town, town.canary("members", MEMBERS))))
    decided(town, members, "publish", audience="members")
    renewed = decided(town, taken(town, handed_in(town, drafted(town, "plainly"))), "publish")
    own = renewed.replace("/review/", "/contributions/")
    begun = author.submit(own, "/new-version", {})
    again = begun.headers["location"].removesuffix("/form")
    word = town.canary("pending", AUTHOR)
    assert author.submit(f"{again}/form", "/form", practice(word), "save").status_code == 303
    handed_in(town, again)
    uploaded(town)
    with Cage() as cage:
        for name, may_see, options in (
            ("internal", STAFF, {"audience": "staff"}),
            ("operators", STAFF, {"draft": True}),
            ("removed", frozenset[str](), {}),
        ):
            text = f"The quillwort scheme {town.canary(name, may_see)} pays the airfare.".encode()
            town.library.add(read_document(text, f"{name}.txt", f"{name}.txt", cage=cage), **options)  # type: ignore[arg-type]
    town.library.remove(
        *[one.source.id for one in town.library.store.entries() if "removed" in one.file_name]
    )
    asked = f"Which {town.canary('asked', STAFF | {'member'})} pays for the porcelain harbour?"
    assert town.browsers["member"].http.get(f"/ask?q={quote(asked)}").status_code == 200


def uploaded(town: Town) -> None:
    """A file that waits for its description, and one that was taken back."""
    for name, may_see in (("waiting", frozenset({"author"})), ("cancelled", frozenset({"author"}))):
        content = f"Report on the quillwort scheme, {town.canary(name, may_see)}, Wakanda 2026.".encode()
        files = [("files", (f"{town.canary(name + 'file', may_see)}.txt", content, "text/plain"))]
        assert town.browsers["author"].http.post("/uploads", files=files).status_code == 303
    community = town.app.state.community
    community.jobs.do_due(community.uploads.handlers)
    waiting = town.browsers["author"].open("/uploads").select('a[href^="/uploads/"]')
    assert len(waiting) == 2
    assert town.browsers["author"].http.post(f"{waiting[-1]['href']}/cancel").status_code == 303


def wander(town: Town, who: str) -> Reached:
    """Where ``who`` comes to."""
    found: dict[str, Seen] = {}
    waiting = ["/search?q=quillwort", "/sources", "/calls", "/contribute", "/contributions", "/uploads"]
    waiting += ["/staff", "/review", "/people", "/gaps", "/figures", "/me", "/webinars", "/privacy", "/ask"]
    waiting += [f"/review?show={show}" for show in ("mine", "decided")]
    while waiting and len(found) < 600:
        address = waiting.pop(0)
        if address in found:
            continue
        response = town.browsers[who].http.get(address)
        found[address] = Seen(told(response).decode(errors="replace"))
        if not response.headers.get("content-type", "").startswith("text/html"):
            continue
        page = BeautifulSoup(response.content, "lxml", parse_only=LINKS)
        links = [str(link["href"]) for link in page.select("a[href]")]
        links += [str(link["src"]) for link in page.select("[src]")]
        found[address].forms = [
            {"action": str(form["action"]), **{key: str(value) for key, value in filled(form).items()}}
            for form in page.select("form[method=post][action]")
        ]
        for link in links:
            parts = urlsplit(urljoin(address, link))
            is_ours = not parts.netloc and not parts.path.startswith(("/static/", "/search", "/ask"))
            if is_ours and parts.path not in ("/", "/sign-out"):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def told(response: Response) -> bytes:
    """All that a response tells, its headers included."""
    content: bytes = response.content
    return content + repr(response.headers.items()).encode()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The site with everything in it."""
    with Library(tmp_path_factory.mktemp("canary"), embedder=HashEmbedder()) as library:
        app = composition.build(library, Settings(site="http://testserver"), "token")
        town = Town(app, library, {"visitor": Browser(app)})
        for name, role in PEOPLE.items():
            email = inhabitant(app.state.community.accounts, role, name)
            town.browsers[name] = Browser(app, email)
        fill(town)
        town.reached = {who: wander(town, who) for who in town.browsers}
        yield town


def test_those_who_may_see_a_canary_do(town: Town) -> None:
    """Or else the other tests would prove nothing."""
    seen: dict[str, set[str]] = {}
    for who in town.browsers:
        for page in town.reached[who].values():
            for word in town.canaries:
                if word in page.content:
                    seen.setdefault(word, set()).add(who)
    never = {word for word, may_see in town.canaries.items() if may_see and not seen.get(word)}
    assert never <= {"zqwaitingqz", "zqcancelledqz"}  # of a file that is not handed in its name is shown
    assert all(seen.get(word, set()) <= may_see for word, may_see in town.canaries.items())


def test_nobody_sees_a_canary_who_may_not(town: Town) -> None:
    """Every address that anybody reaches is asked for by all who did not, between searches and questions."""
    chance = random.Random(5)
    addresses = sorted({address for who in town.browsers for address in town.reached[who]})
    assert len(addresses) > 100
    asked = [(who, one) for one in addresses for who in town.browsers if one not in town.reached[who]]
    chance.shuffle(asked)
    while len(asked) < REQUESTS:
        asked.append((chance.choice(list(town.browsers)), searched(chance)))
    leaks = []
    for who, address in asked:
        response = town.browsers[who].http.get(address)
        leaks += [(who, address, word) for word in town.leaks(who, address, told(response))]
    assert leaks == []


def searched(chance: random.Random) -> str:
    """A search, a file of one, or a question, baited."""
    words, limit = quote(chance.choice(BAIT)), chance.choice(LIMITS)
    return chance.choice(
        [
            f"/search?q={words}{limit}",
            f"/search?q={words}{limit}",
            f"/search/export?q={words}{limit}&format={chance.choice(FORMATS)}",
            f"/ask?q={words}{limit}&keep=no",
        ]
    )


def test_no_form_does_anything_for_whom_it_was_not_shown_to(town: Town) -> None:
    """Every form that staff and the author are offered, sent by those who are not: refused, nothing told."""
    offered = {
        (form["action"], tuple(sorted(form.items())))
        for who in ("author", "reviewer", "colleague")
        for page in town.reached[who].values()
        for form in page.forms
    }
    before = states(town)
    private = [
        one for one in offered if re.match(r"/(contributions|review|uploads|people|gaps|calls)/", one[0])
    ]
    assert len(private) > 15
    for action, values in private:
        for who in ("visitor", "member", "neighbour"):
            response = town.browsers[who].http.post(action, data=dict(values))
            assert response.status_code in (303, 400, 401, 403, 404), (who, action, response.status_code)
            assert response.status_code != 303 or "/sign-in" in response.headers["location"], (who, action)
            assert not town.leaks(who, f"{action} {values}", response.content), (who, action)
    assert states(town) == before


def states(town: Town) -> list[tuple[str, int, str]]:
    """What the library holds, in which state."""
    return [(one.source.id, one.number, one.state) for one in town.library.store.entries()]
