"""What a document is, from its own properties, the sidecar beside it and the command line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from textwrap import shorten

from ingest.domain import AUDIENCES, KINDS, THEMES, TIERS, Source
from ingest.fields import Fields
from ingest.language import LANGUAGE_SETTING, detect_language
from ingest.text import clean_line

_KIND_OF = {".vtt": "transcript", ".srt": "transcript", ".pptx": "slides"}
_SAYS_NOTHING = re.compile(
    r"((audio|meeting|closed)[ _-]?)?(transcript|captions?|subtitles?|recording|chat)([ _-]corrected)?"
    r"|document|slides|presentation|index|readme|report|notes?|untitled|scan",
    re.IGNORECASE,
)
_WORD_BREAK = re.compile(r"[_\s]+|(?<!\d)-|-(?!\d)")  # the hyphens of a date stay
_MOST_TITLE = 200
_MOST_SLUG = 60


def describe(
    properties: Mapping[str, object],
    sidecar: Mapping[str, object] | None,
    overrides: Mapping[str, object] | None,
    *,
    name: str,
    identity: str,
    text: str,
    heading: str = "",
) -> Source:
    """The source of the file called ``name``: each field from the command line, else sidecar, else file.

    What none of them says is guessed: the title from ``heading`` or the path ``identity``, the kind from the
    file's ending, the language from ``text`` (of a short one, from the setting of the program that made it),
    the id from ``identity``. FileRejected for an invalid value.
    """
    fields = Fields({**_given(properties), **_given(sidecar), **_given(overrides)}, name)
    return Source(
        id=fields.identifier("id") or identity_slug(identity),
        title=fields.text("title") or shorten(heading, _MOST_TITLE, placeholder="...") or title_of(identity),
        kind=fields.one_of("kind", KINDS) or _KIND_OF.get(PurePosixPath(name).suffix.lower(), "other"),
        language=fields.language("language") or detect_language(text, _setting(properties)),
        date=fields.day("date"),
        countries=fields.words("countries"),
        corridors=fields.corridors("corridors"),
        sectors=fields.words("sectors"),
        themes=fields.some_of("themes", THEMES),
        event=fields.identifier("event") or None,
        people=fields.people("people"),
        licence=fields.text("licence"),
        link=fields.address("link"),
        illustrative=fields.flag("illustrative"),
        tier=fields.one_of("tier", TIERS),
        part_of=fields.identifier("part_of") or None,
    )


def audience_of(
    properties: Mapping[str, object],
    sidecar: Mapping[str, object] | None,
    overrides: Mapping[str, object] | None,
    *,
    name: str,
) -> str:
    """Who may read the file called ``name``, ranked as by :func:`describe`; empty where nothing says so.

    FileRejected for anything but one of AUDIENCES, so that a slip of the pen publishes nothing.
    """
    fields = Fields({**_given(properties), **_given(sidecar), **_given(overrides)}, name)
    return fields.one_of("audience", AUDIENCES)


def identity_slug(identity: str) -> str:
    """An id for what has none: the end of ``identity`` in plain letters, and six digits of its SHA-256."""
    plain = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _MOST_SLUG:
        slug = slug[-_MOST_SLUG:].partition("-")[2] or slug[-_MOST_SLUG:]
    digest = sha256(identity.encode(errors="backslashreplace")).hexdigest()  # a name may hold odd bytes
    return f"{slug or 'document'}-{digest[:6]}"


def title_of(identity: str) -> str:
    """A title from a path: the file's name made readable, with its folder where the name says nothing."""
    path = PurePosixPath(identity)
    stem = _readable(path.stem)
    folder = _readable(path.parent.name)
    title = f"{folder}: {stem}" if folder and _SAYS_NOTHING.fullmatch(path.stem) else stem
    return title[:1].upper() + title[1:] or "Untitled"


def _setting(properties: Mapping[str, object]) -> str:
    """The language that the program which made the file was set to: often not the one that was written."""
    setting = properties.get(LANGUAGE_SETTING)
    return setting if isinstance(setting, str) else ""


def _readable(name: str) -> str:
    return clean_line(_WORD_BREAK.sub(" ", name))


def _given(values: Mapping[str, object] | None) -> dict[str, object]:
    """The values that say something: an empty one does not hide that of a lower rank."""
    return {key: value for key, value in (values or {}).items() if value not in (None, "", [], ())}
