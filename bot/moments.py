"""Questions for who said something, or for the minute at which it was said: only a talk answers them."""

from __future__ import annotations

import re

_SPEAKING = r"(?:sp(?:eak|eaks|oke|oken)|talk(?:s|ed|ing)?|parl(?:e|ent|é)|fal(?:a|ou|aram))"
_SAYING = (
    r"(?:sa(?:y|ys|id)|discuss(?:es|ed)?|mention(?:s|ed)?|mentionn(?:e|é)|dit|mencion(?:a|ou)|diss(?:e|eram))"
)
_ABOUT = r"(?:\s+(?:about|on|of|à propos de|sur|du|des|de|sobre|do|da|dos|das)\b)"
_TALKING = rf"(?:{_SPEAKING}|{_SAYING})\b"
_WHO = re.compile(
    r"(?:who|which (?:speaker|panell?ist|participant|person)s?|qui|quels? (?:intervenant|orateur)s?"
    r"|quem|que orador(?:es)?)\s+"
    r"(?:else\s+)?(?:(?:has|have|had|a|ont)\s+)?"
    rf"(?:{_SPEAKING}{_ABOUT}"
    rf"|{_SAYING}\b(?:\s+(?:anything|something|what|quelque chose|alguma coisa))?{_ABOUT}?)",
    re.IGNORECASE,
)
_MINUTE = re.compile(
    r"(?:(?:please\s+)?(?:at|quote|show|give|find|tell)(?:\s+me)?\s+)?(?:what|which|the)"
    r" (?:minutes?|moments?|time|point|part of the (?:transcript|recording|webinar))"
    r"(?:\s+(?:where|when|(?:at|in) which))?\b",
    re.IGNORECASE,
)
_THOSE_PRESENT = (
    r"(?:they|we|you|people|some(?:one|body)|any(?:one|body)"
    r"|the (?:speakers?|panell?ists?|panel|audience|moderator|participants?))"
)
# A country's or a body's saying is no moment of a talk: any document may tell "when did Germany say so".
_THEY = re.compile(rf"(?:when|where)\s+(?:do|did|have)\s+(?={_THOSE_PRESENT}\s+{_TALKING})", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?:(?:do|does|did|is|are|was|were|{_THOSE_PRESENT})\s+)*{_TALKING}{_ABOUT}?", re.IGNORECASE
)
_AUXILIARY = re.compile(r"^(?:do|does|did|is|are|was|were)\s+", re.IGNORECASE)
_AND_WHEN = re.compile(r",?\s+(?:and|et|e)\s+(?:when|quand|quando)\W*$", re.IGNORECASE)


def spoken_of(question: str) -> str | None:
    """What is looked for in the talk, where ``question`` asks who spoke of it, or when; else None.

    "Who mentioned the travel matrix?" and "At what minute is the travel matrix discussed?" both give
    "the travel matrix".
    """
    if who := _WHO.match(question):
        return _subject(question[who.end() :])
    opening = _MINUTE.match(question) or _THEY.match(question)
    if opening is None or _TOLD.search(question, opening.end()) is None:
        return None
    asked = _TOLD.sub(" ", question[opening.end() :], count=1).strip()
    return _subject(_AUXILIARY.sub("", asked))


def _subject(words: str) -> str | None:
    return " ".join(_AND_WHEN.sub("", words).split()).strip(" ?.!,") or None
