"""Reading articles beside sentence-transformers' encode alone (torch, batches of 32), over the same paragraphs in one run.

    ./run bench ingest ../shared [ARTICLES]

The first ARTICLES (default 24, some 860 paragraphs) of data/conflict-news are read. Three things are done in turn, several times,
and the median is taken: sentence-transformers encodes the paragraphs; we encode them and find who says what in them, with both
passes; `ingest` does all that it does (speakers, sides, the vectors of claims, the store). Then the time of each stage is shown.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from bench.table import Row, say
from whosays import stories, text
from whosays.attribution.asker import Asker
from whosays.attribution.confidence import Confidence
from whosays.attribution.find import claims_of
from whosays.attribution.listed import ActorsFile
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.relations import relate
from whosays.attribution.tagger import Tagger
from whosays.config import Settings, sqlite_address
from whosays.encode.encoder import find
from whosays.ingest import ingest
from whosays.parts import load_encoder, load_finder, open_corpus
from whosays.reading import read
from whosays.relevance import claim_text
from whosays.retrieve import passages
from whosays.types import Article, Block, Span

ARTICLES, ROUNDS = 24, 3
#: Passages that are worked on together, as in `ingest`.
_TOGETHER = 384
_MAP = {"text": "content_original", "outlet": "source", "published": "date"}


@dataclass(frozen=True, slots=True)
class _Lot:
    """Articles that are worked on together, each with its paragraphs and what of it is embedded."""

    articles: Sequence[tuple[Article, Sequence[Block]]]
    passages: Sequence[str]

    def texts(self) -> list[tuple[str, list[Span]]]:
        return [(article.text, [block.span for block in blocks if not block.furniture]) for article, blocks in self.articles]


def rows(shared: Path, count: int = ARTICLES, rounds: int = ROUNDS) -> list[Row]:
    """Return two rows: encode and tag, and all of ingest, each beside the peer's encode, in paragraphs a second."""
    settings = Settings.from_environment(os.environ)
    articles = list(islice((a for a in read([str(shared / _DATA)], mapping=_MAP) if isinstance(a, Article)), count))
    lots = list(_lots(articles))
    paragraphs = sum(not block.furniture for lot in lots for _, blocks in lot.articles for block in blocks)
    stages = _Stages(settings)
    peer = _peer(settings)
    alone, tagged, ingested = [], [], []
    finder = load_finder(settings)
    for _ in range(rounds):
        alone.append(_seconds(partial(peer, [line for lot in lots for line in lot.passages])))
        tagged.append(_seconds(partial(stages.encode_and_tag, lots)))
        with tempfile.TemporaryDirectory() as folder:
            corpus = open_corpus(sqlite_address(Path(folder) / "bench.db"), stages.encoder)
            ingested.append(_seconds(partial(ingest, articles, corpus, stages.encoder, finder.find_in)))
            corpus.close()
    stages.resolve(lots)
    print(
        f"{len(articles)} articles, {paragraphs} paragraphs, {stages.claims} claims; seconds of each stage, median:",
        file=sys.stderr,
    )
    for name, taken in stages.taken.items():
        print(f"  {name} {median(taken):.2f}", file=sys.stderr)
    return [
        Row(
            what=what,
            ours=f"{paragraphs / median(ours):.0f} paragraphs/s",
            against=f"sentence-transformers, encode alone: {paragraphs / median(alone):.0f}",
            ratio=median(a / o for a, o in zip(alone, ours, strict=True)),
            wanted=wanted,
            met=median(a / o for a, o in zip(alone, ours, strict=True)) >= 0.75 if wanted else None,
        )
        for what, ours, wanted in (("encode and tag", tagged, "0.75 times"), ("all of ingest", ingested, ""))
    ]


_DATA = "data/conflict-news/articles.jsonl.gz"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _lots(articles: Sequence[Article]) -> Iterator[_Lot]:
    """Yield the articles as `ingest` puts them together."""
    together: list[tuple[Article, Sequence[Block]]] = []
    lines: list[str] = []
    for article in articles:
        blocks = text.blocks(article.text, outlet=article.outlet, title=article.title)
        together.append((article, blocks))
        lines += [article.text[slice(*passage.span)] for passage in passages(article.text, blocks)]
        if len(lines) >= _TOGETHER:
            yield _Lot(together, lines)
            together, lines = [], []
    if together:
        yield _Lot(together, lines)


def _peer(settings: Settings) -> Callable[[Sequence[str]], object]:
    # Its model's folder is at hand: nothing may be asked of a hub.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - torch, for the peer alone

    model = SentenceTransformer(str(find(settings.encoder)), device="cpu")
    model.encode(["a text to warm up"] * 32)
    return lambda lines: model.encode(list(lines), batch_size=32, normalize_embeddings=True, show_progress_bar=False)


class _Stages:
    """The stages of reading articles, each with the seconds that it took, a number a round."""

    def __init__(self, settings: Settings) -> None:
        folder, cache = settings.tagger_folder, settings.cache_folder
        self.encoder = load_encoder(settings)
        self.encoder.encode(["a text to warm up"] * 32)
        self.encoder.embed(["a text to warm up"] * 32)
        self._tagger = Tagger.load(folder / TAGGER, cache, settings.threads)
        self._asker = Asker.load(folder / ASKER, cache, settings.threads)
        self._confidence = Confidence.load(folder)
        self._actors = ActorsFile(settings.actors).now().actors()
        self.taken: dict[str, list[float]] = {}
        self.claims = 0

    def encode_and_tag(self, lots: Sequence[_Lot]) -> None:
        """Encode the passages, and find cues, sources and contents in them."""
        started = time.perf_counter()
        for lot in lots:
            self.encoder.embed(lot.passages)
        encoded = time.perf_counter()
        tagged = [self._tagger.tag_all(lot.texts()) for lot in lots]
        marked = time.perf_counter()
        self._asked = [
            self._asker.ask_all([(*given, tags.cues) for given, tags in zip(lot.texts(), own, strict=True)])
            for lot, own in zip(lots, tagged, strict=True)
        ]
        self._tagged = tagged
        self._note(encode=encoded - started, tag=marked - encoded, ask=time.perf_counter() - marked)

    def resolve(self, lots: Sequence[_Lot]) -> None:
        """Make claims of what was found last, and encode them and how each article begins."""
        started = time.perf_counter()
        lines = []
        for lot, asked, tagged in zip(lots, self._asked, self._tagged, strict=True):
            for (article, blocks), own, tags in zip(lot.articles, asked, tagged, strict=True):
                found = relate(article.text, own, tags.contents, self._confidence)
                lines += [claim_text(article, claim) for claim in claims_of(article, blocks, found, self._actors)]
        resolved = time.perf_counter()
        self.encoder.encode(lines)
        encoded = time.perf_counter()
        self.encoder.encode([stories.lead(one.title, one.text, blocks) for lot in lots for one, blocks in lot.articles])
        self.claims = len(lines)
        self._note(resolve=resolved - started, claims=encoded - resolved, leads=time.perf_counter() - encoded)

    def _note(self, **seconds: float) -> None:
        for name, own in seconds.items():
            self.taken.setdefault(name, []).append(own)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--json"]
    if len(given) not in (1, 2) or not all(count.isdecimal() for count in given[1:]):
        sys.exit(__doc__)
    say(rows(Path(given[0]), *map(int, given[1:])), as_json="--json" in sys.argv)
