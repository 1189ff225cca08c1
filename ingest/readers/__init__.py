"""One file to one Reading. Each format has its reader, and each reader offers ``read(content, name)``.

Reading order: guard and properties (what all share), lines (printed lines to paragraphs), noted and
front_matter, then plain, markdown, html, docx, pptx, pdf, transcripts, event.
"""

from __future__ import annotations

from importlib import import_module

from ingest.builder import Reading
from ingest.media import MediaType, media_type
from ingest.readers.guard import parsing

_MODULES = {MediaType.VTT: "transcripts", MediaType.SRT: "transcripts"}


def read(content: bytes, name: str) -> Reading:
    """What the file called ``name`` holds. FileRejected, with what to do, where it cannot be used."""
    kind = media_type(content, name)
    reader = import_module(f"{__name__}.{_MODULES.get(kind, kind)}")
    with parsing(name, "The file"):
        reading: Reading = reader.read(content, name)
    return reading
