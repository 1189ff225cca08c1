"""The template of a good practice as data: what is asked, in which words, and how much may be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from community.practices.asked import NAMES, QUESTIONS
from ingest.domain import THEMES
from web.words import language_name

# text: paragraphs; line: one line; list: items apart by commas; choice and choices: of options; tick: agreed
Kind = Literal["text", "line", "list", "choice", "choices", "tick"]

_LONGEST = 10_000
_LANGUAGES = ("en", "fr", "pt", "sw", "ar", "es", "de")
MEMBERS_ONLY = "All rights reserved, for members only"
LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0 1.0", MEMBERS_ONLY)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    ``asks`` are questions that it answers, ``names`` what other forms call it, in plain small letters;
    ``longest`` counts code points.
    """

    id: str
    label: str
    help: str = ""
    kind: Kind = "text"
    required: bool = True
    rows: int = 5
    longest: int = _LONGEST
    options: tuple[tuple[str, str], ...] = ()
    asks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def _asked(
    name: str, label: str, help_text: str, *, rows: int = 5, required: bool = True, longest: int = _LONGEST
) -> Field:
    """A field of the template, with how others ask for it."""
    return Field(name, label, help_text, "text", required, rows, longest, (), QUESTIONS[name], NAMES[name])


DESCRIPTION = (
    Field(
        "title",
        "Title",
        "What is done and where, such as “Home-care training in Kenya”.",
        "line",
        longest=200,
    ),
    Field(
        "summary",
        "Summary",
        "Two or three sentences for somebody who reads nothing else.",
        "text",
        False,
        3,
        1_500,
    ),
    Field("countries", "Countries", "Apart by commas: Kenya, Qatar.", "list", longest=500),
    Field(
        "corridors",
        "Corridors",
        "From where to where people go: Kenya -> Qatar, Kenya -> Germany.",
        "list",
        False,
        longest=500,
    ),
    Field("sectors", "Sectors", "Such as aged care, construction, agriculture.", "list", longest=500),
    Field(
        "themes",
        "Themes",
        "What it is about; several can fit.",
        "choices",
        options=tuple((one, one) for one in THEMES),
    ),
    Field(
        "language",
        "Language of this text",
        "",
        "choice",
        options=tuple((code, language_name(code)) for code in _LANGUAGES),
    ),
    Field(
        "period", "Years of the practice", "Such as 2018 to 2024, or since 2021.", "line", False, longest=100
    ),
    Field(
        "date",
        "Described as of",
        "The day or month up to which your account holds: 2026-03. Left empty, the day on which you "
        "submit it.",
        "line",
        False,
        longest=20,
    ),
)

TEMPLATE = (
    _asked(
        "context", "Context", "The corridor, the sector and the problem that had to be solved, with the year."
    ),
    _asked("objective", "Objective", "One sentence: what was to be different afterwards?", rows=3),
    _asked(
        "actors",
        "Actors",
        "Each body that takes part and its task. Do not forget unions and employers. One a line, with"
        " - before it.",
    ),
    _asked(
        "key_features",
        "Key features",
        "How it works, step by step, from the selection of people to their return.",
        rows=8,
    ),
    _asked(
        "coordination",
        "Coordination",
        "Who decides, who is told, and how a disagreement is settled.",
        required=False,
    ),
    _asked(
        "financing",
        "Financing",
        "What it costs and who pays. Say what the worker pays, or that the worker pays nothing.",
    ),
    _asked(
        "skills_recognition",
        "Skills recognition",
        "Which certificates are given or accepted, and by which body.",
        required=False,
    ),
    _asked(
        "protection",
        "Protection",
        "Contracts, where a worker can complain, help in need, and what is made good.",
        required=False,
    ),
    _asked(
        "results",
        "Results",
        "Figures with their period and where they come from, women and men apart where you can; what "
        "changed for families or services. Where a figure is missing, say so.",
        rows=8,
    ),
    _asked(
        "challenges",
        "Challenges",
        "What went wrong, and what was done about it. An honest failure teaches too.",
        required=False,
    ),
    _asked("lessons", "Lessons", "Three to five sentences by which somebody else can act."),
    _asked(
        "transferability",
        "Transferability",
        "What another country would need to copy it, and what lets it last when the donor has left.",
    ),
    _asked(
        "contact", "Contact", "An institution and how to reach it; no private person.", rows=3, longest=1_000
    ),
    _asked(
        "sources",
        "Sources",
        "Reports, evaluations and data behind this text, each with its date. One a line, with - before it.",
    ),
)

RIGHTS = (
    Field(
        "licence",
        "Licence",
        "What others may do with the text and its attachments once it is published.",
        "choice",
        options=tuple((one, one) for one in LICENCES),
    ),
    Field(
        "agreed_by",
        "Who agreed to the publication",
        "The office and the date, such as: Director of Training, letter of 3 March 2026. Staff see "
        "it; it is not published.",
        "line",
        longest=300,
    ),
    Field(
        "agreed",
        "The institutions that are described agree that this is published under the licence above.",
        kind="tick",
    ),
    Field(
        "unrecognisable",
        "No worker can be recognised in it: no names, photographs or details of a person who has not "
        "agreed in writing.",
        kind="tick",
    ),
)

# Words of a Word file that belong to no field, and what stood in a field that it filled.
UNPLACED = Field(
    "unplaced",
    "Words without a place",
    "Move them to where they belong, or delete them. They are not published.",
    required=False,
    longest=100_000,
)

CRITERIA = (
    ("Effective", "Do documents show that the aim was met?"),
    ("Sustainable", "Would it go on without its donor?"),
    ("Gender-sensitive", "Do women share in what it brings, and are there figures for them?"),
    ("Feasible", "Could a ministry with ordinary staff and an ordinary budget run it?"),
    ("Participatory", "Were workers, unions and employers asked?"),
    ("Replicable", "Is it clear what a second country would need?"),
)
