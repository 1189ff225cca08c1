"""The files of the look: style sheets, scripts, the icon."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(NamedTuple):
    """A file of the folder ``static``, with a short digest of its bytes."""

    content: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """The files of the look, by name."""
    contents = {path: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}
    return {
        path.name: Asset(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
        for path, content in contents.items()
    }


def asset_address(name: str) -> str:
    """Where a file of the look is. The address changes when the file does, so that it can be kept."""
    return f"/static/{name}?v={assets()[name].digest}"
