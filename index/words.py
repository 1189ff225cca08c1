"""The word index: BM25 over stemmed terms, on disk, derived from the truth (tantivy).

Passages are analysed by :mod:`index.analysis`, so that the index itself only splits at spaces.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Query

from index.analysis import terms, tokens
from index.facets import Facets, Filter
from index.rows import Rows
from index.wording import Clause
from ingest.domain import HEADING_MARK, Passage
from ingest.errors import UjuziError

_WRITER_MEMORY = 64_000_000  # bytes
_LOOKED_UP = 500  # values of a field that are looked up one by one
_GAP = "|"  # between the title, the headings and the text: no phrase stands in two of them
_RECOUNTED = 1_000  # passages that are counted one by one, in 25 microseconds
_LIKE = 30  # passages that are read for words like one that is sought


class Words(NamedTuple):
    """What the word index holds of one passage: its row, its version's row, its terms in order, facets; and
    all of its words in order, folded, as they were written.
    """

    passage: int
    version: int
    terms: Sequence[str]
    facets: Facets
    written: Sequence[str] = ()


Phrase = Sequence[str]


def passage_words(row: int, version: int, passage: Passage, language: str, facets: Facets) -> Words:
    """A passage as the word index takes it: the terms of its context and of its text."""
    parts = [*passage.context.split(HEADING_MARK), passage.text]
    written = [word for part in parts for word in (*_written(part), _GAP)]
    return Words(row, version, terms(f"{passage.context}\n{passage.text}", language), facets, written)


class WordIndex:
    """Terms to passages. One writer, any number of readers; a change shows when :meth:`apply` returns."""

    def __init__(self, folder: Path | None) -> None:
        """Open the index in ``folder``, made when absent; None keeps it in memory."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("passage", stored=False, indexed=True, fast=True)
        builder.add_integer_field("version", stored=False, indexed=True)
        builder.add_integer_field("day", stored=False, indexed=True, fast=True)
        builder.add_text_field("facets", stored=False, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("written", stored=False, tokenizer_name="whitespace", index_option="position")
        self._schema = builder.build()
        if folder is None:
            self._index = tantivy.Index(self._schema)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder))
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def apply(self, added: Iterable[Words], removed_versions: Iterable[int]) -> None:
        """Remove the passages of some versions and add others, in one step."""
        with self._writing:
            writer = self._index.writer(_WRITER_MEMORY, num_threads=1)
            for version in removed_versions:
                writer.delete_documents_by_query(self._equals("version", version))
            self._add(writer, added)

    def fill_anew(self, words: Iterable[Words]) -> None:
        """Hold ``words`` and nothing else, in one step; of what was here before, no trace stays on disk.

        Removal alone only hides passages until their part of the index happens to be written again.
        """
        with self._writing:
            writer = self._index.writer(_WRITER_MEMORY, num_threads=1)
            writer.delete_all_documents()
            self._add(writer, words)

    def search(
        self,
        weights: Mapping[str, float],
        top: int,
        allowed: Filter | None = None,
        synonyms: Sequence[Synonyms] = (),
    ) -> dict[int, float]:
        """The ``top`` passages by BM25 over the stems in ``weights``, inside ``allowed`` if given.

        Where ``synonyms`` stand for some of these stems, a passage scores by these or by the best of those.
        """
        if not weights or top < 1:
            return {}
        left = dict(weights)
        should = []
        for one in synonyms:
            own = {stem: left.pop(stem) for stem in weights if stem in one.stems and stem in left}
            ways = [self._union(own)] if own else []
            ways += [_weighed(self._phrase(stems), weight) for stems, weight in one.phrases.items()]
            should.append((Occur.Should, Query.disjunction_max_query(ways)))
        query = self._union(left)  # the index can cut a plain union short, unless it stands in another
        if should:
            query = Query.boolean_query([*should, (Occur.Should, query)])
        if allowed is not None:
            keep = Query.const_score_query(self._within(allowed), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, keep)])
        return self._run(query, top)

    def scores(
        self, weights: Mapping[str, float], passages: Sequence[int], synonyms: Sequence[Synonyms] = ()
    ) -> dict[int, float]:
        """The BM25 scores of just these passages; those that hold nothing of what is sought are left out."""
        return self.search(weights, len(passages), Filter(passages=passages), synonyms)

    def matching(self, groups: Sequence[Sequence[Phrase]], least: int, allowed: Filter) -> Rows:
        """The rows of all passages inside ``allowed`` that hold at least ``least`` of ``groups``.

        A passage holds a group that has one of its phrases, each a run of stems.
        """
        if not 0 < least <= len(groups):
            return np.empty(0, dtype=np.int64)
        enough = Query.boolean_query([(Occur.Should, self._any_phrase(one)) for one in groups], least)
        return self._rows(self._inside(enough, allowed))

    def holding(self, clause: Clause) -> Rows:
        """The rows of all passages in which ``clause`` stands as it is written.

        Raises UjuziError where more words begin as its last one does than the index can look up in a phrase.
        """
        try:
            return self._rows(self._clause(clause))
        except ValueError as error:
            said = " ".join(clause.words)
            raise UjuziError(
                f"Too many words begin as in “{said}*”. Type more letters of the last."
            ) from error

    def beginning_with(self, beginning: str, allowed: Filter, top: int) -> list[str]:
        """The words inside ``allowed`` that begin so, those of most passages first."""
        searcher = self._index.searcher()
        found = searcher.terms_with_prefix("written", beginning, self._within(allowed), top)
        return [word for word, count in found if count]

    def like(self, word: str, distance: int, allowed: Filter) -> list[int]:
        """The rows of some passages inside ``allowed`` with a word that differs from ``word`` in at most
        ``distance`` letters (1 or 2); two letters in the wrong order differ in one.
        """
        near = Query.fuzzy_term_query(self._schema, "written", word, distance)
        return list(self._run(self._inside(near, allowed), _LIKE))

    def passages_with(self, word: str, allowed: Filter) -> int:
        """In how many passages inside ``allowed`` a word stands as it is written, folded."""
        return self._count(self._clause(Clause((word,))), allowed)

    def passages_holding(self, phrases: Sequence[Phrase], allowed: Filter) -> int:
        """How many passages inside ``allowed`` hold one of ``phrases``, each a run of stems."""
        return self._count(self._any_phrase(phrases), allowed)

    def document_frequency(self, stem: str) -> int:
        """In how many passages a stem occurs; where these are many, some that were removed may count, too."""
        searcher = self._index.searcher()
        counted = int(searcher.doc_freq("terms", stem))
        if not 0 < counted <= _RECOUNTED:
            return counted
        # what was removed counts until its part of the index is written again: of a word that stood in
        # nothing else nobody is to learn that it is known here
        found: Any = searcher.search(self._phrase((stem,)), limit=1)
        return int(found.count)

    def _union(self, weights: Mapping[str, float]) -> Query:
        should = [(Occur.Should, _weighed(self._phrase((stem,)), weight)) for stem, weight in weights.items()]
        return Query.boolean_query(should)

    def _phrase(self, stems: Sequence[str]) -> Query:
        if len(stems) == 1:
            return Query.term_query(self._schema, "terms", stems[0])
        return Query.phrase_query(self._schema, "terms", list(stems))

    def _add(self, writer: tantivy.IndexWriter, added: Iterable[Words]) -> None:
        for words in added:
            document = tantivy.Document(
                passage=words.passage,
                version=words.version,
                terms=" ".join(words.terms),
                written=" ".join(words.written),
                facets=list(words.facets.terms),
            )
            if words.facets.day is not None:
                document.add_integer("day", words.facets.day)
            writer.add_document(document)
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()
        self._index.reload()

    def _within(self, allowed: Filter) -> Query:
        if allowed.passages is not None:
            every = [self._any_of("passage", allowed.passages)]
        else:
            every = [self._any_of("facets", group) for group in allowed.groups]
        if allowed.days is not None:
            every.append(Query.range_query(self._schema, "day", FieldType.Integer, *allowed.days))
        every += map(self._clause, allowed.required)
        none = [(Occur.MustNot, self._clause(clause)) for clause in allowed.excluded]
        return Query.boolean_query([*((Occur.Must, one) for one in every), *none])

    def _clause(self, clause: Clause) -> Query:
        *before, last = clause.words
        if not before and not clause.is_open:
            return Query.term_query(self._schema, "written", last)
        if not before:
            return Query.regex_query(self._schema, "written", f"{_escaped(last)}.*")
        if clause.is_open:
            patterns: list[str | tuple[int, str]] = [*map(_escaped, before), f"{_escaped(last)}.*"]
            return Query.regex_phrase_query(self._schema, "written", patterns)
        return Query.phrase_query(self._schema, "written", list(clause.words))

    def _any_phrase(self, phrases: Sequence[Phrase]) -> Query:
        return Query.boolean_query([(Occur.Should, self._phrase(one)) for one in phrases])

    def _inside(self, query: Query, allowed: Filter) -> Query:
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, self._within(allowed))])

    def _count(self, query: Query, allowed: Filter) -> int:
        found: Any = self._index.searcher().search(self._inside(query, allowed), limit=1)
        return int(found.count)

    def _rows(self, query: Query) -> Rows:
        """The rows of everything that a query finds, in rising order."""
        searcher = self._index.searcher()
        query = Query.const_score_query(query, 1.0)
        found = searcher.search(query, limit=max(1, len(self)), count=False).hits
        rows = searcher.fast_field_values("passage", [address for _, address in found])
        return np.sort(np.array(rows, dtype=np.int64))

    def _any_of(self, field: str, values: Sequence[int] | Sequence[str]) -> Query:
        """Few values are looked up one by one; for many, all values of the field are gone through once."""
        if len(values) > _LOOKED_UP:
            return Query.term_set_query(self._schema, field, list(values))
        return Query.boolean_query([(Occur.Should, self._equals(field, value)) for value in values])

    def _equals(self, field: str, value: int | str) -> Query:
        return Query.term_query(self._schema, field, value)

    def _run(self, query: Query, top: int) -> dict[int, float]:
        searcher = self._index.searcher()
        found = searcher.search(query, limit=top, count=False).hits
        if not found:
            return {}
        rows = searcher.fast_field_values("passage", [address for _, address in found])
        return {cast(int, row): float(score) for row, (score, _) in zip(rows, found, strict=True)}


class Synonyms(NamedTuple):
    """Some stems that are sought, and the phrases that mean the same, each with its weight."""

    stems: frozenset[str]
    phrases: Mapping[tuple[str, ...], float]


class WordFiles:
    """The digest of the files of a word index. All but its lists of files are written once and never again,
    so that each of them is read once: what happens to it later is seen when the library is next opened.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, bytes] = {}

    def digest(self) -> str:
        """The SHA-256 over the files, their names included."""
        paths = sorted(self._folder.glob("[!.]*"))
        known = {path.name: self._digest_of(path) for path in paths}
        self._seen = {name: digest for name, digest in known.items() if not name.endswith(".json")}
        whole = hashlib.sha256()
        for name, digest in known.items():
            whole.update(f"{name}\n".encode() + digest)
        return whole.hexdigest()

    def _digest_of(self, path: Path) -> bytes:
        if path.name in self._seen:
            return self._seen[path.name]
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()


def remove_word_index(folder: Path) -> None:
    """Delete the files of a word index that is stale."""
    if folder.exists():
        shutil.rmtree(folder)


def _weighed(query: Query, weight: float) -> Query:
    return query if weight == 1.0 else Query.boost_query(query, weight)


def _escaped(word: str) -> str:
    """``word`` as a pattern: of all signs that patterns know, only a number has one, its point."""
    return word.replace(".", "[.]")


def _written(text: str) -> list[str]:
    return [token.word for token in tokens(text)]
