"""Text to the terms that the word index holds: folded, without function words, stemmed by language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from ingest.domain import Span

_TOKEN = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_STEMMERS = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french",
    "it": "italian", "nl": "dutch", "pt": "portuguese",
}  # fmt: skip
_ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})


class Token(NamedTuple):
    """A word of a text: its folded form and where it stands."""

    word: str
    span: Span


def tokens(text: str) -> list[Token]:
    """The words and numbers of ``text`` in order; a vowel sign that stands alone is none."""
    found = ((fold(match.group()), Span(*match.span())) for match in _TOKEN.finditer(text))
    return [Token(word, span) for word, span in found if word]


def fold(word: str) -> str:
    """``word`` without case, accents and Arabic vowel signs, so that spellings of one word agree."""
    folded = word.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_ARABIC_FORMS)
    return folded


def terms(text: str, language: str) -> list[str]:
    """The index terms of a passage in ``language``, in order, function words left out."""
    term = _term_in(language)
    return [found for word in _TOKEN.findall(text) if (found := term(word))]


def question_terms(text: str, language: str, languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words of a question that carry meaning, each with its stems in every one of ``languages``.

    Function words of the question's own language are left out; a question of nothing else has no terms.
    """
    stopped = stop_words(language)
    wanted = sorted({language, *languages})
    words = dict.fromkeys(token.word for token in tokens(text) if token.word not in stopped)
    return {word: tuple(dict.fromkeys(stem(word, known) for known in wanted)) for word in words}


def question_language(text: str, languages: Iterable[str]) -> str:
    """The likeliest of ``languages`` for a question: by script, else by its function words, else English.

    A question is too short for statistics over letters ("nurses Kenya UK amber list" looks Swahili to them).
    """
    if "ar" in (known := set(languages)) and sum("\u0600" <= c <= "\u06ff" for c in text) > len(text) // 4:
        return "ar"
    words = [token.word for token in tokens(text)]
    votes = {one: sum(word in stop_words(one) for word in words) for one in sorted(known - {"en"})}
    best = max(votes, key=lambda one: votes[one], default="en")
    return best if votes.get(best, 0) > sum(word in stop_words("en") for word in words) else "en"


def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer here."""
    stemmer = _stemmer(language)
    return word if stemmer is None or word[0].isdigit() else fold(stemmer(word))


def highlight(text: str, stems: frozenset[str], language: str) -> tuple[Span, ...]:
    """The spans of the words of ``text`` whose stem is wanted; neighbours are joined."""
    term = _term_in(language)
    spans: list[Span] = []
    for match in _TOKEN.finditer(text):
        if term(match.group()) in stems:
            start, end = match.span()
            if spans and not text[spans[-1].end : start].strip(" -'’"):
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
    return tuple(spans)


@cache
def _term_in(language: str) -> Callable[[str], str]:
    """What the index holds for a word as it is written; nothing for a function word or a lone vowel sign."""
    stopped = stop_words(language)

    @lru_cache(maxsize=2**18)
    def term(written: str) -> str:
        word = fold(written)
        return "" if not word or word in stopped else stem(word, language)

    return term


@cache
def stop_words(language: str) -> frozenset[str]:
    """The function words of ``language``, folded; none where no list is kept."""
    path = resources.files("index") / "stopwords" / f"{language}.txt"
    if not path.is_file():
        return frozenset()
    return frozenset(fold(word) for word in path.read_text(encoding="utf-8").split())


@cache
def _stemmer(language: str) -> Any:
    if language not in _STEMMERS:
        return None
    import snowballstemmer

    algorithm = snowballstemmer.stemmer(_STEMMERS[language])
    return lru_cache(maxsize=2**18)(algorithm.stemWord)
