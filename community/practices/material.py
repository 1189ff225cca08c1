"""A document from which words are taken into a form, and how they stand there: quoted, with their source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote, urlencode

from community.practices.drafts import Draft, Prefilled
from community.practices.fields import Practice
from community.practices.files import File
from community.practices.proposing import is_cut, propose
from index.entries import Entry
from index.models import Embedder
from ingest.domain import PlaceMap, Span, Version
from ingest.reading import Document
from web.words import place_words


@dataclass(frozen=True, slots=True)
class Material:
    """A document that words are taken from. ``address`` is its page, where it has one."""

    title: str
    text: str
    places: PlaceMap
    language: str
    address: str = ""

    @staticmethod
    def uploaded(file: File, document: Document) -> Material:
        """One that its user uploaded: called as they called it, for nobody else sees it."""
        return Material(file.name, document.text, document.places, document.source.language)

    @property
    def is_cut(self) -> bool:
        """Whether it is too long to be looked through to its end."""
        return is_cut(self.text, self.places)

    def shown_at(self, span: Span) -> str:
        """The address that shows these words where they stand; empty where there is none."""
        return f"{self.address}&{urlencode({'from': span.start, 'to': span.end})}" if self.address else ""


class Proposed(NamedTuple):
    """Words for one field, with their place and what speaks for them. ``key`` names them in a form."""

    field: str
    words: str
    place: str
    why: str
    address: str
    span: Span

    @property
    def key(self) -> str:
        """The same for the same words in the same document."""
        return f"{self.field}:{self.span.start}-{self.span.end}"


def material_of(entry: Entry, version: Version) -> Material:
    """A document of the library."""
    source = entry.source
    address = f"/sources/{quote(source.id)}?version={version.number}"
    return Material(source.title, version.text, version.places, source.language, address)


def proposed(material: Material, embedder: Embedder) -> list[Proposed]:
    """The words that are proposed, field by field, the best first."""
    found = propose(material.text, material.places, material.language, embedder)
    return [
        Proposed(
            one.field,
            material.text[one.span.start : one.span.end],
            place_words(material.places.place(one.span)),
            one.why,
            material.shown_at(one.span),
            one.span,
        )
        for one in found
    ]


def quoted(draft: Draft, material: Material, one: Proposed) -> Draft:
    """``draft`` with proposed words below what their field holds: once, however often they are asked for."""
    taken = Prefilled(one.field, one.words, material.title, one.place, one.address)
    if still_stand(taken, draft.practice):
        return draft
    source = ", ".join(filter(None, (material.title, one.place)))
    practice = draft.practice.with_more(one.field, f"“{one.words}”\n\n(From: {source})")
    return replace(draft, practice=practice, prefilled=(*draft.prefilled, taken))


def still_stand(taken: Prefilled, practice: Practice) -> bool:
    """Whether the words still stand in their field as they were taken."""
    return _folded(taken.words) in _folded(practice.text(taken.field))


def _folded(text: str) -> str:
    return " ".join(text.split())
