"""Haystack's reference hybrid pipeline, as its tutorial "Creating a Hybrid Retrieval Pipeline" builds it.

Chosen: the in-memory store with its defaults (BM25L, words as they stand, dot product of unit vectors);
reciprocal rank fusion as the DocumentJoiner's page describes it for hybrid retrieval, without the tutorial's
cross-encoder, which no other system here has; a document is not cut into pieces, as one window of the model
holds most of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from itertools import islice

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from bench.peers.system import Found, Question, Setup, Text

_TOGETHER = 1_000  # documents that are embedded and written in one go
_FEW = 10  # candidates: copying their vectors is quicker than a copy of all documents without; with more not


class Haystack:
    """One store, one pipeline. A question whose vector is known goes past the pipeline's embedder."""

    name = "Haystack"
    version = version("haystack-ai")

    def __init__(self, setup: Setup) -> None:
        self._file = setup.folder / "store.json"
        self._model = str(setup.model)
        self._candidates = setup.candidates
        few = setup.candidates <= _FEW
        self._store = InMemoryDocumentStore(return_embedding=few)

    def prepare(self) -> None:
        """As in the protocol."""
        _ = self._document_embedder

    def index(self, texts: Iterable[Text]) -> None:
        """As in the protocol."""
        waiting = iter(texts)
        while some := list(islice(waiting, _TOGETHER)):
            documents = [_document(one) for one in some]
            if some[0].vector is None:
                documents = self._document_embedder.run(documents)["documents"]
            self._store.write_documents(documents)

    def search(self, question: Question, top: int) -> list[Found]:
        """As in the protocol."""
        limit = {"filters": _only(question.group)} if question.group else {}
        asked = {"words": {"query": question.text, **limit}, "meaning": {**limit}, "joined": {"top_k": top}}
        if question.vector is None:
            found = self._pipeline.run({**asked, "embedder": {"text": question.text}})
        else:
            asked["meaning"]["query_embedding"] = question.vector.tolist()
            found = self._pipeline_of_vectors.run(asked)
        documents = found["joined"]["documents"]
        return [Found(one.id, one.score or 0.0, one.content or "") for one in documents]

    def save(self) -> None:
        """As in the protocol."""
        self._store.save_to_disk(str(self._file))

    def load(self) -> None:
        """As in the protocol."""
        self._store = InMemoryDocumentStore.load_from_disk(str(self._file))

    @cached_property
    def _document_embedder(self) -> SentenceTransformersDocumentEmbedder:
        embedder = SentenceTransformersDocumentEmbedder(
            model=self._model, progress_bar=False, local_files_only=True
        )
        embedder.warm_up()
        return embedder

    @cached_property
    def _pipeline_of_vectors(self) -> Pipeline:
        pipeline = Pipeline()
        among, top = self._store, self._candidates
        pipeline.add_component("words", InMemoryBM25Retriever(document_store=among, top_k=top))
        pipeline.add_component("meaning", InMemoryEmbeddingRetriever(document_store=among, top_k=top))
        pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("words", "joined")
        pipeline.connect("meaning", "joined")
        return pipeline

    @cached_property
    def _pipeline(self) -> Pipeline:
        pipeline = self._pipeline_of_vectors
        embedder = SentenceTransformersTextEmbedder(
            model=self._model, progress_bar=False, local_files_only=True
        )
        pipeline.add_component("embedder", embedder)
        pipeline.connect("embedder.embedding", "meaning.query_embedding")
        pipeline.warm_up()
        return pipeline


def _document(text: Text) -> Document:
    vector = None if text.vector is None else text.vector.tolist()
    return Document(id=text.id, content=text.whole, meta={"group": text.group}, embedding=vector)


def _only(group: str) -> dict[str, str]:
    return {"field": "meta.group", "operator": "==", "value": group}
