"""Plain text: paragraphs between blank lines, lines of a fixed width joined; what is more is recognised."""

from __future__ import annotations

from ingest.builder import Reading, TextBuilder
from ingest.readers import markdown
from ingest.readers.guard import finished
from ingest.readers.lines import blocks, usual_width, vocabulary
from ingest.readers.markdown import looks_like_markdown
from ingest.readers.transcripts import looks_like_transcript, read_plain
from ingest.text import decode

_WIDEST_WRAPPED = 100  # characters: longer lines were not broken at a width, each is a paragraph


def read(content: bytes, name: str) -> Reading:
    """The paragraphs of a text, or the turns of a transcript or the Markdown that it turns out to be."""
    text = decode(content, name)
    if looks_like_markdown(text):
        return markdown.read(content, name)
    if looks_like_transcript(text):
        return read_plain(text, name)
    lines = text.splitlines()
    width = usual_width(lines)
    builder = TextBuilder()
    if width > _WIDEST_WRAPPED:
        for line in lines:
            builder.paragraph(line)
    else:
        for block in blocks(lines, width, vocabulary(lines)):
            builder.paragraph(block.text)
    return finished(builder, {}, name)
