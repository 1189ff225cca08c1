"""Answers as the JSON that every door speaks."""

from __future__ import annotations

from typing import Any

from bot.answer import Answer, Citation
from index.contract import hit_json, place_json, source_json


def answer_json(answer: Answer, took_ms: float) -> dict[str, Any]:
    """A whole answer. ``nearest`` are hits; it is empty where the library answers."""
    narrowing = answer.narrowing
    return {
        "question": answer.question,
        "found": answer.found,
        "text": answer.text,
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations)} for sentence in answer.sentences
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "nearest": [hit_json(hit, rank) for rank, hit in enumerate(answer.nearest, start=1)],
        "narrowed_to": list(narrowing.names) if narrowing else [],
        "answerer": answer.answerer,
        "note": answer.note,
        "took_ms": round(took_ms, 1),
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation: the stored words, where they stand, and the link that opens them."""
    return {
        "number": citation.number,
        "quote": citation.quote,
        "source": source_json(citation.source, citation.version),
        "place": place_json(citation.place),
        "span": list(citation.span),
        "link": citation.link,
        "given_sources": list(citation.notes),
    }
