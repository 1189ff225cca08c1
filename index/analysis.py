"""Text to the terms that the word index holds: folded, without function words, stemmed by language."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from importlib.metadata import version
from typing import NamedTuple

from ingest.domain import Span

# A number may have its thousands apart ("30 800"); a Swahili ng' is one letter ("ng'ambo"). The letter-like
# apostrophe of some keyboards is taken for the plain one, which parts words ("l'école"). Vowel signs and
# accents behind their letter part none.
_TOKEN = re.compile(
    r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?(?![\d])"
    r"|[^\W_ʼ]+(?:(?<=ng)['’ʼ](?=[aeiou])[^\W_ʼ]+|[.,٫٬]\d+|[\u0300-\u036f\u064b-\u065f\u0670]+[^\W_ʼ]*)*",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=\d)[., ](?=\d{3}(?:\D|$))")
_STEMMERS = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch",
    "pt": "portuguese",
}  # fmt: skip
# Stemmers know endings by their accents, which folding takes, so that "migracao" and "migração" agree.
_ACCENTED_ENDINGS = {
    "es": ((re.compile(r"cion$"), "ción"), (re.compile(r"logia(s?)$"), r"logía\1")),
    "fr": (
        (re.compile(r"ee(s?)$"), r"ée\1"),
        (re.compile(r"ite(s?)$"), r"ité\1"),
        (re.compile(r"iere(s?)$"), r"ière\1"),
        (re.compile(r"erent$"), "èrent"),
    ),
    # Plurals become their singular too, as in Orengo and Huyck, "A stemming algorithm for the Portuguese
    # language", 2001.
    "pt": (
        (re.compile(r"(?:cao|coes)$"), "ção"),
        (re.compile(r"(?:ao|oes)$"), "ão"),
        (re.compile(r"encia(s?)$"), r"ência\1"),
        (re.compile(r"ancia$"), "ância"),
        (re.compile(r"a(?:vel|veis)$"), "ável"),
        (re.compile(r"i(?:vel|veis)$"), "ível"),
        (re.compile(r"(?<=\w{3})ais$"), "al"),
    ),
}
_SCRIPTS = {"ar": ("\u0600", "\u06ff"), "am": ("\u1200", "\u137f")}  # the first and the last letter of each
_SHORTEST = 3  # letters of a stem in our alphabet
_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "٫": ".", "٬": ",", "œ": "oe", "æ": "ae"}
    | dict.fromkeys("'’ʼ")
    | {digit: str(unicodedata.decimal(digit)) for digit in "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"}
)
_ARABIC_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل")
_ARABIC_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


class Token(NamedTuple):
    """A word of a text: its folded form and where it stands."""

    word: str
    span: Span


def tokens(text: str) -> list[Token]:
    """The words and numbers of ``text`` in order; a vowel sign that stands alone is none."""
    found = ((fold(match.group()), Span(*match.span())) for match in _TOKEN.finditer(text))
    return [Token(word, span) for word, span in found if word]


def fold(word: str) -> str:
    """``word`` without case, accents and Arabic vowel signs, so that spellings of one word agree.

    So do those of a number: "30 800", "30,800" and "٣٠٨٠٠" are 30800, "2,9" is 2.9.
    """
    folded = word.casefold()
    if not folded.isalnum() or not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FORMS)
        if folded[:1].isdigit():
            folded = _number(folded)
    return folded


def _number(digits: str) -> str:
    whole = digits if digits.startswith("0") else _THOUSANDS.sub("", digits)
    return whole.replace(",", ".")


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
    """A question's language: by script, else the one of ``languages`` by its function words, else English.

    A question is too short for statistics over letters ("nurses Kenya UK amber list" looks Swahili to them).
    """
    for language, (first, last) in _SCRIPTS.items():
        if sum(first <= character <= last for character in text) > len(text) // 4:
            return language
    words = [token.word for token in tokens(text)]
    votes = {one: sum(word in stop_words(one) for word in words) for one in sorted({*languages} - {"en"})}
    best = max(votes, key=lambda one: votes[one], default="en")
    return best if votes.get(best, 0) > sum(word in stop_words("en") for word in words) else "en"


def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer here.

    Two letters say too little ("va" would be both "il va" and "VAE"): of such words only the plural's s goes.
    """
    if word[0].isdigit():
        return word
    if language == "ar":
        return _arabic_stem(word)
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    stemmed = fold(stemmer(word))
    return word.removesuffix("s") if len(stemmed) < _SHORTEST and word.isascii() else stemmed


def _arabic_stem(word: str) -> str:
    """Light10: Larkey, Ballesteros and Connell, "Light stemming for Arabic information retrieval", 2007.

    "And", the article with what is written together with it, and endings go; roots are left alone.
    """
    if word.startswith("و") and len(word) > 3:
        word = word[1:]
    prefix = next((one for one in _ARABIC_PREFIXES if word.startswith(one)), "")
    if len(word) >= len(prefix) + 2:
        word = word[len(prefix) :]
    for suffix in _ARABIC_SUFFIXES:
        if len(word) >= len(suffix) + 2:
            word = word.removesuffix(suffix)
    return word


def highlight(
    text: str, stems: frozenset[str], language: str, phrases: Collection[tuple[str, ...]] = ()
) -> tuple[Span, ...]:
    """The spans of the words of ``text`` whose stem is wanted, and of ``phrases``; neighbours are joined."""
    term = _term_in(language)
    found = [(term(match.group()), match.span()) for match in _TOKEN.finditer(text)]
    wanted = {index for index, (one, _) in enumerate(found) if one in stems}
    if phrases:
        wanted |= _places(phrases, [one for one, _ in found])
    spans: list[Span] = []
    for index in sorted(wanted):
        start, end = found[index][1]
        if spans and not text[spans[-1].end : start].strip(" -'’"):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return tuple(spans)


def _places(phrases: Collection[tuple[str, ...]], found: Sequence[str]) -> set[int]:
    """The terms from first to last of each place where a phrase stands, function words ("") left aside."""
    kept = [index for index, term in enumerate(found) if term]
    places: set[int] = set()
    for phrase in phrases:
        for start in range(len(kept) - len(phrase) + 1):
            run = kept[start : start + len(phrase)]
            if all(found[index] == one for index, one in zip(run, phrase, strict=True)):
                places.update(range(run[0], run[-1] + 1))
    return places


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
def fingerprint() -> str:
    """What changes whenever what the word index holds may: one made otherwise would find less."""
    folder = resources.files("index")
    made = (folder / name for name in ("analysis.py", "facets.py", "scope.py", "words.py"))
    files = [*made, *sorted((folder / "stopwords").iterdir(), key=lambda one: one.name)]
    seen = hashlib.sha256(version("snowballstemmer").encode())
    for file in files:
        seen.update(file.name.encode() + file.read_bytes())
    return seen.hexdigest()


@cache
def _stemmer(language: str) -> Callable[[str], str] | None:
    if language not in _STEMMERS:
        return None
    import snowballstemmer

    algorithm = snowballstemmer.stemmer(_STEMMERS[language])
    endings = _ACCENTED_ENDINGS.get(language, ())

    def stemmed(word: str) -> str:
        for ending, accented in endings:
            word, changed = ending.subn(accented, word)
            if changed:
                break
        return str(algorithm.stemWord(word))

    return lru_cache(maxsize=2**18)(stemmed)
