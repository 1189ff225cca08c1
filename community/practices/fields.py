"""A filled form as a value, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from community.practices.template import DESCRIPTION, MEMBERS_ONLY, RIGHTS, TEMPLATE, UNPLACED, Field
from ingest.errors import FileRejected
from ingest.fields import Fields
from ingest.text import clean, clean_line

MOST = 400_000  # code points in a whole form; nobody types so many
_APART = re.compile(r"[,;\n]")
_ARROW = re.compile(r"(?<!\s)\s*(?:(?<![-–=])[-–=]+>|→|⇒|\bto\b)\s*")  # from no sign but the first of a run

FIELDS = {one.id: one for one in (*DESCRIPTION, *TEMPLATE, *RIGHTS, UNPLACED)}


@dataclass(frozen=True, slots=True)
class Practice:
    """A form as it is filled in: cleaned words by the id of the field, and nothing for an empty one."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def words(self, name: str) -> tuple[str, ...]:
        """All values of a field: items, choices."""
        return self.values.get(name, ())

    def text(self, name: str) -> str:
        """The value of a field as one text; empty where nothing was typed."""
        return ", ".join(self.words(name))

    @property
    def title(self) -> str:
        """What the practice is called so far."""
        return self.text("title")

    @property
    def is_for_members(self) -> bool:
        """Whether its author keeps all rights, so that only members may read it."""
        return self.text("licence") == MEMBERS_ONLY

    def with_text(self, name: str, text: str) -> Practice:
        """The same with another text in one field."""
        return practice_of({**self.values, name: (text,)})

    def with_more(self, name: str, text: str) -> Practice:
        """The same with ``text`` below what a field holds."""
        return self.with_text(name, f"{self.text(name)}\n\n{text}")


EMPTY = Practice()


def practice_of(typed: Mapping[str, Sequence[str]]) -> Practice:
    """The practice that these values say, cleaned; what belongs to no field, or is no option, is left out."""
    found = {one.id: tuple(_cleaned(one, typed.get(one.id, ()))) for one in FIELDS.values()}
    return Practice({name: values for name, values in found.items() if values})


def unagreed(practice: Practice) -> Practice:
    """The same without what somebody agreed to by ticking it."""
    return Practice({name: words for name, words in practice.values.items() if FIELDS[name].kind != "tick"})


def problems(practice: Practice, *, for_submission: bool) -> dict[str, str]:
    """What is to be put right, by field. A draft may lack anything, but no text may be too long."""
    found = {one.id: _problem(one, practice, for_submission) for one in FIELDS.values()}
    return {name: words for name, words in found.items() if words}


def length(practice: Practice) -> int:
    """The code points of the whole form."""
    return sum(len(value) for values in practice.values.values() for value in values)


def _cleaned(one: Field, values: Sequence[str]) -> Iterable[str]:
    """The values of a field as they are kept."""
    match one.kind:
        case "text":
            return filter(None, [clean("\n\n".join(values))])
        case "line":
            return filter(None, [clean_line(" ".join(values))])
        case "list":
            items = (clean_line(item) for value in values for item in _APART.split(value))
            return dict.fromkeys(_arrowed(one, item) for item in items if item)
        case "choice" | "choices":
            allowed = [value for value, _ in one.options]
            chosen = [value for value in allowed if value in values]
            return chosen if one.kind == "choices" else chosen[:1]
        case "tick":
            return ["yes"] if "yes" in values else []


def _arrowed(one: Field, item: str) -> str:
    """A corridor with the arrow that the library writes, whichever was typed."""
    return _ARROW.sub(" -> ", item) if one.id == "corridors" else item


def _problem(one: Field, practice: Practice, for_submission: bool) -> str:
    text = practice.text(one.id)
    if len(text) > one.longest:
        return f"{one.label}: {len(text):,} characters are {len(text) - one.longest:,} too many. Shorten it."
    if not for_submission:
        return ""
    if one is UNPLACED:
        return "Some words have no place yet. Move or delete them before you submit." if text else ""
    if not text:
        return _missing(one) if one.required else ""
    return _invalid(one, practice)


def _missing(one: Field) -> str:
    if one.kind == "tick":
        return "Tick this before you submit: " + one.label
    return f"{one.label}: {'choose one' if one.kind in ('choice', 'choices') else 'still empty'}."


def _invalid(one: Field, practice: Practice) -> str:
    """What the library would refuse, said before it does."""
    check = {"date": Fields.day, "corridors": Fields.corridors}.get(one.id)
    if check is None:
        return ""
    value = practice.text(one.id) if one.kind == "line" else list(practice.words(one.id))
    try:
        check(Fields({one.id: value}, one.label), one.id)
    except FileRejected as rejected:
        return f"{one.label}: {rejected.reason}"
    return ""
