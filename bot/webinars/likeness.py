"""How much each sentence of a transcript is like each of several texts, rather than like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from bot.webinars.cohesion import Floats
from bot.webinars.transcript import Transcript
from index.analysis import terms
from index.encoded import Vectors

_SHARPER = 2.0  # a word that few of the texts have counts by this power of its rarity


def likeness(talk: Transcript, texts: Sequence[str], vectors: Sequence[Vectors] | None) -> Floats:
    """Shape (sentences, texts), in units of its own spread, 0 where a sentence is like every text.

    ``vectors`` are those of the parts of each text, a unit row for each part; without them, and as far as
    the model cannot be trusted in the language, shared words decide.
    """
    by_words = _contrast(_by_words(talk, texts))
    if vectors is None or not talk.trusted:
        return by_words
    share = talk.trusted / 2
    mixed: Floats = share * _contrast(_by_meaning(talk, vectors)) + (1 - share) * by_words
    return mixed


def _by_meaning(talk: Transcript, vectors: Sequence[Vectors]) -> Floats:
    """The cosine of each sentence with the closest part of each text, beside that text's mean."""
    columns = [
        (talk.vectors @ own.T).max(axis=1) if len(own) else np.zeros(len(talk.sentences)) for own in vectors
    ]
    cosines = np.stack(columns, axis=1).astype(np.float64)
    beside: Floats = cosines - cosines.mean(axis=0, keepdims=True)  # some texts are a little like everything
    return beside


def _by_words(talk: Transcript, texts: Sequence[str]) -> Floats:
    """The words that each sentence shares with each text, by how few of the texts have them."""
    own = [set(terms(text, talk.language)) for text in texts]
    holders = Counter(word for words in own for word in words)
    rarity = {word: log(1 + len(own) / count) ** _SHARPER for word, count in holders.items()}
    bags = [set(terms(talk.words(one), talk.language)) for one in talk.sentences]
    return np.array([[sum(rarity[word] for word in bag & words) for words in own] for bag in bags])


def _contrast(given: Floats) -> Floats:
    """``given`` beside the mean of its sentence, in units of its own spread."""
    centred = given - given.mean(axis=1, keepdims=True)
    contrast: Floats = centred / (centred.std() or 1.0)
    return contrast
