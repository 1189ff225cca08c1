"""``python -m bench.peers.encode JOB``: texts to vectors by sentence-transformers, kept in a file.

JOB is a JSON file with ``model``, the model's folder, ``texts``, a list, and ``out``, the .npy to be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from index.quiet import be_quiet


def main() -> None:
    """Encode what the command line names."""
    be_quiet()
    from sentence_transformers import SentenceTransformer

    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    model = SentenceTransformer(job["model"], device="cpu", local_files_only=True)
    vectors = model.encode(job["texts"], normalize_embeddings=True, show_progress_bar=False)
    np.save(job["out"], np.asarray(vectors, dtype=np.float32))
    print(json.dumps({"texts": len(vectors)}))


if __name__ == "__main__":
    main()
