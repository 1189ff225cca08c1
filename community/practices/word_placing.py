"""A filled Word form laid over a draft: nothing of either is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from community.practices.fields import FIELDS, Practice, practice_of
from community.practices.template import UNPLACED, Field
from community.practices.word_marks import ON_PAPER
from ingest.text import plain_letters

_ON_PAPER = {one.id for one in ON_PAPER}


def laid_over(draft: Practice, fields: Mapping[str, str], unplaced: Iterable[str]) -> Practice:
    """``draft`` with what a Word form says.

    What stood in a field before, what is no option of it, and what belongs to no field that we know, goes
    among the words without a place.
    """
    known = {name: text for name, text in fields.items() if name in _ON_PAPER and text}
    form = practice_of({name: _options(FIELDS[name], text) for name, text in known.items()})
    laid = practice_of({**draft.values, **form.values})
    left = [
        *(f"{FIELDS[name].label}, as it was before: {draft.text(name)}" for name in _replaced(draft, form)),
        *_no_options(known),
        *(f"{name}: {text}" for name, text in fields.items() if name not in _ON_PAPER and text),
        *unplaced,
    ]
    for words in left:
        if words not in laid.text(UNPLACED.id):
            laid = laid.with_more(UNPLACED.id, words)
    return laid


def _replaced(draft: Practice, form: Practice) -> Iterator[str]:
    """The fields whose text would be lost: not those whose words the form only adds to."""
    for name, values in form.values.items():
        before = draft.text(name)
        if before and FIELDS[name].kind == "text" and before not in values[0]:
            yield name


def _options(one: Field, text: str) -> tuple[str, ...]:
    """The values that a text names, where a field has options: by their value or as they are shown."""
    return tuple(_option(one, part) or part for part in _parts(text)) if one.options else (text,)


def _no_options(fields: Mapping[str, str]) -> Iterator[str]:
    for name, text in fields.items():
        one = FIELDS[name]
        if one.options:
            yield from (f"{one.label}: {part}" for part in _parts(text) if not _option(one, part))


def _parts(text: str) -> list[str]:
    """What stands apart by lines, commas and semicolons; a licence with a comma in it stays whole."""
    lines = [line.removeprefix("- ").strip() for line in text.replace(";", "\n").split("\n")]
    cut = [[line] if _is_option(line) else [part.strip() for part in line.split(",")] for line in lines]
    return [part for parts in cut for part in parts if part]


_ALL_OPTIONS = {plain_letters(value) for one in FIELDS.values() for value, _ in one.options}


def _is_option(text: str) -> bool:
    return plain_letters(text) in _ALL_OPTIONS


def _option(one: Field, text: str) -> str:
    wanted = plain_letters(text)
    fitting = (
        value for value, label in one.options if wanted in (plain_letters(value), plain_letters(label))
    )
    return next(fitting, "")
