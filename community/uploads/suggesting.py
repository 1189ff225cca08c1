"""A description suggested from a text, each part with the words it follows from, for a person to confirm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from community.uploads.places import Mention, corridors, mentions
from community.uploads.themes import Theme, themes_of
from community.uploads.values import Suggestion
from index.library import Library
from index.scope import Reader
from ingest.domain import Person, Source, Span
from ingest.reading import Document
from ingest.when import days

_A_MENTION_FOR = 30_000  # code points: in a longer text one mention is no subject
_MOST_COUNTRIES = 25
_HEAD = 1_500  # code points in which a document says when it is from
_OPENING = 200  # code points in which it says what kind it is; further on it may speak of others
_TOGETHER = 2  # paragraphs that name both ends of a corridor that the library knows
_MOST_PEOPLE = 20
_SHOWN = 6  # reasons of one kind
_AROUND = 30  # code points of a text on either side of a word
_KINDS = {
    "concept_note": r"concept note|note (?:conceptuelle|de cadrage)|nota conce(?:p|i)tual|ورقة مفاهيمية",
    "good_practice": r"good practices?|case study|bonnes? pratiques?|boas? práticas?|utendaji bora",
    "guideline": r"guidelines?|guide|manual|handbook|lignes directrices|manuel|diretrizes|mwongozo|دليل",
    "report": r"report|rapport|relatório|ripoti|study|étude|estudo|تقرير",
}


class Suggesting:
    """Reads descriptions from texts. What the library says of its documents helps with a new one."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def suggested(self, document: Document, reader: Reader) -> Suggestion:
        """What the text says about itself; what the file says of itself goes before."""
        source, text = document.source, document.text
        named = mentions(text, source.language)
        moving = self._corridors(text, named, reader)
        themes = themes_of(text, source.language, self._library.embedder)
        kind, kind_why = _kind(document)
        day, day_why = _day(document)
        guesses: dict[str, tuple[object, str]] = {
            "kind": (kind, kind_why),
            "date": (day, day_why),
            "countries": _countries(document, named),
            "corridors": (tuple(moving), _joined(_around(document, span) for span in moving.values())),
            "themes": (tuple(theme.name for theme in themes), _joined(map(_theme_why, themes))),
            "people": _people(document),
        }
        found = {name: guess for name, guess in guesses.items() if guess[0] and _is_open(source, name)}
        reasons = {name: why for name, (_, why) in found.items() if why}
        described = replace(source, **{name: value for name, (value, _) in found.items()})  # type: ignore[arg-type]
        always = {"title": _title_why(document), "language": "By its letters and words."}
        return Suggestion(described, always | reasons)

    def _corridors(self, text: str, named: Sequence[Mention], reader: Reader) -> Mapping[str, Span]:
        """Those that the text says, then those of other documents whose ends it names together."""
        said = {str(one): one.span for one in reversed(corridors(text, named))}
        known = [one for one, _ in self._library.values("corridors", reader) if one not in said]
        return said | dict(_named_together(text, named, known))


def _is_open(source: Source, name: str) -> bool:
    """Whether the file left it to be guessed."""
    return getattr(source, name) in ("other", None, ())


def _countries(document: Document, named: Sequence[Mention]) -> tuple[tuple[str, ...], str]:
    counts = Counter(mention.country for mention in named)
    first = {mention.country: mention.span for mention in reversed(named)}
    least = 1 + len(document.text) // _A_MENTION_FOR
    chosen = [country for country, count in counts.most_common(_MOST_COUNTRIES) if count >= least]
    whys = (
        f"{country}: {_times(counts[country])}, {_around(document, first[country])}" for country in chosen
    )
    return tuple(chosen), _joined(whys)


def _named_together(text: str, named: Sequence[Mention], known: Sequence[str]) -> Iterator[tuple[str, Span]]:
    paragraphs: dict[int, dict[str, Span]] = {}
    for mention in named:
        number = text.rfind("\n", 0, mention.span.start)
        paragraphs.setdefault(number, {}).setdefault(mention.country, mention.span)
    for corridor in known:
        ends = corridor.split(" -> ")
        both = [there for there in paragraphs.values() if all(end in there for end in ends)]
        if len(both) >= _TOGETHER:
            spans = [both[0][end] for end in ends]
            yield corridor, Span(min(spans).start, max(spans).end)


def _kind(document: Document) -> tuple[str, str]:
    head = f"{document.source.title}\n{document.text[:_OPENING]}"
    for kind, words in _KINDS.items():
        if match := re.search(rf"\b(?:{words})\b", head, re.IGNORECASE):
            return kind, f"It says “{match[0]}” near its beginning."
    return "", ""


def _day(document: Document) -> tuple[date | None, str]:
    for line in document.text[:_HEAD].splitlines():
        if named := days(line):
            return named[0].date, f"It says “{line[slice(*named[0].span)]}” near its beginning."
    named = days(document.source.title)  # of captions often only the folder says it
    return (named[0].date, "Its title says it.") if named else (None, "")


def _people(document: Document) -> tuple[tuple[Person, ...], str]:
    """Who speaks in a transcript, those who speak most first."""
    spoken = Counter(cue.speaker for cue in document.places.cues if cue.speaker)
    names = [name for name, _ in spoken.most_common(_MOST_PEOPLE)]
    return tuple(map(Person, names)), "Whom the transcript names as speakers." if names else ""


def _title_why(document: Document) -> str:
    stands = document.source.title.casefold() in document.text[:_HEAD].casefold()
    return "It stands at the beginning." if stands else "From what the file says of itself, or its name."


def _theme_why(theme: Theme) -> str:
    words = ", ".join(f"“{phrase}”" for phrase in theme.phrases[:3])
    return f"{theme.name}: {words or 'by what its sentences mean'}"


def _around(document: Document, span: Span) -> str:
    """The words around a span, and their place."""
    start, end = max(0, span.start - _AROUND), min(len(document.text), span.end + _AROUND)
    words = " ".join(document.text[start:end].split())
    place = str(document.places.place(span))
    return f"“…{words}…”" + (f" ({place})" if place else "")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _joined(whys: Iterator[str]) -> str:
    return "; ".join(why for why, _ in zip(whys, range(_SHOWN), strict=False))
