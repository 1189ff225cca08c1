"""Ujuzi through its façade: documents in, passages searched, a document's score its best passage's.

It cuts documents into passages, keeps everything in its data folder safely before it counts as indexed, and
encodes with its own embedder of the same model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from bench.peers.system import Found, Question, Setup, Text
from index.evaluation import text_document
from index.library import Library
from index.scope import Scope
from ingest.reading import Document

_DEEPER = 3  # passages asked for each document wanted: several may be of one document


class Ujuzi:
    """One library. The folder of the model is where Ujuzi keeps its conversion."""

    name = "Ujuzi"
    version = "of this commit"

    def __init__(self, setup: Setup) -> None:
        self._library = Library(setup.folder / "data", models=setup.model)
        self._language = setup.language
        self._groups: dict[str, list[str]] = defaultdict(list)
        self._ids: dict[str, str] = {}

    def prepare(self) -> None:
        """As in the protocol."""
        self._library.embedder.count_tokens("load the model")
        self._library.embedder.encode_question("load the model")

    def index(self, texts: Iterable[Text]) -> None:
        """As in the protocol."""
        for _ in self._library.add_all(self._documents(texts)):
            pass

    def search(self, question: Question, top: int) -> list[Found]:
        """As in the protocol."""
        scope = Scope(sources=tuple(self._groups[question.group])) if question.group else Scope()
        best: dict[str, Found] = {}
        for hit in self._library.search(question.text, scope, top=top * _DEEPER):
            identity = self._ids.get(hit.source.id, hit.source.id)
            best.setdefault(identity, Found(identity, hit.score, hit.passage.text))
        return list(islice(best.values(), top))

    def save(self) -> None:
        """Everything is in the folder already."""
        self._library.close()

    def load(self) -> None:
        """It was opened when it was made."""

    def _documents(self, texts: Iterable[Text]) -> Iterator[Document]:
        for one in texts:
            document = text_document(one.id, one.title, one.text, self._language)
            if document is not None:
                self._ids[document.source.id] = one.id
                self._groups[one.group].append(document.source.id)
                yield document
