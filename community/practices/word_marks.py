"""How a field is marked in the Word file: for people by its label, for us by names that programs keep.

Word and LibreOffice keep bookmarks and styles. Where both are lost, a field is known by its label or by what
other forms call it.
"""

from __future__ import annotations

import re

from community.practices.fields import FIELDS
from community.practices.template import CRITERIA, UNPLACED, Field
from ingest.text import plain_letters

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LABEL_STYLE = "Ujuzi label"
HELP_STYLE = "Ujuzi help"
_BOOKMARK = re.compile(r"ujuzi_(\w+)")
_NUMBERING = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[ivx]{1,4}|[a-z])[.)]\s+")
_NO_LETTER = re.compile(r"[^\w]+")

# what can be filled in away from the site; consent is given on the page, by the person who is signed in
ON_PAPER = tuple(one for one in FIELDS.values() if one.kind != "tick" and one is not UNPLACED)

GUIDANCE = (
    "Write into the white boxes. Leave a box empty if you do not know: you can go on in your browser.",
    "Six hundred to a thousand words are usually enough. Name no worker who has not agreed in writing.",
    "When you are done, upload this file to your form. You see where each answer went before you submit.",
)
QUESTIONS = tuple(f"{name}: {question}" for name, question in CRITERIA)


def bookmark(name: str) -> str:
    """The bookmark of a field."""
    return f"ujuzi_{name}"


def printed(one: Field) -> tuple[str, ...]:
    """What stands below the label of a field: what is expected, and what can be chosen."""
    choices = "; ".join(label for _, label in one.options)
    return tuple(filter(None, (one.help, f"Write one or more of: {choices}." if choices else "")))


def marked(name: str) -> str | None:
    """The field that a bookmark of ours stands for; None for those of others."""
    match = _BOOKMARK.fullmatch(name)
    return match[1] if match else None


def is_printed(text: str) -> bool:
    """Whether a paragraph is one that the form itself holds."""
    return text in _PRINTED


def named(heading: str) -> str | None:
    """The field that a heading or a label names, in whatever case and numbering; None for another."""
    return _NAMES.get(plain_heading(heading))


def plain_heading(heading: str) -> str:
    """A heading in plain small letters, without its number and signs."""
    return _NO_LETTER.sub(" ", _NUMBERING.sub("", plain_letters(heading))).strip()


_NAMES = {
    plain_heading(name): one.id for one in reversed(FIELDS.values()) for name in (*one.names, one.label)
}
_PRINTED = {*GUIDANCE, *QUESTIONS, *(line for one in ON_PAPER for line in printed(one))}
