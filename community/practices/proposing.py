"""Passages of another document that could answer the fields of the form. Nothing is stored or inserted here.

Three ways, the surest first: the heading under which a passage stands names a field; the question that an
interviewer asked, or the heading, is close to what a field asks; the passage itself is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from community.practices.template import TEMPLATE
from community.practices.word_marks import named, plain_heading
from index.encoded import Vectors
from index.models import Embedder
from ingest.domain import Cue, PlaceMap, Span
from ingest.sentences import sentences

_MOST = 3  # proposals for a field
_LONGEST = 1_500  # characters of a proposal; it ends with a sentence
_LEAST_WORDS = 6  # of a passage that is compared by its meaning
_MOST_COMPARED = 300  # passages of one document: a model takes a second for fifty
_OF_LEAD = 0.3  # what the question before an answer, or the heading, counts beside the words themselves
# Likeness from which words are proposed. Of the 280 sections of the good practices that ship, their headings
# taken off, 0.25 proposes 139, 63 in a hundred of them rightly; 0.20 would propose 206, 55 rightly.
# Answers to questions are surer: of three interviews of 14 questions, one of them oblique, 40 of 42 answers
# come first in their field from 0.15 on; from 0.20 on 33.
_FLOOR = 0.25
_FLOOR_WITH_LEAD = 0.15


@dataclass(frozen=True, slots=True)
class Proposal:
    """The words at ``span`` of a document for one field. ``why`` says what speaks for them."""

    field: str
    span: Span
    rank: int  # 0: its heading names the field; 1: heading or question is close to it; 2: it is itself
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class _Passage:
    """Words that could be proposed, after ``lead``: the question that they answer, or their heading."""

    span: Span
    lead: str = ""


def propose(text: str, places: PlaceMap, language: str, embedder: Embedder) -> list[Proposal]:
    """The best passages of a text for each field of the template, at most three a field, the best first."""
    found = list(_under_headings(text, places, language))
    taken = [one.span for one in found]
    passages = [one for one in _passages(text, places) if not _overlaps(one.span, taken)][:_MOST_COMPARED]
    found += _by_meaning(text, passages, {one.field for one in found}, language, embedder)
    ranked = sorted(found, key=lambda one: (one.rank, -one.score, one.span.start))
    return [one for field in TEMPLATE for one in _few(ranked, field.id)]


def is_cut(text: str, places: PlaceMap) -> bool:
    """Whether the document is so long that only its beginning was compared by meaning."""
    return sum(1 for _ in _passages(text, places)) > _MOST_COMPARED


def _few(ranked: Sequence[Proposal], field: str) -> list[Proposal]:
    return [one for one in ranked if one.field == field][:_MOST]


def _under_headings(text: str, places: PlaceMap, language: str) -> Iterator[Proposal]:
    """The words under headings that name a field, with those of the headings below."""
    marks = places.headings
    for number, mark in enumerate(marks):
        if field := _field_named(mark.label):
            below = [one.offset for one in marks[number + 1 :] if one.level <= mark.level]
            body = Span(mark.offset + len(mark.label), below[0] if below else len(text))
            if (span := _cut(text, _trimmed(text, body), language)).end > span.start:
                yield Proposal(field, span, 0, 1.0, f"stands under “{mark.label}”")


def _field_named(heading: str) -> str | None:
    """The field of a heading, or of a part of it: "Cost and financing of the scheme"."""
    if field := named(heading):
        return _in_template(field)
    words = plain_heading(heading).split()
    runs = (" ".join(words[start:end]) for start in range(len(words)) for end in range(len(words), start, -1))
    return next(filter(None, (_in_template(named(run)) for run in runs if len(run) > 3)), None)


def _in_template(field: str | None) -> str | None:
    return field if field in _TEMPLATE else None


_TEMPLATE = {one.id for one in TEMPLATE}


def _passages(text: str, places: PlaceMap) -> Iterator[_Passage]:
    """What is compared by its meaning: answers to questions where people talk, else paragraphs."""
    if places.cues:
        yield from _answers(text, places.cues)
    else:
        starts = {mark.offset for mark in places.headings}
        blocks = (span for span in _blocks(text) if span.start not in starts)
        yield from (_Passage(span, places.heading(span.start) or "") for span in blocks)


def _blocks(text: str) -> Iterator[Span]:
    for match in re.finditer(r"\S(?:.*?\S)??(?=\n\n|\s*\Z)", text, re.DOTALL):
        if len(match.group().split()) >= _LEAST_WORDS:
            yield Span(*match.span())


def _answers(text: str, cues: Sequence[Cue]) -> Iterator[_Passage]:
    """What follows each question of whoever asks most of them, up to the next; without one, each turn."""
    turns = [list(group) for _, group in groupby(cues, key=lambda cue: cue.speaker)]
    spans = [(turn[0].speaker, Span(turn[0].span.start, turn[-1].span.end)) for turn in turns]
    asker = _asker(text, spans)
    lead, answer = "", list[Span]()
    for speaker, span in [*spans, (asker, Span(0, 0))]:
        if speaker == asker:
            if answer:
                yield _Passage(Span(answer[0].start, answer[-1].end), lead)
            lead, answer = text[span.start : span.end], []
        elif asker is None:
            yield _Passage(span)
        else:
            answer.append(span)


def _asker(text: str, turns: Iterable[tuple[str | None, Span]]) -> str | None:
    """Who asks: the speaker most of whose turns hold a question, two at the least. None where nobody does."""
    asked: dict[str, list[bool]] = defaultdict(list)
    for speaker, span in turns:
        if speaker:
            asked[speaker].append("?" in text[span.start : span.end])
    askers = {speaker: sum(own) / len(own) for speaker, own in asked.items() if sum(own) >= 2}
    best = max(askers, key=lambda speaker: askers[speaker], default=None)
    return best if best and askers[best] >= 0.5 else None


def _by_meaning(
    text: str, passages: Sequence[_Passage], known: Set[str], language: str, embedder: Embedder
) -> Iterator[Proposal]:
    """Each passage for the field that it is closest to, where it is close enough.

    First one passage a field, the closest pair first, for people talk about one thing after the other; fields
    that are ``known`` by a heading need none.
    """
    if not passages:
        return
    likeness = _likeness(text, passages, embedder)
    open_fields = [number for number, one in enumerate(TEMPLATE) if one.id not in known]
    pairs = _pairs(likeness, open_fields)
    for number, (passage, row) in enumerate(zip(passages, likeness, strict=True)):
        field = pairs.get(number, int(np.argmax(row)))
        if row[field] >= (_FLOOR_WITH_LEAD if passage.lead else _FLOOR):
            # who was paired comes before who was not
            score = float(row[field]) + (number in pairs)
            span = _cut(text, passage.span, language)
            yield Proposal(TEMPLATE[field].id, span, 1 if passage.lead else 2, score, _why(passage))


def _likeness(text: str, passages: Sequence[_Passage], embedder: Embedder) -> Vectors:
    """How close each passage is to each field, shape (passages, fields).

    Its own words are compared with all that is said of the field, its lead with the nearest of its questions.
    """
    words = _rows(embedder, [text[one.span.start : one.span.end] for one in passages])
    described = [_rows(embedder, [*one.asks, f"{one.label}. {one.help}"]) for one in TEMPLATE]
    likeness: Vectors = words @ np.stack([_middle(rows) for rows in described]).T
    led = [number for number, one in enumerate(passages) if one.lead]
    if led:
        leads = _rows(embedder, [passages[number].lead for number in led])
        nearest = np.stack([(leads @ rows[:-1].T).max(axis=1) for rows in described], axis=1)
        likeness[led] = _OF_LEAD * nearest + (1 - _OF_LEAD) * likeness[led]
    return likeness


def _middle(rows: Vectors) -> Vectors:
    """What all questions say together counts as much as the first, and as much as the explanation."""
    first, *others, explained = rows
    middle: Vectors = (first + np.mean(others, axis=0) + explained) / 3
    return middle


def _pairs(likeness: Vectors, fields: Sequence[int]) -> dict[int, int]:
    """A field for each passage that gets one: the closest pair, then the closest of what is left."""
    pairs: dict[int, int] = {}
    order = sorted(np.ndindex(likeness.shape), key=lambda pair: -likeness[pair])
    for passage, field in order:
        if passage not in pairs and field in fields and field not in pairs.values():
            pairs[passage] = field
    return pairs


def _why(passage: _Passage) -> str:
    if not passage.lead:
        return "is close to it in meaning"
    return f"answers “{passage.lead}”" if "?" in passage.lead else f"stands under “{passage.lead}”"


def _rows(embedder: Embedder, texts: Iterable[str]) -> Vectors:
    return np.stack([one.whole for one in embedder.encode_passages(list(texts))])


def _cut(text: str, span: Span, language: str) -> Span:
    """``span``, or its first sentences where it is long."""
    if span.end - span.start <= _LONGEST:
        return span
    ends = [one.end for one in sentences(text, language, span.start, span.end)]
    fitting = [end for end in ends if end - span.start <= _LONGEST]
    return Span(span.start, fitting[-1] if fitting else span.start + _LONGEST)


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(span.start + len(words) - len(words.lstrip()), span.start + len(words.rstrip()))


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
