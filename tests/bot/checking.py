"""What every answer has to keep, whoever asked it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bot.answer import Answer
from bot.quotable import LONGEST_LIST
from index.library import Library
from index.scope import PUBLIC, Reader

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
_NUMBER = re.compile(r"\[(\d+)\]")

Make = Callable[..., Library]


def check(answer: Answer, library: Library, reader: Reader = PUBLIC) -> None:
    """Fail unless all that ``answer`` says of the library's documents is so."""
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = [number for sentence in answer.sentences for number in sentence.citations]
    assert list(dict.fromkeys(cited)) == numbers, "every citation is used, in the order of its number"
    assert all(sentence.citations for sentence in answer.sentences)
    for citation in answer.citations:
        entry, version = library.read(citation.source.id, reader, citation.version)
        start, end = citation.span
        assert citation.quote == version.text[start:end] != ""
        assert citation.source == entry.source
        assert citation.place == version.place(citation.span)
        address = f"/sources/{citation.source.id}?version={citation.version}&from={start}&to={end}#quote"
        assert citation.link == address
        assert len(citation.quote.split()) <= LONGEST_LIST
    if answer.answerer == "quote":
        quotes = {citation.number: citation.quote for citation in answer.citations}
        assert all(one.text == quotes[one.citations[0]] for one in answer.sentences)
    assert answer.found == bool(answer.sentences)
    assert not (answer.found and answer.nearest)
    if answer.found:
        assert [int(number) for number in _NUMBER.findall(answer.text)] == cited
