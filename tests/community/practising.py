"""A desk with the form of good practices on it, and its pages, for the tests of the form."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from community.pages.practice_files import practice_file_pages
from community.pages.practices import practice_pages
from community.pages.refusals import explain_refusals
from community.people import VISITOR, Person, Role
from community.practices.fields import Practice, practice_of
from community.practices.practices import Practices
from community.practices.template import TEMPLATE
from community.submissions import Submission
from ingest.cage import Cage
from tests.community.submitting import PEOPLE, WRITER, Desk
from web.site import furnish

WORDS = {
    "title": "Home-care training in Kenya",
    "summary": "Young women are trained for six weeks before they leave.",
    "countries": "Kenya, Qatar",
    "corridors": "Kenya -> Qatar",
    "sectors": "domestic work",
    "themes": "training and support",
    "language": "en",
    "licence": "CC BY-SA 4.0",
    "agreed_by": "Director of Training, letter of 3 March 2026",
    "agreed": "yes",
    "unrecognisable": "yes",
    **{one.id: f"What there is to say of {one.label.casefold()} in the county." for one in TEMPLATE},
    "financing": "The county pays 90 dollars for each trainee.\n\nThe worker pays nothing.",
}
NASTY = (
    "<script>alert('x')</script>",
    "---\nid: stolen\ntitle: Stolen\n---",
    "# A heading\n\n## Financing\n\nSetext\n======",
    "a | b\n--- | ---\nc | d",
    "one\n:--",
    "[^1] and [^note]: words",
    "**bold** __bold__ and stray** stars ****",
    "`code` ~~~\n~~~\n```\nfence\n```",
    "1. first\n2) second\n10.5 percent",
    "- item <b>one</b>\n- item two\n* star\n+ plus",
    "> quoted\n<!-- comment -->",
    "&lt;b&gt; &amp; <img src=x onerror=alert(1)>",
    "![picture](http://x.example/y.png) [link](javascript:alert(1)) <http://z.example>",
    "back\\slash\\\nend\\",
    "{{ 7 * 7 }} {% raw %} ${x}",
    "Mafunzo ya ufundi; تدريب; formação – « ça »",
    "[x]: http://reference.example",
    "***\n- - -\n___",
)


class LastingCage(Cage):
    """A cage that outlives its ``with``: starting one takes a second."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go on."""


class Cages:
    """Makes cages as Practices asks for them; one for each module."""

    def __init__(self) -> None:
        self._made: dict[str, LastingCage] = {}

    def __call__(self, module: str = "ingest.readers") -> Cage:
        return self._made.setdefault(module, LastingCage(module))

    def close(self) -> None:
        for cage in self._made.values():
            cage.close()


class WritingDesk(Desk):
    """A desk on which practices are written."""

    def __init__(self, folder: Path, cages: Cages, most_bytes: int = 2_000_000) -> None:
        super().__init__(folder)
        self.folder = folder / "practices"
        self.practices = Practices(
            self.records,
            self.submissions,
            self.library,
            self.folder,
            cages,
            most_bytes=most_bytes,
            clock=self.clock,
        )
        self.forget = self.practices.forget

    def filled(self, who: Person = WRITER, **changed: str) -> Submission:
        """A draft that could be submitted, but for what is ``changed``."""
        one = self.draft(who)
        self.practices.save(who, one.id, filled(**changed), 0)
        return one

    def web(self) -> TestClient:
        """A program before the pages."""
        return TestClient(self.app(), follow_redirects=False)

    def app(self) -> FastAPI:
        """The pages, for whoever the header X-Person names, in the role of X-Role if that is there."""

        def person_of(request: Request) -> Person:
            who = next((one for one in PEOPLE if one.id == request.headers.get("x-person", "")), VISITOR)
            return replace(who, role=Role(request.headers.get("x-role", who.role.value)))

        app = FastAPI()
        titles = {"rpl": "Call <b>on</b> recognition"}
        app.include_router(
            practice_pages(self.practices, self.submissions, person_of, lambda one: titles.get(one, ""))
        )
        app.include_router(practice_file_pages(self.practices, self.submissions, person_of))
        furnish(app)
        explain_refusals(app, person_of)
        return app


@contextmanager
def writing_desk(folder: Path, cages: Cages, **settings: int) -> Iterator[WritingDesk]:
    """A desk over a new library."""
    desk = WritingDesk(folder, cages, **settings)
    with desk.library:
        yield desk


def filled(**changed: str) -> Practice:
    """A practice that could be submitted, but for what is ``changed``."""
    return practice_of({name: (text,) for name, text in {**WORDS, **changed}.items()})


def random_practice(chance: random.Random) -> Practice:
    """Words that could be taken for something else, in any number, in each field of the template."""
    gaps = ("\n\n", "\n", " ")
    texts = {
        one.id: (chance.choice(gaps).join(chance.sample(NASTY, chance.randrange(5))),) for one in TEMPLATE
    }
    described = {"title": (chance.choice(NASTY),), "summary": (chance.choice(NASTY),)}
    return practice_of({**texts, **described, "language": ("en",), "licence": ("CC0 1.0",)})
