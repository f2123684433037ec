"""Index a collection and rank its articles for its queries: `./run bench retrieval DATA RUN.tsv`.

DATA holds documents.jsonl ({"id", "text"}) and queries.jsonl ({"id", "text"}); RUN.tsv is what `retrieval_score.py` reads. The
same as `whosays ingest` and `whosays search`, but without looking for claims, which retrieval does not need.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from whosays import config, retrieve, text
from whosays.encode import DEFAULT, Encoder
from whosays.store.corpus import Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Article


def main(data: Path, run: Path) -> None:
    """Write the ranking and print what it took."""
    encoder = Encoder.load(DEFAULT, config.default_cache())
    nothing = np.empty((0, encoder.dimension), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        corpus = SqlCorpus.open(config.sqlite_address(Path(folder) / "bench.db"), encoder)
        started, count = time.perf_counter(), 0
        for line in (data / "documents.jsonl").read_text("utf-8").splitlines():
            document = json.loads(line)
            blocks = text.blocks(document["text"])
            passages = retrieve.passages(document["text"], blocks)
            vectors = encoder.encode([document["text"][slice(*passage.span)] for passage in passages])
            article = Article(id=document["id"], text=document["text"])
            corpus.put(
                Indexed(article=article, blocks=blocks, vectors=vectors, claims=(), claim_vectors=nothing, passages=passages)
            )
            count += len(passages)
        seconds = time.perf_counter() - started
        print(f"{count} passages indexed in {seconds:.1f} s, {count / seconds:.0f} a second")
        taken = []
        with run.open("w", encoding="utf-8") as out:
            for line in (data / "queries.jsonl").read_text("utf-8").splitlines():
                query = json.loads(line)
                started = time.perf_counter()
                ranked = retrieve.rank_articles(corpus, encoder, query["text"], 100)
                taken.append(time.perf_counter() - started)
                out.writelines(f"{query['id']}\t{article_id}\t{score:.6f}\n" for article_id, score in ranked)
        print(f"{len(taken)} queries, median {1000 * float(np.median(taken)):.1f} ms with encoding")
        corpus.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
