"""What can be quoted of a passage: its sentences, small tables, and lists with what announces them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.domain import Span
from ingest.sentences import sentences

LONGEST_SENTENCE = 60  # words: a longer one is no quotation, it is a list or a table that lost its lines
LONGEST_LIST = 120  # words, introduction included: it is taken in item by item
_TABLE = re.compile(  # from the first line of a block that has bars between cells, if there are more of them
    r"^[^\n]* \| [^\n]*\n(?:[^\n]+\n)*?[^\n]* \| [^\n]*(?:\n[^\n]+)*", re.MULTILINE
)
_LEADS_AWAY = re.compile(  # an entry of a table of contents, a list of addresses
    r"\s… (?:\d+|[ivxl]+)$|https?://\S+\s(?:.*\s)?https?://", re.DOTALL | re.MULTILINE
)
LONGEST_VALUE = 12  # words
_LABEL = re.compile(r"(?:[^\s\d]+\s){0,3}[^\s\d]*[^\s\d.!?…;,]")  # at most four words that end no sentence
_ANNOUNCES_LINES = re.compile(r":$|\b(?:below|as follows)\.$")
_ANNOUNCES_SENTENCES = re.compile(  # "Kenya could take two things. The first is ... The second ..."
    r"\b(?:two|three|four|five|six|seven|deux|trois|quatre|cinq|sept|dois|duas|três|quatro|cinco|seis|sete)\b",
    re.IGNORECASE,
)
_ARTICLE = r"(?:(?:and|the|et|le|la|e|o|a)\s+)*"
_FIRST = re.compile(rf"{_ARTICLE}(?:first|premi(?:er|ère)|primeir[oa])", re.IGNORECASE)
_LATER = re.compile(
    rf"{_ARTICLE}(?:second|third|fourth|fifth|sixth|seventh|deuxième|troisième|quatrième|cinquième|sixième|septième"
    r"|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|sext[oa]|sétim[oa]|last|final|derni|últim)",
    re.IGNORECASE,
)


def quotable(text: str, language: str, *, spoken: bool = False) -> list[Span]:
    """The stretches of ``text`` that can stand on their own, in its order.

    A row says little without the others, so a table is quoted whole, as long as that is not too long. So is
    an introduction, with what it announces, and a label, with its value; but what they stand before can be
    quoted alone as well. In what is ``spoken``, blocks are the turns of different people: none is quoted with
    another.
    """
    spans = sentences(text, language)
    tables = [] if spoken else [Span(*table.span()) for table in _TABLE.finditer(text)]
    tables = [table for table in tables if _is_one(text, table, LONGEST_LIST)]
    ends = (_end_of_sentences,) if spoken else (_end_of_sentences, _end_of_lines, _end_of_value)
    found: list[Span] = []
    for index, span in enumerate(spans):
        table = next((table for table in tables if table.start <= span.start < table.end), None)
        whole = Span(span.start, max(end(text, spans, index) for end in ends))
        if table is not None:
            found += [table] if table not in found else []
        elif whole != span and _is_one(text, whole, LONGEST_LIST):
            found.append(whole)
        elif _is_one(text, span, LONGEST_SENTENCE):
            found.append(span)
    return found


def _is_one(text: str, span: Span, most: int) -> bool:
    """Whether ``span`` can be a quotation of ``most`` words: short enough, and not only leading elsewhere."""
    return _words(text, span) <= most and not _LEADS_AWAY.search(text, span.start, span.end)


def _end_of_lines(text: str, spans: Sequence[Span], index: int) -> int:
    """Where the lines end that the sentence at ``index`` announces: with the block that they form."""
    start, first_end = spans[index]
    end = first_end
    if _ANNOUNCES_LINES.search(text[start:end]):
        for span in spans[index + 1 :]:
            gap = text[end : span.start]
            if "\n\n" in gap if end > first_end else "\n" not in gap:
                break
            end = span.end
    return end


def _end_of_sentences(text: str, spans: Sequence[Span], index: int) -> int:
    """Where the sentences end that the one at ``index`` announces: a first, a second, and so on."""
    start, end = spans[index]
    if _ANNOUNCES_SENTENCES.search(text[start:end]):
        wanted = _FIRST
        for span in spans[index + 1 :]:
            if not wanted.match(text[span.start : span.end]) or "\n\n" in text[end : span.start]:
                break
            end, wanted = span.end, _LATER
    return end


def _end_of_value(text: str, spans: Sequence[Span], index: int) -> int:
    """Where the line ends that the line at ``index`` is the label of: "Webinar date", then the date."""
    start, end = spans[index]
    value = spans[min(index + 1, len(spans) - 1)]
    is_label = _LABEL.fullmatch(text[start:end]) and "\n\n" in text[end : value.start]
    return value.end if is_label and _words(text, value) <= LONGEST_VALUE else end


def _words(text: str, span: Span) -> int:
    return len(text[span.start : span.end].split())
