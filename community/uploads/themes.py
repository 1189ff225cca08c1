"""The themes that a text is about: by the words of ``themes.yaml``, and by what its sentences mean.

Measured on the corpus, see the threshold: neither words nor meaning alone do as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import yaml

from index.analysis import terms
from index.encoded import Vectors
from index.glossary import phrase
from index.models import Embedder
from ingest.sentences import sentences

_ABOUT = "about"
_SENTENCES = 40  # that are read of a text: more only takes longer
_LEAST = 40  # code points of a sentence that says something
_LONGEST = 2_000  # of one that is read: the model reads no more, and without an end it takes gigabytes
_BEST = 5  # sentences whose mean decides
_A_WORD = 0.08  # what each different phrase adds to the cosine, up to three
_MOST_WORDS = 3
_ENOUGH = 0.4
_MOST = 300_000  # code points that are looked through for words


class Theme(NamedTuple):
    """A theme of a text, with the phrases of ours that stand in it."""

    name: str
    phrases: tuple[str, ...]


def themes_of(text: str, language: str, embedder: Embedder) -> list[Theme]:
    """What ``text`` is about, the clearest first."""
    words = _words(text[:_MOST], language)
    meanings = _meanings(text, language, embedder)
    scored = {
        Theme(name, words[name]): meanings[name] + _A_WORD * min(len(words[name]), _MOST_WORDS)
        for name in _listed()
    }
    return sorted(
        (theme for theme, score in scored.items() if score >= _ENOUGH), key=lambda one: -scored[one]
    )


def _words(text: str, language: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of each theme that stand in ``text``, in its language or in English."""
    stems = terms(text, language)
    longest = max(len(one) for one in _phrases(language).values())
    there = {tuple(stems[at : at + size]) for size in range(1, longest + 1) for at in range(len(stems))}
    return {
        name: tuple(
            term for (theme, term), one in _phrases(language).items() if theme == name and one in there
        )
        for name in _listed()
    }


def _meanings(text: str, language: str, embedder: Embedder) -> Mapping[str, float]:
    """The cosine of each theme's description with the sentences that are nearest to it."""
    spans = [span for span in sentences(text, language) if span.end - span.start >= _LEAST]
    chosen = spans[:: -(-len(spans) // _SENTENCES) or 1]
    if not chosen:
        return dict.fromkeys(_listed(), 0.0)
    read = embedder.encode_passages([text[span.start : span.end][:_LONGEST] for span in chosen])
    near = np.stack([one.whole for one in read]) @ _abouts(embedder).T
    best = np.sort(near, axis=0)[-_BEST:].mean(axis=0)
    return dict(zip(_listed(), map(float, best), strict=True))


def _abouts(embedder: Embedder) -> Vectors:
    return np.stack([embedder.encode_question(one[_ABOUT]).whole for one in _listed().values()])


@cache
def _phrases(language: str) -> Mapping[tuple[str, str], Sequence[str]]:
    """(theme, phrase) -> its stems."""
    return {
        (name, term): phrase(term, one)
        for name, listed in _listed().items()
        for one in dict.fromkeys(("en", language))
        for term in listed.get(one, ())
    }


@cache
def _listed() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        (resources.files("community.uploads") / "themes.yaml").read_text("utf-8")
    )
    return found
