"""A process that adds documents until it is killed: ``python -m tests.index.crashing FOLDER FIRST``."""

from __future__ import annotations

import sys
from pathlib import Path

from index.library import Library
from tests.fakes import HashEmbedder
from tests.index import made


def main(folder: Path, first: int) -> None:
    with Library(folder, embedder=HashEmbedder()) as library:
        for start in range(first, first + 10_000, 3):
            documents = [
                made.sections(f"source-{number % 40}", [f"Canal {number} part {part}." for part in range(20)])
                for number in range(start, start + 3)
            ]
            for report in library.add_all(documents):
                say("added", report.source_id)
            if start % 4 == 0:
                library.withdraw(documents[0].source.id)
            if start % 7 == 0:
                say("removing", documents[1].source.id)
                library.remove(documents[1].source.id)


def say(what: str, source_id: str | None) -> None:
    """Tell the parent how far this is: a line in one write, so that it is killed before or after it."""
    sys.stdout.write(f"{what} {source_id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
