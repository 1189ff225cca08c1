"""LlamaIndex: its vector index and its BM25 retriever, fused by its own retriever.

Chosen, as its pages on the BM25 retriever and on reciprocal rank fusion show: the default in-memory vector
store, the BM25 retriever with the stemmer and the stop words of the language (it has none for Arabic),
``num_queries=1``, so that no language model rewrites the question, without asynchronous calls, which only
cost time here. The group is stored as metadata that the model does not read. For words it is limited by a
retriever made for that group, the way that the library offers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from importlib.metadata import version

import Stemmer
from llama_index.core import QueryBundle, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.embeddings import BaseEmbedding, MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import ExactMatchFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from bench.peers.system import Found, Question, Setup, Text

_STEMMERS = {"en": "english", "fr": "french", "pt": "portuguese", "ar": "arabic"}
_WITH_STOP_WORDS = ("en", "fr", "pt")


class LlamaIndex:
    """One index; a fusing retriever for all of it or for a group, made when first needed."""

    name = "LlamaIndex"
    version = version("llama-index-core")

    def __init__(self, setup: Setup) -> None:
        self._folder = setup.folder
        self._model = str(setup.model)
        self._language = setup.language
        self._candidates = setup.candidates
        self._words: BM25Retriever | None = None
        self._retriever = cache(self._make_retriever)

    def prepare(self) -> None:
        """As in the protocol."""
        _ = self._embedder

    def index(self, texts: Iterable[Text]) -> None:
        """As in the protocol."""
        nodes = [_node(one) for one in texts]
        embedder = self._embedder if nodes[0].embedding is None else _unused()
        self._index = VectorStoreIndex(nodes, embed_model=embedder)
        self._words = self._bm25(None)

    def search(self, question: Question, top: int) -> list[Found]:
        """As in the protocol."""
        vector = None if question.vector is None else question.vector.tolist()
        found = self._retriever(question.group, vector is None).retrieve(
            QueryBundle(question.text, embedding=vector)
        )
        return [Found(one.node.node_id, one.score or 0.0, one.node.get_content()) for one in found[:top]]

    def save(self) -> None:
        """As in the protocol."""
        self._index.storage_context.persist(str(self._folder / "index"))
        if self._words is not None:
            self._words.persist(str(self._folder / "words"))

    def load(self) -> None:
        """As in the protocol."""
        context = StorageContext.from_defaults(persist_dir=str(self._folder / "index"))
        self._index = load_index_from_storage(context, embed_model=self._embedder)
        self._words = BM25Retriever.from_persist_dir(str(self._folder / "words"))

    @cached_property
    def _embedder(self) -> BaseEmbedding:
        return HuggingFaceEmbedding(model_name=self._model, device="cpu")

    def _make_retriever(self, group: str, encodes: bool) -> QueryFusionRetriever:
        filters = MetadataFilters(filters=[ExactMatchFilter(key="group", value=group)]) if group else None
        embedder = self._embedder if encodes else _unused()
        meaning = self._index.as_retriever(
            similarity_top_k=self._candidates, filters=filters, embed_model=embedder
        )
        words = self._bm25(filters) if group or self._words is None else self._words
        return QueryFusionRetriever(
            [meaning, words],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=self._candidates,
            num_queries=1,
            use_async=False,
        )

    def _bm25(self, filters: MetadataFilters | None) -> BM25Retriever:
        return BM25Retriever.from_defaults(
            docstore=self._index.docstore,
            similarity_top_k=self._candidates,
            stemmer=Stemmer.Stemmer(_STEMMERS[self._language]),
            language=self._language if self._language in _WITH_STOP_WORDS else [],
            filters=filters,
        )


def _unused() -> BaseEmbedding:
    return MockEmbedding(embed_dim=384)  # every vector is given


def _node(text: Text) -> TextNode:
    return TextNode(
        id_=text.id,
        text=text.whole,
        metadata={"group": text.group},
        excluded_embed_metadata_keys=["group"],
        embedding=None if text.vector is None else text.vector.tolist(),
    )
