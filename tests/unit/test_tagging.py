"""From text to attributions: windows, labels, marks, the shipped weights, and what is made of what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from whosays import text as texts
from whosays.attribution.asker import Asked, Asker
from whosays.attribution.batches import tokenizer_of
from whosays.attribution.confidence import Confidence, features, fit
from whosays.attribution.labels import CONTENT, CONTENT_CUE, CUE, IGNORE, SOURCE, TAGGER_LAYERS, label
from whosays.attribution.marking import label_marked, mark, reading
from whosays.attribution.relations import LEAST, relate
from whosays.attribution.spans import Found, runs, spans
from whosays.attribution.tagger import Tagger, Tags
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
    return tokenizer_of(WEIGHTS / "tagger")


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    return Tagger.load(WEIGHTS / "tagger", tmp_path_factory.mktemp("tagger"), threads=2)


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return Asker.load(WEIGHTS / "asker", tmp_path_factory.mktemp("asker"), threads=2)


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
    layer = {layer: i for i, layer in enumerate(TAGGER_LAYERS)}
    assert [marks["The"][layer[SOURCE]], marks["board"][layer[SOURCE]], marks["said"][layer[CUE]]] == [1, 2, 1]
    assert [marks["the"][layer[CONTENT]], marks["safe"][layer[CONTENT]], marks["."][layer[CONTENT]]] == [1, 2, 0]
    assert marks["pier"][layer[CONTENT_CUE]] == 0
    assert marks["."][layer[CONTENT_CUE]] == IGNORE
    assert (labels[0] == IGNORE).all()


def test_a_marked_cue_stands_between_two_marks_and_is_labelled_with_its_own_spans(tokenizer: Tokenizer) -> None:
    text = "The board said the pier was safe, and Vorn denied it."
    (encoding,) = tokenizer.encode_batch([text], add_special_tokens=False)
    marked = mark(reading(Span(0, len(text)), encoding, tokenizer), span(text, "said"))
    assert marked is not None
    words = [text[o.start : o.end] if o.end else "|" for o in marked.window.offsets]
    assert words[marked.at : marked.at + 3] == ["|", "said", "|"]
    attribution = Attribution(
        source=(span(text, "The board"),), cue=(span(text, "said"),), content=(span(text, "the pier was safe"),)
    )
    labels = label_marked(marked, attribution)
    assert labels[marked.at].tolist() == [IGNORE, IGNORE, IGNORE, 1]
    assert [w for w, row in zip(words, labels, strict=True) if row[1] > 0] == ["the", "pier", "was", "safe"]
    assert [w for w, row in zip(words, labels, strict=True) if row[0] > 0] == ["The", "board"]
    nothing = label_marked(marked, None)
    assert nothing[marked.at, 3] == 0
    assert (nothing[:, :3] == IGNORE).all()


def test_a_mark_is_read_with_what_is_around_it_in_a_long_paragraph(tokenizer: Tokenizer) -> None:
    text = "word " * 400 + "Vorn said no " + "word " * 400
    (encoding,) = tokenizer.encode_batch([text], add_special_tokens=False)
    marked = mark(reading(Span(0, len(text)), encoding, tokenizer), span(text, "said"))
    assert marked is not None
    assert len(marked.window.ids) <= MAX_TOKENS
    assert text[slice(*marked.window.offsets[marked.at + 1])] == "said"
    assert mark(reading(Span(0, 8), encoding, tokenizer), Span(len(text) - 1, len(text))) is None


def test_a_word_goes_as_its_first_piece_goes() -> None:
    text, offsets = "Vornsaid it", (Span(0, 4), Span(4, 8), Span(9, 11))
    probabilities = np.array([[0.1, 0.8, 0.1], [0.9, 0.05, 0.05], [0.7, 0.2, 0.1]], np.float32)
    (found,) = spans(text, offsets, probabilities)
    assert text[slice(*found.span)] == "Vornsaid"
    assert found.least == pytest.approx(0.1)
    assert [text[slice(*f.span)] for f in runs(text, offsets, probabilities, 0.25)] == ["Vornsaid", "it"]


def find(text: str, tagger: Tagger, asker: Asker) -> tuple[Attribution, ...]:
    paragraphs = texts.paragraphs(text)
    tags = tagger.tag(text, paragraphs)
    return relate(text, asker.ask(text, paragraphs, tags.cues), tags.contents, Confidence.load(WEIGHTS))


def said(text: str, found: Attribution) -> tuple[str, str]:
    """Return source and content, bare."""
    return " ".join(text[slice(*s)] for s in found.source), " ".join(text[slice(*s)].strip("“”,. ") for s in found.content)


def test_the_shipped_weights_find_who_says_what(tagger: Tagger, asker: Asker) -> None:
    found = {said(STORY, a) for a in find(STORY, tagger, asker)}
    assert ("The Orsel Harbour Board", "that the east pier was safe") in found
    assert any(who.startswith("Dana Pruitt") and what == "The pier will open in May We checked every beam" for who, what in found)
    assert ("The dockers’ union", "that any beam had been checked") in found
    assert not any("Rain" in what for _, what in found)


def test_two_speakers_of_one_sentence_keep_their_own_words(tagger: Tagger, asker: Asker) -> None:
    text = "Pruitt said the pier was safe, but Vorn, who leads the dockers’ union, denied that any beam had been checked."
    assert {said(text, a) for a in find(text, tagger, asker)} == {
        ("Pruitt", "the pier was safe"),
        ("Vorn, who leads the dockers’ union,", "that any beam had been checked"),
    }


def test_tagging_is_the_same_whatever_else_is_in_the_text(tagger: Tagger) -> None:
    alone = tagger.tag(STORY, texts.paragraphs(STORY))
    longer = STORY + "\n\n" + "\n\n".join(["Nothing more was said of it."] * 60)
    tags = tagger.tag(longer, texts.paragraphs(longer))
    assert {t.span for t in alone.cues} <= {t.span for t in tags.cues}


def test_a_text_without_paragraphs_has_no_attributions(tagger: Tagger, asker: Asker) -> None:
    assert tagger.tag("", []) == Tags()
    assert find("", tagger, asker) == ()


#: Every likelihood counts alike.
EVEN = Confidence((0.0, 0.2, 0.2, 0.2, 0.2, 0.2))


def asked(text: str, source: str, cue: str, contents: str, sure: float = 0.98) -> Asked:
    def found(words: str) -> tuple[Found, ...]:
        return tuple(Found(span(text, w), sure, sure) for w in words.split("|") if w)

    (candidate,) = found(cue)
    return Asked(
        candidate=candidate,
        judged=sure,
        unsourced=0.02 if source else sure,
        sources=found(source),
        cues=found(cue),
        contents=found(contents),
    )


def test_a_quotation_interrupted_by_its_attribution_is_one() -> None:
    text = "“The pier will open in May,” said Pruitt. “We checked every beam.”"
    (found,) = relate(text, [asked(text, "Pruitt", "said", "The pier will open in May|We checked every beam")], [], EVEN)
    assert said(text, found) == ("Pruitt", "The pier will open in May We checked every beam")


def test_words_that_two_cues_ask_for_go_to_the_likelier_one() -> None:
    text = "Pruitt said he was told the pier was safe."
    sure = asked(text, "Pruitt", "said", "he was told the pier was safe")
    doubtful = asked(text, "he", "was told", "the pier was safe", 0.8)
    (found,) = relate(text, [doubtful, sure], [], EVEN)
    assert said(text, found) == ("Pruitt", "he was told the pier was safe")


def test_what_is_hardly_an_attribution_is_left_out() -> None:
    text = "The board seemed to think so."
    assert relate(text, [asked(text, "The board", "seemed to think", "so", 0.3)], [], EVEN) == ()


def test_an_attribution_may_have_no_source() -> None:
    text = "The mayor’s office was accused of hiding the report."
    (found,) = relate(text, [asked(text, "", "was accused of", "hiding the report")], [], EVEN)
    assert found.source == ()
    assert found.confidence > LEAST


def test_a_quotation_that_goes_on_has_no_cue() -> None:
    text = "Pruitt said the pier was safe.\n\n“We checked every beam.”\n\nIt rained."
    contents = [Found(span(text, w), 0.9, 0.9) for w in ("the pier was safe", "We checked every beam", "It rained")]
    first, second = relate(text, [asked(text, "Pruitt", "said", "the pier was safe")], contents, EVEN)
    assert first.cue
    assert second.cue == second.source == ()
    assert said(text, second) == ("", "We checked every beam")


def test_damaged_weights_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / "tagger" / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    with pytest.raises(ModelError, match=r"model\.safetensors|weights"):
        Tagger.load(tmp_path, tmp_path / "cache")
    assert not list(tmp_path.glob("cache/*.onnx"))


def test_confidence_is_a_share(tagger: Tagger, asker: Asker) -> None:
    found = find(STORY, tagger, asker)
    assert found
    assert all(0 < a.confidence <= 1 for a in found)
    assert np.mean([a.confidence for a in found]) > 0.5


def test_confidence_is_fitted_to_what_was_right() -> None:
    text = "Pruitt said the pier was safe."
    rows = [features(asked(text, "Pruitt", "said", "the pier was safe", sure)) for sure in (0.3, 0.5, 0.7, 0.9)] * 25
    right = ([False] * 3 + [True]) * 25
    fitted = fit(rows, right)
    assert fitted.of(asked(text, "Pruitt", "said", "the pier was safe", 0.95)) > 0.9
    assert fitted.of(asked(text, "Pruitt", "said", "the pier was safe", 0.4)) < 0.1


def test_coefficients_are_written_and_read(tmp_path: Path) -> None:
    EVEN.save(tmp_path)
    assert Confidence.load(tmp_path) == EVEN
    (tmp_path / "confidence.json").write_text('{"coefficients": [1, 2]}', "utf-8")
    with pytest.raises(ModelError, match="6 coefficients"):
        Confidence.load(tmp_path)
    with pytest.raises(ModelError, match="confidence"):
        Confidence.load(tmp_path / "nowhere")
