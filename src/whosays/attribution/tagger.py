"""Text → possible cues, and contents: the first pass, a fine-tuned encoder that reads windows of whole paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from whosays.attribution.batches import Network, tokenizer_of
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

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Tagger:
        """Serve the weights in `folder` (made by `whosays train`); the graph is built once, into `cache`.

        Raises ModelError where they are missing or damaged.
        """
        return cls(Network.load(folder, cache, threads), tokenizer_of(folder))

    def tag(self, text: str, paragraphs: Sequence[Span]) -> Tags:
        """Find cues and contents in these paragraphs of a text."""
        packed = list(windows(text, paragraphs, self._tokenizer))
        cues: list[Found] = []
        contents: list[Found] = []
        for window, logits in zip(packed, self._network.run([window.ids for window in packed]), strict=True):
            cues += _cues(text, window, softmax(CUE.of(logits)))
            contents += spans(text, window.offsets, softmax(CONTENT.of(logits)))
        return Tags(*(tuple(sorted(found, key=lambda f: f.span)) for found in (cues, contents)))


def _cues(text: str, window: Window, probabilities: Logits) -> Iterator[Found]:
    likely = list(runs(text, window.offsets, probabilities, _LIKELY))
    yield from likely
    for found in runs(text, window.offsets, probabilities, POSSIBLE):
        if not any(found.span.start < cue.span.end and cue.span.start < found.span.end for cue in likely):
            yield found
