"""Convert a sentence model to OpenVINO's form: ``python -m index.conversion MODEL_FOLDER model.xml``."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from index.models import digest_of_conversion, sentence_transformer
from index.quiet import be_quiet


def convert(model: Path, path: Path) -> None:
    """Trace the transformer of ``model`` and keep it at ``path`` with the digest of its files."""
    be_quiet()
    import openvino
    import torch

    transformer = sentence_transformer(model)[0].auto_model.eval()
    ones = torch.ones((2, 8), dtype=torch.int64)
    example = {"input_ids": ones, "attention_mask": ones, "token_type_ids": torch.zeros_like(ones)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing remarks about shapes, which are dynamic here
        converted = openvino.convert_model(transformer, example_input=example)
    unfinished = path.with_name(f"unfinished-{os.getpid()}")
    unfinished.mkdir(parents=True, exist_ok=True)
    openvino.save_model(converted, unfinished / path.name, compress_to_fp16=False)
    digest = digest_of_conversion(unfinished / path.name)
    (unfinished / path.with_suffix(".sha256").name).write_text(digest)
    for part in sorted(unfinished.iterdir()):
        part.replace(path.with_name(part.name))
    unfinished.rmdir()


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
