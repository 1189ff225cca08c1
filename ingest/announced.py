"""Who is announced in a programme: people with their office, bodies that open or close, and organisers.

Words are only taken for somebody where the programme says so: by a word such as "Speaker", by standing in the
column of the speakers, or, for a body, by its letters behind a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from ingest.domain import Person
from ingest.text import plain_letters

_CHAIRS = (
    r"(?:co-?)?(?:moderat(?:or|ion|rice)|facilitator|chair(?:person)?|host|rapporteur|animat(?:eur|rice)"
)
_CHAIRS += (
    r"|mod[ée]rat(?:eur|rice)|facilitat(?:eur|rice)|moderador[a]?|facilitador[a]?|msimamizi|mwenyekiti)"
)
_SPEAKERS = (
    r"(?:speaker|presenter|panell?ist|discussant|respondent|intervenante?|orat(?:eur|rice)|pr[ée]sentat"
)
_SPEAKERS += r"(?:eur|rice)|pan[ée]liste|conf[ée]renci(?:er|[èe]re)|orador[a]?|palestrante|painelista"
_SPEAKERS += r"|apresentador[a]?|mzungumzaji|msemaji)"
ROLES = rf"\b(?:{_CHAIRS}|{_SPEAKERS})s?"
_ROLE = re.compile(
    rf"(?P<word>(?P<chair>{_CHAIRS})|{_SPEAKERS})(?:s|\(s\))?(?P<number>\s\d{{1,2}})?"
    r"\s?(?:(?P<says>:)|[-–—](?=\s)|$)\s?(?P<rest>.*)",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\s[-–—]\s|,\s|\s?\((?=[^()]*\)$)")
_WITHIN = frozenset(
    "of the for and & on et e la le les de da do das dos du des pour para van von bin al".split()
)
_MOST_NAME = 8  # words
_NOBODY = re.compile(
    r"(?:tb[acd]|to be (?:confirmed|announced|determined)|n/?a|all|[àa] confirm(?:er|ar)|[àa] d[ée]finir"
    r"|(?:all )?participants|tous|todos|everyone|plenary|audience|names?|speakers?"
    r"|(?:\w+ )?(?:break|lunch|pause|intervalo))",
    re.IGNORECASE,
)
_BODY = r"[A-Z][A-Z&]*[A-Z](?:[-/][A-Z]{2,})*"
_BEHIND = re.compile(
    rf"(?P<words>.*\S)\s[-–—]\s(?:by\s)?(?P<body>{_BODY}(?:(?:,\s|\s(?:and|et|e|&)\s){_BODY})*)"
)
_CEREMONY = re.compile(
    r"opening|welcom|introduct|closing|clos(?:e|ure)|remarks|keynote|address|vote of thanks|conclusion|wrap"
    r"|presentation|overview|ouverture|mot de|bienvenue|cloture|abertura|boas.vindas|encerramento"
    r"|apresentacao|ufunguzi|utangulizi|kufunga"
)
_AND = re.compile(r",\s(?:and\s|et\s|e\s)?|\s(?:and|et|e|&)\s|;\s?|\s?/\s?")
_ORGANISED = re.compile(
    r"(?:webinar|webinaire|event|session|s[ée]rie|series|s[ée]minaire|semin[áa]rio)\b[^.\n]{0,40}\b"
    r"(?:(?:co-?)?(?:organi[sz]ed|hosted|convened)(?:\sjointly)?\sby|organis[ée]e?(?:\sconjointement)?\spar"
    r"|organizad[oa]\sp(?:or|el[oa]))\s([^.\n]{2,200})"
    r"|^(?:(?:co-?)?organi[sz](?:ers?|ed by)|hosted by|organisateurs?|organis[ée] par|organizador[ea]?s?"
    r"|organizado por|waandaaji)\s?:?\s([^.\n]{2,200})",
    re.IGNORECASE | re.MULTILINE,
)
_COLLABORATION = re.compile(r"\bA collaboration (?:between|of) ([^.\n]{2,200})")
_COVER = 1_500  # characters
_ARTICLE = re.compile(r"(?:the|la|le|l['’]|les|o|a|os|as)\s?(?=[A-ZÀ-Þ])")
_HYPHEN = re.compile(r"(?<=[A-Z])(?:\s-(?=[A-Z])|-\s(?=[A-Z]{2}))")  # "AUDA -NEPAD"
_ASIDE = re.compile(r"\s[-–—]\s")


class Told(NamedTuple):
    """What a line says of people: who, and what it says beside that (the name of a panel)."""

    people: tuple[Person, ...]
    rest: str = ""


def spoken_of(line: str) -> Told | None:
    """Whom a line announces by a word such as "Speaker 1:" or "Moderator"; None where it has none.

    What stands behind a dash and not behind a colon is what the moderator moderates.
    """
    match = _ROLE.fullmatch(line)
    if match is None:
        return None
    word, rest = match["word"], match["rest"].strip()
    unnamed = Person(f"{word}{match['number'] or ''}", word)
    if not match["says"]:
        if match["chair"]:
            return Told((unnamed,), rest)
        return Told((person(rest, word),)) if rest else Told((unnamed,))
    if not rest or _NOBODY.fullmatch(rest):
        return Told(())
    told = [person(one, word, leads=bool(match["chair"])) for one in re.split(r";\s?", rest) if one]
    return Told(tuple(told)) if all(_is_name(one.name) for one in told) else Told((unnamed,), rest)


def person(words: str, role: str = "", *, leads: bool = False) -> Person:
    """The person of "Name - Office" or "Name, Office" or "Name (Office)", who speaks as ``role``.

    Their office is their role, with ``role`` before it where they lead the session.
    """
    name, *_ = _OFFICE.split(words, maxsplit=1)
    gap = _OFFICE.match(words, len(name))
    office = words[gap.end() :] if gap else ""
    office = office.removesuffix(")") if gap and "(" in gap[0] else office
    return Person(name.strip(), (f"{role}, {office}" if leads and office else office or role).strip())


def listed(line: str) -> tuple[Person, ...]:
    """The people of a line that stands in the column of the speakers."""
    told = spoken_of(line)
    if told is not None and not told.rest:
        return told.people
    if told is not None:
        return (person(told.rest, told.people[0].name, leads=True),)
    found = (person(part.strip()) for part in bodies(line) or line.split(";"))
    return tuple(one for one in found if _is_name(one.name) and not _NOBODY.fullmatch(one.name))


def handed_over(line: str) -> tuple[str, tuple[Person, ...]]:
    """A line such as "Opening remarks - GIZ" without the bodies, and these, with what they do."""
    match = _BEHIND.fullmatch(_HYPHEN.sub("-", line))
    if match is None or not _CEREMONY.search(plain_letters(match["words"])):
        return line, ()
    does = _ASIDE.split(match["words"], maxsplit=1)[0]
    return match["words"], tuple(Person(body, does) for body in bodies(match["body"]))


def bodies(line: str) -> tuple[str, ...]:
    """The names of a line that is nothing but a list of abbreviations; else none."""
    parts = _AND.split(_HYPHEN.sub("-", line))
    return tuple(parts) if all(re.fullmatch(_BODY, part) for part in parts) else ()


def organisers(text: str) -> tuple[str, ...]:
    """The bodies that ``text`` names as the organisers of its event, each once, in its order.

    A collaboration is one of organisers where the cover names it, by their abbreviations.
    """
    covers = (match[1] for match in _COLLABORATION.finditer(text[:_COVER]))
    found = [body for words in covers for body in _bodies_of(words) if re.fullmatch(_BODY, body)]
    found += [body for match in _ORGANISED.finditer(text) for body in _bodies_of(match[1] or match[2])]
    return tuple(dict.fromkeys(found))


def _bodies_of(words: str) -> Iterator[str]:
    """The names that ``words`` begin with, up to the first word that is in none.

    "and" parts abbreviations, but not the names of ministries.
    """
    words = _ASIDE.split(_HYPHEN.sub("-", words), maxsplit=1)[0]
    for part in re.split(r";\s?|,\s(?:and\s|et\s|e\s)?", words):
        whole = _ARTICLE.sub("", part.strip(), count=1).split()
        name = list(takewhile(_is_named, whole))
        goes_on = len(name) == len(whole)
        while name and name[-1] in _WITHIN:
            name.pop()
        if not _is_name(" ".join(name)):
            return
        yield from _parted(" ".join(name))
        if not goes_on:
            return


def _parted(name: str) -> list[str]:
    parts = [_ARTICLE.sub("", part, count=1) for part in re.split(r"\s(?:and|et|e|&)\s", name)]
    return parts if all(re.fullmatch(_BODY, part) for part in parts) else [name]


def _is_name(words: str) -> bool:
    pieces = words.split()
    return 0 < len(pieces) <= _MOST_NAME and pieces[0] not in _WITHIN and all(map(_is_named, pieces))


def _is_named(word: str) -> bool:
    """Whether ``word`` can stand in a name: it begins with a capital, or with a letter that has none."""
    first = word.strip("()")[:1]
    return word in _WITHIN or (first.isalpha() and not first.islower())
