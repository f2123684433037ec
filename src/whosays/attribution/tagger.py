"""Text → possible cues, and contents: the first pass, a fine-tuned encoder that reads windows of whole paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from whosays.attribution.batches import TokenClassifier, tokenizer_of
from whosays.attribution.labels import CONTENT, CUE
from whosays.attribution.spans import Found, Logits, runs, softmax, spans
from whosays.attribution.windows import Window, windows
from whosays.types import Span

#: Words are a cue if they are one more likely than not …
_LIKELY = 0.5
#: … and where there is none, those that may be one: the second pass judges them. At this share the candidates overlap 93 of 100
#: cues of PolNeAR's development part, and three in eight are none (at 0.5: 87 of 100, and one in five).
POSSIBLE = 0.1


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tagger found in a text, in text order: cues, the merely possible ones among them, and contents."""

    cues: tuple[Found, ...] = ()
    contents: tuple[Found, ...] = ()


class Tagger:
    """The first pass, ready to tag. Safe to use from several threads."""

    def __init__(self, network: TokenClassifier, tokenizer: Tokenizer) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Tagger:
        """Serve the weights in `folder` (made by `whosays train`); the graph is built once, into `cache`.

        Raises ModelError where they are missing or damaged.
        """
        return cls(TokenClassifier.load(folder, cache, threads), tokenizer_of(folder))

    def tag(self, text: str, paragraphs: Sequence[Span]) -> Tags:
        """Find cues and contents in these paragraphs of a text."""
        return self.tag_all([(text, paragraphs)])[0]

    def tag_all(self, texts: Sequence[tuple[str, Sequence[Span]]]) -> list[Tags]:
        """Find cues and contents in several texts, each with its paragraphs: side by side they cost less."""
        packed = [(n, window) for n, given in enumerate(texts) for window in windows(*given, self._tokenizer)]
        cues: list[list[Found]] = [[] for _ in texts]
        contents: list[list[Found]] = [[] for _ in texts]
        for i, logits in self._network.run([window.ids for _, window in packed]):
            n, window = packed[i]
            text = texts[n][0]
            cues[n] += _cues(text, window, softmax(CUE.of(logits)))
            contents[n] += spans(text, window.offsets, softmax(CONTENT.of(logits)))
        return [Tags(_in_order(c), _in_order(s)) for c, s in zip(cues, contents, strict=True)]


def _in_order(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(found, key=lambda f: f.span))


def _cues(text: str, window: Window, probabilities: Logits) -> Iterator[Found]:
    likely = list(runs(text, window.offsets, probabilities, _LIKELY))
    yield from likely
    for found in runs(text, window.offsets, probabilities, POSSIBLE):
        if not any(found.span.start < cue.span.end and cue.span.start < found.span.end for cue in likely):
            yield found
