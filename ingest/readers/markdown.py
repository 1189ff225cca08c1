"""Markdown: the words without their markup; footnote marks become notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.builder import Reading, TextBuilder
from ingest.readers.front_matter import split_front_matter
from ingest.readers.guard import finished, parsing
from ingest.readers.noted import Piece, add_noted
from ingest.readers.rows import table
from ingest.text import clean_line, decode

_DEFINITION = re.compile(r"^\[\^([^\]\s]+)\]:[^\S\n]*(.*(?:\n[^\S\n]+\S.*)*)\n?", re.MULTILINE)
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
# Each search ends at the next beginning: a file of beginnings without an end would take hours.
_TAG = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style)\b(?:(?!<\1\b).)*?</\1\s*>|</?[a-z][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|dl|dt|dd|table|tr|td|th|h[1-6])\b", re.IGNORECASE)
_HEADING = re.compile(r"(?:\A|\n\n)#{1,6} [^\n]*\w[^\n]*(?=\n\n|\n?\Z)")
_LEAST_HEADINGS = 2
_OPENS_ROWS = re.compile(r"(?![-*+|>#]|\d+[.)])\S")  # no list that is indented by tabs
_STRAY_STARS = re.compile(r"(?<=\S)\*\*(?=\s|$)")  # of emphasis that was never opened
_CELLS = ("th_open", "td_open")
_VERBATIM = ("fence", "code_block")


def looks_like_markdown(text: str) -> bool:
    """Whether plain text has headings of Markdown, each on a line between empty ones."""
    return len(_HEADING.findall(text.replace("\r\n", "\n"))) >= _LEAST_HEADINGS


def read(content: bytes, name: str) -> Reading:
    """Front matter becomes properties, its ``references`` explain the marks."""
    properties, body = split_front_matter(decode(content, name).replace("\r\n", "\n"), name)
    references = properties.pop("references", None)
    parser = MarkdownIt("commonmark").enable("table")
    builder = TextBuilder()
    with parsing(name, "The Markdown"):
        definitions = {match[1]: _inline(parser, match[2]) for match in _DEFINITION.finditer(body)}
        body = "\n".join(_with_tables(_DEFINITION.sub("\n", body).split("\n")))
        tokens = [Token("beginning", "", 0), *parser.parse(body)]
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
    rows: list[list[str]] = []
    cells: list[str] = []
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type == "heading_open":
            heading = _MARK.sub("", _words(token))
            builder.heading(heading, int(before.tag[1]))
            title = title or (heading if before.tag == "h1" else "")
        elif token.type == "inline":
            if before.type in _CELLS:
                cells.append(_words(token, in_cell=True))
            else:
                lines.append(_words(token))
        elif token.type == "tr_close":
            rows.append(cells)
            cells = []
        elif token.type == "table_close":
            lines.append(table(rows))
            rows = []
        elif token.type in _VERBATIM:
            lines.append(token.content)
        elif token.type == "html_block":
            lines.append(_TAG.sub("", token.content))
        if token.level == 0 and token.nesting <= 0:
            add_noted(builder, list(_pieces("\n".join(lines), sources)))
            lines = []
    return title


def _with_tables(lines: Iterable[str]) -> Iterator[str]:
    """``lines`` with rows whose cells are parted by tabs, as programs write them, made tables of Markdown."""
    fenced = False
    for tabs, group in groupby(lines, key=lambda line: line.count("\t")):
        rows = list(group)
        if tabs and len(rows) > 1 and not fenced and _OPENS_ROWS.match(rows[0]):
            first, *rest = [row.replace("|", "\\|").replace("\t", " | ") for row in rows]
            yield from ("", f"|{first}|", "|---" * (tabs + 1) + "|", *(f"|{row}|" for row in rest), "")
        else:
            yield from rows
        fenced ^= sum(row.startswith(("```", "~~~")) for row in rows) % 2 == 1


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


def _words(token: Token, *, in_cell: bool = False) -> str:
    """The words of a line of Markdown as a reader sees them; only in a cell, HTML's blocks are lines."""
    return "".join(_seen(child, in_cell) for child in token.children or ())


def _seen(token: Token, in_cell: bool) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            if token.content.lower().startswith("<br"):
                return " " if in_cell else "\n"
            return ("\n" if in_cell else " ") if _BLOCK_TAG.match(token.content) else ""
        case "text":
            return _STRAY_STARS.sub("", token.content)
        case _:
            return token.content
