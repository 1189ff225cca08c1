"""A document at a place as reference lists give it (APA) and as reference programs read it (BibTeX, RIS).

Names of authors are given whole: which part of a name is the family's is not known here, and an organisation
has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from urllib.parse import quote, urlsplit

from ingest.domain import Place, Source
from ingest.text import clean_line

LIBRARY = "Ujuzi library"
_ILLUSTRATIVE = "illustrative: written for demonstration"
_AUTHOR = re.compile(r"\b(?:co-?)?authors?\b", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_MOST_AUTHORS = 20  # that an APA reference names
_RANGE = re.compile(r"(?<=\d)-(?=\d)")
_LONGEST_NAME = 40  # characters of a key before its digest
_IN_ADDRESSES = "%/:?&=#@+,;~!$()*-._"  # what stays as it is in an address that is otherwise encoded
_TYPES = {  # entry type of BibTeX, of RIS, and what the document is
    "concept_note": ("techreport", "RPRT", "Concept note"),
    "good_practice": ("misc", "GEN", "Good practice"),
    "transcript": ("misc", "GEN", "Webinar transcript"),
    "slides": ("misc", "SLIDE", "Slides"),
    "report": ("techreport", "RPRT", "Report"),
    "guideline": ("manual", "RPRT", "Guide"),
    "other": ("misc", "GEN", "Document"),
}
_PROGRAMME = ("misc", "GEN", "Webinar programme")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # names that every BibTeX style knows
# No braces of their own in what stands for a brace: BibTeX counts those behind a backslash too.
_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
        "^": r"{\textasciicircum}", "~": r"{\textasciitilde}", "<": r"{\textless}", ">": r"{\textgreater}",
        "|": r"{\textbar}", **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A version of a document at a place. ``link`` is the whole address that shows it there."""

    source: Source
    version: int
    place: Place
    link: str

    @property
    def key(self) -> str:
        """A name of plain letters: the same for the same words, on any host, and another for others."""
        plain = unicodedata.normalize("NFKD", self.source.id).encode("ascii", "ignore").decode().lower()
        name = _NO_LETTERS.sub("-", plain).strip("-")[:_LONGEST_NAME].rstrip("-") or "source"
        address = urlsplit(self.link)
        shown = f"{self.source.id} {self.version} {address.path}?{address.query}"
        return f"{name}-{sha256(shown.encode(errors='backslashreplace')).hexdigest()[:8]}"

    @property
    def address(self) -> str:
        """``link`` in plain letters, so that no program stumbles over it."""
        return quote(clean_line(self.link), safe=_IN_ADDRESSES)

    @property
    def note(self) -> str:
        """What the fields of such programs have no room for: the version, the place, and a warning."""
        parts = [f"{LIBRARY}, version {self.version}", *_where(self.place)]
        return "; ".join([*parts, _ILLUSTRATIVE] if self.source.illustrative else parts)


def apa(source: Source, place_words: str, address: str, version: int) -> str:
    """The reference in the form of the American Psychological Association, 7th edition, on one line.

    ``place_words`` is the place of the quote, empty for the whole document; ``address`` shows it there.
    Version and place stand in the brackets in which that form puts editions and pages. Nothing is in italics.
    """
    place = _RANGE.sub("–", place_words)
    what = _types(source)[-1] + (", illustrative" if source.illustrative else "")
    title = f"{source.title} ({', '.join(filter(None, (f'Version {version}', place)))}) [{what}]"
    day = f"({source.date.year}, {source.date:%B} {source.date.day})." if source.date else "(n.d.)."
    names = _listed(authors(source))
    lead = (f"{names.removesuffix('.')}.", day, f"{title}.") if names else (f"{title}.", day)
    return clean_line(" ".join((*lead, f"{LIBRARY}.", address)))


def bibtex(references: Iterable[Reference], accessed: date) -> str:
    """The entries of ``references``, each once, for BibTeX and for biber; ``accessed``: when they were read.

    There is the date both in one piece, for biber, and in years and months, for BibTeX.
    """
    return "\n".join(_entry(one, accessed) for one in _each_once(references))


def ris(references: Iterable[Reference], accessed: date) -> str:
    """The records of ``references``, each once, as RIS: a line a field, which ends as that format asks."""
    lines = [line for one in _each_once(references) for line in _record(one, accessed)]
    return "".join(f"{line}\r\n" for line in lines)


def authors(source: Source) -> tuple[str, ...]:
    """The people and organisations that wrote ``source``, in order."""
    return tuple(dict.fromkeys(one.name for one in source.people if _AUTHOR.search(one.role)))


def _listed(names: Sequence[str]) -> str:
    """Names with "&" before the last; of more than twenty the first nineteen, an ellipsis and the last."""
    if len(names) > _MOST_AUTHORS:
        return f"{', '.join(names[: _MOST_AUTHORS - 1])}, … {names[-1]}"
    *first, last = names or ("",)
    comma = "," if len(first) > 1 or any("," in name for name in first) else ""
    return f"{', '.join(first)}{comma} & {last}" if first else last


def _each_once(references: Iterable[Reference]) -> Iterable[Reference]:
    return {one.key: one for one in references}.values()


def _entry(reference: Reference, accessed: date) -> str:
    source = reference.source
    kind, _, what = _types(source)
    names = [f"{{{_tex(name)}}}" for name in authors(source)]
    fields = {
        "title": f"{{{_tex(source.title)}}}",  # braces within braces: a style may not make PALM "palm"
        "author": " and ".join(names),
        "key": "" if names else _tex(source.title),  # to sort by
        "type" if kind == "techreport" else "howpublished": what,
        "date": source.date.isoformat() if source.date else "",
        "year": f"{source.date.year:04d}" if source.date else "",
        "pages": "--".join(_pages(reference.place)),
        "language": _tex(source.language),
        "url": reference.address,
        "urldate": accessed.isoformat(),
        "note": _tex(f"{reference.note}; accessed {accessed.isoformat()}"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if source.date:
        lines.append(f"  month = {_MONTHS[source.date.month - 1]},")
    return "\n".join([f"@{kind}{{{reference.key},", *lines, "}\n"])


def _record(reference: Reference, accessed: date) -> Iterable[str]:
    source = reference.source
    _, kind, what = _types(source)
    pages = _pages(reference.place)
    fields = [
        ("TY", kind),
        ("ID", reference.key),
        ("TI", source.title),
        *(("AU", name) for name in authors(source)),
        ("PY", f"{source.date.year:04d}" if source.date else ""),
        ("DA", _slashed(source.date) if source.date else ""),
        ("M3", what),
        ("SP", pages[0] if pages else ""),
        ("EP", pages[-1] if pages else ""),
        ("LA", source.language),
        ("DB", LIBRARY),
        ("UR", reference.address),
        ("Y2", _slashed(accessed)),
        ("N1", reference.note),
    ]
    return [*(f"{tag}  - {line}" for tag, value in fields if (line := clean_line(value))), "ER  - ", ""]


def _types(source: Source) -> tuple[str, str, str]:
    """What a document is to BibTeX, to RIS and to readers."""
    return _PROGRAMME if source.is_programme else _TYPES.get(source.kind, _TYPES["other"])


def _slashed(day: date) -> str:
    """A date as RIS writes it: year, month and day, each with its slash."""
    return f"{day.isoformat().replace('-', '/')}/"


def _pages(place: Place) -> tuple[str, ...]:
    """The first and the last page, or the only one."""
    return tuple(dict.fromkeys(str(page) for page in place.pages or ()))


def _where(place: Place) -> list[str]:
    """A place in words: its heading, and what else there is of it."""
    return list(dict.fromkeys(filter(None, (place.heading, str(place)))))


def _tex(text: str) -> str:
    """``text`` on one line, with whatever TeX or BibTeX would take for a command made harmless."""
    return clean_line(text).translate(_TEX)
