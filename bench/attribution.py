"""How fast both passes find who says what, on one core: `./run bench attribution ARTICLES [COUNT]`.

ARTICLES is what `whosays ingest` reads, a folder of texts for example; the first COUNT articles (default 40) are measured.
"""

from __future__ import annotations

import os
import sys
import time
from itertools import islice
from pathlib import Path

from whosays import text
from whosays.attribution.asker import Asker
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.tagger import Tagger
from whosays.config import Settings
from whosays.reading import read
from whosays.types import Article


def main(articles: Path, count: int) -> None:
    """Run the measurement."""
    settings = Settings.from_environment(os.environ)
    tagger = Tagger.load(settings.tagger_folder / TAGGER, settings.cache_folder, threads=1)
    asker = Asker.load(settings.tagger_folder / ASKER, settings.cache_folder, threads=1)
    paragraphs = candidates = 0
    tagging = asking = 0.0
    for article in islice((r for r in read([str(articles)]) if isinstance(r, Article)), count):
        spans = [block.span for block in text.blocks(article.text) if not block.furniture]
        start = time.perf_counter()
        cues = tagger.tag(article.text, spans).cues
        tagged = time.perf_counter()
        asker.ask(article.text, spans, cues)
        tagging, asking = tagging + tagged - start, asking + time.perf_counter() - tagged
        paragraphs, candidates = paragraphs + len(spans), candidates + len(cues)
    if not paragraphs:
        sys.exit(f"{articles} holds no articles\n\n{__doc__}")
    print(f"paragraphs {paragraphs}\ncandidates_each {candidates / paragraphs:.2f}")
    print(f"tagger_per_second {paragraphs / tagging:.1f}\nasker_per_second {paragraphs / asking:.1f}")
    print(f"per_second {paragraphs / (tagging + asking):.1f}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or "--help" in sys.argv or not all(count.isdecimal() for count in sys.argv[2:]):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 40)
