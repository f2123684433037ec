"""Products in 8-bit integers, and rows of token ids in batches: what is computed stays what it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import BertModel

from tests import tiny_bert
from whosays.attribution.batches import TokenClassifier
from whosays.attribution.spans import Logits
from whosays.encode import Head, Network, graph, ranges
from whosays.errors import ModelError

# torch and transformers warn of their own deprecated parts.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token classifier of two layers with weights drawn by chance, and one channel that is far larger than the others."""
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(5)
    config = tiny_bert.config(vocab_size=500, initializer_range=0.3)
    bert, head = BertModel(config, add_pooling_layer=False), torch.nn.Linear(32, 6)
    dict(bert.named_parameters())["encoder.layer.0.output.LayerNorm.bias"].data[7] = 25.0
    config.save_pretrained(folder)
    weights = {f"encoder.{name}": tensor for name, tensor in bert.state_dict().items()}
    weights |= {"head.weight": head.weight.detach(), "head.bias": head.bias.detach()}
    save_file(weights, folder / "model.safetensors")
    return folder


@pytest.fixture(scope="module")
def rows() -> list[list[int]]:
    draw = np.random.default_rng(3)
    return [draw.integers(5, 500, size=int(length)).tolist() for length in draw.integers(3, 60, size=40)]


@pytest.fixture(scope="module")
def exact(model: Path, rows: list[list[int]], tmp_path_factory: pytest.TempPathFactory) -> list[Logits]:
    return logits(model, rows, tmp_path_factory.mktemp("exact"))


def logits(model: Path, rows: list[list[int]], cache: Path, threads: int = 2) -> list[Logits]:
    found = dict(TokenClassifier.load(model, cache, threads).run(rows))
    return [found[i] for i in range(len(rows))]


def rounded(model: Path, rows: list[list[int]], folder: Path, added: tuple[float, ...] = ()) -> Path:
    for name in ("config.json", "model.safetensors"):
        (folder / name).write_bytes((model / name).read_bytes())
    ranges.save(folder, ranges.measure(model, Head.TOKENS, rows), added)
    return folder


def test_products_in_8_bit_integers_are_nearly_those_in_float32(
    model: Path, rows: list[list[int]], exact: list[Logits], tmp_path: Path
) -> None:
    found = logits(rounded(model, rows, tmp_path), rows, tmp_path / "cache")
    error = np.concatenate([own - one for own, one in zip(found, exact, strict=True)])
    assert 0 < float(np.abs(error).mean()) < 0.05 * float(np.concatenate(exact).std())


def test_a_channel_that_is_far_larger_has_a_span_of_its_own(model: Path, rows: list[list[int]]) -> None:
    measured = ranges.measure(model, Head.TOKENS, rows)
    own = measured["encoder.layer.1.attention.self"]
    assert own.channels[7] > 3
    assert own.high < 10
    assert all(one.low <= 0 < one.high for one in measured.values())


def test_what_a_row_gives_does_not_depend_on_its_neighbours(model: Path, rows: list[list[int]], tmp_path: Path) -> None:
    folder = rounded(model, rows, tmp_path)
    together = logits(folder, rows, tmp_path / "cache")
    alone = [logits(folder, [row], tmp_path / "cache")[0] for row in rows[:5]]
    for one, other in zip(alone, together, strict=False):
        assert np.allclose(one, other, atol=1e-4)


def test_what_is_to_be_added_to_the_logits_is_added(model: Path, rows: list[list[int]], tmp_path: Path) -> None:
    plain, shifted = tmp_path / "plain", tmp_path / "shifted"
    for folder in (plain, shifted):
        folder.mkdir()
    without = logits(rounded(model, rows, plain), rows, tmp_path / "cache")
    more = logits(rounded(model, rows, shifted, (0.5, 0, 0, -0.25, 0, 0)), rows, tmp_path / "cache")
    assert np.allclose(more[0] - without[0], [0.5, 0, 0, -0.25, 0, 0], atol=1e-4)


def test_ranges_are_read_as_they_were_written(model: Path, rows: list[list[int]], tmp_path: Path) -> None:
    measured = ranges.measure(model, Head.TOKENS, rows)
    assert ranges.load(tmp_path) is None
    ranges.save(tmp_path, measured, [0.125, -0.5])
    read = ranges.load(tmp_path)
    assert read is not None
    assert read.keys() == measured.keys()
    assert all(read[name].high == pytest.approx(one.high, rel=1e-4) for name, one in measured.items())
    assert ranges.added(tmp_path) == (0.125, -0.5)


def test_damaged_ranges_are_refused(model: Path, rows: list[list[int]], tmp_path: Path) -> None:
    folder = rounded(model, rows, tmp_path)
    for damage in ("[", "[1]", '{"encoder.layer.0.attention.self": [0, 1]}', "{}"):
        (folder / ranges.FILE).write_text(damage, "utf-8")
        with pytest.raises(ModelError, match=str(folder)):
            graph(folder, Head.TOKENS, tmp_path / "cache")


@pytest.mark.parametrize("often_alone", [False, True])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_each_row_is_computed_once_whatever_the_threads(
    model: Path, rows: list[list[int]], exact: list[Logits], tmp_path: Path, threads: int, often_alone: bool
) -> None:
    network = Network(graph(model, Head.TOKENS, tmp_path), threads, often_alone=often_alone)
    assert network.width() == 6
    for wanted in (range(0), range(1), range(len(rows))):
        found = {
            i: own[: len(rows[wanted[i]])]
            for batch, values in network.run([rows[i] for i in wanted])
            for i, own in zip(batch, values, strict=True)
        }
        assert sorted(found) == list(range(len(wanted)))
        assert all(np.allclose(found[i], exact[wanted[i]], atol=1e-4) for i in found)


def test_a_batch_holds_little_padding_and_not_too_many_tokens(model: Path, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    rows = [[9] * int(length) for length in draw.integers(3, 60, size=300)]
    network = Network(graph(model, Head.TOKENS, tmp_path), 2)
    sizes = [(len(batch), values.shape[1], sum(len(rows[i]) for i in batch)) for batch, values in network.run(rows)]
    assert all(texts * longest <= 512 for texts, longest, _ in sizes)
    assert sum(tokens for *_, tokens in sizes) > 0.9 * sum(texts * longest for texts, longest, _ in sizes)
