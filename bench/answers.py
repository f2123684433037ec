"""Measure answering by itself: questions over articles whose claims were labelled by hand, in a store of their own.

    ./run bench answers ../shared

It reads data/sides/dev.jsonl with its articles, puts them into a store with the labelled claims instead of found ones, asks all
questions, prints what eval/sides_score.py says, and the time that an answer took. What finding claims costs is the difference to
the same scorer on `whosays ask --json`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whosays import text
from whosays.answer_json import to_json
from whosays.config import Settings
from whosays.encode import Encoder
from whosays.evaluate.labelled import Labelled, gather_news
from whosays.parts import load_encoder, load_reader
from whosays.reading import read
from whosays.relevance import claim_text
from whosays.respond import respond
from whosays.store.corpus import Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Article, Attribution, Block, Claim, Span, Speaker, Stance


def main(shared: Path) -> None:
    """Run the measurement; `shared` is the folder that holds data/ and eval/."""
    gold_file = shared / "data/sides/dev.jsonl"
    labelled = Labelled.read(gold_file)
    gold = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines() if line.strip()]
    settings = Settings.from_environment(os.environ)
    encoder, reader = load_encoder(settings), load_reader(settings)
    with tempfile.TemporaryDirectory() as folder:
        texts = gather_news(shared / "data", labelled, Path(folder, "texts.jsonl"))
        articles = {reading.id: reading for reading in read([str(texts)]) if isinstance(reading, Article)}
        corpus = SqlCorpus.open(f"sqlite:///{folder}/answers.db", encoder)
        for row in gold:
            corpus.put(index(articles[row["id"]], row["claims"], encoder))
        took, answers = [], []
        for question in labelled.questions:
            start = time.perf_counter()
            answers.append(to_json(respond(corpus, encoder, reader, question, datetime.now(UTC))))
            took.append(time.perf_counter() - start)
        corpus.close()
        out = Path(folder, "answers.jsonl")
        out.write_text("".join(json.dumps(answer) + "\n" for answer in answers), "utf-8")
        subprocess.run([sys.executable, str(shared / "eval/sides_score.py"), "answers", str(gold_file), str(out)], check=True)
    print(f"ms_p50 {1000 * sorted(took)[len(took) // 2]:.1f}")


def index(article: Article, labels: list[dict[str, Any]], encoder: Encoder) -> Indexed:
    """Return an article with its labelled claims, ready for the store."""
    blocks = text.blocks(article.text, outlet=article.outlet, title=article.title)
    claims = tuple(claim(article, label, blocks) for label in labels)
    quotable = [article.text[slice(*block.span)] for block in blocks if not block.furniture]
    vectors = encoder.encode(quotable + [claim_text(article, c) for c in claims])
    return Indexed(
        article=article, blocks=blocks, vectors=vectors[: len(quotable)], claims=claims, claim_vectors=vectors[len(quotable) :]
    )


def claim(article: Article, label: dict[str, Any], blocks: tuple[Block, ...]) -> Claim:
    """Return a label as the claim that ought to be found."""
    source, cue = ((Span(*label[part]),) if label[part] else () for part in ("source", "cue"))
    content = tuple(Span(*span) for span in label["content"])
    inside = [i for i, block in enumerate(blocks) if any(s.start < block.span.end and s.end > block.span.start for s in content)]
    return Claim(
        article=article.id,
        paragraphs=tuple(inside),
        attribution=Attribution(source=source, cue=cue, content=content),
        speaker=Speaker(name=label["speaker"], role=label["role"] or ""),
        side=None if label["side"] == "unknown" else label["side"],
        stance=Stance(label["stance"]),
        confidence=1.0,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
