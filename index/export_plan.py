"""Where each published version is written in an export, and what is said of it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import yaml

from index.entries import Entry
from ingest.domain import KINDS, Source
from ingest.errors import FileRejected
from ingest.media import ending
from ingest.metadata import describe, identity_slug
from ingest.readers.front_matter import parse_yaml

_HEAD = "# Written by ujuzi export. With the file beside it, ujuzi add takes it up as it was.\n"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,119}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.")  # names that Windows has no files for
_LISTS = ("countries", "corridors", "sectors", "themes")
_LINES = ("tier", "event", "part_of", "licence", "link")


@dataclass(frozen=True, slots=True)
class Planned:
    """A version with the files that it is written to, or ``reason`` why it cannot be."""

    entry: Entry
    path: str = ""
    description: str = ""
    reason: str = ""
    is_foreign: bool = False

    @property
    def sidecar(self) -> str:
        """Where its description is written."""
        return f"{self.path}.yaml"

    @property
    def paths(self) -> set[str]:
        """Both of its files."""
        return {self.path, self.sidecar} if self.path else set()


def planned(entries: Iterable[Entry]) -> list[Planned]:
    """Where each of ``entries`` is written: the same for the same library, and no two files alike."""
    taken: set[str] = set()
    plans = []
    for entry in sorted(entries, key=lambda one: one.source.id):
        plan = _plan(entry, taken)
        taken |= plan.paths
        plans.append(plan)
    return plans


def _plan(entry: Entry, taken: set[str]) -> Planned:
    try:
        suffix = ending(entry.media_type, entry.file_name)
    except FileRejected:
        reason = "A component of another framework wrote it, which can write it again."
        return Planned(entry, reason=reason, is_foreign=True)
    text = _HEAD + yaml.safe_dump(
        _described(entry), allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
    if reason := _lost(text, entry):
        return Planned(entry, reason=reason)
    folder = entry.source.kind if entry.source.kind in KINDS else "other"
    own, safe = entry.source.id, identity_slug(entry.source.id)
    names = [own, safe] if _PLAIN.fullmatch(own) and not _RESERVED.fullmatch(own) else [safe]
    for path in (f"{folder}/{name}{suffix}" for name in names):
        if taken.isdisjoint({path, f"{path}.yaml"}):
            return Planned(entry, path, text)
    return Planned(entry, reason="Another document has the same name for its file. Give it another id.")


def _described(entry: Entry) -> dict[str, object]:
    """All that is said of a version, as it is written beside it; what says nothing is left out."""
    source = entry.source
    said: dict[str, object] = {
        "complete": True,
        "id": source.id,
        "title": source.title,
        "kind": source.kind,
        "language": source.language,
        "date": source.date,
        "audience": entry.audience,
        "people": [{"name": one.name, **({"role": one.role} if one.role else {})} for one in source.people],
        "illustrative": source.illustrative,
    }
    said |= {name: list(getattr(source, name)) for name in _LISTS}
    said |= {name: getattr(source, name) for name in _LINES}
    return {name: value for name, value in said.items() if value}


def _lost(text: str, entry: Entry) -> str:
    """What would not come back of a description; empty where all of it does."""
    try:
        back = _read_back(text, entry)
    except FileRejected as error:
        return f"Its description cannot be written: {error.reason}"
    names = (field.name for field in fields(Source))
    lost = [name for name in names if getattr(back, name) != getattr(entry.source, name)]
    return f"Its {', '.join(lost)} cannot be written so that it comes back the same." if lost else ""


def _read_back(text: str, entry: Entry) -> Source:
    values = parse_yaml(text, entry.file_name)
    assert isinstance(values, Mapping)
    name = entry.file_name
    return describe(
        {}, {str(key): value for key, value in values.items()}, None, name=name, identity=name, text=""
    )
