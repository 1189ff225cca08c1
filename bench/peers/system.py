"""What a system that is compared has to do, and what it is given and gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """A document. ``group`` is what a search can be limited to; ``vector`` spares the system the model."""

    id: str
    title: str
    text: str
    group: str = ""
    vector: Vector | None = None

    @property
    def whole(self) -> str:
        """What a peer stores, searches and reads with the model: one text, the title on top."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Question:
    """A question, perhaps about one ``group`` of documents only, perhaps with its vector."""

    id: str
    text: str
    group: str = ""
    vector: Vector | None = None


class Found(NamedTuple):
    """A document that was found, with its words in hand."""

    id: str
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What a system is made with: its own folder, the folder of the model, the language of the documents
    (ISO 639-1), and how many candidates each half of a search hands to the fusion.
    """

    folder: Path
    model: Path
    language: str = "en"
    candidates: int = 10


class System(Protocol):
    """A system with an index. What comes without a vector it encodes by itself."""

    name: str
    version: str

    def __init__(self, setup: Setup) -> None:
        """Nothing is loaded yet."""

    def prepare(self) -> None:
        """Load the model, so that no clock runs meanwhile."""

    def index(self, texts: Iterable[Text]) -> None:
        """Text in, searchable out."""

    def search(self, question: Question, top: int) -> list[Found]:
        """The ``top`` documents for the question, the best first."""

    def save(self) -> None:
        """Keep the index in the folder, by the system's own means."""

    def load(self) -> None:
        """Take up what :meth:`save` kept, in another process."""
