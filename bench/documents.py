"""What the parts over real files share: files stored under the names that questions use, and chance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import comb
from pathlib import Path
from typing import Any

from index.adding import add_files
from index.library import Library
from ingest.errors import UjuziError
from ingest.reading import Found

DEPTH = 3  # hits that count


def store(library: Library, files: Mapping[str, Path]) -> dict[str, str]:
    """Add each file as `ujuzi add` does; the source id of each name. UjuziError where one is not read."""
    added = list(add_files(library, [Found(path, name) for name, path in files.items()]))
    refused = [f"{one.path}: {one.reason}" for one in added if one.source_id is None]
    if refused:
        raise UjuziError(f"Evaluation files that cannot be read: {'; '.join(refused)}")
    return {one.path: str(one.source_id) for one in added}


def json_lines(file: Path) -> list[dict[str, Any]]:
    """The objects of ``file``, one a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def chance(right: int, of: int, drawn: int = DEPTH) -> float:
    """How likely one of ``right`` is among ``drawn`` that are taken at random, without return, ``of`` all."""
    drawn = min(drawn, of)
    return 1 - comb(of - right, drawn) / comb(of, drawn) if of else 0.0
