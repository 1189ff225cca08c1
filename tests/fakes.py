"""Small real objects that stand in for slow ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from index.analysis import terms
from index.models import PassageVectors, QuestionVectors, Vectors
from index.quiet import be_quiet
from ingest.domain import Span


class HashEmbedder:
    """Stemmed English words hashed into 64 directions and summed: texts that share words lie close."""

    name = "hashed-words"
    dimensions = 64

    def count_tokens(self, text: str) -> int:
        """Four thirds of a token a word, about what real models take."""
        return -(-len(text.split()) * 4 // 3)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, 64), rows of length 1; a text without words points along the first axis."""
        return np.array([self._hashed(text) for text in texts]).reshape(-1, self.dimensions)

    def read_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Sentences are hashed like whole texts."""
        return [
            PassageVectors(whole, self._sentences(text, spans))
            for text, whole, spans in zip(texts, self.encode_passages(texts), sentences, strict=True)
        ]

    def encode_question(self, text: str) -> QuestionVectors:
        """The same vector for both."""
        return QuestionVectors(self._hashed(text), self._hashed(text))

    def _sentences(self, text: str, spans: Sequence[Span]) -> Vectors:
        hashed = [self._hashed(text[span.start : span.end]) for span in spans]
        return np.array(hashed, dtype=np.float32).reshape(-1, self.dimensions)

    def _hashed(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for term in terms(text, "en"):
            hashed = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big")
            vector[hashed % self.dimensions] += 1.0 if hashed >> 63 else -1.0
        length = np.linalg.norm(vector)
        if not length:
            vector[0] = length = np.float32(1.0)
        unit: Vectors = vector / length
        return unit


def scripted_chat_generator(*script: str | float | Exception, finish_reason: str | None = "stop") -> Any:
    """A Haystack component that plays a model: words are streamed, a number is a pause in seconds.

    An exception is raised where it stands. ``generator.asked`` keeps the messages of the last call.
    """
    be_quiet()
    from haystack import component
    from haystack.dataclasses import ChatMessage, StreamingChunk

    @component
    class ScriptedChatGenerator:
        def __init__(self) -> None:
            self.asked: list[ChatMessage] = []

        @component.output_types(replies=list[ChatMessage])
        def run(
            self,
            messages: list[ChatMessage],
            streaming_callback: Callable[[StreamingChunk], None] | None = None,
        ) -> dict[str, list[ChatMessage]]:
            self.asked = messages
            said = []
            for step in script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, str):
                    said.append(step)
                    if streaming_callback:
                        streaming_callback(StreamingChunk(content=step))
                else:
                    time.sleep(step)
            reply = ChatMessage.from_assistant("".join(said), meta={"finish_reason": finish_reason})
            return {"replies": [reply]}

    return ScriptedChatGenerator()
