"""What submissions ask of the library: to keep drafts, to publish just what was reviewed, to take it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from community.errors import Conflict
from community.submissions.values import Filed
from index.entries import DISCARDED, DRAFT, PUBLISHED, WITHDRAWN, Entry
from index.library import Library
from index.scope import STAFF
from ingest.domain import Passage, Version
from ingest.metadata import identity_slug
from ingest.reading import Document

Also = Callable[[Connection], None]

_DROPPED = "The document no longer has this attachment."


@dataclass(frozen=True, slots=True)
class Read:
    """One document that was handed in: its description, its words, and these passage by passage."""

    entry: Entry
    words: Version
    passages: Sequence[Passage]


class Shelf:
    """The library as a submission sees it. Each call that changes something is one transaction of it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def keep(self, documents: Sequence[Document], source_id: str) -> list[Filed]:
        """Store the main document and its attachments as drafts; the same words again are the same version.

        What the library holds already under another name is stored once more: the submission is a whole.
        """
        added = [self._library.add(one, draft=True, known=True) for one in _identified(documents, source_id)]
        ids = [one.source_id for one in added if one.source_id]
        return [Filed(own, self._newest(own, {DRAFT})) for own in ids]

    def publish(self, filed: Sequence[Filed], audience: str, tier: str | None, also: Also) -> None:
        """Let these very versions answer, and no other that came into the library since.

        What the version before had attached and this one has not stops answering with it.
        """
        ids = [one.source_id for one in filed]
        gone = self._attached(ids[0]) - set(ids)

        def checked(connection: Connection) -> None:
            for one in filed:
                if self._next(one.source_id) != one.number:
                    raise Conflict(
                        "Another version of this document came into the library in the meantime. Decide on "
                        "that one first."
                    )
            also(connection)

        self._library.publish(
            *ids, audience=audience, tier=tier, withdrawing=dict.fromkeys(gone, _DROPPED), also=checked
        )

    def grade(self, filed: Sequence[Filed], tier: str, also: Also) -> None:
        """Mark what is published of them with another tier."""
        self._library.grade(*(one.source_id for one in filed), tier=tier, also=also)

    def withdraw(self, filed: Sequence[Filed], reason: str, also: Also) -> None:
        """Stop them from answering, each that does."""
        ids = {one.source_id for one in filed}
        published = {entry.source.id for entry in self._entries(ids, {PUBLISHED})}
        self._library.withdraw(*published, reason=reason, also=also)

    def discard(self, source_ids: Sequence[str], also: Also | None = None) -> None:
        """Give up the drafts that wait among them."""
        waiting = {entry.source.id for entry in self._entries(set(source_ids), {DRAFT})}
        self._library.discard(*waiting, also=also)

    def discard_all(self, source_id: str, also: Also) -> None:
        """Give up every draft that waits of a source, and of what is attached to it."""
        waiting = self._library.store.entries(states={DRAFT})
        ids = [one.source.id for one in waiting if source_id in (one.source.id, one.source.part_of)]
        self.discard(ids, also)

    def discard_versions(self, filed: Collection[Filed]) -> None:
        """Give up those of these very versions that still wait."""
        waiting = self._entries({one.source_id for one in filed}, {DRAFT})
        self.discard([one.source.id for one in waiting if Filed(one.source.id, one.number) in filed])

    def discard_strays(self, source_ids: Collection[str], filed: Collection[Filed]) -> None:
        """Give up what waits of these sources, and is attached to them, without having been ``filed``."""
        waiting = [
            entry
            for entry in self._library.store.entries(states={DRAFT})
            if (entry.source.part_of or entry.source.id) in source_ids
            and Filed(entry.source.id, entry.number) not in filed
        ]
        self.discard([entry.source.id for entry in waiting])

    def forget(self, source_id: str, filed: Collection[Filed], also: Also) -> None:
        """Delete what was given up of these, and of a source that never was anything else, all of it.

        What is or was published stays.
        """
        versions = {(one.source_id, one.number) for one in filed}
        if all(entry.state == DISCARDED for entry in self._library.store.entries(source_ids={source_id})):
            given_up = self._library.store.entries(states={DISCARDED})
            versions |= {
                (one.source.id, one.number)
                for one in given_up
                if source_id in (one.source.id, one.source.part_of)
            }
        self._library.remove_discarded(versions, also)

    def read(self, filed: Filed) -> Read:
        """One document as it was handed in."""
        entry = self._library.entry(filed.source_id, STAFF, filed.number)
        return Read(entry, self._library.words_of(entry), self._library.passages(entry))

    def renewable(self, source_id: str) -> Entry | None:
        """What a new version can follow: the version that answers, else the one that was withdrawn."""
        entries = self._entries({source_id}, {PUBLISHED, WITHDRAWN})
        return max(entries, key=lambda one: (one.state == PUBLISHED, one.number), default=None)

    def _next(self, source_id: str) -> int:
        """The number of the version that the library would publish."""
        return self._newest(source_id, {DRAFT}) or self._newest(source_id, {WITHDRAWN})

    def _newest(self, source_id: str, states: set[str]) -> int:
        return max((entry.number for entry in self._entries({source_id}, states)), default=0)

    def _attached(self, source_id: str) -> set[str]:
        """The ids of what is published as attached to a source."""
        entries = self._library.store.entries(states={PUBLISHED})
        return {entry.source.id for entry in entries if entry.source.part_of == source_id}

    def _entries(self, source_ids: set[str], states: set[str]) -> list[Entry]:
        return self._library.store.entries(states=states, source_ids=source_ids)


def _identified(documents: Sequence[Document], source_id: str) -> list[Document]:
    """The documents under the ids that they have in the library: attachments by their names."""
    main, *attached = documents
    found = [replace(main, source=replace(main.source, id=source_id, part_of=None, tier=""))]
    for one in attached:
        identity = identity_slug(f"{source_id}/{one.name}")
        twins = sum(other.source.id.startswith(identity) for other in found)  # two files of one name
        own = f"{identity}-{twins + 1}" if twins else identity
        found.append(replace(one, source=replace(one.source, id=own, part_of=source_id, tier="")))
    return found
