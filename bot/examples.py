"""Questions for somebody who comes for the first time, made from what the library holds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from index.entries import PUBLISHED, Entry
from index.library import Library
from index.scope import Reader

# what the template of a good practice has a section on
_ASKED_OF_PRACTICES = ("what are the lessons?", "who pays for what?", "how are skills recognised?")
_LONGEST_TITLE = 9  # words: a longer one makes no question that anybody would ask


def candidates(library: Library, reader: Reader) -> Iterator[str]:
    """Questions about good practices, terms and past sessions in turn; whether they are answered is open."""
    entries = [entry for entry in library.entries(reader) if entry.state == PUBLISHED]
    sorts = [_about_practices(entries), _about_terms(library, entries, reader), _about_sessions(entries)]
    while sorts:
        for questions in list(sorts):
            question = next(questions, None)
            if question is None:
                sorts.remove(questions)
            else:
                yield question


def _about_practices(entries: list[Entry]) -> Iterator[str]:
    practices = [entry.source for entry in entries if entry.source.kind == "good_practice"]
    practices.sort(key=lambda source: (source.event is None, len(source.title)))  # those with a webinar first
    short = [one for one in practices if one.language == "en" and len(one.title.split()) <= _LONGEST_TITLE]
    for source, asked in zip(short, cycle(_ASKED_OF_PRACTICES)):
        yield f"{source.title}: {asked}"


def _about_terms(library: Library, entries: list[Entry], reader: Reader) -> Iterator[str]:
    for entry in entries:
        if "glossary" in entry.source.title.casefold():
            _, version = library.read(entry.source.id, reader)
            for mark in version.places.headings:
                if 2 <= len(mark.label.split()) <= 4:
                    yield f"What is meant by {_inside_a_sentence(mark.label)}?"


def _about_sessions(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        source = entry.source
        if source.kind == "transcript" and source.themes and source.people:
            speaker = source.people[min(1, len(source.people) - 1)].name
            yield f"What did {_spoken_of(speaker)} say about {source.themes[0]}?"


def _spoken_of(speaker: str) -> str:
    """Somebody's name as it is; a role ("Union adviser") with its article."""
    words = speaker.split()
    is_name = len(words) > 1 and all(word[0].isupper() for word in words)
    return speaker if is_name else f"the {_inside_a_sentence(speaker)}"


def _inside_a_sentence(label: str) -> str:
    """``label`` as it reads where it does not begin the sentence: "brain drain", but "ILO principles"."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]
