"""Documents of the community: known again when edited, described by what they say, quoted in the form."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from bench.figures import ROOT, Figures
from community.people import Person, Role
from community.practices.proposing import propose
from community.uploads.comparing import Comparing
from community.uploads.likeness import runs, verdict
from community.uploads.suggesting import Suggesting
from community.uploads.values import Alike
from index.entries import Entry
from index.library import Library
from index.models import Embedder
from index.scope import PUBLIC, STAFF
from ingest.cage import Cage
from ingest.domain import Source
from ingest.readers.front_matter import split_front_matter
from ingest.reading import Document, read_document
from ingest.sentences import sentences

SHARES = (0.1, 0.3, 0.5)  # of the sentences that are replaced
FIELDS = ("countries", "themes", "kind", "corridors", "date")
WORDS = ROOT / "tests" / "community" / "practice_words"
_SEED = 20_261_129
_OPEN: tuple[object, ...] = ("other", None, ())  # what a field says that nothing was said in
_STAFF = Person("bench", "Bench", role=Role.STAFF)

Texts = Mapping[str, Document]  # by the id of the source, as they are without a description


def measure(library: Library) -> Figures:
    """All of this, over a library that is described by hand."""
    with Cage() as cage:
        entries = [one for one in library.entries(STAFF) if not one.source.is_programme]
        documents = {one.source.id: _read(library, one, cage) for one in entries}
        return {
            "near-duplicates": near_duplicates(library, documents),
            "suggestions": suggestions(library, documents),
            "proposals": proposals(library.embedder, cage),
        }


def _read(library: Library, entry: Entry, cage: Cage) -> Document:
    content = library.original(entry).read_bytes()
    if entry.file_name.endswith(".md"):
        content = split_front_matter(content.decode(), entry.file_name)[1].encode()
    return read_document(content, entry.file_name, entry.file_name, cage=cage)


# near-duplicates


def near_duplicates(library: Library, documents: Texts) -> Figures:
    """Each document edited more and more, and each pair of different ones."""
    figures = {f"{share:.0%} replaced": _edits(library, documents, share) for share in SHARES}
    pairs = list(combinations([runs(one.text) for one in documents.values()], 2))
    mistaken = sum(verdict(one, other) is not None for one, other in pairs)
    return {**figures, "pairs of different ones": {"texts": len(pairs), "alike": mistaken}}


def _edits(library: Library, documents: Texts, share: float) -> Figures:
    chance, comparing = random.Random(_SEED), Comparing(library)
    alike, told = [], []
    for name, document in documents.items():
        text = edited(documents, name, share, chance)
        if text != document.text:
            new = replace(document, text=text, digest="", source=replace(document.source, id=""))
            found = {one.source_id: one.way for one in comparing.likenesses(new, _STAFF, ())}
            alike.append(verdict(runs(text), runs(document.text)) is not None)
            told.append(found.get(name) is Alike.NEW_VERSION)
    return {"texts": len(told), "alike": sum(alike), "told": sum(told)}


def edited(documents: Texts, name: str, share: float, chance: random.Random) -> str:
    """A document of which ``share`` of the sentences are sentences of other documents."""
    text, language = documents[name].text, documents[name].source.language
    spans = list(sentences(text, language))
    others = [one for other, one in documents.items() if other != name]
    for span in sorted(chance.sample(spans, round(share * len(spans))), reverse=True):
        other = chance.choice(others)
        taken = chance.choice(list(sentences(other.text, other.source.language)))
        text = text[: span.start] + other.text[taken.start : taken.end] + text[span.end :]
    return text


# descriptions


def suggestions(library: Library, documents: Texts) -> Figures:
    """What is suggested for each document while it is not in the library, beside what it was given.

    Every source of the library is withdrawn for a moment and comes back as it was.
    """
    suggesting = Suggesting(library)
    pairs = []
    for name, document in documents.items():
        given = library.entry(name, STAFF).source
        library.withdraw(name)
        try:
            pairs.append((document.source, given, suggesting.suggested(document, PUBLIC).source))
        finally:
            library.publish(name)
    return {field: agreement(pairs, field) for field in FIELDS}


def agreement(pairs: Sequence[tuple[Source, Source, Source]], field: str) -> Figures:
    """How well a field is suggested, over (read from the file, given by people, suggested), value by value.

    Documents whose file says it by itself do not count.
    """
    open_ = [(given, guess) for own, given, guess in pairs if getattr(own, field) in _OPEN]
    values = [(_values(given, field), _values(guess, field)) for given, guess in open_]
    right = sum(len(given & guessed) for given, guessed in values)
    wanted, named = (sum(len(pair[side]) for pair in values) for side in (0, 1))
    return {
        "documents": len(values),
        "given": wanted,
        "suggested": named,
        "precision": round(right / named, 4) if named else None,
        "recall": round(right / wanted, 4) if wanted else None,
    }


def _values(source: Source, field: str) -> frozenset[str | date]:
    value = getattr(source, field)
    if value in _OPEN:
        return frozenset()
    return frozenset(value) if isinstance(value, tuple) else frozenset({value})


# the form


def proposals(embedder: Embedder, cage: Cage) -> Figures:
    """In how many of the fields of each illustrative document the right words come first."""
    expected = json.loads((WORDS / "expected.json").read_text(encoding="utf-8"))
    return {name: _proposed(embedder, cage, name, fields) for name, fields in expected.items()}


def _proposed(embedder: Embedder, cage: Cage, name: str, fields: Mapping[str, str]) -> Figures:
    document = read_document((WORDS / name).read_bytes(), name, name, cage=cage)
    found = propose(document.text, document.places, "en", embedder)
    first = {one.field: document.text[one.span.start : one.span.end] for one in reversed(found)}
    right = sum(words in first.get(field, "") for field, words in fields.items())
    return {"fields": len(fields), "first": right}
