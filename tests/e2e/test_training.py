"""`whosays train` on a tiny encoder and a few invented texts: it learns, repeats itself, and what it writes is served."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from transformers import BertModel

from tests import tiny_bert
from whosays import text as texts
from whosays.attribution import polnear, rounding
from whosays.attribution.asker import Asker
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.tagger import Tagger
from whosays.attribution.training import RECIPES, Recipe, train
from whosays.crossencoder import CrossEncoder
from whosays.distil import labelled, lots, student
from whosays.encode import ranges
from whosays.errors import InputError

WEIGHTS = Path(__file__).parents[2] / "data" / "models" / "attribution" / "tagger"
PEOPLE = ("Pruitt", "Asker", "Vorn", "Tassik", "Roe", "Grane")
CONTENTS = ("the pier was safe", "rain would come", "the mill had closed", "wages were fair")
QUESTIONS = ("is the pier safe?", "who checked the pier?")
READ = [f"Vorn said {what}" for what in CONTENTS[:2]]


def corpus(folder: Path) -> Path:
    """Write PolNeAR's layout with sentences of our own: "Pruitt said the pier was safe."."""
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    for i, who in enumerate(PEOPLE):
        text, lines, at = "", [], 0
        for j, what in enumerate(CONTENTS):
            text += f"{who} said {what}.\n\n"
            s, c, q = 3 * j + 1, 3 * j + 2, 3 * j + 3
            cue, content = at + len(who) + 1, at + len(who) + 6
            lines += [
                f"T{s}\tSource {at} {at + len(who)}\t{who}",
                f"T{c}\tCue {cue} {cue + 4}\tsaid",
                f"T{q}\tContent {content} {content + len(what)}\t{what}",
                f"E{j + 1}\tAttribution:T{c} Source:T{s} Cue:T{c} Content:T{q}",
            ]
            at = len(text)
        (folder / "text" / f"story{i}.txt").write_text(text, "utf-8")
        (folder / "attributions" / f"story{i}_me.ann").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    config = tiny_bert.config(num_hidden_layers=3, num_attention_heads=2, max_position_embeddings=512)
    folder = tmp_path / "base"
    BertModel(config).save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((WEIGHTS / "tokenizer.json").read_bytes())
    return folder


def test_annotations_are_read_with_their_offsets(tmp_path: Path) -> None:
    article = next(polnear.read(corpus(tmp_path / "data")))
    first = article.attributions[0]
    assert [article.text[s:e] for s, e in (*first.source, *first.cue, *first.content)] == ["Pruitt", "said", "the pier was safe"]


def test_training_learns_repeats_itself_and_is_served(tmp_path: Path, base: Path) -> None:
    data = corpus(tmp_path / "data")
    recipe = Recipe(epochs=60, batch=2, encoder_rate=2e-3, head_rate=1e-2, dropout=0.0, threads=1)
    recipes = {TAGGER: recipe, ASKER: replace(recipe, batch=4, pool=3)}
    said: list[str] = []
    for name in ("one", "two"):
        train(data, base, tmp_path / name, said.append, recipes=recipes)
    for part in (TAGGER, ASKER):
        one, two = ((tmp_path / name / part / "model.safetensors").read_bytes() for name in ("one", "two"))
        assert one == two
    assert "left" in said[-1]
    says_who_said_what(tmp_path / "one", tmp_path / "cache")
    rounding.measure(data, tmp_path / "one", 1, said.append)
    assert [line.split(":")[0] for line in said[-2:]] == [TAGGER, ASKER]
    assert (tmp_path / "one" / ASKER / "ranges.json").exists()
    says_who_said_what(tmp_path / "one", tmp_path / "cache")


def says_who_said_what(model: Path, cache: Path) -> None:
    text = "Vorn said rain would come."
    paragraphs = texts.paragraphs(text)
    tags = Tagger.load(model / TAGGER, cache, 1).tag(text, paragraphs)
    assert [text[slice(*found.span)] for found in tags.cues] == ["said"]
    assert [text[slice(*found.span)] for found in tags.contents] == ["rain would come"]
    (asked,) = Asker.load(model / ASKER, cache, 1).ask(text, paragraphs, tags.cues)
    assert [text[slice(*found.span)] for found in (*asked.sources, *asked.contents)] == ["Vorn", "rain would come"]
    assert np.isfinite(asked.judged)


def test_one_pass_can_be_trained_alone(tmp_path: Path, base: Path) -> None:
    data, recipes = corpus(tmp_path / "data"), {name: replace(recipe, epochs=1) for name, recipe in RECIPES.items()}
    train(data, base, tmp_path / "out", print, only=TAGGER, recipes=recipes)
    assert not (tmp_path / "out" / ASKER).exists()
    before = (tmp_path / "out" / TAGGER / "model.safetensors").read_bytes()
    of_other_weights = tmp_path / "out" / ASKER / "ranges.json"
    of_other_weights.parent.mkdir()
    of_other_weights.write_text("{}", "utf-8")
    train(data, base, tmp_path / "out", print, only=ASKER, recipes=recipes)
    assert (tmp_path / "out" / ASKER / "model.safetensors").exists()
    assert not of_other_weights.exists()
    assert (tmp_path / "out" / TAGGER / "model.safetensors").read_bytes() == before


@pytest.fixture
def teacher(tmp_path: Path, base: Path) -> Path:
    claims = [{"text": f"{who} said {what}", "answers": what == CONTENTS[0]} for who in PEOPLE for what in CONTENTS]
    data = tmp_path / "labels.jsonl"
    data.write_text("".join(json.dumps({"question": question, "claims": claims}) + "\n" for question in QUESTIONS), "utf-8")
    recipe = Recipe(epochs=30, batch=4, encoder_rate=2e-3, head_rate=1e-2, dropout=0.0, threads=1)
    labelled.train(data, base, tmp_path / "teacher", recipe, print)
    return tmp_path / "teacher"


def test_the_teacher_learns_which_claims_answer(tmp_path: Path, teacher: Path) -> None:
    right, wrong = CrossEncoder.load(teacher, tmp_path / "cache", 1).margins(QUESTIONS[0], READ)
    assert right > 0 > wrong


def test_a_cross_encoder_of_fewer_layers_learns_what_the_teacher_says_repeats_itself_and_is_served(
    tmp_path: Path, teacher: Path
) -> None:
    said = [(f"{who} said {what}", 4.0 if what == CONTENTS[0] else -4.0) for who in PEOPLE for what in CONTENTS]
    claims = tuple(lots.Scored(text=text, margin=margin) for text, margin in said)
    data = tmp_path / "lots.jsonl"
    lots.write(data, iter([lots.Lot(question=question, claims=claims) for question in QUESTIONS * 6]), 12, print)
    recipe = student.Recipe(layers=(0, 2), epochs=5, encoder_rate=2e-3, head_rate=1e-2)
    for name in ("one", "two"):
        agreement = student.train(data, teacher, tmp_path / name, recipe, print)
        assert agreement.pairs > 0.9
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(one) < len((teacher / "model.safetensors").read_bytes())
    right, wrong = CrossEncoder.load(tmp_path / "one", tmp_path / "cache", 1).likelihoods(QUESTIONS[0], READ)
    assert right > 0.5 > wrong
    (tmp_path / "two" / ranges.FILE).unlink()
    in_float = CrossEncoder.load(tmp_path / "two", tmp_path / "cache", 1).likelihoods(QUESTIONS[0], READ)
    assert in_float == pytest.approx([right, wrong], abs=0.1)


def test_lots_of_another_form_and_too_few_and_layers_that_are_not_there_are_refused(tmp_path: Path, teacher: Path) -> None:
    data = tmp_path / "lots.jsonl"
    data.write_text('{"question": "is the pier open?"}\n', "utf-8")
    with pytest.raises(InputError, match="line 1"):
        student.train(data, teacher, tmp_path / "out", student.Recipe(), print)
    data.write_text("", "utf-8")
    with pytest.raises(InputError, match="nothing to train on"):
        student.train(data, teacher, tmp_path / "out", student.Recipe(), print)
    lot = lots.Lot(question="is the pier open?", claims=(lots.Scored(text="Vorn said no", margin=1.0),))
    lots.write(data, iter([lot] * 12), 12, print)
    with pytest.raises(InputError, match="no layer 4"):
        student.train(data, teacher, tmp_path / "out", student.Recipe(layers=(0, 4)), print)


def test_labels_of_another_form_are_refused(tmp_path: Path, base: Path) -> None:
    data = tmp_path / "labels.jsonl"
    data.write_text('{"question": "is the pier open?"}\n', "utf-8")
    with pytest.raises(InputError, match="line 1"):
        labelled.train(data, base, tmp_path / "out", labelled.RECIPE, print)


def test_a_folder_without_annotations_is_refused(tmp_path: Path, base: Path) -> None:
    with pytest.raises(InputError, match=r"text/\*\.txt"):
        train(tmp_path, base, tmp_path / "out", print)
