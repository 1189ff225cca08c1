"""Markdown: the words without their markup; footnote marks become notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.builder import Reading, TextBuilder
from ingest.readers.front_matter import split_front_matter
from ingest.readers.guard import finished, parsing
from ingest.readers.noted import Piece, add_noted
from ingest.text import clean_line, decode

_DEFINITION = re.compile(r"^\[\^([^\]\s]+)\]:[^\S\n]*(.*(?:\n[^\S\n]+\S.*)*)\n?", re.MULTILINE)
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z][^>]*>", re.DOTALL | re.IGNORECASE)
_CELLS = ("th_open", "td_open")
_VERBATIM = ("fence", "code_block")


def read(content: bytes, name: str) -> Reading:
    """Front matter becomes properties, its ``references`` explain the marks."""
    properties, body = split_front_matter(decode(content, name).replace("\r\n", "\n"), name)
    references = properties.pop("references", None)
    parser = MarkdownIt("commonmark").enable("table")
    builder = TextBuilder()
    with parsing(name, "The Markdown"):
        definitions = {match[1]: _inline(parser, match[2]) for match in _DEFINITION.finditer(body)}
        tokens = [Token("beginning", "", 0), *parser.parse(_DEFINITION.sub("\n", body))]
        title = _add_body(builder, tokens, {**_texts(references), **definitions})
    if definitions:
        builder.heading("Notes", 2)
        for text in definitions.values():
            builder.paragraph(text)
    return finished(builder, {"title": title, **properties}, name)


def _texts(references: object) -> dict[str, str]:
    if not isinstance(references, Mapping):
        return {}
    return {str(label): str(text) for label, text in references.items()}


def _add_body(builder: TextBuilder, tokens: Sequence[Token], sources: Mapping[str, str]) -> str:
    """Append all blocks; a list or a table is one block, a line for each item or row. Returns the title."""
    title = ""
    lines: list[str] = []
    cells: list[str] = []
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type == "heading_open":
            heading = _MARK.sub("", _words(token))
            builder.heading(heading, int(before.tag[1]))
            title = title or (heading if before.tag == "h1" else "")
        elif token.type == "inline":
            (cells if before.type in _CELLS else lines).append(_words(token))
        elif token.type == "tr_close":
            lines.append(" | ".join(cells))
            cells = []
        elif token.type in _VERBATIM:
            lines.append(token.content)
        elif token.type == "html_block":
            lines.append(_TAG.sub("", token.content))
        if token.level == 0 and token.nesting <= 0:
            add_noted(builder, list(_pieces("\n".join(lines), sources)))
            lines = []
    return title


def _pieces(text: str, sources: Mapping[str, str]) -> Iterator[Piece]:
    """``text`` cut after each run of marks; a mark that nothing explains is its own note."""
    words, *rest = _MARK.split(text)
    notes: list[str] = []
    for label, after in zip(rest[::2], rest[1::2], strict=True):
        notes.append(sources.get(label, label))
        if after:
            yield Piece(words, tuple(notes))
            words, notes = after, []
    yield Piece(words, tuple(notes))


def _inline(parser: MarkdownIt, text: str) -> str:
    return clean_line(" ".join(_words(token) for token in parser.parseInline(text)))


def _words(token: Token) -> str:
    """The words of a line of Markdown as a reader sees them."""
    return "".join(_seen(child) for child in token.children or ())


def _seen(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if token.content.lower().startswith("<br") else ""
        case _:
            return token.content
