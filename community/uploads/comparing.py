"""What the library has already that is like a new document, seen with staff's eyes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from community.people import Person, Role
from community.submissions.values import State, Submission
from community.uploads.likeness import Runs, candidates, first_difference, runs, verdict
from community.uploads.values import Alike, Likeness
from index.entries import DRAFT, PUBLISHED, WITHDRAWN, Entry
from index.library import Library
from index.scope import STAFF, Scope
from ingest.reading import Document

_MOST_DRAFTS = 50  # the latest: they are in no index, so that each is compared
_HITS = 5
_RENEWABLE = (State.PUBLISHED, State.WITHDRAWN)
_WORST_FIRST = list(Alike)


class Waiting(NamedTuple):
    """An upload of the same person that waits, too."""

    name: str
    digest: str
    runs: Runs


class Comparing:
    """Compares documents with what is published, the drafts that wait for review, and each other."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._runs_of = lru_cache(maxsize=2 * _MOST_DRAFTS)(self._read)

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
        for entry in self._entries(document):
            if like := self._compared(document, new, entry):
                found[entry.source.id] = _seen(like, entry, who, theirs.get(entry.source.id))
        likenesses = [
            *found.values(),
            *filter(None, (_beside(document, new, other) for other in besides)),
        ]
        return tuple(sorted(likenesses, key=lambda like: (_WORST_FIRST.index(like.way), -like.share)))

    def _entries(self, document: Document) -> Iterator[Entry]:
        store = self._library.store
        yield from store.entries(states={DRAFT})[-_MOST_DRAFTS:]
        named = candidates(document.text, document.source.language, self._search)
        yield from store.entries(states={PUBLISHED}, source_ids=set(named))
        same = store.by_digest(document.digest)
        yield from (entry for entry in same if entry.state in (DRAFT, PUBLISHED, WITHDRAWN))

    def _search(self, sentence: str) -> list[str]:
        hits = self._library.search(sentence, Scope(), STAFF, mode="words", top=_HITS)
        return [hit.source.id for hit in hits]

    def _compared(self, document: Document, new: Runs, entry: Entry) -> Likeness | None:
        source = entry.source
        if entry.digest == document.digest:
            return Likeness(source.id, source.title, "", Alike.SAME_FILE, 1.0)
        other = self._runs_of(entry.id)
        if (judged := verdict(new, other)) is None:
            return None
        return Likeness(source.id, source.title, "", *judged, first_difference(document.text, new, other))

    def _read(self, version_id: int) -> Runs:
        return runs(self._library.store.version(version_id).text)


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
    if other.digest == document.digest:
        return Likeness("", other.name, "/uploads", Alike.SAME_FILE, 1.0)
    judged = verdict(new, other.runs)
    different = first_difference(document.text, new, other.runs)
    return judged and Likeness("", other.name, "/uploads", *judged, different)
