"""Is a text a question, or a claim or topic? A question is answered by a sentence, a topic by a passage."""

from __future__ import annotations

import re

_ENDS = re.compile(r"[?؟]\s*$")
_BEGINS = re.compile(
    r"\W*(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|can|could|should"
    r"|will|would|may"
    r"|compare|define|describe|draft|explain|find|give|list|name|outline|quote|show|summari[sz]e|tell|write"
    r"|qui|que|quoi|quels?|quelles?|quand|où|pourquoi|comment|combien|est-ce|comparez|expliquez|citez"
    r"|quem|qual|quais|quando|onde|por que|como|quant[oa]s?|explique|cite"
    r"|nani|nini|lini|wapi|je|kwa nini|nawezaje|eleza|taja|linganisha)\b",
    re.IGNORECASE,
)
# Words of a question that need not stand in what answers it: what documents do with their subject, and which
# part of it is wanted.
LIGHT = frozenset(
    "covers covered describe describes described discuss discusses discussed explain explains explained "
    "mention mentions mentioned say says said talk talks talked traite traitent aborde "
    "abordent parle parlent aborda abordam trata tratam "
    "main biggest principal principale principaux principales principais".split()
)


def asks(text: str) -> bool:
    """Whether ``text`` asks for something, by its mark or its first word."""
    return bool(_ENDS.search(text) or _BEGINS.match(text))
