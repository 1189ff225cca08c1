"""A list of passages to take along: for a table program, a word processor or a program for references."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.pages import word
from bot.references import Reference, bibtex, ris
from ingest.domain import Place, Source
from ingest.errors import NotFound
from web.spreadsheets import csv_file
from web.words import begun, counted, document_words, language_name, place_words, review_words, written

_COLUMNS = (
    "Title", "Kind", "Date", "Language", "Countries", "Place", "Quote", "Illustrative", "Review", "Version",
    "Link", "Searched for", "Searched on",
)  # fmt: skip
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40  # characters of the searched words in the name of a file


@dataclass(frozen=True, slots=True)
class Row:
    """One passage of a list: ``quote`` are its exact words, ``link`` the whole address that shows them."""

    source: Source
    version: int
    place: Place
    quote: str
    link: str

    @property
    def reference(self) -> Reference:
        """The passage as it is cited."""
        return Reference(self.source, self.version, self.place, self.link)


@dataclass(frozen=True, slots=True)
class About:
    """What was searched for, what the search was limited to, as readers call it, and when that was."""

    words: str
    limits: tuple[str, ...]
    day: date

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        within = f", limited to {', '.join(self.limits)}" if self.limits else ""
        return f"Searched in the Ujuzi library on {written(self.day)} for “{self.words}”{within}."


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a reader takes along. ``file_name`` is of plain letters."""

    content: bytes
    media_type: str
    file_name: str


class Format(NamedTuple):
    """A kind of file: what readers call it, how its name ends, its media type, and what makes it."""

    title: str
    ending: str
    media_type: str
    make: Callable[[Sequence[Row], About], bytes]


def exported(format_name: str, rows: Sequence[Row], about: About) -> Export:
    """``rows`` as a file of one of FORMATS. Raises NotFound for another."""
    if format_name not in FORMATS:
        names = ", ".join(FORMATS)
        raise NotFound(f"There is no export called “{format_name[:40]}”. Choose one of these: {names}.")
    chosen = FORMATS[format_name]
    return Export(chosen.make(rows, about), chosen.media_type, _file_name(about, chosen.ending))


def _file_name(about: About, ending: str) -> str:
    """Such as "ujuzi-who-pays-2026-11-28.csv"."""
    plain = unicodedata.normalize("NFKD", about.words).encode("ascii", "ignore").decode().lower()
    words = _NO_LETTERS.sub("-", plain).strip("-")[:_LONGEST_NAME].rstrip("-")
    return "-".join(filter(None, ("ujuzi", words, about.day.isoformat()))) + f".{ending}"


def _csv(rows: Sequence[Row], about: About) -> bytes:
    return csv_file(_COLUMNS, (map(word.printable, _values(row, about)) for row in rows))


def _values(row: Row, about: About) -> tuple[str, ...]:
    source = row.source
    return (
        source.title,
        document_words(source),
        source.date.isoformat() if source.date else "",
        language_name(source.language),
        ", ".join(source.countries),
        place_words(row.place),
        row.quote,
        "illustrative" if source.illustrative else "",
        review_words(source.tier),
        str(row.version),
        row.reference.address,
        about.words,
        about.day.isoformat(),
    )


def _bibtex(rows: Sequence[Row], about: About) -> bytes:
    return bibtex((row.reference for row in rows), about.day).encode()


def _ris(rows: Sequence[Row], about: About) -> bytes:
    return ris((row.reference for row in rows), about.day).encode()


def _word(rows: Sequence[Row], about: About) -> bytes:
    """A numbered list: the title, which opens the place, what and where it is, and the words."""
    document = word.new_document(f"Passages on “{about.words}”", about.day)
    word.write(document.add_heading(level=1), f"Passages on “{about.words}”")
    word.write(document.add_paragraph(), f"{about.sentence} {begun(counted(len(rows), 'passage'))}.")
    for row in rows:
        word.write_link(document.add_paragraph(style="List Number"), row.source.title, row.reference.address)
        word.write(document.add_paragraph(style="List Continue"), _described(row))
        word.write(document.add_paragraph(style="List Continue"), f"“{row.quote}”")
    return word.content(document)


def _described(row: Row) -> str:
    source = row.source
    warning = "illustrative: written for demonstration" if source.illustrative else ""
    day = written(source.date) if source.date else ""
    place = place_words(row.place)
    review = review_words(source.tier) if source.tier else ""
    return " · ".join(filter(None, (begun(document_words(source)), day, place, review, warning)))


FORMATS = {
    "csv": Format("CSV", "csv", "text/csv; charset=utf-8", _csv),
    "docx": Format("Word", "docx", word.MEDIA_TYPE, _word),
    "bibtex": Format("BibTeX", "bib", "application/x-bibtex; charset=utf-8", _bibtex),
    "ris": Format("RIS", "ris", "application/x-research-info-systems; charset=utf-8", _ris),
}
