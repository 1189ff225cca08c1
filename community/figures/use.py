"""Which documents answers rest on, and which none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.domain import Source


@dataclass(frozen=True, slots=True)
class Use:
    """One document and in how many answers it was cited."""

    source: Source
    answers: int


def used(sources: Iterable[Source], cited: Mapping[str, int]) -> list[Use]:
    """The documents of the library that answers cite, the most used first.

    ``cited`` counts answers by the id of a source; what was removed since is left out.
    """
    uses = [Use(source, cited[source.id]) for source in sources if cited.get(source.id)]
    return sorted(uses, key=lambda use: (-use.answers, use.source.title.casefold()))


def never_used(sources: Iterable[Source], cited: Mapping[str, int]) -> list[Source]:
    """The documents that no answer cites, by title."""
    unused = [source for source in sources if not cited.get(source.id)]
    return sorted(unused, key=lambda source: source.title.casefold())
