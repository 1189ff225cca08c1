"""What the library has already that is like a new document, seen with staff's eyes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from community.people import Person, Role
from community.submissions.values import State, Submission
from community.uploads.likeness import Runs, candidates, first_difference, runs, verdict
from community.uploads.values import Alike, Likeness, Upload
from index.entries import DRAFT, PUBLISHED, WITHDRAWN, Entry
from index.library import Library
from index.scope import STAFF, Scope
from ingest.reading import Document

_HITS = 5
_RENEWABLE = (State.PUBLISHED, State.WITHDRAWN)
_WORST_FIRST = list(Alike)


class Waiting(NamedTuple):
    """An upload of the same person that waits, too."""

    upload: Upload
    runs: Runs


class Comparing:
    """Compares documents with what is published, the drafts that wait for review, and each other."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._drafts: dict[int, Runs] = {}  # they are in no index, so that each is compared

    def likenesses(
        self, document: Document, who: Person, own: Collection[Submission], besides: Iterable[Waiting] = ()
    ) -> tuple[Likeness, ...]:
        """What is like ``document``, that which is most like it first.

        ``own`` are the submissions of ``who``, ``besides`` their other uploads. What ``who`` may not know of
        is among it, and marked: it is for reviewers.
        """
        theirs = {one.source_id: one for one in own if one.source_id}
        new = runs(document.text)
        found = {}
        for entry, other in self._others(document):
            if like := _compared(document, new, entry, other):
                found[entry.source.id] = _seen(like, entry, who, theirs.get(entry.source.id))
        likenesses = [
            *found.values(),
            *filter(None, (_beside(document, new, other) for other in besides)),
        ]
        return tuple(sorted(likenesses, key=lambda like: (_WORST_FIRST.index(like.way), -like.share)))

    def _others(self, document: Document) -> Iterator[tuple[Entry, Runs]]:
        """What may be like ``document``: every draft, what searching finds, and whatever has its bytes."""
        store = self._library.store
        known, drafts = self._drafts, store.entries(states={DRAFT})
        known = {one.id: known[one.id] if one.id in known else self._read(one) for one in drafts}
        self._drafts = known
        yield from ((entry, known[entry.id]) for entry in drafts)
        named = candidates(document.text, document.source.language, self._search)
        for entry in store.entries(states={PUBLISHED}, source_ids=set(named)):
            yield entry, self._read(entry)
        for entry in store.by_digest(document.digest):
            if entry.state in (DRAFT, PUBLISHED, WITHDRAWN):
                yield entry, self._read(entry)

    def _search(self, sentence: str) -> list[str]:
        hits = self._library.search(sentence, Scope(), STAFF, mode="words", top=_HITS)
        return [hit.source.id for hit in hits]

    def _read(self, entry: Entry) -> Runs:
        return runs(self._library.store.version(entry.id).text)


def _compared(document: Document, new: Runs, entry: Entry, other: Runs) -> Likeness | None:
    source = entry.source
    if entry.digest == document.digest:
        return Likeness(source.id, source.title, "", Alike.SAME_FILE, 1.0)
    if (judged := verdict(new, other)) is None:
        return None
    return Likeness(source.id, source.title, "", *judged, first_difference(document.text, new, other))


def _seen(like: Likeness, entry: Entry, who: Person, submission: Submission | None) -> Likeness:
    """The same as ``who`` may see it: with its page, and whether they may replace it."""
    is_staff, is_out = who.may(Role.STAFF), entry.state == PUBLISHED
    may_read = is_out and entry.audience in who.reader.audiences
    may_replace = is_out and (is_staff or (submission is not None and submission.state in _RENEWABLE))
    address = f"/sources/{entry.source.id}" if may_read else ""
    if submission is not None and not may_read:
        address = f"/contributions/{submission.id}"
    is_known = may_read or is_staff or submission is not None
    return replace(like, address=address, is_known=is_known, may_replace=may_replace and is_known)


def _beside(document: Document, new: Runs, other: Waiting) -> Likeness | None:
    name, address = other.upload.path, f"/uploads/{other.upload.id}"
    if other.upload.digest == document.digest:
        return Likeness("", name, address, Alike.SAME_FILE, 1.0)
    if (judged := verdict(new, other.runs)) is None:
        return None
    return Likeness("", name, address, *judged, first_difference(document.text, new, other.runs))
