"""Our values in the words that readers see."""

from __future__ import annotations

from datetime import date

from ingest.domain import KINDS, NOT_REVIEWED, Place, Source

_KIND_WORDS = {
    "concept_note": ("concept note", "concept notes"),
    "good_practice": ("good practice", "good practices"),
    "transcript": ("webinar transcript", "webinar transcripts"),
    "slides": ("slides", "slides"),
    "report": ("report", "reports"),
    "guideline": ("guide", "guides"),
    "other": ("other document", "other documents"),
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese", "sw": "Swahili",
}  # fmt: skip


def kind_words(kind: str, count: int = 1) -> str:
    """A kind of document as readers call it: "good practice", "good practices"."""
    one, many = _KIND_WORDS.get(kind, _KIND_WORDS["other"])
    return one if count == 1 else many


def document_words(source: Source, count: int = 1) -> str:
    """What a document is, as readers call it: its kind, or the programme of a webinar."""
    if source.is_programme:
        return "webinar programme" if count == 1 else "webinar programmes"
    return kind_words(source.kind, count)


def review_words(review: str) -> str:
    """How a document was reviewed: "checked by staff", "peer reviewed", "not reviewed"."""
    return "checked by staff" if review == "checked" else review or NOT_REVIEWED


def kind_order(kind: str) -> int:
    """Where a kind stands in lists."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def language_name(code: str) -> str:
    """The English name of a language; its code where we have none."""
    return _LANGUAGES.get(code, code)


def written(day: date) -> str:
    """A date written out: "18 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 passage", "1,204 passages"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def begun(words: str) -> str:
    """``words`` as a line begins: the first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def place_words(place: Place) -> str:
    """A place with its heading before it: "“Financing”, pp. 3-4"."""
    label = str(place)
    heading = f"“{place.heading}”" if place.heading and place.heading != label else ""
    label = f"“{label}”" if label and label == place.heading else label
    return ", ".join(part for part in (heading, label) if part)
