"""Small real objects that stand in for slow ones."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from index.analysis import terms
from index.encoded import Encoded, Spans, TokenStates, Vectors, unit
from index.quiet import be_quiet


class HashEmbedder:
    """Stemmed English words hashed into 64 directions and summed: texts that share words lie close."""

    name = "hashed-words"
    dimensions = 64

    def count_tokens(self, text: str) -> int:
        """Four thirds of a token a word, about what real models take."""
        return -(-len(text.split()) * 4 // 3)

    def token_spans(self, text: str) -> Spans:
        """A token a word, without those that carry no meaning."""
        words = (word for word in re.finditer(r"\S+", text) if terms(word.group(), "en"))
        return np.array([word.span() for word in words], dtype=np.int64).reshape(-1, 2)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """A text without words points along the first axis."""
        return [self.encode_question(text) for text in texts]

    def encode_question(self, text: str) -> Encoded:
        """As a passage."""
        spans = self.token_spans(text)
        rows = np.array([self._hashed(text[start:end]) for start, end in spans]).reshape(-1, self.dimensions)
        return Encoded(self._hashed(text), TokenStates(rows.astype(np.float32), spans))

    def _hashed(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for term in terms(text, "en"):
            hashed = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big")
            vector[hashed % self.dimensions] += 1.0 if hashed >> 63 else -1.0
        if not vector.any():
            vector[0] = 1.0
        return unit(vector)


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
