"""The two derived indexes side by side, and the manifest that says which truth they were made from."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.encoded import Vectors
from index.files import write_whole
from index.vectors import VectorIndex
from index.words import WordFiles, WordIndex, Words, remove_word_index


class Derived:
    """Words and vectors of what is published. Nothing here is truth: any of it can be made again.

    ``folder`` is where they are kept; None keeps them in memory, for a reader beside the owning process.
    """

    def __init__(self, folder: Path | None, dimensions: int) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._saving = threading.Lock()
        self._files = WordFiles(folder / "words") if folder else None
        self.words = WordIndex(None)
        self.vectors = VectorIndex(dimensions)

    def load(self, folder: Path, checksum: str, passages: int) -> bool:
        """Take up what :meth:`save` left in ``folder`` if it was made from this truth, unharmed."""
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            return False
        try:
            noted = json.loads(manifest.read_text(encoding="utf-8"))
            files = WordFiles(folder / "words")
            if noted["truth"] != checksum or noted["words"] != files.digest():
                return False  # a word index that is harmed would not say so: it would find less
            vectors = VectorIndex.load(folder / "vectors.faiss", noted["vectors"], self._dimensions)
            words = WordIndex(folder / "words")
        except (OSError, ValueError, KeyError):  # all of it can be made again
            return False
        if vectors is None or len(words) != passages or len(vectors) != passages:
            return False
        self.words, self.vectors, self._files = words, vectors, files
        return True

    def begin_anew(self, passages: int, sample: Callable[[int], Vectors]) -> None:
        """Drop everything, so that it can be filled with ``passages`` from the truth.

        ``sample`` as in :meth:`VectorIndex.expect`.
        """
        self.vectors = VectorIndex(self._dimensions)
        self.vectors.expect(passages, sample)
        if self._folder is None:
            self.words = WordIndex(None)
        else:
            (self._folder / "manifest.json").unlink(missing_ok=True)
            remove_word_index(self._folder / "words")
            self.words = WordIndex(self._folder / "words")
            self._files = WordFiles(self._folder / "words")

    def apply(
        self,
        words: Sequence[Words],
        vectors: Mapping[int, Vectors],
        removed_versions: Sequence[int] = (),
        removed_rows: Sequence[int] = (),
    ) -> None:
        """Add passages and take away those of some versions."""
        self.words.apply(words, removed_versions)
        self.vectors.apply(vectors, removed_rows)

    def distrust(self) -> None:
        """Let nobody take up what was saved, until it is saved again."""
        if self._folder is not None:
            (self._folder / "manifest.json").unlink(missing_ok=True)

    def save(self, checksum: str) -> None:
        """Write the vectors, then the manifest; the word index wrote itself when it was changed."""
        if self._folder is None or self._files is None:
            return
        with self._saving:
            digest = self.vectors.save(self._folder / "vectors.faiss")
            words = self._files.digest()
            manifest = json.dumps({"truth": checksum, "vectors": digest, "words": words})
            write_whole(self._folder / "manifest.json", manifest.encode())
