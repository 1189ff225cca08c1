"""Asking as a Haystack pipeline: find the passages, read them sentence by sentence, then quote or write.

    retriever -> examiner -> quoter
    retriever -> examiner -> writer

The writer holds prompt, chat generator and verification in one, because a sentence has to be verified while
the next one is still being generated. This module is imported on use: Haystack takes a second to load, and
pages that are only read do without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from index.quiet import be_quiet

be_quiet()

from haystack import Document, Pipeline, component  # noqa: E402  (after it was told to be quiet)

from bot.answer import Citation, Sentence, SentenceAdded  # noqa: E402
from bot.evidence import PASSAGES, Evidence, examine  # noqa: E402
from bot.quote import cite, quote  # noqa: E402
from bot.write import Writer, WriteReport, Written  # noqa: E402
from index.analysis import terms  # noqa: E402
from index.haystack import UjuziRetriever, hit_from_document  # noqa: E402
from index.indexing import readable  # noqa: E402
from index.library import Library  # noqa: E402
from index.scope import Reader, Scope  # noqa: E402

TOP = 10  # passages of each part of a question
Say = Callable[[SentenceAdded], None]


def answering(library: Library, writer: Writer | None) -> Pipeline:
    """The pipeline that quotes, or, given a writer, the one that writes."""
    pipeline = Pipeline()
    pipeline.add_component("retriever", PartsRetriever(library))
    pipeline.add_component("examiner", Examiner(library))
    pipeline.connect("retriever.documents", "examiner.documents")
    answerer: Any = WritingAnswerer(library, writer) if writer else QuotingAnswerer(library)
    name = "writer" if writer else "quoter"
    pipeline.add_component(name, answerer)
    pipeline.connect("examiner.evidence", f"{name}.evidence")
    return pipeline


@component
class PartsRetriever:
    """The passages for each part of a question."""

    def __init__(self, library: Library) -> None:
        self._retriever = UjuziRetriever(library)

    @component.output_types(documents=list[list[Document]])
    def run(self, parts: list[str], scope: Scope, reader: Reader) -> dict[str, list[list[Document]]]:
        """The best passages of every part that ``reader`` may see inside ``scope``."""
        found = [
            self._retriever.run(query=part, scope=scope, reader=reader, top_k=TOP)["documents"]
            for part in parts
        ]
        return {"documents": found}


@component
class Examiner:
    """Reads the passages sentence by sentence and judges whether they answer."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @component.output_types(evidence=list[Evidence])
    def run(
        self, parts: list[str], documents: list[list[Document]], scope: Scope, reader: Reader
    ) -> dict[str, list[Evidence]]:
        """The evidence for each part, in order, as ``reader`` may know it."""
        found = [
            examine(part, [hit_from_document(one) for one in own], self._library, scope, reader)
            for part, own in zip(parts, documents, strict=True)
        ]
        return {"evidence": found}


@component
class QuotingAnswerer:
    """Says the sentences that answer, word for word."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @component.output_types(said=list[SentenceAdded], evidence=list[Evidence])
    def run(self, evidence: list[Evidence], reader: Reader, say: Any) -> dict[str, Any]:
        """Every sentence is handed to ``say`` as it is chosen; nothing is said where nothing answers."""
        enough = [part for part in evidence if part.is_enough]
        said = []
        for quoted in quote(enough, self._library, reader):
            added = SentenceAdded(quoted.sentence, quoted.new_citations)
            say(added)
            said.append(added)
        return {"said": said, "evidence": evidence}


@component
class WritingAnswerer:
    """Lets a chat model write, and says what of it is supported. The citations are ours, not the model's."""

    def __init__(self, library: Library, writer: Writer) -> None:
        self._library = library
        self._writer = writer

    @component.output_types(said=list[SentenceAdded], evidence=list[Evidence], report=WriteReport)
    def run(self, question: str, evidence: list[Evidence], reader: Reader, say: Any) -> dict[str, Any]:
        """Nothing is asked of the model where the library does not answer."""
        enough = [part for part in evidence if part.is_enough]
        if not enough:
            return {"said": [], "evidence": evidence, "report": None}
        candidates = _by_passage(enough)
        texts = [readable(group[0].hit.passage) for group in candidates]  # under a title, what it is about
        said: list[SentenceAdded] = []
        known: dict[tuple[str, int], Citation] = {}

        def keep(written: Written) -> None:
            own = frozenset(terms(written.text, "en"))
            numbers, fresh = [], []
            for number in written.numbers:
                group = candidates[number - 1]
                closest = max(group, key=lambda one: (len(own & one.terms), -len(one.terms)))
                key = (closest.hit.source.id, closest.span.start)
                if key not in known:
                    known[key] = cite(closest, len(known) + 1, self._library, reader)
                    fresh.append(known[key])
                numbers.append(known[key].number)
            added = SentenceAdded(Sentence(written.text, tuple(dict.fromkeys(numbers))), tuple(fresh))
            say(added)
            said.append(added)

        report = self._writer.write(question, texts, keep)
        return {"said": said, "evidence": evidence, "report": report}


def _by_passage(evidence: list[Evidence]) -> list[list[Any]]:
    """The candidate sentences grouped by their passage, the passages of the best sentences first."""
    groups: dict[str, list[Any]] = {}
    for part in evidence:
        for candidate in part.candidates:
            groups.setdefault(candidate.hit.passage.id, []).append(candidate)
    return list(groups.values())[:PASSAGES]
