"""From text to attributions: windows, labels, the shipped weights, links."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from whosays import text as texts
from whosays.attribution.labels import CONTENT, CONTENT_CUE, CUE, IGNORE, LAYERS, SOURCE, label
from whosays.attribution.relations import relate
from whosays.attribution.tagger import Tagged, Tagger, Tags
from whosays.attribution.windows import MAX_TOKENS, windows
from whosays.errors import ModelError
from whosays.types import Attribution, Span

WEIGHTS = Path(__file__).parents[2] / "data" / "models" / "attribution"

STORY = (
    "The Orsel Harbour Board said on Monday that the east pier was safe.\n\n"
    "“The pier will open in May,” said Dana Pruitt, the board’s chairwoman. “We checked every beam.”\n\n"
    "The dockers’ union denied that any beam had been checked.\n\n"
    "Rain fell on the harbour all week."
)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    return Tagger.load(WEIGHTS, tmp_path_factory.mktemp("models"), threads=2)


def test_windows_hold_every_word_once_and_in_order(tokenizer: Tokenizer) -> None:
    text = "\n\n".join(f"Paragraph {i} of the long report on the pier and its beams." for i in range(80)) + "\n\n" + "word " * 700
    packed = list(windows(text, texts.paragraphs(text), tokenizer))
    assert len(packed) > 3
    assert all(len(window.ids) == len(window.offsets) <= MAX_TOKENS for window in packed)
    covered = [offset for window in packed for offset in window.offsets if offset.end]
    assert covered == sorted(covered)
    assert "".join(text[s:e] for s, e in covered) == "".join(text.split())


def test_a_word_is_never_parted_between_windows(tokenizer: Tokenizer) -> None:
    text = "counterrevolutionaries " * 200
    for window in windows(text, [Span(0, len(text.rstrip()))], tokenizer):
        first = next(offset for offset in window.offsets if offset.end)
        assert first.start == 0 or text[first.start - 1] == " "


def test_labels_say_where_spans_begin_and_on_which_side_their_cue_stands(tokenizer: Tokenizer) -> None:
    text = "The board said the pier was safe."
    attribution = Attribution(
        source=(span(text, "The board"),), cue=(span(text, "said"),), content=(span(text, "the pier was safe"),)
    )
    (window,) = windows(text, [Span(0, len(text))], tokenizer)
    labels = label(window, [attribution])
    marks = {text[o.start : o.end]: labels[i] for i, o in enumerate(window.offsets) if o.end}
    layer = {layer: i for i, layer in enumerate(LAYERS)}
    assert [marks["The"][layer[SOURCE]], marks["board"][layer[SOURCE]], marks["said"][layer[CUE]]] == [1, 2, 1]
    assert [marks["the"][layer[CONTENT]], marks["safe"][layer[CONTENT]], marks["."][layer[CONTENT]]] == [1, 2, 0]
    assert marks["pier"][layer[CONTENT_CUE]] == 0
    assert marks["."][layer[CONTENT_CUE]] == IGNORE
    assert (labels[0] == IGNORE).all()


def test_the_shipped_weights_find_who_says_what(tagger: Tagger) -> None:
    paragraphs = texts.paragraphs(STORY)
    found = relate(STORY, paragraphs, tagger.tag(STORY, paragraphs))
    said = {
        (" ".join(STORY[s:e] for s, e in a.source), STORY[a.content[0].start : a.content[0].end].strip("“”,.")) for a in found
    }
    assert ("The Orsel Harbour Board", "that the east pier was safe") in said
    assert any(source.startswith("Dana Pruitt") and content == "The pier will open in May" for source, content in said)
    assert ("The dockers’ union", "that any beam had been checked") in said
    assert not any("Rain" in content for _, content in said)


def test_tagging_is_the_same_whatever_else_is_in_the_text(tagger: Tagger) -> None:
    alone = tagger.tag(STORY, texts.paragraphs(STORY))
    longer = STORY + "\n\n" + "\n\n".join(["Nothing more was said of it."] * 60)
    tags = tagger.tag(longer, texts.paragraphs(longer))
    assert {t.span for t in alone.cues} <= {t.span for t in tags.cues}


def test_a_text_without_paragraphs_has_no_spans(tagger: Tagger) -> None:
    assert tagger.tag("", []) == Tags((), (), ())


def tags(text: str, sources: str, cues: str, contents: str) -> Tags:
    def kind(words: str) -> tuple[Tagged, ...]:
        return tuple(sorted((Tagged(span(text, w), 0.9) for w in words.split("|") if w), key=lambda t: t.span))

    return Tags(kind(sources), kind(cues), kind(contents))


def test_a_quotation_interrupted_by_its_attribution_is_one() -> None:
    text = "“The pier will open in May,” said Pruitt. “We checked every beam.”"
    (found,) = relate(text, [Span(0, len(text))], tags(text, "Pruitt", "said", "The pier will open in May|We checked every beam"))
    assert [text[s:e] for s, e in found.content] == ["The pier will open in May", "We checked every beam"]
    assert [text[s:e] for s, e in found.source] == ["Pruitt"]


def test_each_content_goes_to_its_own_cue() -> None:
    text = "Pruitt said the pier was safe. The union denied that any beam was checked."
    found = relate(
        text, [Span(0, len(text))], tags(text, "Pruitt|The union", "said|denied", "the pier was safe|that any beam was checked")
    )
    assert [(text[a.source[0].start : a.source[0].end], text[a.content[0].start : a.content[0].end]) for a in found] == [
        ("Pruitt", "the pier was safe"),
        ("The union", "that any beam was checked"),
    ]


def test_a_cue_far_from_every_source_has_none() -> None:
    text = "Pruitt left early. It rained. The gulls came. The tide rose. The mayor’s office was accused of hiding the report."
    (found,) = relate(text, [Span(0, len(text))], tags(text, "Pruitt", "was accused of", "hiding the report"))
    assert found.source == ()


def test_a_quotation_that_goes_on_has_no_cue() -> None:
    text = "Pruitt said the pier was safe.\n\n“We checked every beam.”"
    first, second = relate(text, texts.paragraphs(text), tags(text, "Pruitt", "said", "the pier was safe|We checked every beam"))
    assert first.cue
    assert second.cue == second.source == ()


def test_damaged_weights_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    with pytest.raises(ModelError, match=r"model\.safetensors|weights"):
        Tagger.load(tmp_path, tmp_path / "cache")
    assert not list(tmp_path.glob("cache/*.onnx"))


def test_confidence_is_a_share(tagger: Tagger) -> None:
    found = tagger.tag(STORY, texts.paragraphs(STORY))
    everything = [*found.sources, *found.cues, *found.contents]
    assert everything
    assert all(0 < t.confidence <= 1 and 0 <= t.cue_before <= 1 for t in everything)
    assert np.mean([t.confidence for t in everything]) > 0.5
