"""What a question asks for: a moment, a number, names, or something about a session; and what holds it."""

from __future__ import annotations

import re

from index.analysis import fold, stem, tokens

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred|thousand|million|billion|half|third|dozen)s?\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b(?:1\d{3}|20\d\d|\d{1,2}(?:st|nd|rd|th) century|centur(?:y|ies)|decade"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\d{1,2}[:h]\d\d|noon|midnight|o['’]clock|[ap]\.?m\.?)\b"
)
_ACTOR = re.compile(  # who acts without a name
    r"\b(?:employers?|workers?|migrants?|states?|governments?|ministry|ministries|agency|agencies|firms?"
    r"|compan(?:y|ies)|unions?|famil(?:y|ies)|trainees?|officers?|employeurs?|travailleurs?|états?"
    r"|empregador(?:es)?|trabalhador(?:es)?|governos?|mwajiri|waajiri|mfanyakazi|wafanyakazi|serikali)\b",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"\b(?:when|what (?:year|date|century|decade|month|day|time)|which (?:year|century))\b", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|large|big|high|tall|often|fast|heavy|wide|deep)\b"
    r"|\bwhat (?:percent|percentage|number|amount|share|fraction)\b|\bbudget\b|\bcosts?\b",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(
    r"\b(?:who|whom|whose|where|what (?:country|city|place|state|region)|which (?:country|countries|city))\b",
    re.IGNORECASE,
)
_ASKS_OF_SESSIONS = re.compile(
    r"\b(?:webina(?:rs?|ires?|rios?)|sessions?|events?|agenda|panel(?:s|lists?)?|speakers?|spoke|speaking"
    r"|present(?:ers?|ations?)|moderat(?:ors?|ed)|séances?|intervenants?|sess(?:ão|ões)|orador(?:es)?"
    r"|kikao|vikao|wasemaji|msemaji)\b",
    re.IGNORECASE,
)
_FROM_THE_FLOOR = re.compile(  # a question from the floor is no answer, in whatever form it comes
    r"\?$|^(?:(?:well|so|and|but|thank you)[,.]? )*"
    r"(?:(?:I|we)(?: would|['’]d) like to (?:know|ask)|(?:I|we) wonder|(?:my|our) question)\b",
    re.IGNORECASE,
)
_MOST_NAMES = 3


def fits(question: str, sentence: str) -> float:
    """Whether ``sentence`` holds what is asked for: a moment, a number, or names (0 to 1)."""
    if _ASKS_WHEN.search(question):
        return float(bool(_MOMENT.search(sentence)))
    if _ASKS_NUMBER.search(question):
        return float(bool(_NUMBER.search(sentence)))
    if _ASKS_NAME.search(question):
        asked = {stem(token.word, "en") for token in tokens(question)}
        words = re.findall(r"\w[\w'’-]*", sentence)[1:]
        names = [word for word in words if word[0].isupper() and not _MOMENT.fullmatch(word)]
        found = [word for word in (*names, *_ACTOR.findall(sentence)) if stem(fold(word), "en") not in asked]
        return min(_MOST_NAMES, len(found)) / _MOST_NAMES
    return 0.0


def asks_of_sessions(question: str) -> bool:
    """Whether something is asked of webinars, of their programme or of who speaks there."""
    return bool(_ASKS_OF_SESSIONS.search(question))


def is_question(sentence: str) -> bool:
    """Whether ``sentence`` asks something itself."""
    return bool(_FROM_THE_FLOOR.search(sentence))
