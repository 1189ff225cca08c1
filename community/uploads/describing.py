"""The form in which a person confirms or changes what was suggested, read back field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from community.errors import Invalid
from ingest.domain import KINDS, THEMES, Person, Source
from ingest.errors import FileRejected
from ingest.fields import Fields

_LISTS = ("countries", "corridors", "sectors")
_MOST_TITLE = 200
_PERSON = re.compile(r"(?P<name>[^()]+)(?:\((?P<role>[^()]*)\))?")


def typed(source: Source) -> dict[str, str | Sequence[str]]:
    """A description as the fields of the form show it: lists in a line, people a line each."""
    lists = {name: ", ".join(getattr(source, name)) for name in _LISTS}
    return lists | {
        "title": source.title,
        "kind": source.kind,
        "language": source.language,
        "date": source.date.isoformat() if source.date else "",
        "themes": source.themes,
        "people": "\n".join(_line(person) for person in source.people),
        "licence": source.licence,
        "link": source.link,
    }


def described(form: Mapping[str, str | Sequence[str]], before: Source) -> Source:
    """``before`` with what the form says; raises Invalid for the fields that cannot be taken as they are."""
    fields = Fields({name: _value(name, value) for name, value in form.items()}, "The form")
    read: dict[str, Callable[[], object]] = {
        "title": lambda: fields.text("title")[:_MOST_TITLE],
        "kind": lambda: fields.one_of("kind", KINDS) or "other",
        "language": lambda: fields.language("language") or before.language,
        "date": lambda: fields.day("date"),
        "themes": lambda: fields.some_of("themes", THEMES),
        "countries": lambda: fields.words("countries"),
        "sectors": lambda: fields.words("sectors"),
        "corridors": lambda: fields.corridors("corridors"),
        "people": lambda: fields.people("people"),
        "licence": lambda: fields.text("licence"),
        "link": lambda: fields.address("link"),
    }
    found: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for name, of in read.items():
        try:
            found[name] = of()
        except FileRejected as error:
            wrong[name] = error.reason
    if wrong:
        raise Invalid(wrong)
    return replace(before, **found)  # type: ignore[arg-type]


def _value(name: str, value: str | Sequence[str]) -> object:
    if name != "people" or not isinstance(value, str):
        return value
    matches = (_PERSON.fullmatch(line.strip()) for line in value.splitlines())
    return [{"name": match["name"].strip(), "role": match["role"] or ""} for match in matches if match]


def _line(person: Person) -> str:
    return f"{person.name} ({person.role})" if person.role else person.name
