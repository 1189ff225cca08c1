"""Collections of any size that were never written: texts and vectors that cost a search what real ones do.

Words are made up, but stemmed like English ones, and as frequent as words are (the law of Zipf and
Mandelbrot: the word of rank r falls with 1 / (r + q)^s); the words of a document recur in it, so that fewer
passages hold each of them than by chance. Vectors come from a tree of fields, subjects, documents and
passages, each a step of its own length along directions whose spread falls by a power law. The lengths were
set so that such vectors are near each other, and are found by an inverted file, as real ones are. Of
10,000 passages in 100 lists, the share of the true ten that are found in the nearest 1, 2, 4, 8, 16, 32
lists: made up .48 .62 .74 .85 .93 .98, SciFact as all-MiniLM-L6-v2 reads it .52 .66 .79 .88 .94 .99; in 400
lists .40 .56 .70 .80 .88 .94 and .47 .61 .73 .83 .90 .95.

Everything follows from numbers alone: the same passage is the same in a collection of any size and on any
machine. Needs NumPy and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
PASSAGES = 20  # of each document
BLOCK = 10_000  # passages that are made together; the questions are about the first of them
RARE_SECTOR = "deep-sea diving"  # of 1 % of the documents

_SEED = 20_260_323
_KINDS = ("report", "guideline", "transcript", "good_practice", "slides", "concept_note", "other")
_KIND_SHARES = (0.35, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05)
_LANGUAGES = ("en", "fr", "pt", "sw")
_LANGUAGE_SHARES = (0.8, 0.12, 0.05, 0.03)
_COUNTRIES = tuple(f"Country {number}" for number in range(1, 51))
_SECTORS = ("care", "construction", "horticulture", "hospitality", "transport", RARE_SECTOR)
_SECTOR_SHARES = (0.3, 0.25, 0.2, 0.15, 0.09, 0.01)
_SPEAKERS = tuple(f"Speaker {number}" for number in range(1, 501))
_FIRST_DAY, _DAYS = date(2012, 1, 1), 5_000

# text
_FUNCTION_WORDS = tuple(
    "the of and to in a is that for it as was with be by on not are this from at or have an they which one "
    "we were all there their has would what will if can more when who about them some could these than other "
    "into only its also may such".split()
)
_FUNCTION_SHARE = 0.42  # of the words of running English
_VOCABULARY = 400_000
_POWER, _OFFSET = 1.2, 30.0  # of the law: the commonest word that means something is 0.6 % of those that do
_OWN_WORDS = 40  # of a document
_OWN_SHARE = 0.35  # of its words that are not function words
_WORDS, _WORDS_SPREAD, _FEWEST, _MOST = 100, 25, 40, 180  # of a passage
_SENTENCE = 17  # words, on average

# vectors
_SUBJECTS, _FIELDS = 300, 60  # a field holds many subjects
_STEPS = {"everywhere": 0.28, "field": 0.35, "subject": 0.43, "document": 0.25, "passage": 0.72}
_SPREAD_POWER = 0.5
_QUESTION_LIKENESS = 0.65  # the cosine of a question with the passage that it is about

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SyntheticDocument:
    """Passages of one document, in order, and what is known of it. Only a transcript has ``speakers``:
    one a passage.
    """

    number: int
    kind: str
    language: str
    country: str
    sector: str
    day: date
    speakers: tuple[str, ...]
    texts: tuple[str, ...]


def texts(count: int) -> Iterator[str]:
    """``count`` passages of some 100 words."""
    return islice((text for block in _blocks(count) for text in _texts(block)), count)


def vectors(count: int) -> Iterator[Vectors]:
    """Unit vectors of the same passages, in blocks of at most BLOCK rows, shape (rows, DIMENSIONS)."""
    return (_vectors(block)[: count - block * BLOCK] for block in _blocks(count))


def documents(count: int) -> Iterator[SyntheticDocument]:
    """The passages of :func:`texts` by document; ``count`` has to be a whole number of documents."""
    return islice((one for block in _blocks(count) for one in _documents(block)), count // PASSAGES)


def questions(count: int) -> list[str]:
    """Questions about ``count`` of the first BLOCK passages: seven of the words of each, as a sentence."""
    passages = _texts(0)
    random = np.random.default_rng((_SEED, 1))
    return [_question(passages[row], random) for row in _asked(count)]


def question_vectors(count: int) -> Vectors:
    """Unit vectors of the same questions, shape (``count``, DIMENSIONS)."""
    random = np.random.default_rng((_SEED, 2))
    beside = _unit(random.standard_normal((count, DIMENSIONS), dtype=np.float32) * _spread() @ _axes())
    about = _vectors(0)[_asked(count)]
    return _unit(_QUESTION_LIKENESS * about + (1 - _QUESTION_LIKENESS**2) ** 0.5 * beside)


def _blocks(count: int) -> range:
    return range(-(-count // BLOCK))


def _asked(count: int) -> NDArray[np.int64]:
    """The passages that the questions are about."""
    return np.random.default_rng((_SEED, 3)).choice(BLOCK, count, replace=False)


def _of_documents(block: int) -> np.random.Generator:
    return np.random.default_rng((_SEED, 4, block))


# text


def _texts(block: int) -> list[str]:
    """The passages of one block."""
    random = np.random.default_rng((_SEED, 5, block))
    documents_ = BLOCK // PASSAGES
    lengths = np.clip(random.normal(_WORDS, _WORDS_SPREAD, BLOCK), _FEWEST, _MOST).astype(int)
    ends = np.cumsum(lengths)
    total = int(ends[-1])
    of_document = np.repeat(np.arange(BLOCK) // PASSAGES, lengths)
    own = _content_words(random, documents_ * _OWN_WORDS).reshape(documents_, _OWN_WORDS)
    words = _content_words(random, total)
    recurs = random.random(total) < _OWN_SHARE
    words[recurs] = own[of_document[recurs], random.integers(0, _OWN_WORDS, int(recurs.sum()))]
    is_function = random.random(total) < _FUNCTION_SHARE
    words[is_function] = _VOCABULARY + _by_frequency(
        random, int(is_function.sum()), len(_FUNCTION_WORDS), 1.0
    )
    closes = random.random(total) < 1 / _SENTENCE
    closes[ends - 1] = True
    opens = np.roll(closes, 1)
    said: list[str] = _spellings()[opens * 1 + closes * 2, words].tolist()
    return [" ".join(said[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


def _question(passage: str, random: np.random.Generator) -> str:
    known = set(_FUNCTION_WORDS)
    words = [word for word in dict.fromkeys(passage.replace(".", "").lower().split()) if word not in known]
    asked = [words[at] for at in sorted(random.choice(len(words), min(7, len(words)), replace=False))]
    return f"What is the {' '.join(asked[:3])} of the {' '.join(asked[3:5])} for {' '.join(asked[5:])}?"


def _content_words(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    return _by_frequency(random, count, _VOCABULARY, _OFFSET, _POWER)


def _by_frequency(
    random: np.random.Generator, count: int, of: int, offset: float, power: float = 1.0
) -> NDArray[np.int64]:
    """Ranks, from 0, by the law of Zipf and Mandelbrot."""
    return np.searchsorted(_cumulated(of, offset, power), random.random(count))


@cache
def _cumulated(of: int, offset: float, power: float) -> NDArray[np.float64]:
    cumulated = np.cumsum((np.arange(of) + offset + 1) ** -power)
    shares: NDArray[np.float64] = cumulated / cumulated[-1]
    return shares


@cache
def _spellings() -> NDArray[np.object_]:
    """Every word as it stands within, at the beginning, at the end of a sentence, or as all of it."""
    words = [*_made_up(), *_FUNCTION_WORDS]
    capital = [word.capitalize() for word in words]
    return np.array(
        [words, capital, [f"{word}." for word in words], [f"{word}." for word in capital]], object
    )


def _made_up() -> list[str]:
    """The vocabulary, the commonest word first: stems of two or three syllables with English endings."""
    onsets = "b br d f g gr k l m n p pl r s st t tr v".split()
    syllables = [onset + vowel for onset in onsets for vowel in "aeiou"]
    closing = [syllable + coda for syllable in syllables for coda in "lnrt"]
    random = np.random.default_rng((_SEED, 6))
    short = [first + last for first in syllables for last in closing]
    long = [one + short[at] for one in syllables for at in range(0, len(short), 29)]
    words: list[str] = []
    for stems in (short, long):
        inflected = [stem + ending for stem in stems for ending in ("", "s", "ing", "ment")]
        words += [inflected[at] for at in random.permutation(len(inflected))]
    return words[:_VOCABULARY]


# vectors


def _vectors(block: int) -> Vectors:
    """The vectors of one block, shape (BLOCK, DIMENSIONS)."""
    documents_ = BLOCK // PASSAGES
    subjects = _by_frequency(_of_documents(block), documents_, _SUBJECTS, 10.0)
    random = np.random.default_rng((_SEED, 7, block))
    places = _subjects()[subjects] + _step(random, documents_, "document")
    passages = np.repeat(places, PASSAGES, axis=0) + _step(random, BLOCK, "passage")
    return _unit(passages @ _axes())


@cache
def _subjects() -> Vectors:
    """Where each subject lies, before the axes are turned."""
    random = np.random.default_rng((_SEED, 8))
    fields = _step(random, 1, "everywhere") + _step(random, _FIELDS, "field")
    subjects: Vectors = fields[random.integers(0, _FIELDS, _SUBJECTS)] + _step(random, _SUBJECTS, "subject")
    return subjects


def _step(random: np.random.Generator, rows: int, what: str) -> Vectors:
    step: Vectors = _STEPS[what] * _spread() * random.standard_normal((rows, DIMENSIONS), dtype=np.float32)
    return step


@cache
def _spread() -> Vectors:
    """How far vectors spread along each axis: a power law, the squares of which sum to 1."""
    spread = (np.arange(DIMENSIONS) + 3.0) ** -_SPREAD_POWER
    return np.asarray(spread / np.sqrt((spread**2).sum()), dtype=np.float32)


@cache
def _axes() -> Vectors:
    """An orthonormal matrix: no component of a real vector is special."""
    square = np.random.default_rng((_SEED, 9)).standard_normal((DIMENSIONS, DIMENSIONS))
    return np.linalg.qr(square)[0].astype(np.float32)


def _unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


# what is known of documents


def _documents(block: int) -> Iterator[SyntheticDocument]:
    said = _texts(block)
    random = np.random.default_rng((_SEED, 10, block))
    count = BLOCK // PASSAGES
    kinds = random.choice(len(_KINDS), count, p=_KIND_SHARES)
    languages = random.choice(len(_LANGUAGES), count, p=_LANGUAGE_SHARES)
    countries = _by_frequency(random, count, len(_COUNTRIES), 1.0)
    sectors = _dealt(random, count, _SECTOR_SHARES)
    days = random.integers(0, _DAYS, count)
    speakers = random.integers(0, len(_SPEAKERS), (count, 4))
    turns = random.integers(0, 4, (count, PASSAGES))
    for at in range(count):
        kind = _KINDS[kinds[at]]
        yield SyntheticDocument(
            number=block * count + at,
            kind=kind,
            language=_LANGUAGES[languages[at]],
            country=_COUNTRIES[countries[at]],
            sector=_SECTORS[sectors[at]],
            day=_FIRST_DAY + timedelta(days=int(days[at])),
            speakers=tuple(_SPEAKERS[speakers[at, turn]] for turn in turns[at])
            if kind == "transcript"
            else (),
            texts=tuple(said[at * PASSAGES : (at + 1) * PASSAGES]),
        )


def _dealt(random: np.random.Generator, count: int, shares: Sequence[float]) -> NDArray[np.int64]:
    """Which of ``shares`` each of ``count`` falls to: each gets its exact share, in random order."""
    return random.permutation(np.searchsorted(np.cumsum(shares), (np.arange(count) + 0.5) / count))
